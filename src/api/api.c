/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api.h"

#include <assert.h>

#include "api/api_error.h"
#include "api/api_figures.h"
#include "api/api_gate.h"
#include "api/api_portal.h"
#include "api/api_priv.h"
#include "api/api_streams.h"
#include "api/api_trail.h"
#include "api/api_upload.h"
#include "base/codec.h"
#include "base/log.h"
#include "base/mem.h"
#include "detect/detect_logs.h"
#include "hunt/hunt_round.h"

enum { MAX_LISTENERS = 200, INFLATED_TIMES = 20 };

/* --- life --- */

static void changed(void *ctx, const struct incident_event *e)
{
    struct api   *a = ctx;
    AUTO_STRBUF   text = STRBUF_INIT(64 * 1024);
    struct json_w w = json_w_make(&text);

    incident_json_event(&w, e);
    http_sse_publish(a->events, STR_NONE, strbuf_view(&text));
}

static void round_moved(void *ctx, int64_t round)
{
    struct api *a = ctx;
    char        text[80];
    int n = snprintf(text, sizeof text, "{\"type\":\"hunt.round\",\"id\":\"%lld\"}", (long long)round);

    http_sse_publish(a->events, STR_NONE, str_make(text, (size_t)n));
}

static enum rc open_hunt(struct api *a, struct err *err)
{
    if (!a->opts.hunt || !a->opts.logs)
        return RC_OK;
    TRY(hunt_round_open(a->opts.hunt, round_moved, a, &a->rounds, err));
    return hunt_stream_open(&(struct hunt_stream_opts) { .hunt = a->opts.hunt,
                                                         .watermark = a->opts.logs->watermark,
                                                         .watermark_ctx = a->opts.logs->ctx,
                                                         .tell = api_streams_tell,
                                                         .tell_ctx = a },
                            &a->streams, err);
}

enum rc api_new(const struct api_opts *opts, struct api **out, struct err *err)
{
    AUTO(api) a = MEM_NEW(struct api);

    a->opts = *opts;
    a->arena = arena_new(1 << 20);
    a->opts.portal_dir = arena_str(a->arena, opts->portal_dir);
    a->opts.origin = arena_str(a->arena, str_trim_chars(opts->origin, S("/")));
    a->incident_scope = (struct incident_json_scope) { opts->scopes->subscription_id, opts->scopes->group,
                                                       opts->scopes->workspace, a->opts.origin };
    a->started = env_now(opts->env);
    a->events = http_sse_new(MAX_LISTENERS, SECONDS(15));
    a->stream_events = http_sse_new(MAX_LISTENERS, SECONDS(15));
    a->repeat = api_repeat_new();
    a->cost = api_cost_new();
    a->figures = api_figures_new(opts->tables, opts->intake, opts->env);
    TRY(api_portal_new(a->opts.portal_dir, &a->portal, err));
    TRY(api_trail_new(opts->access, opts->state, opts->tables, &a->trail, err));
    if (opts->incidents)
        TRY(incident_subscribe(opts->incidents, changed, a, &a->subscription, err));
    TRY(open_hunt(a, err));
    *out = TAKE(a);
    return RC_OK;
}

void api_close(struct api *a)
{
    http_sse_close(a->stream_events);
    http_sse_close(a->events);
}

struct api *api_free(struct api *a)
{
    if (!a)
        return NULL;
    hunt_round_close(a->rounds);
    hunt_stream_close(a->streams);
    if (a->subscription)
        incident_unsubscribe(a->opts.incidents, a->subscription);
    api_trail_free(a->trail);
    api_figures_free(a->figures);
    api_portal_free(a->portal);
    http_sse_free(a->stream_events);
    http_sse_free(a->events);
    api_repeat_free(a->repeat);
    api_cost_free(a->cost);
    arena_free(a->arena);
    return mem_free(a);
}

/* --- a request --- */

/* The Host that the client used, unless it holds what no host does: it goes into answers and headers. */
static str origin_of(struct api *a, const struct http_req *req)
{
    str host = http_req_header(req, S("Host"));

    if (!host.n || host.n > 255)
        return a->opts.origin;
    for (size_t i = 0; i < host.n; i++) {
        char ch = host.p[i];
        bool fine = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') ||
                    ch == '.' || ch == '-' || ch == ':' || ch == '[' || ch == ']' || ch == '_';
        if (!fine)
            return a->opts.origin;
    }
    return http_req_origin(req);
}

