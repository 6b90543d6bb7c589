/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/detect.h"

#include <errno.h>
#include <pthread.h>

#include "base/deadline.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/vec.h"
#include "detect/detect_job.h"
#include "detect/detect_rules.h"

/* GIVEN_UP: after so many failures in a row nobody waits for the rule any more; it is still tried. */
enum { GIVEN_UP = 3 };
enum { MAX_WORKERS = 16, MAX_JOB_BYTES = 256 << 20, MAX_ERROR = 400, MAX_REPORTS = 2000 };

#define FLUSH_EVERY SECONDS(2)
#define SAVE_EVERY SECONDS(60)
#define TRIM_EVERY HOURS(1)
#define REFRESH_EVERY SECONDS(5)
#define MAX_BACKOFF SECONDS(60)
#define BUSY_FOR SECONDS(30) /* after a change polls are frequent, then a second apart */
#define IDLE_POLL SECONDS(1)

/* A report that waits to be written; owns its error text. */
struct kept_report {
    struct detect_report report;
    char                 error[MAX_ERROR];
};

struct detect {
    struct detect_opts      opts;
    pthread_mutex_t         lock; /* of everything below */
    pthread_cond_t          wake; /* the scheduler: poll now */
    pthread_cond_t          work; /* the workers: something may be due */
    struct detect_rules     rules;
    struct detect_activity *activity; /* locks itself */
    VEC(struct kept_report) reports;
    size_t      running;
    bool        draining; /* a new set waits until nothing runs */
    bool        woken, stopping;
    atomic_bool stop;
    ts          flushed_at, saved_at, trimmed_at, refreshed_at;
    ts          told_to; /* looked up to, and what that raised is in the tables */
    pthread_t   scheduler, workers[MAX_WORKERS];
    unsigned    n_workers;
    bool        started;
};

enum rc detect_new(const struct detect_opts *opts, struct detect **out, struct err *err)
{
    if (!opts->state || !opts->content || !opts->logs.query || !opts->sink.raise || !opts->env)
        return err_set(err, RC_INVALID, "detect needs state, content, logs, a sink and an env");
    struct detect *d = MEM_NEW(struct detect);

    d->opts = *opts;
    if (!d->opts.workers)
        d->opts.workers = 2;
    if (d->opts.workers > MAX_WORKERS)
        d->opts.workers = MAX_WORKERS;
    if (!d->opts.poll)
        d->opts.poll = MILLIS(300);
    pthread_mutex_init(&d->lock, NULL);
    deadline_cond_init(&d->wake);
    pthread_cond_init(&d->work, NULL);
    detect_rules_init(&d->rules);
    d->activity = detect_activity_new(&d->opts.logs);
    *out = d;
    return RC_OK;
}

/* --- one rule's job --- */

static void keep_report_locked(struct detect *d, const struct detect_report *report)
{
    if (d->reports.n >= MAX_REPORTS)
        return; /* the state has taken nothing for long; its own failure is in the log */
    struct kept_report *k = vec_push(&d->reports);
    k->report = *report;
    (void)snprintf(k->error, sizeof k->error, STR_FMT, STR_ARG(str_slice(report->error, 0, MAX_ERROR - 1)));
}

static duration backoff(unsigned failures)
{
    duration d = SECONDS(1) << (failures < 6 ? failures : 6);
    return d < MAX_BACKOFF ? d : MAX_BACKOFF;
}

/* Only the 1st, 2nd, 4th, 8th … failure in a row is reported, so that a broken rule does not fill Health. */
static bool telling(unsigned failures)
{
    return (failures & (failures - 1)) == 0;
}

static void settle_locked(struct detect *d, struct detect_rule *rule, const struct detect_job *job,
                          const struct detect_spans *left, const struct detect_report *report)
{
    ts now = env_now(d->opts.env);

    rule->running = false;
    d->running--;
    if (report->rc == RC_CANCELLED)
        return;
    if (report->rc != RC_OK) {
        rule->failures++;
        rule->next_at = now + backoff(rule->failures);
        (void)snprintf(rule->result, sizeof rule->result, "failed: " STR_FMT,
                       STR_ARG(str_slice(report->error, 0, 380)));
        if (telling(rule->failures))
            keep_report_locked(d, report);
        return;
    }
    rule->failures = 0;
    rule->growing = report->booked.extended && !report->booked.raised;
    rule->next_at = left->n ? now : now + detect_rules_pause(rule);
    if (job->timed)
        rule->timed_to = job->ingested.to;
    else
        rule->looked_to = job->ingested.to;
    struct arena *kept = arena_new(MAX_JOB_BYTES);
    rule->pending = (struct detect_spans) { 0 };
    for (size_t i = 0; i < left->n; i++)
        *vec_push_in(kept, &rule->pending) = left->p[i];
    arena_free(rule->arena);
    rule->arena = kept;
    if (report->windows) {
        rule->last_run = now;
        (void)snprintf(rule->result, sizeof rule->result, "ok");
        rule->unsaved = true;
        keep_report_locked(d, report);
    }
}

