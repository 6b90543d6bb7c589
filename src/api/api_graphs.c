/* SPDX-License-Identifier: Apache-2.0 */
/* Investigation: all about a thing, where a query leads from it, an incident's graph and timeline. */
#include "api/api_by.h"
#include "api/api_explore.h"
#include "api/api_handlers.h"
#include "incident/incident_graph.h"
#include "incident/incident_risk.h"
#include "incident/incident_timeline.h"

static struct incident_store *store(const struct api_call *c)
{
    return c->api->opts.incidents;
}

static struct json_w begin(struct api_call *c)
{
    struct json_w w = api_call_json(c);
    json_w_object(&w);
    json_w_key(&w, S("properties"));
    json_w_object(&w);
    return w;
}

static enum rc end(struct api_call *c, struct json_w *w, int status, struct err *err)
{
    json_w_end(w);
    json_w_end(w);
    return api_call_done(c, status, err);
}

/* --- all about a thing --- */

static void write_risk(struct json_w *w, const struct incident_risk *r)
{
    json_w_key(w, S("risk"));
    json_w_object(w);
    json_w_kdouble(w, S("score"), r->score);
    json_w_kbool(w, S("cutAt100"), r->cut);
    json_w_key(w, S("terms"));
    json_w_array(w);
    for (size_t i = 0; i < r->n_terms; i++) {
        const struct incident_risk_term *t = &r->terms[i];
        json_w_object(w);
        json_w_kstr(w, S("alert"), t->alert);
        json_w_kstr(w, S("title"), t->title);
        json_w_ktime(w, S("time"), t->time);
        json_w_kstr(w, S("verdict"), t->verdict);
        json_w_kdouble(w, S("points"), t->points);
        json_w_kdouble(w, S("decay"), t->decay);
        json_w_kdouble(w, S("factor"), t->factor);
        json_w_kdouble(w, S("product"), t->product);
        json_w_end(w);
    }
    json_w_end(w);
    json_w_end(w);
}

static enum rc write_merges(struct api_call *c, struct json_w *w, str name, struct err *err)
{
    struct incident_entity_merge *list;
    size_t                        n;

    TRY(incident_entity_merges(store(c), name, c->arena, &list, &n, err));
    json_w_key(w, S("merges"));
    json_w_array(w);
    for (size_t i = 0; i < n; i++) {
        json_w_object(w);
        json_w_ki64(w, S("id"), list[i].id);
        json_w_ktime(w, S("time"), list[i].time);
        json_w_kstr(w, S("kept"), list[i].kept);
        json_w_kstr(w, S("gone"), list[i].gone);
        json_w_kstr(w, S("reason"), list[i].reason);
        json_w_kstr(w, S("who"), list[i].who);
        json_w_kbool(w, S("undone"), list[i].undone);
        if (list[i].undone)
            json_w_kstr(w, S("undoneBy"), list[i].undone_by);
        json_w_end(w);
    }
    json_w_end(w);
    return RC_OK;
}

/* The incidents of its alerts, each once, the newest alert first. */
static enum rc write_incidents(struct api_call *c, struct json_w *w, str name, struct err *err)
{
    struct incident_alert            *alerts;
    size_t                            n;
    const struct incident_entity_span span = { name, 0, TS_MAX, 1000 };

    TRY(incident_entity_alerts(store(c), &span, c->arena, &alerts, &n, err));
    json_w_key(w, S("alerts"));
    json_w_array(w);
    for (size_t i = 0; i < n && i < 100; i++)
        incident_json_alert(w, &c->api->incident_scope, &alerts[i]);
    json_w_end(w);
    json_w_key(w, S("incidents"));
    json_w_array(w);
    for (size_t i = 0; i < n; i++) {
        struct incident in;
        bool            known = !alerts[i].incident.n;
        for (size_t k = 0; k < i && !known; k++)
            known = str_eq(alerts[k].incident, alerts[i].incident);
        if (known || incident_get(store(c), alerts[i].incident, c->arena, &in, NULL) != RC_OK)
            continue;
        incident_json_incident(w, &c->api->incident_scope, &in);
    }
    json_w_end(w);
    return RC_OK;
}

enum rc api_graphs_page(struct api_call *c, struct err *err)
{
    str                         name = api_call_param(c, "entity");
    struct incident_entity_page page;
    struct incident_risk        risk;

