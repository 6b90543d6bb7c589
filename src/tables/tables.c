/* SPDX-License-Identifier: Apache-2.0 */
#include "tables/tables.h"

#include <ctype.h>
#include <unistd.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/sql.h"
#include "tables/tables_priv.h"

enum { MAX_MEMORY = 512 << 20, PING_MS = 20 };

#define DDL_WAIT MINUTES(2)

bool tables_name_is_valid(str name)
{
    if (name.n == 0 || name.n > TABLES_NAME_MAX || isdigit((unsigned char)name.p[0]))
        return false;
    for (size_t i = 0; i < name.n; i++)
        if (!isalnum((unsigned char)name.p[i]) && name.p[i] != '_')
            return false;
    return true;
}

/* --- opening --- */

enum rc tables_open(const struct tables_opts *opts, struct tables **out, struct err *err)
{
    AUTO(tables) t = MEM_NEW(struct tables);
    const struct http_client_opts client = { .url = opts->url,
                                             .unix_socket = opts->unix_socket,
                                             .ca_file = opts->ca_file };

    pthread_mutex_init(&t->lock, NULL);
    pthread_mutex_init(&t->making, NULL);
    t->remote = opts->url.n > 0;
    t->env = opts->env ? opts->env : env_real();
    t->arena = arena_new(MAX_MEMORY);
    t->by_name = map_new(MAP_CASE);
    t->by_name_ci = map_new(MAP_NOCASE);
    t->database = arena_str(t->arena, opts->database.n ? opts->database : S("law"));
    t->user = arena_str(t->arena, opts->user);
    t->password = arena_str(t->arena, opts->password);
    TRY(http_client_new(&client, &t->client, err));
    if (opts->schemas_dir.n)
        TRY(tables_schema_load(t, opts->schemas_dir, err));
    *out = TAKE(t);
    return RC_OK;
}

struct tables *tables_close(struct tables *t)
{
    if (!t)
        return NULL;
    http_client_free(t->client);
    map_free(t->by_name);
    map_free(t->by_name_ci);
    arena_free(t->arena);
    pthread_mutex_destroy(&t->lock);
    pthread_mutex_destroy(&t->making);
    return mem_free(t);
}

static enum rc ping(struct tables *t, struct err *err)
{
    AUTO(arena) a = arena_new(1 << 20);
    const struct http_call call = { .target = S("/ping"), .wait = SECONDS(5) };
    struct http_reply      reply;

    TRY(http_client_call(t->client, &call, a, &reply, err));
    if (reply.status != 200)
        return err_set(err, RC_UNAVAILABLE, "the log store answers %d", reply.status);
    return RC_OK;
}

/* --- statements --- */

static enum rc swallow(struct http_exchange *x, struct err *err)
{
    char   buf[4096];
    size_t n;

    do
        TRY(http_exchange_read(x, buf, sizeof buf, &n, err));
    while (n);
    return RC_OK;
}

enum rc tables_exec(struct tables *t, str sql, struct err *err)
{
    AUTO(http_exchange) x = NULL;
    const struct tables_call call = { .sql = sql, .wait = DDL_WAIT };
    struct http_reply        head;

    TRY(tables_call_open(t, &call, &x, err));
    TRY(tables_call_finish(x, &head, err));
    return swallow(x, err);
}

enum rc tables_cancel(struct tables *t, str query_id, struct err *err)
{
    AUTO_STRBUF sql = STRBUF_INIT(4096);

    strbuf_addz(&sql, "KILL QUERY WHERE query_id = ");
    sql_text(&sql, query_id);
    strbuf_addz(&sql, " ASYNC");
    TRY(strbuf_ok(&sql, "the id of a query", err));
    return tables_exec(t, strbuf_view(&sql), err);
}

enum rc tables_query(struct tables *t, str sql, const struct tables_query_opts *opts,
                     enum rc (*row)(void *ctx, str line, struct err *err), void *ctx, struct err *err)
{
    AUTO(tables_cursor) c = NULL;
    str line;

    TRY(tables_cursor_open(t, sql, opts, &c, err));
    for (;;) {
        TRY(tables_cursor_line(c, &line, err));
        if (!line.p)
            return RC_OK;
        TRY(row(ctx, line, err));
    }
}

enum rc tables_query_all(struct tables *t, str sql, const struct tables_query_opts *opts, size_t max,
                         struct arena *arena, str *out, struct err *err)
{
    AUTO(tables_cursor) c = NULL;
    AUTO_STRBUF all = STRBUF_INIT(max);
    str         piece;

    TRY(tables_cursor_open(t, sql, opts, &c, err));
    do {
        TRY(tables_cursor_piece(c, &piece, err));
        strbuf_add(&all, piece);
        TRY(strbuf_ok(&all, "the result", err));
    } while (piece.n);
    *out = arena_str(arena, strbuf_view(&all));
    return out->p ? RC_OK : err_set(err, RC_LIMIT, "the result of %zu bytes has no room in its arena", all.n);
}

/* --- making and changing tables --- */

