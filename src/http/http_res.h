/* SPDX-License-Identifier: Apache-2.0 */
/* http/http_res: the response that a handler fills.
 *
 * It begins as 200 with an empty body. Texts given to it are copied, but for http_res_body, which borrows:
 * give it bytes that live in the request's arena or are constant. The last call that sets a body counts.
 * Threads: one at a time. */
#ifndef HTTP_HTTP_RES_H
#define HTTP_HTTP_RES_H

#include "base/arena.h"
#include "base/err.h"
#include "http/http_pairs.h"

/* The bytes of a response as they are asked for. */
struct http_stream {
    void *ctx;
    /* Puts 1..max bytes into buf; *n = 0 is the end. May block. Other than RC_OK breaks the connection off,
     * so that the client can tell half an answer from a whole one. */
    enum rc (*next)(void *ctx, char *buf, size_t max, size_t *n, struct err *err);
    void (*done)(void *ctx); /* always called once, also when the client went away; NULL for none */
};

struct http_res {
    struct arena *arena;
    int           status;
    bool          gzip;  /* compress if the client takes it; the handler says when it is worth while */
    bool          close; /* no further request on this connection */
    enum { HTTP_RES_BODY, HTTP_RES_FILE, HTTP_RES_STREAM } kind;
    str                body;
    int                fd;
    uint64_t           file_from, file_size;
    struct http_stream stream;
    struct http_pair  *headers;
    size_t             n_headers, cap_headers;
};

/* Headers: a name or value with a line break in it is dropped, not sent. */
void http_res_header(struct http_res *res, str name, str value);
void http_res_headerf(struct http_res *res, const char *name, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void http_res_type(struct http_res *res, str content_type);
/* Borrows the body. */
void http_res_body(struct http_res *res, int status, str content_type, str body);
void http_res_bodyf(struct http_res *res, int status, const char *content_type, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* Takes the descriptor. */
void http_res_file(struct http_res *res, int status, str content_type, int fd, uint64_t size);
void http_res_stream(struct http_res *res, int status, str content_type, struct http_stream stream);

#endif
