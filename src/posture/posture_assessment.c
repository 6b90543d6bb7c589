/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_assessment.h"

#include <stdlib.h>

#include "base/vec.h"
#include "posture/posture_governance.h"
#include "posture/posture_id.h"

str posture_severity_name(enum posture_severity s)
{
    return s == POSTURE_HIGH ? S("High") : s == POSTURE_LOW ? S("Low") : S("Medium");
}

static void release(void *p)
{
    snapshot_unref(p);
}

static const void *lend(struct snapshot_slot *slot, struct arena *a)
{
    struct snapshot *held = snapshot_get(slot);
    arena_defer(a, release, held);
    return snapshot_value(held);
}

const struct posture_plan *posture_plan_get(struct posture *p, struct arena *a)
{
    return lend(p->plan, a);
}

const struct posture_tree *posture_tree_get(struct posture *p, struct arena *a)
{
    return lend(p->tree, a);
}

/* Which of two states of the same check stands. */
static int rank(enum posture_state s)
{
    static const int ranks[POSTURE_STATE_COUNT_] = {
        [POSTURE_UNHEALTHY] = 6, [POSTURE_NOT_MEASURED] = 5, [POSTURE_UNATTESTED] = 4,
        [POSTURE_HEALTHY] = 3,   [POSTURE_EXEMPT] = 2,       [POSTURE_NOT_APPLICABLE] = 1
    };
    return ranks[s];
}

static struct posture_assessment read_row(const struct state_stmt *st, const struct posture_unit *u,
                                          struct arena *a)
{
    return (struct posture_assessment) { .unit = u,
                                         .state = (enum posture_state)state_stmt_i64(st, 1),
                                         .cause = state_stmt_str_in(st, 2, a),
                                         .evidence = state_stmt_str_in(st, 3, a),
                                         .first = state_stmt_i64(st, 4),
                                         .since = state_stmt_i64(st, 5),
                                         .resource = state_stmt_i64(st, 6),
                                         .resource_id = state_stmt_str_in(st, 7, a),
                                         .resource_type = state_stmt_str_in(st, 8, a),
                                         .location = state_stmt_str_in(st, 9, a),
                                         .source = state_stmt_str_in(st, 10, a),
                                         .risk = posture_risk_row(st, 13, a) };
}

/* "id|definition": where the page before ended. */
static void split_token(str token, str *id, str *definition)
{
    size_t bar = str_rfind_byte(token, '|');

    *id = bar == STR_NPOS ? STR_NONE : str_slice(token, 0, bar);
    *definition = bar == STR_NPOS ? STR_NONE : str_from(token, bar + 1);
}

static bool is_wanted(const struct posture_assessment_list *l, const struct posture_unit *u)
{
    return u && (l->control < 0 || u->check->control == l->control) &&
           (!l->definition.n || str_eq_ci(l->definition, u->check->name));
}

/* The exact resource when the scope is one: an index does the work; else the subscription or group. */
static enum rc open_list(struct state_tx *tx, const struct posture_assessment_list *l, str after,
                         struct state_stmt **st, struct err *err)
{
    str subscription = posture_id_name(posture_id_subscription(l->scope)),
        group = posture_id_name(posture_id_group(l->scope));

    return state_stmt_open(
        tx,
        "SELECT s.unit, s.state, s.cause, s.evidence, s.first, s.since, r.key, r.id, r.type, r.location, "
        "r.source,"
        " u.definition, r.document, k.points, k.present, k.factors FROM resources r CROSS JOIN "
        "posture_states s"
        " ON s.resource = r.key JOIN posture_units u ON u.key = s.unit LEFT JOIN posture_risks k"
        " ON k.resource = r.key WHERE r.gone = 0 AND r.id >= ?1 AND (?2 = '' OR r.subscription = ?2) AND (?3 "
        "= '' OR"
        " r.resource_group = ?3) AND (?4 = '' OR u.definition = ?4) ORDER BY r.id, u.definition COLLATE "
        "NOCASE, s.unit",
        STATE_ARGS(STATE_S(after), STATE_S(subscription), STATE_S(group), STATE_S(l->definition)), st, err);
}

