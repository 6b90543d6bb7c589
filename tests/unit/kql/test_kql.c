/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql.h"
#include "tests/t.h"

static const struct kql_column COLUMNS[] = { { STR_INIT("TimeGenerated"), KQL_DATETIME },
                                             { STR_INIT("Computer"), KQL_STRING },
                                             { STR_INIT("EventID"), KQL_INT },
                                             { STR_INIT("Data"), KQL_DYNAMIC } };
static const struct kql_table  EVENTS = { STR_INIT("Events"), COLUMNS, 4 };

static const struct kql_table *table_find(void *ctx, str name)
{
    (void)ctx;
    return str_eq(name, EVENTS.name) ? &EVENTS : NULL;
}

static void table_each(void *ctx, void (*visit)(void *arg, const struct kql_table *t), void *arg)
{
    (void)ctx;
    visit(arg, &EVENTS);
}

static const struct kql_catalog CATALOG = { .table_find = table_find, .table_each = table_each };

struct outcome {
    struct arena      *arena;
    enum rc            rc;
    struct kql_program program;
    struct kql_diags   diags;
    struct err         err;
};

static struct outcome compile_with(const char *query, struct kql_opts opts)
{
    struct outcome o = { .arena = arena_new(KQL_ARENA_BYTES) };
    opts.now = DAYS(20000);
    o.rc = kql_compile(&CATALOG, str_of(query), &opts, o.arena, &o.program, &o.diags, &o.err);
    return o;
}

static struct outcome compile(const char *query)
{
    return compile_with(query, (struct kql_opts) { 0 });
}

static void refused(const char *query, const char *code, const char *message)
{
    struct outcome o = compile(query);
    CHECK(o.rc != RC_OK && o.diags.list.n > 0);
    if (o.diags.list.n > 0) {
        CHECK_SEQ(kql_diag_code_name(o.diags.list.p[0].code), str_of(code));
        CHECK(str_contains(o.diags.list.p[0].message, str_of(message)));
    }
    arena_free(o.arena);
}

static void planned(const char *query, const char *note)
{
    struct outcome o = compile(query);
    CHECK_EQ(o.rc, RC_OK);
    CHECK(str_contains(o.program.plan, str_of(note)));
    arena_free(o.arena);
}

TEST(the_plan_says_which_filter_the_text_index_serves)
{
    planned("Events | where Computer has 'web'", "[text index]");
    planned("Events | where Computer has_any ('web', 'db 01 x') and EventID > 1", "[text index]");
    planned("Events | where Computer has 'web' or EventID == 1", "[row by row");
    planned("Events | where Computer hasprefix 'web'", "[row by row");
    planned("Events | where Computer has_any ('web', '-')", "[row by row");
    planned("Events | where tolower(Computer) has 'web'", "[row by row");
    planned("Events | where EventID == 1", "1)\n");
}

TEST(a_bound_on_a_bin_is_one_on_the_column)
{
    planned(
        "Events | summarize count() by bin(TimeGenerated, 1h) | where TimeGenerated > datetime(2024-01-02)",
        "filter >=(TimeGenerated, \"2024-01-02");
    planned("Events | summarize count() by t = bin(TimeGenerated, 1h) | where t < datetime(2024-01-02)",
            "filter <(TimeGenerated, \"2024-01-02T01:00:00");
}

TEST(parameters_have_the_values_that_are_given)
{
    static const struct kql_parameter GIVEN[] = { { STR_INIT("n"), STR_INIT("41") },
                                                  { STR_INIT("s"), STR_INIT("it's") },
                                                  { STR_INIT("t"), STR_INIT("datetime(2024-01-31)") } };
    const char                       *query =
        "declare query_parameters(n:long = 3, s:string, t:datetime, d:long = 7); print n, s, t, d";
    struct outcome o = compile_with(query, (struct kql_opts) { .parameters = GIVEN, .n_parameters = 3 });
    CHECK_EQ(o.rc, RC_OK);
    CHECK(str_contains(o.program.sql, S("toInt64(41)")) && str_contains(o.program.sql, S("'it\\'s'")));
    CHECK(str_contains(o.program.sql, S("'2024-01-31 00:00:00")) &&
          str_contains(o.program.sql, S("toInt64(7)")));
    arena_free(o.arena);
    const struct kql_parameter WRONG = { S("n"), S("abc") };
    o = compile_with(query, (struct kql_opts) { .parameters = &WRONG, .n_parameters = 1 });
    CHECK(o.rc != RC_OK);
    CHECK(o.diags.list.n == 1 && str_contains(o.diags.list.p[0].message, S("\"n\" is a long")));
    arena_free(o.arena);
}

