/* SPDX-License-Identifier: Apache-2.0 */
/* Vedette.Operations: what Azure's providers have no route for. */
#include <unistd.h>

#include "api/api_figures.h"
#include "api/api_handlers.h"
#include "api/api_priv.h"
#include "detect/detect.h"

static struct incident_store *store(const struct api_call *c)
{
    return c->api->opts.incidents;
}

static struct json_w begin_properties(struct api_call *c)
{
    struct json_w w = api_call_json(c);
    json_w_object(&w);
    json_w_key(&w, S("properties"));
    json_w_object(&w);
    return w;
}

static enum rc end_properties(struct api_call *c, struct json_w *w, struct err *err)
{
    json_w_end(w);
    json_w_end(w);
    return api_call_done(c, 200, err);
}

/* --- overview --- */

static void write_severities(struct json_w *w, const int64_t n[CONTENT_SEVERITY_COUNT_])
{
    json_w_ki64(w, S("high"), n[CONTENT_HIGH]);
    json_w_ki64(w, S("medium"), n[CONTENT_MEDIUM]);
    json_w_ki64(w, S("low"), n[CONTENT_LOW]);
    json_w_ki64(w, S("informational"), n[CONTENT_INFORMATIONAL]);
}

static void write_open(struct json_w *w, const struct incident_overview *o)
{
    int64_t total = 0;

    for (size_t i = 0; i < CONTENT_SEVERITY_COUNT_; i++)
        total += o->open[i];
    json_w_key(w, S("openIncidents"));
    json_w_object(w);
    json_w_ki64(w, S("total"), total);
    write_severities(w, o->open);
    json_w_end(w);
    json_w_ki64(w, S("unassigned"), o->unassigned);
    json_w_ki64(w, S("closedToday"), o->closed_today);
    json_w_key(w, S("newSince"));
    json_w_object(w);
    json_w_ki64(w, S("total"), o->new_since);
    json_w_ki64(w, S("high"), o->new_high_since);
    json_w_end(w);
}

static void write_look_first(struct json_w *w, const struct incident_overview *o)
{
    json_w_key(w, S("lookFirst"));
    json_w_array(w);
    for (size_t i = 0; i < o->n_look_first; i++) {
        const struct incident *n = &o->look_first[i].incident;
        json_w_object(w);
        json_w_kstr(w, S("name"), n->name);
        json_w_ki64(w, S("incidentNumber"), n->number);
        json_w_kstr(w, S("title"), n->title);
        json_w_kstr(w, S("severity"), content_rule_severity_name(n->severity));
        json_w_kstr(w, S("status"), incident_status_name(n->status));
        json_w_ki64(w, S("alertsCount"), n->n_alerts);
        json_w_ktime(w, S("createdTimeUtc"), n->created);
        json_w_kstr(w, S("why"), o->look_first[i].why);
        json_w_end(w);
    }
    json_w_end(w);
}

static void write_changes(struct json_w *w, const struct incident_overview *o)
{
    json_w_key(w, S("changes"));
    json_w_array(w);
    for (size_t i = 0; i < o->n_changes; i++) {
        json_w_object(w);
        json_w_ktime(w, S("time"), o->changes[i].time);
        json_w_kstr(w, S("text"), o->changes[i].text);
        json_w_kstr(w, S("incident"), o->changes[i].incident);
        json_w_end(w);
    }
    json_w_end(w);
    json_w_key(w, S("alertsPerHour"));
    json_w_array(w);
    for (size_t i = 0; i < 24; i++) {
        json_w_object(w);
        json_w_ktime(w, S("hour"), o->per_hour[i].hour);
        write_severities(w, o->per_hour[i].alerts);
        json_w_end(w);
    }
    json_w_end(w);
}

/* Of the intake's own counters, the rows that it could not keep; -1 when it cannot be asked. */
static int64_t lost_rows(struct api_call *c)
{
    const struct http_call call = { .target = S("/metrics"), .wait = SECONDS(2) };
    struct http_reply      reply;
    str                    rest, line;
    int64_t                lost = 0;

    if (http_client_call(c->api->opts.intake, &call, c->arena, &reply, NULL) != RC_OK || reply.status != 200)
        return -1;
    rest = reply.body;
    while (str_split(&rest, '\n', &line)) {
        size_t blank = str_rfind_byte(line, ' ');
        double v;
        if (blank != STR_NPOS && str_starts(line, S("vedette_ingest_")) &&
            str_ends(str_slice(line, 0, blank), S("_lost_total")) &&
            str_to_double(str_from(line, blank + 1), &v))
            lost += (int64_t)v;
    }
    return lost;
}

static void write_ingest(struct api_call *c, struct json_w *w, const struct api_figures_all *f, ts now)
{
    int64_t lost = lost_rows(c);

    json_w_key(w, S("ingest"));
    json_w_object(w);
    json_w_kdouble(w, S("rowsPerSecond"), (double)f->rows_minute / 60.0);
    json_w_ki64(w, S("rows24h"), (int64_t)f->rows_24h);
    json_w_key(w, S("lost"));
    if (lost < 0)
        json_w_null(w); /* not measured is not zero */
    else
        json_w_i64(w, lost);
    json_w_key(w, S("delaySeconds"));
    if (f->watermark)
        json_w_double(w, now > f->watermark ? (double)(now - f->watermark) / (double)TS_PER_SECOND : 0.0);
    else
        json_w_null(w);
    json_w_end(w);
    json_w_key(w, S("sources"));
    json_w_array(w);
    for (size_t i = 0; i < f->n_tables; i++) {
        const struct api_figures_table *t = &f->tables[i];
        json_w_object(w);
        json_w_kstr(w, S("name"), t->name);
        json_w_kstr(w, S("table"), t->name);
        json_w_ktime(w, S("lastSeen"), t->last_ingested);
        json_w_ki64(w, S("rows24h"), (int64_t)t->rows_24h);
        json_w_ki64(w, S("silentMinutes"),
                    now > t->last_ingested ? (now - t->last_ingested) / MINUTES(1) : 0);
        json_w_end(w);
    }
    json_w_end(w);
}

