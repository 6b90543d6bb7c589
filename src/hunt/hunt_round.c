/* SPDX-License-Identifier: Apache-2.0 */
#include "hunt/hunt_round.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/mem.h"
#include "base/vec.h"
#include "hunt/hunt_run.h"

enum { ARENA_BYTES = 256 << 20, LISTED = 50 };
#define QUERY_LIMIT MINUTES(2)

/* One query of a round; its texts are its own. */
struct task {
    char *id, *text;
};

struct job {
    int64_t           id;
    ts                from, to;
    struct access_who who; /* texts below */
    char             *who_id, *who_name;
    VEC(struct task) tasks;
};

struct hunt_rounds {
    struct hunt *hunt;
    void (*tell)(void *ctx, int64_t round);
    void           *tell_ctx;
    pthread_t       thread;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t  wake;
    VEC(struct job *) waiting;
    int64_t     running; /* 0: none */
    atomic_bool cancelled, stopping;
};

static struct job *job_free(struct job *j)
{
    if (!j)
        return NULL;
    for (size_t i = 0; i < j->tasks.n; i++) {
        mem_free(j->tasks.p[i].id);
        mem_free(j->tasks.p[i].text);
    }
    vec_done(&j->tasks);
    mem_free(j->who_id);
    mem_free(j->who_name);
    return mem_free(j);
}

/* --- one query --- */

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Marks of `found` that are not among `before`, which is sorted. */
static int64_t count_new(const struct hunt_found *found, const uint64_t *before, size_t n)
{
    int64_t fresh = 0;

    for (size_t i = 0; i < found->n; i++)
        fresh += !n || !bsearch(&found->marks[i], before, n, sizeof *before, by_value);
    return fresh;
}

static enum rc compare(struct state_tx *tx, const struct hunt_found *found, struct hunt_result *r,
                       struct arena *a, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool there;

    TRY(state_stmt_open(
        tx,
        "SELECT n_rows, marks FROM hunt_results WHERE query = ? AND error = '' ORDER BY round "
        "DESC LIMIT 1",
        STATE_ARGS(STATE_S(r->query)), &st, err));
    TRY(state_stmt_next(st, &there, err));
    r->previous = there ? state_stmt_i64(st, 0) : -1;
    str       blob = there ? state_stmt_str_in(st, 1, a) : STR_NONE;
    size_t    n = blob.n / sizeof(uint64_t);
    uint64_t *before = ARENA_ARRAY(a, uint64_t, n + 1);
    if (n)
        memcpy(before, blob.p, n * sizeof *before);
    r->n_new = there ? count_new(found, before, n) : 0;
    return RC_OK;
}

static enum rc write_result(struct state_tx *tx, const struct hunt_result *r, str marks, struct err *err)
{
    TRY(state_stmt_run(
        tx,
        "INSERT INTO hunt_results (query, round, time, n_rows, n_new, previous, took, error, columns, rows, "
        "marks) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        STATE_ARGS(STATE_S(r->query), STATE_I(r->round), STATE_I(r->time), STATE_I(r->n_rows),
                   STATE_I(r->n_new), STATE_I(r->previous), STATE_I(r->took), STATE_S(r->error),
                   STATE_S(r->columns), STATE_S(r->rows), STATE_B(marks)),
        err));
    if (!r->error.n)
        TRY(state_stmt_run(tx, "UPDATE hunt_results SET marks = x'' WHERE query = ? AND round < ?",
                           STATE_ARGS(STATE_S(r->query), STATE_I(r->round)), err));
    TRY(state_stmt_run(
        tx,
        "DELETE FROM hunt_results WHERE query = ?1 AND round <= (SELECT round FROM hunt_results WHERE query "
        "= ?1 ORDER BY round DESC LIMIT 1 OFFSET ?2)",
        STATE_ARGS(STATE_S(r->query), STATE_I(HUNT_ROUND_KEPT)), err));
    return state_stmt_run(tx,
                          "UPDATE hunt_rounds SET done = done + 1, found = found + ?, failed = failed + ? "
                          "WHERE id = ?",
                          STATE_ARGS(STATE_I(r->n_rows > 0), STATE_I(r->error.n > 0), STATE_I(r->round)),
                          err);
}

