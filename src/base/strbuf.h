/* SPDX-License-Identifier: Apache-2.0 */
/* base/strbuf: builds text up to a maximum set at the start.
 *
 * What would go over the maximum is dropped and `overflow` stays set: ask once, at the end (strbuf_ok).
 * The text is always NUL-ended behind its length. Threads: one at a time. */
#ifndef BASE_STRBUF_H
#define BASE_STRBUF_H

#include <stdarg.h>

#include "base/err.h"
#include "base/str.h"

struct strbuf {
    char  *p;
    size_t n;
    size_t cap;
    size_t max;
    bool   overflow;
};

#define STRBUF_INIT(max_bytes)                                                                               \
    {                                                                                                        \
        .p = NULL, .n = 0, .cap = 0, .max = (max_bytes), .overflow = false                                   \
    }

void strbuf_init(struct strbuf *b, size_t max);
void strbuf_done(struct strbuf *b);
void strbuf_clear(struct strbuf *b); /* keeps the memory */
void strbuf_truncate(struct strbuf *b, size_t n);
void strbuf_add(struct strbuf *b, str s);
void strbuf_addz(struct strbuf *b, const char *z);
void strbuf_addc(struct strbuf *b, char c);
void strbuf_addf(struct strbuf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void strbuf_addv(struct strbuf *b, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
void strbuf_add_i64(struct strbuf *b, int64_t v);
void strbuf_add_u64(struct strbuf *b, uint64_t v);
/* Room for n more bytes at the end, or NULL over the maximum; strbuf_added says how many were used. */
char *strbuf_room(struct strbuf *b, size_t n);
void  strbuf_added(struct strbuf *b, size_t n);

static inline str strbuf_view(const struct strbuf *b)
{
    return (str) { b->p ? b->p : "", b->n };
}

/* RC_LIMIT with "<what> is over <max> bytes" when anything was dropped. */
must_check enum rc strbuf_ok(const struct strbuf *b, const char *what, struct err *err);

#define AUTO_STRBUF __attribute__((cleanup(strbuf_done))) struct strbuf

#endif
