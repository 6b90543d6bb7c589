/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/detect_row.h"

#include "base/hash.h"
#include "base/vec.h"

enum { MAX_KEY_BYTES = 1 << 20 };

int detect_row_column(const struct detect_rows *rows, str name)
{
    for (size_t i = 0; i < rows->n_columns; i++)
        if (str_eq(rows->columns[i].name, name))
            return (int)i;
    return -1;
}

const struct json *detect_row_cell(const struct detect_rows *rows, const struct detect_row *row, str column)
{
    int i = detect_row_column(rows, column);
    return i < 0 ? NULL : json_at(row->cells, (size_t)i);
}

static str cell_text(struct arena *a, const struct json *cell)
{
    if (!cell || cell->kind == JSON_NULL)
        return STR_NONE;
    if (cell->kind == JSON_STRING)
        return cell->s;
    AUTO_STRBUF text = STRBUF_INIT(MAX_KEY_BYTES);
    json_print(&text, cell, 0);
    return arena_str(a, strbuf_view(&text));
}

str detect_row_text(const struct detect_rows *rows, const struct detect_row *row, str column)
{
    return cell_text(rows->arena, detect_row_cell(rows, row, column));
}

/* SHA-256, because rows hold what attackers wrote: nobody may make two that pass for one. */
static uint64_t digest(str bytes)
{
    struct hash_sha256 h = hash_sha256(bytes);
    uint64_t           v;

    memcpy(&v, h.bytes, sizeof v);
    return v;
}

static bool add_mapped(struct strbuf *key, const struct detect_rows *rows, const struct detect_row *row)
{
    const struct content_rule *r = rows->rule;
    bool                       any = false;

    for (size_t i = 0; i < r->n_mappings; i++) {
        for (size_t k = 0; k < r->mappings[i].n_ids; k++) {
            str v = detect_row_text(rows, row, r->mappings[i].ids[k].column);
            any |= v.n > 0;
            strbuf_addc(key, '\x1f');
            strbuf_add(key, v);
        }
    }
    return any;
}

static uint64_t key_of(const struct detect_rows *rows, const struct detect_row *row)
{
    AUTO_STRBUF key = STRBUF_INIT(MAX_KEY_BYTES);

    strbuf_add(&key, rows->rule->id);
    if (!add_mapped(&key, rows, row)) {
        strbuf_truncate(&key, rows->rule->id.n);
        for (size_t i = 0; i < rows->n_columns; i++) {
            if (rows->columns[i].type == KQL_DATETIME)
                continue;
            strbuf_addc(&key, '\x1e');
            strbuf_add(&key, cell_text(rows->arena, json_at(row->cells, i)));
        }
    }
    return digest(strbuf_view(&key));
}

static bool time_of(const struct detect_rows *rows, const struct detect_row *row, str column, ts *out)
{
    const struct json *cell = detect_row_cell(rows, row, column);
    return cell && cell->kind == JSON_STRING && ts_parse(cell->s, out);
}

/* StartTime and EndTime, else TimeGenerated, else the window. */
static void settle_times(const struct detect_rows *rows, struct detect_row *row)
{
    bool start = time_of(rows, row, S("StartTime"), &row->start);
    bool end = time_of(rows, row, S("EndTime"), &row->end);

    if (!start && !end && time_of(rows, row, S("TimeGenerated"), &row->start))
        start = true;
    if (start && !end)
        row->end = row->start;
    if (end && !start)
        row->start = row->end;
    if (!start && !end) {
        row->start = rows->window.from;
        row->end = rows->window.to - 1;
    }
    if (row->end < row->start)
        row->end = row->start;
}

enum rc detect_row_add(struct detect_rows *rows, str text, struct err *err)
{
    struct detect_row row = { .text = arena_str(rows->arena, text) };
    AUTO_STRBUF       id = STRBUF_INIT(MAX_KEY_BYTES + text.n);

    if (!row.text.p)
        return err_set(err, RC_LIMIT, "the rows of one run do not fit into memory");
    TRY(json_parse(rows->arena, row.text, &row.cells, err));
    strbuf_add(&id, rows->rule->id);
    strbuf_add(&id, text);
    row.id = digest(strbuf_view(&id));
    row.key = key_of(rows, &row);
    settle_times(rows, &row);
    *vec_push_in(rows->arena, rows) = row;
    return RC_OK;
}

str detect_row_format(const struct detect_rows *rows, const struct detect_row *row, str format, size_t max)
{
    AUTO_STRBUF out = STRBUF_INIT(max);
    size_t      from, to;

    while ((from = str_find(format, S("{{"))) != STR_NPOS &&
           (to = str_find(str_from(format, from), S("}}"))) != STR_NPOS) {
        strbuf_add(&out, str_slice(format, 0, from));
        strbuf_add(&out, detect_row_text(rows, row, str_trim(str_slice(format, from + 2, from + to))));
        format = str_from(format, from + to + 2);
    }
    strbuf_add(&out, format);
    return arena_str(rows->arena, strbuf_view(&out));
}