static enum rc keep(struct hunt *h, const struct hunt_found *found, struct hunt_result *r, struct arena *a,
                    struct err *err)
{
    AUTO(state_tx) tx = NULL;

    TRY(state_tx_write(h->state, &tx, err));
    if (!r->error.n)
        TRY(compare(tx, found, r, a, err));
    if (found->n)
        qsort(found->marks, found->n, sizeof *found->marks, by_value);
    str marks = found->n ? str_make((const char *)found->marks, found->n * sizeof *found->marks) : S("");
    TRY(write_result(tx, r, marks, err));
    return state_tx_commit(tx, err);
}

static enum rc run_task(struct hunt *h, const struct job *j, const struct task *t, struct err *err)
{
    AUTO(arena) a = arena_new(ARENA_BYTES);
    struct hunt_found     found = { 0 };
    struct err            why = { 0 };
    int64_t               started = env_monotonic_ns(h->env);
    const struct hunt_run run = { .query = h->query,
                                  .who = &j->who,
                                  .text = str_of(t->text),
                                  .has_time = true,
                                  .time_from = j->from,
                                  .time_to = j->to,
                                  .keep = HUNT_ROUND_ROWS,
                                  .limit = QUERY_LIMIT };
    struct hunt_result    r = { .query = str_of(t->id), .round = j->id, .previous = -1 };

    if (hunt_run_query(&run, a, &found, &why) != RC_OK) {
        found = (struct hunt_found) { 0 };
        r.error = str_of(why.text[0] ? why.text : "it did not run");
    }
    r.time = env_now(h->env);
    r.took = (env_monotonic_ns(h->env) - started) / 100;
    r.n_rows = (int64_t)found.n;
    r.columns = found.columns.n ? found.columns : S("[]");
    r.rows = hunt_run_rows(a, &found);
    return keep(h, &found, &r, a, err);
}

/* --- the thread --- */

static enum rc end_round(struct hunt *h, int64_t id, const char *status, struct err *err)
{
    AUTO(state_tx) tx = NULL;

    TRY(state_tx_write(h->state, &tx, err));
    TRY(state_stmt_run(tx, "UPDATE hunt_rounds SET status = ?, finished = ? WHERE id = ?",
                       STATE_ARGS(STATE_S(str_of(status)), STATE_I(env_now(h->env)), STATE_I(id)), err));
    return state_tx_commit(tx, err);
}

static void tell(struct hunt_rounds *r, int64_t id)
{
    if (r->tell)
        r->tell(r->tell_ctx, id);
}

/* A failure here is of the state: what was not noted is run again by who asks again. */
static void run_job(struct hunt_rounds *r, const struct job *j)
{
    struct err ignored;
    bool       whole = true;

    for (size_t i = 0; i < j->tasks.n && whole; i++) {
        whole = !atomic_load(&r->cancelled) && !atomic_load(&r->stopping) &&
                run_task(r->hunt, j, &j->tasks.p[i], &ignored) == RC_OK;
        if (whole)
            tell(r, j->id);
    }
    const char *status = whole ? "Done" : atomic_load(&r->cancelled) ? "Cancelled" : "Interrupted";
    if (end_round(r->hunt, j->id, status, &ignored) == RC_OK)
        tell(r, j->id);
}

static void *work(void *arg)
{
    struct hunt_rounds *r = arg;

    pthread_mutex_lock(&r->lock);
    while (!atomic_load(&r->stopping)) {
        if (!r->waiting.n) {
            pthread_cond_wait(&r->wake, &r->lock);
            continue;
        }
        struct job *j = r->waiting.p[0];
        memmove(r->waiting.p, r->waiting.p + 1, --r->waiting.n * sizeof *r->waiting.p);
        r->running = j->id;
        atomic_store(&r->cancelled, false);
        pthread_mutex_unlock(&r->lock);
        run_job(r, j);
        job_free(j);
        pthread_mutex_lock(&r->lock);
        r->running = 0;
    }
    pthread_mutex_unlock(&r->lock);
    return NULL;
}

