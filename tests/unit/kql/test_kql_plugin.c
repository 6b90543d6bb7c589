/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_plugin.h"

#include "base/map.h"
#include "kql/kql.h"
#include "tests/t.h"

static enum rc compile(const char *query, struct arena *a, struct kql_program *program,
                       struct kql_diags *diags)
{
    static const struct kql_catalog NOTHING = { 0 };
    const struct kql_opts           opts = { .now = DAYS(20000) };
    struct err                      err;
    return kql_compile(&NOTHING, str_of(query), &opts, a, program, diags, &err);
}

static void gives(const char *query, const char *const *names)
{
    struct arena      *a = arena_new(KQL_ARENA_BYTES);
    struct kql_program program = { 0 };
    struct kql_diags   diags;

    CHECK_EQ(compile(query, a, &program, &diags), RC_OK);
    for (size_t i = 0; i < program.n_columns && names[i]; i++)
        CHECK_SEQ(program.columns[i].name, str_of(names[i]));
    CHECK(!names[program.n_columns]);
    arena_free(a);
}

static void refuses(const char *query, const char *code, const char *words)
{
    struct arena      *a = arena_new(KQL_ARENA_BYTES);
    struct kql_program program;
    struct kql_diags   diags;

    CHECK(compile(query, a, &program, &diags) != RC_OK && diags.list.n > 0);
    if (diags.list.n > 0) {
        CHECK_SEQ(kql_diag_code_name(diags.list.p[0].code), str_of(code));
        CHECK(str_contains(diags.list.p[0].message, str_of(words)));
        CHECK(diags.list.p[0].span.to <= strlen(query));
    }
    arena_free(a);
}

TEST(every_plugin_has_a_page_and_its_example_compiles)
{
    AUTO(map) names = map_new(MAP_CASE);
    size_t n = 0;

    for (const struct kql_plugin *p = kql_plugin_next(NULL); p; p = kql_plugin_next(p), n++) {
        struct arena      *a = arena_new(KQL_ARENA_BYTES);
        struct kql_program program;
        struct kql_diags   diags;
        CHECK(p->bind && p->doc && p->doc[0] && p->example && p->yields);
        CHECK(!p->args == !p->body);
        CHECK(!map_has(names, str_of(p->name)));
        map_put(names, str_of(p->name), (void *)(uintptr_t)p);
        CHECK(kql_plugin_find(str_of(p->name)) == p);
        CHECK(!kql_plugin_refusal(str_of(p->name)));
        CHECK_EQ(compile(p->example, a, &program, &diags), RC_OK);
        arena_free(a);
    }
    CHECK(n > 20);
}

TEST(columns_have_the_names_that_the_user_gave)
{
    gives("range val from 1 to 9 step 1 | evaluate rolling_percentile(val, 99.5, val, 1, 3)",
          (const char *const[]) { "val", "rolling_3_percentile_val_99.5", NULL });
    gives("print ['my id'] = 1, at = now(), d1 = 'x' | evaluate new_activity_metrics(['my id'], at, ago(1d), "
          "now(), "
          "1d, d1)",
          (const char *const[]) { "from_at", "to_at", "dcount_new_values", "dcount_retained_values",
                                  "dcount_churn_values", "retention_rate", "churn_rate", "d1", NULL });
    gives("print t = now(), a = true | evaluate sequence_detect(t, 1d, 1d, came = a, a == false, k = "
          "strcat('x', 'y'))",
          (const char *const[]) { "k", "came_t", "Expr2_t", "Duration", NULL });
}

TEST(optional_bounds_are_told_from_dimensions)
{
    const char *const *names = (const char *const[]) {
        "t", "dcount_values", "dcount_newvalues", "retention_rate", "churn_rate", "os", NULL
    };

    gives("print id = 1, t = now(), os = 'x' | evaluate activity_metrics(id, t, 1d, os)", names);
    gives("print id = 1, t = now(), os = 'x' | evaluate activity_metrics(id, t, ago(1d), now(), 1d, os)",
          names);
    gives("print id = 1, t = now(), os = 'x' | evaluate activity_metrics(id, t, 'week', os)", names);
}

TEST(arguments_that_do_not_fit_are_refused_where_they_stand)
{
    refuses("print id = 1, t = 'x' | evaluate session_count(id, t, 1, 2, 1, 1)", "KQ031", "a time line");
    refuses("print id = 1, t = now() | evaluate session_count(id, t, 1, 2, 1d, 1d)", "KQ031",
            "the time line is a datetime");
    refuses("print id = 1, t = now() | evaluate sliding_window_counts(id, t, ago(1d), now(), 7d, 'day')",
            "KQ031", "'week'");
    refuses("print x = 1 | evaluate rolling_percentile(x, -1, x, 1, 1)", "KQ030", "0 to");
    refuses("print x = 1 | evaluate rows_near(x)", "KQ030", "2 to 3");
    refuses("print x = 1 | evaluate funnel_sequence(x, x, 1, 2, 1, 1, x, dynamic(5))", "KQ030",
            "an array of 1 to");
    refuses("print x = 1 | evaluate Python(typeof(*), 'x')", "KQ040", "no code of others");
    refuses("print x = 1 | evaluate basket(0.001)", "KQ030", "0.015 to 1");
}
