/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cli_policy: `vedette policy evaluate`: definitions against documents, without a server. */
#ifndef CLI_CLI_POLICY_H
#define CLI_CLI_POLICY_H

#include "cli/cli_opts.h"

extern const struct cli_option CLI_POLICY_OPTIONS[];

/* evaluate --batch: a case a line on standard input:
 *   {"id", "policy_rule" or "policy_definition" (a text of JSON, or the JSON itself), "resource",
 * "parameters", "context", "request_context", "api_version", "aliases" (a file of --aliases), "host_await":
 * [{"response"}]} and a verdict a line on standard output: {"id", "effect" or null, "details"} or {"id",
 * "error": {"message"}}. */
must_check enum rc cli_policy_run(const struct cli_args *args, struct err *err);

#endif
