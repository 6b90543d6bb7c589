/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api_call.h"

#include <assert.h>
#include <stdarg.h>

static const str JSON_TYPE = STR_INIT("application/json; charset=utf-8");

str api_call_param(const struct api_call *c, const char *name)
{
    str value = api_route_param(&c->match, name);
    assert(value.p);
    return value;
}

str api_call_query(const struct api_call *c, const char *name)
{
    str plain = str_of(name);
    str value = http_req_param(c->req, plain);

    if (value.p || plain.p[0] != '$')
        return value;
    return http_req_param(c->req, str_from(plain, 1));
}

static void free_out(void *p)
{
    strbuf_done(p);
}

struct json_w api_call_json(struct api_call *c)
{
    if (!c->out.max) {
        strbuf_init(&c->out, API_CALL_MAX_ANSWER);
        arena_defer(c->arena, free_out, &c->out);
    }
    strbuf_clear(&c->out);
    return json_w_make(&c->out);
}

enum rc api_call_done(struct api_call *c, int status, struct err *err)
{
    TRY(strbuf_ok(&c->out, "the answer", err));
    http_res_body(c->res, status, JSON_TYPE, strbuf_view(&c->out));
    c->res->gzip = c->out.n > 1024;
    return RC_OK;
}

void api_call_text(struct api_call *c, int status, str type, str body)
{
    http_res_body(c->res, status, type, body);
    c->res->gzip = body.n > 1024;
}

void api_call_empty(struct api_call *c, int status)
{
    http_res_body(c->res, status, STR_NONE, S(""));
}

enum rc api_call_deleted(struct api_call *c, enum rc rc)
{
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    api_call_empty(c, rc == RC_OK ? 200 : 204);
    return RC_OK;
}

void api_call_etag(struct api_call *c, str etag)
{
    c->etag = arena_str(c->arena, etag);
    http_res_header(c->res, S("ETag"), c->etag);
}

/* The request's own address with another $skipToken: python puts its api-version in, npm takes it as it is.
 */
static str next_link(struct api_call *c, str skip_token)
{
    AUTO_STRBUF url = STRBUF_INIT(32 * 1024);

    strbuf_add(&url, c->origin);
    strbuf_add(&url, c->req->raw_path);
    for (size_t i = 0; i < c->req->params.n; i++) {
        const struct http_pair *p = &c->req->params.p[i];
        if (!str_eq_ci(str_trim_chars(p->name, S("$")), S("skipToken")))
            http_url_add(&url, p->name, p->value);
    }
    http_url_add(&url, S("$skipToken"), skip_token);
    return arena_str(c->arena, strbuf_view(&url));
}

struct json_w api_call_list(struct api_call *c)
{
    struct json_w w = api_call_json(c);
    json_w_object(&w);
    json_w_key(&w, S("value"));
    json_w_array(&w);
    return w;
}

enum rc api_call_list_end(struct api_call *c, struct json_w *w, str skip_token, struct err *err)
{
    json_w_end(w);
    if (skip_token.n)
        json_w_kstr(w, S("nextLink"), next_link(c, skip_token));
    json_w_end(w);
    return api_call_done(c, 200, err);
}

enum rc api_call_fail(struct api_call *c, int status, const char *code, struct err *err, const char *fmt, ...)
{
    static const struct {
        int     status;
        enum rc rc;
    } rows[] = { { 400, RC_INVALID },   { 401, RC_UNAUTHENTICATED }, { 403, RC_FORBIDDEN },
                 { 404, RC_NOT_FOUND }, { 405, RC_UNSUPPORTED },     { 409, RC_CONFLICT },
                 { 412, RC_STALE },     { 413, RC_LIMIT },           { 415, RC_UNSUPPORTED },
                 { 429, RC_BUSY },      { 503, RC_UNAVAILABLE } };
    char    text[sizeof err->text];
    va_list ap;
    enum rc rc = RC_INTERNAL;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].status == status)
            rc = rows[i].rc;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    c->status = status;
    c->code = code;
    return err_set(err, rc, "%s", text);
}

str api_call_if_match(const struct api_call *c)
{
    str header = http_req_header(c->req, S("If-Match"));
    return header.n ? header : json_str(c->json, S("etag"), S(""));
}

enum rc api_call_object(struct api_call *c, const struct json **out, struct err *err)
{
    if (!c->json || c->json->kind != JSON_OBJECT)
        return api_call_fail(c, 400, "BadRequest", err, "The request body must be a JSON object.");
    *out = c->json;
    return RC_OK;
}
