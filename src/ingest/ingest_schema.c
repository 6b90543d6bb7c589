/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest_schema.h"

#include "base/mem.h"

/* An open-addressing set of names. Only names of our own schemas are put in, so a stranger can at worst ask
 * for what is not there: a plain hash does, and is several times faster than a keyed one. */
struct names {
    struct slot {
        str   name;
        void *value;
    } * slots;
    size_t n, cap; /* cap is a power of two, at least twice n */
};

struct ingest_table {
    str          name;
    struct names columns;
};

struct ingest_schema {
    struct names tables;
};

static inline unsigned char lower(unsigned char c)
{
    return (unsigned char)(c - 'A') < 26 ? c | 32 : c;
}

static size_t name_hash(str s)
{
    uint32_t h = 2166136261u;

    for (size_t i = 0; i < s.n; i++)
        h = (h ^ lower((unsigned char)s.p[i])) * 16777619u;
    return h ^ (h >> 15);
}

static struct slot *names_slot(const struct names *names, str name)
{
    for (size_t at = name_hash(name);; at++) {
        struct slot *slot = &names->slots[at & (names->cap - 1)];

        if (!slot->name.p || str_eq(slot->name, name) || str_eq_ci(slot->name, name))
            return slot;
    }
}

static void names_grow(struct names *names)
{
    struct names bigger = { .n = names->n, .cap = names->cap ? names->cap * 2 : 64 };

    bigger.slots = mem_array(bigger.cap, sizeof *bigger.slots);
    for (size_t i = 0; i < names->cap; i++) {
        if (names->slots[i].name.p)
            *names_slot(&bigger, names->slots[i].name) = names->slots[i];
    }
    mem_free(names->slots);
    *names = bigger;
}

static struct slot *names_add(struct names *names, str name)
{
    struct slot *slot;

    if ((names->n + 1) * 2 > names->cap)
        names_grow(names);
    slot = names_slot(names, name);
    if (!slot->name.p) {
        slot->name = (str) { mem_strdup(name), name.n };
        names->n++;
    }
    return slot;
}

static void names_done(struct names *names)
{
    for (size_t i = 0; i < names->cap; i++)
        mem_free((void *)names->slots[i].name.p);
    mem_free(names->slots);
}

struct ingest_schema *ingest_schema_new(void)
{
    return MEM_NEW(struct ingest_schema);
}

struct ingest_schema *ingest_schema_free(struct ingest_schema *s)
{
    if (!s)
        return NULL;
    for (size_t i = 0; i < s->tables.cap; i++) {
        struct ingest_table *t = s->tables.slots[i].value;

        if (t) {
            names_done(&t->columns);
            mem_free(t);
        }
    }
    names_done(&s->tables);
    return mem_free(s);
}

struct ingest_table *ingest_schema_add(struct ingest_schema *s, str table)
{
    struct slot *slot = names_add(&s->tables, table);

    if (!slot->value) {
        struct ingest_table *t = MEM_NEW(struct ingest_table);

        t->name = slot->name;
        slot->value = t;
    }
    return slot->value;
}

void ingest_schema_table_add(struct ingest_table *t, str column)
{
    names_add(&t->columns, column);
}

const struct ingest_table *ingest_schema_find(const struct ingest_schema *s, str table)
{
    return s->tables.cap ? names_slot(&s->tables, table)->value : NULL;
}

str ingest_schema_table_name(const struct ingest_table *t)
{
    return t->name;
}

str ingest_schema_column(const struct ingest_table *t, str field)
{
    return t->columns.cap ? names_slot(&t->columns, field)->name : STR_NONE;
}
