/* SPDX-License-Identifier: Apache-2.0 */
#include "hunt/hunt_run.h"

#include "base/hash.h"
#include "base/vec.h"
#include "kql/kql_result.h"

enum { ARENA_BYTES = 192 << 20, MAX_COLUMNS_TEXT = 64 * 1024 };

struct gathering {
    struct arena          *arena;
    const struct hunt_run *run;
    str                    columns;
    VEC(uint64_t) marks;
    VEC(str) rows;
    size_t bytes;
    bool   more; /* of the first table */
};

static enum rc begin(void *ctx, const struct kql_program *program, struct err *err)
{
    struct gathering *g = ctx;
    AUTO_STRBUF       text = STRBUF_INIT(MAX_COLUMNS_TEXT);

    kql_result_columns(program->columns, program->n_columns, &text);
    TRY(strbuf_ok(&text, "the columns", err));
    g->columns = arena_str(g->arena, strbuf_view(&text));
    return RC_OK;
}

static enum rc take_row(void *ctx, str row, struct err *err)
{
    struct gathering *g = ctx;

    (void)err;
    if (g->marks.n >= HUNT_RUN_MAX_ROWS) {
        g->more = true;
        return RC_OK;
    }
    *vec_push_in(g->arena, &g->marks) = hash_fnv(row);
    size_t most = g->run->keep_bytes ? g->run->keep_bytes : HUNT_RUN_KEEP_BYTES;
    if (g->rows.n < g->run->keep && g->bytes + row.n <= most) {
        *vec_push_in(g->arena, &g->rows) = arena_str(g->arena, row);
        g->bytes += row.n;
    }
    return RC_OK;
}

static enum rc refused(const struct kql_diags *diags, enum rc rc, const struct err *why, struct err *err)
{
    if (!diags->list.n)
        return err_set(err, rc, "%s", why->text);
    const struct kql_diag *d = &diags->list.p[0];
    return err_set(err, RC_INVALID, "query: line %u, column %u: " STR_FMT " (" STR_FMT ")", d->line,
                   d->column, STR_ARG(d->message), STR_ARG(kql_diag_code_name(d->code)));
}

enum rc hunt_run_query(const struct hunt_run *r, struct arena *a, struct hunt_found *out, struct err *err)
{
    AUTO(arena) scratch = arena_new(ARENA_BYTES);
    struct gathering           g = { .arena = a, .run = r };
    struct query_outcome       outcome = { 0 };
    struct err                 why = { 0 };
    const struct query_sink    sink = { .ctx = &g, .begin = begin, .row = take_row };
    const struct query_request request = { .arena = scratch,
                                           .text = r->text,
                                           .who = r->who,
                                           .has_time = r->has_time,
                                           .time_from = r->time_from,
                                           .time_to = r->time_to,
                                           .has_ingested = r->has_ingested,
                                           .ingested_from = r->ingested_from,
                                           .ingested_to = r->ingested_to,
                                           .time_limit = r->limit,
                                           .max_rows = HUNT_RUN_MAX_ROWS + 1 };

    enum rc rc = query_run(r->query, &request, &sink, &outcome, &why);
    if (rc != RC_OK)
        return refused(&outcome.diags, rc, &why, err);
    if (outcome.partial && outcome.error.rc != RC_LIMIT)
        return err_set(err, outcome.error.rc, "%s", outcome.error.text);
    *out = (struct hunt_found) { .columns = g.columns.n ? g.columns : S("[]"),
                                 .marks = g.marks.p,
                                 .n = g.marks.n,
                                 .rows = g.rows.p,
                                 .n_rows = g.rows.n,
                                 .partial = outcome.partial || g.more };
    return RC_OK;
}

enum rc hunt_run_check(struct query *q, str text, struct err *err)
{
    AUTO(arena) a = arena_new(ARENA_BYTES);
    struct kql_diags      diags = kql_diag_begin(a, text);
    struct kql_program    program;
    struct err            why = { 0 };
    const struct kql_opts opts = { .now = ts_from_unix(1700000000, 0) };
    enum rc               rc = kql_compile(query_names(q), text, &opts, a, &program, &diags, &why);

    return rc == RC_OK ? RC_OK : refused(&diags, rc, &why, err);
}

str hunt_run_rows(struct arena *a, const struct hunt_found *f)
{
    AUTO_STRBUF text = STRBUF_INIT(HUNT_RUN_KEEP_BYTES + 4 * HUNT_RUN_MAX_ROWS);

    strbuf_addc(&text, '[');
    for (size_t i = 0; i < f->n_rows; i++) {
        strbuf_addz(&text, i ? "," : "");
        strbuf_add(&text, f->rows[i]);
    }
    strbuf_addc(&text, ']');
    return arena_str(a, strbuf_view(&text));
}