static void usual_headers(struct api_call *c)
{
    char id[GUID_TEXT_SIZE];
    str  given = http_req_header(c->req, S("x-ms-correlation-request-id"));
    guid parsed;

    str request_id = arena_str(c->arena, guid_text(c->req->id, id));
    c->correlation = guid_parse(given, &parsed) ? arena_str(c->arena, given) : request_id;
    http_res_header(c->res, S("x-ms-request-id"), request_id);
    http_res_header(c->res, S("x-ms-correlation-request-id"), c->correlation);
    http_res_header(c->res, S("X-Content-Type-Options"), S("nosniff"));
    http_res_header(c->res, S("Strict-Transport-Security"), S("max-age=31536000"));
}

static struct api_call *call_new(struct api *a, struct http_req *req, struct http_res *res)
{
    struct api_call *c = ARENA_NEW(req->arena, struct api_call);

    c->api = a;
    c->req = req;
    c->res = res;
    c->arena = req->arena;
    c->origin = origin_of(a, req);
    req->user = c;
    return c;
}

static void note_refusal(struct api_call *c, const struct err *why)
{
    if (why->rc != RC_FORBIDDEN || !c->match.route)
        return;
    const struct access_audit_row row = { .who_id = c->who.id,
                                          .who_name = c->who.name,
                                          .peer = c->req->peer,
                                          .operation =
                                              str_of(c->match.route->action ? c->match.route->action : ""),
                                          .resource = c->req->path,
                                          .status = S("Failure"),
                                          .description = str_of(why->text),
                                          .correlation = c->correlation };
    struct err                    failed;
    if (access_audit(c->api->opts.access, &row, &failed) != RC_OK)
        log_error(EV_HTTP_REQUEST_FAILED, F_ERR(&failed));
}

static bool refuse(struct api_call *c, const struct err *why)
{
    note_refusal(c, why);
    api_error_answer(c, why);
    return true;
}

/* A path that no row has: of the API, or a page of the portal. */
static bool answer_unknown(struct api_call *c)
{
    struct err err = { 0 };

    if (api_portal_is_page(c->req->path)) {
        api_portal_answer(c->api->portal, c);
        return true;
    }
    if (api_gate_identify(c, &err) == RC_OK)
        (void)!api_call_fail(c, 404, "ResourceNotFound", &err, "There is nothing at '" STR_FMT "'.",
                             STR_ARG(str_slice(c->req->path, 0, 300)));
    return refuse(c, &err);
}

/* A page's address may be a route of another method: GET /signin is the form, POST /signin its door. */
static bool is_page_of_route(const struct api_call *c)
{
    return c->match.other_method && (str_eq(c->req->method, S("GET")) || str_eq(c->req->method, S("HEAD"))) &&
           api_portal_is_page(c->req->path);
}

static bool begin(void *ctx, struct http_req *req, struct http_intake *in, struct http_res *res)
{
    struct api_call *c = call_new(ctx, req, res);
    struct err       err = { 0 };

    c->started = env_monotonic_ns(c->api->opts.env);
    usual_headers(c);
    if (!api_route_find(API_ROUTES, req->method, req->raw_path, c->arena, &c->match) || is_page_of_route(c))
        return answer_unknown(c);
    http_res_header(res, S("Cache-Control"), S("no-store"));
    if (api_gate_pass(c, &err) != RC_OK)
        return refuse(c, &err);
    if (c->match.other_method) {
        (void)!api_call_fail(c, 405, "MethodNotAllowed", &err, "The method is not allowed here.");
        return refuse(c, &err);
    }
    in->max_body = c->match.route->max_body;
    if (c->match.route->flags & API_PROXY) {
        in->sink = api_upload_piece;
        in->ctx = c;
    }
    return false;
}

static bool is_write(const struct api_call *c)
{
    return !(c->match.route->flags & (API_NO_REPEAT | API_PROXY | API_OPEN)) &&
           !str_eq(c->req->method, S("GET")) && !str_eq(c->req->method, S("HEAD"));
}

static enum rc inflate(struct api_call *c, struct err *err)
{
    AUTO_STRBUF text = STRBUF_INIT((size_t)c->match.route->max_body * INFLATED_TIMES);
    str         coding = http_req_header(c->req, S("Content-Encoding"));

    c->body = c->req->body;
    if (!coding.n || str_eq_ci(coding, S("identity")))
        return RC_OK;
    if (!str_eq_ci(coding, S("gzip")))
        return api_call_fail(c, 415, "UnsupportedMediaType", err, "Content-Encoding is gzip or identity.");
    TRY(codec_gunzip(&text, c->req->body, err));
    c->body = arena_str(c->arena, strbuf_view(&text));
    return RC_OK;
}

static enum rc read_body(struct api_call *c, struct err *err)
{
    TRY(inflate(c, err));
    if ((c->match.route->flags & API_FORM) || !str_trim(c->body).n)
        return RC_OK;
    if (json_parse(c->arena, c->body, &c->json, err) != RC_OK)
        return api_call_fail(c, 400, "InvalidRequestContent", err, "The request content was invalid: %s",
                             err->text);
    return RC_OK;
}

