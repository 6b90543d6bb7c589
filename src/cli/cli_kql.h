/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cli_kql: `vedette kql run|check|explain|format`, on a private engine that lives as long as the command.
 */
#ifndef CLI_CLI_KQL_H
#define CLI_CLI_KQL_H

#include "cli/cli_opts.h"

extern const struct cli_option CLI_KQL_OPTIONS[];

must_check enum rc cli_kql_run(const struct cli_args *args, struct err *err);

#endif
