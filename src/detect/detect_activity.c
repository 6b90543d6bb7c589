/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/detect_activity.h"

#include "base/json.h"
#include "base/vec.h"

enum { SQL_MAX = 4096 };

/* toDateTime64('2026-11-24 05:57:53.1234567', 7, 'UTC') */
static void add_time(struct strbuf *sql, ts t)
{
    char            text[TS_TEXT_SIZE];
    struct ts_parts p = ts_split(t);

    (void)snprintf(text, sizeof text, "%04d-%02d-%02d %02d:%02d:%02d.%07d", p.year, p.month, p.day, p.hour,
                   p.minute, p.second, p.ticks);
    strbuf_addf(sql, "toDateTime64('%s', 7, 'UTC')", text);
}

/* A table's name comes from the catalog, yet the backtick inside one would end the quotes. */
static void add_table(struct strbuf *sql, str table)
{
    strbuf_addz(sql, "law.`");
    for (size_t i = 0; i < table.n; i++) {
        if (table.p[i] == '`' || table.p[i] == '\\')
            strbuf_addc(sql, '\\');
        strbuf_addc(sql, table.p[i]);
    }
    strbuf_addc(sql, '`');
}

struct reading {
    struct arena        *arena;
    struct detect_spans *spans;
    bool                 any;
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

static enum rc take_span(void *arg, str line, struct err *err)
{
    struct reading    *r = arg;
    const struct json *row;
    int64_t            low, high;

    TRY(json_parse(r->arena, line, &row, err));
    if (!integer(json_at(row, 0), &low) || !integer(json_at(row, 1), &high))
        return err_set(err, RC_CORRUPT, "the engine's answer about activity is not a pair of times");
    *vec_push_in(r->arena, r->spans) = (struct detect_span) { low, high + 1 };
    return RC_OK;
}

enum rc detect_activity_spans(const struct detect_logs *logs, str table, struct detect_span ingested,
                              struct arena *a, struct detect_spans *out, struct err *err)
{
    AUTO_STRBUF    sql = STRBUF_INIT(SQL_MAX);
    struct reading r = { .arena = a, .spans = out };

    strbuf_addf(
        &sql,
        "SELECT min(t) AS low, max(t) AS high FROM (SELECT reinterpretAsInt64(TimeGenerated) AS t FROM ");
    add_table(&sql, table);
    strbuf_addz(&sql, " WHERE _IngestionTime >= ");
    add_time(&sql, ingested.from);
    strbuf_addz(&sql, " AND _IngestionTime < ");
    add_time(&sql, ingested.to);
    strbuf_addf(&sql, ") GROUP BY intDiv(t, %lld) ORDER BY low", (long long)DETECT_ACTIVITY_BIN);
    TRY(strbuf_ok(&sql, "a query for activity", err));
    return logs->query(logs->ctx, strbuf_view(&sql), take_span, &r, err);
}

static enum rc take_any(void *arg, str line, struct err *err)
{
    (void)line;
    (void)err;
    ((struct reading *)arg)->any = true;
    return RC_OK;
}

enum rc detect_activity_any(const struct detect_logs *logs, str table, struct detect_span span, ts before,
                            bool *out, struct err *err)
{
    AUTO_STRBUF    sql = STRBUF_INIT(SQL_MAX);
    struct reading r = { 0 };

    strbuf_addz(&sql, "SELECT 1 FROM ");
    add_table(&sql, table);
    strbuf_addz(&sql, " WHERE TimeGenerated >= ");
    add_time(&sql, span.from);
    strbuf_addz(&sql, " AND TimeGenerated < ");
    add_time(&sql, span.to);
    strbuf_addz(&sql, " AND _IngestionTime < ");
    add_time(&sql, before);
    strbuf_addz(&sql, " LIMIT 1");
    TRY(strbuf_ok(&sql, "a query for activity", err));
    TRY(logs->query(logs->ctx, strbuf_view(&sql), take_any, &r, err));
    *out = r.any;
    return RC_OK;
}
