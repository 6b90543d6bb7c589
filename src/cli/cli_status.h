/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cli_status: `vedette status` and `vedette rules`: what the server says of itself. */
#ifndef CLI_CLI_STATUS_H
#define CLI_CLI_STATUS_H

#include "cli/cli_opts.h"

extern const struct cli_option CLI_STATUS_OPTIONS[];

must_check enum rc cli_status_run(const struct cli_args *args, struct err *err);
must_check enum rc cli_status_rules(const struct cli_args *args, struct err *err);

#endif
