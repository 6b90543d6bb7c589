/* SPDX-License-Identifier: Apache-2.0 */
#include "server/server_rows.h"

#include <pthread.h>
#include <unistd.h>

#include "base/guid.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/queue.h"
#include "tables/tables_batch.h"

enum { ROW_ARENA = 1 << 20, PAUSE_MS = 500, LAST_TRIES = 4 };

struct row {
    char *table, *object;
    ts    time;
    char  token[GUID_TEXT_SIZE]; /* the same at every try: stored once */
};

struct server_rows {
    struct tables    *tables;
    const struct env *env;
    struct queue     *queue;
    pthread_t         thread;
    bool              started;
    pthread_mutex_t   lock; /* closing */
    bool              closing;
};

static struct row *row_free(struct row *r)
{
    mem_free(r->table);
    mem_free(r->object);
    return mem_free(r);
}

static bool is_closing(struct server_rows *s)
{
    pthread_mutex_lock(&s->lock);
    bool closing = s->closing;
    pthread_mutex_unlock(&s->lock);
    return closing;
}

static enum rc send_once(struct server_rows *s, const struct row *r, struct err *err)
{
    AUTO(arena) a = arena_new(ROW_ARENA);
    AUTO(tables_batch) batch = NULL;
    const struct json *object;

    TRY(json_parse(a, str_of(r->object), &object, err));
    TRY(tables_batch_new(s->tables, str_of(r->table), &batch, err));
    TRY(tables_batch_row(batch, object, r->time, err));
    return tables_batch_send(batch, str_of(r->token), env_now(s->env), err);
}

static bool may_pass(enum rc rc)
{
    return rc == RC_UNAVAILABLE || rc == RC_TIMEOUT || rc == RC_BUSY || rc == RC_FULL || rc == RC_IO;
}

static void send_row(struct server_rows *s, const struct row *r)
{
    struct err err;
    enum rc    rc;
    int        last = LAST_TRIES;
    while ((rc = send_once(s, r, &err)) != RC_OK && may_pass(rc)) {
        if (is_closing(s) && --last <= 0)
            break;
        usleep(PAUSE_MS * 1000);
    }
    if (rc != RC_OK)
        log_error(EV_INGEST_DROPPED, F_CSTR("table", r->table), F_INT("rows", 1), F_ERR(&err));
}

static void *sender(void *ctx)
{
    struct server_rows *s = ctx;
    struct row         *r;
    while ((r = queue_pop(s->queue, -1))) {
        send_row(s, r);
        row_free(r);
    }
    return NULL;
}

struct server_rows *server_rows_new(struct tables *tables, const struct env *env)
{
    struct server_rows *s = MEM_NEW(struct server_rows);
    s->tables = tables;
    s->env = env;
    s->queue = queue_new(SERVER_ROWS_MAX);
    pthread_mutex_init(&s->lock, NULL);
    s->started = pthread_create(&s->thread, NULL, sender, s) == 0;
    return s;
}

struct server_rows *server_rows_free(struct server_rows *s)
{
    if (!s)
        return NULL;
    pthread_mutex_lock(&s->lock);
    s->closing = true;
    pthread_mutex_unlock(&s->lock);
    queue_close(s->queue);
    if (s->started)
        pthread_join(s->thread, NULL);
    queue_free(s->queue);
    pthread_mutex_destroy(&s->lock);
    return mem_free(s);
}

void server_rows_add(struct server_rows *s, str table, str object, ts time)
{
    struct row *r = MEM_NEW(struct row);
    r->table = mem_strdup(table);
    r->object = mem_strdup(object);
    r->time = time;
    guid_text(env_guid(s->env), r->token);
    if (queue_push(s->queue, r, 0))
        return;
    log_warn(EV_INGEST_DROPPED, F_STR("table", table), F_INT("rows", 1),
             F_CSTR("error", "too many rows of our own wait for the engine"));
    row_free(r);
}
