/* SPDX-License-Identifier: Apache-2.0 */
#include "base/duration.h"

#include "base/scan.h"

bool duration_parse(str s, duration *out)
{
    bool    negative = scan_char(&s, '-');
    int     first, hour, minute, second = 0;
    int64_t days = 0, ticks = 0;

    if (!scan_number(&s, 8, &first))
        return false;
    hour = first;
    if (scan_char(&s, '.')) {
        days = first;
        if (!scan_number(&s, 2, &hour))
            return false;
    } else if (s.n == 0) {
        *out = DAYS(first) * (negative ? -1 : 1);
        return true;
    }
    if (!scan_char(&s, ':') || !scan_number(&s, 2, &minute))
        return false;
    if (scan_char(&s, ':') && !scan_number(&s, 2, &second))
        return false;
    if (scan_char(&s, '.') && !scan_fraction(&s, &ticks))
        return false;
    if (s.n || hour > 23 || minute > 59 || second > 59 || days > 10675199)
        return false;
    duration d;
    if (__builtin_add_overflow(DAYS(days), HOURS(hour) + MINUTES(minute) + SECONDS(second) + ticks, &d))
        return false;
    *out = negative ? -d : d;
    return true;
}

str duration_text(duration d, char buf[TS_TEXT_SIZE])
{
    uint64_t v = d < 0 ? 0 - (uint64_t)d : (uint64_t)d;
    uint64_t seconds = v / TS_PER_SECOND, ticks = v % TS_PER_SECOND, days = seconds / 86400;
    int      n = 0;

    if (d < 0)
        buf[n++] = '-';
    if (days)
        n += snprintf(buf + n, (size_t)(TS_TEXT_SIZE - n), "%llu.", (unsigned long long)days);
    n += snprintf(buf + n, (size_t)(TS_TEXT_SIZE - n), "%02d:%02d:%02d", (int)(seconds / 3600 % 24),
                  (int)(seconds / 60 % 60), (int)(seconds % 60));
    if (ticks)
        n += snprintf(buf + n, (size_t)(TS_TEXT_SIZE - n), ".%07d", (int)ticks);
    return str_make(buf, (size_t)n);
}

static bool iso_unit(char unit, bool in_time, duration *out)
{
    switch (unit) {
    case 'W':
        *out = DAYS(7);
        return !in_time;
    case 'D':
        *out = DAYS(1);
        return !in_time;
    case 'H':
        *out = HOURS(1);
        return in_time;
    case 'M':
        *out = MINUTES(1);
        return in_time;
    case 'S':
        *out = SECONDS(1);
        return in_time;
    default:
        return false;
    }
}

bool duration_parse_iso(str s, duration *out)
{
    bool     negative = scan_char(&s, '-');
    bool     in_time = false, any = false;
    duration sum = 0;

    if (!scan_char(&s, 'P'))
        return false;
    while (s.n) {
        int      whole;
        int64_t  ticks = 0;
        duration unit, part;
        if (!in_time && scan_char(&s, 'T')) {
            in_time = true;
            continue;
        }
        if (!scan_number(&s, 9, &whole) || (scan_char(&s, '.') && !scan_fraction(&s, &ticks)) || s.n == 0)
            return false;
        if (!iso_unit(s.p[0], in_time, &unit) || __builtin_mul_overflow(unit, whole, &part))
            return false;
        if (__builtin_add_overflow(sum, part + unit / TS_PER_SECOND * ticks, &sum))
            return false;
        s = str_from(s, 1);
        any = true;
    }
    *out = negative ? -sum : sum;
    return any;
}

str duration_text_iso(duration d, char buf[TS_TEXT_SIZE])
{
    uint64_t v = d < 0 ? 0 - (uint64_t)d : (uint64_t)d;
    uint64_t days = v / (uint64_t)DAYS(1), rest = v % (uint64_t)DAYS(1);
    uint64_t seconds = rest / TS_PER_SECOND, ticks = rest % TS_PER_SECOND;
    int      h = (int)(seconds / 3600), m = (int)(seconds / 60 % 60), sec = (int)(seconds % 60);
    int      n = snprintf(buf, TS_TEXT_SIZE, "%sP", d < 0 ? "-" : "");

    if (days)
        n += snprintf(buf + n, (size_t)(TS_TEXT_SIZE - n), "%lluD", (unsigned long long)days);
    if (rest || !days)
        n += snprintf(buf + n, (size_t)(TS_TEXT_SIZE - n), "T");
    if (h)
        n += snprintf(buf + n, (size_t)(TS_TEXT_SIZE - n), "%dH", h);
    if (m)
        n += snprintf(buf + n, (size_t)(TS_TEXT_SIZE - n), "%dM", m);
    if (ticks)
        n += snprintf(buf + n, (size_t)(TS_TEXT_SIZE - n), "%d.%07dS", sec, (int)ticks);
    else if (sec || (!h && !m && !days))
        n += snprintf(buf + n, (size_t)(TS_TEXT_SIZE - n), "%dS", sec);
    return str_make(buf, (size_t)n);
}