/* Runs the rule's job with the lock released meanwhile. */
static void run_locked(struct detect *d, struct detect_rule *rule, size_t *windows)
{
    AUTO(arena) a = arena_new(MAX_JOB_BYTES);
    struct detect_job job = {
        .rule = rule->rule,
        .tables = rule->tables,
        .n_tables = rule->n_tables,
        .timing = rule->timing,
        .ingested = { rule->looked_to, rule->timed ? d->rules.watermark : d->rules.settled },
        .timed = rule->timed,
        .state = d->opts.state,
        .logs = &d->opts.logs,
        .activity = d->activity,
        .sink = &d->opts.sink,
        .env = d->opts.env,
        .stop = &d->stop,
    };
    struct detect_report report;
    struct detect_spans  left;
    struct err           err = { 0 };

    for (size_t i = 0; i < rule->pending.n; i++)
        *vec_push_in(a, &job.pending) = rule->pending.p[i];
    rule->running = true;
    rule->dirty_since = 0;
    d->running++;
    pthread_mutex_unlock(&d->lock);
    enum rc rc = detect_job_run(&job, a, &left, &report, &err);
    if (rc != RC_OK && rc != RC_CANCELLED)
        log_warn(EV_RULE_FAILED, F_STR("rule", job.rule->id), F_STR("name", job.rule->name), F_ERR(&err));
    pthread_mutex_lock(&d->lock);
    settle_locked(d, rule, &job, &left, &report);
    *windows += report.windows;
}

/* --- bookkeeping --- */

static enum rc write_reports(struct detect *d, struct state_tx *tx, struct kept_report *reports, size_t n,
                             struct err *err)
{
    (void)d;
    for (size_t i = 0; i < n; i++) {
        if (reports[i].error[0])
            reports[i].report.error = str_of(reports[i].error);
        TRY(detect_report_run(tx, &reports[i].report, err));
    }
    return RC_OK;
}

static enum rc write_marks_locked(struct detect *d, struct state_tx *tx, bool all, struct err *err)
{
    AUTO(arena) a = arena_new(MAX_JOB_BYTES);

    for (size_t i = 0; i < d->rules.n; i++) {
        struct detect_rule *r = &d->rules.p[i];
        if (!r->unsaved && !all)
            continue;
        struct detect_mark m = { r->looked_to, r->timed_to, r->last_run, str_of(r->result),
                                 detect_job_spans_text(a, &r->pending) };
        TRY(detect_ledger_mark_put(tx, r->rule->id, &m, err));
    }
    return RC_OK;
}

static bool unsaved_locked(const struct detect *d)
{
    for (size_t i = 0; i < d->rules.n; i++)
        if (d->rules.p[i].unsaved)
            return true;
    return d->reports.n > 0;
}

/* Marks and reports in one transaction. Holds the lock over it: a commit is some milliseconds. */
static enum rc flush_locked(struct detect *d, ts now, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    bool all = now - d->saved_at >= SAVE_EVERY, trim = now - d->trimmed_at >= TRIM_EVERY;

    d->flushed_at = now;
    if (!all && !trim && !unsaved_locked(d))
        return RC_OK;
    TRY(state_tx_write(d->opts.state, &tx, err));
    TRY(write_reports(d, tx, d->reports.p, d->reports.n, err));
    TRY(write_marks_locked(d, tx, all, err));
    if (trim)
        TRY(detect_ledger_trim(tx, now, err));
    TRY(state_tx_commit(tx, err));
    for (size_t i = 0; i < d->rules.n; i++)
        d->rules.p[i].unsaved = false;
    vec_clear(&d->reports);
    if (all)
        d->saved_at = now;
    if (trim)
        d->trimmed_at = now;
    return RC_OK;
}

