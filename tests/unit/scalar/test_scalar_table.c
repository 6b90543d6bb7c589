/* SPDX-License-Identifier: Apache-2.0 */
#include "scalar/scalar_table.h"

#include "tests/t.h"

TEST(values_of_a_column_are_numbered_and_patterns_weighed)
{
    struct arena       *a = arena_new(1 << 20);
    struct scalar_table t;
    AUTO_STRBUF         text = STRBUF_INIT(100);

    CHECK(scalar_table_read(a, S("[[2,1.5,-1],[\"x\",\"y\",\"x\"],[\"\",\"\\\"\",\"\"]]"), 1, &t));
    CHECK(t.n == 3 && t.k == 2 && t.total[0] == 3.5);
    CHECK(t.column[0].n_codes == 2 && t.column[0].codes[2] == t.column[0].codes[0]);
    struct scalar_table_match m = { .columns = 1, .row = 2 }, n = { .columns = 1, .row = 0 };
    scalar_table_weigh(&t, &m);
    CHECK(m.weight[0] == 2);
    CHECK(scalar_table_same(&t, &m, &n));
    n.row = 1;
    n.columns = 3;
    CHECK(!scalar_table_same(&t, &m, &n) && !scalar_table_fits(&t, &n, 0));
    scalar_table_write(&t, &n, &text);
    CHECK_SEQ(strbuf_view(&text), S("[\"y\",\"\\\"\"]"));
    strbuf_clear(&text);
    scalar_table_write(&t, &m, &text);
    CHECK_SEQ(strbuf_view(&text), S("[\"x\",null]"));
    arena_free(a);
}

TEST(what_is_no_table_is_refused)
{
    static const char *const TEXTS[] = { "", "{}", "[]", "[1]", "[[1],[\"a\",\"b\"]]", "[[1],2]" };
    struct arena            *a = arena_new(1 << 20);
    struct scalar_table      t;

    for (size_t i = 0; i < sizeof TEXTS / sizeof TEXTS[0]; i++)
        CHECK(!scalar_table_read(a, str_of(TEXTS[i]), 1, &t));
    arena_free(a);
}
