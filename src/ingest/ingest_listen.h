/* SPDX-License-Identifier: Apache-2.0 */
/* ingest_listen: takes syslog messages over UDP and TCP (RFC 5426, RFC 6587, RFC 3164).
 *
 * TCP: counted frames and lines ended by a line feed or NUL, each connection in its own way; a message is at
 * most INGEST_LISTEN_MESSAGE long, the rest of a longer one is dropped and counted. When there is no room,
 * TCP senders are left waiting and datagrams are dropped and counted. Threads: one of its own, until
 * ingest_core_stop. */
#ifndef INGEST_INGEST_LISTEN_H
#define INGEST_INGEST_LISTEN_H

#include "ingest/ingest_live.h"

enum { INGEST_LISTEN_MESSAGE = 64 << 10, INGEST_LISTEN_CONNECTIONS = 256 };

struct ingest_listen;

/* Opens both sockets at ADDR:PORT (port 0: any, the same for both) before privileges are given up. */
must_check enum rc    ingest_listen_open(struct ingest_core *core, str address, struct ingest_listen **out,
                                         struct err *err);
int                   ingest_listen_port(const struct ingest_listen *l);
must_check enum rc    ingest_listen_start(struct ingest_listen *l, struct ingest_live *live, struct err *err);
struct ingest_listen *ingest_listen_stop(struct ingest_listen *l);
DEFINE_AUTO(ingest_listen, ingest_listen_stop)

#endif