/* Files that cannot be used and rules that do not compile. */
static enum rc report_unusable_locked(struct detect *d, ts now, struct err *err)
{
    const struct content_set *set = content_store_set(d->rules.held);
    AUTO(state_tx) tx = NULL;

    TRY(state_tx_write(d->opts.state, &tx, err));
    for (size_t i = 0; i < set->n_problems; i++)
        TRY(detect_report_unusable(tx, &set->problems[i], now, err));
    for (size_t i = 0; i < d->rules.n; i++) {
        const struct detect_rule *r = &d->rules.p[i];
        struct content_problem    p = { r->rule->file, r->rule->id, str_of(r->result) };
        if (!r->compiled)
            TRY(detect_report_unusable(tx, &p, now, err));
    }
    return state_tx_commit(tx, err);
}

/* Takes a new set of rules over, once nothing runs. */
static enum rc adopt_locked(struct detect *d, ts now, struct err *err)
{
    AUTO(snapshot) fresh = content_store_get(d->opts.content);

    if (!fresh || (d->rules.held && snapshot_value(fresh) == snapshot_value(d->rules.held)))
        return RC_OK;
    d->draining = true;
    if (d->running)
        return RC_OK;
    TRY(flush_locked(d, now, err));
    TRY(detect_rules_adopt(&d->rules, TAKE(fresh), d->opts.state, &d->opts.logs, now, err));
    d->draining = false;
    return report_unusable_locked(d, now, err);
}

struct noting {
    struct detect *d;
    ts             now;
    VEC(struct noted {
        char     table[130];
        uint64_t mark;
    })
    seen;
};

static void note(void *arg, str table, uint64_t mark)
{
    struct noting *n = arg;
    struct noted   one = { .mark = mark };

    if (str_to_cstr(table, one.table, sizeof one.table))
        *vec_push(&n->seen) = one;
}

/* The watermark first, the marks after it: rows below the watermark are then in the marks. */
static enum rc poll(struct detect *d, struct err *err)
{
    const struct detect_logs *logs = &d->opts.logs;
    struct noting             n = { .d = d };
    ts                        watermark;

    TRY(logs->watermark(logs->ctx, &watermark, err));
    enum rc rc = logs->changes(logs->ctx, note, &n, err);
    if (rc == RC_OK) {
        ts now = env_now(d->opts.env);
        pthread_mutex_lock(&d->lock);
        for (size_t i = 0; i < n.seen.n; i++)
            detect_rules_changed(&d->rules, str_of(n.seen.p[i].table), n.seen.p[i].mark, now);
        detect_rules_watermark(&d->rules, watermark);
        detect_rules_retry(&d->rules, logs, now);
        rc = adopt_locked(d, now, err);
        pthread_mutex_unlock(&d->lock);
    }
    vec_done(&n.seen);
    return rc;
}

/* The lowest ingestion time that every enabled rule has looked up to. */
static ts looked_to_locked(struct detect *d)
{
    ts lowest = d->rules.watermark, newest;

    for (size_t i = 0; i < d->rules.n; i++) {
        struct detect_rule *r = &d->rules.p[i];
        if (!r->rule->enabled || !r->compiled || r->timed || r->failures >= GIVEN_UP)
            continue;
        bool behind = r->running || detect_rules_dirty(&d->rules, r, &newest);
        if (r->pending.n)
            lowest = 0;
        else if (behind && r->looked_to < lowest)
            lowest = r->looked_to;
    }
    return lowest;
}

/* What was looked at before the rows are sent is told once they are. */
static enum rc flush(struct detect *d, struct err *err)
{
    size_t sent;

    pthread_mutex_lock(&d->lock);
    ts      to = looked_to_locked(d);
    enum rc rc = flush_locked(d, env_now(d->opts.env), err);
    pthread_mutex_unlock(&d->lock);
    if (rc == RC_OK && d->opts.outbox)
        rc = detect_outbox_send(d->opts.outbox, &sent, err);
    if (rc != RC_OK)
        return rc;
    pthread_mutex_lock(&d->lock);
    d->told_to = to;
    pthread_mutex_unlock(&d->lock);
    return RC_OK;
}

/* From time to time, and at once when the rules come to rest: people wait for what they raised. */
static bool flush_due(struct detect *d)
{
    pthread_mutex_lock(&d->lock);
    bool due =
        env_now(d->opts.env) - d->flushed_at >= FLUSH_EVERY || looked_to_locked(d) == d->rules.watermark;
    pthread_mutex_unlock(&d->lock);
    return due;
}

