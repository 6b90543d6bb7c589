/* SPDX-License-Identifier: Apache-2.0 */
/* server/server_recover: `vedette recover`: a new password for somebody who lost theirs, made beside a server
 * that is stopped. Whoever may write the data folder may do it, as they could replace it anyway. Threads:
 * main alone. */
#ifndef SERVER_SERVER_RECOVER_H
#define SERVER_SERVER_RECOVER_H

#include "cli/cli_opts.h"

extern const struct cli_option SERVER_RECOVER_OPTIONS[];

must_check enum rc server_recover_run(const struct cli_args *args, struct err *err);

#endif
