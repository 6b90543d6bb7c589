/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli_catalog.h"

#include "base/file.h"
#include "base/json.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/sql.h"
#include "kql/kql_value.h"

enum {
    FILE_MAX = 256 << 20,
    MEMORY_MAX = 1 << 30,
    SQL_MAX = 15 << 20,
    ASK_MAX = 4 << 20,
    EXTERNAL_MAX = 16 << 20
};

struct entry {
    struct kql_table   table;
    const struct json *rows; /* NULL when there are none */
    bool               made;
};

struct cli_catalog {
    struct arena  *arena;
    struct map    *entries;
    struct tables *tables;   /* NULL: nobody to ask */
    const char    *external; /* NULL: no folder */
};

struct cli_catalog *cli_catalog_new(void)
{
    struct cli_catalog *c = MEM_NEW(struct cli_catalog);
    c->arena = arena_new(MEMORY_MAX);
    c->entries = map_new_in(c->arena, MAP_CASE);
    return c;
}

struct cli_catalog *cli_catalog_free(struct cli_catalog *c)
{
    if (c)
        arena_free(c->arena);
    return mem_free(c);
}

static enum rc read_object(struct cli_catalog *c, const char *path, const struct json **out, struct err *err)
{
    str text;

    TRY(file_read(c->arena, path, FILE_MAX, &text, err));
    if (json_parse(c->arena, text, out, err) != RC_OK)
        return err_wrap(err, "%s", path);
    if ((*out)->kind != JSON_OBJECT)
        return err_set(err, RC_INVALID, "%s: an object with a member for each table is wanted", path);
    return RC_OK;
}

static enum rc add_table(struct cli_catalog *c, str name, const struct json *columns, struct err *err)
{
    struct entry      *e = ARENA_NEW(c->arena, struct entry);
    struct kql_column *list = ARENA_ARRAY(c->arena, struct kql_column, columns->n + 1);

    for (uint32_t i = 0; i < columns->n; i++) {
        const struct json *pair = &columns->items[i], *column = json_at(pair, 0), *type = json_at(pair, 1);
        if (!column || !type || column->kind != JSON_STRING || type->kind != JSON_STRING)
            return err_set(err, RC_INVALID, STR_FMT ": a column is [name, type]", STR_ARG(name));
        list[i].name = column->s;
        if (!kql_type_parse(type->s, &list[i].type))
            return err_set(err, RC_INVALID, STR_FMT "." STR_FMT ": no type \"" STR_FMT "\"", STR_ARG(name),
                           STR_ARG(column->s), STR_ARG(type->s));
    }
    e->table = (struct kql_table) { name, list, columns->n };
    map_put(c->entries, name, e);
    return RC_OK;
}

enum rc cli_catalog_schema(struct cli_catalog *c, const char *path, struct err *err)
{
    const struct json *file;

    TRY(read_object(c, path, &file, err));
    for (uint32_t i = 0; i < file->n; i++) {
        if (file->members[i].value.kind != JSON_ARRAY)
            return err_set(err, RC_INVALID, "%s: a table is an array of columns", path);
        TRY(add_table(c, file->members[i].key, &file->members[i].value, err));
    }
    return RC_OK;
}

static enum kql_type type_of(str name, const struct json *value)
{
    int64_t t;
    if (str_eq(name, S("TimeGenerated")) || str_eq(name, S("Timestamp")))
        return KQL_DATETIME;
    switch (value->kind) {
    case JSON_BOOL:
        return KQL_BOOL;
    case JSON_INT:
        return KQL_LONG;
    case JSON_DOUBLE:
        return KQL_REAL;
    case JSON_STRING:
        return value->s.n > 18 && ts_parse(value->s, &t) ? KQL_DATETIME : KQL_STRING;
    default:
        return KQL_DYNAMIC;
    }
}

/* Columns of a table without a schema: every member that a row has, of the type of its first value. */
static void infer(struct cli_catalog *c, str name, const struct json *rows)
{
    VEC(struct kql_column) list = { 0 };
    struct map   *seen = map_new_in(c->arena, MAP_CASE);
    struct entry *e = ARENA_NEW(c->arena, struct entry);

    for (uint32_t r = 0; r < rows->n; r++) {
        const struct json *row = &rows->items[r];
        for (uint32_t i = 0; row->kind == JSON_OBJECT && i < row->n; i++) {
            const struct json_member *m = &row->members[i];
            if (map_has(seen, m->key))
                continue;
            map_put(seen, m->key, seen);
            *vec_push_in(c->arena, &list) = (struct kql_column) { m->key, type_of(m->key, &m->value) };
        }
    }
    e->table = (struct kql_table) { name, list.p, list.n };
    map_put(c->entries, name, e);
}

enum rc cli_catalog_data(struct cli_catalog *c, const char *path, struct err *err)
{
    const struct json *file;

    TRY(read_object(c, path, &file, err));
    for (uint32_t i = 0; i < file->n; i++) {
        str name = file->members[i].key;
        if (file->members[i].value.kind != JSON_ARRAY)
            return err_set(err, RC_INVALID, "%s: rows of a table are an array of objects", path);
        if (!map_has(c->entries, name))
            infer(c, name, &file->members[i].value);
        struct entry *e = map_find(c->entries, name);
        e->rows = &file->members[i].value;
    }
    return RC_OK;
}

static const struct kql_table *table_find(void *ctx, str name)
{
    struct cli_catalog *c = ctx;
    struct entry       *e = map_find(c->entries, name);
    return e ? &e->table : NULL;
}

static void table_each(void *ctx, void (*visit)(void *arg, const struct kql_table *t), void *arg)
{
    struct cli_catalog *c = ctx;
    struct map_iter     it = { 0 };
    while (map_next(c->entries, &it))
        visit(arg, &((struct entry *)it.value)->table);
}

