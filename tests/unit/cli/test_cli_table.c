/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli_table.h"

#include <locale.h>

#include "base/strbuf.h"
#include "tests/t.h"

static const struct cli_table_column HEADS[] = { { STR_INIT("Name"), false }, { STR_INIT("N"), true } };

static void check_print(const str *cells, size_t n_rows, size_t width, const char *want)
{
    char  got[1024] = "";
    FILE *f = fmemopen(got, sizeof got, "w");
    cli_table_print(f, &(struct cli_table) { HEADS, 2, cells, n_rows }, width);
    fclose(f);
    CHECK_STR(got, want);
}

TEST(columns_are_aligned_and_numbers_stand_right)
{
    str cells[] = { S("alice"), S("1"), S("bo"), S("1200") };
    setlocale(LC_CTYPE, "C.UTF-8");
    check_print(cells, 2, 0, "Name      N\nalice     1\nbo     1200\n");
}

TEST(what_is_too_wide_is_cut_with_an_ellipsis)
{
    str cells[] = { S("a very long name indeed"), S("1") };
    setlocale(LC_CTYPE, "C.UTF-8");
    check_print(cells, 1, 14, "Name         N\na very lon…  1\n");
}

TEST(no_text_steers_the_terminal)
{
    str cells[] = { S("a\033[2Jb\nc"), S("1") };
    setlocale(LC_CTYPE, "C.UTF-8");
    check_print(cells, 1, 0, "Name      N\na [2Jb c  1\n");
}

TEST(wide_characters_take_two_columns)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    CHECK_EQ(cli_table_width(S("日本")), 4);
    CHECK_EQ(cli_table_width(S("naïve")), 5);
}

TEST(csv_quotes_what_it_must)
{
    AUTO_STRBUF out = STRBUF_INIT(256);
    cli_table_csv(&out, S("plain"));
    strbuf_addc(&out, '|');
    cli_table_csv(&out, S("a,\"b\"\n"));
    CHECK_SEQ(strbuf_view(&out), S("plain|\"a,\"\"b\"\"\n\""));
}

TEST(a_value_is_its_text_or_its_json)
{
    AUTO(arena) a = arena_new(1 << 16);
    const struct json *row;

    CHECK_OK(json_parse(a, S("[\"x\\\"y\",null,[1,\"z\"],true]"), &row, NULL));
    CHECK_SEQ(cli_table_cell(a, json_at(row, 0)), S("x\"y"));
    CHECK_EQ(cli_table_cell(a, json_at(row, 1)).n, 0);
    CHECK_SEQ(cli_table_cell(a, json_at(row, 2)), S("[1,\"z\"]"));
    CHECK_SEQ(cli_table_cell(a, json_at(row, 3)), S("true"));
    CHECK_EQ(cli_table_cell(a, json_at(row, 4)).n, 0);
}
