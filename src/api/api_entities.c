/* SPDX-License-Identifier: Apache-2.0 */
/* Microsoft.SecurityInsights/entities and entityQueries. */
#include "api/api_automation.h"
#include "api/api_explore.h"
#include "api/api_handlers.h"
#include "incident/incident_bookmark.h"

static struct incident_store *store(const struct api_call *c)
{
    return c->api->opts.incidents;
}

enum rc api_entities_list(struct api_call *c, struct err *err)
{
    struct incident_entity_list_opts o = { .kind = http_req_param(c->req, S("kind")),
                                           .text = http_req_param(c->req, S("search")) };
    struct incident_entity_found     found;
    int64_t                          top = 0;
    str given = api_call_query(c, "$top"), token = api_call_query(c, "$skipToken");

    if ((given.n && (!str_to_i64(given, &top) || top < 1)) ||
        (token.n && (!str_to_i64(token, &o.before) || o.before < 0)))
        return api_call_fail(c, 400, "BadRequest", err, "$top and $skipToken are numbers.");
    o.top = (size_t)top;
    TRY(incident_entity_list(store(c), &o, c->arena, &found, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < found.n; i++)
        incident_json_entity(&w, &c->api->incident_scope, &found.items[i]);
    str next = found.next ? arena_printf(c->arena, "%lld", (long long)found.next) : STR_NONE;
    return api_call_list_end(c, &w, next, err);
}

enum rc api_entities_get(struct api_call *c, struct err *err)
{
    struct incident_entity_page page;
    struct incident_alert       alert;
    struct err                  why = { 0 };
    str                         name = api_call_param(c, "entity");
    enum rc                     rc = incident_entity_get(store(c), name, c->arena, &page, &why);

    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return err_set(err, rc, "%s", why.text);
    if (rc == RC_NOT_FOUND)
        TRY(incident_alert_get(store(c), name, c->arena, &alert, err));
    struct json_w w = api_call_json(c);
    if (rc == RC_OK)
        incident_json_entity(&w, &c->api->incident_scope, &page.entity);
    else
        incident_json_alert(&w, &c->api->incident_scope, &alert);
    return api_call_done(c, 200, err);
}

/* --- expansion --- */

static void write_aggregations(struct json_w *w, const struct incident_explore_result *r)
{
    json_w_key(w, S("aggregations"));
    json_w_array(w);
    for (size_t i = 0; i < r->n_entities; i++) {
        int64_t count = 0;
        bool    told = false;
        for (size_t k = 0; k < r->n_entities; k++) {
            bool same = str_eq(r->entities[i].kind, r->entities[k].kind);
            told |= same && k < i;
            count += same;
        }
        if (told)
            continue;
        json_w_object(w);
        json_w_kstr(w, S("entityKind"), r->entities[i].kind);
        json_w_ki64(w, S("count"), count);
        json_w_end(w);
    }
    json_w_end(w);
}

static enum rc write_targets(struct api_call *c, struct json_w *w, const struct incident_explore_result *r,
                             struct err *err)
{
    json_w_key(w, S("entities"));
    json_w_array(w);
    for (size_t i = 0; i < r->n_entities; i++)
        incident_json_entity(w, &c->api->incident_scope, &r->entities[i]);
    for (size_t i = 0; i < r->n_edges; i++) {
        struct incident_alert alert;
        if (!r->edges[i].is_alert ||
            incident_alert_get(store(c), r->edges[i].target, c->arena, &alert, NULL) != RC_OK)
            continue; /* an alert that the log has and state has no more */
        incident_json_alert(w, &c->api->incident_scope, &alert);
    }
    json_w_end(w);
    json_w_key(w, S("edges"));
    json_w_array(w);
    for (size_t i = 0; i < r->n_edges; i++) {
        json_w_object(w);
        json_w_kstr(w, S("targetEntityId"),
                    arena_printf(c->arena, STR_FMT "/providers/Microsoft.SecurityInsights/Entities/" STR_FMT,
                                 STR_ARG(c->api->opts.scopes->workspace_arm), STR_ARG(r->edges[i].target)));
        json_w_key(w, S("additionalData"));
        json_w_object(w);
        json_w_key(w, S("source"));
        json_w_object(w);
        json_w_ki64(w, S("row"), (int64_t)r->edges[i].row);
        json_w_end(w);
        json_w_end(w);
        json_w_end(w);
    }
    json_w_end(w);
    (void)err;
    return RC_OK;
}

enum rc api_entities_expand(struct api_call *c, struct err *err)
{
    const struct json             *body;
    struct api_explore_asked       asked = { .entity = api_call_param(c, "entity") };
    struct incident_explore_result r;

