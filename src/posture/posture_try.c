/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_try.h"

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

/* A subject of a document's own words, where it is in no inventory. */
static struct posture_subject stranger(const struct json *document)
{
    return (struct posture_subject) { .id = json_str(document, S("id"), S("")),
                                      .type = json_str(document, S("type"), S("")),
                                      .document = document };
}

static enum rc find_subject(struct trying *t, const struct posture_try *given, struct posture_subject *out,
                            struct err *err)
{
    struct posture_resource r;

    if (given->document) {
        *out = stranger(given->document);
        return RC_OK;
    }
    TRY(posture_resource_get(t->p, given->resource, t->a, &r, err));
    *out = (struct posture_subject) { .id = r.id, .type = r.type, .key = r.key };
    return json_parse(t->a, r.text, &out->document, err);
}

static enum rc try_one(struct trying *t, const struct posture_try *given, struct err *err)
{
    struct posture_subject s;
    struct posture_judging j = t->j;

    TRY(find_subject(t, given, &s, err));
    j.explain = true;
    if (concerns(t->unit, s.type))
        t->out->one = posture_judge_one(&j, t->unit, &s, t->a);
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
    t.j = posture_judge_begin(p, tx, a);
    if (given->resource.n || given->document)
        TRY(try_one(&t, given, err));
    return try_all(&t, err);
}

static enum rc read_document(struct state_tx *tx, int64_t resource, struct arena *a, const struct json **out,
                             struct err *err)
{
    AUTO(state_stmt) st = NULL;

    TRY(state_stmt_one(tx, "SELECT document FROM resources WHERE key = ?", STATE_ARGS(STATE_I(resource)), &st,
                       err));
    return json_parse(a, state_stmt_str(st, 0), out, err);
}

enum rc posture_try_again(const struct posture_judging *j, const struct posture_assessment *x,
                          struct arena *a, struct posture_finding *out, struct err *err)
{
    struct posture_subject s = { .key = x->resource, .id = x->resource_id, .type = x->resource_type };

    TRY(read_document(j->tx, x->resource, a, &s.document, err));
    *out = posture_judge_one(j, x->unit, &s, a);
    return RC_OK;
}

enum rc posture_try_explain(struct posture *p, const struct posture_plan *plan,
                            const struct posture_assessment *x, struct arena *a, struct posture_finding *out,
                            struct err *err)
{
    AUTO(state_tx) tx = NULL;

    TRY(state_tx_read(p->opts.state, &tx, err));
    const struct posture_judging j = {
        .plan = plan, .tree = posture_tree_get(p, a), .tx = tx, .now = env_now(p->opts.env), .explain = true
    };
    return posture_try_again(&j, x, a, out, err);
}