const struct json *cli_catalog_rows(struct cli_catalog *c, str table)
{
    struct entry *e = map_find(c->entries, table);
    return e ? e->rows : NULL;
}

struct kql_value cli_catalog_value(struct arena *a, const struct json *j, enum kql_type type)
{
    struct kql_value v;
    AUTO_STRBUF      text = STRBUF_INIT(SQL_MAX);

    if (!j || j->kind == JSON_NULL)
        return kql_value_null(type);
    if (j->kind == JSON_STRING && type != KQL_DYNAMIC)
        strbuf_add(&text, j->s);
    else
        json_print(&text, j, 0);
    str s = arena_str(a, strbuf_view(&text));
    if (type == KQL_STRING)
        return kql_value_string(s);
    if (type == KQL_DYNAMIC)
        return kql_value_dynamic(s);
    return kql_value_parse(a, type, s, &v) ? v : kql_value_null(type);
}

static void add_shape(struct strbuf *sql, const struct kql_table *t)
{
    for (size_t i = 0; i < t->n_columns; i++) {
        strbuf_addz(sql, i > 0 ? ", " : "");
        sql_name(sql, t->columns[i].name);
        strbuf_addc(sql, ' ');
        strbuf_add(sql, kql_type_sql(t->columns[i].type));
    }
}

static enum rc create(struct tables *t, const struct entry *e, struct err *err)
{
    AUTO_STRBUF sql = STRBUF_INIT(SQL_MAX);

    strbuf_addz(&sql, "CREATE TABLE IF NOT EXISTS law.");
    sql_name(&sql, e->table.name);
    strbuf_addz(&sql, " (");
    add_shape(&sql, &e->table);
    strbuf_addz(&sql, e->table.n_columns == 0 ? "`_` String) ENGINE = Memory" : ") ENGINE = Memory");
    TRY(strbuf_ok(&sql, "the statement that makes a table", err));
    return tables_exec(t, strbuf_view(&sql), err);
}

static enum rc fill(struct tables *t, const struct entry *e, struct err *err)
{
    AUTO_STRBUF sql = STRBUF_INIT(SQL_MAX), shape = STRBUF_INIT(SQL_MAX);
    AUTO(arena) a = arena_new(MEMORY_MAX);

    strbuf_addz(&sql, "INSERT INTO law.");
    sql_name(&sql, e->table.name);
    strbuf_addz(&sql, " SELECT * FROM values(");
    add_shape(&shape, &e->table);
    sql_text(&sql, strbuf_view(&shape));
    for (uint32_t r = 0; r < e->rows->n; r++) {
        for (size_t i = 0; i < e->table.n_columns; i++) {
            const struct kql_column *column = &e->table.columns[i];
            struct kql_value         v =
                cli_catalog_value(a, json_get(&e->rows->items[r], column->name), column->type);
            strbuf_addz(&sql, i > 0 ? "," : ",(");
            kql_value_sql(&sql, &v);
        }
        strbuf_addc(&sql, ')');
    }
    strbuf_addc(&sql, ')');
    TRY(strbuf_ok(&sql, "the statement that fills a table", err));
    return tables_exec(t, strbuf_view(&sql), err);
}

static enum rc make_one(struct tables *t, struct entry *e, struct err *err)
{
    if (!e || e->made)
        return RC_OK;
    TRY(create(t, e, err));
    if (e->rows && e->rows->n > 0 && e->table.n_columns > 0)
        TRY(fill(t, e, err));
    e->made = true;
    return RC_OK;
}

size_t cli_catalog_settings(struct tables_param out[CLI_CATALOG_SETTINGS])
{
    size_t n = 0;
    for (const struct kql_setting *k = KQL_SETTINGS; k->name && n < CLI_CATALOG_SETTINGS; k++)
        out[n++] = (struct tables_param) { str_of(k->name), str_of(k->value) };
    return n;
}

static enum rc make_all(struct cli_catalog *c, struct tables *t, const str *names, size_t n, struct err *err)
{
    for (size_t i = 0; i < n; i++)
        TRY(make_one(t, map_find(c->entries, names[i]), err));
    return RC_OK;
}

static enum rc ask(void *ctx, const struct kql_ask *what, struct arena *arena, str *rows, struct err *err)
{
    struct cli_catalog      *c = ctx;
    struct tables_param      list[CLI_CATALOG_SETTINGS];
    struct tables_query_opts opts = { .settings = list, .n_settings = cli_catalog_settings(list) };

    TRY(make_all(c, c->tables, what->tables, what->n_tables, err));
    return tables_query_all(c->tables, what->sql, &opts, ASK_MAX, arena, rows, err);
}

void cli_catalog_ask(struct cli_catalog *c, struct tables *t)
{
    c->tables = t;
}

static enum rc external(void *ctx, str path, struct arena *arena, str *text, struct err *err)
{
    struct cli_catalog *c = ctx;
    return file_read_below(arena, c->external, path, EXTERNAL_MAX, text, err);
}

void cli_catalog_external(struct cli_catalog *c, const char *folder)
{
    c->external = folder;
}

struct kql_catalog cli_catalog_view(struct cli_catalog *c)
{
    return (struct kql_catalog) {
        .ctx = c,
        .table_find = table_find,
        .table_each = table_each,
        .external = c->external ? external : NULL,
        .ask = c->tables ? ask : NULL,
        .ask_ctx = c,
    };
}

enum rc cli_catalog_make(struct cli_catalog *c, struct tables *t, const struct kql_program *p,
                         struct err *err)
{
    return make_all(c, t, p->tables, p->n_tables, err);
}
