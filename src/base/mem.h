/* SPDX-License-Identifier: Apache-2.0 */
/* base/mem: the heap for small things of a fixed size. Exhaustion aborts: a supervisor restarts the process.
 *
 * What an event, a query or a caller sizes comes from an arena or strbuf with a maximum instead. */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include "base/auto.h"
#include "base/str.h"

void *mem_alloc(size_t n) __attribute__((malloc, returns_nonnull));
void *mem_zalloc(size_t n) __attribute__((malloc, returns_nonnull));
void *mem_array(size_t n, size_t size) __attribute__((malloc, returns_nonnull)); /* zeroed; product checked */
void *mem_realloc(void *p, size_t n) __attribute__((returns_nonnull));
void *mem_free(void *p);                                          /* NULL is fine; returns NULL */
char *mem_strdup(str s) __attribute__((malloc, returns_nonnull)); /* NUL-ended copy */
void  mem_wipe(void *p, size_t n);                                /* zeroes, not optimised away */

#define MEM_NEW(type) ((type *)mem_zalloc(sizeof(type)))

DEFINE_AUTO_TYPE(mem, void *, mem_free)
DEFINE_AUTO_TYPE(cstring, char *, mem_free)

#endif
