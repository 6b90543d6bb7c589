/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cli_login: `vedette login` and `vedette logout`: a sign-in that later commands use. */
#ifndef CLI_CLI_LOGIN_H
#define CLI_CLI_LOGIN_H

#include "cli/cli_opts.h"

extern const struct cli_option CLI_LOGIN_OPTIONS[];

must_check enum rc cli_login_run(const struct cli_args *args, struct err *err);
must_check enum rc cli_login_out(const struct cli_args *args, struct err *err);

/* Asks on the terminal without showing what is typed. RC_UNSUPPORTED without a terminal. */
must_check enum rc cli_login_ask(const char *question, bool hide, char *out, size_t size, struct err *err);

#endif