    TRY(incident_entity_get(store(c), name, c->arena, &page, err));
    TRY(incident_risk_of(store(c), name, c->arena, &risk, err));
    struct json_w w = begin(c);
    json_w_key(&w, S("entity"));
    incident_json_entity(&w, &c->api->incident_scope, &page.entity);
    json_w_kstr(&w, S("label"), page.entity.name);
    json_w_kstrs(&w, S("identities"), page.identities, page.n_identities);
    json_w_kstrs(&w, S("names"), page.names, page.n_names);
    json_w_ktime_known(&w, S("firstSeen"), page.first_seen);
    json_w_ktime_known(&w, S("lastSeen"), page.last_seen);
    json_w_ki64(&w, S("alertsCount"), page.entity.n_alerts);
    write_risk(&w, &risk);
    TRY(write_merges(c, &w, name, err));
    TRY(write_incidents(c, &w, name, err));
    json_w_key(&w, S("queries"));
    json_w_array(&w);
    for (size_t i = 0; i < api_explore_count(c); i++)
        if (str_eq(api_explore_at(c, i)->type, page.said.type->name))
            api_explore_write(&w, api_explore_at(c, i));
    json_w_end(&w);
    return end(c, &w, 200, err);
}

enum rc api_graphs_part(struct api_call *c, struct err *err)
{
    struct incident_by by = api_by_of(c);
    int64_t            merge;

    if (!str_to_i64(api_call_param(c, "merge"), &merge))
        return api_call_fail(c, 404, "ResourceNotFound", err, "A merge has a number.");
    TRY(incident_entity_part(store(c), merge, &by, err));
    api_call_empty(c, 204);
    return RC_OK;
}

enum rc api_graphs_merge(struct api_call *c, struct err *err)
{
    struct incident_by by = api_by_of(c);
    str                with = json_str(json_get(c->json, S("properties")), S("with"), S(""));

    TRY(incident_entity_join(store(c), api_call_param(c, "entity"), with, &by, err));
    api_call_empty(c, 204);
    return RC_OK;
}

/* --- where a query leads --- */

enum rc api_graphs_explore(struct api_call *c, struct err *err)
{
    const struct json             *body, *props;
    struct api_explore_asked       asked = { .entity = api_call_param(c, "entity") };
    struct incident_explore_result r;

    TRY(api_call_object(c, &body, err));
    props = json_get(body, S("properties"));
    asked.what = api_explore_find(c, json_str(props, S("query"), S("")));
    if (!asked.what)
        return api_call_fail(c, 404, "ResourceNotFound", err, "There is no query '" STR_FMT "'.",
                             STR_ARG(str_slice(json_str(props, S("query"), S("")), 0, 64)));
    TRY(api_explore_span(c, props, &asked.from, &asked.to, err));
    TRY(api_explore_run(c, &asked, &r, err));
    struct json_w w = begin(c);
    json_w_kstr(&w, S("title"), asked.what->title);
    json_w_kstr(&w, S("query"), r.query);
    json_w_ktime(&w, S("startTime"), asked.from);
    json_w_ktime(&w, S("endTime"), asked.to);
    json_w_key(&w, S("columns"));
    json_w_raw(&w, r.columns);
    json_w_key(&w, S("rows"));
    json_w_raw(&w, r.rows);
    json_w_kbool(&w, S("partial"), r.partial);
    json_w_kstr(&w, S("why"), r.why);
    json_w_key(&w, S("entities"));
    json_w_array(&w);
    for (size_t i = 0; i < r.n_entities; i++)
        incident_json_entity(&w, &c->api->incident_scope, &r.entities[i]);
    json_w_end(&w);
    json_w_key(&w, S("edges"));
    json_w_array(&w);
    for (size_t i = 0; i < r.n_edges; i++) {
        json_w_object(&w);
        json_w_kstr(&w, r.edges[i].is_alert ? S("alert") : S("entity"), r.edges[i].target);
        json_w_ki64(&w, S("row"), (int64_t)r.edges[i].row);
        json_w_end(&w);
    }
    json_w_end(&w);
    return end(c, &w, 200, err);
}

/* --- the graph --- */

enum rc api_graphs_get(struct api_call *c, struct err *err)
{
    struct incident_graph g;

