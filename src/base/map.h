/* SPDX-License-Identifier: Apache-2.0 */
/* base/map: a hash map from text to a pointer, keyed hash (an attacker cannot choose collisions).
 *
 * Keys are copied unless the map was made in an arena that outlives them (map_new_in copies into the arena).
 * Values are borrowed. Iteration is in order of insertion. Threads: readers together, a writer alone. */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/arena.h"
#include "base/auto.h"
#include "base/str.h"

struct map;

enum map_case { MAP_CASE, MAP_NOCASE }; /* MAP_NOCASE folds ASCII letters */

struct map *map_new(enum map_case mode);
struct map *map_new_in(struct arena *a, enum map_case mode); /* freed with the arena */
struct map *map_free(struct map *m);
DEFINE_AUTO(map, map_free)

void  *map_find(const struct map *m, str key); /* NULL when absent */
bool   map_has(const struct map *m, str key);
void  *map_put(struct map *m, str key, void *value); /* the value that was there, or NULL */
void  *map_remove(struct map *m, str key);
size_t map_count(const struct map *m);

struct map_iter {
    size_t next;
    str    key;
    void  *value;
};

/* struct map_iter it = { 0 }; while (map_next(m, &it)) use(it.key, it.value); */
bool map_next(const struct map *m, struct map_iter *it);

#endif
