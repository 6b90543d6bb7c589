/* SPDX-License-Identifier: Apache-2.0 */
#include "query/query.h"

#include <pthread.h>

#include "base/mem.h"
#include "query/query_catalog.h"
#include "tables/tables.h"

enum { ID_MAX = 64, ENGINE_ID = 40, MAX_SETTINGS = 32, ASK_ROWS = 1000, ASK_BYTES = 4 << 20 };

/* A place for one running query. `engine_id` names it on the engine, where ids of users could collide. */
struct running {
    bool taken, cancelled;
    char id[ID_MAX + 1], who[ID_MAX + 1], engine_id[ENGINE_ID];
};

struct query {
    struct query_opts     opts;
    struct query_catalog *catalog;
    pthread_mutex_t       lock;
    struct running        running[QUERY_MAX_RUNNING];
};

enum rc query_new(const struct query_opts *opts, struct query **out, struct err *err)
{
    if (!opts->tables || !opts->env)
        return err_set(err, RC_INVALID, "query needs tables and an env");
    struct query *q = MEM_NEW(struct query);
    q->opts = *opts;
    q->catalog = query_catalog_new(opts);
    pthread_mutex_init(&q->lock, NULL);
    *out = q;
    return RC_OK;
}

struct query *query_free(struct query *q)
{
    if (!q)
        return NULL;
    query_catalog_free(q->catalog);
    pthread_mutex_destroy(&q->lock);
    return mem_free(q);
}

const struct kql_catalog *query_names(struct query *q)
{
    return query_catalog_kql(q->catalog);
}

size_t query_running(struct query *q)
{
    size_t n = 0;
    pthread_mutex_lock(&q->lock);
    for (size_t i = 0; i < QUERY_MAX_RUNNING; i++)
        n += q->running[i].taken;
    pthread_mutex_unlock(&q->lock);
    return n;
}

/* --- one query's run --- */

struct run {
    struct query               *q;
    const struct query_request *request;
    const struct query_sink    *sink;
    struct query_outcome       *outcome;
    struct kql_program          program; /* the first, and others behind it */
    const struct kql_program   *now;     /* whose rows come */
    struct running             *place;   /* NULL until the engine is first asked */
    int64_t                     started; /* of the monotonic clock, ns */
    struct tables_param         settings[MAX_SETTINGS];
    struct err                  asked; /* why the compiler got no answer */
    uint64_t                    max_rows, bytes;
    struct strbuf               row;
    bool                        begun;
};

static str who_id(const struct access_who *who)
{
    return who ? who->id : S("");
}

static enum rc take_place(struct run *r, struct err *err)
{
    struct query   *q = r->q;
    struct running *free_place = NULL;
    char            made[GUID_TEXT_SIZE], name[GUID_TEXT_SIZE];
    str             id = r->request->id;

    if (r->place)
        return RC_OK;
    if (!id.n)
        id = guid_text(env_guid(q->opts.env), made);
    if (id.n > ID_MAX)
        return err_set(err, RC_LIMIT, "a query's id has at most %d characters, not %zu", ID_MAX, id.n);
    guid_text(env_guid(q->opts.env), name);
    pthread_mutex_lock(&q->lock);
    for (size_t i = 0; i < QUERY_MAX_RUNNING && !free_place; i++)
        if (!q->running[i].taken)
            free_place = &q->running[i];
    if (free_place) {
        *free_place = (struct running) { .taken = true };
        if (!str_to_cstr(id, free_place->id, sizeof free_place->id) ||
            !str_to_cstr(who_id(r->request->who), free_place->who, sizeof free_place->who))
            free_place->id[0] = '\0'; /* cannot be named, so cannot be cancelled */
        snprintf(free_place->engine_id, sizeof free_place->engine_id, "q-%s", name);
    }
    pthread_mutex_unlock(&q->lock);
    r->place = free_place;
    return free_place
               ? RC_OK
               : err_set(err, RC_BUSY, "%d queries are running: wait for one to end", QUERY_MAX_RUNNING);
}

static void leave_place(struct run *r)
{
    if (!r->place)
        return;
    pthread_mutex_lock(&r->q->lock);
    r->place->taken = false;
    pthread_mutex_unlock(&r->q->lock);
}

static bool is_cancelled(void *ctx)
{
    struct run *r = ctx;
    pthread_mutex_lock(&r->q->lock);
    bool cancelled = r->place->cancelled;
    pthread_mutex_unlock(&r->q->lock);
    return cancelled;
}

/* --- what is asked of the engine --- */

