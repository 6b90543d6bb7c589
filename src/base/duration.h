/* SPDX-License-Identifier: Apache-2.0 */
/* base/duration: spans of time in ticks of 100 ns, and their two spellings. */
#ifndef BASE_DURATION_H
#define BASE_DURATION_H

#include "base/str.h"

typedef int64_t duration;

#define TS_PER_SECOND INT64_C(10000000)
#define MILLIS(n) ((duration)(n) * (TS_PER_SECOND / 1000))
#define SECONDS(n) ((duration)(n)*TS_PER_SECOND)
#define MINUTES(n) SECONDS((n)*INT64_C(60))
#define HOURS(n) SECONDS((n)*INT64_C(3600))
#define DAYS(n) SECONDS((n)*INT64_C(86400))

enum { TS_TEXT_SIZE = 40 }; /* room for any point in time or span as text */

/* Timespans as Kusto writes them: [-][d.]hh:mm:ss[.fffffff]. */
bool duration_parse(str s, duration *out);
str  duration_text(duration d, char buf[TS_TEXT_SIZE]);
/* ISO 8601 durations: PT5M, P1DT2H, PT3600.0S, P7D. Years and months are refused. */
bool duration_parse_iso(str s, duration *out);
str  duration_text_iso(duration d, char buf[TS_TEXT_SIZE]);

#endif
