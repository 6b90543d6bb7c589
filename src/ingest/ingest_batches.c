/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest_batches.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "base/hash.h"
#include "base/log.h"
#include "base/vec.h"
#include "tables/tables_batch.h"

enum {
    TOKEN_SIZE = 33,
    SENDERS = 3 /* at the end of a unit: a commit waits for the disk more than it works */
};

struct part {
    struct tables_batch *batch;
    uint64_t             rows;  /* of the unit */
    unsigned             sent;  /* batches of it so far: the number in the token */
    size_t               bytes; /* of the rows waiting, as last seen */
};

struct ingest_batches {
    struct ingest_core *core;
    char               *token;
    size_t              max_bytes, bytes;
    VEC(struct part) parts;
    size_t last; /* the part of the row before: rows of one table come in runs */
};

struct ingest_batches *ingest_batches_new(struct ingest_core *core, str token, size_t max_bytes)
{
    struct ingest_batches *b = MEM_NEW(struct ingest_batches);

    b->core = core;
    b->token = mem_strdup(token);
    b->max_bytes = max_bytes;
    return b;
}

struct ingest_batches *ingest_batches_free(struct ingest_batches *b)
{
    if (!b)
        return NULL;
    for (size_t i = 0; i < b->parts.n; i++)
        tables_batch_free(b->parts.p[i].batch);
    vec_done(&b->parts);
    mem_free(b->token);
    return mem_free(b);
}

static void batch_token(const struct ingest_batches *b, const struct part *p, char out[TOKEN_SIZE])
{
    AUTO_STRBUF        text = STRBUF_INIT(4096);
    struct hash_sha256 sum;

    strbuf_addz(&text, b->token);
    strbuf_addc(&text, '\n');
    strbuf_add(&text, tables_batch_table(p->batch));
    strbuf_addf(&text, "\n%u", p->sent);
    sum = hash_sha256(strbuf_view(&text));
    hash_hex(sum.bytes, (TOKEN_SIZE - 1) / 2, out);
}

static bool may_pass(enum rc rc)
{
    return rc == RC_UNAVAILABLE || rc == RC_TIMEOUT || rc == RC_BUSY;
}

static void pause_for(int64_t nanos)
{
    struct timespec t = { .tv_sec = nanos / 1000000000, .tv_nsec = nanos % 1000000000 };

    nanosleep(&t, NULL);
}

/* An engine that is away for a moment (it is restarted within seconds) is waited for; the token makes it safe
 * to send again what may have arrived. */
static enum rc send_patiently(struct ingest_batches *b, struct part *p, ts ingested, struct err *err)
{
    char    token[TOKEN_SIZE];
    int64_t until = env_monotonic_ns(b->core->env) + b->core->engine_patience * 100;
    int64_t nap = 20 * 1000000;

    batch_token(b, p, token);
    for (;;) {
        enum rc rc = tables_batch_send(p->batch, str_of(token), ingested, err);

        if (!may_pass(rc))
            return rc;
        ingest_stats_engine(b->core->stats, rc != RC_UNAVAILABLE);
        if (ingest_core_stopping(b->core) || env_monotonic_ns(b->core->env) + nap > until)
            return rc;
        ingest_stats_add(b->core->stats, INGEST_STATS_BATCH_RETRIES, 1);
        log_warn(EV_TABLES_RETRY, F_STR("table", tables_batch_table(p->batch)), F_CSTR("error", err->text));
        pause_for(nap);
        nap = nap < 500 * 1000000 ? nap * 2 : nap;
    }
}

static enum rc send_part(struct ingest_batches *b, struct part *p, struct err *err)
{
    ts      ingested = ingest_flight_start(b->core->flight);
    int64_t began = env_monotonic_ns(b->core->env);
    enum rc rc = send_patiently(b, p, ingested, err);

    if (may_pass(rc))
        ingest_flight_lose(b->core->flight, ingested);
    else
        ingest_flight_end(b->core->flight, ingested);
    if (rc != RC_OK)
        return rc;
    ingest_stats_rows(b->core->stats, tables_batch_table(p->batch), tables_batch_rows(p->batch),
                      (env_monotonic_ns(b->core->env) - began) / 100);
    tables_batch_clear(p->batch);
    p->sent++;
    return RC_OK;
}

static enum rc send_for_room(struct ingest_batches *b, struct part *p, struct err *err)
{
    TRY(send_part(b, p, err));
    b->bytes -= p->bytes;
    p->bytes = 0;
    return RC_OK;
}

static enum rc part_find(struct ingest_batches *b, str table, struct part **out, struct err *err)
{
    struct tables_batch *batch;

