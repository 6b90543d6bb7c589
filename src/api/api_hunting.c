/* SPDX-License-Identifier: Apache-2.0 */
/* Saved queries, hunting with them, and what becomes of what was found. */
#include "api/api_by.h"
#include "api/api_explore.h"
#include "api/api_handlers.h"
#include "api/api_priv.h"
#include "hunt/hunt_round.h"
#include "incident/incident_bookmark.h"

enum { MAX_NAMES = 1500 };

static struct hunt *desk(const struct api_call *c)
{
    return c->api->opts.hunt;
}

static enum rc properties(struct api_call *c, const struct json **out, struct err *err)
{
    static const struct json NONE = { .kind = JSON_OBJECT };
    const struct json       *p = json_get(c->json, S("properties"));

    *out = p && p->kind == JSON_OBJECT ? p : &NONE;
    return !p || p->kind == JSON_OBJECT ? RC_OK
                                        : err_set(err, RC_INVALID, "properties: an object is expected");
}

static enum rc names(struct api_call *c, const struct json *props, const char *key, const str **out,
                     size_t *n, struct err *err)
{
    const struct json *v = json_get(props, str_of(key));

    *n = 0;
    if (!v || v->kind == JSON_NULL)
        return RC_OK;
    if (v->kind != JSON_ARRAY || v->n > MAX_NAMES)
        return err_set(err, RC_INVALID, "properties.%s: a list of at most %d names", key, MAX_NAMES);
    str *list = ARENA_ARRAY(c->arena, str, v->n + 1);
    for (size_t i = 0; i < v->n; i++) {
        if (json_at(v, i)->kind != JSON_STRING)
            return err_set(err, RC_INVALID, "properties.%s: a list of names", key);
        list[i] = json_at(v, i)->s;
    }
    *out = list;
    *n = v->n;
    return RC_OK;
}

/* --- savedSearches --- */

static void write_search(struct json_w *w, const struct api_call *c, const struct hunt_object *o)
{
    json_w_object(w);
    json_w_kstr(w, S("id"),
                arena_printf(c->arena, STR_FMT "/savedSearches/" STR_FMT,
                             STR_ARG(c->api->opts.scopes->workspace_arm), STR_ARG(o->name)));
    json_w_kstr(w, S("name"), o->name);
    json_w_kstr(w, S("type"), S("Microsoft.OperationalInsights/savedSearches"));
    json_w_kstr(w, S("etag"), o->etag);
    json_w_key(w, S("properties"));
    json_w_tree(w, o->body);
    json_w_end(w);
}

static enum rc answer_search(struct api_call *c, const struct hunt_object *o, struct err *err)
{
    struct json_w w = api_call_json(c);

    write_search(&w, c, o);
    api_call_etag(c, o->etag);
    return api_call_done(c, 200, err);
}

enum rc api_hunting_searches(struct api_call *c, struct err *err)
{
    struct hunt_object *list;
    size_t              n;

    TRY(hunt_object_list(desk(c), HUNT_SEARCH_KIND, STR_NONE, c->arena, &list, &n, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < n; i++)
        write_search(&w, c, &list[i]);
    return api_call_list_end(c, &w, S(""), err);
}

static struct hunt_object_key search_key(struct api_call *c)
{
    return (struct hunt_object_key) { .kind = HUNT_SEARCH_KIND, .name = api_call_param(c, "search") };
}

enum rc api_hunting_search_get(struct api_call *c, struct err *err)
{
    struct hunt_object_key key = search_key(c);
    struct hunt_object     o;

    TRY(hunt_object_get(desk(c), &key, c->arena, &o, err));
    return answer_search(c, &o, err);
}

enum rc api_hunting_search_put(struct api_call *c, struct err *err)
{
    const struct json           *body;
    struct hunt_object           o;
    bool                         created;
    const struct hunt_object_put put = { .key = search_key(c),
                                         .if_match = api_call_if_match(c),
                                         .by = api_by_of(c) };

    TRY(api_call_object(c, &body, err));
    TRY(hunt_search_put(desk(c), &put, json_get(body, S("properties")), c->arena, &o, &created, err));
    return answer_search(c, &o, err);
}

enum rc api_hunting_search_delete(struct api_call *c, struct err *err)
{
    struct hunt_object_key key = search_key(c);

