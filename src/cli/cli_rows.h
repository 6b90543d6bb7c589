/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cli_rows: `vedette kql run --rows`: a query evaluated row by row in C over the rows of a file, with no
 * engine. Threads: one at a time. */
#ifndef CLI_CLI_ROWS_H
#define CLI_CLI_ROWS_H

#include "cli/cli_catalog.h"
#include "kql/kql_row.h"

/* The rows that stay, as a JSON array of arrays; *nanos: what evaluating one took. */
must_check enum rc cli_rows_run(const struct kql_row *row, struct cli_catalog *c, struct strbuf *out,
                                int64_t *nanos, struct err *err);

#endif
