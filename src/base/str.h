/* SPDX-License-Identifier: Apache-2.0 */
/* base/str: a view of bytes, by value, not NUL-ended, meant to be UTF-8.
 *
 * A str borrows; who made the bytes owns them. `p` may be NULL only when `n` is 0. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct {
    const char *p;
    size_t      n;
} str;

#define S(lit) ((str) { "" lit "", sizeof(lit) - 1 })
#define STR_INIT(lit)                                                                                        \
    {                                                                                                        \
        "" lit "", sizeof(lit) - 1                                                                           \
    } /* for static tables */
#define STR_NONE ((str) { NULL, 0 })
#define STR_FMT "%.*s"
#define STR_ARG(s) (int)(s).n, (s).p ? (s).p : ""

#define STR_NPOS ((size_t)-1)

static inline str str_of(const char *z)
{
    return z ? (str) { z, strlen(z) } : STR_NONE;
}

static inline str str_make(const char *p, size_t n)
{
    return (str) { p, n };
}

static inline bool str_eq(str a, str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool   str_eq_ci(str a, str b); /* ASCII letters fold */
int    str_cmp(str a, str b);   /* bytewise order, as memcmp; shorter first */
int    str_cmp_ci(str a, str b);
bool   str_starts(str s, str prefix);
bool   str_starts_ci(str s, str prefix);
bool   str_ends(str s, str suffix);
bool   str_ends_ci(str s, str suffix);
size_t str_find(str s, str needle); /* offset, or STR_NPOS */
size_t str_find_ci(str s, str needle);
size_t str_find_byte(str s, char c);
size_t str_rfind_byte(str s, char c);
bool   str_contains(str s, str needle);
bool   str_contains_ci(str s, str needle);
str    str_slice(str s, size_t from, size_t to); /* clamped to the bounds */
str    str_from(str s, size_t from);
str    str_trim(str s); /* blanks: space, \t \r \n \v \f */
str    str_trim_chars(str s, str set);

/* Cuts the part before `sep` off the front of *rest into *part. False when nothing is left: an empty *rest
 * yields no part, "a," yields "a" and "". A NULL `rest->p` means done. */
bool str_split(str *rest, char sep, str *part);

/* Whole text as a number: optional sign, digits, nothing else; false on overflow. */
bool str_to_i64(str s, int64_t *out);
bool str_to_u64(str s, uint64_t *out);
bool str_to_double(str s, double *out); /* C locale, finite or nan/inf words refused */

/* The only door to NUL-ended strings: copies into `buf`; false when it does not fit or holds a NUL. */
bool str_to_cstr(str s, char *buf, size_t size);

#endif
