/* SPDX-License-Identifier: Apache-2.0 */
#include "content/content_traits.h"

#include "tests/t.h"

static bool row_wise(const char *q)
{
    return content_traits_of(str_of(q)).row_wise;
}

static bool uses_now(const char *q)
{
    return content_traits_of(str_of(q)).uses_now;
}

TEST(filters_and_projections_look_at_one_row)
{
    CHECK(row_wise("SecurityEvent | where EventID == 4688 | extend A = tolower(Process) | project A"));
    CHECK(row_wise("T | mv-expand x | project-away y | sort by z asc"));
    CHECK(row_wise("let names = dynamic(['a','b']); union A, B | where x in (names)"));
}

TEST(anything_that_sees_several_rows_depends_on_the_window)
{
    CHECK(!row_wise("T | summarize count() by A"));
    CHECK(!row_wise("T | where x > 1 | join kind=inner (U) on y"));
    CHECK(!row_wise("let m = toscalar(T | count); U | where a > m"));
    CHECK(!row_wise("T | top 5 by x"));
    CHECK(!row_wise("T | serialize | extend p = prev(x)"));
    CHECK(!row_wise("T | frobnicate x"));
}

TEST(words_in_texts_and_comments_do_not_count)
{
    CHECK(row_wise("T | where msg has 'a | summarize b' // | summarize count()\n| project msg"));
    CHECK(row_wise("T | where p == @'c:\\' | where q == \"x\\\" | join\""));
    CHECK(!uses_now("T | where msg == 'now()'"));
}

TEST(now_and_ago_are_seen_as_calls_only)
{
    CHECK(uses_now("T | where TimeGenerated > ago(1h)"));
    CHECK(uses_now("T | extend n = now ()"));
    CHECK(!uses_now("T | where now == 1"));
}