/* Rows of one resource and definition stand behind each other: they become one. */
static bool merge(struct posture_assessments *out, const struct posture_assessment *one)
{
    struct posture_assessment *last = out->n ? &vec_last(out) : NULL;

    if (!last || last->resource != one->resource ||
        !str_eq_ci(last->unit->check->name, one->unit->check->name))
        return false;
    if (rank(one->state) > rank(last->state))
        *last = *one;
    return true;
}

static bool is_behind(str id, str definition, const struct posture_assessment *one)
{
    int order = str_cmp_ci(one->resource_id, id);
    return !id.n || order > 0 || (order == 0 && str_cmp_ci(one->unit->check->name, definition) > 0);
}

static void keep_state(struct posture_assessments *out, int state)
{
    if (state && out->n && (int)vec_last(out).state != state)
        out->n--;
}

/* Who answers for it, by the rules of governance. */
static enum rc add_duty(struct posture *p, const struct posture_plan *plan, const struct posture_tree *tree,
                        struct posture_assessment *x, str document, struct arena *a, struct err *err)
{
    const struct json *j;

    TRY(json_parse(a, document, &j, err));
    const struct posture_charge charge = { x->unit->check, x->resource_id, j, x->since,
                                           env_now(p->opts.env) };
    struct posture_duty         d = posture_governance_find(plan, tree, &charge);
    x->owner = d.owner;
    x->due = d.due;
    x->overdue = d.overdue;
    x->in_grace = d.in_grace;
    x->rule = d.rule;
    return RC_OK;
}

enum rc posture_assessment_each(struct posture *p, const struct posture_plan *plan,
                                const struct posture_assessment_list *list, struct arena *a,
                                struct posture_assessments *out, struct err *err)
{
    const struct posture_tree *tree = posture_tree_get(p, a);
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    str    after_id, after_definition;
    size_t max = list->max ? list->max : POSTURE_MAX_PAGE;
    bool   row;

    *out = (struct posture_assessments) { 0 };
    split_token(list->after, &after_id, &after_definition);
    TRY(state_tx_read(p->opts.state, &tx, err));
    TRY(open_list(tx, list, after_id, &st, err));
    while (true) {
        TRY(state_stmt_next(st, &row, err));
        if (!row)
            break;
        const struct posture_unit *u = posture_plan_unit(plan, state_stmt_i64(st, 0));
        if (!is_wanted(list, u) || !posture_tree_covers(tree, list->scope, state_stmt_str(st, 7)))
            continue;
        struct posture_assessment one = read_row(st, u, a);
        one.formula = plan->risk;
        if (!is_behind(after_id, after_definition, &one) || merge(out, &one))
            continue;
        keep_state(out, list->state);
        if (out->n == max) {
            out->next = arena_printf(a, STR_FMT "|" STR_FMT, STR_ARG(vec_last(out).resource_id),
                                     STR_ARG(vec_last(out).unit->check->name));
            return RC_OK;
        }
        if (one.state == POSTURE_UNHEALTHY && (plan->n_rules || map_count(plan->assigned)))
            TRY(add_duty(p, plan, tree, &one, state_stmt_str(st, 12), a, err));
        *vec_push_in(a, out) = one;
    }
    keep_state(out, list->state);
    return RC_OK;
}

/* --- counting --- */

static struct posture_tally *tally_of(struct posture_tallies *out, struct map *by_name,
                                      const struct posture_check *c, struct arena *a)
{
    size_t at = (size_t)(uintptr_t)map_find(by_name, c->name);

    if (!at) {
        *vec_push_in(a, out) = (struct posture_tally) { .check = c };
        at = out->n;
        map_put(by_name, c->name, (void *)(uintptr_t)at);
    }
    return &out->p[at - 1];
}