static struct api_repeat_key repeat_key(const struct api_call *c)
{
    return (struct api_repeat_key) { .who = c->who.id,
                                     .method = c->req->method,
                                     .path = c->req->raw_path,
                                     .request_id = http_req_header(c->req, S("x-ms-client-request-id")),
                                     .body = c->body };
}

static bool answer_again(struct api_call *c)
{
    struct api_repeat_answer again;
    struct api_repeat_key    key = repeat_key(c);

    if (!is_write(c) || !key.request_id.n ||
        !api_repeat_find(c->api->repeat, &key, env_now(c->api->opts.env), c->arena, &again))
        return false;
    if (again.etag.n)
        http_res_header(c->res, S("ETag"), again.etag);
    http_res_body(c->res, again.status, again.type, again.body);
    return true;
}

static void remember(struct api_call *c)
{
    struct api_repeat_key key = repeat_key(c);

    if (!is_write(c) || !key.request_id.n || c->res->kind != HTTP_RES_BODY ||
        (c->match.route->flags & API_UNREMEMBERED))
        return;
    const struct api_repeat_answer answer = { .status = c->res->status,
                                              .type = S("application/json; charset=utf-8"),
                                              .etag = c->etag,
                                              .body = c->res->body };
    api_repeat_keep(c->api->repeat, &key, env_now(c->api->opts.env), &answer);
}

static void audit_write(struct api_call *c, const struct err *failed)
{
    struct err                    err;
    const struct access_audit_row row = { .who_id = c->who.id,
                                          .who_name = c->who.name,
                                          .peer = c->req->peer,
                                          .operation = str_of(c->match.route->action),
                                          .resource = c->req->path,
                                          .status = failed ? S("Failure") : S("Success"),
                                          .description = str_of(failed ? failed->text : c->match.route->doc),
                                          .correlation = c->correlation };

    if (is_write(c) && c->match.route->action && access_audit(c->api->opts.access, &row, &err) != RC_OK)
        log_error(EV_HTTP_REQUEST_FAILED, F_ERR(&err));
}

static enum rc run(struct api_call *c, const struct err *failed, struct err *err)
{
    if (failed && failed->rc != RC_OK && !(c->match.route->flags & API_PROXY))
        return err_set(err, failed->rc, "%s", failed->text);
    c->failed = failed;
    if (c->match.route->flags & API_PROXY)
        return c->match.route->handle(c, err);
    TRY(read_body(c, err));
    c->again = answer_again(c);
    return c->again ? RC_OK : c->match.route->handle(c, err);
}

static void handle(void *ctx, struct http_req *req, const struct err *failed, struct http_res *res)
{
    struct api_call *c = req->user;
    struct err       err = { 0 };

    (void)ctx;
    c->res = res;
    if (run(c, failed, &err) != RC_OK) {
        if (err_http_status(err.rc) >= 500)
            log_error(EV_HTTP_REQUEST_FAILED, F_STR("path", req->path), F_ERR(&err),
                      F_STR("id", c->correlation));
        audit_write(c, &err);
        api_error_answer(c, &err);
        return;
    }
    if (c->again)
        return;
    assert(c->res->status >= 300 || api_route_code_ok(c->match.route, c->res->status));
    audit_write(c, NULL);
    remember(c);
}

static enum api_cost_kind kind_of(const struct api_call *c)
{
    const struct api_route *r = c->match.route;

    if (!r)
        return API_COST_PORTAL;
    if (r->flags & API_PROXY)
        return API_COST_INGEST;
    if (r->flags & API_OPEN)
        return API_COST_SIGNIN;
    if (str_contains(str_of(r->action ? r->action : ""), S("/query/read")))
        return API_COST_QUERY;
    return API_COST_ARM;
}

static void ended(void *ctx, struct http_req *req, int status, uint64_t bytes, bool sent)
{
    struct api_call *c = req->user;

    (void)ctx;
    if (!c)
        return;
    int64_t took = env_monotonic_ns(c->api->opts.env) - c->started;
    api_cost_add(c->api->cost, kind_of(c), status, took, bytes);
    api_upload_end(c);
    log_debug(EV_HTTP_REQUEST, F_STR("method", req->method), F_STR("path", req->path),
              F_INT("status", status), F_INT("bytes", bytes), F_BOOL("sent", sent),
              F_DOUBLE("ms", (double)took / 1e6), F_STR("who", c->who.name), F_STR("peer", req->peer),
              F_STR("id", c->correlation), F_STR("command", http_req_header(req, S("CommandName"))));
}

struct http_handler api_handler(struct api *a)
{
    return (struct http_handler) { .ctx = a, .begin = begin, .handle = handle, .ended = ended };
}
