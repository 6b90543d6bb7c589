/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

static inline unsigned char fold(char c)
{
    unsigned char u = (unsigned char)c;
    return u >= 'A' && u <= 'Z' ? (unsigned char)(u + 32) : u;
}

static int cmp_bytes_ci(const char *a, const char *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int d = fold(a[i]) - fold(b[i]);
        if (d != 0)
            return d;
    }
    return 0;
}

bool str_eq_ci(str a, str b)
{
    return a.n == b.n && cmp_bytes_ci(a.p, b.p, a.n) == 0;
}

static int cmp_lengths(size_t a, size_t b)
{
    return a < b ? -1 : a > b;
}

int str_cmp(str a, str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int    d = n ? memcmp(a.p, b.p, n) : 0;
    return d ? d : cmp_lengths(a.n, b.n);
}

int str_cmp_ci(str a, str b)
{
    int d = cmp_bytes_ci(a.p, b.p, a.n < b.n ? a.n : b.n);
    return d ? d : cmp_lengths(a.n, b.n);
}

bool str_starts(str s, str prefix)
{
    return s.n >= prefix.n && str_eq(str_make(s.p, prefix.n), prefix);
}

bool str_starts_ci(str s, str prefix)
{
    return s.n >= prefix.n && str_eq_ci(str_make(s.p, prefix.n), prefix);
}

bool str_ends(str s, str suffix)
{
    return s.n >= suffix.n && str_eq(str_from(s, s.n - suffix.n), suffix);
}

bool str_ends_ci(str s, str suffix)
{
    return s.n >= suffix.n && str_eq_ci(str_from(s, s.n - suffix.n), suffix);
}

size_t str_find(str s, str needle)
{
    if (needle.n == 0)
        return 0;
    if (s.n < needle.n)
        return STR_NPOS;
    const char *at = memmem(s.p, s.n, needle.p, needle.n);
    return at ? (size_t)(at - s.p) : STR_NPOS;
}

size_t str_find_ci(str s, str needle)
{
    for (size_t i = 0; i + needle.n <= s.n; i++)
        if (cmp_bytes_ci(s.p + i, needle.p, needle.n) == 0)
            return i;
    return STR_NPOS;
}

size_t str_find_byte(str s, char c)
{
    const char *at = s.n ? memchr(s.p, c, s.n) : NULL;
    return at ? (size_t)(at - s.p) : STR_NPOS;
}

size_t str_rfind_byte(str s, char c)
{
    const char *at = s.n ? memrchr(s.p, c, s.n) : NULL;
    return at ? (size_t)(at - s.p) : STR_NPOS;
}

bool str_contains(str s, str needle)
{
    return str_find(s, needle) != STR_NPOS;
}

bool str_contains_ci(str s, str needle)
{
    return str_find_ci(s, needle) != STR_NPOS;
}

str str_slice(str s, size_t from, size_t to)
{
    if (to > s.n)
        to = s.n;
    if (from > to)
        from = to;
    return str_make(s.p ? s.p + from : NULL, to - from);
}

str str_from(str s, size_t from)
{
    return str_slice(s, from, s.n);
}

str str_trim(str s)
{
    return str_trim_chars(s, S(" \t\r\n\v\f"));
}

str str_trim_chars(str s, str set)
{
    while (s.n && memchr(set.p, s.p[0], set.n))
        s = str_from(s, 1);
    while (s.n && memchr(set.p, s.p[s.n - 1], set.n))
        s.n--;
    return s;
}

bool str_split(str *rest, char sep, str *part)
{
    if (!rest->p)
        return false;
    size_t at = str_find_byte(*rest, sep);
    if (at == STR_NPOS) {
        *part = *rest;
        *rest = STR_NONE;
        return true;
    }
    *part = str_slice(*rest, 0, at);
    *rest = str_from(*rest, at + 1);
    return true;
}

bool str_to_u64(str s, uint64_t *out)
{
    uint64_t v = 0;
    if (s.n == 0)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        if (__builtin_mul_overflow(v, 10u, &v) || __builtin_add_overflow(v, (uint64_t)(s.p[i] - '0'), &v))
            return false;
    }
    *out = v;
    return true;
}

bool str_to_i64(str s, int64_t *out)
{
    bool     negative = s.n && s.p[0] == '-';
    uint64_t v;
    if (s.n && (s.p[0] == '-' || s.p[0] == '+'))
        s = str_from(s, 1);
    if (!str_to_u64(s, &v) || v > (uint64_t)INT64_MAX + negative)
        return false;
    *out = negative ? (int64_t)(0 - v) : (int64_t)v;
    return true;
}

bool str_to_double(str s, double *out)
{
    char buf[128];
    if (s.n == 0 || !str_to_cstr(s, buf, sizeof buf))
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!memchr("0123456789+-.eE", s.p[i], 15))
            return false;
    char *end;
    errno = 0;
    double d = strtod(buf, &end);
    if (end != buf + s.n || !isfinite(d))
        return false;
    *out = d;
    return true;
}

bool str_to_cstr(str s, char *buf, size_t size)
{
    if (s.n >= size || str_find_byte(s, '\0') != STR_NPOS)
        return false;
    if (s.n)
        memcpy(buf, s.p, s.n);
    buf[s.n] = '\0';
    return true;
}
