/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli_rows.h"

#include "base/env.h"

enum { ROW_MAX = 256 << 20, ROWS_MAX = 1 << 30 };

struct evaluated {
    size_t  rows;
    bool    any;
    int64_t ns;
};

static enum rc one(const struct kql_row *row, const struct scalar_value *in, struct scalar_value *out,
                   struct arena *scratch, struct strbuf *text, struct evaluated *e, struct err *err)
{
    bool    kept;
    int64_t from = env_monotonic_ns(env_real());

    TRY(kql_row_run(row, in, out, scratch, &kept, err));
    e->ns += env_monotonic_ns(env_real()) - from;
    e->rows++;
    if (kept) {
        strbuf_addz(text, e->any ? "," : "");
        e->any = true;
        kql_row_json(row, out, text);
    }
    return strbuf_ok(text, "the result", err);
}

enum rc cli_rows_run(const struct kql_row *row, struct cli_catalog *c, struct strbuf *out, int64_t *nanos,
                     struct err *err)
{
    AUTO(arena) a = arena_new(ROWS_MAX);
    AUTO(arena) scratch = arena_new(ROW_MAX);
    AUTO(arena) cells = arena_new(ROW_MAX);
    struct kql_row_columns inputs = kql_row_inputs(row);
    struct scalar_value   *in = ARENA_ARRAY(a, struct scalar_value, inputs.n + 1);
    struct scalar_value   *values = ARENA_ARRAY(a, struct scalar_value, kql_row_outputs(row).n + 1);
    struct evaluated       e = { 0 };
    bool                   table = kql_row_table(row).n > 0;
    const struct json     *rows = table ? cli_catalog_rows(c, kql_row_table(row)) : NULL;

    strbuf_addc(out, '[');
    for (uint32_t r = 0; rows ? r < rows->n : !table && r == 0; r++) {
        for (size_t i = 0; i < inputs.n; i++) {
            const struct json *cell = json_get(&rows->items[r], inputs.p[i].name);
            struct kql_value   v = cli_catalog_value(cells, cell, inputs.p[i].type);
            in[i] = kql_row_value(&v);
        }
        TRY(one(row, in, values, scratch, out, &e, err));
        arena_reset(scratch);
        arena_reset(cells);
    }
    strbuf_addc(out, ']');
    *nanos = e.rows > 0 ? e.ns / (int64_t)e.rows : 0;
    return strbuf_ok(out, "the result", err);
}
