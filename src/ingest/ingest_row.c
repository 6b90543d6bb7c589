/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest_row.h"

enum { FIRST_FIELDS = 48 };

void ingest_row_init(struct ingest_row *row, struct arena *arena, str table, ts time)
{
    *row = (struct ingest_row) { .table = table, .time = time, .arena = arena };
}

static bool grow(struct ingest_row *row)
{
    uint32_t            cap = row->cap ? row->cap * 2 : FIRST_FIELDS;
    struct json_member *fields;

    if (cap > INGEST_ROW_MAX_FIELDS)
        return false;
    fields = ARENA_TRY_ARRAY(row->arena, struct json_member, cap);
    if (!fields)
        return false;
    if (row->n)
        memcpy(fields, row->fields, row->n * sizeof *fields);
    row->fields = fields;
    row->cap = cap;
    return true;
}

void ingest_row_put(struct ingest_row *row, str column, struct json value)
{
    if (value.kind == JSON_NULL || (value.kind == JSON_STRING && value.s.n == 0))
        return;
    if (ingest_row_get(row, column))
        return;
    if (row->n == row->cap && !grow(row)) {
        row->overflow = true;
        return;
    }
    row->fields[row->n++] = (struct json_member) { .key = column, .value = value };
}

void ingest_row_str(struct ingest_row *row, str column, str value)
{
    ingest_row_put(row, column, json_make_str(value));
}

void ingest_row_i64(struct ingest_row *row, str column, int64_t value)
{
    ingest_row_put(row, column, json_make_i64(value));
}

void ingest_row_bool(struct ingest_row *row, str column, bool value)
{
    ingest_row_put(row, column, json_make_bool(value));
}

void ingest_row_time(struct ingest_row *row, str column, ts value)
{
    char buf[TS_TEXT_SIZE];

    ingest_row_str(row, column, arena_str(row->arena, ts_text(value, buf)));
}

const struct json *ingest_row_get(const struct ingest_row *row, str column)
{
    for (uint32_t i = 0; i < row->n; i++) {
        if (row->fields[i].key.p == column.p || str_eq(row->fields[i].key, column))
            return &row->fields[i].value;
    }
    return NULL;
}

str ingest_row_text(const struct ingest_row *row, str column)
{
    const struct json *v = ingest_row_get(row, column);

    return v && v->kind == JSON_STRING ? v->s : STR_NONE;
}

enum rc ingest_row_ok(const struct ingest_row *row, struct err *err)
{
    if (row->overflow)
        return err_set(err, RC_LIMIT, "the record has over %d fields, or more text than fits",
                       INGEST_ROW_MAX_FIELDS);
    return RC_OK;
}

struct json ingest_row_object(const struct ingest_row *row)
{
    return (struct json) { .kind = JSON_OBJECT, .n = row->n, .members = row->fields };
}

enum rc ingest_row_emit(const struct ingest_row *row, const struct ingest_sink *sink, struct err *err)
{
    TRY(ingest_row_ok(row, err));
    return sink->row(sink->ctx, row, err);
}