    TRY(api_call_object(c, &body, err));
    asked.what = api_explore_find(c, json_str(body, S("expansionId"), S("")));
    if (!asked.what || asked.what->kind != CONTENT_EXPANSION)
        return api_call_fail(c, 404, "ResourceNotFound", err, "There is no expansion '" STR_FMT "'.",
                             STR_ARG(str_slice(json_str(body, S("expansionId"), S("")), 0, 64)));
    TRY(api_explore_span(c, body, &asked.from, &asked.to, err));
    TRY(api_explore_run(c, &asked, &r, err));
    struct json_w w = api_call_json(c);
    json_w_object(&w);
    json_w_key(&w, S("metaData"));
    json_w_object(&w);
    write_aggregations(&w, &r);
    json_w_end(&w);
    json_w_key(&w, S("value"));
    json_w_object(&w);
    TRY(write_targets(c, &w, &r, err));
    json_w_end(&w);
    json_w_end(&w);
    return api_call_done(c, 200, err);
}

/* --- insights --- */

/* Cells as texts, as ARM has them. */
static enum rc write_table(struct api_call *c, struct json_w *w, const struct incident_explore_result *r,
                           struct err *err)
{
    const struct json *columns, *rows;
    AUTO_STRBUF        text = STRBUF_INIT(1 << 20);

    TRY(json_parse(c->arena, r->columns, &columns, err));
    TRY(json_parse(c->arena, r->rows, &rows, err));
    json_w_key(w, S("tableQueryResults"));
    json_w_object(w);
    json_w_key(w, S("columns"));
    json_w_tree(w, columns);
    json_w_key(w, S("rows"));
    json_w_array(w);
    for (size_t i = 0; i < rows->n; i++) {
        json_w_array(w);
        for (size_t k = 0; k < json_at(rows, i)->n; k++) {
            const struct json *v = json_at(json_at(rows, i), k);
            strbuf_clear(&text);
            if (v->kind != JSON_STRING)
                json_print(&text, v, 0);
            json_w_str(w, v->kind == JSON_STRING ? v->s : strbuf_view(&text));
        }
        json_w_end(w);
    }
    json_w_end(w);
    json_w_end(w);
    return RC_OK;
}

static bool wanted(const struct json *ids, str id)
{
    for (size_t i = 0; ids && ids->kind == JSON_ARRAY && i < ids->n; i++)
        if (json_at(ids, i)->kind == JSON_STRING && str_eq_ci(json_at(ids, i)->s, id))
            return true;
    return !ids || ids->kind != JSON_ARRAY;
}

static enum rc write_insight(struct api_call *c, struct json_w *w, const struct api_explore_asked *asked,
                             struct err *err)
{
    struct incident_explore_result r;

    TRY(api_explore_run(c, asked, &r, err));
    json_w_object(w);
    json_w_kstr(w, S("queryId"), asked->what->id);
    json_w_key(w, S("queryTimeInterval"));
    json_w_object(w);
    json_w_ktime(w, S("startTime"), asked->from);
    json_w_ktime(w, S("endTime"), asked->to);
    json_w_end(w);
    TRY(write_table(c, w, &r, err));
    json_w_end(w);
    return RC_OK;
}

enum rc api_entities_insights(struct api_call *c, struct err *err)
{
    const struct json          *body;
    struct api_explore_asked    asked = { .entity = api_call_param(c, "entity") };
    struct incident_entity_page page;
    int64_t                     count = 0;

    TRY(api_call_object(c, &body, err));
    TRY(api_explore_span(c, body, &asked.from, &asked.to, err));
    TRY(incident_entity_get(store(c), asked.entity, c->arena, &page, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < api_explore_count(c); i++) {
        asked.what = api_explore_at(c, i);
        if (asked.what->kind != CONTENT_INSIGHT || !str_eq(asked.what->type, page.said.type->name) ||
            !wanted(json_get(body, S("insightQueryIds")), asked.what->id))
            continue;
        TRY(write_insight(c, &w, &asked, err));
        count++;
    }
    json_w_end(&w);
    json_w_key(&w, S("metaData"));
    json_w_object(&w);
    json_w_ki64(&w, S("totalCount"), count);
    json_w_kstrs(&w, S("errors"), NULL, 0);
    json_w_end(&w);
    json_w_end(&w);
    return api_call_done(c, 200, err);
}

enum rc api_entities_queries(struct api_call *c, struct err *err)
{
    struct incident_entity_page page;
    str                         kind = http_req_param(c->req, S("kind"));