enum rc detect_pass(struct detect *d, size_t *ran, struct err *err)
{
    ts newest;

    *ran = 0;
    TRY(poll(d, err));
    pthread_mutex_lock(&d->lock);
    for (size_t i = 0; i < d->rules.n; i++) {
        struct detect_rule *r = &d->rules.p[i];
        if (!r->rule->enabled || !r->compiled)
            continue;
        bool due = r->timed ? d->rules.watermark - r->timed_to >= r->rule->frequency
                            : detect_rules_dirty(&d->rules, r, &newest) || r->pending.n;
        if (due)
            run_locked(d, r, ran);
    }
    pthread_mutex_unlock(&d->lock);
    return flush(d, err);
}

/* --- threads --- */

static struct detect_rule *due_locked(struct detect *d)
{
    ts now = env_now(d->opts.env);

    if (d->draining)
        return NULL;
    for (size_t i = 0; i < d->rules.n; i++)
        if (detect_rules_due(&d->rules, &d->rules.p[i], now))
            return &d->rules.p[i];
    return NULL;
}

static void *work(void *arg)
{
    struct detect *d = arg;
    size_t         windows = 0;

    pthread_mutex_lock(&d->lock);
    while (!d->stopping) {
        struct detect_rule *rule = due_locked(d);
        if (rule)
            run_locked(d, rule, &windows);
        else
            pthread_cond_wait(&d->work, &d->lock);
    }
    pthread_mutex_unlock(&d->lock);
    return NULL;
}

static void pause_locked(struct detect *d)
{
    bool            busy = env_now(d->opts.env) - d->rules.changed_at < BUSY_FOR;
    duration        poll_every = busy || d->opts.poll > IDLE_POLL ? d->opts.poll : IDLE_POLL;
    struct timespec until = deadline_in(poll_every);

    while (!d->woken && !d->stopping)
        if (pthread_cond_timedwait(&d->wake, &d->lock, &until) == ETIMEDOUT)
            break;
    d->woken = false;
}

/* Files of rules that people change come into force by themselves. */
static enum rc refresh(struct detect *d, struct err *err)
{
    bool changed;
    ts   now = env_now(d->opts.env);

    if (now - d->refreshed_at < REFRESH_EVERY)
        return RC_OK;
    d->refreshed_at = now;
    return content_store_refresh(d->opts.content, &changed, err);
}

static void *schedule(void *arg)
{
    struct detect *d = arg;
    bool           stopping = false;
    enum rc        before = RC_OK;

    while (!stopping) {
        struct err err = { 0 };
        if (refresh(d, &err) != RC_OK) /* then the set in force stays */
            log_warn(EV_RULE_FAILED, F_CSTR("rule", "files"), F_ERR(&err));
        enum rc rc = poll(d, &err);
        if (rc == RC_OK && flush_due(d))
            rc = flush(d, &err);
        if (rc != RC_OK && rc != before)
            log_warn(EV_RULE_FAILED, F_CSTR("rule", "scheduler"), F_ERR(&err));
        before = rc;
        pthread_mutex_lock(&d->lock);
        pthread_cond_broadcast(&d->work);
        pause_locked(d);
        stopping = d->stopping;
        pthread_mutex_unlock(&d->lock);
    }
    return NULL;
}

enum rc detect_start(struct detect *d, struct err *err)
{
    int rc = pthread_create(&d->scheduler, NULL, schedule, d);

    if (rc)
        return err_errno(err, RC_INTERNAL, rc, "the scheduler's thread");
    d->started = true;
    while (d->n_workers < d->opts.workers) {
        rc = pthread_create(&d->workers[d->n_workers], NULL, work, d);
        if (rc)
            return err_errno(err, RC_INTERNAL, rc, "a detect worker's thread");
        d->n_workers++;
    }
    return RC_OK;
}

struct detect *detect_free(struct detect *d)
{
    struct err err = { 0 };

