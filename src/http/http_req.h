/* SPDX-License-Identifier: Apache-2.0 */
/* http/http_req: a request as a handler sees it, and the response that it fills.
 *
 * Everything in a request lives in its arena, which dies when the response has been sent. A response begins
 * as 200 with an empty body. Texts given to a response are copied, but for http_res_body, which borrows: give
 * it bytes that live in req->arena or are constant. Threads: one request is handled by one thread. */
#ifndef HTTP_HTTP_REQ_H
#define HTTP_HTTP_REQ_H

#include "base/guid.h"
#include "base/ts.h"
#include "http/http_url.h"

struct http_conn; /* of the server */

struct http_req {
    struct arena     *arena;
    str               method;   /* "GET" */
    str               path;     /* decoded, without the query */
    str               raw_path; /* as it came: a router splits this one at its slashes, then decodes */
    str               raw_query;
    struct http_pairs params; /* decoded */
    struct http_pairs headers;
    str               body;     /* whole, unless it went to a sink */
    str               peer;     /* "127.0.0.1:5000", "unix:pid=12,uid=0" */
    int64_t           peer_uid; /* of a unix socket, else -1 */
    bool              tls;
    guid              id;
    int64_t           started; /* of the monotonic clock, ns */
    struct http_conn *conn;
    void             *user; /* for whoever handles it: set in begin, seen in handle and ended */
};

str  http_req_header(const struct http_req *req, str name); /* STR_NONE when absent */
str  http_req_param(const struct http_req *req, str name);
bool http_req_has_param(const struct http_req *req, str name);
str  http_req_cookie(const struct http_req *req, str name);
/* The token of "Authorization: Bearer …", or STR_NONE. */
str  http_req_bearer(const struct http_req *req);
bool http_req_accepts_gzip(const struct http_req *req);
/* True once the client has closed its side: nobody waits for the answer. May be called from any thread until
 * `ended`; costs one system call. */
bool http_req_gone(const struct http_req *req);
/* Text for a URL of this server as the client knows it: "https://host:port". */
str http_req_origin(const struct http_req *req);

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
