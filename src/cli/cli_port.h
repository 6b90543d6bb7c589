/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cli_port: is an address free to listen on, and who has it if not. Threads: safe. */
#ifndef CLI_CLI_PORT_H
#define CLI_CLI_PORT_H

#include "base/err.h"

#define CLI_PORT_DEFAULT "localhost:8443" /* where API and portal answer when nothing else is said */

/* What listens there decides over the transport and the option that the advice names. */
enum cli_port_use {
    CLI_PORT_LISTEN, /* TCP, --listen */
    CLI_PORT_SYSLOG, /* TCP and UDP, --syslog */
};

/* `address` is HOST:PORT. RC_CONFLICT: taken, and the text names the process when that can be seen.
 * RC_FORBIDDEN: the port is kept for root. RC_INVALID: the host is not one of this machine. */
must_check enum rc cli_port_check(const char *address, enum cli_port_use use, struct err *err);

#endif