enum rc api_ops_overview(struct api_call *c, struct err *err)
{
    struct incident_overview overview;
    struct api_figures_all   figures;
    ts                       now = env_now(c->api->opts.env), since = now - HOURS(24);
    str                      asked = http_req_param(c->req, S("since"));

    if (asked.n && !ts_parse(asked, &since))
        return api_call_fail(c, 400, "BadRequest", err, "since is a time, not '" STR_FMT "'.",
                             STR_ARG(asked));
    TRY(incident_overview(store(c), since, c->arena, &overview, err));
    api_figures_get(c->api->figures, c->arena, &figures);
    struct json_w w = begin_properties(c);
    json_w_ktime(&w, S("since"), since);
    write_open(&w, &overview);
    write_look_first(&w, &overview);
    write_changes(&w, &overview);
    write_ingest(c, &w, &figures, now);
    return end_properties(c, &w, err);
}

enum rc api_ops_counts(struct api_call *c, struct err *err)
{
    struct incident_counts n;

    TRY(incident_counts(store(c), c->who.id, &n, err));
    struct json_w w = begin_properties(c);
    json_w_ki64(&w, S("open"), n.open);
    json_w_ki64(&w, S("mine"), n.mine);
    json_w_ki64(&w, S("unassigned"), n.unassigned);
    json_w_ki64(&w, S("highLastHour"), n.high_last_hour);
    json_w_ki64(&w, S("closedToday"), n.closed_today);
    json_w_ki64(&w, S("total"), n.total);
    return end_properties(c, &w, err);
}

/* --- an incident's evidence and history --- */

enum rc api_ops_rows(struct api_call *c, struct err *err)
{
    struct incident_rows rows;
    str                  alert = http_req_param(c->req, S("alert"));

    if (!alert.n)
        return api_call_fail(c, 400, "BadRequest", err, "The parameter alert (a systemAlertId) is required.");
    TRY(incident_rows(store(c), api_call_param(c, "incident"), alert, c->arena, &rows, err));
    struct json_w w = api_call_json(c);
    json_w_object(&w);
    json_w_key(&w, S("properties"));
    incident_json_rows(&w, &rows);
    json_w_end(&w);
    return api_call_done(c, 200, err);
}

enum rc api_ops_history(struct api_call *c, struct err *err)
{
    struct incident_history *list;
    size_t                   n;

    TRY(incident_history(store(c), api_call_param(c, "incident"), c->arena, &list, &n, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < n; i++)
        incident_json_history(&w, &list[i]);
    return api_call_list_end(c, &w, S(""), err);
}

/* --- events, status, cancellation --- */

enum rc api_ops_events(struct api_call *c, struct err *err)
{
    return http_sse_listen(c->api->events, c->res, err);
}

static void write_own_process(struct json_w *w)
{
    json_w_object(w);
    json_w_kstr(w, S("name"), S("server"));
    json_w_ki64(w, S("pid"), getpid());
    json_w_kstr(w, S("state"), S("running"));
    json_w_ki64(w, S("restarts"), 0);
    json_w_end(w);
}

enum rc api_ops_status(struct api_call *c, struct err *err)
{
    const struct api_hooks *hooks = &c->api->opts.hooks;
    struct api_figures_all  figures;
    ts                      now = env_now(c->api->opts.env);

    api_figures_get(c->api->figures, c->arena, &figures);
    struct json_w w = begin_properties(c);
    json_w_kstr(&w, S("version"), S(VEDETTE_VERSION));
    json_w_ki64(&w, S("uptimeSeconds"), (now - c->api->started) / TS_PER_SECOND);
    json_w_key(&w, S("processes"));
    json_w_array(&w);
    if (hooks->processes)
        hooks->processes(hooks->ctx, &w);
    else
        write_own_process(&w);
    json_w_end(&w);
    json_w_kbool(&w, S("engine"), figures.engine_ok);
    json_w_kbool(&w, S("intake"), figures.intake_ok);
    json_w_ktime(&w, S("watermark"), figures.watermark);
    json_w_ktime(&w, S("time"), now);
    json_w_ktime(&w, S("judgedTo"), c->api->opts.detect ? detect_looked_to(c->api->opts.detect) : 0);
    json_w_ki64(&w, S("queriesRunning"), (int64_t)query_running(c->api->opts.query));
    json_w_ki64(&w, S("listeners"), http_sse_listeners(c->api->events));
    json_w_key(&w, S("warnings"));
    json_w_array(&w);
    if (hooks->warnings)
        hooks->warnings(hooks->ctx, &w);
    json_w_end(&w);
    return end_properties(c, &w, err);
}

enum rc api_ops_cancel(struct api_call *c, struct err *err)
{
    TRY(query_cancel(c->api->opts.query, &c->who, api_call_param(c, "query"), err));
    api_call_empty(c, 204);
    return RC_OK;
}
