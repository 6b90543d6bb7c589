/* SPDX-License-Identifier: Apache-2.0 */
/* Prometheus text: ours, then what the intake counts. */
#include "api/api_figures.h"
#include "api/api_handlers.h"
#include "api/api_priv.h"

enum { MAX_TEXT = 4 << 20 };

static void gauge(struct strbuf *out, const char *name, const char *help, double value)
{
    strbuf_addf(out, "# HELP %s %s\n# TYPE %s gauge\n%s %.17g\n", name, help, name, name, value);
}

static void write_tables(struct strbuf *out, const struct api_figures_all *f)
{
    strbuf_addz(out, "# HELP vedette_table_rows_24h Rows taken in the last 24 h, by table.\n"
                     "# TYPE vedette_table_rows_24h gauge\n");
    for (size_t i = 0; i < f->n_tables; i++)
        strbuf_addf(out, "vedette_table_rows_24h{table=\"" STR_FMT "\"} %llu\n", STR_ARG(f->tables[i].name),
                    (unsigned long long)f->tables[i].rows_24h);
}

static void write_incidents(struct api_call *c, struct strbuf *out)
{
    struct incident_counts n;

    if (incident_counts(c->api->opts.incidents, S(""), &n, NULL) != RC_OK)
        return;
    gauge(out, "vedette_incidents_open", "Incidents that are not closed.", (double)n.open);
    gauge(out, "vedette_incidents_total", "Incidents of all states.", (double)n.total);
}

static void add_intake(struct api_call *c, struct strbuf *out)
{
    const struct http_call call = { .target = S("/metrics"), .wait = SECONDS(2) };
    struct http_reply      reply;

    if (http_client_call(c->api->opts.intake, &call, c->arena, &reply, NULL) == RC_OK && reply.status == 200)
        strbuf_add(out, reply.body);
}

enum rc api_metrics(struct api_call *c, struct err *err)
{
    struct api_figures_all f;
    ts                     now = env_now(c->api->opts.env);

    api_figures_get(c->api->figures, c->arena, &f);
    (void)api_call_json(c);
    struct strbuf *out = &c->out;
    out->max = MAX_TEXT;
    strbuf_addf(out,
                "# HELP vedette_build_info The version that runs.\n# TYPE vedette_build_info gauge\n"
                "vedette_build_info{version=\"%s\"} 1\n",
                VEDETTE_VERSION);
    gauge(out, "vedette_uptime_seconds", "Since the server process started.",
          (double)(now - c->api->started) / (double)TS_PER_SECOND);
    gauge(out, "vedette_engine_up", "1 when the engine answers.", f.engine_ok);
    gauge(out, "vedette_intake_up", "1 when the intake answers.", f.intake_ok);
    gauge(out, "vedette_queries_running", "KQL queries on the engine now.",
          (double)query_running(c->api->opts.query));
    gauge(out, "vedette_event_listeners", "Open streams of events.", http_sse_listeners(c->api->events));
    if (f.watermark)
        gauge(out, "vedette_watermark_age_seconds", "Age of the oldest batch in flight.",
              (double)(now - f.watermark) / (double)TS_PER_SECOND);
    write_tables(out, &f);
    write_incidents(c, out);
    api_cost_write(c->api->cost, out);
    add_intake(c, out);
    TRY(strbuf_ok(out, "the metrics", err));
    api_call_text(c, 200, S("text/plain; version=0.0.4; charset=utf-8"), strbuf_view(out));
    return RC_OK;
}