static enum rc create(struct tables *t, const struct tables_schema *s, struct err *err)
{
    AUTO_STRBUF sql = STRBUF_INIT(TABLES_MAX_SQL);

    tables_ddl_create(&sql, t->database, s);
    TRY(strbuf_ok(&sql, "the definition of a table", err));
    return tables_exec(t, strbuf_view(&sql), err);
}

static enum rc ensure_locked(struct tables *t, str name, struct err *err)
{
    const struct tables_table *table = tables_schema_table(t, name);

    if (!table)
        return err_set(err, RC_NOT_FOUND, "there is no table " STR_FMT, STR_ARG(name));
    if (table->schema.stored)
        return RC_OK;
    TRY(create(t, &table->schema, err));
    struct tables_schema stored = table->schema;
    stored.stored = true;
    tables_schema_put(t, &stored);
    return RC_OK;
}

enum rc tables_ensure(struct tables *t, str name, struct err *err)
{
    const struct tables_table *table = tables_schema_table(t, name);

    if (table && table->schema.stored)
        return RC_OK;
    pthread_mutex_lock(&t->making);
    enum rc rc = ensure_locked(t, name, err);
    pthread_mutex_unlock(&t->making);
    return rc == RC_OK ? RC_OK : err_wrap(err, "table " STR_FMT, STR_ARG(name));
}

enum rc tables_retention_set(struct tables *t, str name, unsigned days, struct err *err)
{
    AUTO_STRBUF sql = STRBUF_INIT(4096);

    TRY(tables_ensure(t, name, err));
    strbuf_addz(&sql, "ALTER TABLE ");
    sql_name(&sql, t->database);
    strbuf_addc(&sql, '.');
    sql_name(&sql, name);
    if (days) {
        strbuf_addz(&sql, " MODIFY TTL ");
        tables_ddl_ttl(&sql, days);
    } else {
        strbuf_addz(&sql, " REMOVE TTL");
    }
    TRY(tables_exec(t, strbuf_view(&sql), err));
    struct tables_schema changed = tables_schema_table(t, name)->schema;
    changed.retention_days = days;
    tables_schema_put(t, &changed);
    return RC_OK;
}

/* What the files have gained since the tables were made: one ALTER a table, from one question for all. */
static enum rc on_names(void *ctx, str line, struct err *err);

struct upgrade {
    struct tables *t;
    struct arena  *a;
};

static enum rc add_missing(struct tables *t, const struct tables_schema *s, const struct json *names,
                           struct err *err)
{
    AUTO_STRBUF sql = STRBUF_INIT(TABLES_MAX_SQL);
    AUTO(map) there = map_new(MAP_CASE);
    bool any = false;

    for (uint32_t i = 0; i < names->n; i++)
        map_put(there, names->items[i].s, t);
    strbuf_addz(&sql, "ALTER TABLE ");
    sql_name(&sql, t->database);
    strbuf_addc(&sql, '.');
    sql_name(&sql, s->name);
    for (size_t i = 0; i < s->n_columns; i++) {
        if (map_has(there, s->columns[i].name))
            continue;
        strbuf_addz(&sql, any ? ", ADD COLUMN IF NOT EXISTS " : " ADD COLUMN IF NOT EXISTS ");
        tables_ddl_column(&sql, s, &s->columns[i]);
        any = true;
    }
    return any ? tables_exec(t, strbuf_view(&sql), err) : RC_OK;
}

static enum rc on_names(void *ctx, str line, struct err *err)
{
    struct upgrade    *u = ctx;
    const struct json *row;

    TRY(json_parse(u->a, line, &row, err));
    if (row->kind != JSON_ARRAY || row->n != 2 || row->items[1].kind != JSON_ARRAY)
        return err_set(err, RC_CORRUPT, "system.columns answers in another form than ours");
    const struct tables_table *table = tables_schema_table(u->t, row->items[0].s);
    return table && !table->schema.custom ? add_missing(u->t, &table->schema, &row->items[1], err) : RC_OK;
}

static enum rc upgrade(struct tables *t, struct err *err)
{
    AUTO(arena) a = arena_new(256 << 20);
    struct upgrade            u = { t, a };
    const struct tables_param database = { S("db"), t->database };
    struct tables_query_opts  opts = { .params = &database, .n_params = 1 };

    return tables_query(
        t,
        S("SELECT table, groupArray(name) FROM system.columns WHERE database = {db:String} GROUP BY table"),
        &opts, on_names, &u, err);
}

enum rc tables_ready(struct tables *t, duration wait, struct err *err)
{
    int64_t     until = env_monotonic_ns(t->env) + wait * 100;
    AUTO_STRBUF sql = STRBUF_INIT(4096);

    while (ping(t, err) != RC_OK) {
        if (env_monotonic_ns(t->env) > until)
            return err_wrap(err, "the log store does not answer");
        usleep(PING_MS * 1000);
    }
    strbuf_addz(&sql, "CREATE DATABASE IF NOT EXISTS ");
    sql_name(&sql, t->database);
    TRY(tables_exec(t, strbuf_view(&sql), err));
    TRY(upgrade(t, err));
    return tables_schema_refresh(t, err);
}