    if (!d)
        return NULL;
    atomic_store(&d->stop, true);
    pthread_mutex_lock(&d->lock);
    d->stopping = true;
    pthread_cond_broadcast(&d->wake);
    pthread_cond_broadcast(&d->work);
    pthread_mutex_unlock(&d->lock);
    if (d->started)
        pthread_join(d->scheduler, NULL);
    for (unsigned i = 0; i < d->n_workers; i++)
        pthread_join(d->workers[i], NULL);
    pthread_mutex_lock(&d->lock);
    d->saved_at = 0;
    enum rc rc = flush_locked(d, env_now(d->opts.env), &err);
    pthread_mutex_unlock(&d->lock);
    if (rc != RC_OK)
        log_warn(EV_RULE_FAILED, F_CSTR("rule", "scheduler"), F_ERR(&err));
    detect_rules_done(&d->rules);
    detect_activity_free(d->activity);
    vec_done(&d->reports);
    pthread_cond_destroy(&d->wake);
    pthread_cond_destroy(&d->work);
    pthread_mutex_destroy(&d->lock);
    return mem_free(d);
}

void detect_wake(struct detect *d)
{
    pthread_mutex_lock(&d->lock);
    d->woken = true;
    pthread_cond_signal(&d->wake);
    pthread_mutex_unlock(&d->lock);
}

uint64_t detect_mark(struct detect *d, str table)
{
    pthread_mutex_lock(&d->lock);
    const struct detect_table *t = map_find(d->rules.tables, table);
    uint64_t                   mark = t ? t->mark : 0;
    pthread_mutex_unlock(&d->lock);
    return mark;
}

/* --- status --- */

static const str *copy_texts(struct arena *a, const str *list, size_t n)
{
    str *copy = ARENA_ARRAY(a, str, n + 1);

    for (size_t i = 0; i < n; i++)
        copy[i] = arena_str(a, list[i]);
    return copy;
}

static struct detect_rule_status status_of(struct arena *a, const struct detect_rule *r)
{
    const struct content_rule *c = r->rule;

    return (struct detect_rule_status) {
        .id = arena_str(a, c->id),
        .name = arena_str(a, c->name),
        .kind = arena_str(a, c->kind),
        .version = arena_str(a, c->version),
        .description = arena_str(a, c->description),
        .query = arena_str(a, c->query),
        .file = arena_str(a, c->file),
        .severity = c->severity,
        .enabled = c->enabled,
        .usable = r->compiled,
        .frequency = c->frequency,
        .period = c->period,
        .tactics = copy_texts(a, c->tactics, c->n_tactics),
        .techniques = copy_texts(a, c->techniques, c->n_techniques),
        .n_tactics = c->n_tactics,
        .n_techniques = c->n_techniques,
        .last_run = r->last_run,
        .last_result = arena_str(a, str_of(r->result)),
        .looked_to = r->looked_to,
        .spans_left = r->pending.n,
    };
}

static struct detect_rule_status *gather_locked(struct detect *d, struct arena *a, size_t *n)
{
    const struct content_set  *set = d->rules.held ? content_store_set(d->rules.held) : NULL;
    size_t                     problems = set ? set->n_problems : 0;
    struct detect_rule_status *list = ARENA_ARRAY(a, struct detect_rule_status, d->rules.n + problems + 1);

    for (size_t i = 0; i < d->rules.n; i++)
        list[(*n)++] = status_of(a, &d->rules.p[i]);
    for (size_t i = 0; i < problems; i++)
        list[(*n)++] = (struct detect_rule_status) {
            .id = arena_str(a, set->problems[i].rule),
            .name = arena_str(a, set->problems[i].file),
            .file = arena_str(a, set->problems[i].file),
            .last_result = arena_printf(a, "failed: " STR_FMT, STR_ARG(set->problems[i].reason)),
        };
    return list;
}

enum rc detect_status(struct detect *d, struct arena *a, struct detect_rule_status **out, size_t *n,
                      struct err *err)
{
    AUTO(state_tx) tx = NULL;

    *n = 0;
    pthread_mutex_lock(&d->lock);
    *out = gather_locked(d, a, n);
    pthread_mutex_unlock(&d->lock);
    TRY(state_tx_read(d->opts.state, &tx, err));
    for (size_t i = 0; i < *n; i++)
        TRY(detect_ledger_raised(tx, (*out)[i].id, env_now(d->opts.env) - DAYS(1), &(*out)[i].alerts_24h,
                                 err));
    return RC_OK;
}

ts detect_looked_to(struct detect *d)
{
    pthread_mutex_lock(&d->lock);
    ts to = d->told_to;
    pthread_mutex_unlock(&d->lock);
    return to;
}
