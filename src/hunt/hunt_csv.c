/* SPDX-License-Identifier: Apache-2.0 */
#include "hunt/hunt_csv.h"

#include "base/strbuf.h"
#include "base/utf8.h"
#include "base/vec.h"

struct reading {
    struct arena *arena;
    str           rest;
    char          separator;
    size_t        line; /* that `rest` begins on */
    struct strbuf cell;
    VEC(str) row;
    VEC(str) cells;
    VEC(struct hunt_csv_bad) bad;
};

/* Takes a cell; true when another of the row follows. An open quote at the end of the text sets *open. */
static bool take_cell(struct reading *r, bool *open)
{
    str    s = r->rest;
    bool   quoted = s.n > 0 && s.p[0] == '"';
    size_t i = quoted ? 1 : 0;

    strbuf_clear(&r->cell);
    for (; i < s.n; i++) {
        char c = s.p[i];
        if (quoted && c == '"') {
            if (i + 1 < s.n && s.p[i + 1] == '"') {
                i++;
            } else {
                quoted = false;
                continue;
            }
        } else if (!quoted && (c == r->separator || c == '\n')) {
            break;
        }
        r->line += c == '\n';
        if (quoted || c != '\r' || (i + 1 < s.n && s.p[i + 1] != '\n'))
            strbuf_addc(&r->cell, c);
    }
    *open = quoted;
    bool more = i < s.n && s.p[i] == r->separator;
    r->rest = str_from(s, i < s.n ? i + 1 : s.n);
    return more;
}

/* Takes a row into r->row; false, with a reason, when it cannot be one. */
static bool take_row(struct reading *r, const char **reason)
{
    size_t bytes = r->rest.n;
    bool   more = true, open = false, fine = true;

    vec_clear(&r->row);
    while (more) {
        more = take_cell(r, &open);
        str cell = str_trim(strbuf_view(&r->cell));
        if (!utf8_valid(cell)) {
            *reason = "is not UTF-8";
            fine = false;
        }
        if (r->row.n < HUNT_CSV_MAX_COLUMNS + 1)
            *vec_push_in(r->arena, &r->row) = arena_str(r->arena, cell);
    }
    r->line++;
    if (open) {
        *reason = "has a quote that is not closed";
        fine = false;
    } else if (bytes - r->rest.n > HUNT_CSV_MAX_LINE) {
        *reason = "is longer than 10240 bytes";
        fine = false;
    }
    return fine;
}

static bool is_blank(const struct reading *r)
{
    return r->row.n == 1 && !r->row.p[0].n;
}

static enum rc take_header(struct reading *r, struct hunt_csv *out, struct err *err)
{
    const char *reason = NULL;

    if (!r->rest.n)
        return err_set(err, RC_INVALID, "there is no line with the names of the columns");
    if (!take_row(r, &reason))
        return err_set(err, RC_INVALID, "line %zu, which names the columns, %s", r->line - 1, reason);
    if (r->row.n > HUNT_CSV_MAX_COLUMNS)
        return err_set(err, RC_LIMIT, "at most %d columns", HUNT_CSV_MAX_COLUMNS);
    str *names = ARENA_ARRAY(r->arena, str, r->row.n);
    for (size_t i = 0; i < r->row.n; i++) {
        names[i] = r->row.p[i];
        if (!names[i].n || names[i].n > 128)
            return err_set(err, RC_INVALID, "column %zu: a name of 1 to 128 bytes", i + 1);
        for (size_t k = 0; k < i; k++)
            if (str_eq(names[k], names[i]))
                return err_set(err, RC_INVALID, "two columns are called '" STR_FMT "'", STR_ARG(names[i]));
    }
    out->columns = names;
    out->n_columns = r->row.n;
    return RC_OK;
}

static void reject(struct reading *r, size_t line, str reason)
{
    *vec_push_in(r->arena, &r->bad) = (struct hunt_csv_bad) { line, reason };
}

static enum rc take_rows(struct reading *r, struct hunt_csv *out, struct err *err)
{
    while (r->rest.n) {
        const char *reason = NULL;
        size_t      line = r->line;
        if (!take_row(r, &reason)) {
            reject(r, line, str_of(reason));
        } else if (is_blank(r)) {
            continue;
        } else if (r->row.n != out->n_columns) {
            reject(r, line,
                   arena_printf(r->arena, "has %zu%s cells, and there are %zu columns", r->row.n,
                                r->row.n > HUNT_CSV_MAX_COLUMNS ? " or more" : "", out->n_columns));
        } else if (out->n_rows == HUNT_CSV_MAX_ROWS) {
            return err_set(err, RC_LIMIT, "at most %d items", HUNT_CSV_MAX_ROWS);
        } else {
            for (size_t i = 0; i < r->row.n; i++)
                *vec_push_in(r->arena, &r->cells) = r->row.p[i];
            out->n_rows++;
        }
    }
    return RC_OK;
}

enum rc hunt_csv_read(struct arena *a, str text, struct hunt_csv_opts opts, struct hunt_csv *out,
                      struct err *err)
{
    struct reading r = { .arena = a, .rest = text, .separator = opts.separator, .line = 1 };

    if (text.n > HUNT_CSV_MAX_BYTES)
        return err_set(err, RC_LIMIT, "at most %d bytes, not %zu", HUNT_CSV_MAX_BYTES, text.n);
    if (str_starts(r.rest, S("\xEF\xBB\xBF")))
        r.rest = str_from(r.rest, 3);
    for (; opts.skip && r.rest.n; opts.skip--, r.line++) {
        size_t end = str_find_byte(r.rest, '\n');
        r.rest = end == STR_NPOS ? STR_NONE : str_from(r.rest, end + 1);
    }
    *out = (struct hunt_csv) { 0 };
    strbuf_init(&r.cell, text.n + 1);
    enum rc rc = take_header(&r, out, err);
    if (rc == RC_OK)
        rc = take_rows(&r, out, err);
    strbuf_done(&r.cell);
    out->cells = r.cells.p;
    out->bad = r.bad.p;
    out->n_bad = r.bad.n;
    return rc;
}