    TRY(hunt_object_delete(desk(c), &key, api_call_if_match(c), err));
    api_call_empty(c, 200);
    return RC_OK;
}

/* --- hunting queries --- */

static void write_result(struct json_w *w, const struct hunt_result *r, bool with_rows)
{
    json_w_object(w);
    json_w_ki64(w, S("round"), r->round);
    json_w_ktime(w, S("time"), r->time);
    json_w_ki64(w, S("count"), r->n_rows);
    json_w_ki64(w, S("new"), r->n_new);
    json_w_key(w, S("previous"));
    r->previous < 0 ? json_w_null(w) : json_w_i64(w, r->previous);
    json_w_key(w, S("delta"));
    r->previous < 0 || r->error.n ? json_w_null(w) : json_w_i64(w, r->n_rows - r->previous);
    json_w_ki64(w, S("tookMs"), r->took / (TS_PER_SECOND / 1000));
    json_w_kstr(w, S("error"), r->error);
    if (with_rows) {
        json_w_key(w, S("columns"));
        json_w_raw(w, r->columns);
        json_w_key(w, S("rows"));
        json_w_raw(w, r->rows);
    }
    json_w_end(w);
}

static void write_query(struct json_w *w, const struct hunt_query *q, const struct hunt_result *latest)
{
    json_w_object(w);
    json_w_kstr(w, S("id"), q->id);
    json_w_kstr(w, S("title"), q->title);
    json_w_kstr(w, S("description"), q->description);
    json_w_kstr(w, S("query"), q->query);
    json_w_kstr(w, S("source"), q->ships ? S("content") : S("saved"));
    json_w_kstrs(w, S("tactics"), q->tactics, q->n_tactics);
    json_w_kstrs(w, S("techniques"), q->techniques, q->n_techniques);
    json_w_kstr(w, S("etag"), q->etag);
    json_w_ktime(w, S("modified"), q->modified);
    json_w_key(w, S("latest"));
    latest ? write_result(w, latest, false) : json_w_null(w);
    json_w_end(w);
}

static const struct hunt_result *result_of(const struct hunt_result *list, size_t n, str query)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq_ci(list[i].query, query))
            return &list[i];
    return NULL;
}

enum rc api_hunting_queries(struct api_call *c, struct err *err)
{
    struct hunt_query  *list;
    struct hunt_result *latest;
    size_t              n, n_latest;

    TRY(hunt_search_hunting(desk(c), c->arena, &list, &n, err));
    TRY(hunt_round_latest(desk(c), c->arena, &latest, &n_latest, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < n; i++)
        write_query(&w, &list[i], result_of(latest, n_latest, list[i].id));
    return api_call_list_end(c, &w, S(""), err);
}

static enum rc find_query(struct api_call *c, struct hunt_query *out, struct err *err)
{
    str                id = api_call_param(c, "query");
    struct hunt_query *list;
    size_t             n;

    TRY(hunt_search_hunting(desk(c), c->arena, &list, &n, err));
    for (size_t i = 0; i < n; i++) {
        if (str_eq_ci(list[i].id, id)) {
            *out = list[i];
            return RC_OK;
        }
    }
    return err_set(err, RC_NOT_FOUND, "there is no hunting query '" STR_FMT "'",
                   STR_ARG(str_slice(id, 0, 64)));
}

enum rc api_hunting_results(struct api_call *c, struct err *err)
{
    struct hunt_result *list;
    struct hunt_query   q;
    size_t              n;

    TRY(find_query(c, &q, err));
    TRY(hunt_round_results(desk(c), q.id, 0, c->arena, &list, &n, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < n; i++)
        write_result(&w, &list[i], false);
    return api_call_list_end(c, &w, S(""), err);
}

static enum rc round_of(struct api_call *c, int64_t *out, struct err *err)
{
    return str_to_i64(api_call_param(c, "round"), out) && *out > 0
               ? RC_OK
               : err_set(err, RC_INVALID, "a round is a number");
}

enum rc api_hunting_result(struct api_call *c, struct err *err)
{
    struct hunt_result *list;
    int64_t             round;
    size_t              n;

