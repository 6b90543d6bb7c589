/* SPDX-License-Identifier: Apache-2.0 */
/* What people do with incidents that ARM has no route for: merge, split, bulk, undo; and what it teaches. */
#include "api/api_by.h"
#include "api/api_handlers.h"
#include "api/api_priv.h"
#include "content/content_store.h"
#include "incident/incident_move.h"
#include "incident/incident_similar.h"
#include "incident/incident_undo.h"
#include "incident/incident_verdict.h"

DEFINE_AUTO_TYPE(held_set, struct snapshot *, snapshot_unref)

static struct incident_store *store(const struct api_call *c)
{
    return c->api->opts.incidents;
}

static enum rc properties(struct api_call *c, const struct json **out, struct err *err)
{
    const struct json *body;

    TRY(api_call_object(c, &body, err));
    *out = json_get(body, S("properties"));
    if (!*out || (*out)->kind != JSON_OBJECT)
        return api_call_fail(c, 400, "BadRequest", err, "The body needs properties.");
    return RC_OK;
}

/* A list of names. */
static enum rc names(struct api_call *c, const struct json *props, const char *key, const str **out,
                     size_t *n, struct err *err)
{
    const struct json *v = json_get(props, str_of(key));

    *n = 0;
    if (!v)
        return RC_OK;
    if (v->kind != JSON_ARRAY || v->n > INCIDENT_MOVE_MAX_BULK)
        return api_call_fail(c, 400, "BadRequest", err, "properties.%s is a list of at most %d texts.", key,
                             INCIDENT_MOVE_MAX_BULK);
    str *list = ARENA_ARRAY(c->arena, str, v->n + 1);
    for (size_t i = 0; i < v->n; i++) {
        const struct json *item = json_at(v, i);
        if (item->kind == JSON_STRING)
            list[i] = item->s;
        else if (item->kind == JSON_INT)
            list[i] = arena_printf(c->arena, "%lld", (long long)item->i);
        else
            return api_call_fail(c, 400, "BadRequest", err, "properties.%s is a list of texts.", key);
    }
    *out = list;
    *n = v->n;
    return RC_OK;
}

static enum rc answer_moved(struct api_call *c, const struct incident_move_result *r, struct err *err)
{
    struct json_w w = api_call_json(c);

    json_w_object(&w);
    json_w_key(&w, S("properties"));
    json_w_object(&w);
    json_w_ki64(&w, S("act"), r->act);
    json_w_kstrs(&w, S("incidents"), r->incidents, r->n);
    json_w_end(&w);
    json_w_end(&w);
    return api_call_done(c, 200, err);
}

enum rc api_casework_merge(struct api_call *c, struct err *err)
{
    const struct json          *props;
    struct incident_move_merge  m = { .by = api_by_of(c) };
    struct incident_move_result r;

    TRY(properties(c, &props, err));
    m.into = json_str(props, S("into"), S(""));
    TRY(names(c, props, "from", &m.from, &m.n, err));
    TRY(incident_move_merge(store(c), &m, c->arena, &r, err));
    return answer_moved(c, &r, err);
}

enum rc api_casework_split(struct api_call *c, struct err *err)
{
    const struct json          *props;
    char                        text[GUID_TEXT_SIZE];
    struct incident_move_split  m = { .from = api_call_param(c, "incident"), .by = api_by_of(c) };
    struct incident_move_result r;

    TRY(properties(c, &props, err));
    m.title = json_str(props, S("title"), S(""));
    m.name = json_str(props, S("name"), arena_str(c->arena, guid_text(env_guid(c->api->opts.env), text)));
    TRY(names(c, props, "alerts", &m.alerts, &m.n, err));
    TRY(incident_move_split(store(c), &m, c->arena, &r, err));
    return answer_moved(c, &r, err);
}

enum rc api_casework_alerts(struct api_call *c, struct err *err)
{
    const struct json          *props;
    struct incident_move_alerts m = { .incident = api_call_param(c, "incident"), .by = api_by_of(c) };
    struct incident_move_result r;
    const str                  *add, *gone;
    size_t                      n_add, n_gone;

    TRY(properties(c, &props, err));
    TRY(names(c, props, "add", &add, &n_add, err));
    TRY(names(c, props, "remove", &gone, &n_gone, err));
    if ((n_add != 0) == (n_gone != 0))
        return api_call_fail(c, 400, "BadRequest", err, "properties.add or properties.remove is required.");
    m.remove = n_gone != 0;
    m.alerts = m.remove ? gone : add;
    m.n = m.remove ? n_gone : n_add;
    TRY(incident_move_alerts(store(c), &m, c->arena, &r, err));
    return answer_moved(c, &r, err);
}

/* incidents: names, or {"name","etag"} where the change must find what the caller saw. */
static enum rc bulk_names(struct api_call *c, const struct json *props, struct incident_move_bulk *m,
                          struct err *err)
{
    const struct json *v = json_get(props, S("incidents"));

