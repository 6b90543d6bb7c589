/* SPDX-License-Identifier: Apache-2.0 */
#include "access/access_audit.h"

#include "access/access_priv.h"

/* State keeps what an administrator looks up first; SentinelAudit keeps the years. */
#define KEPT DAYS(90)

static enum rc forget_old(struct state_tx *tx, ts now, struct err *err)
{
    if (state_stmt_last_rowid(tx) % 1000 != 0)
        return RC_OK;
    return state_stmt_run(tx, "DELETE FROM audit WHERE time < ?", STATE_ARGS(STATE_I(now - KEPT)), err);
}

enum rc access_audit_put(struct access *a, struct state_tx *tx, const struct access_audit_row *row,
                         struct err *err)
{
    ts now = env_now(a->env);
    TRY(state_stmt_run(
        tx,
        "INSERT INTO audit (time, who_id, who_name, peer, operation, resource, status, description,"
        " correlation) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        STATE_ARGS(STATE_I(row->time ? row->time : now), STATE_S(row->who_id), STATE_S(row->who_name),
                   STATE_S(row->peer), STATE_S(row->operation), STATE_S(row->resource), STATE_S(row->status),
                   STATE_S(row->description), STATE_S(row->correlation)),
        err));
    return forget_old(tx, now, err);
}

void access_audit_tell(struct access *a, const struct access_audit_row *row)
{
    struct access_audit_row told = *row;
    if (!told.time)
        told.time = env_now(a->env);
    if (a->sink.append)
        a->sink.append(a->sink.ctx, &told);
}

enum rc access_audit(struct access *a, const struct access_audit_row *row, struct err *err)
{
    AUTO(state_tx) tx = NULL;

    TRY(state_tx_write(a->state, &tx, err));
    TRY(access_audit_put(a, tx, row, err));
    TRY(state_tx_commit(tx, err));
    access_audit_tell(a, row);
    return RC_OK;
}

static struct access_audit_row row_of(const struct state_stmt *st, struct arena *arena)
{
    return (struct access_audit_row) {
        .time = state_stmt_i64(st, 1),
        .who_id = state_stmt_str_in(st, 2, arena),
        .who_name = state_stmt_str_in(st, 3, arena),
        .peer = state_stmt_str_in(st, 4, arena),
        .operation = state_stmt_str_in(st, 5, arena),
        .resource = state_stmt_str_in(st, 6, arena),
        .status = state_stmt_str_in(st, 7, arena),
        .description = state_stmt_str_in(st, 8, arena),
        .correlation = state_stmt_str_in(st, 9, arena),
    };
}

enum rc access_audit_after(struct access *a, int64_t after, struct arena *arena,
                           struct access_audit_page *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    struct access_audit_row *rows = ARENA_ARRAY(arena, struct access_audit_row, ACCESS_AUDIT_PAGE);
    int64_t                 *ids = ARENA_ARRAY(arena, int64_t, ACCESS_AUDIT_PAGE);
    size_t                   n = 0;

    TRY(state_tx_read(a->state, &tx, err));
    TRY(state_stmt_open(
        tx,
        "SELECT id, time, who_id, who_name, peer, operation, resource, status, description, correlation"
        " FROM audit WHERE id > ? ORDER BY id LIMIT ?",
        STATE_ARGS(STATE_I(after), STATE_I(ACCESS_AUDIT_PAGE)), &st, err));
    for (;; n++) {
        bool row;
        TRY(state_stmt_next(st, &row, err));
        if (!row)
            break;
        ids[n] = state_stmt_i64(st, 0);
        rows[n] = row_of(st, arena);
    }
    *out = (struct access_audit_page) { rows, ids, n };
    return RC_OK;
}
