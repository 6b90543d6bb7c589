/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_book.h"

#include <stdlib.h>

#include "base/vec.h"
#include "posture/posture_control.h"
#include "posture/posture_governance.h"
#include "posture/posture_id.h"
#include "posture/posture_record.h"
#include "posture/posture_subrecord.h"

/* A row of posture_states as it stands. */
struct known {
    int64_t unit;
    int     state;
    str     cause, evidence;
};

struct knowns {
    struct known *p;
    size_t        n, cap;
};

static int by_unit(const void *a, const void *b)
{
    const struct posture_finding *x = a, *y = b;
    return (x->unit->key > y->unit->key) - (x->unit->key < y->unit->key);
}

static enum rc read_known(const struct posture_booking *b, struct arena *a, struct knowns *out,
                          struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool row;

    TRY(state_stmt_open(
        b->tx, "SELECT unit, state, cause, evidence FROM posture_states WHERE resource = ? ORDER BY unit",
        STATE_ARGS(STATE_I(b->subject->key)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &row, err));
        if (!row)
            return RC_OK;
        *vec_push_in(a, out) = (struct known) { state_stmt_i64(st, 0), (int)state_stmt_i64(st, 1),
                                                state_stmt_str_in(st, 2, a), state_stmt_str_in(st, 3, a) };
    }
}

/* What a change of the resource did; what a sweep finds is none. */
static enum rc note_event(const struct posture_booking *b, const struct posture_finding *f, struct err *err)
{
    return b->later
               ? RC_OK
               : state_stmt_run(b->tx,
                                "INSERT INTO posture_events (time, resource, unit, state, cause, evidence)"
                                " VALUES (?, ?, ?, ?, ?, ?)",
                                STATE_ARGS(STATE_I(b->now), STATE_I(b->subject->key), STATE_I(f->unit->key),
                                           STATE_I(f->state), STATE_SN(f->cause), STATE_SN(f->evidence)),
                                err);
}

static enum rc insert(const struct posture_booking *b, const struct posture_finding *f, struct err *err)
{
    TRY(state_stmt_run(b->tx, "INSERT INTO posture_states VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                       STATE_ARGS(STATE_I(b->subject->key), STATE_I(f->unit->key), STATE_I(f->state),
                                  STATE_SN(f->cause), STATE_SN(f->evidence), STATE_I(b->now), STATE_I(b->now),
                                  STATE_I(b->later)),
                       err));
    TRY(note_event(b, f, err));
    return b->later ? RC_OK : posture_record_state(b, f, false, err);
}

static enum rc update(const struct posture_booking *b, const struct posture_finding *f,
                      const struct known *was, struct err *err)
{
    bool moved = was->state != (int)f->state;

    TRY(state_stmt_run(b->tx,
                       "UPDATE posture_states SET state = ?3, cause = ?4, evidence = ?5, unlogged = ?8,"
                       " since = CASE WHEN ?6 THEN ?7 ELSE since END WHERE resource = ?1 AND unit = ?2",
                       STATE_ARGS(STATE_I(b->subject->key), STATE_I(f->unit->key), STATE_I(f->state),
                                  STATE_SN(f->cause), STATE_SN(f->evidence), STATE_I(moved), STATE_I(b->now),
                                  STATE_I(b->later)),
                       err));
    if (moved)
        TRY(note_event(b, f, err));
    return b->later ? RC_OK : posture_record_state(b, f, was->state == POSTURE_UNHEALTHY, err);
}

static enum rc forget(const struct posture_booking *b, const struct known *k, struct err *err)
{
    TRY(state_stmt_run(b->tx, "DELETE FROM posture_states WHERE resource = ? AND unit = ?",
                       STATE_ARGS(STATE_I(b->subject->key), STATE_I(k->unit)), err));
    if (!b->p->opts.log)
        return RC_OK;
    return state_stmt_run(
        b->tx,
        "INSERT OR REPLACE INTO posture_gone SELECT ?1, ?2, definition FROM posture_units WHERE key = ?2",
        STATE_ARGS(STATE_I(b->subject->key), STATE_I(k->unit)), err);
}

