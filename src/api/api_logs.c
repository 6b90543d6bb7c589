/* SPDX-License-Identifier: Apache-2.0 */
/* Log Analytics: one query, or a batch of them. */
#include "api/api_error.h"
#include "api/api_handlers.h"
#include "api/api_priv.h"
#include "api/api_run.h"

enum { MAX_BATCH = 100 };

static const str JSON_TYPE = STR_INIT("application/json; charset=utf-8");

static enum rc bad_argument(struct api_call *c, struct err *err)
{
    char text[sizeof err->text];
    memcpy(text, err->text, sizeof text);
    return api_call_fail(c, 400, "BadArgumentError", err, "%s", text);
}

/* The workspaces of the body must be ours too: there is but one. */
static enum rc check_workspaces(struct api_call *c, const struct json *body, struct err *err)
{
    const struct state_scopes *s = c->api->opts.scopes;
    const struct json         *list = json_get(body, S("workspaces"));

    for (uint32_t i = 0; list && list->kind == JSON_ARRAY && i < list->n; i++) {
        str name = list->items[i].kind == JSON_STRING ? list->items[i].s : S("");
        if (!str_eq_ci(name, s->customer_id) && !str_eq_ci(name, s->workspace) &&
            !str_eq_ci(name, s->workspace_arm))
            return api_call_fail(c, 400, "BadArgumentError", err, "There is no workspace '" STR_FMT "'.",
                                 STR_ARG(name));
    }
    return RC_OK;
}

static enum rc fill(struct api_call *c, struct api_run *r, const struct json *body, struct err *err)
{
    r->shape = QUERY_ANSWER_LOGS;
    r->request.text = json_str(body, S("query"), S(""));
    r->request.now = env_now(c->api->opts.env);
    r->request.max_rows = (uint64_t)json_i64(body, S("maxRows"), 0);
    if (!str_trim(r->request.text).n)
        return api_call_fail(c, 400, "BadArgumentError", err,
                             "The body needs \"query\", and it must not be empty.");
    if (api_run_timespan(json_str(body, S("timespan"), S("")), r->request.now, &r->request, err) != RC_OK)
        return bad_argument(c, err);
    return check_workspaces(c, body, err);
}

static enum rc answer(struct api_call *c, struct api_run *r, struct err *err)
{
    r->request.id = http_req_header(c->req, S("x-vedette-query-id"));
    api_run_prefer(http_req_header(c->req, S("Prefer")), r);
    TRY(api_run_query(c, r, err));
    api_call_text(c, r->status, JSON_TYPE, r->body);
    return RC_OK;
}

enum rc api_logs_query(struct api_call *c, struct err *err)
{
    struct api_run     r = { 0 };
    const struct json *body;

    TRY(api_call_object(c, &body, err));
    TRY(fill(c, &r, body, err));
    return answer(c, &r, err);
}

enum rc api_logs_query_get(struct api_call *c, struct err *err)
{
    struct json        pair[2] = { json_make_str(http_req_param(c->req, S("query"))),
                                   json_make_str(http_req_param(c->req, S("timespan"))) };
    struct json_member members[2] = { { S("query"), pair[0] }, { S("timespan"), pair[1] } };
    const struct json  body = { .kind = JSON_OBJECT, .n = 2, .members = members };
    struct api_run     r = { 0 };

    TRY(fill(c, &r, &body, err));
    return answer(c, &r, err);
}

/* --- batch: each request stands for itself; one that fails leaves the others --- */

static bool is_ours(const struct api_call *c, str workspace)
{
    const struct state_scopes *s = c->api->opts.scopes;
    return str_eq_ci(workspace, s->customer_id) || str_eq_ci(workspace, s->workspace) ||
           str_eq_ci(workspace, s->workspace_arm);
}

static enum rc run_one(struct api_call *c, const struct json *one, struct api_run *r, struct err *err)
{
    const struct json *body = json_get(one, S("body"));
    str                workspace = json_str(one, S("workspace"), S(""));

    if (!is_ours(c, workspace))
        return api_call_fail(c, 404, "WorkspaceNotFoundError", err, "There is no workspace '" STR_FMT "'.",
                             STR_ARG(workspace));
    TRY(fill(c, r, body, err));
    api_run_prefer(json_str(json_get(one, S("headers")), S("Prefer"), S("")), r);
    return api_run_query(c, r, err);
}

static void write_one(struct api_call *c, struct json_w *w, const struct json *one)
{
    struct api_run r = { 0 };
    struct err     err = { 0 };

    c->code = NULL;
    c->status = 0;
    enum rc rc = run_one(c, one, &r, &err);
    json_w_object(w);
    json_w_kstr(w, S("id"), json_str(one, S("id"), S("")));
    json_w_ki64(w, S("status"), rc == RC_OK ? r.status : api_error_status(c, &err));
    json_w_key(w, S("body"));
    if (rc == RC_OK) {
        json_w_raw(w, r.body);
    } else {
        json_w_object(w);
        json_w_key(w, S("error"));
        json_w_object(w);
        json_w_kstr(w, S("code"), str_of(api_error_code(c, &err)));
        json_w_kstr(w, S("message"), str_of(err.text));
        json_w_end(w);
        json_w_end(w);
    }
    json_w_end(w);
    c->code = NULL;
    c->status = 0;
}

enum rc api_logs_batch(struct api_call *c, struct err *err)
{
    const struct json *requests = json_get(c->json, S("requests"));
    struct json_w      w = api_call_json(c);

    if (!requests || requests->kind != JSON_ARRAY || requests->n > MAX_BATCH)
        return api_call_fail(c, 400, "BadArgumentError", err,
                             "The body needs \"requests\", an array of at most %d.", MAX_BATCH);
    json_w_object(&w);
    json_w_key(&w, S("responses"));
    json_w_array(&w);
    for (uint32_t i = 0; i < requests->n; i++)
        write_one(c, &w, &requests->items[i]);
    json_w_end(&w);
    json_w_end(&w);
    return api_call_done(c, 200, err);
}
