/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_related.h"

#include "base/vec.h"
#include "posture/posture_id.h"
#include "posture/posture_judge.h"
#include "posture/posture_kind.h"
#include "state/state_stmt.h"

struct found {
    struct arena *a;
    str           name; /* asked for; empty: any */
    VEC(struct json) items;
};

static void take(struct found *f, str id, str document)
{
    const struct json *j;

    if (f->name.n && !str_eq_ci(posture_id_name(id), posture_id_name(f->name)))
        return;
    if (f->items.n < POSTURE_RELATED_MAX && json_parse(f->a, document, &j, NULL) == RC_OK)
        *vec_push_in(f->a, &f->items) = *j;
}

static enum rc take_rows(struct found *f, struct state_tx *tx, const char *sql, struct state_args args)
{
    AUTO(state_stmt) st = NULL;
    bool row;

    TRY(state_stmt_open(tx, sql, args, &st, NULL));
    while (true) {
        TRY(state_stmt_next(st, &row, NULL));
        if (!row)
            return RC_OK;
        take(f, state_stmt_str(st, 0), state_stmt_str(st, 1));
    }
}

static enum rc take_resources(struct found *f, const struct posture_related *r, const struct json *details,
                              str type)
{
    const struct posture_subject *s = r->subject;
    str                           subscription = posture_id_name(posture_id_subscription(s->id)),
        group = posture_id_name(posture_id_group(s->id));
    str  other = json_str(details, S("resourceGroupName"), STR_NONE);
    bool whole = str_eq_ci(json_str(details, S("existenceScope"), STR_NONE), S("subscription"));

    if (posture_id_within(s->type, type) && !str_eq_ci(type, s->type) && !posture_id_is_container(s->type))
        return take_rows(f, r->tx,
                         "SELECT id, document FROM resources WHERE type = ? AND subscription = ? AND gone = 0"
                         " AND substr(id, 1, length(?3) + 1) = ?3 || '/' COLLATE NOCASE",
                         STATE_ARGS(STATE_S(type), STATE_S(subscription), STATE_S(s->id)));
    if (other.n)
        group = other;
    if (whole || !group.n)
        return take_rows(
            f, r->tx, "SELECT id, document FROM resources WHERE type = ? AND subscription = ? AND gone = 0",
            STATE_ARGS(STATE_S(type), STATE_S(subscription)));
    return take_rows(
        f, r->tx,
        "SELECT id, document FROM resources WHERE type = ? AND subscription = ? AND resource_group = ?"
        " AND gone = 0",
        STATE_ARGS(STATE_S(type), STATE_S(subscription), STATE_S(group)));
}

/* Settings that we keep ourselves: plans, provisioning, rules. */
static enum rc take_objects(struct found *f, const struct posture_related *r, enum posture_kind kind)
{
    return take_rows(
        f, r->tx,
        "SELECT name, json_object('name', name, 'properties', json(properties)) FROM posture_objects"
        " WHERE kind = ? AND scope = ?",
        STATE_ARGS(STATE_I(kind), STATE_S(posture_id_subscription(r->subject->id))));
}

static bool is_known(struct posture_related *r, str type)
{
    AUTO(state_stmt) st = NULL;

    return state_stmt_one(
               r->tx, "SELECT 1 FROM resources WHERE type = ? AND subscription = ? LIMIT 1",
               STATE_ARGS(STATE_S(type), STATE_S(posture_id_name(posture_id_subscription(r->subject->id)))),
               &st, NULL) == RC_OK;
}

const struct json *posture_related_find(void *ctx, const struct json *details, struct arena *a)
{
    struct posture_related        *r = ctx;
    struct found                   f = { .a = a, .name = json_str(details, S("name"), STR_NONE) };
    str                            type = json_str(details, S("type"), STR_NONE);
    const struct posture_kind_row *kind = posture_kind_find(type);
    struct json                   *out = ARENA_NEW(a, struct json);
    enum rc                        rc = RC_OK;

    *out = (struct json) { .kind = JSON_ARRAY };
    if (!r->tx || !type.n) {
        r->unknown = type.n ? type : S("?");
        return out;
    }
    rc = kind ? take_objects(&f, r, kind->kind) : take_resources(&f, r, details, type);
    if (rc != RC_OK || (!kind && !f.items.n && !is_known(r, type)))
        r->unknown = type;
    *out = (struct json) { .kind = JSON_ARRAY, .n = (uint32_t)f.items.n, .items = f.items.p };
    return out;
}
