/* SPDX-License-Identifier: Apache-2.0 */
/* base/arena: memory that is freed all at once, bounded at creation.
 *
 * Arenas are named by lifetime (process, snapshot, connection, request, query, batch). A child dies with its
 * parent. No pointer into an arena may be stored in one that lives longer: copy with arena_str.
 * Memory is aligned to 16 and zeroed. arena_alloc aborts over the maximum and is for what we size ourselves;
 * what others size uses arena_try_alloc and turns NULL into RC_LIMIT.
 * Threads: one at a time. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/auto.h"
#include "base/err.h"
#include "base/str.h"

struct arena;

struct arena *arena_new(size_t max_bytes);
struct arena *arena_child(struct arena *parent, size_t max_bytes);
struct arena *arena_free(struct arena *a);
void          arena_reset(struct arena *a); /* runs the deferred, frees children, keeps one block */
DEFINE_AUTO(arena, arena_free)

void  *arena_alloc(struct arena *a, size_t n) __attribute__((returns_nonnull));
void  *arena_try_alloc(struct arena *a, size_t n); /* NULL over the maximum */
size_t arena_used(const struct arena *a);

/* Copies. The copy is NUL-ended behind its n bytes, for printing and system calls. NULL p when over the max.
 */
str arena_str(struct arena *a, str s);
str arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Runs fn(p) when the arena is reset or freed, last one first. */
void arena_defer(struct arena *a, void (*fn)(void *p), void *p);

#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, type, n) ((type *)arena_alloc((a), sizeof(type) * (n)))
#define ARENA_TRY_ARRAY(a, type, n) ((type *)arena_try_array((a), sizeof(type), (n)))
void *arena_try_array(struct arena *a, size_t size, size_t n);

/* For tests: makes the nth arena_try_alloc from now fail, in this thread. 0 switches it off. */
void arena_fail_nth(uint64_t n);
bool arena_fail_pending(void); /* it has not been reached yet */

#endif
