/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api_figures.h"

#include <pthread.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/sql.h"
#include "base/strbuf.h"
#include "base/vec.h"

#define FIGURES_LIFE SECONDS(5)
#define HEALTH_LIFE SECONDS(1)

struct api_figures {
    struct tables         *tables;
    struct http_client    *intake;
    const struct env      *env;
    pthread_mutex_t        lock; /* of what follows; held while asking, so that one asks for all */
    struct arena          *arena;
    struct api_figures_all all;
    ts                     made, health_made;
    bool                   engine_ok, intake_ok;
};

struct api_figures *api_figures_new(struct tables *t, struct http_client *intake, const struct env *env)
{
    struct api_figures *f = MEM_NEW(struct api_figures);
    *f = (struct api_figures) { .tables = t, .intake = intake, .env = env, .arena = arena_new(16 << 20) };
    pthread_mutex_init(&f->lock, NULL);
    return f;
}

struct api_figures *api_figures_free(struct api_figures *f)
{
    if (!f)
        return NULL;
    arena_free(f->arena);
    pthread_mutex_destroy(&f->lock);
    return mem_free(f);
}

/* One SELECT a table, all in one statement: the primary key and the partitions make each a look at the last
 * day. */
static void add_select(void *ctx, const struct tables_schema *s)
{
    struct strbuf *sql = ctx;

    if (!s->stored)
        return;
    if (sql->n)
        strbuf_addz(sql, " UNION ALL ");
    strbuf_addz(sql, "SELECT ");
    sql_text(sql, s->name);
    strbuf_addz(sql, " AS t, count() AS n, countIf(_IngestionTime > now64(7) - INTERVAL 1 MINUTE) AS m,"
                     " toString(toUnixTimestamp64Micro(max(_IngestionTime))) AS l FROM law.");
    sql_name(sql, s->name);
    strbuf_addz(sql, " WHERE _IngestionTime > now64(7) - INTERVAL 1 DAY HAVING n > 0");
}

struct gather {
    struct arena *arena;
    VEC(struct api_figures_table) list;
    struct api_figures_all *all;
};

static uint64_t count_of(const struct json *cell)
{
    uint64_t n = 0;
    if (cell && cell->kind == JSON_INT)
        return (uint64_t)cell->i;
    if (cell && cell->kind == JSON_STRING && str_to_u64(cell->s, &n))
        return n;
    return 0;
}

static enum rc take_line(void *ctx, str line, struct err *err)
{
    struct gather     *g = ctx;
    const struct json *row;

    TRY(json_parse(g->arena, line, &row, err));
    if (row->kind != JSON_ARRAY || row->n != 4 || row->items[0].kind != JSON_STRING)
        return err_set(err, RC_CORRUPT, "the engine's figures are of another form");
    const struct api_figures_table t = { .name = row->items[0].s,
                                         .rows_24h = count_of(&row->items[1]),
                                         .rows_minute = count_of(&row->items[2]),
                                         .last_ingested = (ts)count_of(&row->items[3]) * 10 };
    *vec_push_in(g->arena, &g->list) = t;
    g->all->rows_24h += t.rows_24h;
    g->all->rows_minute += t.rows_minute;
    return RC_OK;
}

static int by_name(const void *a, const void *b)
{
    return str_cmp(((const struct api_figures_table *)a)->name, ((const struct api_figures_table *)b)->name);
}

static void ask_engine(struct api_figures *f, struct api_figures_all *all)
{
    AUTO_STRBUF                    sql = STRBUF_INIT(4 << 20);
    struct gather                  g = { .arena = f->arena, .all = all };
    const struct tables_query_opts opts = { .max_time = SECONDS(10), .threads = 1 };

    if (!f->tables)
        return;
    tables_schema_each(f->tables, add_select, &sql);
    if (!sql.n)
        strbuf_addz(&sql, "SELECT '', 0, 0, '0' WHERE 0");
    all->engine_ok =
        !sql.overflow && tables_query(f->tables, strbuf_view(&sql), &opts, take_line, &g, NULL) == RC_OK;
    if (g.list.n)
        qsort(g.list.p, g.list.n, sizeof g.list.p[0], by_name);
    all->tables = g.list.p;
    all->n_tables = g.list.n;
}

static bool ask_intake(struct api_figures *f, const char *target, struct arena *a, str *body)
{
    const struct http_call call = { .target = str_of(target), .wait = SECONDS(2) };
    struct http_reply      reply;

    if (!f->intake || http_client_call(f->intake, &call, a, &reply, NULL) != RC_OK || reply.status != 200)
        return false;
    *body = reply.body;
    return true;
}

static void ask_watermark(struct api_figures *f, struct api_figures_all *all)
{
    str                body = STR_NONE;
    const struct json *j = NULL;

    all->intake_ok = ask_intake(f, "/watermark", f->arena, &body);
    if (all->intake_ok && json_parse(f->arena, body, &j, NULL) == RC_OK)
        ts_parse(json_str(j, S("watermark"), S("")), &all->watermark);
}

static void renew(struct api_figures *f)
{
    ts now = env_now(f->env);

    if (f->made && now - f->made < FIGURES_LIFE && now >= f->made)
        return;
    arena_reset(f->arena);
    f->all = (struct api_figures_all) { 0 };
    ask_engine(f, &f->all);
    ask_watermark(f, &f->all);
    f->made = now;
}

void api_figures_get(struct api_figures *f, struct arena *a, struct api_figures_all *out)
{
    pthread_mutex_lock(&f->lock);
    renew(f);
    struct api_figures_table *copy = ARENA_ARRAY(a, struct api_figures_table, f->all.n_tables + 1);
    for (size_t i = 0; i < f->all.n_tables; i++) {
        copy[i] = f->all.tables[i];
        copy[i].name = arena_str(a, copy[i].name);
    }
    *out = f->all;
    out->tables = copy;
    pthread_mutex_unlock(&f->lock);
}

static enum rc ignore_line(void *ctx, str line, struct err *err)
{
    (void)ctx;
    (void)line;
    (void)err;
    return RC_OK;
}

void api_figures_health(struct api_figures *f, bool *engine_ok, bool *intake_ok)
{
    AUTO(arena) a = arena_new(1 << 20);
    ts  now = env_now(f->env);
    str body;

    pthread_mutex_lock(&f->lock);
    if (!f->health_made || now - f->health_made >= HEALTH_LIFE || now < f->health_made) {
        const struct tables_query_opts opts = { .max_time = SECONDS(5), .threads = 1 };
        f->engine_ok =
            f->tables && tables_query(f->tables, S("SELECT 1"), &opts, ignore_line, NULL, NULL) == RC_OK;
        f->intake_ok = ask_intake(f, "/health", a, &body);
        f->health_made = now;
    }
    *engine_ok = f->engine_ok;
    *intake_ok = f->intake_ok;
    pthread_mutex_unlock(&f->lock);
}
