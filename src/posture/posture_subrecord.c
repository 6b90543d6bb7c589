/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_subrecord.h"

#include "base/hash.h"
#include "base/vec.h"
#include "posture/posture_record.h"
#include "posture/posture_subassessment.h"

enum { ONE_RESOURCE = 64 << 20, VALUE_MAX = 64 << 10 };

/* --- which resources --- */

static bool counts(const struct posture_finding *f)
{
    return f->state == POSTURE_UNHEALTHY && f->unit->check->def && policy_def_counts(f->unit->check->def);
}

enum rc posture_subrecord_mark(const struct posture_booking *b, const struct posture_findings *findings,
                               bool moved, struct err *err)
{
    bool any = false;

    if (!b->p->opts.log || (b->later && !moved))
        return RC_OK;
    for (size_t i = 0; i < findings->n && !any; i++)
        any = counts(&findings->p[i]);
    if (!any && !moved)
        return RC_OK;
    posture_rows_wait(b->p);
    return state_stmt_run(b->tx,
                          "INSERT OR IGNORE INTO posture_subassessments_due SELECT ?1 WHERE ?2 OR EXISTS"
                          " (SELECT 1 FROM posture_subassessments WHERE resource = ?1)",
                          STATE_ARGS(STATE_I(b->subject->key), STATE_I(any)), err);
}

/* --- one resource --- */

struct row {
    str     definition, name;
    int64_t hash;
    bool    stands;
};

struct logging {
    struct posture            *p;
    struct state_tx           *tx;
    const struct posture_plan *plan;
    struct arena              *a; /* of one resource */
    struct posture_assessment  x; /* with the resource of now */
    VEC(struct row) rows;         /* as they were written last */
};

static enum rc read_resource(struct logging *l, int64_t key, struct err *err)
{
    AUTO(state_stmt) st = NULL;

    TRY(state_stmt_one(l->tx, "SELECT id, type, location FROM resources WHERE key = ?",
                       STATE_ARGS(STATE_I(key)), &st, err));
    l->x = (struct posture_assessment) { .resource = key,
                                         .state = POSTURE_UNHEALTHY,
                                         .resource_id = state_stmt_str_in(st, 0, l->a),
                                         .resource_type = state_stmt_str_in(st, 1, l->a),
                                         .location = state_stmt_str_in(st, 2, l->a) };
    return RC_OK;
}

static enum rc read_rows(struct logging *l, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool row;

    TRY(state_stmt_open(l->tx, "SELECT definition, name, hash FROM posture_subassessments WHERE resource = ?",
                        STATE_ARGS(STATE_I(l->x.resource)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &row, err));
        if (!row)
            return RC_OK;
        *vec_push_in(l->a, &l->rows) = (struct row) { .definition = state_stmt_str_in(st, 0, l->a),
                                                      .name = state_stmt_str_in(st, 1, l->a),
                                                      .hash = state_stmt_i64(st, 2) };
    }
}

static int64_t hash_of(const struct posture_subassessment *s)
{
    AUTO_STRBUF text = STRBUF_INIT(VALUE_MAX);

    strbuf_add(&text, s->title);
    strbuf_add(&text, s->path);
    json_print(&text, s->value, 0); /* of a longer one, its beginning */
    return (int64_t)(hash_fnv(strbuf_view(&text)) >> 1);
}

static enum rc log_finding(struct logging *l, const struct posture_subassessment *s, struct err *err)
{
    str     definition = l->x.unit->check->name;
    int64_t hash = hash_of(s);

    for (size_t i = 0; i < l->rows.n; i++) {
        struct row *r = &l->rows.p[i];
        if (!str_eq_ci(r->definition, definition) || !str_eq(r->name, s->name))
            continue;
        r->stands = true;
        if (r->hash == hash)
            return RC_OK;
    }
    TRY(posture_record_subassessment(l->p, l->tx, &l->x, s, err));
    return state_stmt_run(
        l->tx, "INSERT OR REPLACE INTO posture_subassessments VALUES (?, ?, ?, ?)",
        STATE_ARGS(STATE_I(l->x.resource), STATE_S(definition), STATE_S(s->name), STATE_I(hash)), err);
}