    TRY(incident_entity_get(store(c), api_call_param(c, "entity"), c->arena, &page, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < api_explore_count(c); i++) {
        const struct content_explore *x = api_explore_at(c, i);
        if (x->kind != CONTENT_INSIGHT || !str_eq(x->type, page.said.type->name) ||
            (kind.n && !str_eq_ci(kind, S("Insight"))))
            continue;
        json_w_object(&w);
        json_w_kstr(&w, S("id"), x->id);
        json_w_kstr(&w, S("name"), x->id);
        json_w_kstr(&w, S("kind"), S("Insight"));
        json_w_key(&w, S("properties"));
        json_w_object(&w);
        json_w_kstr(&w, S("inputEntityType"), x->type);
        json_w_kstr(&w, S("displayName"), x->title);
        json_w_kstr(&w, S("description"), x->description);
        json_w_kstr(&w, S("baseQuery"), x->query);
        json_w_end(&w);
        json_w_end(&w);
    }
    return api_call_list_end(c, &w, S(""), err);
}

/* --- the timeline --- */

static void write_alert_item(struct api_call *c, struct json_w *w, const struct incident_alert *a)
{
    json_w_object(w);
    json_w_kstr(w, S("kind"), S("SecurityAlert"));
    json_w_kstr(w, S("azureResourceId"),
                arena_printf(c->arena, STR_FMT "/providers/Microsoft.SecurityInsights/Entities/" STR_FMT,
                             STR_ARG(c->api->opts.scopes->workspace_arm), STR_ARG(a->alert.id)));
    json_w_kstr(w, S("productName"), a->alert.product);
    json_w_kstr(w, S("description"), a->alert.description);
    json_w_kstr(w, S("displayName"), a->alert.display_name);
    json_w_kstr(w, S("severity"), content_rule_severity_name(a->alert.severity));
    json_w_ktime(w, S("startTimeUtc"), a->alert.start);
    json_w_ktime(w, S("endTimeUtc"), a->alert.end);
    json_w_ktime(w, S("timeGenerated"), a->alert.generated);
    json_w_kstr(w, S("alertType"), a->alert.rule_id);
    json_w_end(w);
}

static bool bookmark_names(struct api_call *c, const struct incident_bookmark *b,
                           const struct incident_entity_page *page)
{
    struct detect_entities list = { .arena = c->arena };
    struct err             none;

    if (detect_entity_parse(&list, b->entities, &none) != RC_OK)
        return false;
    for (size_t i = 0; i < list.n; i++)
        for (size_t k = 0; k < page->n_names; k++)
            if (list.p[i].type == page->said.type &&
                str_eq_ci(detect_entity_label(c->arena, &list.p[i]), page->names[k]))
                return true;
    return false;
}

static void write_bookmark_item(struct api_call *c, struct json_w *w, const struct incident_bookmark *b)
{
    json_w_object(w);
    json_w_kstr(w, S("kind"), S("Bookmark"));
    json_w_kstr(w, S("azureResourceId"),
                arena_printf(c->arena, STR_FMT "/providers/Microsoft.SecurityInsights/bookmarks/" STR_FMT,
                             STR_ARG(c->api->opts.scopes->workspace_arm), STR_ARG(b->name)));
    json_w_kstr(w, S("displayName"), b->title);
    json_w_kstr(w, S("notes"), b->notes);
    json_w_ktime(w, S("eventTime"), b->event_time);
    json_w_ktime(w, S("startTimeUtc"), b->event_time);
    json_w_ktime(w, S("endTimeUtc"), b->event_time);
    incident_json_person(w, S("createdBy"), &b->creator);
    json_w_kstrs(w, S("labels"), b->labels, b->n_labels);
    json_w_end(w);
}

static bool kind_wanted(const struct json *body, str kind)
{
    const struct json *kinds = json_get(body, S("kinds"));
    return !kinds || wanted(kinds, kind);
}

enum rc api_entities_timeline(struct api_call *c, struct err *err)
{
    const struct json          *body;
    str                         name = api_call_param(c, "entity");
    ts                          from, to;
    struct incident_entity_page page;
    struct incident_alert      *alerts = NULL;
    struct incident_bookmark   *marks = NULL;
    size_t                      n_alerts = 0, n_marks = 0, held = 0;

