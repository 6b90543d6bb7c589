/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/detect_outbox.h"

#include <pthread.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/vec.h"
#include "state/state_stmt.h"

enum { MAX_BATCH_BYTES = 256 << 20, BATCH_BYTES = 16 << 20 };

struct detect_outbox {
    struct state             *state;
    const struct detect_logs *logs;
    pthread_mutex_t           sending;
};

struct batch {
    int64_t number;
    str     table;
    str    *rows;
    size_t  n;
};

struct detect_outbox *detect_outbox_new(struct state *state, const struct detect_logs *logs)
{
    struct detect_outbox *o = MEM_NEW(struct detect_outbox);

    o->state = state;
    o->logs = logs;
    pthread_mutex_init(&o->sending, NULL);
    return o;
}

struct detect_outbox *detect_outbox_free(struct detect_outbox *o)
{
    if (o)
        pthread_mutex_destroy(&o->sending);
    return mem_free(o);
}

enum rc detect_outbox_put(struct state_tx *tx, str table, str row, struct err *err)
{
    return state_stmt_run(tx, "INSERT INTO outbox (table_name, row) VALUES (?, ?)",
                          STATE_ARGS(STATE_S(table), STATE_S(row)), err);
}

/* The batch that was begun first and not finished; NOT_FOUND when there is none. */
static enum rc find_batch(struct state_tx *tx, struct arena *a, struct batch *out, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool row;

    TRY(state_stmt_one(tx,
                       "SELECT batch, table_name, count(*) FROM outbox WHERE batch IS NOT NULL "
                       "GROUP BY batch ORDER BY batch LIMIT 1",
                       STATE_NO_ARGS, &st, err));
    out->number = state_stmt_i64(st, 0);
    out->table = state_stmt_str_in(st, 1, a);
    out->rows = ARENA_ARRAY(a, str, (size_t)state_stmt_i64(st, 2));
    st = state_stmt_done(st);
    TRY(state_stmt_open(tx, "SELECT row FROM outbox WHERE batch = ? ORDER BY seq",
                        STATE_ARGS(STATE_I(out->number)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &row, err));
        if (!row)
            return RC_OK;
        out->rows[out->n++] = state_stmt_str_in(st, 0, a);
    }
}

/* Writes down which rows make the next batch: the oldest ones of the table whose row is oldest of all, as
 * many as fit into a batch; one that is too long for any goes by itself. */
static enum rc begin_batch(struct state_tx *tx, bool *any, struct err *err)
{
    TRY(state_stmt_run(tx,
                       "UPDATE outbox SET batch = (SELECT min(seq) FROM outbox) WHERE seq IN ("
                       " SELECT seq FROM (SELECT seq, sum(length(row)) OVER (ORDER BY seq) AS bytes, "
                       "row_number() OVER (ORDER BY seq)"
                       " AS at FROM (SELECT seq, row FROM outbox WHERE table_name = (SELECT table_name FROM "
                       "outbox ORDER BY seq LIMIT 1)"
                       " ORDER BY seq LIMIT ?1)) WHERE bytes <= ?2 OR at = 1)",
                       STATE_ARGS(STATE_I(DETECT_OUTBOX_BATCH), STATE_I(BATCH_BYTES)), err));
    *any = state_stmt_changed(tx) > 0;
    return RC_OK;
}

static enum rc next_batch(struct detect_outbox *o, struct arena *a, struct batch *out, struct err *err)
{
    AUTO(state_tx) look = NULL, tx = NULL;
    struct err none;
    bool       any;

    TRY(state_tx_read(o->state, &look, err));
    enum rc rc = find_batch(look, a, out, &none);
    look = state_tx_free(look);
    if (rc != RC_NOT_FOUND)
        return rc == RC_OK ? rc : err_set(err, none.rc, "%s", none.text);
    TRY(state_tx_write(o->state, &tx, err));
    TRY(begin_batch(tx, &any, err));
    if (any)
        TRY(find_batch(tx, a, out, err));
    return state_tx_commit(tx, err);
}

static str token_of(struct arena *a, const struct batch *b)
{
    AUTO_STRBUF all = STRBUF_INIT(MAX_BATCH_BYTES);
    char        hex[33];

    for (size_t i = 0; i < b->n; i++)
        strbuf_add(&all, b->rows[i]);
    struct hash_sha256 h = hash_sha256(strbuf_view(&all));
    hash_hex(h.bytes, 16, hex);
    return arena_printf(a, "outbox-%lld-%s", (long long)b->number, hex);
}

static enum rc forget_batch(struct detect_outbox *o, const struct batch *b, struct err *err)
{
    AUTO(state_tx) tx = NULL;

    TRY(state_tx_write(o->state, &tx, err));
    TRY(state_stmt_run(tx, "DELETE FROM outbox WHERE batch = ?", STATE_ARGS(STATE_I(b->number)), err));
    return state_tx_commit(tx, err);
}

static enum rc send_all(struct detect_outbox *o, size_t *sent, struct err *err)
{
    AUTO(arena) a = arena_new(MAX_BATCH_BYTES);

    while (true) {
        struct batch b = { 0 };
        TRY(next_batch(o, a, &b, err));
        if (!b.n)
            return RC_OK;
        TRY(o->logs->append(o->logs->ctx, b.table, b.rows, b.n, token_of(a, &b), err));
        TRY(forget_batch(o, &b, err));
        *sent += b.n;
        arena_reset(a);
    }
}

enum rc detect_outbox_send(struct detect_outbox *o, size_t *sent, struct err *err)
{
    *sent = 0;
    if (!o->logs || !o->logs->append)
        return RC_OK;
    pthread_mutex_lock(&o->sending);
    enum rc rc = send_all(o, sent, err);
    pthread_mutex_unlock(&o->sending);
    return rc;
}

enum rc detect_outbox_count(struct detect_outbox *o, int64_t *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;

    TRY(state_tx_read(o->state, &tx, err));
    TRY(state_stmt_one(tx, "SELECT count(*) FROM outbox", STATE_NO_ARGS, &st, err));
    *out = state_stmt_i64(st, 0);
    return RC_OK;
}