static enum rc log_check(struct logging *l, const struct posture_unit *u, ts since, struct err *err)
{
    struct posture_subassessments found;

    l->x.unit = u;
    l->x.since = since;
    TRY(posture_subassessment_in(l->p, l->tx, l->plan, &l->x, l->a, &found, err));
    for (size_t i = 0; i < found.n; i++)
        TRY(log_finding(l, &found.p[i], err));
    return RC_OK;
}

struct unhealthy {
    const struct posture_unit *unit;
    ts                         since;
};
struct unhealthies {
    struct unhealthy *p;
    size_t            n, cap;
};

/* Where several assignments judge the same, the first of them stands for all. */
static bool is_told(const struct unhealthies *all, const struct posture_unit *u)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->p[i].unit->check == u->check)
            return true;
    return false;
}

static enum rc read_unhealthy(struct logging *l, struct unhealthies *out, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool row;

    TRY(state_stmt_open(
        l->tx, "SELECT unit, since FROM posture_states WHERE resource = ? AND state = ? ORDER BY unit",
        STATE_ARGS(STATE_I(l->x.resource), STATE_I(POSTURE_UNHEALTHY)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &row, err));
        if (!row)
            return RC_OK;
        const struct posture_unit *u = posture_plan_unit(l->plan, state_stmt_i64(st, 0));
        if (u && u->check->def && policy_def_counts(u->check->def) && !is_told(out, u))
            *vec_push_in(l->a, out) = (struct unhealthy) { u, state_stmt_i64(st, 1) };
    }
}

static enum rc log_vanished(struct logging *l, struct err *err)
{
    for (size_t i = 0; i < l->rows.n; i++) {
        const struct row *r = &l->rows.p[i];
        if (r->stands)
            continue;
        TRY(posture_record_subassessment_gone(l->p, l->tx, l->x.resource_id, r->definition, r->name, err));
        TRY(state_stmt_run(
            l->tx, "DELETE FROM posture_subassessments WHERE resource = ? AND definition = ? AND name = ?",
            STATE_ARGS(STATE_I(l->x.resource), STATE_S(r->definition), STATE_S(r->name)), err));
    }
    return RC_OK;
}

static enum rc log_resource(struct logging *l, int64_t key, struct err *err)
{
    struct unhealthies all = { 0 };

    TRY(read_resource(l, key, err));
    TRY(read_rows(l, err));
    TRY(read_unhealthy(l, &all, err));
    for (size_t i = 0; i < all.n; i++)
        TRY(log_check(l, all.p[i].unit, all.p[i].since, err));
    TRY(log_vanished(l, err));
    return state_stmt_run(l->tx, "DELETE FROM posture_subassessments_due WHERE resource = ?",
                          STATE_ARGS(STATE_I(key)), err);
}

static enum rc read_due(struct state_tx *tx, size_t max, struct arena *a, int64_t **out, size_t *n,
                        struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool row;

    *out = ARENA_ARRAY(a, int64_t, max);
    TRY(state_stmt_open(tx, "SELECT resource FROM posture_subassessments_due LIMIT ?",
                        STATE_ARGS(STATE_I(max)), &st, err));
    for (*n = 0; *n < max; (*n)++) {
        TRY(state_stmt_next(st, &row, err));
        if (!row)
            return RC_OK;
        (*out)[*n] = state_stmt_i64(st, 0);
    }
    return RC_OK;
}

enum rc posture_subrecord_log(struct posture *p, struct state_tx *tx, const struct posture_plan *plan,
                              size_t max, size_t *n, struct err *err)
{
    AUTO(arena) a = arena_new(ONE_RESOURCE);
    AUTO(arena) list = arena_new(ONE_RESOURCE);
    int64_t *keys;

    TRY(read_due(tx, max, list, &keys, n, err));
    for (size_t i = 0; i < *n; i++) {
        arena_reset(a);
        struct logging l = { .p = p, .tx = tx, .plan = plan, .a = a };
        TRY(log_resource(&l, keys[i], err));
    }
    return RC_OK;
}
