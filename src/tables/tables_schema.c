/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "base/file.h"
#include "base/json.h"
#include "base/vec.h"
#include "tables/tables_priv.h"

enum { MAX_FILE = 4 << 20, MAX_DAYS = 36500, NS_PER_TICK = 100, CUSTOM_DAYS = 90 };

#define REFRESH_EVERY SECONDS(5)
#define REFRESH_ON_MISS MILLIS(200) /* a table just made by the intake is asked for at once */

/* --- the map --- */

static struct map *column_map(struct arena *a, const struct tables_schema *s, enum map_case mode)
{
    struct map *m = map_new_in(a, mode);

    for (size_t i = 0; i < s->n_columns; i++)
        if (!map_has(m, s->columns[i].name))
            map_put(m, s->columns[i].name, (void *)(uintptr_t)&s->columns[i]);
    return m;
}

static void copy_columns(struct arena *a, const struct tables_schema *from, struct tables_schema *to)
{
    struct tables_column *columns = ARENA_ARRAY(a, struct tables_column, from->n_columns + 1);

    for (size_t i = 0; i < from->n_columns; i++) {
        columns[i] = from->columns[i];
        columns[i].name = arena_str(a, from->columns[i].name);
        columns[i].description = arena_str(a, from->columns[i].description);
        columns[i].same_as = arena_str(a, from->columns[i].same_as);
    }
    to->columns = columns;
}

const struct tables_table *tables_schema_put(struct tables *t, const struct tables_schema *schema)
{
    pthread_mutex_lock(&t->lock);
    struct tables_table *table = ARENA_NEW(t->arena, struct tables_table);
    table->schema = *schema;
    table->schema.name = arena_str(t->arena, schema->name);
    table->schema.description = arena_str(t->arena, schema->description);
    copy_columns(t->arena, schema, &table->schema);
    table->exact = column_map(t->arena, &table->schema, MAP_CASE);
    table->nocase = column_map(t->arena, &table->schema, MAP_NOCASE);
    map_put(t->by_name, table->schema.name, table);
    map_put(t->by_name_ci, table->schema.name, table);
    pthread_mutex_unlock(&t->lock);
    return table;
}

const struct tables_table *tables_schema_table(struct tables *t, str name)
{
    pthread_mutex_lock(&t->lock);
    const struct tables_table *table = map_find(t->by_name, name);
    pthread_mutex_unlock(&t->lock);
    return table;
}

/* --- files --- */

static enum rc read_column(const struct json *j, struct tables_column *out, struct err *err)
{
    struct tables_column c = { .name = json_str(j, S("name"), STR_NONE),
                               .description = json_str(j, S("description"), S("")),
                               .same_as = json_str(j, S("sameAs"), S("")) };
    str                  type = json_str(j, S("type"), STR_NONE);

    if (c.name.n == 0 || c.name.n > TABLES_NAME_MAX)
        return err_set(err, RC_INVALID, "a column's name has 1 to %d bytes", TABLES_NAME_MAX);
    if (!tables_type_parse(type, &c.type))
        return err_set(err, RC_INVALID, "column " STR_FMT ": \"" STR_FMT "\" is no type", STR_ARG(c.name),
                       STR_ARG(type));
    *out = c;
    return RC_OK;
}

static bool has_column(const struct tables_column *columns, size_t n, str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(columns[i].name, name))
            return true;
    return false;
}

/* TimeGenerated first, and the two that every table has. `columns` has room for three more. */
static void complete(struct tables_column *columns, size_t *n)
{
    static const struct tables_column TIME = { .name = STR_INIT("TimeGenerated"), .type = TABLES_DATETIME };
    static const struct tables_column EXTRA = { .name = STR_INIT("AdditionalFields"),
                                                .type = TABLES_DYNAMIC };
    static const struct tables_column INGESTED = { .name = STR_INIT("_IngestionTime"),
                                                   .type = TABLES_DATETIME };
    struct tables_column              first = TIME;
    size_t                            at = *n;

    for (size_t i = 0; i < *n; i++) {
        if (str_eq(columns[i].name, TIME.name)) {
            first = columns[i];
            at = i;
        }
    }
    *n += at == *n;
    memmove(columns + 1, columns, at * sizeof columns[0]);
    columns[0] = first;
    if (!has_column(columns, *n, EXTRA.name))
        columns[(*n)++] = EXTRA;
    if (!has_column(columns, *n, INGESTED.name))
        columns[(*n)++] = INGESTED;
}

