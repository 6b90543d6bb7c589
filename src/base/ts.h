/* SPDX-License-Identifier: Apache-2.0 */
/* base/ts: points in time and spans, in ticks of 100 ns since 1970-01-01 UTC (KQL's grain). */
#ifndef BASE_TS_H
#define BASE_TS_H

#include "base/duration.h"
#include "base/str.h"

typedef int64_t ts;

#define TS_MIN INT64_C(-621355968000000000) /* 0001-01-01T00:00:00.0000000Z */
#define TS_MAX INT64_C(2534023007999999999) /* 9999-12-31T23:59:59.9999999Z */

struct ts_parts {
    int year, month, day, hour, minute, second; /* month and day from 1 */
    int ticks;                                  /* 0..9,999,999 below the second */
    int weekday;                                /* 0 is Sunday */
    int yearday;                                /* from 1 */
};

struct ts_parts ts_split(ts t);
bool ts_join(const struct ts_parts *p, ts *out); /* false when a part or the result is out of range */

/* ISO 8601 and RFC 3339: date, optional time to 9 fractional digits, Z or ±hh[:mm] (none means UTC). */
bool ts_parse(str s, ts *out);

/* "2026-11-24T05:57:53.1234567Z"; ts_text_short leaves a zero fraction out. */
str ts_text(ts t, char buf[TS_TEXT_SIZE]);
str ts_text_short(ts t, char buf[TS_TEXT_SIZE]);

ts ts_from_unix(int64_t seconds, int64_t nanos);

#endif