/* Walks both lists, in order of unit, side by side. */
static enum rc write_states(const struct posture_booking *b, const struct posture_findings *f,
                            const struct knowns *known, bool *changed, struct err *err)
{
    size_t i = 0, k = 0;

    while (i < f->n || k < known->n) {
        const struct posture_finding *now = i < f->n ? &f->p[i] : NULL;
        const struct known           *was = k < known->n ? &known->p[k] : NULL;
        int64_t key = now ? now->unit->key : INT64_MAX, old = was ? was->unit : INT64_MAX;

        i += key <= old;
        k += old <= key;
        if (key < old) {
            TRY(insert(b, now, err));
        } else if (old < key) {
            TRY(forget(b, was, err));
        } else {
            if (was->state == (int)now->state && str_eq(was->cause, now->cause) &&
                str_eq(was->evidence, now->evidence))
                continue;
            TRY(update(b, now, was, err));
        }
        *changed = true;
    }
    return RC_OK;
}

/* --- the controls that it counts in --- */

/* Unhealthy beats healthy beats the rest: it is healthy in a control only when it passes all of it. */
static int worse(int a, int b)
{
    if (a == POSTURE_UNHEALTHY || b == POSTURE_UNHEALTHY)
        return POSTURE_UNHEALTHY;
    if (a == POSTURE_HEALTHY || b == POSTURE_HEALTHY)
        return POSTURE_HEALTHY;
    return POSTURE_NOT_APPLICABLE;
}

/* Since when it is unhealthy: a grace period runs from there. */
static enum rc in_grace(const struct posture_booking *b, const struct posture_finding *f, bool *out,
                        struct err *err)
{
    AUTO(state_stmt) st = NULL;
    AUTO(snapshot) held = snapshot_get(b->p->tree);

    TRY(state_stmt_one(b->tx, "SELECT since FROM posture_states WHERE resource = ? AND unit = ?",
                       STATE_ARGS(STATE_I(b->subject->key), STATE_I(f->unit->key)), &st, err));
    const struct posture_charge x = { f->unit->check, b->subject->id, b->subject->document,
                                      state_stmt_i64(st, 0), b->now };
    *out = posture_governance_find(b->plan, snapshot_value(held), &x).in_grace;
    return RC_OK;
}

static enum rc find_members(const struct posture_booking *b, const struct posture_findings *f, int *members,
                            struct err *err)
{
    for (size_t i = 0; i < f->n; i++) {
        const struct posture_check *c = f->p[i].unit->check;
        int                         state = (int)f->p[i].state;
        bool                        grace = false;
        if (c->control < 0 || c->preview)
            continue;
        if (state == POSTURE_UNHEALTHY && b->plan->grace)
            TRY(in_grace(b, &f->p[i], &grace, err));
        members[c->control] = worse(members[c->control], grace ? POSTURE_NOT_APPLICABLE : state);
    }
    return RC_OK;
}

static enum rc read_members(const struct posture_booking *b, int *members, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool row;

    TRY(state_stmt_open(b->tx, "SELECT control, state FROM posture_members WHERE resource = ?",
                        STATE_ARGS(STATE_I(b->subject->key)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &row, err));
        if (!row)
            return RC_OK;
        if (state_stmt_i64(st, 0) < POSTURE_CONTROL_COUNT)
            members[state_stmt_i64(st, 0)] = (int)state_stmt_i64(st, 1);
    }
}

static enum rc count(const struct posture_booking *b, int control, int state, int by, struct err *err)
{
    return state_stmt_run(b->tx,
                          "INSERT INTO posture_counts VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
                          " healthy = healthy + excluded.healthy, unhealthy = unhealthy + excluded.unhealthy,"
                          " other = other + excluded.other",
                          STATE_ARGS(STATE_S(posture_id_name(posture_id_subscription(b->subject->id))),
                                     STATE_I(control), STATE_I(state == POSTURE_HEALTHY ? by : 0),
                                     STATE_I(state == POSTURE_UNHEALTHY ? by : 0),
                                     STATE_I(state == POSTURE_NOT_APPLICABLE ? by : 0)),
                          err);
}