static enum rc admit(struct run *r, const str *names, size_t n, struct err *err)
{
    const struct query_opts *o = &r->q->opts;

    for (size_t i = 0; o->admit && i < n; i++)
        TRY(o->admit(o->admit_ctx, r->request->who, names[i], err));
    return RC_OK;
}

static duration time_limit(const struct run *r)
{
    duration limit = r->request->time_limit ? r->request->time_limit : QUERY_DEFAULT_TIME;
    return limit < QUERY_MAX_TIME ? limit : QUERY_MAX_TIME;
}

/* All that a query asks of the engine shares its time, its place and the name it can be cancelled by. */
static enum rc engine_opts(struct run *r, struct tables_query_opts *out, struct err *err)
{
    duration left = time_limit(r) - (env_monotonic_ns(r->q->opts.env) - r->started) / 100;

    if (left <= 0)
        return err_set(err, RC_TIMEOUT, "the query took more than its %lld s",
                       (long long)(time_limit(r) / SECONDS(1)));
    TRY(take_place(r, err));
    *out = (struct tables_query_opts) {
        .query_id = str_of(r->place->engine_id),
        .settings = r->settings,
        .max_time = left,
        .truncate = true,
        .max_memory = QUERY_MAX_MEMORY,
        .rank = TABLES_PERSON,
        .cancelled = is_cancelled,
        .cancel_ctx = r,
    };
    for (const struct kql_setting *s = KQL_SETTINGS; s->name && out->n_settings < MAX_SETTINGS; s++)
        r->settings[out->n_settings++] = (struct tables_param) { str_of(s->name), str_of(s->value) };
    return RC_OK;
}

static enum rc ask_engine(struct run *r, const struct kql_ask *what, struct arena *arena, str *rows)
{
    struct tables_query_opts opts;

    TRY(admit(r, what->tables, what->n_tables, &r->asked));
    TRY(engine_opts(r, &opts, &r->asked));
    opts.max_rows = ASK_ROWS;
    return tables_query_all(r->q->opts.tables, what->sql, &opts, ASK_BYTES, arena, rows, &r->asked);
}

/* The compiler reports a failure as the query's mistake; `asked` keeps whose it was. */
static enum rc ask(void *ctx, const struct kql_ask *what, struct arena *arena, str *rows, struct err *err)
{
    struct run *r = ctx;
    enum rc     rc = ask_engine(r, what, arena, rows);
    return rc == RC_OK ? RC_OK : err_set(err, rc, "%s", r->asked.text);
}

static enum rc compile(struct run *r, struct err *err)
{
    const struct query_request *in = r->request;
    const struct env           *env = r->q->opts.env;
    struct kql_catalog          names = *query_names(r->q);
    const struct kql_opts       opts = { .now = in->now ? in->now : env_now(env),
                                         .has_time = in->has_time,
                                         .has_ingested = in->has_ingested,
                                         .time_from = in->time_from,
                                         .time_to = in->time_to,
                                         .ingested_from = in->ingested_from,
                                         .ingested_to = in->ingested_to,
                                         .parameters = in->parameters,
                                         .n_parameters = in->n_parameters,
                                         .limits = { .query_bytes = QUERY_MAX_TEXT } };

    names.ask = ask;
    names.ask_ctx = r;
    r->outcome->diags = kql_diag_begin(in->arena, in->text);
    enum rc rc = kql_compile(&names, in->text, &opts, in->arena, &r->program, &r->outcome->diags, err);
    r->outcome->compile_time = (env_monotonic_ns(env) - r->started) / 100;
    if (rc == RC_OK || r->asked.rc == RC_OK || r->asked.rc == RC_SYNTAX || r->asked.rc == RC_INVALID)
        return rc;
    r->outcome->diags = kql_diag_begin(in->arena, in->text);
    return err_set(err, r->asked.rc, "%s", r->asked.text);
}

/* --- its rows --- */

/* The row that shows there is more than may be given; its text is what the reader sees. */
static enum rc over(struct run *r, struct err *err, const char *what, uint64_t limit)
{
    (void)r;
    return err_set(err, RC_LIMIT, "The result has more than %llu %s; the first of them are given.",
                   (unsigned long long)limit, what);
}

static enum rc take_row(void *ctx, str line, struct err *err)
{
    struct run *r = ctx;

    if (r->outcome->rows == r->max_rows)
        return over(r, err, "rows", r->max_rows);
    strbuf_clear(&r->row);
    TRY(kql_result_row(r->now->columns, r->now->n_columns, line, r->request->dynamic, &r->row, err));
    TRY(strbuf_ok(&r->row, "a row", err));
    r->bytes += r->row.n;
    if (r->bytes > QUERY_MAX_ANSWER)
        return over(r, err, "bytes", QUERY_MAX_ANSWER);
    TRY(r->sink->row(r->sink->ctx, strbuf_view(&r->row), err));
    r->outcome->rows++;
    return RC_OK;
}

