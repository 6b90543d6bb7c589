/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_try.h"

#include "posture/posture_assessment.h"
#include "posture/posture_resource.h"

enum { JUDGE_BYTES = 256 << 20 };

struct trying {
    struct posture            *p;
    const struct posture_unit *unit;
    struct posture_judging     j;
    struct arena              *a; /* of the answer */
    struct arena              *scratch;
    struct posture_tried      *out;
};

static bool concerns(const struct posture_unit *u, str type)
{
    const str *types;
    size_t     n = u->check->def ? policy_def_types(u->check->def, &types) : 0;

    for (size_t i = 0; i < n; i++)
        if (str_eq_ci(types[i], type))
            return true;
    return !n;
}

static enum rc try_one(struct trying *t, str id, struct err *err)
{
    struct posture_resource r;
    struct posture_subject  s;

    TRY(posture_resource_get(t->p, id, t->a, &r, err));
    s = (struct posture_subject) { .id = r.id, .type = r.type, .key = r.key };
    TRY(json_parse(t->a, r.text, &s.document, err));
    if (concerns(t->unit, r.type))
        t->out->one = posture_judge_one(&t->j, t->unit, &s, t->a);
    return RC_OK;
}

static enum rc look_at(struct trying *t, const struct state_stmt *st, struct err *err)
{
    struct posture_subject s = { .key = state_stmt_i64(st, 0),
                                 .id = state_stmt_str(st, 1),
                                 .type = state_stmt_str(st, 2) };

    if (!concerns(t->unit, s.type))
        return RC_OK;
    arena_reset(t->scratch);
    TRY(json_parse(t->scratch, state_stmt_str(st, 3), &s.document, err));
    struct posture_finding f = posture_judge_one(&t->j, t->unit, &s, t->scratch);
    t->out->n[f.state]++;
    t->out->looked_at++;
    if (f.state == POSTURE_UNHEALTHY && !t->out->first.n)
        t->out->first = arena_str(t->a, s.id);
    return RC_OK;
}

/* A definition that names one type is held against those alone, by the index. */
static enum rc try_all(struct trying *t, struct err *err)
{
    const str *types;
    size_t     n = policy_def_types(t->unit->check->def, &types);
    AUTO(state_stmt) st = NULL;
    bool row;

    TRY(state_stmt_open(
        t->j.tx, "SELECT key, id, type, document FROM resources WHERE gone = 0 AND (?1 = '' OR type = ?1)",
        STATE_ARGS(STATE_S(n == 1 ? types[0] : S(""))), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &row, err));
        if (!row)
            return RC_OK;
        if (t->out->looked_at == POSTURE_TRY_RESOURCES) {
            t->out->more = true;
            return RC_OK;
        }
        TRY(look_at(t, st, err));
    }
}

enum rc posture_try_run(struct posture *p, const struct posture_try *given, struct arena *a,
                        struct posture_tried *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(arena) scratch = arena_new(JUDGE_BYTES);
    struct trying t = { .p = p,
                        .unit = posture_plan_unit_of(p, given->properties, given->parameters, a),
                        .a = a,
                        .scratch = scratch,
                        .out = out };

    *out = (struct posture_tried) { 0 };
    if (!t.unit->check->def)
        return err_set(err, RC_INVALID, STR_FMT, STR_ARG(str_slice(t.unit->problem, 0, 220)));
    TRY(state_tx_read(p->opts.state, &tx, err));
    t.j = (struct posture_judging) {
        .plan = posture_plan_get(p, a), .tree = posture_tree_get(p, a), .tx = tx, .now = env_now(p->opts.env)
    };
    if (given->resource.n)
        TRY(try_one(&t, given->resource, err));
    return try_all(&t, err);
}
