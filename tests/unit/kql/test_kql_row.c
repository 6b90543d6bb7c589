/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_row.h"

#include "base/mem.h"
#include "tests/t.h"

static const struct kql_column COLUMNS[] = { { STR_INIT("TimeGenerated"), KQL_DATETIME },
                                             { STR_INIT("Name"), KQL_STRING },
                                             { STR_INIT("N"), KQL_LONG },
                                             { STR_INIT("D"), KQL_DYNAMIC } };
static const struct kql_table  TABLE = { STR_INIT("T"), COLUMNS, 4 };

static const struct kql_table *find(void *ctx, str name)
{
    (void)ctx;
    return str_eq(name, S("T")) ? &TABLE : NULL;
}

static const struct kql_catalog CATALOG = { .table_find = find };

static enum rc compile(struct arena *a, const char *query, struct kql_row **row, struct err *err)
{
    struct kql_opts  opts = { .now = DAYS(20000) };
    struct kql_diags diags;
    return kql_row_compile(&CATALOG, str_of(query), &opts, a, row, &diags, err);
}

static struct scalar_value value_of(const struct kql_column *c, str name, struct scalar_value n, str d)
{
    if (str_eq(c->name, S("Name")))
        return (struct scalar_value) { .s = name };
    if (str_eq(c->name, S("N")))
        return n;
    return str_eq(c->name, S("D")) ? (struct scalar_value) { .s = d }
                                   : (struct scalar_value) { .i = DAYS(19000) };
}

/* The row that comes out, as JSON; "-" when it is kept back, the reason when it fails. */
static void run(const char *query, str name, struct scalar_value n, str d, const char *want)
{
    AUTO(arena) a = arena_new(KQL_ARENA_BYTES);
    AUTO(arena) scratch = arena_new(1 << 20);
    AUTO_STRBUF         text = STRBUF_INIT(1 << 16);
    struct kql_row     *row;
    struct scalar_value in[4], out[8];
    struct err          err = { 0 };
    bool                kept = false;

    if (compile(a, query, &row, &err) != RC_OK) {
        CHECK_STR(err.text, want);
        return;
    }
    for (size_t i = 0; i < kql_row_inputs(row).n; i++)
        in[i] = value_of(&kql_row_inputs(row).p[i], name, n, d);
    CHECK_OK_ERR(kql_row_run(row, in, out, scratch, &kept, &err), &err);
    if (kept)
        kql_row_json(row, out, &text);
    CHECK_SEQ(kept ? strbuf_view(&text) : S("-"), str_of(want));
}

static const struct scalar_value SEVEN = { .i = 7 }, NOTHING = { .null = true };

TEST(rows_are_filtered_and_computed)
{
    run("T | where Name has 'bob' | project N, x = N * 2", S("the Bob"), SEVEN, S(""), "[7,14]");
    run("T | where Name has 'bob' | project N", S("bobby"), SEVEN, S(""), "-");
    run("T | where N > 5 | extend y = strcat(Name, N) | project y", S("a"), SEVEN, S(""), "[\"a7\"]");
    run("T | where N > 5 | project N", S("a"), NOTHING, S(""), "-");
    run("T | where N != 5 | project N, m = isnull(N)", S("a"), NOTHING, S(""), "[null,true]");
    run("T | project v = D.a.b[1], t = tostring(D.s)", S(""), SEVEN,
        S("{\"a\":{\"b\":[1, 2.50]},\"s\":\"x\\ny\"}"), "[2.50,\"x\\ny\"]");
    run("T | parse Name with 'u=' User ' id=' Id:long | project User, Id", S("u=root id=12"), SEVEN, S(""),
        "[\"root\",12]");
    run("let f = (x:long) { iff(x > 5, 'many', 'few') }; T | project f(N)", S(""), SEVEN, S(""),
        "[\"many\"]");
}

TEST(only_columns_that_are_wanted_are_read)
{
    AUTO(arena) a = arena_new(KQL_ARENA_BYTES);
    struct kql_row *row;

    CHECK_OK(compile(a, "T | extend x = Name | where N > 1 | project N", &row, NULL));
    CHECK_EQ(kql_row_inputs(row).n, 1);
    CHECK_SEQ(kql_row_inputs(row).p[0].name, S("N"));
    CHECK_SEQ(kql_row_table(row), S("T"));
}

TEST(what_rows_one_by_one_cannot_do_is_refused_by_name)
{
    run("T | summarize count()", S(""), SEVEN, S(""), "row evaluation has no summarize");
    run("T | sort by N asc", S(""), SEVEN, S(""), "row evaluation has no sort");
    run("T | project x = rand()", S(""), SEVEN, S(""), "row evaluation has no rand");
    run("T | where Name matches regex Name", S(""), SEVEN, S(""), "row evaluation has no matches regex");
    run("T | project x = todecimal(N)", S(""), SEVEN, S(""), "row evaluation has no decimals");
}

TEST(the_memory_of_a_row_is_bounded)
{
    AUTO(arena) a = arena_new(KQL_ARENA_BYTES);
    AUTO(arena) scratch = arena_new(100000);
    char               *large = mem_alloc(90000);
    struct kql_row     *row;
    struct scalar_value in[1], out[1];
    bool                kept = true;

    memset(large, 'x', 90000);
    in[0] = (struct scalar_value) { .s = str_make(large, 90000) };
    CHECK_OK(compile(a, "T | project x = strcat(Name, Name)", &row, NULL));
    CHECK_EQ(kql_row_run(row, in, out, scratch, &kept, NULL), RC_LIMIT);
    mem_free(large);
}

TEST(dates_hold_at_the_ends_of_time)
{
    run("print a = datetime(9999-12-31) + 1d, b = endofyear(datetime(9999-05-05)), c = "
        "startofweek(datetime(0001-01-01))",
        S(""), SEVEN, S(""), "[null,\"9999-12-31T23:59:59.9999999Z\",null]");
    run("print a = datetime_add('month', -1, datetime(2024-03-31)), b = week_of_year(datetime(2021-01-03))",
        S(""), SEVEN, S(""), "[\"2024-02-29T00:00:00.0000000Z\",53]");
}