static void mark_searched(const struct json *list, struct tables_column *columns, size_t n)
{
    for (uint32_t i = 0; list && list->kind == JSON_ARRAY && i < list->n; i++)
        for (size_t c = 0; c < n; c++)
            if (list->items[i].kind == JSON_STRING && str_eq(columns[c].name, list->items[i].s))
                columns[c].searched = true;
}

static enum rc read_schema(struct tables *t, struct arena *a, const struct json *j, struct err *err)
{
    const struct json   *columns = json_get(j, S("columns"));
    int64_t              days = json_i64(j, S("retentionDays"), 90);
    struct tables_schema s = { .name = json_str(j, S("name"), STR_NONE),
                               .description = json_str(j, S("description"), S("")),
                               .by_day = str_eq(json_str(j, S("partition"), S("month")), S("day")) };

    if (!tables_name_is_valid(s.name))
        return err_set(err, RC_INVALID, "\"" STR_FMT "\" is no name for a table", STR_ARG(s.name));
    if (!columns || columns->kind != JSON_ARRAY || columns->n > TABLES_MAX_COLUMNS)
        return err_set(err, RC_INVALID, "columns: a list of at most %d", TABLES_MAX_COLUMNS);
    if (days < 0 || days > MAX_DAYS)
        return err_set(err, RC_INVALID, "retentionDays is 0 to %d, not %" PRId64, MAX_DAYS, days);
    struct tables_column *list = ARENA_ARRAY(a, struct tables_column, columns->n + 3);
    for (uint32_t i = 0; i < columns->n; i++)
        TRY(read_column(&columns->items[i], &list[i], err));
    s.n_columns = columns->n;
    complete(list, &s.n_columns);
    mark_searched(json_get(j, S("searched")), list, s.n_columns);
    s.columns = list;
    s.retention_days = (unsigned)days;
    tables_schema_put(t, &s);
    return RC_OK;
}

struct loading {
    struct tables *t;
    str            dir;
};

static enum rc load_file(void *ctx, const char *name, struct err *err)
{
    const struct loading *l = ctx;
    AUTO(arena) a = arena_new(16 * MAX_FILE);
    const struct json *j;
    str                text;

    if (!str_ends(str_of(name), S(".json")))
        return RC_OK;
    TRY(file_read(a, arena_printf(a, STR_FMT "/%s", STR_ARG(l->dir), name).p, MAX_FILE, &text, err));
    if (json_parse(a, text, &j, err) != RC_OK || read_schema(l->t, a, j, err) != RC_OK)
        return err_wrap(err, "%s", name);
    return RC_OK;
}

enum rc tables_schema_load(struct tables *t, str dir, struct err *err)
{
    struct loading l = { t, dir };
    char           path[4096];

    if (!str_to_cstr(dir, path, sizeof path))
        return err_set(err, RC_INVALID, "the path of the schemas is too long");
    return file_list(path, load_file, &l, err);
}

/* --- what the engine has --- */

/* Rows of system.columns, gathered table by table. */
struct gathering {
    struct tables *t;
    struct arena  *a; /* reset with each table */
    str            table;
    VEC(struct tables_column) columns;
};

static enum tables_type type_of(str sql, str comment)
{
    enum tables_type type;

    if (tables_type_parse(comment, &type))
        return type;
    if (str_contains(sql, S("DateTime")))
        return TABLES_DATETIME;
    if (str_contains(sql, S("Int")))
        return TABLES_LONG;
    if (str_contains(sql, S("Float")))
        return TABLES_REAL;
    if (str_contains(sql, S("Bool")))
        return TABLES_BOOL;
    return str_contains(sql, S("UUID")) ? TABLES_GUID : TABLES_STRING;
}

/* A table that a file describes is only marked as stored. */
static void gathered(struct gathering *g)
{
    const struct tables_table *known = tables_schema_table(g->t, g->table);
    struct tables_schema       s = {
              .name = g->table, .description = S(""), .custom = true, .by_day = true, .retention_days = CUSTOM_DAYS
    };

    if (g->table.n == 0 || (known && known->schema.stored && !known->schema.custom))
        return;
    if (known && (!known->schema.custom || known->schema.n_columns == g->columns.n)) {
        if (known->schema.stored)
            return;
        s = known->schema;
    } else {
        s.columns = g->columns.p;
        s.n_columns = g->columns.n;
    }
    s.stored = true;
    tables_schema_put(g->t, &s);
}

