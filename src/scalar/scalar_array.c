/* SPDX-License-Identifier: Apache-2.0 */
#include "scalar/scalar_array.h"

#include <math.h>
#include <stdlib.h>

#include "scalar/scalar_number.h"

bool scalar_array_make(struct arena *a, size_t n, struct scalar_array *out)
{
    *out = (struct scalar_array) { .v = arena_try_alloc(a, (n + 1) * sizeof(double)), .n = n };
    if (!out->v)
        return false;
    memset(out->v, 0, (n + 1) * sizeof(double));
    return true;
}

/* --- numbers --- */

/* Two doubles whose sum has twice the digits of one. */
struct twice {
    double high, low;
};

static struct twice sum(double a, double b)
{
    double s = a + b, bb = s - a;
    return (struct twice) { s, (a - (s - bb)) + (b - bb) };
}

static struct twice split(double a)
{
    double c = 134217729.0 * a, high = c - (c - a);
    return (struct twice) { high, a - high };
}

static struct twice times(struct twice x, struct twice y)
{
    double       p = x.high * y.high;
    struct twice a = split(x.high), b = split(y.high);
    double       left = ((a.high * b.high - p) + a.high * b.low + a.low * b.high) + a.low * b.low;

    return sum(p, left + x.high * y.low + x.low * y.high);
}

/* 10 to a power within the range in which neither it nor its parts overflow. */
static struct twice power_of_ten(unsigned n)
{
    struct twice power = { 1, 0 }, base = { 10, 0 };
    for (; n > 0; n /= 2) {
        if (n % 2)
            power = times(power, base);
        base = times(base, base);
    }
    return power;
}

static double scaled(uint64_t digits, int exponent)
{
    struct twice v = { (double)digits, 0 };

    v.low = (double)(int64_t)(digits - (uint64_t)v.high);
    if (digits == 0 || exponent < -330)
        return 0;
    if (exponent > 290)
        return exponent > 310 ? INFINITY : v.high * 1e290 * power_of_ten((unsigned)(exponent - 290)).high;
    if (exponent >= 0) {
        v = times(v, power_of_ten((unsigned)exponent));
        return v.high + v.low;
    }
    for (; exponent < 0; exponent += 150) { /* a quotient is as exact when its divisor is */
        struct twice by = power_of_ten((unsigned)(exponent < -150 ? 150 : -exponent));
        double       q = v.high / by.high;
        struct twice back = times((struct twice) { q, 0 }, by);
        v = sum(q, ((v.high - back.high) - back.low + v.low) / by.high);
    }
    return v.high + v.low;
}

struct reader {
    const char *p, *end;
};

