/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a query, evaluated on awkward rows; what stands behind a NUL is the text of the row. */
#include <math.h>
#include <stdlib.h>

#include "kql/kql_row.h"

static const struct kql_column COLUMNS[] = { { STR_INIT("TimeGenerated"), KQL_DATETIME },
                                             { STR_INIT("s"), KQL_STRING },
                                             { STR_INIT("n"), KQL_LONG },
                                             { STR_INIT("d"), KQL_DYNAMIC },
                                             { STR_INIT("r"), KQL_REAL },
                                             { STR_INIT("m"), KQL_TIMESPAN },
                                             { STR_INIT("b"), KQL_BOOL } };
static const struct kql_table  TABLE = { STR_INIT("T"), COLUMNS, sizeof COLUMNS / sizeof COLUMNS[0] };

static const struct kql_table *table_find(void *ctx, str name)
{
    (void)ctx;
    return str_eq(name, TABLE.name) ? &TABLE : NULL;
}

static const struct {
    int64_t i;
    double  r;
    bool    null;
} NUMBERS[] = { { 0, 0, false },
                { -1, -1.5, false },
                { INT64_MIN, -INFINITY, false },
                { INT64_MAX, 1e308, false },
                { TS_MIN, NAN, false },
                { TS_MAX, 5e-324, false },
                { 0, 0, true } };

static struct scalar_value value_of(const struct kql_column *c, str text, size_t round)
{
    struct scalar_value v = { .s = text };

    if (kql_type_is_text(c->type))
        return v;
    v.null = NUMBERS[round].null;
    if (c->type == KQL_REAL)
        v.r = NUMBERS[round].r;
    else if (c->type == KQL_BOOL)
        v.i = NUMBERS[round].i & 1;
    else
        v.i = NUMBERS[round].i;
    if (c->type == KQL_DATETIME && (v.i < TS_MIN || v.i > TS_MAX))
        v.i = TS_MAX;
    return v;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct kql_catalog CATALOG = { .table_find = table_find };
    const struct kql_opts           opts = { .now = DAYS(20000) };
    str                             whole = str_make((const char *)data, size), text = S("");
    size_t                          cut = str_find_byte(whole, '\0');
    AUTO(arena) arena = arena_new(KQL_ARENA_BYTES);
    AUTO(arena) scratch = arena_new(4 << 20);
    struct kql_row  *row;
    struct kql_diags diags;

    if (cut != STR_NPOS)
        text = str_from(whole, cut + 1);
    if (kql_row_compile(&CATALOG, str_slice(whole, 0, cut), &opts, arena, &row, &diags, NULL) != RC_OK)
        return 0;
    struct kql_row_columns inputs = kql_row_inputs(row);
    struct scalar_value   *in = ARENA_ARRAY(arena, struct scalar_value, inputs.n + 1);
    struct scalar_value   *out = ARENA_ARRAY(arena, struct scalar_value, kql_row_outputs(row).n + 1);
    for (size_t round = 0; round < sizeof NUMBERS / sizeof NUMBERS[0]; round++) {
        AUTO_STRBUF json = STRBUF_INIT(1 << 20);
        bool        kept;
        for (size_t i = 0; i < inputs.n; i++)
            in[i] = value_of(&inputs.p[i], text, round);
        if (kql_row_run(row, in, out, scratch, &kept, NULL) == RC_OK && kept)
            kql_row_json(row, out, &json);
        arena_reset(scratch);
    }
    return 0;
}