enum rc hunt_round_open(struct hunt *h, void (*tell_fn)(void *ctx, int64_t round), void *ctx,
                        struct hunt_rounds **out, struct err *err)
{
    AUTO(state_tx) tx = NULL;

    TRY(state_tx_write(h->state, &tx, err));
    TRY(state_stmt_run(tx,
                       "UPDATE hunt_rounds SET status = 'Interrupted', finished = ? WHERE status = 'Running'",
                       STATE_ARGS(STATE_I(env_now(h->env))), err));
    TRY(state_tx_commit(tx, err));
    tx = state_tx_free(tx);
    struct hunt_rounds *r = MEM_NEW(struct hunt_rounds);
    *r = (struct hunt_rounds) { .hunt = h, .tell = tell_fn, .tell_ctx = ctx };
    pthread_mutex_init(&r->lock, NULL);
    pthread_cond_init(&r->wake, NULL);
    int failed = pthread_create(&r->thread, NULL, work, r);
    if (failed) {
        mem_free(r);
        return err_errno(err, RC_INTERNAL, failed, "the thread of hunting rounds");
    }
    *out = r;
    return RC_OK;
}

struct hunt_rounds *hunt_round_close(struct hunt_rounds *r)
{
    if (!r)
        return NULL;
    pthread_mutex_lock(&r->lock);
    atomic_store(&r->stopping, true);
    pthread_cond_broadcast(&r->wake);
    pthread_mutex_unlock(&r->lock);
    pthread_join(r->thread, NULL);
    for (size_t i = 0; i < r->waiting.n; i++)
        job_free(r->waiting.p[i]);
    vec_done(&r->waiting);
    pthread_cond_destroy(&r->wake);
    pthread_mutex_destroy(&r->lock);
    return mem_free(r);
}

/* --- asking --- */

static bool asked_for(const struct hunt_round_start *s, str id)
{
    for (size_t i = 0; i < s->n_queries; i++)
        if (str_eq_ci(s->queries[i], id))
            return true;
    return s->n_queries == 0;
}

static enum rc check_ids(const struct hunt_round_start *s, const struct hunt_query *list, size_t n,
                         struct err *err)
{
    for (size_t i = 0; i < s->n_queries; i++) {
        bool there = false;
        for (size_t k = 0; k < n && !there; k++)
            there = str_eq_ci(s->queries[i], list[k].id);
        if (!there)
            return err_set(err, RC_NOT_FOUND, "there is no hunting query '" STR_FMT "'",
                           STR_ARG(str_slice(s->queries[i], 0, 64)));
    }
    return RC_OK;
}

static struct job *make_job(const struct hunt_round_start *s, const struct hunt_query *list, size_t n)
{
    struct job *j = MEM_NEW(struct job);

    *j = (struct job) {
        .from = s->from, .to = s->to, .who_id = mem_strdup(s->who->id), .who_name = mem_strdup(s->who->name)
    };
    j->who =
        (struct access_who) { .kind = s->who->kind, .id = str_of(j->who_id), .name = str_of(j->who_name) };
    for (size_t i = 0; i < n; i++)
        if (asked_for(s, list[i].id))
            *vec_push(&j->tasks) = (struct task) { mem_strdup(list[i].id), mem_strdup(list[i].query) };
    return j;
}

#define COLUMNS "id, started, finished, status, who_id, who, time_from, time_to, total, done, found, failed"

