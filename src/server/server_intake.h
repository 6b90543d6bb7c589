/* SPDX-License-Identifier: Apache-2.0 */
/* server/server_intake: `vedette intake`, the options of the intake process. */
#ifndef SERVER_SERVER_INTAKE_H
#define SERVER_SERVER_INTAKE_H

#include "cli/cli_opts.h"

extern const struct cli_option SERVER_INTAKE_OPTIONS[];

must_check enum rc server_intake_run(const struct cli_args *args, struct err *err);

#endif
