/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api_run.h"

#include "tests/t.h"

static const ts NOW = SECONDS(1000000);

static bool span(const char *text, ts *from, ts *to)
{
    struct query_request r = { 0 };
    if (api_run_timespan(str_of(text), NOW, &r, NULL) != RC_OK || !r.has_time)
        return false;
    *from = r.time_from;
    *to = r.time_to;
    return true;
}

TEST(timespans_are_durations_or_intervals)
{
    ts from, to, a, b;
    CHECK(span("PT1H", &from, &to) && from == NOW - HOURS(1) && to == NOW);
    CHECK(span("PT3600.0S", &from, &to) && from == NOW - HOURS(1));
    CHECK(span("P7D", &from, &to) && from == NOW - DAYS(7));
    ts_parse(S("2026-01-02T00:00:00Z"), &a);
    ts_parse(S("2026-01-03T00:00:00Z"), &b);
    CHECK(span("2026-01-02T00:00:00Z/2026-01-03T00:00:00Z", &from, &to) && from == a && to == b);
    CHECK(span("2026-01-02/2026-01-03", &from, &to) && from == a && to == b);
    CHECK(span("2026-01-02T00:00:00Z/P1D", &from, &to) && from == a && to == b);
    CHECK(span("P1D/2026-01-03T00:00:00Z", &from, &to) && from == a && to == b);
}

TEST(anything_else_is_refused_and_nothing_is_no_limit)
{
    static const char *const bad[] = { "1h",         "yesterday",   "P1D/P1D", "/",
                                       "2026-01-02", "2026-01-02/", "-PT1H",   "PT" };
    struct query_request     r = { 0 };
    ts                       from, to;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(!span(bad[i], &from, &to));
    CHECK_OK(api_run_timespan(S("  "), NOW, &r, NULL));
    CHECK(!r.has_time);
}

TEST(preferences_are_taken_one_by_one)
{
    struct api_run r = { 0 };
    api_run_prefer(S("wait=10, include-statistics=true,include-render=true,unknown=1"), &r);
    CHECK_EQ(r.request.time_limit, SECONDS(10));
    CHECK(r.statistics && r.render);
    struct api_run none = { 0 };
    api_run_prefer(S(""), &none);
    api_run_prefer(S("wait=x,wait=-1"), &none);
    CHECK_EQ(none.request.time_limit, 0);
}
