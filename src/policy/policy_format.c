/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/policy_format.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>

#include "policy/policy_value.h"

enum { MAX_DIGITS = 15, NUMBER_BYTES = 400 };

/* --- numbers --- */

/* Thousands apart: 1234567.5 → 1,234,567.5. */
static void add_grouped(struct strbuf *out, str digits)
{
    size_t dot = str_find_byte(digits, '.'), whole = dot == STR_NPOS ? digits.n : dot;

    for (size_t i = 0; i < whole; i++) {
        strbuf_addc(out, digits.p[i]);
        if ((whole - i) % 3 == 1 && i + 1 < whole && isdigit((unsigned char)digits.p[i]))
            strbuf_addc(out, ',');
    }
    strbuf_add(out, str_from(digits, whole));
}

bool policy_format_number(struct strbuf *out, const struct json *number, str format)
{
    char     text[NUMBER_BYTES];
    double   v;
    uint64_t digits = 0;
    bool     given = format.n > 1;
    char     kind = format.n ? (char)toupper((unsigned char)format.p[0]) : 0;

    if (!number || (number->kind != JSON_INT && number->kind != JSON_DOUBLE) ||
        !policy_value_number(number, &v) || fabs(v) > 1e300 ||
        (given && (!str_to_u64(str_from(format, 1), &digits) || digits > MAX_DIGITS)))
        return false;
    int n = -1;
    if (kind == 'F' || kind == 'N')
        n = snprintf(text, sizeof text, "%.*f", given ? (int)digits : 2, v);
    else if (kind == 'D' && number->kind == JSON_INT)
        n = snprintf(text, sizeof text, "%s%0*llu", v < 0 ? "-" : "", (int)digits,
                     v < 0 ? 0 - (unsigned long long)number->i : (unsigned long long)number->i);
    else if (kind == 'X' && number->kind == JSON_INT)
        n = snprintf(text, sizeof text, format.p[0] == 'x' ? "%0*llx" : "%0*llX", (int)digits,
                     (unsigned long long)number->i);
    if (n < 0 || (size_t)n >= sizeof text)
        return false;
    if (kind == 'N')
        add_grouped(out, str_make(text, (size_t)n));
    else
        strbuf_add(out, str_make(text, (size_t)n));
    return true;
}

/* --- times --- */

static const char *const DAYS_OF_WEEK[] = { "Sunday",   "Monday", "Tuesday", "Wednesday",
                                            "Thursday", "Friday", "Saturday" };
static const char *const MONTHS[] = { "January", "February", "March",     "April",   "May",      "June",
                                      "July",    "August",   "September", "October", "November", "December" };

static const struct {
    char        letter;
    const char *pattern;
} STANDARD[] = {
    { 'd', "MM/dd/yyyy" },
    { 'D', "dddd, dd MMMM yyyy" },
    { 'f', "dddd, dd MMMM yyyy HH:mm" },
    { 'F', "dddd, dd MMMM yyyy HH:mm:ss" },
    { 'g', "MM/dd/yyyy HH:mm" },
    { 'G', "MM/dd/yyyy HH:mm:ss" },
    { 'm', "MMMM dd" },
    { 'M', "MMMM dd" },
    { 'o', "yyyy-MM-ddTHH:mm:ss.fffffffK" },
    { 'O', "yyyy-MM-ddTHH:mm:ss.fffffffK" },
    { 'r', "ddd, dd MMM yyyy HH:mm:ss 'GMT'" },
    { 'R', "ddd, dd MMM yyyy HH:mm:ss 'GMT'" },
    { 's', "yyyy-MM-ddTHH:mm:ss" },
    { 't', "HH:mm" },
    { 'T', "HH:mm:ss" },
    { 'u', "yyyy-MM-dd HH:mm:ssZ" },
    { 'y', "yyyy MMMM" },
    { 'Y', "yyyy MMMM" },
};

/* A name: three letters of it, or all. */
static void add_name(struct strbuf *out, const char *name, size_t n)
{
    strbuf_add(out, n == 3 ? str_slice(str_of(name), 0, 3) : str_of(name));
}

static void add_fraction(struct strbuf *out, int64_t ticks, size_t n)
{
    char digits[16];

    snprintf(digits, sizeof digits, "%07d", (int)ticks);
    strbuf_add(out, str_make(digits, n < 7 ? n : 7));
}

/* One token, `n` times its letter. False: it is none, and stands for itself. */
static bool add_token(struct strbuf *out, ts t, char letter, size_t n)
{
    struct ts_parts p = ts_split(t);
    int             width = n < 2 ? 1 : 2, hour = p.hour % 12 ? p.hour % 12 : 12;
    int64_t         day = t / DAYS(1) - (t % DAYS(1) < 0); /* 1970-01-01 was a Thursday */

    switch (letter) {
    case 'y':
        return strbuf_addf(out, "%0*d", n < 2 ? 1 : (int)n, n > 2 ? p.year : p.year % 100), true;
    case 'M':
        if (n > 2)
            return add_name(out, MONTHS[p.month - 1], n), true;
        return strbuf_addf(out, "%0*d", width, p.month), true;
    case 'd':
        if (n > 2)
            return add_name(out, DAYS_OF_WEEK[((day + 4) % 7 + 7) % 7], n), true;
        return strbuf_addf(out, "%0*d", width, p.day), true;
    case 'H':
        return strbuf_addf(out, "%0*d", width, p.hour), true;
    case 'h':
        return strbuf_addf(out, "%0*d", width, hour), true;
    case 'm':
        return strbuf_addf(out, "%0*d", width, p.minute), true;
    case 's':
        return strbuf_addf(out, "%0*d", width, p.second), true;
    case 'f':
        return add_fraction(out, p.ticks, n), true;
    case 't':
        return strbuf_add(out, str_slice(p.hour < 12 ? S("AM") : S("PM"), 0, n < 2 ? 1 : 2)), true;
    case 'K':
        return strbuf_addz(out, "Z"), true;
    case 'z':
        return strbuf_addz(out, n < 2 ? "+0" : n == 2 ? "+00" : "+00:00"), true;
    default:
        return false;
    }
}

/* 'text' and \x stand for themselves. Answers how many bytes of the pattern that was; 0: it is neither. */
static size_t add_literal(struct strbuf *out, str rest)
{
    if (rest.p[0] == '\\' && rest.n > 1) {
        strbuf_addc(out, rest.p[1]);
        return 2;
    }
    if (rest.p[0] != '\'' && rest.p[0] != '"')
        return 0;
    size_t end = str_find_byte(str_from(rest, 1), rest.p[0]);
    if (end == STR_NPOS)
        return 0;
    strbuf_add(out, str_slice(rest, 1, end + 1));
    return end + 2;
}

static void add_pattern(struct strbuf *out, ts t, str pattern)
{
    for (size_t i = 0; i < pattern.n;) {
        size_t literal = add_literal(out, str_from(pattern, i)), n = 1;
        i += literal;
        if (literal)
            continue;
        while (i + n < pattern.n && pattern.p[i + n] == pattern.p[i])
            n++;
        if (!add_token(out, t, pattern.p[i], n))
            strbuf_add(out, str_slice(pattern, i, i + n));
        i += n;
    }
}

bool policy_format_time(struct strbuf *out, ts t, str format)
{
    if (format.n != 1) {
        add_pattern(out, t, format);
        return format.n > 0;
    }
    for (size_t i = 0; i < sizeof STANDARD / sizeof STANDARD[0]; i++)
        if (STANDARD[i].letter == format.p[0]) {
            add_pattern(out, t, str_of(STANDARD[i].pattern));
            return true;
        }
    return false;
}
