/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_pending.h"

#include "posture/posture_record.h"
#include "posture/posture_subrecord.h"

enum { ROWS_BYTES = 256 << 20 };

/* What a row is made of. */
struct pending {
    int64_t                resource, unit;
    ts                     since;
    struct posture_subject subject;
    str                    location, name;
    struct posture_risk    risk;
    struct posture_finding finding;
};

struct pendings {
    struct pending *p;
    size_t          n, cap;
};

static enum rc read_states(struct state_tx *tx, const struct posture_plan *plan, size_t max, struct arena *a,
                           struct pendings *out, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool row;

    TRY(state_stmt_open(
        tx,
        "SELECT s.resource, s.unit, s.since, s.state, s.cause, s.evidence, r.id, r.type, r.location,"
        " k.points, k.present, k.factors FROM posture_states s JOIN resources r ON r.key = s.resource"
        " LEFT JOIN posture_risks k ON k.resource = s.resource WHERE s.unlogged <> 0 LIMIT ?",
        STATE_ARGS(STATE_I(max)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &row, err));
        if (!row)
            return RC_OK;
        *vec_push_in(a, out) =
            (struct pending) { .resource = state_stmt_i64(st, 0),
                               .unit = state_stmt_i64(st, 1),
                               .since = state_stmt_i64(st, 2),
                               .finding = { .unit = posture_plan_unit(plan, state_stmt_i64(st, 1)),
                                            .state = (enum posture_state)state_stmt_i64(st, 3),
                                            .cause = state_stmt_str_in(st, 4, a),
                                            .evidence = state_stmt_str_in(st, 5, a) },
                               .subject = { .key = state_stmt_i64(st, 0),
                                            .id = state_stmt_str_in(st, 6, a),
                                            .type = state_stmt_str_in(st, 7, a) },
                               .location = state_stmt_str_in(st, 8, a),
                               .risk = posture_risk_row(st, 9, a) };
    }
}

static enum rc log_states(struct posture *p, struct state_tx *tx, const struct posture_plan *plan,
                          const struct pendings *list, struct err *err)
{
    for (size_t i = 0; i < list->n; i++) {
        const struct pending        *x = &list->p[i];
        const struct posture_booking b = { p, tx, plan, &x->subject, x->location, x->since, false, &x->risk };
        if (x->finding.unit) /* else its policy went: the next sweep takes the verdict away */
            TRY(posture_record_state(&b, &x->finding, false, err));
        TRY(state_stmt_run(tx, "UPDATE posture_states SET unlogged = 0 WHERE resource = ? AND unit = ?",
                           STATE_ARGS(STATE_I(x->resource), STATE_I(x->unit)), err));
    }
    return RC_OK;
}

static enum rc read_gone(struct state_tx *tx, size_t max, struct arena *a, struct pendings *out,
                         struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool row;

    TRY(state_stmt_open(tx,
                        "SELECT g.resource, g.unit, g.name, r.id FROM posture_gone g JOIN resources r"
                        " ON r.key = g.resource LIMIT ?",
                        STATE_ARGS(STATE_I(max)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &row, err));
        if (!row)
            return RC_OK;
        *vec_push_in(a, out) = (struct pending) { .resource = state_stmt_i64(st, 0),
                                                  .unit = state_stmt_i64(st, 1),
                                                  .name = state_stmt_str_in(st, 2, a),
                                                  .subject = { .id = state_stmt_str_in(st, 3, a) } };
    }
}

/* Another assignment may judge the same: then the assessment is still there. */
static enum rc is_judged_still(struct state_tx *tx, const struct pending *x, bool *out, struct err *err)
{
    AUTO(state_stmt) st = NULL;

    TRY(state_stmt_open(
        tx,
        "SELECT 1 FROM posture_states s JOIN posture_units u ON u.key = s.unit WHERE s.resource = ?"
        " AND u.definition = ? LIMIT 1",
        STATE_ARGS(STATE_I(x->resource), STATE_S(x->name)), &st, err));
    return state_stmt_next(st, out, err);
}

static enum rc log_gone(struct posture *p, struct state_tx *tx, const struct pendings *list, struct err *err)
{
    bool judged;

    for (size_t i = 0; i < list->n; i++) {
        const struct pending *x = &list->p[i];
        TRY(is_judged_still(tx, x, &judged, err));
        if (!judged)
            TRY(posture_record_gone(p, tx, x->subject.id, x->name, err));
        TRY(state_stmt_run(tx, "DELETE FROM posture_gone WHERE resource = ? AND unit = ?",
                           STATE_ARGS(STATE_I(x->resource), STATE_I(x->unit)), err));
    }
    return RC_OK;
}

static enum rc log_locked(struct posture *p, size_t max, struct arena *a, size_t *n, struct err *err)
{
    AUTO(snapshot) held = snapshot_get(p->plan);
    AUTO(state_tx) tx = NULL;
    struct pendings states = { 0 }, gone = { 0 };
    size_t          due;

    TRY(state_tx_write(p->opts.state, &tx, err));
    TRY(read_gone(tx, max, a, &gone, err));
    TRY(read_states(tx, snapshot_value(held), max, a, &states, err));
    TRY(posture_subrecord_log(p, tx, snapshot_value(held), max, &due, err));
    if (!gone.n && !states.n && !due)
        return RC_OK;
    TRY(log_gone(p, tx, &gone, err));
    TRY(log_states(p, tx, snapshot_value(held), &states, err));
    *n = gone.n + states.n + due;
    return state_tx_commit(tx, err);
}

enum rc posture_pending_log(struct posture *p, size_t max, size_t *n, struct err *err)
{
    AUTO(arena) a = arena_new(ROWS_BYTES);

    *n = 0;
    if (!p->opts.log)
        return RC_OK;
    pthread_mutex_lock(&p->change);
    enum rc rc = log_locked(p, max, a, n, err);
    pthread_mutex_unlock(&p->change);
    return rc;
}
