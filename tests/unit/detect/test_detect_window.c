/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/detect_window.h"

#include "tests/t.h"

enum { MAX = 64 };

static struct detect_timing hourly(void)
{
    struct content_rule r = { .frequency = MINUTES(5), .period = HOURS(1), .trigger = CONTENT_GT };
    return detect_window_timing(&r, 1);
}

TEST(a_rule_that_judges_single_rows_takes_a_span_at_once)
{
    struct content_rule  r = { .frequency = MINUTES(5), .period = HOURS(1), .row_wise = true };
    struct detect_timing t = detect_window_timing(&r, 1);
    struct detect_span   w[MAX], left;

    CHECK(t.whole);
    CHECK_EQ(detect_window_plan(&t, (struct detect_span) { DAYS(10), DAYS(400) }, false, w, MAX, &left), 1);
    CHECK(w[0].from == DAYS(10) && w[0].to == DAYS(400) && left.from == left.to);

    r.threshold = 5; /* the count in the window matters */
    CHECK(!detect_window_timing(&r, 1).whole);
    r.threshold = 0;
    CHECK(!detect_window_timing(&r, 2).whole);
    r.unions = true;
    CHECK(detect_window_timing(&r, 2).whole);
    r.uses_now = true;
    CHECK(!detect_window_timing(&r, 1).whole);
}

TEST(a_span_within_the_period_is_one_window_that_ends_with_it)
{
    struct detect_timing t = hourly();
    struct detect_span   w[MAX], left;

    CHECK_EQ(detect_window_plan(&t, (struct detect_span) { HOURS(100), HOURS(100) + MINUTES(20) }, false, w,
                                MAX, &left),
             1);
    CHECK_EQ(w[0].to, HOURS(100) + MINUTES(20));
    CHECK_EQ(w[0].from, HOURS(99) + MINUTES(20));
}

TEST(events_within_half_a_period_are_always_in_one_window)
{
    struct detect_timing t = hourly();
    struct detect_span   w[MAX], left, span = { HOURS(100) + 7, HOURS(107) + 31 };
    size_t               n = detect_window_plan(&t, span, false, w, MAX, &left);

    CHECK_EQ(left.from, left.to);
    CHECK_EQ(w[n - 1].to, span.to);
    for (ts a = span.from; a < span.to - MINUTES(30); a += SECONDS(61)) {
        ts   b = a + MINUTES(30);
        bool together = false;
        for (size_t i = 0; i < n; i++)
            together |= w[i].from <= a && b < w[i].to;
        CHECK(together);
    }
}

TEST(a_query_that_asks_for_now_runs_at_each_frequency)
{
    struct content_rule  r = { .frequency = HOURS(1), .period = DAYS(1), .uses_now = true };
    struct detect_timing t = detect_window_timing(&r, 1);
    struct detect_span   w[MAX], left;
    size_t n = detect_window_plan(&t, (struct detect_span) { HOURS(500), HOURS(510) }, false, w, MAX, &left);

    CHECK_EQ(n, 10);
    for (size_t i = 0; i < n; i++)
        CHECK_EQ(w[i].to, HOURS(501 + (int64_t)i));
}

TEST(a_late_row_is_seen_with_what_came_after_it)
{
    struct detect_timing t = hourly();
    struct detect_span   w[MAX], left, span = { HOURS(100), HOURS(100) + MINUTES(1) };
    size_t               n = detect_window_plan(&t, span, true, w, MAX, &left);

    CHECK_EQ(w[0].to, span.to);
    CHECK_EQ(w[n - 1].to, span.from + HOURS(1));
    CHECK_EQ(w[n - 1].from, span.from);
    CHECK_EQ(n, 3);
}

TEST(what_is_too_much_for_one_pass_is_left_and_then_settled)
{
    struct detect_timing t = hourly();
    struct detect_span   w[MAX], left = { DAYS(100), DAYS(110) };
    ts                   seen = left.from;
    int                  rounds = 0;

    while (left.from != left.to && rounds < 100) {
        struct detect_span span = left;
        size_t             n = detect_window_plan(&t, span, false, w, 7, &left);
        CHECK(n > 0 && n <= 7);
        for (size_t i = 0; i < n; i++) {
            CHECK(w[i].from <= seen);
            seen = w[i].to > seen ? w[i].to : seen;
        }
        rounds++;
    }
    CHECK_EQ(seen, DAYS(110));
    CHECK(rounds > 50 && rounds < 100);
}

TEST(near_spans_merge_and_far_ones_do_not)
{
    struct detect_span s[] = { { HOURS(9), HOURS(10) },
                               { HOURS(1), HOURS(2) },
                               { HOURS(2) + 5, HOURS(3) },
                               { HOURS(1), HOURS(1) + 1 } };

    CHECK_EQ(detect_window_merge(s, 4, HOURS(1)), 2);
    CHECK(s[0].from == HOURS(1) && s[0].to == HOURS(3));
    CHECK(s[1].from == HOURS(9) && s[1].to == HOURS(10));
    CHECK_EQ(detect_window_merge(s, 0, HOURS(1)), 0);
}