static struct hunt_round read_round(const struct state_stmt *st, struct arena *a)
{
    return (struct hunt_round) {
        .id = state_stmt_i64(st, 0),
        .started = state_stmt_i64(st, 1),
        .finished = state_stmt_i64(st, 2),
        .status = state_stmt_str_in(st, 3, a),
        .who = { .object_id = state_stmt_str_in(st, 4, a), .name = state_stmt_str_in(st, 5, a) },
        .from = state_stmt_i64(st, 6),
        .to = state_stmt_i64(st, 7),
        .total = state_stmt_i64(st, 8),
        .done = state_stmt_i64(st, 9),
        .found = state_stmt_i64(st, 10),
        .failed = state_stmt_i64(st, 11),
    };
}

static enum rc find_round(struct state_tx *tx, int64_t id, struct arena *a, struct hunt_round *out,
                          struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool found;

    TRY(state_stmt_open(tx, "SELECT " COLUMNS " FROM hunt_rounds WHERE id = ?", STATE_ARGS(STATE_I(id)), &st,
                        err));
    TRY(state_stmt_next(st, &found, err));
    if (!found)
        return err_set(err, RC_NOT_FOUND, "there is no hunting round %lld", (long long)id);
    *out = read_round(st, a);
    return RC_OK;
}

/* The round of an earlier request of the same id; 0: none. */
static enum rc earlier(struct state_tx *tx, const struct hunt_round_start *s, int64_t *out, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool found = false;

    *out = 0;
    if (!s->request.n)
        return RC_OK;
    TRY(state_stmt_open(tx, "SELECT id FROM hunt_rounds WHERE request = ? AND who_id = ?",
                        STATE_ARGS(STATE_S(s->request), STATE_S(s->who->id)), &st, err));
    TRY(state_stmt_next(st, &found, err));
    *out = found ? state_stmt_i64(st, 0) : 0;
    return RC_OK;
}

static enum rc note_round(struct hunt *h, const struct hunt_round_start *s, struct job *j, struct arena *a,
                          struct hunt_round *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;

    TRY(state_tx_write(h->state, &tx, err));
    TRY(earlier(tx, s, &j->id, err));
    bool again = j->id != 0;
    if (!again) {
        TRY(state_stmt_run(
            tx,
            "INSERT INTO hunt_rounds (started, finished, status, who_id, who, time_from, time_to, total, "
            "done, found, failed, request) VALUES (?, 0, 'Running', ?, ?, ?, ?, ?, 0, 0, 0, ?)",
            STATE_ARGS(STATE_I(env_now(h->env)), STATE_S(s->who->id), STATE_S(s->who->name), STATE_I(s->from),
                       STATE_I(s->to), STATE_I(j->tasks.n), STATE_S(s->request)),
            err));
        j->id = state_stmt_last_rowid(tx);
    }
    TRY(find_round(tx, j->id, a, out, err));
    if (again)
        j->id = 0; /* nothing is to be run */
    return state_tx_commit(tx, err);
}

enum rc hunt_round_begin(struct hunt_rounds *r, const struct hunt_round_start *start, struct arena *a,
                         struct hunt_round *out, struct err *err)
{
    struct hunt_query *list;
    size_t             n;

    TRY(hunt_search_hunting(r->hunt, a, &list, &n, err));
    TRY(check_ids(start, list, n, err));
    pthread_mutex_lock(&r->lock);
    bool full = r->waiting.n >= HUNT_ROUND_WAITING;
    pthread_mutex_unlock(&r->lock);
    if (full)
        return err_set(err, RC_BUSY, "%d rounds wait: let one end", HUNT_ROUND_WAITING);
    struct job *j = make_job(start, list, n);
    enum rc     rc = note_round(r->hunt, start, j, a, out, err);
    if (rc != RC_OK || !j->id) {
        job_free(j);
        return rc;
    }
    pthread_mutex_lock(&r->lock);
    *vec_push(&r->waiting) = j;
    pthread_cond_signal(&r->wake);
    pthread_mutex_unlock(&r->lock);
    return RC_OK;
}

enum rc hunt_round_cancel(struct hunt_rounds *r, int64_t id, struct err *err)
{
    struct job *waited = NULL;