    if (b->last < b->parts.n && str_eq(tables_batch_table(b->parts.p[b->last].batch), table)) {
        *out = &b->parts.p[b->last];
        return RC_OK;
    }
    for (b->last = 0; b->last < b->parts.n; b->last++) {
        if (str_eq(tables_batch_table(b->parts.p[b->last].batch), table)) {
            *out = &b->parts.p[b->last];
            return RC_OK;
        }
    }
    if (b->parts.n == INGEST_BATCHES_TABLES)
        return err_set(err, RC_LIMIT, "one request names more than %d tables", INGEST_BATCHES_TABLES);
    TRY(tables_batch_new(b->core->tables, table, &batch, err));
    *vec_push(&b->parts) = (struct part) { .batch = batch };
    *out = &vec_last(&b->parts);
    return RC_OK;
}

static struct part *largest(struct ingest_batches *b)
{
    struct part *p = &b->parts.p[0];

    for (size_t i = 1; i < b->parts.n; i++) {
        if (b->parts.p[i].bytes > p->bytes)
            p = &b->parts.p[i];
    }
    return p;
}

bool ingest_batches_is_row_error(enum rc rc)
{
    return rc == RC_NOT_FOUND || rc == RC_INVALID || rc == RC_LIMIT;
}

/* An engine that says "limit" of a whole batch must not look like a row that is too large. */
static enum rc as_engine_error(enum rc rc, struct err *err)
{
    if (!ingest_batches_is_row_error(rc))
        return rc;
    if (err)
        err->rc = RC_INTERNAL;
    return RC_INTERNAL;
}

enum rc ingest_batches_row(struct ingest_batches *b, const struct ingest_row *row, struct err *err)
{
    struct json  object = ingest_row_object(row);
    struct part *p = NULL;
    size_t       bytes;
    enum rc      rc;

    TRY(part_find(b, row->table, &p, err));
    rc = tables_batch_row(p->batch, &object, row->time, err);
    if (rc == RC_LIMIT && tables_batch_rows(p->batch) > 0) {
        rc = send_for_room(b, p, err);
        if (rc != RC_OK)
            return as_engine_error(rc, err);
        rc = tables_batch_row(p->batch, &object, row->time, err);
    }
    if (rc != RC_OK)
        return rc;
    p->rows++;
    bytes = tables_batch_bytes(p->batch);
    b->bytes += bytes - p->bytes;
    p->bytes = bytes;
    if (tables_batch_rows(p->batch) >= INGEST_BATCHES_ROWS)
        return as_engine_error(send_for_room(b, p, err), err);
    if (b->bytes > b->max_bytes)
        return as_engine_error(send_for_room(b, largest(b), err), err);
    return RC_OK;
}

/* One of the threads that share the batches of a finished unit. Each stops at its first failure. */
struct sender {
    struct ingest_batches *b;
    atomic_size_t         *next;
    enum rc                rc;
    struct err             err;
};

static void *send_rest(void *ctx)
{
    struct sender *s = ctx;
    size_t         i;

    while (s->rc == RC_OK && (i = atomic_fetch_add(s->next, 1)) < s->b->parts.n)
        if (tables_batch_rows(s->b->parts.p[i].batch) > 0)
            s->rc = send_part(s->b, &s->b->parts.p[i], &s->err);
    return NULL;
}

enum rc ingest_batches_finish(struct ingest_batches *b, struct err *err)
{
    atomic_size_t next = 0;
    struct sender all[SENDERS];
    pthread_t     threads[SENDERS - 1];
    size_t        n = 0;

    for (size_t i = 0; i < SENDERS; i++)
        all[i] = (struct sender) { .b = b, .next = &next };
    while (n + 1 < SENDERS && n + 1 < b->parts.n &&
           pthread_create(&threads[n], NULL, send_rest, &all[n]) == 0)
        n++;
    send_rest(&all[n]);
    for (size_t i = 0; i < n; i++)
        pthread_join(threads[i], NULL);
    for (size_t i = 0; i <= n; i++) {
        if (all[i].rc == RC_OK)
            continue;
        if (err)
            *err = all[i].err;
        return all[i].rc;
    }
    for (size_t i = 0; i < b->parts.n; i++)
        b->parts.p[i].bytes = 0;
    b->bytes = 0;
    return RC_OK;
}

size_t ingest_batches_count(const struct ingest_batches *b)
{
    return b->parts.n;
}

str ingest_batches_table(const struct ingest_batches *b, size_t i, uint64_t *rows)
{
    *rows = b->parts.p[i].rows;
    return tables_batch_table(b->parts.p[i].batch);
}
