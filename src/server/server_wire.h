/* SPDX-License-Identifier: Apache-2.0 */
/* server/server_wire: `vedette server`: opens what the server is made of, in order, joins it, and waits to
 * stop. Nothing is decided here. */
#ifndef SERVER_SERVER_WIRE_H
#define SERVER_SERVER_WIRE_H

#include "cli/cli_opts.h"

extern const struct cli_option SERVER_WIRE_OPTIONS[];

must_check enum rc server_wire_run(const struct cli_args *args, struct err *err);

#endif