TEST(a_chain_of_operators_is_one_select)
{
    struct outcome o = compile("Events | where EventID == 1 | extend next_id = EventID + 1 | where next_id > "
                               "1 | project next_id, Computer");
    CHECK_OK_ERR(o.rc, &o.err);
    CHECK_SEQ(o.program.sql, S("SELECT (`EventID` + toInt64(1)) AS `next_id`, `Computer` FROM law.`Events` "
                               "WHERE ((`EventID` = toInt64(1))) AND ((`next_id` > toInt64(1)))"));
    arena_free(o.arena);
}

TEST(text_of_a_user_is_escaped)
{
    struct outcome o = compile("Events | where Computer == \"a'b\\\\c\\n\" | project ['we`ird'] = Computer");
    CHECK_OK_ERR(o.rc, &o.err);
    CHECK(str_contains(o.program.sql, S("'a\\'b\\\\c\\n'")));
    CHECK_SEQ(o.program.columns[0].name, S("we`ird"));
    arena_free(o.arena);
}

TEST(has_of_a_term_asks_the_text_index)
{
    struct outcome o = compile("Events | where Computer has 'Web01'");
    CHECK(str_contains(o.program.sql, S("hasToken(lowerUTF8(`Computer`),'web01')")));
    arena_free(o.arena);
}

TEST(bounds_of_time_are_literals_on_the_bare_column)
{
    struct outcome o = compile("Events | where TimeGenerated > ago(1h)");
    CHECK(str_contains(o.program.sql,
                       S("`TimeGenerated` > toDateTime64('2024-10-03 23:00:00.0000000',7,'UTC')")));
    arena_free(o.arena);
    o = compile_with("Events", (struct kql_opts) { .has_time = true, .time_from = 0, .time_to = DAYS(1) });
    CHECK(str_contains(o.program.sql,
                       S("`TimeGenerated` >= toDateTime64('1970-01-01 00:00:00.0000000',7,'UTC')")));
    CHECK_EQ(o.program.n_tables, 1);
    arena_free(o.arena);
}

TEST(errors_say_where_and_what_instead)
{
    refused("Events | wher EventID == 1", "KQ010", "there is no operator \"wher\"");
    refused("Events | where EventId == 1", "KQ021", "there is no column or value \"EventId\"");
    refused("Event | take 1", "KQ020", "there is no table \"Event\"");
    refused("Events | extend x = tolowr(Computer)", "KQ011", "there is no function \"tolowr\"");
    refused("Events | where TimeGenerated == 5", "KQ031", "cannot be compared");
    refused("Events | extend x = strlen()", "KQ030", "strlen() takes 1 argument, not 0");
    refused("Events | where sum(EventID) > 1", "KQ034", "belongs into summarize");
    refused("print x = datetime(notadate)", "KQ002", "no value");
    refused("Events | where Computer == 'x", "KQ001", "closing quote");
}

TEST(one_pass_finds_all_errors)
{
    struct outcome o = compile("Events\n| where (EventID ==\n| extend x = = 2\n| taek 5");
    CHECK(o.diags.list.n >= 3);
    CHECK_EQ(o.diags.list.p[o.diags.list.n - 1].line, 4);
    arena_free(o.arena);
}

TEST(nesting_length_and_expansion_are_bounded)
{
    enum { N = 20000 };
    static char deep[2 * N + 40];
    size_t      n = (size_t)snprintf(deep, sizeof deep, "print x = ");
    memset(deep + n, '(', N);
    refused(deep, "KQ003", "nested");
    n = (size_t)snprintf(deep, sizeof deep, "print x = ");
    for (int i = 0; i < N; i++)
        deep[n++] = '-';
    deep[n] = '\0';
    refused(deep, "KQ003", "nested");

    static char wide[4000];
    n = (size_t)snprintf(wide, sizeof wide, "let a0 = Events;");
    for (int i = 1; i < 40; i++)
        n += (size_t)snprintf(wide + n, sizeof wide - n, "let a%d = union a%d, a%d;", i, i - 1, i - 1);
    snprintf(wide + n, sizeof wide - n, "a39");
    refused(wide, "KQ003", "expands");
}
