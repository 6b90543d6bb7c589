/* SPDX-License-Identifier: Apache-2.0 */
#include "base/vec.h"

static size_t next_cap(size_t cap)
{
    return cap ? cap * 2 : 8;
}

void *vec_grow(void *p, size_t n, size_t *cap, size_t size)
{
    if (n == *cap) {
        *cap = next_cap(*cap);
        p = mem_realloc(p, *cap * size);
    }
    memset((char *)p + n * size, 0, size);
    return p;
}

void *vec_grow_in(struct arena *a, void *p, size_t n, size_t *cap, size_t size)
{
    if (n == *cap) {
        *cap = next_cap(*cap);
        void *wider = arena_alloc(a, *cap * size);
        if (n)
            memcpy(wider, p, n * size);
        p = wider;
    }
    memset((char *)p + n * size, 0, size);
    return p;
}