static enum rc on_column(void *ctx, str line, struct err *err)
{
    struct gathering  *g = ctx;
    const struct json *row;

    TRY(json_parse(g->a, line, &row, err));
    if (row->kind != JSON_ARRAY || row->n != 5)
        return err_set(err, RC_CORRUPT, "system.columns answers in another form than ours");
    const struct json *cell = row->items;
    if (!str_eq(cell[0].s, g->table)) {
        gathered(g);
        vec_clear(&g->columns);
        g->table = cell[0].s;
    }
    if (g->columns.n >= TABLES_MAX_COLUMNS + 3)
        return RC_OK;
    struct tables_column *c = vec_push(&g->columns);
    c->name = cell[1].s;
    c->type = type_of(cell[2].s, cell[3].s);
    c->description = S("");
    c->same_as = str_trim_chars(cell[4].s, S("`"));
    return RC_OK;
}

enum rc tables_schema_refresh(struct tables *t, struct err *err)
{
    AUTO(arena) a = arena_new(256 << 20);
    struct gathering          g = { .t = t, .a = a };
    const struct tables_param database = { S("db"), t->database };
    struct tables_query_opts  opts = { .params = &database, .n_params = 1 };
    const str sql = S("SELECT table, name, type, comment, if(default_kind = 'ALIAS', default_expression, '') "
                      "FROM system.columns WHERE database = {db:String} ORDER BY table, position");

    enum rc rc = tables_query(t, sql, &opts, on_column, &g, err);
    if (rc == RC_OK)
        gathered(&g);
    vec_done(&g.columns);
    if (rc != RC_OK)
        return rc;
    pthread_mutex_lock(&t->lock);
    t->refreshed = env_monotonic_ns(t->env);
    pthread_mutex_unlock(&t->lock);
    return RC_OK;
}

/* --- finding --- */

static const struct tables_schema *find_now(struct tables *t, str name, bool nocase)
{
    pthread_mutex_lock(&t->lock);
    const struct tables_table *table = map_find(nocase ? t->by_name_ci : t->by_name, name);
    pthread_mutex_unlock(&t->lock);
    return table ? &table->schema : NULL;
}

/* Claims the refresh, so that of many threads that miss one asks. */
static bool is_stale(struct tables *t, duration allowed)
{
    int64_t now = env_monotonic_ns(t->env);

    pthread_mutex_lock(&t->lock);
    bool stale = now - t->refreshed > allowed * NS_PER_TICK;
    if (stale)
        t->refreshed = now;
    pthread_mutex_unlock(&t->lock);
    return stale;
}

static const struct tables_schema *find(struct tables *t, str name, bool nocase)
{
    const struct tables_schema *s = find_now(t, name, nocase);

    /* Another process may have made it, or given it a column. An engine that is down changes nothing about
     * what is known. */
    if (is_stale(t, s && s->stored ? REFRESH_EVERY : REFRESH_ON_MISS) &&
        tables_schema_refresh(t, NULL) == RC_OK)
        return find_now(t, name, nocase);
    return s;
}

const struct tables_schema *tables_schema_find(struct tables *t, str name)
{
    return find(t, name, false);
}

const struct tables_schema *tables_schema_find_ci(struct tables *t, str name)
{
    return find(t, name, true);
}

static int by_name(const void *a, const void *b)
{
    const struct tables_schema *const *x = a, *const *y = b;
    return str_cmp((*x)->name, (*y)->name);
}

void tables_schema_each(struct tables *t, void (*visit)(void *ctx, const struct tables_schema *s), void *ctx)
{
    VEC(const struct tables_schema *) all = { 0 };
    struct map_iter it = { 0 };

    if (is_stale(t, REFRESH_EVERY) && tables_schema_refresh(t, NULL) != RC_OK)
        (void)0; /* what is known is shown */
    pthread_mutex_lock(&t->lock);
    while (map_next(t->by_name, &it))
        *vec_push(&all) = &((const struct tables_table *)it.value)->schema;
    pthread_mutex_unlock(&t->lock);
    if (all.n)
        qsort(all.p, all.n, sizeof all.p[0], by_name);
    for (size_t i = 0; i < all.n; i++)
        visit(ctx, all.p[i]);
    vec_done(&all);
}

const struct tables_column *tables_schema_column(const struct tables_schema *s, str name)
{
    for (size_t i = 0; i < s->n_columns; i++)
        if (str_eq(s->columns[i].name, name))
            return &s->columns[i];
    return NULL;
}