    TRY(api_call_object(c, &body, err));
    TRY(api_explore_span(c, body, &from, &to, err));
    TRY(incident_entity_get(store(c), name, c->arena, &page, err));
    if (kind_wanted(body, S("SecurityAlert")))
        TRY(incident_entity_alerts(store(c), &(struct incident_entity_span) { name, from, to, 1000 },
                                   c->arena, &alerts, &n_alerts, err));
    if (kind_wanted(body, S("Bookmark")))
        TRY(incident_bookmark_list(store(c), S(""), c->arena, &marks, &n_marks, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < n_alerts; i++)
        write_alert_item(c, &w, &alerts[i]);
    for (size_t i = 0; i < n_marks; i++) {
        if (marks[i].event_time < from || marks[i].event_time > to || !bookmark_names(c, &marks[i], &page))
            continue;
        write_bookmark_item(c, &w, &marks[i]);
        held++;
    }
    json_w_end(&w);
    json_w_key(&w, S("metaData"));
    json_w_object(&w);
    json_w_ki64(&w, S("totalCount"), (int64_t)(n_alerts + held));
    json_w_key(&w, S("aggregations"));
    json_w_array(&w);
    const struct {
        str    kind;
        size_t n;
    } sums[] = { { S("SecurityAlert"), n_alerts }, { S("Bookmark"), held } };
    for (size_t i = 0; i < 2; i++) {
        json_w_object(&w);
        json_w_kstr(&w, S("kind"), sums[i].kind);
        json_w_ki64(&w, S("count"), (int64_t)sums[i].n);
        json_w_end(&w);
    }
    json_w_end(&w);
    json_w_kstrs(&w, S("errors"), NULL, 0);
    json_w_end(&w);
    json_w_end(&w);
    return api_call_done(c, 200, err);
}

/* --- queries about things --- */

static void write_query(struct api_call *c, struct json_w *w, const struct content_explore *x)
{
    str types[CONTENT_RULE_MAX_MAPPINGS];

    for (size_t i = 0; i < x->n_mappings; i++)
        types[i] = x->mappings[i].type;
    json_w_object(w);
    json_w_kstr(w, S("id"),
                arena_printf(c->arena, STR_FMT "/providers/Microsoft.SecurityInsights/entityQueries/" STR_FMT,
                             STR_ARG(c->api->opts.scopes->workspace_arm), STR_ARG(x->id)));
    json_w_kstr(w, S("name"), x->id);
    json_w_kstr(w, S("type"), S("Microsoft.SecurityInsights/entityQueries"));
    json_w_kstr(w, S("kind"), content_explore_kind_name(x->kind));
    json_w_key(w, S("properties"));
    json_w_object(w);
    json_w_kstr(w, S("displayName"), x->title);
    json_w_kstr(w, S("description"), x->description);
    json_w_kstr(w, S("inputEntityType"), x->type);
    json_w_kstrs(w, S("outputEntityTypes"), types, x->n_mappings);
    json_w_kstr(w, S("queryTemplate"), x->query);
    json_w_end(w);
    json_w_end(w);
}

enum rc api_entities_query_list(struct api_call *c, struct err *err)
{
    str           kind = http_req_param(c->req, S("kind"));
    struct json_w w = api_call_list(c);

    for (size_t i = 0; i < api_explore_count(c); i++) {
        const struct content_explore *x = api_explore_at(c, i);
        if (x->kind != CONTENT_HUNTING && (!kind.n || str_eq_ci(kind, content_explore_kind_name(x->kind))))
            write_query(c, &w, x);
    }
    if (!kind.n || str_eq_ci(kind, S("Activity")))
        TRY(api_automation_activities(c, &w, err));
    return api_call_list_end(c, &w, S(""), err);
}

enum rc api_entities_query(struct api_call *c, struct err *err)
{
    const struct content_explore *x = api_explore_find(c, api_call_param(c, "query"));

    if (!x || x->kind == CONTENT_HUNTING) /* then it is one of people's own */
        return api_automation_activity_get(c, err);
    struct json_w w = api_call_json(c);
    write_query(c, &w, x);
    return api_call_done(c, 200, err);
}
