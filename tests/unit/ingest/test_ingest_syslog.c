/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest_syslog.h"
#include "tests/t.h"

static ts at(const char *text)
{
    ts t = 0;

    CHECK(ts_parse(str_of(text), &t));
    return t;
}

static struct ingest_syslog_message parse(const char *line, const char *now, int utc_offset)
{
    struct ingest_syslog_message m;

    ingest_syslog_parse(str_of(line), at(now), utc_offset, &m);
    return m;
}

TEST(the_year_of_a_line_is_the_last_that_fits)
{
    CHECK_EQ(parse("Dec 31 23:59:59 h a: x", "2026-01-01T00:00:05Z", 0).time, at("2025-12-31T23:59:59Z"));
    CHECK_EQ(parse("Jan  1 00:00:01 h a: x", "2026-01-01T00:00:05Z", 0).time, at("2026-01-01T00:00:01Z"));
    CHECK_EQ(parse("Jan  1 10:00:00 h a: x", "2026-01-01T00:00:05Z", 0).time, at("2026-01-01T10:00:00Z"));
    CHECK_EQ(parse("Feb 29 10:00:00 h a: x", "2026-06-01T00:00:00Z", 0).time, at("2024-02-29T10:00:00Z"));
    CHECK_EQ(parse("Nov 24 2019 05:57:53 router: x", "2026-01-01T00:00:05Z", 0).time,
             at("2019-11-24T05:57:53Z"));
}

TEST(a_line_without_a_zone_is_in_local_time)
{
    CHECK_EQ(parse("Jun  1 12:00:00 h a: x", "2026-06-02T00:00:00Z", 7200).time, at("2026-06-01T10:00:00Z"));
    CHECK_EQ(parse("2026-06-01T12:00:00 h a: x", "2026-06-02T00:00:00Z", 7200).time,
             at("2026-06-01T10:00:00Z"));
    CHECK_EQ(parse("2026-06-01T12:00:00+02:00 h a: x", "2026-06-02T00:00:00Z", 0).time,
             at("2026-06-01T10:00:00Z"));
    CHECK_EQ(parse("2026-06-01T12:00:00-05:30 h a: x", "2026-06-02T00:00:00Z", 3600).time,
             at("2026-06-01T17:30:00Z"));
}

TEST(tag_and_pid_are_taken_apart)
{
    struct ingest_syslog_message m =
        parse("<86>Jun  1 12:00:00 web1 sshd[77]: Accepted", "2026-06-02T00:00:00Z", 0);

    CHECK_SEQ(m.host, S("web1"));
    CHECK_SEQ(m.tag, S("sshd"));
    CHECK_SEQ(m.pid, S("77"));
    CHECK_SEQ(m.text, S("Accepted"));
    CHECK_EQ(m.facility, 10);
    CHECK_EQ(m.severity, 6);
}

TEST(what_cannot_be_told_apart_stays_in_the_message)
{
    CHECK_SEQ(parse("Jun  1 12:00:00 web1 just words", "2026-06-02T00:00:00Z", 0).text, S("just words"));
    CHECK_SEQ(parse("nothing known", "2026-06-02T00:00:00Z", 0).text, S("nothing known"));
    CHECK_SEQ(parse("", "2026-06-02T00:00:00Z", 0).text, S(""));
    CHECK_SEQ(parse("<34>", "2026-06-02T00:00:00Z", 0).text, S(""));
    CHECK_SEQ(parse("<192>x", "2026-06-02T00:00:00Z", 0).text, S("<192>x"));
    CHECK_SEQ(parse("Jun 99 12:00:00 h t: x", "2026-06-02T00:00:00Z", 0).text, S("Jun 99 12:00:00 h t: x"));
}

TEST(structured_data_ends_where_the_brackets_do)
{
    struct ingest_syslog_message m =
        parse("<1>1 - h a 1 - [x a=\"]\\\" b\"][y] text", "2026-06-02T00:00:00Z", 0);

    CHECK_SEQ(m.structured, S("[x a=\"]\\\" b\"][y]"));
    CHECK_SEQ(m.text, S("text"));
    CHECK_SEQ(parse("<1>1 - h a 1 - -", "2026-06-02T00:00:00Z", 0).text, S(""));
    CHECK_SEQ(parse("<1>1 - h a 1 - [x a=\"cut", "2026-06-02T00:00:00Z", 0).structured, S("[x a=\"cut"));
    CHECK_SEQ(parse("<1>1 - h", "2026-06-02T00:00:00Z", 0).host, S("h"));
}

TEST(the_file_says_what_the_line_does_not)
{
    CHECK_SEQ(ingest_syslog_file_facility(S("/var/log/auth.log.1")), S("auth"));
    CHECK_SEQ(ingest_syslog_file_facility(S("/x/kern.log")), S("kern"));
    CHECK_SEQ(ingest_syslog_file_facility(S("else")), S(""));
    CHECK_SEQ(ingest_syslog_file_tag(S("/var/log/dpkg.log")), S("dpkg"));
}