/* Unhealthy is the worst state: what was counted once is never taken back. */
static void add_risk(struct posture_tally *t, const struct posture_plan *plan, const struct state_stmt *st)
{
    const struct posture_risk r = { .points = state_stmt_i64(st, 5),
                                    .present = state_stmt_i64(st, 6),
                                    .known = !state_stmt_is_null(st, 5) };

    t->risks[posture_risk_rate(plan->risk, t->check->severity, &r).level]++;
    t->factors |= r.present;
}

enum rc posture_assessment_tally(struct posture *p, const struct posture_plan *plan, str scope,
                                 struct arena *a, struct posture_tallies *out, struct err *err)
{
    AUTO(map) by_name = map_new(MAP_NOCASE);
    const struct posture_tree *tree = posture_tree_get(p, a);
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    int64_t resource = 0;
    bool    row, covered = false;
    /* Per resource and check the worst state: kept until the resource changes. */
    struct posture_tally *last = NULL;
    int                   last_state = 0;

    *out = (struct posture_tallies) { 0 };
    for (size_t i = 0; i < plan->n_units; i++)
        (void)tally_of(out, by_name, plan->units[i]->check, a);
    TRY(state_tx_read(p->opts.state, &tx, err));
    TRY(state_stmt_open(
        tx,
        "SELECT s.unit, s.state, s.since, r.key, r.id, k.points, k.present FROM posture_states s"
        " JOIN resources r ON r.key = s.resource JOIN posture_units u ON u.key = s.unit"
        " LEFT JOIN posture_risks k ON k.resource = r.key WHERE (?1 = '' OR r.subscription = ?1)"
        " AND (?2 = '' OR r.resource_group = ?2) ORDER BY r.key, u.definition COLLATE NOCASE",
        STATE_ARGS(STATE_S(posture_id_name(posture_id_subscription(scope))),
                   STATE_S(posture_id_name(posture_id_group(scope)))),
        &st, err));
    while (true) {
        TRY(state_stmt_next(st, &row, err));
        if (!row)
            return RC_OK;
        const struct posture_unit *u = posture_plan_unit(plan, state_stmt_i64(st, 0));
        int                        state = (int)state_stmt_i64(st, 1);
        if (state_stmt_i64(st, 3) != resource) {
            resource = state_stmt_i64(st, 3);
            covered = posture_tree_covers(tree, scope, state_stmt_str(st, 4));
            last = NULL;
        }
        if (!u || !covered)
            continue;
        struct posture_tally *t = tally_of(out, by_name, u->check, a);
        if (t == last && rank((enum posture_state)state) <= rank((enum posture_state)last_state))
            continue;
        if (t == last)
            t->n[last_state]--;
        t->n[state]++;
        if (state == POSTURE_UNHEALTHY)
            add_risk(t, plan, st);
        if (state_stmt_i64(st, 2) > t->since)
            t->since = state_stmt_i64(st, 2);
        last = t;
        last_state = state;
    }
}

enum rc posture_assessment_figures(struct posture *p, struct posture_figures *out, struct err *err)
{
    AUTO(snapshot) held = snapshot_get(p->plan);
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;

    TRY(state_tx_read(p->opts.state, &tx, err));
    TRY(state_stmt_one(tx,
                       "SELECT (SELECT count(*) FROM resources WHERE gone = 0), count(*), total(state = 2),"
                       " total(state = 6) FROM posture_states",
                       STATE_NO_ARGS, &st, err));
    *out =
        (struct posture_figures) { .resources = state_stmt_i64(st, 0),
                                   .units =
                                       (int64_t)((const struct posture_plan *)snapshot_value(held))->n_units,
                                   .verdicts = state_stmt_i64(st, 1),
                                   .unhealthy = state_stmt_i64(st, 2),
                                   .unmeasured = state_stmt_i64(st, 3) };
    return RC_OK;
}
