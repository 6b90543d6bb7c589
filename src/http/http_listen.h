/* SPDX-License-Identifier: Apache-2.0 */
/* http/http_listen: opens listening sockets.
 *
 * "host:port" with an IPv4 address, an [IPv6] address or a name ("localhost" is 127.0.0.1; an empty host is
 * every address), or "unix:/path" with mode 0600. A socket file that nobody answers on is replaced; one that
 * is answered on is RC_CONFLICT, as is a taken port. Threads: no state. */
#ifndef HTTP_HTTP_LISTEN_H
#define HTTP_HTTP_LISTEN_H

#include <sys/socket.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

must_check enum rc http_listen_open(str listen, int *fd, struct err *err);
int                http_listen_port(int fd);                                   /* 0 for a unix socket */
str http_listen_address(struct arena *a, const struct sockaddr_storage *addr); /* "127.0.0.1:80" */

#endif