    TRY(round_of(c, &round, err));
    TRY(hunt_round_results(desk(c), api_call_param(c, "query"), round, c->arena, &list, &n, err));
    if (!n)
        return err_set(err, RC_NOT_FOUND, "round %lld kept nothing of that query", (long long)round);
    struct json_w w = api_call_json(c);
    write_result(&w, &list[0], true);
    return api_call_done(c, 200, err);
}

/* --- rounds --- */

static void write_round(struct json_w *w, const struct hunt_round *r)
{
    json_w_object(w);
    json_w_ki64(w, S("id"), r->id);
    json_w_kstr(w, S("status"), r->status);
    json_w_ktime(w, S("started"), r->started);
    json_w_ktime(w, S("finished"), r->finished);
    json_w_ktime(w, S("startTime"), r->from);
    json_w_ktime(w, S("endTime"), r->to);
    json_w_ki64(w, S("total"), r->total);
    json_w_ki64(w, S("done"), r->done);
    json_w_ki64(w, S("found"), r->found);
    json_w_ki64(w, S("failed"), r->failed);
    incident_json_person(w, S("startedBy"), &r->who);
    json_w_end(w);
}

static enum rc answer_round(struct api_call *c, int status, const struct hunt_round *r, struct err *err)
{
    struct json_w w = api_call_json(c);

    write_round(&w, r);
    return api_call_done(c, status, err);
}

enum rc api_hunting_rounds(struct api_call *c, struct err *err)
{
    struct hunt_round *list;
    size_t             n;

    TRY(hunt_round_list(desk(c), c->arena, &list, &n, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < n; i++)
        write_round(&w, &list[i]);
    return api_call_list_end(c, &w, S(""), err);
}

enum rc api_hunting_round(struct api_call *c, struct err *err)
{
    struct hunt_round r;
    int64_t           id;

    TRY(round_of(c, &id, err));
    TRY(hunt_round_get(desk(c), id, c->arena, &r, err));
    return answer_round(c, 200, &r, err);
}

enum rc api_hunting_round_begin(struct api_call *c, struct err *err)
{
    struct hunt_round_start start = { .who = &c->who,
                                      .request = http_req_header(c->req, S("x-ms-client-request-id")) };
    const struct json      *props;
    struct hunt_round       r;

    TRY(properties(c, &props, err));
    TRY(names(c, props, "queries", &start.queries, &start.n_queries, err));
    TRY(api_explore_span(c, props, &start.from, &start.to, err));
    TRY(hunt_round_begin(c->api->rounds, &start, c->arena, &r, err));
    return answer_round(c, 201, &r, err);
}

enum rc api_hunting_round_cancel(struct api_call *c, struct err *err)
{
    struct hunt_round r;
    int64_t           id;

    TRY(round_of(c, &id, err));
    TRY(hunt_round_cancel(c->api->rounds, id, err));
    TRY(hunt_round_get(desk(c), id, c->arena, &r, err));
    return answer_round(c, 200, &r, err);
}

/* --- what becomes of it --- */

enum rc api_hunting_promote(struct api_call *c, struct err *err)
{
    const struct json               *props;
    struct incident_put              put = { .by = api_by_of(c) };
    struct incident                  i;
    char                             made[GUID_TEXT_SIZE];
    struct incident_bookmark_promote p = { .incident = &put };

    TRY(properties(c, &props, err));
    TRY(names(c, props, "bookmarks", &p.bookmarks, &p.n, err));
    put.name = json_str(props, S("incident"), S(""));
    put.body = json_get(props, S("new"));
    if (!put.name.n && !put.body)
        return err_set(err, RC_INVALID,
                       "properties.incident names one, or properties.new holds the properties of one");
    if (!put.name.n)
        put.name = arena_str(c->arena, guid_text(env_guid(c->api->opts.env), made));
    const struct json_member member = { S("properties"), put.body ? *put.body : json_make_null() };
    const struct json        body = { .kind = JSON_OBJECT, .n = 1, .members = &member };
    put.body = &body;
    TRY(incident_bookmark_promote(c->api->opts.incidents, &p, c->arena, &i, err));
    struct json_w w = api_call_json(c);
    incident_json_incident(&w, &c->api->incident_scope, &i);
    api_call_etag(c, i.etag);
    return api_call_done(c, 200, err);
}
