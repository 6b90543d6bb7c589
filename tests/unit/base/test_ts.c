/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ts.h"
#include "tests/t.h"

static ts parsed(const char *text)
{
    ts t = 0;
    CHECK(ts_parse(str_of(text), &t));
    return t;
}

TEST(the_epoch_and_the_edges_read_and_print)
{
    char buf[TS_TEXT_SIZE];
    CHECK_EQ(parsed("1970-01-01T00:00:00Z"), 0);
    CHECK_EQ(parsed("0001-01-01"), TS_MIN);
    CHECK_EQ(parsed("9999-12-31T23:59:59.9999999Z"), TS_MAX);
    CHECK_SEQ(ts_text(TS_MAX, buf), S("9999-12-31T23:59:59.9999999Z"));
    CHECK_SEQ(ts_text(TS_MIN, buf), S("0001-01-01T00:00:00.0000000Z"));
    CHECK_SEQ(ts_text_short(0, buf), S("1970-01-01T00:00:00Z"));
}

TEST(fractions_and_zones_are_understood)
{
    CHECK_EQ(parsed("2020-10-22T03:52:01.720Z"), parsed("2020-10-22 03:52:01.7200000"));
    CHECK_EQ(parsed("2026-11-24T08:00:00+02:00"), parsed("2026-11-24T06:00:00Z"));
    CHECK_EQ(parsed("2026-11-24T08:00:00-0530"), parsed("2026-11-24T13:30:00Z"));
    CHECK_EQ(parsed("2026-11-24T08:00:00.123456789Z") % TS_PER_SECOND, 1234567);
    CHECK_EQ(parsed("2026-11-24T08:00"), parsed("2026-11-24T08:00:00Z"));
}

TEST(what_is_no_time_is_refused)
{
    static const char *const bad[] = { "",
                                       "2026",
                                       "2026-13-01",
                                       "2026-02-29",
                                       "2026-11-24T25:00:00Z",
                                       "2026-11-24T08:00:00X",
                                       "2026-11-24T08:00:60Z",
                                       "2026-11-24T08:00:00+25:00",
                                       "24/11/2026",
                                       "0001-01-01T00:00:00+01:00" };
    ts                       t = 42;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(!ts_parse(str_of(bad[i]), &t));
    CHECK_EQ(t, 42);
}

TEST(parts_and_points_are_each_others_inverse)
{
    for (ts t = TS_MIN; t < TS_MAX - DAYS(500); t += DAYS(397) + 12345678901) {
        struct ts_parts p = ts_split(t);
        ts              back;
        CHECK(ts_join(&p, &back));
        CHECK_EQ(back, t);
    }
    struct ts_parts p = ts_split(parsed("2026-11-24T05:57:53Z"));
    CHECK_EQ(p.weekday, 2);
    CHECK_EQ(p.yearday, 328);
}

TEST(timespans_read_and_print_as_kusto_writes_them)
{
    static const char *const good[] = { "00:00:00", "01:02:03", "1.00:00:00", "-12.03:04:05.1234567",
                                        "00:00:00.0000001" };
    char                     buf[TS_TEXT_SIZE];
    duration                 d;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        CHECK(duration_parse(str_of(good[i]), &d));
        CHECK_SEQ(duration_text(d, buf), str_of(good[i]));
    }
    CHECK(duration_parse(S("7"), &d));
    CHECK_EQ(d, DAYS(7));
    CHECK(!duration_parse(S("24:00:00"), &d));
    CHECK(!duration_parse(S("x"), &d));
}

TEST(iso_durations_read_and_print)
{
    char     buf[TS_TEXT_SIZE];
    duration d;
    CHECK(duration_parse_iso(S("PT5M"), &d));
    CHECK_EQ(d, MINUTES(5));
    CHECK(duration_parse_iso(S("PT3600.0S"), &d));
    CHECK_SEQ(duration_text_iso(d, buf), S("PT1H"));
    CHECK(duration_parse_iso(S("P1DT2H3M4.5S"), &d));
    CHECK_SEQ(duration_text_iso(d, buf), S("P1DT2H3M4.5000000S"));
    CHECK(duration_parse_iso(S("P7D"), &d));
    CHECK(!duration_parse_iso(S("P1M"), &d));
    CHECK(!duration_parse_iso(S("P"), &d));
    CHECK(!duration_parse_iso(S("PT999999999H9"), &d));
    CHECK_SEQ(duration_text_iso(0, buf), S("PT0S"));
}
