/* SPDX-License-Identifier: Apache-2.0 */
/* server/server_port: is an address free to listen on, and who has it if not. Threads: safe. */
#ifndef SERVER_SERVER_PORT_H
#define SERVER_SERVER_PORT_H

#include "base/err.h"

/* `address` is HOST:PORT. RC_CONFLICT: taken, and the text names the process when that can be seen.
 * RC_FORBIDDEN: the port is kept for root. RC_INVALID: the host is not one of this machine. */
must_check enum rc server_port_check(const char *address, struct err *err);

#endif
