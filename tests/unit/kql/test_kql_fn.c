/* SPDX-License-Identifier: Apache-2.0 */
/* Walks the tables of functions, aggregates and operators: every row is whole and every example compiles. */
#include "kql/kql.h"
#include "kql/kql_agg.h"
#include "kql/kql_fn.h"
#include "kql/kql_op.h"
#include "scalar/scalar.h"
#include "tests/t.h"

static const struct kql_catalog NOTHING;

static void compiles(const char *query)
{
    AUTO(arena) a = arena_new(KQL_ARENA_BYTES);
    struct kql_opts    opts = { .now = DAYS(20000) };
    struct kql_program program;
    struct kql_diags   diags;
    struct err         err = { 0 };
    enum rc            rc = kql_compile(&NOTHING, str_of(query), &opts, a, &program, &diags, &err);

    if (rc != RC_OK)
        fprintf(stderr, "%s\n    %s\n", query, err.text);
    CHECK_EQ(rc, RC_OK);
}

static void compiles_in(const char *source, const char *operator, const char * example)
{
    char query[4000];
    snprintf(query, sizeof query, "%s %s = tostring(%s)", source, operator, example);
    compiles(query);
}

TEST(every_function_has_a_page_and_its_example_compiles)
{
    for (const struct kql_fn *fn = kql_fn_next(NULL); fn; fn = kql_fn_next(fn)) {
        const struct kql_fn *of = kql_fn_find(str_of(fn->name));
        CHECK(fn->doc && fn->example);
        CHECK(of->sql || of->emit || of->bind || (of->scalar && scalar_find(str_of(of->scalar))));
        if (fn->window)
            compiles_in("range x from 1 to 3 step 1 |", "serialize y", fn->example);
        else if (fn->example)
            compiles_in("", "print x", fn->example);
    }
}

TEST(another_name_says_nothing_but_what_it_names)
{
    for (const struct kql_fn *fn = kql_fn_next(NULL); fn; fn = kql_fn_next(fn))
        if (fn->twin) {
            const struct kql_fn *of = kql_fn_find(str_of(fn->twin));
            CHECK(of && !of->twin);
            CHECK(!fn->args && !fn->sql && !fn->emit && !fn->bind && !fn->type && !fn->hidden);
        }
}

TEST(names_of_functions_differ)
{
    for (const struct kql_fn *fn = kql_fn_next(NULL); fn; fn = kql_fn_next(fn))
        CHECK(kql_fn_find(str_of(fn->name)) == (fn->twin ? kql_fn_find(str_of(fn->twin)) : fn));
    for (const struct kql_agg *agg = kql_agg_next(NULL); agg; agg = kql_agg_next(agg))
        CHECK(kql_agg_find(str_of(agg->name)) == agg);
    for (const struct kql_op *op = kql_op_next(NULL); op; op = kql_op_next(op))
        CHECK(kql_op_find(str_of(op->name)) == op);
}

TEST(every_aggregate_has_a_page_and_its_example_compiles)
{
    for (const struct kql_agg *agg = kql_agg_next(NULL); agg; agg = kql_agg_next(agg)) {
        CHECK(agg->doc && agg->example && (agg->sql || agg->emit));
        compiles_in("range x from 1 to 4 step 1 |", "summarize y", agg->example);
    }
}

TEST(every_operator_has_a_page_and_its_example_compiles)
{
    for (const struct kql_op *op = kql_op_next(NULL); op; op = kql_op_next(op)) {
        CHECK(op->doc && op->example && op->parse && op->bind);
        compiles(op->example);
    }
}
