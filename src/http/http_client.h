/* SPDX-License-Identifier: Apache-2.0 */
/* http/http_client: requests to one server over TCP, TLS or a unix socket, on libcurl.
 *
 * Connections are kept and used again. Two ways to call:
 *   http_client_call      the whole reply, at most max_reply bytes, in an arena
 *   http_exchange.h       a body written piece by piece, a reply read piece by piece
 * Redirects are not followed; proxies of the environment are not used. A status of 400 and above is no
 * failure of the call. RC_UNAVAILABLE: nobody listens or the connection broke; RC_TIMEOUT; RC_LIMIT: the
 * reply is too long; RC_CANCELLED: `cancelled` said so; RC_FORBIDDEN: the certificate is not trusted.
 * Threads: a client is shared by all; an exchange belongs to one. */
#ifndef HTTP_HTTP_CLIENT_H
#define HTTP_HTTP_CLIENT_H

#include "base/arena.h"
#include "base/auto.h"
#include "base/err.h"
#include "base/ts.h"
#include "http/http_pairs.h"

struct http_client;

struct http_client_opts {
    str      url;          /* "https://host:8443", without a path; may be empty with a unix socket */
    str      unix_socket;  /* path */
    str      ca_file;      /* PEM; empty: the system's */
    duration connect_wait; /* 0: 5 s */
    size_t   max_idle;     /* connections kept; 0: 16 */
};

struct http_call {
    str               method; /* empty: GET, or POST with a body */
    str               target; /* "/path?query", or an absolute URL */
    struct http_pairs headers;
    str               body;       /* for http_client_call; borrowed */
    bool              has_body;   /* an exchange whose body is written; chunked unless body_size is set */
    uint64_t          body_size;  /* 0: not known */
    duration          wait;       /* for the whole call; 0: no limit (an exchange) or 60 s (a call) */
    duration          idle;       /* without a byte either way; 0: no limit */
    size_t            max_reply;  /* of a call; 0: 16 MiB */
    bool              gzip;       /* ask for gzip and undo it */
    bool (*cancelled)(void *ctx); /* asked every 100 ms or so while waiting; NULL: never */
    void *cancel_ctx;
};

struct http_reply {
    int               status;
    struct http_pairs headers;
    str               body;
};

must_check enum rc  http_client_new(const struct http_client_opts *opts, struct http_client **out,
                                    struct err *err);
struct http_client *http_client_free(struct http_client *c);
DEFINE_AUTO(http_client, http_client_free)

must_check enum rc http_client_call(struct http_client *c, const struct http_call *call, struct arena *arena,
                                    struct http_reply *out, struct err *err);

static inline str http_reply_header(const struct http_reply *r, str name)
{
    return http_pairs_get_ci(r->headers, name);
}

#endif
