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

static bool monotone(const char *q)
{
    return content_traits_of(str_of(q)).monotone;
}

TEST(queries_that_only_grow_are_told_from_those_that_may_shrink)
{
    CHECK(monotone("T | where a == 1 | summarize min(TimeGenerated), n = count() by b"));
    CHECK(monotone("T | summarize n = dcount(a) by b | where n > 5 and n >= 3"));
    CHECK(monotone("let E = 15; T | summarize n = count() by b | where n >= E"));
    CHECK(monotone("T | join kind=inner (U | where x) on y | where t1 <= t2 | summarize count() by z"));
    CHECK(monotone(
        "let L = dynamic(['a']); T | where x !in (L) and not(y in ('a', 'b')) | summarize count() by z"));
    CHECK(monotone("T | where x in (U) | distinct z"));

    CHECK(!monotone("T | summarize n = count() by b | where n < 5"));
    CHECK(!monotone("T | summarize n = count() by b | where n == 5"));
    CHECK(!monotone("T | summarize n = min(t) by b | where n > 5"));
    CHECK(!monotone("T | summarize n = sum(x) by b | where n > 5"));
    CHECK(!monotone("T | summarize a = count(), b = count() by c | where a > b"));
    CHECK(!monotone("T | summarize a = count() by c | extend r = a / 2 | where r > 1"));
    CHECK(!monotone("T | join kind=leftanti (U) on y"));
    CHECK(!monotone("T | join (U) on y"));
    CHECK(!monotone("T | where x !in (U)"));
    CHECK(!monotone("let L = U | project x; T | where not(x in (L))"));
    CHECK(!monotone("T | summarize m = max(x) by y | join kind=inner (U) on m"));
    CHECK(!monotone("T | join kind=inner (U | summarize m = max(x) by y) on m"));
    CHECK(!monotone("T | summarize s = make_set(x, 2) by y | mv-expand s"));
    CHECK(!monotone("T | summarize StartTime = max(t) by y"));
    CHECK(!monotone("T | top 3 by x"));
    CHECK(!monotone("T | where TimeGenerated > ago(1h)"));
    CHECK(!monotone("T | summarize arg_max(t, *) by x | where y has 'z'"));
}
