/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cli_admin: `vedette principal`, `vedette user` and `vedette cloud`: who may come in, and how az finds
 * us. */
#ifndef CLI_CLI_ADMIN_H
#define CLI_CLI_ADMIN_H

#include "cli/cli_opts.h"

extern const struct cli_option CLI_ADMIN_PRINCIPAL_OPTIONS[];
extern const struct cli_option CLI_ADMIN_USER_OPTIONS[];

must_check enum rc cli_admin_principal(const struct cli_args *args, struct err *err);
must_check enum rc cli_admin_user(const struct cli_args *args, struct err *err);
must_check enum rc cli_admin_cloud(const struct cli_args *args, struct err *err);

#endif
