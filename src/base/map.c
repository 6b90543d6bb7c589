/* SPDX-License-Identifier: Apache-2.0 */
#include "base/map.h"

#include "base/hash.h"
#include "base/mem.h"

/* Open addressing over an index; entries stay in order of insertion. A removed entry keeps its place, marked,
 * until the next growth. */
struct entry {
    str      key;
    void    *value;
    uint64_t hash;
    bool     gone;
};

struct map {
    struct arena   *arena; /* NULL: heap */
    struct hash_key secret;
    enum map_case   mode;
    struct entry   *entries;
    uint32_t       *index; /* entry number + 1; 0 is free */
    size_t          n, cap, live, slots;
};

static void *take(const struct map *m, size_t n)
{
    return m->arena ? arena_alloc(m->arena, n) : mem_zalloc(n);
}

static void drop(const struct map *m, void *p)
{
    if (!m->arena)
        mem_free(p);
}

struct map *map_new_in(struct arena *a, enum map_case mode)
{
    struct map *m = a ? ARENA_NEW(a, struct map) : MEM_NEW(struct map);
    m->arena = a;
    m->mode = mode;
    m->secret = hash_key_process();
    return m;
}

struct map *map_new(enum map_case mode)
{
    return map_new_in(NULL, mode);
}

static void drop_key(const struct map *m, str key)
{
    if (!m->arena)
        mem_free((void *)(uintptr_t)key.p);
}

struct map *map_free(struct map *m)
{
    if (!m || m->arena)
        return NULL;
    for (size_t i = 0; i < m->n; i++)
        if (!m->entries[i].gone)
            drop_key(m, m->entries[i].key);
    mem_free(m->entries);
    mem_free(m->index);
    mem_free(m);
    return NULL;
}

static uint64_t hash_of(const struct map *m, str key)
{
    char folded[256];
    if (m->mode == MAP_CASE)
        return hash_keyed(m->secret, key);

    /* Long keys hash by their first 256 bytes and their length: equality still compares all of them. */
    size_t n = key.n < sizeof folded ? key.n : sizeof folded;
    for (size_t i = 0; i < n; i++)
        folded[i] = (char)(key.p[i] >= 'A' && key.p[i] <= 'Z' ? key.p[i] + 32 : key.p[i]);
    return hash_keyed(m->secret, str_make(folded, n)) + key.n;
}

static bool same_key(const struct map *m, const struct entry *e, uint64_t hash, str key)
{
    if (e->gone || e->hash != hash)
        return false;
    return m->mode == MAP_CASE ? str_eq(e->key, key) : str_eq_ci(e->key, key);
}

static struct entry *find(const struct map *m, str key, uint64_t hash)
{
    if (!m->slots)
        return NULL;
    for (size_t at = hash & (m->slots - 1); m->index[at]; at = (at + 1) & (m->slots - 1)) {
        struct entry *e = &m->entries[m->index[at] - 1];
        if (same_key(m, e, hash, key))
            return e;
    }
    return NULL;
}

static void put_index(struct map *m, size_t i)
{
    size_t at = m->entries[i].hash & (m->slots - 1);
    while (m->index[at])
        at = (at + 1) & (m->slots - 1);
    m->index[at] = (uint32_t)i + 1;
}

static void grow(struct map *m)
{
    size_t        cap = m->live < 4 ? 8 : m->live * 2;
    struct entry *entries = take(m, cap * sizeof *entries);
    size_t        n = 0, slots = 16;

    for (size_t i = 0; i < m->n; i++)
        if (!m->entries[i].gone)
            entries[n++] = m->entries[i];
    while (slots < cap * 2)
        slots *= 2;
    drop(m, m->entries);
    drop(m, m->index);
    m->entries = entries;
    m->index = take(m, slots * sizeof *m->index);
    m->n = n;
    m->cap = cap;
    m->slots = slots;
    for (size_t i = 0; i < n; i++)
        put_index(m, i);
}

static str keep_key(struct map *m, str key)
{
    if (!m->arena)
        return str_make(mem_strdup(key), key.n);
    char *p = arena_alloc(m->arena, key.n + 1);
    if (key.n)
        memcpy(p, key.p, key.n);
    return str_make(p, key.n);
}

void *map_find(const struct map *m, str key)
{
    const struct entry *e = find(m, key, hash_of(m, key));
    return e ? e->value : NULL;
}

bool map_has(const struct map *m, str key)
{
    return find(m, key, hash_of(m, key)) != NULL;
}

void *map_put(struct map *m, str key, void *value)
{
    uint64_t      hash = hash_of(m, key);
    struct entry *e = find(m, key, hash);
    if (e) {
        void *before = e->value;
        e->value = value;
        return before;
    }
    if (m->n == m->cap)
        grow(m);
    m->entries[m->n] = (struct entry) { .key = keep_key(m, key), .value = value, .hash = hash };
    put_index(m, m->n);
    m->n++;
    m->live++;
    return NULL;
}

void *map_remove(struct map *m, str key)
{
    struct entry *e = find(m, key, hash_of(m, key));
    if (!e)
        return NULL;
    drop_key(m, e->key);
    e->gone = true;
    m->live--;
    return e->value;
}

size_t map_count(const struct map *m)
{
    return m->live;
}

bool map_next(const struct map *m, struct map_iter *it)
{
    while (it->next < m->n && m->entries[it->next].gone)
        it->next++;
    if (it->next >= m->n)
        return false;
    it->key = m->entries[it->next].key;
    it->value = m->entries[it->next].value;
    it->next++;
    return true;
}
