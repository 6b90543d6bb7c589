/* SPDX-License-Identifier: Apache-2.0 */
/* base/vec: a growing array of any type.
 *
 *     VEC(int) v = { 0 };
 *     *vec_push(&v) = 42;                 a zeroed new element at the end
 *     for (size_t i = 0; i < v.n; i++) use(v.p[i]);
 *     vec_done(&v);
 *
 * Heap memory; exhaustion aborts, so what strangers size needs a bound of its own.
 * vec_push_in takes the memory from an arena instead (never mix the two on one vec, never vec_done it). */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include "base/arena.h"
#include "base/mem.h"

#define VEC(type)                                                                                            \
    struct {                                                                                                 \
        type  *p;                                                                                            \
        size_t n, cap;                                                                                       \
    }

#define vec_push(v)                                                                                          \
    __extension__({                                                                                          \
        (v)->p = vec_grow((v)->p, (v)->n, &(v)->cap, sizeof *(v)->p);                                        \
        &(v)->p[(v)->n++];                                                                                   \
    })

#define vec_push_in(arena, v)                                                                                \
    __extension__({                                                                                          \
        (v)->p = vec_grow_in((arena), (v)->p, (v)->n, &(v)->cap, sizeof *(v)->p);                            \
        &(v)->p[(v)->n++];                                                                                   \
    })

#define vec_pop(v) ((v)->p[--(v)->n])
#define vec_last(v) ((v)->p[(v)->n - 1])
#define vec_clear(v) ((void)((v)->n = 0))
#define vec_done(v)                                                                                          \
    do {                                                                                                     \
        mem_free((v)->p);                                                                                    \
        (v)->p = NULL;                                                                                       \
        (v)->n = (v)->cap = 0;                                                                               \
    } while (0)

/* Room for one more element, zeroed. */
void *vec_grow(void *p, size_t n, size_t *cap, size_t size) __attribute__((returns_nonnull));
void *vec_grow_in(struct arena *a, void *p, size_t n, size_t *cap, size_t size)
    __attribute__((returns_nonnull));

#endif
