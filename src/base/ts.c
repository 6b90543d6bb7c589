/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ts.h"

#include "base/scan.h"

/* Days since 1970-01-01 of a date in the proleptic Gregorian calendar, counted from 1 March so that the leap
 * day is the year's last (the method of Howard Hinnant's "chrono-compatible low-level date algorithms"). */
static int64_t days_from_date(int64_t y, int m, int d)
{
    y -= m <= 2;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

static void date_from_days(int64_t z, struct ts_parts *p)
{
    z += 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    p->day = (int)(doy - (153 * mp + 2) / 5 + 1);
    p->month = (int)(mp < 10 ? mp + 3 : mp - 9);
    p->year = (int)(yoe + era * 400 + (p->month <= 2));
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

struct ts_parts ts_split(ts t)
{
    struct ts_parts p;
    int64_t         days = floor_div(t, DAYS(1));
    int64_t         rest = t - days * DAYS(1);

    date_from_days(days, &p);
    p.ticks = (int)(rest % TS_PER_SECOND);
    int64_t s = rest / TS_PER_SECOND;
    p.hour = (int)(s / 3600);
    p.minute = (int)(s / 60 % 60);
    p.second = (int)(s % 60);
    p.weekday = (int)(((days + 4) % 7 + 7) % 7);
    p.yearday = (int)(days - days_from_date(p.year, 1, 1)) + 1;
    return p;
}

static int month_length(int year, int month)
{
    static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool             leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return lengths[month - 1] + (month == 2 && leap);
}

bool ts_join(const struct ts_parts *p, ts *out)
{
    if (p->year < 1 || p->year > 9999 || p->month < 1 || p->month > 12)
        return false;
    if (p->day < 1 || p->day > month_length(p->year, p->month))
        return false;
    if (p->hour < 0 || p->hour > 23 || p->minute < 0 || p->minute > 59 || p->second < 0 || p->second > 59)
        return false;
    if (p->ticks < 0 || p->ticks >= TS_PER_SECOND)
        return false;
    *out = DAYS(days_from_date(p->year, p->month, p->day)) + HOURS(p->hour) + MINUTES(p->minute) +
           SECONDS(p->second) + p->ticks;
    return true;
}

static bool read_zone(str *s, duration *offset)
{
    int h, m = 0;
    *offset = 0;
    if (s->n == 0 || scan_char(s, 'Z') || scan_char(s, 'z'))
        return true;
    int sign = s->p[0] == '+' ? 1 : s->p[0] == '-' ? -1 : 0;
    *s = str_from(*s, 1);
    if (sign == 0 || !scan_number(s, 2, &h))
        return false;
    scan_char(s, ':');
    if (s->n && !scan_number(s, 2, &m))
        return false;
    if (h > 23 || m > 59)
        return false;
    *offset = sign * (HOURS(h) + MINUTES(m));
    return true;
}

static bool read_clock(str *s, struct ts_parts *p)
{
    int64_t ticks = 0;
    if (!scan_number(s, 2, &p->hour))
        return false;
    if (scan_char(s, ':') && !scan_number(s, 2, &p->minute))
        return false;
    if (scan_char(s, ':') && !scan_number(s, 2, &p->second))
        return false;
    if ((scan_char(s, '.') || scan_char(s, ',')) && !scan_fraction(s, &ticks))
        return false;
    p->ticks = (int)ticks;
    return true;
}

bool ts_parse(str s, ts *out)
{
    struct ts_parts p = { 0 };
    duration        offset = 0;
    ts              t;

    s = str_trim(s);
    if (!scan_number(&s, 4, &p.year) || !scan_char(&s, '-') || !scan_number(&s, 2, &p.month) ||
        !scan_char(&s, '-') || !scan_number(&s, 2, &p.day))
        return false;
    if (s.n && (s.p[0] == 'T' || s.p[0] == 't' || s.p[0] == ' ')) {
        s = str_from(s, 1);
        if (!read_clock(&s, &p))
            return false;
        s = str_trim(s);
        if (!read_zone(&s, &offset))
            return false;
    } else if (s.n && !read_zone(&s, &offset)) {
        return false;
    }
    if (s.n || !ts_join(&p, &t))
        return false;
    t -= offset;
    if (t < TS_MIN || t > TS_MAX)
        return false;
    *out = t;
    return true;
}

static str text(ts t, char *buf, bool always_fraction)
{
    struct ts_parts p = ts_split(t);
    int n = snprintf(buf, TS_TEXT_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d", p.year, p.month, p.day, p.hour,
                     p.minute, p.second);
    if (always_fraction || p.ticks)
        n += snprintf(buf + n, (size_t)(TS_TEXT_SIZE - n), ".%07d", p.ticks);
    n += snprintf(buf + n, (size_t)(TS_TEXT_SIZE - n), "Z");
    return str_make(buf, (size_t)n);
}

str ts_text(ts t, char buf[TS_TEXT_SIZE])
{
    return text(t, buf, true);
}

str ts_text_short(ts t, char buf[TS_TEXT_SIZE])
{
    return text(t, buf, false);
}

ts ts_from_unix(int64_t seconds, int64_t nanos)
{
    return seconds * TS_PER_SECOND + nanos / 100;
}
