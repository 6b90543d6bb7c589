/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cli_query: `vedette query 'KQL'`, and answers of the query API as tables. */
#ifndef CLI_CLI_QUERY_H
#define CLI_CLI_QUERY_H

#include "base/json.h"
#include "cli/cli_opts.h"
#include "cli/cli_session.h"

extern const struct cli_option CLI_QUERY_OPTIONS[];

must_check enum rc cli_query_run(const struct cli_args *args, struct err *err);

/* Runs KQL and answers its tables, one at least: [{"name":…,"columns":[…],"rows":[…]}]. */
must_check enum rc cli_query_ask(struct cli_session *s, str kql, str timespan, const struct json **tables,
                                 struct err *err);

#endif
