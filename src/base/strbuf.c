/* SPDX-License-Identifier: Apache-2.0 */
#include "base/strbuf.h"

#include <inttypes.h>

#include "base/mem.h"

enum { FIRST_SIZE = 128 };

void strbuf_init(struct strbuf *b, size_t max)
{
    *b = (struct strbuf)STRBUF_INIT(max);
}

void strbuf_done(struct strbuf *b)
{
    mem_free(b->p);
    b->p = NULL;
    b->n = b->cap = 0;
}

void strbuf_clear(struct strbuf *b)
{
    b->overflow = false;
    strbuf_truncate(b, 0);
}

void strbuf_truncate(struct strbuf *b, size_t n)
{
    if (n < b->n)
        b->n = n;
    if (b->p)
        b->p[b->n] = '\0';
}

char *strbuf_room(struct strbuf *b, size_t n)
{
    if (b->overflow || n > b->max - b->n) {
        b->overflow = true;
        return NULL;
    }
    size_t need = b->n + n + 1;
    if (need > b->cap) {
        size_t cap = b->cap ? b->cap : FIRST_SIZE;
        while (cap < need)
            cap *= 2;
        b->p = mem_realloc(b->p, cap);
        b->cap = cap;
    }
    return b->p + b->n;
}

void strbuf_added(struct strbuf *b, size_t n)
{
    b->n += n;
    b->p[b->n] = '\0';
}

void strbuf_add(struct strbuf *b, str s)
{
    char *room = strbuf_room(b, s.n);
    if (!room)
        return;
    if (s.n)
        memcpy(room, s.p, s.n);
    strbuf_added(b, s.n);
}

void strbuf_addz(struct strbuf *b, const char *z)
{
    strbuf_add(b, str_of(z));
}

void strbuf_addc(struct strbuf *b, char c)
{
    char *room = strbuf_room(b, 1);
    if (!room)
        return;
    *room = c;
    strbuf_added(b, 1);
}

void strbuf_addv(struct strbuf *b, const char *fmt, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    int   n = vsnprintf(NULL, 0, fmt, ap);
    char *room = n < 0 ? NULL : strbuf_room(b, (size_t)n);
    if (room) {
        vsnprintf(room, (size_t)n + 1, fmt, again);
        b->n += (size_t)n;
    }
    va_end(again);
}

void strbuf_addf(struct strbuf *b, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    strbuf_addv(b, fmt, ap);
    va_end(ap);
}

void strbuf_add_u64(struct strbuf *b, uint64_t v)
{
    char  digits[20];
    char *at = digits + sizeof digits;
    do {
        *--at = (char)('0' + v % 10);
        v /= 10;
    } while (v);
    strbuf_add(b, str_make(at, (size_t)(digits + sizeof digits - at)));
}

void strbuf_add_i64(struct strbuf *b, int64_t v)
{
    if (v < 0)
        strbuf_addc(b, '-');
    strbuf_add_u64(b, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

enum rc strbuf_ok(const struct strbuf *b, const char *what, struct err *err)
{
    if (b->overflow)
        return err_set(err, RC_LIMIT, "%s is over %zu bytes", what, b->max);
    return RC_OK;
}
