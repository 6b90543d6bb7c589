/* SPDX-License-Identifier: Apache-2.0 */
#include "base/mem.h"

#include <stdlib.h>

static void *or_abort(void *p)
{
    if (!p) {
        fputs("{\"level\":\"error\",\"event\":\"OUT_OF_MEMORY\"}\n", stderr);
        abort();
    }
    return p;
}

void *mem_alloc(size_t n)
{
    return or_abort(malloc(n ? n : 1));
}

void *mem_zalloc(size_t n)
{
    return or_abort(calloc(1, n ? n : 1));
}

void *mem_array(size_t n, size_t size)
{
    return or_abort(calloc(n ? n : 1, size ? size : 1));
}

void *mem_realloc(void *p, size_t n)
{
    return or_abort(realloc(p, n ? n : 1));
}

void *mem_free(void *p)
{
    free(p);
    return NULL;
}

char *mem_strdup(str s)
{
    char *z = mem_alloc(s.n + 1);
    if (s.n)
        memcpy(z, s.p, s.n);
    z[s.n] = '\0';
    return z;
}

void mem_wipe(void *p, size_t n)
{
    explicit_bzero(p, n);
}
