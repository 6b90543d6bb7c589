/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_score.h"

#include <math.h>

#include "base/vec.h"
#include "posture/posture_id.h"
#include "posture/posture_score_record.h"

/* A step of history: less than this is no move, but a day without a point gets one. */
#define LEAST_MOVE 0.0001

struct posture_control_score posture_score_control(int max, int64_t healthy, int64_t unhealthy, int64_t other)
{
    double each = healthy + unhealthy ? (double)max / (double)(healthy + unhealthy) : 0;

    return (struct posture_control_score) { .healthy = healthy,
                                            .unhealthy = unhealthy,
                                            .other = other,
                                            .current = each * (double)healthy,
                                            .potential = each * (double)unhealthy };
}

void posture_score_sum(struct posture_score *s)
{
    s->current = s->max = 0;
    s->weight = 0;
    for (int i = 0; i < POSTURE_CONTROL_COUNT; i++) {
        struct posture_control_score *c = &s->controls[i];
        *c = posture_score_control(POSTURE_CONTROLS[i].max, c->healthy, c->unhealthy, c->other);
        if (c->healthy + c->unhealthy)
            s->max += POSTURE_CONTROLS[i].max;
        s->current += c->current;
        s->weight += c->healthy + c->unhealthy;
    }
    s->percentage = s->max > 0 ? s->current / s->max : 0;
}

double posture_score_mean(const double *shares, const int64_t *weights, size_t n)
{
    double sum = 0, weight = 0;

    for (size_t i = 0; i < n; i++) {
        sum += shares[i] * (double)weights[i];
        weight += (double)weights[i];
    }
    return weight > 0 ? sum / weight : 0;
}

enum rc posture_score_of(struct state_tx *tx, str subscription, struct posture_score *out, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool row;

    *out = (struct posture_score) { 0 };
    TRY(state_stmt_open(
        tx, "SELECT control, healthy, unhealthy, other FROM posture_counts WHERE subscription = ?",
        STATE_ARGS(STATE_S(subscription)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &row, err));
        if (!row)
            break;
        int64_t control = state_stmt_i64(st, 0);
        if (control < 0 || control >= POSTURE_CONTROL_COUNT)
            continue;
        out->controls[control].healthy = state_stmt_i64(st, 1);
        out->controls[control].unhealthy = state_stmt_i64(st, 2);
        out->controls[control].other = state_stmt_i64(st, 3);
    }
    posture_score_sum(out);
    return RC_OK;
}

/* The subscriptions at or below a scope, by name. */
static size_t subscriptions(struct posture *p, str scope, struct arena *a, str **out)
{
    AUTO(snapshot) held = snapshot_get(p->tree);
    const struct posture_tree *t = snapshot_value(held);
    size_t                     n = 0;

    *out = ARENA_ARRAY(a, str, posture_tree_count(t) + 1);
    for (size_t i = 0; i < posture_tree_count(t); i++) {
        const struct posture_node *node = posture_tree_at(t, i);
        if (str_eq_ci(node->type, S(POSTURE_TYPE_SUBSCRIPTION)) && posture_tree_covers(t, scope, node->id))
            (*out)[n++] = arena_str(a, node->name);
    }
    return n;
}

enum rc posture_score_scopes(struct posture *p, str scope, struct arena *a, struct posture_score_scope **out,
                             size_t *n, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    str *names;

    *n = subscriptions(p, scope, a, &names);
    *out = ARENA_ARRAY(a, struct posture_score_scope, *n + 1);
    TRY(state_tx_read(p->opts.state, &tx, err));
    for (size_t i = 0; i < *n; i++) {
        (*out)[i].subscription = names[i];
        TRY(posture_score_of(tx, names[i], &(*out)[i].score, err));
    }
    return RC_OK;
}

enum rc posture_score_history(struct posture *p, str subscription, ts from, struct arena *a,
                              struct posture_score_point **out, size_t *n, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    VEC(struct posture_score_point) points = { 0 };
    bool row;

    TRY(state_tx_read(p->opts.state, &tx, err));
    TRY(state_stmt_open(
        tx,
        "SELECT time, current, max, weight FROM posture_scores WHERE subscription = ? AND time >= ?"
        " ORDER BY time",
        STATE_ARGS(STATE_S(subscription), STATE_I(from)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &row, err));
        if (!row)
            break;
        *vec_push_in(a, &points) =
            (struct posture_score_point) { state_stmt_i64(st, 0), state_stmt_double(st, 1),
                                           state_stmt_double(st, 2), state_stmt_i64(st, 3) };
    }
    *out = points.p;
    *n = points.n;
    return RC_OK;
}

static enum rc last_point(struct state_tx *tx, str subscription, struct posture_score_point *out,
                          struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool row;

    *out = (struct posture_score_point) { 0 };
    TRY(state_stmt_open(tx,
                        "SELECT time, current, max, weight FROM posture_scores WHERE subscription = ?"
                        " ORDER BY time DESC LIMIT 1",
                        STATE_ARGS(STATE_S(subscription)), &st, err));
    TRY(state_stmt_next(st, &row, err));
    if (row)
        *out = (struct posture_score_point) { state_stmt_i64(st, 0), state_stmt_double(st, 1),
                                              state_stmt_double(st, 2), state_stmt_i64(st, 3) };
    return RC_OK;
}

static enum rc note_one(struct posture *p, struct state_tx *tx, str subscription, ts now, struct err *err)
{
    struct posture_score       s;
    struct posture_score_point last;

    TRY(posture_score_of(tx, subscription, &s, err));
    TRY(last_point(tx, subscription, &last, err));
    bool moved = fabs(s.current - last.current) >= LEAST_MOVE || fabs(s.max - last.max) >= LEAST_MOVE;
    if (!moved && (!last.time || now - last.time < DAYS(1)) && (last.time || s.weight == 0))
        return RC_OK;
    TRY(state_stmt_run(tx,
                       "INSERT INTO posture_scores VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
                       " current = excluded.current, max = excluded.max, weight = excluded.weight",
                       STATE_ARGS(STATE_S(subscription), STATE_I(now), STATE_D(s.current), STATE_D(s.max),
                                  STATE_I(s.weight)),
                       err));
    return posture_score_record(p, tx, subscription, &s, now, err);
}

enum rc posture_score_note(struct posture *p, struct state_tx *tx, ts now, struct err *err)
{
    AUTO(arena) a = arena_new(1 << 20);
    AUTO(state_stmt) st = NULL;
    VEC(str) names = { 0 };
    bool row;

    TRY(state_stmt_open(tx, "SELECT DISTINCT subscription FROM posture_counts WHERE subscription <> ''",
                        STATE_NO_ARGS, &st, err));
    while (true) {
        TRY(state_stmt_next(st, &row, err));
        if (!row)
            break;
        *vec_push_in(a, &names) = state_stmt_str_in(st, 0, a);
    }
    st = state_stmt_done(st);
    for (size_t i = 0; i < names.n; i++)
        TRY(note_one(p, tx, names.p[i], now, err));
    return RC_OK;
}
