/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cli_explain: `vedette policy explain DEFINITION RESOURCE`: what each condition of a definition says of
 * a document, without a server, as an indented text or as JSON (docs/policy.md). Threads: one. */
#ifndef CLI_CLI_EXPLAIN_H
#define CLI_CLI_EXPLAIN_H

#include "cli/cli_opts.h"

/* args->words: explain, the file of the definition, the file of the resource (- is standard input). */
must_check enum rc cli_explain_run(const struct cli_args *args, struct err *err);

#endif
