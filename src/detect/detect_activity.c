/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/detect_activity.h"

#include <pthread.h>

#include "base/json.h"
#include "base/map.h"
#include "base/sql.h"
#include "base/vec.h"

enum { SQL_MAX = 4096, MEMORY = 64 << 20, FULL = 32 << 20 };

struct detect_activity {
    const struct detect_logs *logs;
    pthread_mutex_t           lock;    /* of what follows */
    struct arena             *arena;   /* of the answers */
    struct map               *answers; /* SQL → struct detect_bins */
    ts                        latest;  /* the latest watermark asked for */
};

struct detect_activity *detect_activity_new(const struct detect_logs *logs)
{
    struct detect_activity *d = MEM_NEW(struct detect_activity);

    d->logs = logs;
    d->arena = arena_new(MEMORY);
    d->answers = map_new(MAP_CASE);
    pthread_mutex_init(&d->lock, NULL);
    return d;
}

struct detect_activity *detect_activity_free(struct detect_activity *d)
{
    if (!d)
        return NULL;
    map_free(d->answers);
    arena_free(d->arena);
    pthread_mutex_destroy(&d->lock);
    return mem_free(d);
}

/* toDateTime64('2026-11-24 05:57:53.1234567', 7, 'UTC') */
static void add_time(struct strbuf *sql, ts t)
{
    char            text[TS_TEXT_SIZE];
    struct ts_parts p = ts_split(t);

    (void)snprintf(text, sizeof text, "%04d-%02d-%02d %02d:%02d:%02d.%07d", p.year, p.month, p.day, p.hour,
                   p.minute, p.second, p.ticks);
    strbuf_addf(sql, "toDateTime64('%s', 7, 'UTC')", text);
}

struct reading {
    struct arena       *arena;
    struct detect_bins *bins;
};

/* The engine quotes 64-bit integers or not, as it is set. */
static bool integer(const struct json *cell, int64_t *out)
{
    if (cell && cell->kind == JSON_INT) {
        *out = cell->i;
        return true;
    }
    return cell && cell->kind == JSON_STRING && str_to_i64(cell->s, out);
}

static enum rc take_bin(void *arg, str line, struct err *err)
{
    struct reading    *r = arg;
    const struct json *row;
    int64_t            low, high, ingested;

    TRY(json_parse(r->arena, line, &row, err));
    if (!integer(json_at(row, 0), &low) || !integer(json_at(row, 1), &high) ||
        !integer(json_at(row, 2), &ingested))
        return err_set(err, RC_CORRUPT, "the engine's answer about activity is not three times");
    *vec_push_in(r->arena, r->bins) = (struct detect_bin) { { low, high + 1 }, ingested };
    return RC_OK;
}

/* --- what was asked before --- */

static bool recall(struct detect_activity *d, str sql, struct arena *a, struct detect_bins *out)
{
    pthread_mutex_lock(&d->lock);
    const struct detect_bins *known = map_find(d->answers, sql);
    for (size_t i = 0; known && i < known->n; i++)
        *vec_push_in(a, out) = known->p[i];
    pthread_mutex_unlock(&d->lock);
    return known != NULL;
}

static void remember(struct detect_activity *d, str sql, const struct detect_bins *bins, size_t from,
                     ts watermark)
{
    pthread_mutex_lock(&d->lock);
    if (watermark > d->latest || arena_used(d->arena) > FULL) {
        d->latest = watermark;
        map_free(d->answers);
        d->answers = map_new(MAP_CASE);
        arena_reset(d->arena);
    }
    if ((bins->n - from) * sizeof(struct detect_bin) < FULL && !map_has(d->answers, sql)) {
        struct detect_bins *kept = ARENA_NEW(d->arena, struct detect_bins);
        kept->p = ARENA_ARRAY(d->arena, struct detect_bin, bins->n - from + 1);
        for (size_t i = from; i < bins->n; i++)
            kept->p[kept->n++] = bins->p[i];
        map_put(d->answers, sql, kept);
    }
    pthread_mutex_unlock(&d->lock);
}

/* --- asking --- */

static void begin(struct strbuf *sql, str table)
{
    strbuf_addz(
        sql,
        "SELECT min(t) AS low, max(t) AS high, min(i) FROM (SELECT reinterpretAsInt64(TimeGenerated) AS t, "
        "reinterpretAsInt64(_IngestionTime) AS i FROM ");
    strbuf_addz(sql, "law.");
    sql_name(sql, table);
    strbuf_addz(sql, " WHERE ");
}

static enum rc ask(struct detect_activity *d, struct strbuf *sql, ts watermark, struct arena *a,
                   struct detect_bins *out, struct err *err)
{
    struct reading r = { .arena = a, .bins = out };
    size_t         before = out->n;

    strbuf_addf(sql, ") GROUP BY intDiv(t, %lld) ORDER BY low", (long long)DETECT_ACTIVITY_BIN);
    TRY(strbuf_ok(sql, "a query for activity", err));
    if (recall(d, strbuf_view(sql), a, out))
        return RC_OK;
    TRY(d->logs->query(d->logs->ctx, strbuf_view(sql), take_bin, &r, err));
    remember(d, strbuf_view(sql), out, before, watermark);
    return RC_OK;
}

enum rc detect_activity_new_rows(struct detect_activity *d, str table, struct detect_span ingested,
                                 struct arena *a, struct detect_bins *out, struct err *err)
{
    AUTO_STRBUF sql = STRBUF_INIT(SQL_MAX);

    begin(&sql, table);
    strbuf_addz(&sql, "_IngestionTime >= ");
    add_time(&sql, ingested.from);
    strbuf_addz(&sql, " AND _IngestionTime < ");
    add_time(&sql, ingested.to);
    return ask(d, &sql, ingested.to, a, out, err);
}

enum rc detect_activity_old_rows(struct detect_activity *d, str table, struct detect_span span, ts before,
                                 struct arena *a, struct detect_bins *out, struct err *err)
{
    AUTO_STRBUF sql = STRBUF_INIT(SQL_MAX);

    begin(&sql, table);
    strbuf_addz(&sql, "TimeGenerated >= ");
    add_time(&sql, span.from);
    strbuf_addz(&sql, " AND TimeGenerated < ");
    add_time(&sql, span.to);
    strbuf_addz(&sql, " AND _IngestionTime < ");
    add_time(&sql, before);
    return ask(d, &sql, before, a, out, err);
}