static enum rc move_member(const struct posture_booking *b, int control, int was, int is, struct err *err)
{
    if (was)
        TRY(count(b, control, was, -1, err));
    if (!is)
        return state_stmt_run(b->tx, "DELETE FROM posture_members WHERE resource = ? AND control = ?",
                              STATE_ARGS(STATE_I(b->subject->key), STATE_I(control)), err);
    TRY(count(b, control, is, 1, err));
    return state_stmt_run(
        b->tx,
        "INSERT INTO posture_members VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET state = excluded.state",
        STATE_ARGS(STATE_I(control), STATE_I(b->subject->key), STATE_I(is)), err);
}

static enum rc write_members(const struct posture_booking *b, const struct posture_findings *f,
                             struct err *err)
{
    int was[POSTURE_CONTROL_COUNT] = { 0 }, is[POSTURE_CONTROL_COUNT] = { 0 };

    TRY(find_members(b, f, is, err));
    TRY(read_members(b, was, err));
    for (int i = 0; i < POSTURE_CONTROL_COUNT; i++)
        if (was[i] != is[i])
            TRY(move_member(b, i, was[i], is[i], err));
    return RC_OK;
}

/* Rows of unhealthy verdicts carry the risk: a change of it is told with them. */
static enum rc write_risk(const struct posture_booking *b, struct arena *a, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    const struct posture_risk *r = b->risk;
    bool                       row;

    TRY(state_stmt_open(b->tx, "SELECT points, present, factors FROM posture_risks WHERE resource = ?",
                        STATE_ARGS(STATE_I(b->subject->key)), &st, err));
    TRY(state_stmt_next(st, &row, err));
    struct posture_risk was = row ? posture_risk_row(st, 0, a) : (struct posture_risk) { 0 };
    st = state_stmt_done(st);
    if (was.known == r->known && str_eq(was.factors, r->factors))
        return RC_OK;
    if (r->known)
        TRY(state_stmt_run(b->tx, "INSERT OR REPLACE INTO posture_risks VALUES (?, ?, ?, ?)",
                           STATE_ARGS(STATE_I(b->subject->key), STATE_I(r->points), STATE_I(r->present),
                                      STATE_S(r->factors)),
                           err));
    else
        TRY(state_stmt_run(b->tx, "DELETE FROM posture_risks WHERE resource = ?",
                           STATE_ARGS(STATE_I(b->subject->key)), err));
    posture_rows_wait(b->p);
    return state_stmt_run(b->tx, "UPDATE posture_states SET unlogged = 1 WHERE resource = ? AND state = ?",
                          STATE_ARGS(STATE_I(b->subject->key), STATE_I(POSTURE_UNHEALTHY)), err);
}

enum rc posture_book_apply(const struct posture_booking *b, struct posture_findings *findings,
                           struct arena *a, bool *changed, struct err *err)
{
    struct knowns known = { 0 };
    bool          any = false;

    if (findings->n)
        qsort(findings->p, findings->n, sizeof findings->p[0], by_unit);
    TRY(write_risk(b, a, err));
    TRY(read_known(b, a, &known, err));
    TRY(write_states(b, findings, &known, &any, err));
    TRY(write_members(b, findings, err));
    TRY(posture_subrecord_mark(b, findings, any, err));
    *changed |= any;
    return RC_OK;
}

enum rc posture_book_recount(struct state_tx *tx, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool row;

    TRY(state_stmt_open(
        tx,
        "SELECT subscription, control FROM (SELECT r.subscription, m.control, sum(m.state = 1) AS h,"
        " sum(m.state = 2) AS u, sum(m.state = 4) AS o FROM posture_members m JOIN resources r ON r.key = "
        "m.resource"
        " GROUP BY r.subscription COLLATE NOCASE, m.control UNION ALL SELECT subscription, control, "
        "-healthy, -unhealthy,"
        " -other FROM posture_counts) GROUP BY subscription COLLATE NOCASE, control"
        " HAVING sum(h) <> 0 OR sum(u) <> 0 OR sum(o) <> 0",
        STATE_NO_ARGS, &st, err));
    TRY(state_stmt_next(st, &row, err));
    if (row)
        return err_set(err, RC_CORRUPT,
                       "the counts of control " STR_FMT " in subscription '" STR_FMT "' are off",
                       STR_ARG(POSTURE_CONTROLS[state_stmt_i64(st, 1)].name), STR_ARG(state_stmt_str(st, 0)));
    return RC_OK;
}
