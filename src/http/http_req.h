/* SPDX-License-Identifier: Apache-2.0 */
/* http/http_req: a request as a handler sees it, and the response that it fills.
 *
 * Everything in a request lives in its arena, which dies when the response has been sent. A response begins
 * as 200 with an empty body. Texts given to a response are copied, but for http_res_body, which borrows: give
 * it bytes that live in req->arena or are constant. Threads: one request is handled by one thread. */
#ifndef HTTP_HTTP_REQ_H
#define HTTP_HTTP_REQ_H

#include "base/arena.h"
#include "base/guid.h"
#include "base/ts.h"
#include "http/http_pairs.h"

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

#endif
