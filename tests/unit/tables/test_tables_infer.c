/* SPDX-License-Identifier: Apache-2.0 */
#include "tables/tables_infer.h"

#include "tests/t.h"

static struct tables_schema infer(struct arena *a, const char *array)
{
    const struct json   *j = NULL;
    const struct json  **rows;
    struct tables_schema s;

    CHECK_OK(json_parse(a, str_of(array), &j, NULL));
    rows = ARENA_ARRAY(a, const struct json *, j->n);
    for (uint32_t i = 0; i < j->n; i++)
        rows[i] = &j->items[i];
    tables_infer(a, S("X_CL"), rows, j->n, &s);
    return s;
}

static str type_of(const struct tables_schema *s, const char *name)
{
    for (size_t i = 0; i < s->n_columns; i++)
        if (str_eq(s->columns[i].name, str_of(name)))
            return tables_type_name(s->columns[i].type);
    return STR_NONE;
}

TEST(types_follow_the_values)
{
    AUTO(arena) a = arena_new(8 << 20);
    struct tables_schema s = infer(
        a, "[{\"b\":true,\"l\":1,\"r\":1,\"d\":\"2020-01-01\",\"g\":\"61f0c404-5cb3-11e7-907b-a6006ad3dba0\","
           "\"s\":\"x\",\"t\":{},\"n\":null},{\"b\":false,\"l\":-5,\"r\":0.5,\"m\":\"x\"},{\"m\":true}]");

    CHECK_SEQ(type_of(&s, "b"), S("bool"));
    CHECK_SEQ(type_of(&s, "l"), S("long"));
    CHECK_SEQ(type_of(&s, "r"), S("real"));
    CHECK_SEQ(type_of(&s, "d"), S("datetime"));
    CHECK_SEQ(type_of(&s, "g"), S("guid"));
    CHECK_SEQ(type_of(&s, "s"), S("string"));
    CHECK_SEQ(type_of(&s, "t"), S("dynamic"));
    CHECK_SEQ(type_of(&s, "m"), S("dynamic"));
    CHECK(type_of(&s, "n").p == NULL);
    CHECK_SEQ(s.columns[0].name, S("TimeGenerated"));
}

TEST(names_that_cannot_be_columns_are_left_out)
{
    AUTO(arena) a = arena_new(8 << 20);
    struct tables_schema s =
        infer(a, "[{\"a b\":1,\"Dup\":1,\"dup\":2,\"TimeGenerated\":3,\"type\":4,\"\":5,\"9x\":6}]");

    CHECK_EQ(s.n_columns, 5);
    CHECK_SEQ(type_of(&s, "Dup"), S("long"));
}

TEST(more_fields_than_the_limit_stay_out)
{
    AUTO(arena) a = arena_new(8 << 20);
    AUTO_STRBUF row = STRBUF_INIT(1 << 20);

    strbuf_addz(&row, "[{");
    for (int i = 0; i < TABLES_INFER_MAX_COLUMNS + 100; i++)
        strbuf_addf(&row, "%s\"f%d\":1", i ? "," : "", i);
    strbuf_addz(&row, "}]");
    CHECK_EQ(infer(a, row.p).n_columns, TABLES_INFER_MAX_COLUMNS + 4);
}
