/* SPDX-License-Identifier: Apache-2.0 */
#include "query/query_catalog.h"

#include <pthread.h>

#include "base/file.h"
#include "base/map.h"
#include "base/mem.h"

enum { KEPT_BYTES = 256 << 20, EXTERNAL_BYTES = 16 << 20 };

struct kept {
    const struct tables_schema *schema; /* a changed schema is another object */
    struct kql_table            table;
};

struct query_catalog {
    struct query_opts  opts;
    struct kql_catalog kql;
    pthread_mutex_t    lock; /* of what follows */
    struct arena      *arena;
    struct map        *kept; /* name → struct kept */
};

static enum kql_type type_of(enum tables_type t)
{
    switch (t) {
    case TABLES_DYNAMIC:
        return KQL_DYNAMIC;
    case TABLES_LONG:
        return KQL_LONG;
    case TABLES_INT:
        return KQL_INT;
    case TABLES_REAL:
        return KQL_REAL;
    case TABLES_BOOL:
        return KQL_BOOL;
    case TABLES_DATETIME:
        return KQL_DATETIME;
    case TABLES_TIMESPAN:
        return KQL_TIMESPAN;
    case TABLES_GUID:
        return KQL_GUID;
    case TABLES_DECIMAL:
        return KQL_DECIMAL;
    default:
        return KQL_STRING;
    }
}

static struct kept *translate(struct query_catalog *c, const struct tables_schema *s)
{
    struct kept       *k = ARENA_NEW(c->arena, struct kept);
    struct kql_column *columns = ARENA_ARRAY(c->arena, struct kql_column, s->n_columns);

    for (size_t i = 0; i < s->n_columns; i++)
        columns[i] = (struct kql_column) { s->columns[i].name, type_of(s->columns[i].type) };
    k->schema = s;
    k->table = (struct kql_table) { .name = s->name, .columns = columns, .n_columns = s->n_columns };
    return k;
}

static const struct kql_table *kept_table(struct query_catalog *c, const struct tables_schema *s)
{
    pthread_mutex_lock(&c->lock);
    struct kept *k = map_find(c->kept, s->name);
    if (!k || k->schema != s) {
        k = translate(c, s);
        map_put(c->kept, s->name, k);
    }
    pthread_mutex_unlock(&c->lock);
    return &k->table;
}

static const struct kql_table *table_find(void *ctx, str name)
{
    struct query_catalog       *c = ctx;
    const struct tables_schema *s = tables_schema_find(c->opts.tables, name);

    if (!s)
        return NULL;
    /* When the engine is away the query will say so itself. */
    if (!s->stored && tables_ensure(c->opts.tables, name, NULL) == RC_OK)
        s = tables_schema_find(c->opts.tables, name);
    return s ? kept_table(c, s) : NULL;
}

struct each {
    struct query_catalog *catalog;
    void (*visit)(void *arg, const struct kql_table *t);
    void *arg;
};

/* `union *` and "did you mean" look at what is there, not at all that could be. */
static void visit_stored(void *ctx, const struct tables_schema *s)
{
    struct each *e = ctx;
    if (s->stored)
        e->visit(e->arg, kept_table(e->catalog, s));
}

static void table_each(void *ctx, void (*visit)(void *arg, const struct kql_table *t), void *arg)
{
    struct query_catalog *c = ctx;
    tables_schema_each(c->opts.tables, visit_stored, &(struct each) { c, visit, arg });
}

static enum rc external(void *ctx, str path, struct arena *arena, str *text, struct err *err)
{
    struct query_catalog *c = ctx;
    return file_read_below(arena, c->opts.external, path, EXTERNAL_BYTES, text, err);
}

static enum rc watchlist(void *ctx, str alias, struct arena *arena, struct kql_list *out, struct err *err)
{
    struct query_catalog *c = ctx;
    return c->opts.watchlist(c->opts.watchlist_ctx, alias, arena, out, err);
}

struct query_catalog *query_catalog_new(const struct query_opts *opts)
{
    struct query_catalog *c = MEM_NEW(struct query_catalog);
    c->opts = *opts;
    c->kql = (struct kql_catalog) {
        .ctx = c,
        .table_find = table_find,
        .table_each = table_each,
        .watchlist = opts->watchlist ? watchlist : NULL,
        .external = opts->external ? external : NULL,
    };
    c->arena = arena_new(KEPT_BYTES);
    c->kept = map_new(MAP_CASE);
    pthread_mutex_init(&c->lock, NULL);
    return c;
}

struct query_catalog *query_catalog_free(struct query_catalog *c)
{
    if (!c)
        return NULL;
    map_free(c->kept);
    arena_free(c->arena);
    pthread_mutex_destroy(&c->lock);
    return mem_free(c);
}

const struct kql_catalog *query_catalog_kql(struct query_catalog *c)
{
    return &c->kql;
}
