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
