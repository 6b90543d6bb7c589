/* SPDX-License-Identifier: Apache-2.0 */
/* server/server_serve: `vedette serve`, everything that happens before and around supervision. */
#ifndef SERVER_SERVER_SERVE_H
#define SERVER_SERVER_SERVE_H

#include "cli/cli_opts.h"

extern const struct cli_option SERVER_SERVE_OPTIONS[];

must_check enum rc server_serve_run(const struct cli_args *args, struct err *err);

#endif
