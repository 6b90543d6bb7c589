/* SPDX-License-Identifier: Apache-2.0 */
#include "http/http_res.h"

#include <stdarg.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "base/vec.h"

enum { MAX_HEADER = 16 << 10, MAX_BODYF = 1 << 20 };

/* A body that another one replaces is let go here, so that its descriptor or context cannot leak. */
static void drop_body(struct http_res *res)
{
    if (res->kind == HTTP_RES_FILE)
        close(res->fd);
    if (res->kind == HTTP_RES_STREAM && res->stream.done)
        res->stream.done(res->stream.ctx);
    res->kind = HTTP_RES_BODY;
    res->body = STR_NONE;
}

static bool breaks_lines(str s)
{
    return str_find_byte(s, '\n') != STR_NPOS || str_find_byte(s, '\r') != STR_NPOS ||
           str_find_byte(s, '\0') != STR_NPOS;
}

void http_res_header(struct http_res *res, str name, str value)
{
    if (name.n == 0 || breaks_lines(name) || breaks_lines(value))
        return;
    struct {
        struct http_pair *p;
        size_t            n, cap;
    } headers = { res->headers, res->n_headers, res->cap_headers };
    *vec_push_in(res->arena, &headers) =
        (struct http_pair) { arena_str(res->arena, name), arena_str(res->arena, value) };
    res->headers = headers.p;
    res->n_headers = headers.n;
    res->cap_headers = headers.cap;
}

void http_res_headerf(struct http_res *res, const char *name, const char *fmt, ...)
{
    AUTO_STRBUF value = STRBUF_INIT(MAX_HEADER);
    va_list     ap;

    va_start(ap, fmt);
    strbuf_addv(&value, fmt, ap);
    va_end(ap);
    http_res_header(res, str_of(name), strbuf_view(&value));
}

void http_res_type(struct http_res *res, str content_type)
{
    if (content_type.n == 0)
        return;
    for (size_t i = 0; i < res->n_headers; i++) {
        if (str_eq_ci(res->headers[i].name, S("Content-Type"))) {
            res->headers[i].value = arena_str(res->arena, content_type);
            return;
        }
    }
    http_res_header(res, S("Content-Type"), content_type);
}

void http_res_body(struct http_res *res, int status, str content_type, str body)
{
    drop_body(res);
    res->status = status;
    res->body = body;
    http_res_type(res, content_type);
}

void http_res_bodyf(struct http_res *res, int status, const char *content_type, const char *fmt, ...)
{
    AUTO_STRBUF body = STRBUF_INIT(MAX_BODYF);
    va_list     ap;

    va_start(ap, fmt);
    strbuf_addv(&body, fmt, ap);
    va_end(ap);
    http_res_body(res, status, str_of(content_type), arena_str(res->arena, strbuf_view(&body)));
}

void http_res_file(struct http_res *res, int status, str content_type, int fd, uint64_t size)
{
    drop_body(res);
    res->status = status;
    res->kind = HTTP_RES_FILE;
    res->fd = fd;
    res->file_size = size;
    http_res_type(res, content_type);
}

void http_res_stream(struct http_res *res, int status, str content_type, struct http_stream stream)
{
    drop_body(res);
    res->status = status;
    res->kind = HTTP_RES_STREAM;
    res->stream = stream;
    http_res_type(res, content_type);
}
