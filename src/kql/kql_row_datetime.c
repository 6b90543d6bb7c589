/* SPDX-License-Identifier: Apache-2.0 */
/* Row evaluation: dates and spans. */
#include <math.h>

#include "kql/kql_row_fn.h"

enum { DAYS_A_WEEK = 7, MONTHS_A_YEAR = 12 };

#define EPOCH (-TS_MIN)
#define DAY DAYS(1)

static void set_time(struct scalar_value *out, int64_t t)
{
    if (t >= TS_MIN && t <= TS_MAX)
        kql_row_fn_int(out, t);
}

static int64_t midnight(int64_t t)
{
    return t - (t + EPOCH) % DAY;
}

/* 1970 began on a Thursday; weeks begin on Sunday. */
static int64_t sunday(int64_t t)
{
    int64_t days = (midnight(t) + EPOCH) / DAY;
    return midnight(t) - (days + 1) % DAYS_A_WEEK * DAY;
}

static int days_in(int year, int month)
{
    static const int DAYS_OF[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool             leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return DAYS_OF[month - 1] + (month == 2 && leap);
}

/* Months later or earlier, on the last day of a month that is too short. False: out of range. */
static bool add_months(int64_t t, int64_t months, int64_t *out)
{
    struct ts_parts p = ts_split(t);
    int64_t         at = p.year * (int64_t)MONTHS_A_YEAR + p.month - 1;

    if (__builtin_add_overflow(at, months, &at) || at < MONTHS_A_YEAR || at >= 10000 * (int64_t)MONTHS_A_YEAR)
        return false;
    p.year = (int)(at / MONTHS_A_YEAR);
    p.month = (int)(at % MONTHS_A_YEAR) + 1;
    if (p.day > days_in(p.year, p.month))
        p.day = days_in(p.year, p.month);
    return ts_join(&p, out);
}

/* --- startof… and endof… --- */

enum unit { UNIT_DAY, UNIT_WEEK, UNIT_MONTH, UNIT_YEAR };

static enum unit unit_of(const char *name)
{
    str n = str_of(name);
    return str_ends(n, S("day"))     ? UNIT_DAY
           : str_ends(n, S("week"))  ? UNIT_WEEK
           : str_ends(n, S("month")) ? UNIT_MONTH
                                     : UNIT_YEAR;
}

static bool start_of(enum unit unit, int64_t t, int64_t offset, int64_t *out)
{
    int64_t step;

    if (unit == UNIT_DAY || unit == UNIT_WEEK) {
        bool week = unit == UNIT_WEEK;
        return !__builtin_mul_overflow(offset, week ? DAYS_A_WEEK * DAY : DAY, &step) &&
               !__builtin_add_overflow(week ? sunday(t) : midnight(t), step, out);
    }
    struct ts_parts p = ts_split(t);
    p.day = 1;
    p.hour = p.minute = p.second = p.ticks = 0;
    if (unit == UNIT_YEAR)
        p.month = 1;
    return ts_join(&p, &t) && !__builtin_mul_overflow(offset, unit == UNIT_YEAR ? MONTHS_A_YEAR : 1, &step) &&
           add_months(t, step, out);
}

static void eval_start(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    int64_t t;
    if (start_of(unit_of(c->expr->fn->name), v[0].i, c->n > 1 ? v[1].i : 0, &t))
        set_time(out, t);
}

static void eval_end(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    int64_t t, offset = c->n > 1 ? v[1].i : 0;

    if (offset == INT64_MAX)
        return;
    if (start_of(unit_of(c->expr->fn->name), v[0].i, offset + 1, &t))
        set_time(out, t - 1);
    else if (offset == 0)
        set_time(out, TS_MAX); /* of year 9999 */
}

/* --- parts --- */

/* A week belongs to the year that its Thursday is in. */
static int iso_week(int64_t t)
{
    int64_t weekday = (midnight(t) + EPOCH) / DAY % DAYS_A_WEEK; /* from Monday: year 1 began on one */
    struct ts_parts p = ts_split(t + (3 - weekday) * DAY);
    return (p.yearday - 1) / DAYS_A_WEEK + 1;
}

static int64_t below(int64_t t, int64_t unit, int64_t per)
{
    return (t + EPOCH) % unit / per;
}

static bool part_of(str name, int64_t t, int64_t *out)
{
    struct ts_parts p = ts_split(t);
    const struct {
        const char *name;
        int64_t     value;
    } PARTS[] = {
        { "year", p.year },
        { "quarter", (p.month + 2) / 3 },
        { "month", p.month },
        { "week_of_year", iso_week(t) },
        { "weekofyear", iso_week(t) },
        { "day", p.day },
        { "dayofyear", p.yearday },
        { "hour", p.hour },
        { "minute", p.minute },
        { "second", p.second },
        { "millisecond", below(t, TS_PER_SECOND, 10000) },
        { "microsecond", below(t, TS_PER_SECOND, 10) },
        { "nanosecond", below(t, TS_PER_SECOND, 1) * 100 },
    };
    for (size_t i = 0; i < sizeof PARTS / sizeof PARTS[0]; i++)
        if (str_eq_ci(name, str_of(PARTS[i].name))) {
            *out = PARTS[i].value;
            return true;
        }
    return false;
}

static void eval_part(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    int64_t n;
    (void)c;
    if (part_of(v[0].s, v[1].i, &n))
        kql_row_fn_int(out, n);
}

static void eval_getter(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    static const struct {
        const char *fn, *part;
    } GETTERS[] = { { "getyear", "year" },
                    { "getmonth", "month" },
                    { "monthofyear", "month" },
                    { "dayofmonth", "day" },
                    { "dayofyear", "dayofyear" },
                    { "hourofday", "hour" },
                    { "week_of_year", "week_of_year" },
                    { "weekofyear", "week_of_year" } };
    int64_t n;

    for (size_t i = 0; i < sizeof GETTERS / sizeof GETTERS[0]; i++)
        if (strcmp(GETTERS[i].fn, c->expr->fn->name) == 0 && part_of(str_of(GETTERS[i].part), v[0].i, &n))
            kql_row_fn_int(out, n);
}

static void eval_dayofweek(const struct kql_row_call *c, const struct scalar_value *v,
                           struct scalar_value *out)
{
    (void)c;
    kql_row_fn_int(out, midnight(v[0].i) - sunday(v[0].i));
}

/* --- differences and sums: boundaries passed, as many units later --- */

static const struct unit_row {
    const char *name;
    int64_t     ticks; /* 0: months */
    int64_t     months;
} UNITS[] = {
    { "year", 0, MONTHS_A_YEAR },    { "quarter", 0, 3 },         { "month", 0, 1 },
    { "week", DAYS_A_WEEK *DAY, 0 }, { "day", DAY, 0 },           { "hour", HOURS(1), 0 },
    { "minute", MINUTES(1), 0 },     { "second", SECONDS(1), 0 }, { "millisecond", 10000, 0 },
    { "microsecond", 10, 0 },
};

static const struct unit_row *unit_row_of(str name)
{
    for (size_t i = 0; i < sizeof UNITS / sizeof UNITS[0]; i++)
        if (str_eq_ci(name, str_of(UNITS[i].name)))
            return &UNITS[i];
    return NULL;
}

static int64_t count_of(const struct unit_row *u, int64_t t)
{
    struct ts_parts p = ts_split(t);
    if (u->months)
        return (p.year * (int64_t)MONTHS_A_YEAR + p.month - 1) / u->months;
    if (u->ticks == DAYS_A_WEEK * DAY)
        return (sunday(t) + EPOCH + DAY) / u->ticks;
    return (t + EPOCH) / u->ticks;
}

static void eval_diff(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    const struct unit_row *u = unit_row_of(v[0].s);
    (void)c;
    if (u)
        kql_row_fn_int(out, count_of(u, v[1].i) - count_of(u, v[2].i));
    else if (str_eq_ci(v[0].s, S("nanosecond")))
        kql_row_fn_int(out, (v[1].i - v[2].i) * 100);
}

static void eval_date_add(const struct kql_row_call *c, const struct scalar_value *v,
                          struct scalar_value *out)
{
    const struct unit_row *u = unit_row_of(v[0].s);
    int64_t                step, t;
    (void)c;

    if (u && u->months) {
        if (!__builtin_mul_overflow(v[1].i, u->months, &step) && add_months(v[2].i, step, &t))
            set_time(out, t);
    } else if (u) {
        if (!__builtin_mul_overflow(v[1].i, u->ticks, &step) && !__builtin_add_overflow(v[2].i, step, &t))
            set_time(out, t);
    } else if (str_eq_ci(v[0].s, S("nanosecond")) && !__builtin_add_overflow(v[2].i, v[1].i / 100, &t)) {
        set_time(out, t);
    }
}

/* --- making --- */

static bool between(int64_t x, int64_t low, int64_t high)
{
    return x >= low && x <= high;
}

/* A second may have a fraction. */
static bool clock_of(const struct kql_row_call *c, const struct scalar_value *v, size_t from, int64_t *ticks)
{
    int64_t hour = from < c->n ? v[from].i : 0, minute;
    double  m = from + 1 < c->n ? kql_row_fn_as_real(c, v, from + 1) : 0;
    double  second = from + 2 < c->n ? kql_row_fn_as_real(c, v, from + 2) : 0;

    if (!between(hour, 0, 23) || !(m >= 0 && m < 60) || !(second >= 0 && second < 60))
        return false;
    minute = (int64_t)m;
    *ticks = HOURS(hour) + MINUTES(minute);
    *ticks += (int64_t)(second * (double)TS_PER_SECOND);
    return true;
}

static void eval_make_datetime(const struct kql_row_call *c, const struct scalar_value *v,
                               struct scalar_value *out)
{
    int64_t ticks, t;

    if (!between(v[0].i, 1, 9999) || !between(v[1].i, 1, MONTHS_A_YEAR) || !between(v[2].i, 1, 31) ||
        v[2].i > days_in((int)v[0].i, (int)v[1].i) || !clock_of(c, v, 3, &ticks))
        return;
    struct ts_parts p = { .year = (int)v[0].i, .month = (int)v[1].i, .day = (int)v[2].i };
    if (ts_join(&p, &t))
        set_time(out, t + ticks);
}

static void eval_make_timespan(const struct kql_row_call *c, const struct scalar_value *v,
                               struct scalar_value *out)
{
    bool    days = c->n == 4;
    int64_t ticks, whole;

    if (clock_of(c, v, days, &ticks) && !__builtin_mul_overflow(days ? v[0].i : 0, DAY, &whole) &&
        !__builtin_add_overflow(whole, ticks, &ticks))
        kql_row_fn_int(out, ticks);
}

static void eval_unix(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    static const struct {
        const char *name;
        int64_t     ticks;
    } PER[] = { { "unixtime_seconds_todatetime", TS_PER_SECOND },
                { "unixtime_milliseconds_todatetime", 10000 },
                { "unixtime_microseconds_todatetime", 10 } };
    int64_t t = 0;

    for (size_t i = 0; i < sizeof PER / sizeof PER[0]; i++) {
        if (strcmp(PER[i].name, c->expr->fn->name) != 0)
            continue;
        if (kql_row_fn_type(c, 0) == KQL_REAL) {
            double r = v[0].r * (double)PER[i].ticks;
            if (!(fabs(r) < 9e18))
                return;
            t = (int64_t)r;
        } else if (__builtin_mul_overflow(v[0].i, PER[i].ticks, &t)) {
            return;
        }
        set_time(out, t);
        return;
    }
    set_time(out, v[0].i / 100);
}

/* --- text --- */

static void add_number(struct strbuf *out, int64_t v, size_t width)
{
    char   digits[24];
    size_t n = 0;
    for (; v > 0 || n == 0; v /= 10)
        digits[n++] = (char)('0' + v % 10);
    for (; width > n; width--)
        strbuf_addc(out, '0');
    while (n > 0)
        strbuf_addc(out, digits[--n]);
}

/* The first `run` digits of a fraction; F leaves zeros at the end away. */
static void add_fraction(struct strbuf *out, int64_t ticks, size_t run, bool trimmed)
{
    char text[8];
    for (int i = 6; i >= 0; i--, ticks /= 10)
        text[i] = (char)('0' + ticks % 10);
    size_t n = run < 7 ? run : 7;
    while (trimmed && n > 0 && text[n - 1] == '0')
        n--;
    strbuf_add(out, str_make(text, n));
}

static void add_date_part(struct strbuf *out, char letter, size_t run, const struct ts_parts *p)
{
    switch (letter) {
    case 'y':
        add_number(out, run < 3 ? p->year % 100 : p->year, run < 3 ? 2 : 4);
        break;
    case 'M':
        add_number(out, p->month, run);
        break;
    case 'd':
        add_number(out, p->day, run);
        break;
    case 'H':
        add_number(out, p->hour, run);
        break;
    case 'h':
        add_number(out, p->hour % 12 == 0 ? 12 : p->hour % 12, run);
        break;
    case 'm':
        add_number(out, p->minute, run);
        break;
    case 's':
        add_number(out, p->second, run);
        break;
    case 'f':
    case 'F':
        add_fraction(out, p->ticks, run, letter == 'F');
        break;
    case 't':
        strbuf_addz(out, p->hour < 12 ? "AM" : "PM");
        break;
    default:
        for (; run > 0; run--)
            strbuf_addc(out, letter);
        break;
    }
}

static size_t run_at(str s, size_t at)
{
    size_t n = 1;
    while (at + n < s.n && s.p[at + n] == s.p[at])
        n++;
    return n;
}

static void eval_format_datetime(const struct kql_row_call *c, const struct scalar_value *v,
                                 struct scalar_value *out)
{
    AUTO_STRBUF     text = STRBUF_INIT(SCALAR_MAX_TEXT);
    struct ts_parts p = ts_split(v[0].i);

    for (size_t at = 0, run; at < v[1].s.n; at += run) {
        run = run_at(v[1].s, at);
        add_date_part(&text, v[1].s.p[at], run, &p);
    }
    scalar_give(c->a, &text, out);
}

static void eval_format_timespan(const struct kql_row_call *c, const struct scalar_value *v,
                                 struct scalar_value *out)
{
    AUTO_STRBUF text = STRBUF_INIT(SCALAR_MAX_TEXT);
    int64_t     t = v[0].i == INT64_MIN ? INT64_MAX : v[0].i < 0 ? -v[0].i : v[0].i;

    strbuf_addz(&text, v[0].i < 0 ? "-" : "");
    for (size_t at = 0, run; at < v[1].s.n; at += run) {
        char letter = v[1].s.p[at];
        run = run_at(v[1].s, at);
        if (letter == 'd')
            add_number(&text, t / DAY, run);
        else if (letter == 'h' || letter == 'H')
            add_number(&text, t / HOURS(1) % 24, run);
        else if (letter == 'm')
            add_number(&text, t / MINUTES(1) % 60, run);
        else if (letter == 's')
            add_number(&text, t / SECONDS(1) % 60, run);
        else if (letter == 'f' || letter == 'F')
            add_fraction(&text, t % TS_PER_SECOND, run, letter == 'F');
        else
            strbuf_add(&text, str_slice(v[1].s, at, at + run));
    }
    scalar_give(c->a, &text, out);
}

#define START(n)                                                                                             \
    { .name = "startof" n, .eval = eval_start },                                                             \
    {                                                                                                        \
        .name = "endof" n, .eval = eval_end                                                                  \
    }
#define GET(n)                                                                                               \
    {                                                                                                        \
        .name = n, .eval = eval_getter                                                                       \
    }

const struct kql_row_fn KQL_ROW_FN_DATETIME[] = {
    START("day"),
    START("week"),
    START("month"),
    START("year"),
    GET("getyear"),
    GET("getmonth"),
    GET("monthofyear"),
    GET("dayofmonth"),
    GET("dayofyear"),
    GET("hourofday"),
    GET("week_of_year"),
    GET("weekofyear"),
    { .name = "dayofweek", .eval = eval_dayofweek },
    { .name = "datetime_part", .eval = eval_part },
    { .name = "datetime_diff", .eval = eval_diff },
    { .name = "datetime_add", .eval = eval_date_add },
    { .name = "make_datetime", .eval = eval_make_datetime },
    { .name = "make_timespan", .eval = eval_make_timespan },
    { .name = "unixtime_seconds_todatetime", .eval = eval_unix },
    { .name = "unixtime_milliseconds_todatetime", .eval = eval_unix },
    { .name = "unixtime_microseconds_todatetime", .eval = eval_unix },
    { .name = "unixtime_nanoseconds_todatetime", .eval = eval_unix },
    { .name = "format_datetime", .eval = eval_format_datetime },
    { .name = "format_timespan", .eval = eval_format_timespan },
    { 0 },
};