    TRY(incident_graph_get(store(c), api_call_param(c, "incident"), c->arena, &g, err));
    struct json_w w = begin(c);
    json_w_key(&w, S("alerts"));
    json_w_array(&w);
    for (size_t i = 0; i < g.n_alerts; i++)
        incident_json_alert(&w, &c->api->incident_scope, &g.alerts[i]);
    json_w_end(&w);
    json_w_key(&w, S("entities"));
    json_w_array(&w);
    for (size_t i = 0; i < g.n_entities; i++)
        incident_json_entity(&w, &c->api->incident_scope, &g.entities[i]);
    json_w_end(&w);
    json_w_key(&w, S("edges"));
    json_w_array(&w);
    for (size_t i = 0; i < g.n_edges; i++) {
        json_w_object(&w);
        json_w_kstr(&w, S("alert"), g.edges[i].alert);
        json_w_kstr(&w, S("entity"), g.edges[i].entity);
        json_w_key(&w, S("rows"));
        json_w_array(&w);
        for (size_t k = 0; k < g.edges[i].n_rows; k++)
            json_w_i64(&w, (int64_t)g.edges[i].rows[k]);
        json_w_end(&w);
        json_w_end(&w);
    }
    json_w_end(&w);
    return end(c, &w, 200, err);
}

static void write_saved(struct json_w *w, const struct incident_graph_saved *g)
{
    json_w_object(w);
    json_w_kstr(w, S("name"), g->name);
    json_w_key(w, S("properties"));
    json_w_object(w);
    json_w_kstr(w, S("title"), g->title);
    json_w_ki64(w, S("version"), g->version);
    json_w_ktime(w, S("createdTimeUtc"), g->created);
    incident_json_person(w, S("createdBy"), &g->who);
    if (g->graph.n) {
        json_w_key(w, S("graph"));
        json_w_raw(w, g->graph);
    }
    json_w_end(w);
    json_w_end(w);
}

enum rc api_graphs_list(struct api_call *c, struct err *err)
{
    struct incident_graph_saved *list;
    size_t                       n;

    TRY(incident_graph_list(store(c), api_call_param(c, "incident"), c->arena, &list, &n, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < n; i++)
        write_saved(&w, &list[i]);
    return api_call_list_end(c, &w, S(""), err);
}

enum rc api_graphs_load(struct api_call *c, struct err *err)
{
    struct incident_graph_saved g;
    int64_t                     version = 0;
    str                         asked = http_req_param(c->req, S("version"));

    if (asked.n && !str_to_i64(asked, &version))
        return api_call_fail(c, 400, "BadRequest", err, "version is a number.");
    TRY(incident_graph_load(store(c), api_call_param(c, "incident"), api_call_param(c, "graph"), version,
                            c->arena, &g, err));
    struct json_w w = api_call_json(c);
    write_saved(&w, &g);
    return api_call_done(c, 200, err);
}

enum rc api_graphs_save(struct api_call *c, struct err *err)
{
    const struct json          *body, *props, *graph;
    AUTO_STRBUF                 text = STRBUF_INIT(INCIDENT_GRAPH_MAX_BYTES + 1);
    struct incident_graph_save  save = { .incident = api_call_param(c, "incident"),
                                         .name = api_call_param(c, "graph"),
                                         .by = api_by_of(c) };
    struct incident_graph_saved out;

    TRY(api_call_object(c, &body, err));
    props = json_get(body, S("properties"));
    graph = json_get(props, S("graph"));
    if (!graph || graph->kind != JSON_OBJECT)
        return api_call_fail(c, 400, "BadRequest", err, "properties.graph is an object.");
    json_print(&text, graph, 0);
    TRY(strbuf_ok(&text, "properties.graph", err));
    save.graph = strbuf_view(&text);
    save.title = json_str(props, S("title"), S(""));
    save.after = json_i64(props, S("version"), 0);
    TRY(incident_graph_save(store(c), &save, c->arena, &out, err));
    struct json_w w = api_call_json(c);
    write_saved(&w, &out);
    return api_call_done(c, save.after ? 200 : 201, err);
}

/* --- the timeline --- */

enum rc api_graphs_timeline(struct api_call *c, struct err *err)
{
    struct incident_timeline_item *list;
    size_t                         n;

    TRY(incident_timeline_get(store(c), api_call_param(c, "incident"), c->arena, &list, &n, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < n; i++) {
        const struct incident_timeline_item *t = &list[i];
        json_w_object(&w);
        json_w_ktime(&w, S("time"), t->time);
        json_w_ktime(&w, S("endTime"), t->end);
        json_w_kstr(&w, S("kind"), t->kind);
        json_w_kstr(&w, S("title"), t->title);
        json_w_kstr(&w, S("detail"), t->detail);
        json_w_kstr(&w, S("who"), t->who);
        if (t->ref.n)
            json_w_kstr(&w, S("ref"), t->ref);
        if (str_eq(t->kind, S("alert")))
            json_w_kstr(&w, S("severity"), content_rule_severity_name(t->severity));
        if (t->act)
            json_w_ki64(&w, S("act"), t->act);
        json_w_end(&w);
    }
    return api_call_list_end(c, &w, S(""), err);
}