    pthread_mutex_lock(&r->lock);
    bool running = r->running == id;
    if (running)
        atomic_store(&r->cancelled, true);
    for (size_t i = 0; i < r->waiting.n && !waited; i++) {
        if (r->waiting.p[i]->id != id)
            continue;
        waited = r->waiting.p[i];
        memmove(&r->waiting.p[i], &r->waiting.p[i + 1], (--r->waiting.n - i) * sizeof *r->waiting.p);
    }
    pthread_mutex_unlock(&r->lock);
    if (!running && !waited)
        return err_set(err, RC_NOT_FOUND, "hunting round %lld is not running", (long long)id);
    job_free(waited);
    return waited ? end_round(r->hunt, id, "Cancelled", err) : RC_OK;
}

/* --- reading --- */

enum rc hunt_round_get(struct hunt *h, int64_t id, struct arena *a, struct hunt_round *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;

    TRY(state_tx_read(h->state, &tx, err));
    return find_round(tx, id, a, out, err);
}

enum rc hunt_round_list(struct hunt *h, struct arena *a, struct hunt_round **out, size_t *n, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    VEC(struct hunt_round) list = { 0 };
    bool more;

    TRY(state_tx_read(h->state, &tx, err));
    TRY(state_stmt_open(tx, "SELECT " COLUMNS " FROM hunt_rounds ORDER BY id DESC LIMIT ?",
                        STATE_ARGS(STATE_I(LISTED)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            break;
        *vec_push_in(a, &list) = read_round(st, a);
    }
    *out = list.p;
    *n = list.n;
    return RC_OK;
}

#define RESULT_COLUMNS "query, round, time, n_rows, n_new, previous, took, error, columns"

static enum rc read_results(struct state_tx *tx, const char *sql, struct state_args args, struct arena *a,
                            struct hunt_result **out, size_t *n, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    VEC(struct hunt_result) list = { 0 };
    bool more;

    TRY(state_stmt_open(tx, sql, args, &st, err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            break;
        *vec_push_in(a, &list) = (struct hunt_result) {
            .query = state_stmt_str_in(st, 0, a),
            .round = state_stmt_i64(st, 1),
            .time = state_stmt_i64(st, 2),
            .n_rows = state_stmt_i64(st, 3),
            .n_new = state_stmt_i64(st, 4),
            .previous = state_stmt_i64(st, 5),
            .took = state_stmt_i64(st, 6),
            .error = state_stmt_str_in(st, 7, a),
            .columns = state_stmt_str_in(st, 8, a),
            .rows = state_stmt_str_in(st, 9, a),
        };
    }
    *out = list.p;
    *n = list.n;
    return RC_OK;
}

enum rc hunt_round_latest(struct hunt *h, struct arena *a, struct hunt_result **out, size_t *n,
                          struct err *err)
{
    AUTO(state_tx) tx = NULL;

    TRY(state_tx_read(h->state, &tx, err));
    return read_results(tx,
                        "SELECT " RESULT_COLUMNS ", '' FROM hunt_results r WHERE round = (SELECT max(round) "
                        "FROM hunt_results m WHERE m.query = r.query)",
                        STATE_NO_ARGS, a, out, n, err);
}

enum rc hunt_round_results(struct hunt *h, str query, int64_t round, struct arena *a,
                           struct hunt_result **out, size_t *n, struct err *err)
{
    AUTO(state_tx) tx = NULL;

    TRY(state_tx_read(h->state, &tx, err));
    if (round)
        return read_results(tx,
                            "SELECT " RESULT_COLUMNS ", rows FROM hunt_results WHERE query = ? AND round = ?",
                            STATE_ARGS(STATE_S(query), STATE_I(round)), a, out, n, err);
    return read_results(tx,
                        "SELECT " RESULT_COLUMNS ", '' FROM hunt_results WHERE query = ? ORDER BY round DESC",
                        STATE_ARGS(STATE_S(query)), a, out, n, err);
}
