/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/t.h"
#include "cli/cli_import.h"

static void add(struct cli_import_counts *c, struct arena *a, const char *text)
{
    const struct json *j = NULL;
    CHECK_OK(json_parse(a, str_of(text), &j, NULL));
    cli_import_add(c, j);
}

TEST(answers_add_up_by_table)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct cli_import_counts *c = ARENA_NEW(a, struct cli_import_counts);

    add(c, a, "{\"rows\":{\"Event\":3,\"SecurityEvent\":10},\"refused\":1,\"duplicate\":false}");
    add(c, a, "{\"rows\":{\"SecurityEvent\":5},\"refused\":0,\"duplicate\":false}");
    add(c, a, "{\"rows\":{},\"refused\":0,\"duplicate\":true}");
    add(c, a, "[]");
    CHECK_EQ(c->rows, 18);
    CHECK_EQ(c->refused, 1);
    CHECK_EQ(c->repeated, 1);
    CHECK_EQ(c->n, 2);
    CHECK_STR(c->tables[1].table, "SecurityEvent");
    CHECK_EQ(c->tables[1].rows, 15);
}

TEST(a_hostile_table_name_is_not_kept)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct cli_import_counts *c = ARENA_NEW(a, struct cli_import_counts);
    AUTO_STRBUF               text = STRBUF_INIT(4096);

    strbuf_addf(&text, "{\"rows\":{\"%0500d\":1}}", 0);
    add(c, a, text.p);
    CHECK_EQ(c->n, 0);
    CHECK_EQ(c->rows, 1);
}
