/* SPDX-License-Identifier: Apache-2.0 */
#include "state/state_tx.h"

#include <assert.h>

#include "base/mem.h"
#include "state/state_priv.h"

/* A write begun inside a write of the same thread would wait for itself: our bug, found at once. */
static _Thread_local bool writing;

static struct timespec until(duration wait)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    t.tv_sec += (time_t)(wait / TS_PER_SECOND);
    return t;
}

static struct state_tx *made(struct state *s, struct state_conn *c, bool writes)
{
    struct state_tx *tx = MEM_NEW(struct state_tx);
    *tx = (struct state_tx) { .owner = s, .conn = c, .writes = writes };
    return tx;
}

static struct state_conn *idle_reader(struct state *s)
{
    for (size_t i = 0; i < STATE_READERS; i++)
        if (!s->readers[i].lent)
            return &s->readers[i];
    return NULL;
}

static struct state_conn *borrow_reader(struct state *s)
{
    struct timespec    limit = until(STATE_TX_WAIT);
    struct state_conn *c;

    pthread_mutex_lock(&s->readers_lock);
    while (!(c = idle_reader(s)))
        if (pthread_cond_timedwait(&s->reader_back, &s->readers_lock, &limit) != 0)
            break;
    if (c)
        c->lent = true;
    pthread_mutex_unlock(&s->readers_lock);
    return c;
}

static void give_back(struct state *s, struct state_conn *c)
{
    pthread_mutex_lock(&s->readers_lock);
    c->lent = false;
    pthread_cond_signal(&s->reader_back);
    pthread_mutex_unlock(&s->readers_lock);
}

enum rc state_tx_read(struct state *s, struct state_tx **out, struct err *err)
{
    struct state_conn *c = borrow_reader(s);
    if (!c)
        return err_set(err, RC_UNAVAILABLE, "state: all %d readers are busy", STATE_READERS);
    enum rc rc = state_conn_exec(c, "BEGIN", err);
    if (rc != RC_OK) {
        give_back(s, c);
        return rc;
    }
    *out = made(s, c, false);
    return RC_OK;
}

enum rc state_tx_write(struct state *s, struct state_tx **out, struct err *err)
{
    struct timespec limit = until(STATE_TX_WAIT);

    assert(!writing);
    if (pthread_mutex_timedlock(&s->write_lock, &limit) != 0)
        return err_set(err, RC_UNAVAILABLE, "state: another change takes longer than %d s",
                       (int)(STATE_TX_WAIT / TS_PER_SECOND));
    enum rc rc = state_conn_exec(&s->writer, "BEGIN IMMEDIATE", err);
    if (rc != RC_OK) {
        pthread_mutex_unlock(&s->write_lock);
        return rc;
    }
    writing = true;
    *out = made(s, &s->writer, true);
    return RC_OK;
}

enum rc state_tx_commit(struct state_tx *tx, struct err *err)
{
    assert(!tx->over);
    TRY(state_conn_exec(tx->conn, "COMMIT", err));
    tx->over = true;
    return RC_OK;
}

struct state_tx *state_tx_free(struct state_tx *tx)
{
    if (!tx)
        return NULL;
    if (!tx->over)
        sqlite3_exec(tx->conn->db, "ROLLBACK", NULL, NULL, NULL);
    if (tx->writes) {
        writing = false;
        pthread_mutex_unlock(&tx->owner->write_lock);
    } else {
        give_back(tx->owner, tx->conn);
    }
    return mem_free(tx);
}
