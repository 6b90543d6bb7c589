/* SPDX-License-Identifier: Apache-2.0 */
/* http/http_conn_priv: one connection, as the server keeps it and a request asks it. */
#ifndef HTTP_HTTP_CONN_PRIV_H
#define HTTP_HTTP_CONN_PRIV_H

#include <stdbool.h>
#include <stdint.h>

struct http_server;

enum http_conn_phase {
    HTTP_CONN_NEW,     /* nothing was asked yet */
    HTTP_CONN_HEADERS, /* the request line is there, the headers are not */
    HTTP_CONN_BODY,
    HTTP_CONN_ANSWER, /* the handler runs or the response is being sent */
    HTTP_CONN_IDLE,   /* kept for another request */
};

/* All but fd and the links is written by the connection's thread and read by the reaper, under the server's
 * lock. */
struct http_conn {
    int                  fd;
    struct http_server  *server;
    struct http_conn    *next, **link;
    enum http_conn_phase phase;
    int64_t              since; /* of the phase, ns */
    uint64_t             body_bytes;
    bool                 cut;
};

#endif
