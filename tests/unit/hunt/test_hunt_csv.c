/* SPDX-License-Identifier: Apache-2.0 */
#include "hunt/hunt_csv.h"
#include "tests/t.h"

static struct hunt_csv read_fine(struct arena *a, str text, size_t skip)
{
    struct hunt_csv csv;
    struct err      err = { 0 };

    CHECK_OK_ERR(
        hunt_csv_read(a, text, (struct hunt_csv_opts) { .separator = ',', .skip = skip }, &csv, &err), &err);
    return csv;
}

static enum rc refused(struct arena *a, str text, struct err *err)
{
    struct hunt_csv csv;
    return hunt_csv_read(a, text, (struct hunt_csv_opts) { .separator = ',' }, &csv, err);
}

TEST(cells_may_hold_separators_quotes_and_ends_of_lines)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct hunt_csv csv = read_fine(a, S("a, b \r\n\"x,y\",\"say \"\"no\"\"\nor yes\"\r\n\r\n1,2"), 0);

    CHECK_EQ(csv.n_columns, 2);
    CHECK(str_eq(csv.columns[1], S("b")));
    CHECK_EQ(csv.n_rows, 2);
    CHECK_EQ(csv.n_bad, 0);
    CHECK(str_eq(csv.cells[0], S("x,y")));
    CHECK(str_eq(csv.cells[1], S("say \"no\"\nor yes")));
    CHECK(str_eq(csv.cells[3], S("2")));
}

TEST(lines_in_front_and_a_byte_order_mark_are_passed_over)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct hunt_csv csv = read_fine(a, S("\xEF\xBB\xBFsep=,\nexported today\nname\nalice\n"), 2);

    CHECK_EQ(csv.n_rows, 1);
    CHECK(str_eq(csv.columns[0], S("name")));
}

TEST(a_line_that_does_not_fit_is_told_with_its_number_and_the_rest_is_read)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct hunt_csv csv = read_fine(a, S("a,b\n\"1\n2\",3\n4\n5,6,7\n8,\xff\n9,10\n\"11,12\n"), 0);

    CHECK_EQ(csv.n_rows, 2);
    CHECK_EQ(csv.n_bad, 4);
    CHECK_EQ(csv.bad[0].line, 4); /* a cell over two lines comes first */
    CHECK(str_eq(csv.bad[0].reason, S("has 1 cells, and there are 2 columns")));
    CHECK(str_eq(csv.bad[1].reason, S("has 3 cells, and there are 2 columns")));
    CHECK(str_eq(csv.bad[2].reason, S("is not UTF-8")));
    CHECK(str_eq(csv.bad[3].reason, S("has a quote that is not closed")));
    CHECK_EQ(csv.bad[3].line, 8);
}

TEST(a_header_that_cannot_be_is_refused)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct err err = { 0 };

    CHECK_EQ(refused(a, S(""), &err), RC_INVALID);
    CHECK_EQ(refused(a, S("a,a\n1,2\n"), &err), RC_INVALID);
    CHECK_STR(err.text, "two columns are called 'a'");
    CHECK_EQ(refused(a, S("a,,b\n"), &err), RC_INVALID);
    CHECK_STR(err.text, "column 2: a name of 1 to 128 bytes");
}
