/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_whatif.h"

#include "posture/posture_judge.h"
#include "posture/posture_select.h"

/* One resource while its rows are read. */
struct walking {
    const struct posture_whatif_fix *fixes;
    size_t                           n;
    struct posture_score            *score;
    size_t                          *fixed;
    int64_t                          resource;
    int                              is[POSTURE_CONTROL_COUNT], was[POSTURE_CONTROL_COUNT];
    bool                             touched;
};

static bool is_planned(const struct walking *w, str definition, str resource)
{
    for (size_t i = 0; i < w->n; i++)
        if (str_eq_ci(w->fixes[i].definition, definition) &&
            posture_select_listed(w->fixes[i].resources, resource))
            return true;
    return false;
}

static int worse(int a, int b)
{
    if (a == POSTURE_UNHEALTHY || b == POSTURE_UNHEALTHY)
        return POSTURE_UNHEALTHY;
    return a == POSTURE_HEALTHY || b == POSTURE_HEALTHY ? POSTURE_HEALTHY : POSTURE_NOT_APPLICABLE;
}

/* The resource is read whole: its counts move where a control's state would. */
static void settle(struct walking *w)
{
    for (int i = 0; w->touched && i < POSTURE_CONTROL_COUNT; i++) {
        struct posture_control_score *c = &w->score->controls[i];
        if (w->was[i] != POSTURE_UNHEALTHY || w->is[i] != POSTURE_HEALTHY || !c->unhealthy)
            continue;
        c->unhealthy--;
        c->healthy++;
    }
    memset(w->is, 0, sizeof w->is);
    memset(w->was, 0, sizeof w->was);
    w->touched = false;
}

static void take(struct walking *w, const struct posture_unit *u, int state, str resource)
{
    int control = u->check->control, then = state;

    if (control < 0 || u->check->preview)
        return;
    if (state == POSTURE_UNHEALTHY && is_planned(w, u->check->name, resource)) {
        then = POSTURE_HEALTHY;
        w->touched = true;
        (*w->fixed)++;
    }
    w->was[control] = worse(w->was[control], state);
    w->is[control] = worse(w->is[control], then);
}

static enum rc walk(struct walking *w, struct state_tx *tx, const struct posture_plan *plan, str subscription,
                    struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool row;

    TRY(state_stmt_open(tx,
                        "SELECT s.unit, s.state, r.key, r.id FROM resources r JOIN posture_states s ON"
                        " s.resource = r.key WHERE r.subscription = ? AND r.gone = 0 ORDER BY r.key",
                        STATE_ARGS(STATE_S(subscription)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &row, err));
        if (!row)
            break;
        const struct posture_unit *u = posture_plan_unit(plan, state_stmt_i64(st, 0));
        if (state_stmt_i64(st, 2) != w->resource)
            settle(w);
        w->resource = state_stmt_i64(st, 2);
        if (u)
            take(w, u, (int)state_stmt_i64(st, 1), state_stmt_str(st, 3));
    }
    settle(w);
    return RC_OK;
}

enum rc posture_whatif_score(struct posture *p, str subscription, const struct posture_whatif_fix *fixes,
                             size_t n, struct posture_score *out, size_t *fixed, struct err *err)
{
    AUTO(snapshot) held = snapshot_get(p->plan);
    AUTO(state_tx) tx = NULL;
    struct walking w = { .fixes = fixes, .n = n, .score = out, .fixed = fixed };

    *fixed = 0;
    TRY(state_tx_read(p->opts.state, &tx, err));
    TRY(posture_score_of(tx, subscription, out, err));
    TRY(walk(&w, tx, snapshot_value(held), subscription, err));
    posture_score_sum(out);
    return RC_OK;
}
