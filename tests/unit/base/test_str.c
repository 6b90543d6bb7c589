/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "tests/t.h"

TEST(equality_minds_length_and_case_unless_told)
{
    CHECK(str_eq(S("abc"), S("abc")));
    CHECK(!str_eq(S("abc"), S("abcd")));
    CHECK(!str_eq(S("abc"), S("ABC")));
    CHECK(str_eq_ci(S("aBc"), S("AbC")));
    CHECK(str_eq(STR_NONE, S("")));
}

TEST(order_is_bytewise_and_shorter_comes_first)
{
    CHECK(str_cmp(S("a"), S("b")) < 0);
    CHECK(str_cmp(S("a"), S("ab")) < 0);
    CHECK(str_cmp(S("\xFF"), S("a")) > 0);
    CHECK_EQ(str_cmp_ci(S("HELLO"), S("hello")), 0);
}

TEST(search_finds_the_first_place_or_none)
{
    CHECK_EQ(str_find(S("banana"), S("ana")), 1);
    CHECK_EQ(str_find(S("banana"), S("nab")), STR_NPOS);
    CHECK_EQ(str_find(S(""), S("a")), STR_NPOS);
    CHECK_EQ(str_find(S("x"), S("")), 0);
    CHECK_EQ(str_find_ci(S("WinLogon"), S("logON")), 3);
    CHECK_EQ(str_rfind_byte(S("a/b/c"), '/'), 3);
    CHECK(str_starts_ci(S("Microsoft-Windows"), S("microsoft")));
    CHECK(!str_starts(S("mi"), S("microsoft")));
    CHECK(str_ends(S("x.tar.gz"), S(".gz")));
}

TEST(slices_never_leave_the_text)
{
    CHECK_SEQ(str_slice(S("hello"), 1, 3), S("el"));
    CHECK_SEQ(str_slice(S("hello"), 4, 99), S("o"));
    CHECK_SEQ(str_slice(S("hello"), 99, 100), S(""));
    CHECK_SEQ(str_trim(S(" \t x y \r\n")), S("x y"));
}

TEST(split_yields_empty_parts_and_stops)
{
    str rest = S("a,,b,"), part;
    CHECK(str_split(&rest, ',', &part));
    CHECK_SEQ(part, S("a"));
    CHECK(str_split(&rest, ',', &part));
    CHECK_SEQ(part, S(""));
    CHECK(str_split(&rest, ',', &part));
    CHECK_SEQ(part, S("b"));
    CHECK(str_split(&rest, ',', &part));
    CHECK_SEQ(part, S(""));
    CHECK(!str_split(&rest, ',', &part));
}

TEST(numbers_are_read_whole_or_not_at_all)
{
    int64_t  i;
    uint64_t u;
    double   d;
    CHECK(str_to_i64(S("-9223372036854775808"), &i));
    CHECK_EQ(i, INT64_MIN);
    CHECK(!str_to_i64(S("9223372036854775808"), &i));
    CHECK(!str_to_i64(S("12x"), &i));
    CHECK(!str_to_i64(S(""), &i));
    CHECK(!str_to_i64(S("-"), &i));
    CHECK(str_to_u64(S("18446744073709551615"), &u));
    CHECK(!str_to_u64(S("18446744073709551616"), &u));
    CHECK(str_to_double(S("-1.5e3"), &d));
    CHECK(d == -1500.0);
    CHECK(!str_to_double(S("nan"), &d));
    CHECK(!str_to_double(S("0x10"), &d));
}

TEST(a_c_string_is_made_only_when_it_fits_and_holds_no_nul)
{
    char buf[4];
    CHECK(str_to_cstr(S("abc"), buf, sizeof buf));
    CHECK(!str_to_cstr(S("abcd"), buf, sizeof buf));
    CHECK(!str_to_cstr(str_make("a\0b", 3), buf, sizeof buf));
}
