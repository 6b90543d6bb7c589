/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/detect_job.h"

#include "base/vec.h"
#include "detect/detect_run.h"

struct running {
    const struct detect_job *job;
    struct arena            *arena;  /* of the job */
    struct arena            *window; /* of the window that runs */
    struct detect_spans      windows;
    struct detect_report    *report;
};

static enum rc book(struct running *r, struct detect_result *result, struct err *err)
{
    const struct detect_job *job = r->job;
    AUTO(state_tx) tx = NULL;
    struct detect_context c = {
        .rows = &result->rows,
        .table = result->table,
        .now = env_now(job->env),
        .ingested_to = job->ingested.to,
    };

    TRY(state_tx_write(job->state, &tx, err));
    enum rc rc = detect_book_window(tx, &c, job->sink, &r->report->booked, err);
    if (rc == RC_OK)
        rc = state_tx_commit(tx, err);
    tx = state_tx_free(tx);
    if (job->sink->settled)
        job->sink->settled(job->sink->ctx, rc == RC_OK);
    return rc;
}

static enum rc run_window(struct running *r, struct detect_span window, struct err *err)
{
    const struct detect_job *job = r->job;
    struct detect_run        run = {
               .rule = job->rule,
               .window = window,
               .ingested = { job->timing.whole ? job->ingested.from : 0, job->ingested.to },
    };
    struct detect_result result;

    if (job->stop && atomic_load(job->stop))
        return err_set(err, RC_CANCELLED, "the server is stopping");
    arena_reset(r->window);
    TRY(detect_run_window(job->logs, &run, r->window, &result, err));
    r->report->windows++;
    r->report->rows += result.rows.n;
    r->report->truncated += result.truncated;
    if (!detect_book_fires(job->rule, result.rows.n))
        return RC_OK;
    return book(r, &result, err);
}

/* Do older rows lie behind the span, near enough to be judged together with it? */
static enum rc rows_behind(struct running *r, struct detect_span span, bool *out, struct err *err)
{
    const struct detect_job *job = r->job;
    struct detect_span       behind = { span.to, span.from + job->timing.period };

    *out = false;
    if (job->timing.whole || behind.from >= behind.to)
        return RC_OK;
    for (size_t i = 0; i < job->n_tables && !*out; i++)
        TRY(detect_activity_any(job->logs, job->tables[i], behind, job->ingested.from, out, err));
    return RC_OK;
}

static enum rc plan(struct running *r, struct detect_spans *left, struct err *err)
{
    const struct detect_job *job = r->job;
    struct detect_spans      spans = { 0 };

    for (size_t i = 0; i < job->pending.n; i++)
        *vec_push_in(r->arena, &spans) = job->pending.p[i];
    for (size_t i = 0; i < job->n_tables; i++) {
        TRY(job->logs->ensure(job->logs->ctx, job->tables[i], err));
        TRY(detect_activity_spans(job->logs, job->tables[i], job->ingested, r->arena, &spans, err));
    }
    spans.n = detect_window_merge(spans.p, spans.n, job->timing.period);
    if (job->timing.whole && spans.n) { /* new rows only, whenever they are: one query does for all */
        spans.p[0].to = spans.p[spans.n - 1].to;
        spans.n = 1;
    }
    r->windows.p = ARENA_ARRAY(r->arena, struct detect_span, DETECT_JOB_MAX_WINDOWS);
    for (size_t i = 0; i < spans.n; i++) {
        struct detect_span rest;
        bool               behind = false;
        if (r->windows.n < DETECT_JOB_MAX_WINDOWS)
            TRY(rows_behind(r, spans.p[i], &behind, err));
        r->windows.n += detect_window_plan(&job->timing, spans.p[i], behind, r->windows.p + r->windows.n,
                                           DETECT_JOB_MAX_WINDOWS - r->windows.n, &rest);
        if (rest.from < rest.to)
            *vec_push_in(r->arena, left) = rest;
    }
    return RC_OK;
}

static void plan_timed(struct running *r)
{
    ts to = r->job->ingested.to;

    r->windows.p = ARENA_NEW(r->arena, struct detect_span);
    r->windows.p[r->windows.n++] = (struct detect_span) { to - r->job->rule->period, to };
}

static enum rc run_all(struct running *r, struct detect_spans *left, struct err *err)
{
    if (r->job->timed)
        plan_timed(r);
    else
        TRY(plan(r, left, err));
    r->report->left = left->n;
    if (!r->windows.n)
        return RC_OK;
    r->report->window.from = r->windows.p[0].from;
    for (size_t i = 0; i < r->windows.n; i++) {
        r->report->window.to = r->windows.p[i].to;
        TRY(run_window(r, r->windows.p[i], err));
    }
    return RC_OK;
}

enum rc detect_job_run(const struct detect_job *job, struct arena *a, struct detect_spans *left,
                       struct detect_report *report, struct err *err)
{
    AUTO(arena) window = arena_new(DETECT_RUN_ARENA);
    struct running r = { .job = job, .arena = a, .window = window, .report = report };
    int64_t        began = env_monotonic_ns(job->env);
    struct err     why = { 0 };

    *report = (struct detect_report) {
        .rule = job->rule,
        .window = { job->ingested.to, job->ingested.to },
        .ingested = job->ingested,
        .when = env_now(job->env),
    };
    *left = (struct detect_spans) { 0 };
    enum rc rc = run_all(&r, left, &why);
    report->took = (env_monotonic_ns(job->env) - began) / 100;
    report->rc = rc;
    if (rc == RC_OK)
        return RC_OK;
    report->error = arena_str(a, str_of(why.text));
    return err_set(err, rc, "%s", why.text);
}

str detect_job_spans_text(struct arena *a, const struct detect_spans *spans)
{
    AUTO_STRBUF text = STRBUF_INIT(DETECT_JOB_MAX_PENDING * 48);

    strbuf_addc(&text, '[');
    for (size_t i = 0; i < spans->n && i < DETECT_JOB_MAX_PENDING; i++)
        strbuf_addf(&text, "%s[%lld,%lld]", i ? "," : "", (long long)spans->p[i].from,
                    (long long)spans->p[i].to);
    strbuf_addc(&text, ']');
    return arena_str(a, strbuf_view(&text));
}

enum rc detect_job_spans_read(struct arena *a, str text, struct detect_spans *out, struct err *err)
{
    const struct json *doc;

    *out = (struct detect_spans) { 0 };
    if (!text.n)
        return RC_OK;
    TRY(json_parse(a, text, &doc, err));
    for (size_t i = 0; doc->kind == JSON_ARRAY && i < doc->n; i++) {
        const struct json *from = json_at(json_at(doc, i), 0), *to = json_at(json_at(doc, i), 1);
        if (!from || !to || from->kind != JSON_INT || to->kind != JSON_INT)
            return err_set(err, RC_CORRUPT, "the pending spans of a rule are not pairs of times");
        *vec_push_in(a, out) = (struct detect_span) { from->i, to->i };
    }
    return RC_OK;
}
