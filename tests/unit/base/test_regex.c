/* SPDX-License-Identifier: Apache-2.0 */
#include "base/regex.h"
#include "tests/t.h"

static struct regex *compiled(str pattern, unsigned flags)
{
    struct regex *r = NULL;
    CHECK_OK(regex_new(pattern, flags, &r, NULL));
    return r;
}

TEST(groups_come_back_as_views)
{
    AUTO(regex) r = compiled(S("(\\w+)@(?<host>\\w+)(x)?"), 0);
    str    groups[4];
    size_t n = 4;
    CHECK_OK(regex_match(r, S("mail bob@corp now"), 0, groups, &n));
    CHECK_EQ(n, 4);
    CHECK_SEQ(groups[0], S("bob@corp"));
    CHECK_SEQ(groups[2], S("corp"));
    CHECK(groups[3].p == NULL);
    CHECK_EQ(regex_group(r, S("host")), 2);
    CHECK_EQ(regex_group(r, S("none")), -1);
    CHECK_EQ(regex_match(r, S("nothing"), 0, groups, &n), RC_NOT_FOUND);
}

TEST(case_and_unicode_follow_the_flags)
{
    AUTO(regex) r = compiled(S("^É.$"), REGEX_ICASE | REGEX_UTF);
    CHECK(regex_test(r, S("éß")));
    AUTO(regex) plain = compiled(S("abc"), 0);
    CHECK(!regex_test(plain, S("ABC")));
}

TEST(a_bad_pattern_says_where)
{
    struct regex *r = NULL;
    struct err    err = { 0 };
    CHECK_EQ(regex_new(S("a(b"), 0, &r, &err), RC_SYNTAX);
    CHECK_STR(err.text, "not a valid regular expression: missing closing parenthesis at offset 3");
    CHECK(r == NULL);
}

TEST(a_hostile_pattern_ends_at_the_limit)
{
    AUTO(regex) r = compiled(S("^(a+)+$"), 0);
    char   subject[64];
    size_t n = 0;
    memset(subject, 'a', sizeof subject);
    subject[63] = 'b';
    CHECK_EQ(regex_match(r, str_make(subject, sizeof subject), 0, NULL, &n), RC_LIMIT);
}