static char at(const struct reader *r)
{
    return r->p < r->end ? *r->p : '\0';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void skip_blanks(struct reader *r)
{
    while (r->p < r->end && (*r->p == ' ' || *r->p == '\t' || *r->p == '\n' || *r->p == '\r'))
        r->p++;
}

/* Digits behind the nineteenth only move the point. */
static void read_digits(struct reader *r, uint64_t *digits, int *exponent, bool behind_point)
{
    for (; is_digit(at(r)); r->p++) {
        bool fits = *digits < 1000000000000000000u;
        if (fits)
            *digits = *digits * 10 + (uint64_t)(at(r) - '0');
        *exponent += behind_point ? -(int)fits : !fits;
    }
}

static double read_number(struct reader *r, bool *whole)
{
    bool     negative = at(r) == '-', below = false;
    uint64_t digits = 0;
    int      exponent = 0, written = 0;

    r->p += negative;
    if (!is_digit(at(r)))
        return NAN;
    read_digits(r, &digits, &exponent, false);
    *whole = at(r) != '.' && at(r) != 'e' && at(r) != 'E';
    if (at(r) == '.') {
        r->p++;
        read_digits(r, &digits, &exponent, true);
    }
    if (at(r) == 'e' || at(r) == 'E') {
        r->p++;
        below = at(r) == '-';
        r->p += below || at(r) == '+';
        for (; is_digit(at(r)); r->p++)
            written = written < 10000 ? written * 10 + (at(r) - '0') : written;
    }
    double v = scaled(digits, exponent + (below ? -written : written));
    return negative ? -v : v;
}

double scalar_array_number(str text, bool *whole)
{
    struct reader r = { text.p, text.p + text.n };
    double        v = read_number(&r, whole);
    return r.p == r.end ? v : NAN;
}

/* --- arrays --- */

/* Over an element that is no number: a word, a string, an array or an object. */
static bool skip_other(struct reader *r)
{
    int  depth = 0;
    bool quoted = false;

    for (; r->p < r->end; r->p++) {
        char c = *r->p;
        if (quoted && c == '\\')
            r->p += r->p + 1 < r->end;
        else if (c == '"')
            quoted = !quoted;
        else if (quoted)
            continue;
        else if (c == '[' || c == '{')
            depth++;
        else if (depth == 0 && (c == ',' || c == ']'))
            return true;
        else if (c == ']' || c == '}')
            depth--;
    }
    return false;
}

static size_t commas(str json)
{
    size_t n = 0;
    for (size_t i = 0; i < json.n; i++)
        n += json.p[i] == ',';
    return n;
}

bool scalar_array_read(struct arena *a, str json, struct scalar_array *out)
{
    struct reader r = { json.p, json.p + json.n };
    size_t        most = commas(json) + 1;

    skip_blanks(&r);
    if (at(&r) != '[' || most > 4u * SCALAR_ARRAY_MAX || !scalar_array_make(a, most, out))
        return false;
    out->n = 0;
    out->whole = true;
    for (r.p++, skip_blanks(&r); at(&r) != ']'; skip_blanks(&r)) {
        bool   whole = true;
        double v = read_number(&r, &whole);
        skip_blanks(&r);
        if (at(&r) != ',' && at(&r) != ']') {
            v = NAN;
            whole = true;
            if (!skip_other(&r))
                return false;
        }
        out->v[out->n++] = v;
        out->whole = out->whole && whole;
        if (at(&r) == ',')
            r.p++;
    }
    return out->n <= SCALAR_ARRAY_MAX;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

bool scalar_array_sorted(struct arena *a, const struct scalar_array *from, struct scalar_array *out)
{
    if (!scalar_array_make(a, from->n, out))
        return false;
    out->n = 0;
    for (size_t i = 0; i < from->n; i++)
        if (!isnan(from->v[i]))
            out->v[out->n++] = from->v[i];
    qsort(out->v, out->n, sizeof(double), by_value);
    return true;
}

double scalar_array_percentile(const struct scalar_array *sorted, double percent)
{
    double at = percent / 100 * (double)(sorted->n - 1);
    size_t below = (size_t)at;

    if (below + 1 >= sorted->n)
        return sorted->v[sorted->n - 1];
    return sorted->v[below] + (sorted->v[below + 1] - sorted->v[below]) * (at - (double)below);
}

void scalar_array_add_real(struct strbuf *out, double v)
{
    if (isfinite(v))
        scalar_number_real(out, v);
    else
        strbuf_addz(out, "null");
}

void scalar_array_add(struct strbuf *out, const double *v, size_t n)
{
    strbuf_addc(out, '[');
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            strbuf_addc(out, ',');
        scalar_array_add_real(out, v[i]);
    }
    strbuf_addc(out, ']');
}

void scalar_array_add_long(struct strbuf *out, int64_t v)
{
    char     digits[24];
    size_t   n = sizeof digits;
    uint64_t left = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;

    do
        digits[--n] = (char)('0' + left % 10);
    while (left /= 10);
    if (v < 0)
        digits[--n] = '-';
    strbuf_add(out, (str) { digits + n, sizeof digits - n });
}
