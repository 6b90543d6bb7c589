/* SPDX-License-Identifier: Apache-2.0 */
/* http/http_server: HTTP/1.1 on a TCP or unix socket, with or without TLS, over libmicrohttpd.
 *
 * Each connection has a thread of its own, so a handler may block (a query, a stream of events). Connections
 * are bounded, in all and by address; above the bound new ones are closed at once. A client must have sent
 * its headers within `header_wait` and must go on sending its body; one that stands still for `idle_wait` is
 * cut off. Headers over `max_header_bytes` are answered 431, a body over the route's limit 413 (before it is
 * sent, where Content-Length or Expect: 100-continue allow it).
 *
 * A request goes through begin → (body) → handle → (response is sent) → ended, all in the connection's
 * thread. Threads: handlers of different connections run at the same time; the rest is for the thread that
 * owns the server. */
#ifndef HTTP_HTTP_SERVER_H
#define HTTP_HTTP_SERVER_H

#include "base/auto.h"
#include "base/env.h"
#include "http/http_req.h"
#include "http/http_res.h"

/* How the body of one request is to be taken; begin changes it. */
struct http_intake {
    uint64_t max_body; /* bytes; RC_LIMIT beyond. Preset to the server's max_body */
    /* When set, the pieces go here instead of into req->body, as they came (Content-Encoding is not undone).
     * An error stops the pieces; handle is still called and sees it in `failed`. */
    enum rc (*sink)(void *ctx, struct http_req *req, str piece, struct err *err);
    void *ctx;
};

struct http_handler {
    void *ctx;
    /* The headers are there, the body is not. Returning true answers at once with what is in res (a refusal:
     * the body is not read). NULL: every body is taken up to the server's max_body. */
    bool (*begin)(void *ctx, struct http_req *req, struct http_intake *in, struct http_res *res);
    /* The whole body is there, or `failed` says why it is not (the sink's error, RC_LIMIT): then the answer
     * should say so. Must fill res. */
    void (*handle)(void *ctx, struct http_req *req, const struct err *failed, struct http_res *res);
    /* The response is out, or the client is gone (`sent` false). For access logs and for freeing req->user.
     * Called once for each request whose begin was called. */
    void (*ended)(void *ctx, struct http_req *req, int status, uint64_t bytes, bool sent);
};

struct http_server_opts {
    str               listen;    /* "127.0.0.1:8443", "localhost:0", "[::1]:80", or "unix:/path" */
    int               listen_fd; /* above 0: a listening socket made before (http_server_listen); taken */
    str               cert_file; /* PEM; TLS 1.2 and later when both are given */
    str               key_file;
    unsigned          max_connections;  /* 0: 256 */
    unsigned          max_per_address;  /* 0: as many */
    size_t            max_header_bytes; /* 0: 64 KiB */
    uint64_t          max_body;         /* 0: 1 MiB */
    duration          header_wait;      /* 0: 15 s */
    duration          idle_wait;        /* 0: 120 s; also how long an unused connection is kept */
    size_t            stack_bytes;      /* of a connection's thread; 0: 1 MiB */
    const struct env *env;              /* NULL: the real one */
};

struct http_server;

/* Listens and answers until stopped. The message of a taken port or a stale socket says what to do. */
must_check enum rc http_server_new(const struct http_server_opts *opts, const struct http_handler *handler,
                                   struct http_server **out, struct err *err);
/* Opens a listening socket ("host:port" or "unix:/path", mode 0600) before privileges are given up. */
must_check enum rc http_server_listen(str listen, int *fd, struct err *err);
int                http_server_port(const struct http_server *s); /* 0 for a unix socket */
unsigned           http_server_connections(const struct http_server *s);
/* Takes no new connection, lets requests under way finish for up to `grace`, then cuts the rest off. Streams
 * that block for longer must be ended by whoever feeds them (http_sse_close) before. */
void                http_server_stop(struct http_server *s, duration grace);
struct http_server *http_server_free(struct http_server *s); /* stops at once when that has not been done */
DEFINE_AUTO(http_server, http_server_free)

#endif
