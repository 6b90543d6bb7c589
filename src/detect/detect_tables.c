/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/detect_tables.h"

#include <pthread.h>
#include <unistd.h>

#include "base/mem.h"
#include "tables/tables.h"
#include "tables/tables_batch.h"

enum { MAX_SETTINGS = 64, MAX_IN_FLIGHT = 16, MAX_ROW_BYTES = 8 << 20, MAX_THREADS = 4 };

#define QUERY_TIME MINUTES(5)

struct detect_tables {
    struct detect_tables_opts opts;
    struct detect_logs        logs;
    struct tables_param       settings[MAX_SETTINGS];
    size_t                    n_settings;
    unsigned                  threads; /* of one query */

    pthread_mutex_t lock; /* of what follows */
    ts              in_flight[MAX_IN_FLIGHT];
    size_t          n_in_flight;
};

/* --- the watermark --- */

/* Its ingestion time counts as in flight from here on. False: too many at once, try again. */
static bool depart(struct detect_tables *d, ts *ingested)
{
    pthread_mutex_lock(&d->lock);
    bool room = d->n_in_flight < MAX_IN_FLIGHT;
    if (room) {
        *ingested = env_now(d->opts.env);
        d->in_flight[d->n_in_flight++] = *ingested;
    }
    pthread_mutex_unlock(&d->lock);
    return room;
}

static void arrive(struct detect_tables *d, ts ingested)
{
    pthread_mutex_lock(&d->lock);
    for (size_t i = 0; i < d->n_in_flight; i++) {
        if (d->in_flight[i] == ingested) {
            d->in_flight[i] = d->in_flight[--d->n_in_flight];
            break;
        }
    }
    pthread_mutex_unlock(&d->lock);
}

static enum rc watermark(void *ctx, ts *out, struct err *err)
{
    struct detect_tables *d = ctx;
    ts                    lowest;

    /* Ours first: what departs after this has a later time than the intake's answer can be kept back by. */
    pthread_mutex_lock(&d->lock);
    lowest = env_now(d->opts.env);
    for (size_t i = 0; i < d->n_in_flight; i++)
        if (d->in_flight[i] < lowest)
            lowest = d->in_flight[i];
    pthread_mutex_unlock(&d->lock);
    *out = lowest;
    if (!d->opts.watermark)
        return RC_OK;
    TRY(d->opts.watermark(d->opts.watermark_ctx, out, err));
    if (lowest < *out)
        *out = lowest;
    return RC_OK;
}

/* --- reading --- */

struct marking {
    void (*each)(void *arg, str table, uint64_t mark);
    void         *arg;
    struct arena *arena;
};

static enum rc take_mark(void *ctx, str line, struct err *err)
{
    struct marking    *m = ctx;
    const struct json *row, *mark;
    uint64_t           value = 0;

    arena_reset(m->arena);
    TRY(json_parse(m->arena, line, &row, err));
    mark = json_at(row, 1);
    if (mark && mark->kind == JSON_INT)
        value = (uint64_t)mark->i;
    else if (!mark || mark->kind != JSON_STRING || !str_to_u64(mark->s, &value))
        return err_set(err, RC_CORRUPT, "the engine's answer about its parts is not a name and a number");
    m->each(m->arg, json_at(row, 0)->s, value);
    return RC_OK;
}

/* Block numbers grow with each insert and survive merges: their sum changes when rows are added. */
static enum rc changes(void *ctx, void (*each)(void *arg, str table, uint64_t mark), void *arg,
                       struct err *err)
{
    struct detect_tables *d = ctx;
    AUTO(arena) a = arena_new(1 << 20);
    struct marking m = { each, arg, a };

    return tables_query(
        d->opts.tables,
        S("SELECT table, toInt64(sum(last)) FROM (SELECT table, partition_id, max(max_block_number) + 1 "
          "AS last FROM system.parts WHERE database = 'law' AND active GROUP BY table, partition_id) "
          "GROUP BY table"),
        NULL, take_mark, &m, err);
}

static enum rc ensure(void *ctx, str table, struct err *err)
{
    struct detect_tables       *d = ctx;
    const struct tables_schema *s = tables_schema_find(d->opts.tables, table);

    return s && s->stored ? RC_OK : tables_ensure(d->opts.tables, table, err);
}

static enum rc query(void *ctx, str sql, enum rc (*row)(void *arg, str line, struct err *err), void *arg,
                     struct err *err)
{
    struct detect_tables    *d = ctx;
    struct tables_query_opts opts = {
        .settings = d->settings,
        .n_settings = d->n_settings,
        .max_time = QUERY_TIME,
        .threads = d->threads,
        .rank = TABLES_RULE,
    };

    return tables_query(d->opts.tables, sql, &opts, row, arg, err);
}

/* --- appending --- */

static enum rc fill(struct tables_batch *batch, const str *rows, size_t n, ts now, struct err *err)
{
    AUTO(arena) a = arena_new(MAX_ROW_BYTES);

    for (size_t i = 0; i < n; i++) {
        const struct json *object;
        ts                 when = now;
        arena_reset(a);
        TRY(json_parse(a, rows[i], &object, err));
        (void)ts_parse(json_str(object, S("TimeGenerated"), STR_NONE), &when);
        TRY(tables_batch_row(batch, object, when, err));
    }
    return RC_OK;
}

static enum rc append(void *ctx, str table, const str *rows, size_t n, str token, struct err *err)
{
    struct detect_tables *d = ctx;
    AUTO(tables_batch) batch = NULL;
    ts ingested;

    TRY(tables_batch_new(d->opts.tables, table, &batch, err));
    TRY(fill(batch, rows, n, env_now(d->opts.env), err));
    if (!depart(d, &ingested))
        return err_set(err, RC_BUSY, "%d batches of ours are being written", MAX_IN_FLIGHT);
    enum rc rc = tables_batch_send(batch, token, ingested, err);
    arrive(d, ingested);
    return rc;
}

struct detect_tables *detect_tables_new(const struct detect_tables_opts *opts)
{
    struct detect_tables *d = MEM_NEW(struct detect_tables);
    long                  cores = sysconf(_SC_NPROCESSORS_ONLN);

    d->opts = *opts;
    /* Two workers ask at once; more threads than cores only wait for each other. */
    d->threads = cores <= 3 ? 1 : cores / 2 < MAX_THREADS ? (unsigned)(cores / 2) : MAX_THREADS;
    pthread_mutex_init(&d->lock, NULL);
    for (const struct kql_setting *k = KQL_SETTINGS; k->name && d->n_settings < MAX_SETTINGS; k++)
        d->settings[d->n_settings++] = (struct tables_param) { str_of(k->name), str_of(k->value) };
    d->logs = (struct detect_logs) {
        .ctx = d,
        .catalog = opts->catalog,
        .watermark = watermark,
        .changes = changes,
        .ensure = ensure,
        .query = query,
        .append = append,
    };
    return d;
}

struct detect_tables *detect_tables_free(struct detect_tables *d)
{
    if (d)
        pthread_mutex_destroy(&d->lock);
    return mem_free(d);
}

const struct detect_logs *detect_tables_logs(struct detect_tables *d)
{
    return &d->logs;
}
