/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ts.h"

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

/* Reads 1 to `most` digits. */
static bool read_number(str *s, size_t most, int *out)
{
    int    v = 0;
    size_t n = 0;
    while (n < s->n && n < most && s->p[n] >= '0' && s->p[n] <= '9')
        v = v * 10 + (s->p[n++] - '0');
    if (n == 0)
        return false;
    *s = str_from(*s, n);
    *out = v;
    return true;
}

static bool read_char(str *s, char c)
{
    if (s->n == 0 || s->p[0] != c)
        return false;
    *s = str_from(*s, 1);
    return true;
}

/* The digits behind the point, in ticks; more than seven are cut, not rounded. */
static bool read_fraction(str *s, int64_t *ticks)
{
    int64_t v = 0;
    size_t  n = 0;
    for (; n < s->n && s->p[n] >= '0' && s->p[n] <= '9'; n++)
        if (n < 7)
            v = v * 10 + (s->p[n] - '0');
    if (n == 0)
        return false;
    for (size_t i = n; i < 7; i++)
        v *= 10;
    *s = str_from(*s, n);
    *ticks = v;
    return true;
}

static bool read_zone(str *s, duration *offset)
{
    int h, m = 0;
    *offset = 0;
    if (s->n == 0 || read_char(s, 'Z') || read_char(s, 'z'))
        return true;
    int sign = s->p[0] == '+' ? 1 : s->p[0] == '-' ? -1 : 0;
    *s = str_from(*s, 1);
    if (sign == 0 || !read_number(s, 2, &h))
        return false;
    read_char(s, ':');
    if (s->n && !read_number(s, 2, &m))
        return false;
    if (h > 23 || m > 59)
        return false;
    *offset = sign * (HOURS(h) + MINUTES(m));
    return true;
}

static bool read_clock(str *s, struct ts_parts *p)
{
    int64_t ticks = 0;
    if (!read_number(s, 2, &p->hour))
        return false;
    if (read_char(s, ':') && !read_number(s, 2, &p->minute))
        return false;
    if (read_char(s, ':') && !read_number(s, 2, &p->second))
        return false;
    if ((read_char(s, '.') || read_char(s, ',')) && !read_fraction(s, &ticks))
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
    if (!read_number(&s, 4, &p.year) || !read_char(&s, '-') || !read_number(&s, 2, &p.month) ||
        !read_char(&s, '-') || !read_number(&s, 2, &p.day))
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
    int n = snprintf(buf, TS_TEXT_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d", p.year, p.month, p.day, p.hour, p.minute,
                     p.second);
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

bool duration_parse(str s, duration *out)
{
    bool    negative = read_char(&s, '-');
    int     first, hour, minute, second = 0;
    int64_t days = 0, ticks = 0;

    if (!read_number(&s, 8, &first))
        return false;
    hour = first;
    if (read_char(&s, '.')) {
        days = first;
        if (!read_number(&s, 2, &hour))
            return false;
    } else if (s.n == 0) {
        *out = DAYS(first) * (negative ? -1 : 1);
        return true;
    }
    if (!read_char(&s, ':') || !read_number(&s, 2, &minute))
        return false;
    if (read_char(&s, ':') && !read_number(&s, 2, &second))
        return false;
    if (read_char(&s, '.') && !read_fraction(&s, &ticks))
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
    bool     negative = read_char(&s, '-');
    bool     in_time = false, any = false;
    duration sum = 0;

    if (!read_char(&s, 'P'))
        return false;
    while (s.n) {
        int      whole;
        int64_t  ticks = 0;
        duration unit, part;
        if (!in_time && read_char(&s, 'T')) {
            in_time = true;
            continue;
        }
        if (!read_number(&s, 9, &whole) || (read_char(&s, '.') && !read_fraction(&s, &ticks)) || s.n == 0)
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

ts ts_from_unix(int64_t seconds, int64_t nanos)
{
    return seconds * TS_PER_SECOND + nanos / 100;
}