    if (!v || v->kind != JSON_ARRAY || v->n > INCIDENT_MOVE_MAX_BULK)
        return api_call_fail(c, 400, "BadRequest", err, "properties.incidents is a list of at most %d.",
                             INCIDENT_MOVE_MAX_BULK);
    str *list = ARENA_ARRAY(c->arena, str, v->n + 1), *etags = ARENA_ARRAY(c->arena, str, v->n + 1);
    for (size_t i = 0; i < v->n; i++) {
        const struct json *item = json_at(v, i);
        list[i] = item->kind == JSON_STRING ? item->s : json_str(item, S("name"), S(""));
        etags[i] = json_str(item, S("etag"), S(""));
    }
    m->incidents = list;
    m->etags = etags;
    m->n = v->n;
    return RC_OK;
}

enum rc api_casework_bulk(struct api_call *c, struct err *err)
{
    const struct json          *props, *change;
    struct incident_move_bulk   m = { .by = api_by_of(c) };
    struct incident_move_result r;

    TRY(properties(c, &props, err));
    change = json_get(props, S("change"));
    if (!change || change->kind != JSON_OBJECT)
        return api_call_fail(c, 400, "BadRequest", err,
                             "properties.change is what to change: properties of incidents.");
    TRY(bulk_names(c, props, &m, err));
    const struct json_member wrapped = { S("properties"), *change };
    const struct json        body = { .kind = JSON_OBJECT, .n = 1, .members = &wrapped };
    m.body = &body;
    TRY(incident_move_bulk(store(c), &m, c->arena, &r, err));
    return answer_moved(c, &r, err);
}

enum rc api_casework_undo(struct api_call *c, struct err *err)
{
    struct incident_by          by = api_by_of(c);
    struct incident_move_result r = { 0 };
    int64_t                     act;

    if (!str_to_i64(api_call_param(c, "act"), &act))
        return api_call_fail(c, 404, "ResourceNotFound", err, "An act has a number.");
    TRY(incident_undo_act(store(c), act, &by, &r.act, err));
    return answer_moved(c, &r, err);
}

/* --- what it teaches --- */

enum rc api_casework_similar(struct api_call *c, struct err *err)
{
    struct incident_similar   *list;
    struct incident_json_scope scope = c->api->incident_scope;
    duration                   window = 0;
    str                        asked = http_req_param(c->req, S("window"));
    size_t                     n;

    if (asked.n && !duration_parse(asked, &window))
        return api_call_fail(c, 400, "BadRequest", err, "window is a time span such as P14D or 14d.");
    scope.portal = c->origin;
    TRY(incident_similar_find(store(c), api_call_param(c, "incident"), window, c->arena, &list, &n, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < n; i++) {
        json_w_object(&w);
        json_w_kstr(&w, S("reason"), list[i].reason);
        json_w_key(&w, S("incident"));
        incident_json_incident(&w, &scope, &list[i].incident);
        json_w_end(&w);
    }
    return api_call_list_end(c, &w, S(""), err);
}

static void write_verdict(struct json_w *w, const struct incident_verdict *v)
{
    json_w_object(w);
    json_w_kstr(w, S("rule"), v->rule_id);
    json_w_ki64(w, S("open"), v->open);
    json_w_ki64(w, S("truePositive"), v->true_positive);
    json_w_ki64(w, S("benignPositive"), v->benign_positive);
    json_w_ki64(w, S("falsePositiveLogic"), v->false_logic);
    json_w_ki64(w, S("falsePositiveData"), v->false_data);
    json_w_ki64(w, S("undetermined"), v->undetermined);
    json_w_key(w, S("precision"));
    if (v->measured)
        json_w_double(w, v->precision);
    else
        json_w_null(w); /* not measured is not zero */
    json_w_end(w);
}

enum rc api_casework_verdicts(struct api_call *c, struct err *err)
{
    struct incident_verdict *list;
    size_t                   n;

    TRY(incident_verdict_list(store(c), http_req_param(c->req, S("rule")), c->arena, &list, &n, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < n; i++)
        write_verdict(&w, &list[i]);
    return api_call_list_end(c, &w, S(""), err);
}

enum rc api_casework_exception(struct api_call *c, struct err *err)
{
    AUTO(held_set) held = content_store_get(c->api->opts.content);
    str                               id = http_req_param(c->req, S("rule"));
    const struct content_rule        *rule = held ? content_store_find(content_store_set(held), id) : NULL;
    struct incident_verdict_exception e;

    if (!rule)
        return api_call_fail(c, 404, "ResourceNotFound", err, "The alert rule '" STR_FMT "' was not found.",
                             STR_ARG(str_slice(id, 0, 64)));
    TRY(incident_verdict_except(store(c), api_call_param(c, "incident"), rule, c->arena, &e, err));
    struct json_w w = api_call_json(c);
    json_w_object(&w);
    json_w_key(&w, S("properties"));
    json_w_object(&w);
    json_w_kstr(&w, S("rule"), rule->id);
    json_w_kstr(&w, S("condition"), e.condition);
    json_w_kstr(&w, S("query"), e.query);
    json_w_kstr(&w, S("diff"), e.diff);
    json_w_ki64(&w, S("alertsLookedAt"), e.looked_at);
    json_w_ki64(&w, S("alertsSilenced"), e.silenced);
    json_w_ki64(&w, S("truePositivesSilenced"), e.silenced_true);
    json_w_kstrs(&w, S("alerts"), e.alerts, e.n_alerts);
    json_w_end(&w);
    json_w_end(&w);
    return api_call_done(c, 200, err);
}