/* Opening waits for the head of the engine's answer: what fails here fails before the sink is touched. */
static enum rc open_cursor(struct run *r, struct tables_cursor **out, struct err *err)
{
    struct tables_query_opts opts;

    TRY(engine_opts(r, &opts, err));
    opts.max_rows = r->max_rows + 1 - r->outcome->rows;
    return tables_cursor_open(r->q->opts.tables, r->now->sql, &opts, out, err);
}

static enum rc read_rows(struct run *r, struct tables_cursor *cursor, struct err *err)
{
    bool opened = false;
    str  line;

    for (;;) {
        TRY(tables_cursor_line(cursor, &line, err));
        if (!opened && r->begun)
            TRY(r->sink->next(r->sink->ctx, r->now, err));
        else if (!opened)
            TRY(r->sink->begin(r->sink->ctx, r->now, err));
        opened = r->begun = true;
        if (!line.p)
            return RC_OK;
        TRY(take_row(r, line, err));
    }
}

static enum rc read_table(struct run *r, struct err *err)
{
    AUTO(tables_cursor) cursor = NULL;

    TRY(open_cursor(r, &cursor, err));
    enum rc               rc = read_rows(r, cursor, err);
    struct tables_summary summary = tables_cursor_summary(cursor);
    r->outcome->read_rows += summary.rows_read;
    r->outcome->read_bytes += summary.bytes_read;
    return rc;
}

static enum rc execute(struct run *r, struct err *err)
{
    struct err why = { 0 };
    int64_t    start = env_monotonic_ns(r->q->opts.env);
    enum rc    rc = RC_OK;

    for (r->now = &r->program; r->now && rc == RC_OK; r->now = r->sink->next ? r->now->next : NULL)
        rc = read_table(r, &why);
    r->outcome->run_time = (env_monotonic_ns(r->q->opts.env) - start) / 100;
    if (rc == RC_OK)
        return RC_OK;
    if (!r->begun || rc == RC_CANCELLED)
        return err_set(err, rc, "%s", why.text);
    r->outcome->partial = true;
    r->outcome->error = why;
    return RC_OK;
}

static enum rc run_in_place(struct run *r, struct err *err)
{
    TRY(compile(r, err));
    TRY(admit(r, r->program.tables, r->program.n_tables, err));
    return execute(r, err);
}

enum rc query_run(struct query *q, const struct query_request *request, const struct query_sink *sink,
                  struct query_outcome *outcome, struct err *err)
{
    struct run r = {
        .q = q, .request = request, .sink = sink, .outcome = outcome, .started = env_monotonic_ns(q->opts.env)
    };

    if (request->text.n > QUERY_MAX_TEXT)
        return err_set(err, RC_LIMIT, "a query has at most %d bytes, not %zu", QUERY_MAX_TEXT,
                       request->text.n);
    r.max_rows = request->max_rows ? request->max_rows : QUERY_DEFAULT_ROWS;
    if (r.max_rows > QUERY_MAX_ROWS)
        r.max_rows = QUERY_MAX_ROWS;
    strbuf_init(&r.row, QUERY_MAX_ANSWER);
    *outcome = (struct query_outcome) { 0 };
    enum rc rc = run_in_place(&r, err);
    outcome->finished = env_now(q->opts.env);
    leave_place(&r);
    strbuf_done(&r.row);
    return rc;
}

enum rc query_cancel(struct query *q, const struct access_who *who, str id, struct err *err)
{
    char engine_id[ENGINE_ID] = "";
    bool all = who && who->kind == ACCESS_SYSTEM;

    pthread_mutex_lock(&q->lock);
    for (size_t i = 0; i < QUERY_MAX_RUNNING && id.n; i++) {
        struct running *r = &q->running[i];
        if (!r->taken || !str_eq(str_of(r->id), id) || (!all && !str_eq(str_of(r->who), who_id(who))))
            continue;
        r->cancelled = true;
        memcpy(engine_id, r->engine_id, sizeof engine_id);
    }
    pthread_mutex_unlock(&q->lock);
    if (!engine_id[0])
        return err_set(err, RC_NOT_FOUND, "no query '" STR_FMT "' of yours is running", STR_ARG(id));
    return tables_cancel(q->opts.tables, str_of(engine_id), err);
}
