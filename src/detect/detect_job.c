/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/detect_job.h"

#include "base/vec.h"
#include "detect/detect_run.h"

/* A probe pays from so many windows on, when it reads what was ingested lately or not much more than they
 * would. */
enum { PROBE_FROM = 3, PROBE_EXCESS = 4 };
#define PROBE_RECENT DAYS(1)

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

static bool overlap(struct detect_span a, struct detect_span b)
{
    return a.from < b.to && a.to > b.from;
}

static bool touches(const struct detect_spans *spans, struct detect_span with)
{
    for (size_t i = 0; i < spans->n; i++)
        if (overlap(spans->p[i], with))
            return true;
    return false;
}

static bool rows_in(const struct detect_bins *bins, struct detect_span span)
{
    for (size_t i = 0; i < bins->n; i++)
        if (overlap(bins->p[i].events, span))
            return true;
    return false;
}

/* From the beginning of the first to the end of the last. */
static struct detect_span hull(const struct detect_spans *spans)
{
    struct detect_span h = spans->p[0];

    for (size_t i = 1; i < spans->n; i++) {
        h.from = spans->p[i].from < h.from ? spans->p[i].from : h.from;
        h.to = spans->p[i].to > h.to ? spans->p[i].to : h.to;
    }
    return h;
}

static enum rc new_rows(struct running *r, struct detect_spans *out, struct err *err)
{
    const struct detect_job *job = r->job;
    struct detect_bins       bins = { 0 };

    for (size_t i = 0; i < job->n_tables; i++) {
        TRY(job->logs->ensure(job->logs->ctx, job->tables[i], err));
        TRY(detect_activity_new_rows(job->activity, job->tables[i], job->ingested, r->arena, &bins, err));
    }
    for (size_t i = 0; i < job->pending.n; i++)
        *vec_push_in(r->arena, out) = job->pending.p[i];
    for (size_t i = 0; i < bins.n; i++)
        *vec_push_in(r->arena, out) = bins.p[i].events;
    return RC_OK;
}

static enum rc old_rows(struct running *r, struct detect_span span, struct detect_bins *out, struct err *err)
{
    const struct detect_job *job = r->job;

    for (size_t i = 0; i < job->n_tables; i++)
        TRY(detect_activity_old_rows(job->activity, job->tables[i], span, job->ingested.from, r->arena, out,
                                     err));
    return RC_OK;
}

/* New rows only, whenever they are: one query does for all. */
static void plan_whole(struct running *r, const struct detect_spans *spans)
{
    r->windows.p[r->windows.n++] = hull(spans);
}

static enum rc plan(struct running *r, struct detect_spans *left, struct err *err)
{
    const struct detect_job *job = r->job;
    struct detect_spans      spans = { 0 };
    struct detect_bins       old = { 0 };

    TRY(new_rows(r, &spans, err));
    r->windows.p = ARENA_ARRAY(r->arena, struct detect_span, DETECT_JOB_MAX_WINDOWS);
    if (!spans.n)
        return RC_OK;
    if (job->timing.whole) {
        plan_whole(r, &spans);
        return RC_OK;
    }
    /* Older rows behind the new ones. The stretch does not hang on the period, so that rules share the
     * answer. */
    struct detect_span h = hull(&spans);
    TRY(old_rows(r, (struct detect_span) { h.from, h.to + DETECT_ACTIVITY_AHEAD }, &old, err));
    spans.n = detect_window_merge(spans.p, spans.n, job->timing.period);
    for (size_t i = 0; i < spans.n; i++) {
        struct detect_span rest, behind = { spans.p[i].to, spans.p[i].from + job->timing.period };
        r->windows.n +=
            detect_window_plan(&job->timing, spans.p[i], rows_in(&old, behind), r->windows.p + r->windows.n,
                               DETECT_JOB_MAX_WINDOWS - r->windows.n, &rest);
        if (rest.from < rest.to)
            *vec_push_in(r->arena, left) = rest;
    }
    return RC_OK;
}

/* --- the probe --- */

/* When the first row that any of the windows sees was ingested. */
static ts first_ingested(const struct running *r, const struct detect_bins *old)
{
    ts first = r->job->ingested.from;

    for (size_t i = 0; i < old->n; i++)
        if (old->p[i].ingested < first && touches(&r->windows, old->p[i].events))
            first = old->p[i].ingested;
    return first;
}

/* May one query over all windows stand for them? `run` gets it. It reads what was ingested since the first
 * row that matters; where that is long ago, it must not read much more than the windows would. */
static enum rc plan_probe(struct running *r, struct detect_run *run, bool *out, struct err *err)
{
    const struct detect_job *job = r->job;
    struct detect_bins       old = { 0 };

    *out = false;
    if (r->windows.n < PROBE_FROM || !job->rule->monotone || job->timing.each_end || job->timing.whole ||
        job->timed || job->rule->trigger != CONTENT_GT || job->rule->threshold != 0)
        return RC_OK;
    *run = (struct detect_run) { .rule = job->rule,
                                 .window = hull(&r->windows),
                                 .ingested.to = job->ingested.to };
    TRY(old_rows(r, run->window, &old, err));
    run->ingested.from = first_ingested(r, &old);
    duration all = (duration)r->windows.n * job->timing.period;
    *out = job->ingested.to - run->ingested.from <= PROBE_RECENT ||
           run->window.to - run->window.from <= PROBE_EXCESS * all;
    return RC_OK;
}

/* Keeps the windows that something the probe found may lie in. */
static enum rc probe(struct running *r, struct err *err)
{
    struct detect_run    run;
    struct detect_result found;
    struct detect_spans  hits = { 0 };
    bool                 may;
    size_t               kept = 0;

    TRY(plan_probe(r, &run, &may, err));
    if (!may)
        return RC_OK;
    arena_reset(r->window);
    TRY(detect_run_window(r->job->logs, &run, r->window, &found, err));
    bool timed = detect_row_column(&found.rows, S("StartTime")) >= 0 &&
                 detect_row_column(&found.rows, S("EndTime")) >= 0;
    if (found.truncated || (found.rows.n && !timed))
        return RC_OK;
    for (size_t i = 0; i < found.rows.n; i++)
        *vec_push_in(r->arena, &hits) =
            (struct detect_span) { found.rows.p[i].start, found.rows.p[i].end + 1 };
    for (size_t i = 0; i < r->windows.n; i++)
        if (touches(&hits, r->windows.p[i]))
            r->windows.p[kept++] = r->windows.p[i];
    r->report->windows += r->windows.n - kept; /* judged by the probe */
    r->windows.n = kept;
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
    r->report->window = hull(&r->windows);
    TRY(probe(r, err));
    for (size_t i = 0; i < r->windows.n; i++)
        TRY(run_window(r, r->windows.p[i], err));
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
