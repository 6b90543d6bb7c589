/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <stdarg.h>

#include "base/mem.h"

enum { ALIGN = 16, FIRST_BLOCK = 4096, LARGEST_BLOCK = 1 << 20 };

struct block {
    struct block *older;
    size_t        size, used;
    _Alignas(ALIGN) unsigned char bytes[];
};

struct deferred {
    struct deferred *older;
    void (*fn)(void *);
    void *p;
};

struct arena {
    struct arena    *parent;
    struct arena    *children; /* the newest; they are chained by `sibling` */
    struct arena    *sibling;
    struct block    *newest;
    struct deferred *deferred;
    size_t           max, used;
    size_t           next_block;
};

static _Thread_local uint64_t fail_countdown;

void arena_fail_nth(uint64_t n)
{
    fail_countdown = n;
}

bool arena_fail_pending(void)
{
    return fail_countdown != 0;
}

struct arena *arena_new(size_t max_bytes)
{
    struct arena *a = MEM_NEW(struct arena);
    a->max = max_bytes;
    a->next_block = FIRST_BLOCK;
    return a;
}

struct arena *arena_child(struct arena *parent, size_t max_bytes)
{
    struct arena *a = arena_new(max_bytes);
    a->parent = parent;
    a->sibling = parent->children;
    parent->children = a;
    return a;
}

static void unlink_from_parent(struct arena *a)
{
    struct arena **at = &a->parent->children;
    while (*at != a)
        at = &(*at)->sibling;
    *at = a->sibling;
}

static void run_deferred(struct arena *a)
{
    while (a->deferred) {
        struct deferred *d = a->deferred;
        a->deferred = d->older;
        d->fn(d->p);
    }
}

void arena_reset(struct arena *a)
{
    while (a->children)
        arena_free(a->children);
    run_deferred(a);
    while (a->newest && a->newest->older) {
        struct block *b = a->newest;
        a->newest = b->older;
        mem_free(b);
    }
    if (a->newest) {
        memset(a->newest->bytes, 0, a->newest->used);
        a->newest->used = 0;
    }
    a->used = 0;
    a->next_block = FIRST_BLOCK;
}

struct arena *arena_free(struct arena *a)
{
    if (!a)
        return NULL;
    arena_reset(a);
    if (a->parent)
        unlink_from_parent(a);
    mem_free(a->newest);
    mem_free(a);
    return NULL;
}

static struct block *add_block(struct arena *a, size_t at_least)
{
    size_t size = a->next_block > at_least ? a->next_block : at_least;
    if (a->next_block < LARGEST_BLOCK)
        a->next_block *= 2;

    struct block *b = mem_zalloc(sizeof *b + size);
    b->size = size;
    b->older = a->newest;
    a->newest = b;
    return b;
}

static void *take(struct arena *a, size_t n)
{
    if (n > a->max)
        return NULL;
    n = (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    if (n == 0)
        n = ALIGN;
    if (n > a->max - a->used)
        return NULL;

    struct block *b = a->newest;
    if (!b || b->size - b->used < n)
        b = add_block(a, n);
    void *p = b->bytes + b->used;
    b->used += n;
    a->used += n;
    return p;
}

void *arena_try_alloc(struct arena *a, size_t n)
{
    if (fail_countdown && --fail_countdown == 0)
        return NULL;
    return take(a, n);
}

void *arena_try_array(struct arena *a, size_t size, size_t n)
{
    size_t bytes;
    return __builtin_mul_overflow(size, n, &bytes) ? NULL : arena_try_alloc(a, bytes);
}

void *arena_alloc(struct arena *a, size_t n)
{
    void *p = take(a, n);
    if (!p) {
        fprintf(stderr, "{\"level\":\"error\",\"event\":\"ARENA_EXHAUSTED\",\"max\":%zu,\"asked\":%zu}\n",
                a->max, n);
        abort();
    }
    return p;
}

size_t arena_used(const struct arena *a)
{
    return a->used;
}

str arena_str(struct arena *a, str s)
{
    char *p = arena_try_alloc(a, s.n + 1);
    if (!p)
        return STR_NONE;
    if (s.n)
        memcpy(p, s.p, s.n);
    p[s.n] = '\0';
    return str_make(p, s.n);
}

str arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int   n = vsnprintf(NULL, 0, fmt, ap);
    char *p = n < 0 ? NULL : arena_try_alloc(a, (size_t)n + 1);
    if (p)
        vsnprintf(p, (size_t)n + 1, fmt, again);
    va_end(again);
    va_end(ap);
    return p ? str_make(p, (size_t)n) : STR_NONE;
}

void arena_defer(struct arena *a, void (*fn)(void *p), void *p)
{
    struct deferred *d = ARENA_NEW(a, struct deferred);
    *d = (struct deferred) { .older = a->deferred, .fn = fn, .p = p };
    a->deferred = d;
}
