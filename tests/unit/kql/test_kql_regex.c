/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_regex.h"

#include "tests/t.h"

static bool taken(str pattern)
{
    return kql_regex_look(pattern).fault == NULL;
}

TEST(patterns_that_re2_takes)
{
    static const char *const GOOD[] = {
        "",
        "a*b+?c{2,3}?",
        "x{,3}",
        "x{02}",
        "[]a]",
        "[^]a-]",
        "[a-]",
        "[[:alpha:]_]",
        "[\\d-z]",
        "(?i)a(?-i)b",
        "(?P<n>a)(?<m>b)",
        "(?:a|)*",
        "^*$",
        "\\Q(*\\E+",
        "\\x{10ffff}",
        "\\x41\\101",
        "\\p{Greek}\\pN",
        "\\_\\-\\/",
        "(?U:a.*b)",
        "[é-ü]",
        "a{1000}",
        "[\\x41-Z]",
        "a|b|",
        "(?)a",
    };
    for (size_t i = 0; i < sizeof GOOD / sizeof GOOD[0]; i++)
        CHECK(taken(str_of(GOOD[i])));
}

TEST(patterns_that_it_refuses)
{
    static const char *const BAD[] = {
        "(",          ")",      "a)",     "[",       "[a",      "[z-a]",   "*a",      "(*)",
        "a**",        "a+*",    "|*",     "\\",      "\\1",     "\\8",     "\\e",     "\\x4",
        "\\x{}",      "(?=a)",  "(?<!a)", "(?P<>a)", "a{2,1}",  "a{1001}", "\\Z",     "[a-\\d]",
        "[[:nope:]]", "(?P=n)", "(?-)",   "\\p{",    "a{2}{3}", "\\ps",    "\\p{Lx}", "\\é",
    };
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++)
        CHECK(!taken(str_of(BAD[i])));
}

TEST(the_place_of_a_fault_and_the_number_of_groups)
{
    struct kql_regex r = kql_regex_look(S("ab[c-a]"));
    CHECK_EQ(r.at, 3);
    CHECK_EQ(kql_regex_look(S("a(b")).at, 3);
    CHECK_EQ(kql_regex_look(S("(a)(?:b)(?P<c>d)\\(e[(](?i)f")).groups, 2);
    CHECK_EQ(kql_regex_look(S("[](](x)")).groups, 1);
    CHECK_EQ(kql_regex_look(S("[[:alpha:](](x)")).groups, 1);
}
