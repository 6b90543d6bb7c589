/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_object.h"

#include "posture/posture_admit.h"
#include "posture/posture_id.h"
#include "posture/posture_priv.h"
#include "posture/posture_record.h"
#include "posture/posture_version.h"

#define COLUMNS "kind, scope, name, properties, envelope, note, created, created_by, modified, modified_by"

str posture_object_id(struct arena *a, const struct posture_key *key)
{
    if (key->kind == POSTURE_GOVERNANCE_ASSIGNMENT) /* its scope is an assessment: it is a part of that */
        return arena_printf(a, STR_FMT "/governanceAssignments/" STR_FMT, STR_ARG(key->scope),
                            STR_ARG(key->name));
    return arena_printf(a, STR_FMT "/providers/" STR_FMT "/" STR_FMT, STR_ARG(key->scope),
                        STR_ARG(posture_kind_get(key->kind)->type), STR_ARG(key->name));
}

enum rc posture_object_id_parse(str id, struct posture_key *out, struct err *err)
{
    static const str words = STR_INIT("/providers/");
    str              found = STR_NONE;

    id = posture_id_trim(id);
    for (size_t at = 0, step; (step = str_find_ci(str_from(id, at), words)) != STR_NPOS; at += words.n) {
        at += step;
        found = str_from(id, at);
    }
    size_t first = found.n ? str_find_byte(str_from(found, words.n), '/') : STR_NPOS;
    size_t last = found.n ? str_rfind_byte(found, '/') : 0;
    if (first != STR_NPOS && last > words.n + first) {
        const struct posture_kind_row *row = posture_kind_find(str_slice(found, words.n, last));
        if (row) {
            *out = (struct posture_key) { row->kind, str_slice(id, 0, id.n - found.n),
                                          str_from(found, last + 1) };
            return RC_OK;
        }
    }
    return err_set(err, RC_NOT_FOUND, "'" STR_FMT "' is not the id of an object of policies",
                   STR_ARG(str_slice(id, 0, 300)));
}

/* --- reading --- */

static enum rc read_object(const struct state_stmt *st, struct arena *a, struct posture_object *out,
                           struct err *err)
{
    struct posture_object o = {
        .key = { (enum posture_kind)state_stmt_i64(st, 0), state_stmt_str_in(st, 1, a),
                 state_stmt_str_in(st, 2, a) },
        .note = state_stmt_str_in(st, 5, a),
        .created = state_stmt_i64(st, 6),
        .created_by = state_stmt_str_in(st, 7, a),
        .modified = state_stmt_i64(st, 8),
        .modified_by = state_stmt_str_in(st, 9, a),
    };

    TRY(json_parse(a, state_stmt_str(st, 3), &o.properties, err));
    TRY(json_parse(a, state_stmt_str(st, 4), &o.envelope, err));
    o.id = posture_object_id(a, &o.key);
    *out = o;
    return RC_OK;
}

enum rc posture_object_find(struct state_tx *tx, const struct posture_key *key, struct arena *a,
                            struct posture_object *out, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool row;

    TRY(state_stmt_open(tx,
                        "SELECT " COLUMNS " FROM posture_objects WHERE kind = ? AND scope = ? AND name = ?",
                        STATE_ARGS(STATE_I(key->kind), STATE_S(key->scope), STATE_S(key->name)), &st, err));
    TRY(state_stmt_next(st, &row, err));
    if (!row)
        return err_set(err, RC_NOT_FOUND, "The " STR_FMT " '" STR_FMT "' could not be found.",
                       STR_ARG(posture_id_name(posture_kind_get(key->kind)->type)),
                       STR_ARG(str_slice(key->name, 0, 200)));
    return read_object(st, a, out, err);
}

enum rc posture_object_find_id(struct state_tx *tx, str id, struct arena *a, struct posture_object *out,
                               struct err *err)
{
    struct posture_key key;

    TRY(posture_object_id_parse(id, &key, err));
    return posture_object_find(tx, &key, a, out, err);
}

enum rc posture_object_get(struct posture *p, const struct posture_key *key, struct arena *a,
                           struct posture_object *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;

    TRY(state_tx_read(p->opts.state, &tx, err));
    return posture_object_find(tx, key, a, out, err);
}

static bool is_wanted(const struct posture_tree *t, const struct posture_object_list *list, str scope)
{
    if (str_eq_ci(scope, list->scope))
        return true;
    if (list->above && (!scope.n || posture_tree_covers(t, scope, list->scope)))
        return true;
    return list->below && (!list->scope.n || posture_tree_covers(t, list->scope, scope));
}

enum rc posture_object_each(struct posture *p, const struct posture_object_list *list, struct arena *a,
                            struct posture_objects *out, struct err *err)
{
    AUTO(snapshot) held = snapshot_get(p->tree);
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    VEC(struct posture_object) found = { 0 };
    struct posture_key after = { 0 };
    size_t             max = list->max ? list->max : POSTURE_MAX_PAGE;
    bool               row;

    if (list->after.n)
        TRY(posture_object_id_parse(list->after, &after, err));
    TRY(state_tx_read(p->opts.state, &tx, err));
    TRY(state_stmt_open(tx,
                        "SELECT " COLUMNS " FROM posture_objects WHERE kind = ?1 AND (scope, name) > (?2, ?3)"
                        " ORDER BY scope, name",
                        STATE_ARGS(STATE_I(list->kind), STATE_S(after.scope), STATE_S(after.name)), &st,
                        err));
    out->next = STR_NONE;
    while (true) {
        TRY(state_stmt_next(st, &row, err));
        if (!row)
            break;
        if (!is_wanted(snapshot_value(held), list, state_stmt_str(st, 1)))
            continue;
        if (found.n == max) {
            out->next = vec_last(&found).id;
            break;
        }
        TRY(read_object(st, a, vec_push_in(a, &found), err));
    }
    out->v = found.p;
    out->n = found.n;
    return RC_OK;
}

/* --- writing --- */

static str print(struct arena *a, const struct json *j, struct err *err)
{
    AUTO_STRBUF text = STRBUF_INIT(POSTURE_MAX_OBJECT);

    json_print(&text, j, 0);
    if (strbuf_ok(&text, "an object of policies", err) != RC_OK)
        return STR_NONE;
    return arena_str(a, strbuf_view(&text));
}

static const struct json *empty_object(struct arena *a)
{
    struct json *j = ARENA_NEW(a, struct json);
    j->kind = JSON_OBJECT;
    return j;
}

/* `first` with the members of `second` over them. */
static const struct json *merged(struct arena *a, const struct json *first, const struct json *second)
{
    struct json_member *members = ARENA_ARRAY(a, struct json_member, first->n + second->n + 1);
    struct json        *out = ARENA_NEW(a, struct json);
    uint32_t            n = 0;

    for (uint32_t i = 0; i < first->n; i++)
        if (!json_get_ci(second, first->members[i].key))
            members[n++] = first->members[i];
    for (uint32_t i = 0; i < second->n; i++)
        members[n++] = second->members[i];
    *out = (struct json) { .kind = JSON_OBJECT, .n = n, .members = members };
    return out;
}

/* What stands beside properties and is kept: identity, location, tags. */
static const struct json *envelope_of(struct arena *a, const struct json *body)
{
    static const str    kept[] = { STR_INIT("identity"), STR_INIT("location"), STR_INIT("tags") };
    struct json_member *members = ARENA_ARRAY(a, struct json_member, 3);
    struct json        *out = ARENA_NEW(a, struct json);

    *out = (struct json) { .kind = JSON_OBJECT, .members = members };
    for (size_t i = 0; i < 3; i++) {
        const struct json *value = json_get_ci(body, kept[i]);
        if (value)
            members[out->n++] = (struct json_member) { kept[i], *value };
    }
    return out;
}

static enum rc check_key(const struct posture_key *key, struct err *err)
{
    static const str forbidden = STR_INIT("<>%&\\?/#");

    if (!key->name.n || key->name.n > 260)
        return err_set(err, RC_INVALID, "a name has 1 to 260 bytes, not %zu", key->name.n);
    for (size_t i = 0; i < key->name.n; i++)
        if ((unsigned char)key->name.p[i] < 0x20 || str_find_byte(forbidden, key->name.p[i]) != STR_NPOS)
            return err_set(err, RC_INVALID, "the name '" STR_FMT "' holds a character that ids may not have",
                           STR_ARG(str_slice(key->name, 0, 200)));
    if (key->scope.n > POSTURE_ID_MAX)
        return err_set(err, RC_INVALID, "a scope has at most %d bytes", POSTURE_ID_MAX);
    return RC_OK;
}

static enum rc write_row(struct state_tx *tx, const struct posture_object *o, struct arena *a,
                         struct err *err)
{
    str properties = print(a, o->properties, err), envelope = print(a, o->envelope, err);

    if (!properties.p || !envelope.p)
        return RC_LIMIT;
    return state_stmt_run(tx,
                          "INSERT INTO posture_objects (" COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                          " ON CONFLICT (kind, scope, name) DO UPDATE SET properties = excluded.properties,"
                          " envelope = excluded.envelope, note = excluded.note, modified = excluded.modified,"
                          " modified_by = excluded.modified_by",
                          STATE_ARGS(STATE_I(o->key.kind), STATE_S(o->key.scope), STATE_S(o->key.name),
                                     STATE_S(properties), STATE_S(envelope), STATE_S(o->note),
                                     STATE_I(o->created), STATE_S(o->created_by), STATE_I(o->modified),
                                     STATE_S(o->modified_by)),
                          err);
}

/* The object as it will stand; `old` is NULL for a new one. */
static enum rc shape(struct posture *p, const struct posture_object_put *put,
                     const struct posture_object *old, struct arena *a, struct posture_object *out)
{
    const struct json *given = json_get_ci(put->body, S("properties"));
    ts                 now = env_now(p->opts.env);

    if (!given || given->kind != JSON_OBJECT)
        given = empty_object(a);
    *out =
        (struct posture_object) { .key = { put->key.kind, arena_str(a, posture_id_trim(put->key.scope)),
                                           arena_str(a, put->key.name) },
                                  .properties = old && put->patch ? merged(a, old->properties, given) : given,
                                  .envelope = envelope_of(a, put->body),
                                  .created = old ? old->created : now,
                                  .created_by = old ? old->created_by : put->who,
                                  .modified = now,
                                  .modified_by = put->who };
    if (old && put->patch)
        out->envelope = merged(a, old->envelope, out->envelope);
    if (old)
        out->key = old->key;
    out->id = posture_object_id(a, &out->key);
    return RC_OK;
}

enum rc posture_object_store(struct posture *p, struct state_tx *tx, const struct posture_object_put *put,
                             struct arena *a, struct posture_object *out, struct err *err)
{
    struct posture_object old;
    struct err            none;

    TRY(check_key(&put->key, err));
    enum rc rc = posture_object_find(
        tx, &(struct posture_key) { put->key.kind, posture_id_trim(put->key.scope), put->key.name }, a, &old,
        &none);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return err_set(err, rc, "%s", none.text);
    if (put->patch && rc == RC_NOT_FOUND)
        return err_set(err, rc, "%s", none.text);
    TRY(shape(p, put, rc == RC_OK ? &old : NULL, a, out));
    if (put->key.kind == POSTURE_DEFINITION || put->key.kind == POSTURE_SET)
        TRY(posture_version_settle(tx, rc == RC_OK ? &old : NULL, put->builtin, a, out, err));
    TRY(posture_admit_object(p, tx, put->builtin, a, out, err));
    TRY(write_row(tx, out, a, err));
    out->is_new = rc == RC_NOT_FOUND;
    return RC_OK;
}

/* What follows from a change of a kind: done when the call returns, but for the judging. */
static enum rc follow(struct posture *p, const struct posture_object *o, struct err *err)
{
    enum posture_effect effect = posture_kind_get(o->key.kind)->effect;

    posture_changed(p);
    if (effect == POSTURE_EFFECT_NONE)
        return RC_OK;
    TRY(posture_replan(p, err));
    posture_later(p, effect == POSTURE_EFFECT_SCOPE ? o->key.scope : S(""));
    return RC_OK;
}

static enum rc put_locked(struct posture *p, const struct posture_object_put *put, struct arena *a,
                          struct posture_object *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;

    TRY(state_tx_write(p->opts.state, &tx, err));
    TRY(posture_object_store(p, tx, put, a, out, err));
    TRY(posture_record_object(p, tx, out, false, err));
    return state_tx_commit(tx, err);
}

enum rc posture_object_put(struct posture *p, const struct posture_object_put *put, struct arena *a,
                           struct posture_object *out, struct err *err)
{
    pthread_mutex_lock(&p->change);
    enum rc rc = put_locked(p, put, a, out, err);
    if (rc == RC_OK)
        rc = follow(p, out, err);
    pthread_mutex_unlock(&p->change);
    return rc;
}

static enum rc delete_locked(struct posture *p, const struct posture_key *key, struct arena *a,
                             struct posture_object *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;

    TRY(state_tx_write(p->opts.state, &tx, err));
    TRY(posture_object_find(tx, key, a, out, err));
    TRY(posture_admit_delete(tx, out, err));
    TRY(state_stmt_run(tx, "DELETE FROM posture_objects WHERE kind = ? AND scope = ? AND name = ?",
                       STATE_ARGS(STATE_I(key->kind), STATE_S(key->scope), STATE_S(key->name)), err));
    TRY(state_stmt_run(tx, "DELETE FROM posture_versions WHERE kind = ? AND scope = ? AND name = ?",
                       STATE_ARGS(STATE_I(key->kind), STATE_S(key->scope), STATE_S(key->name)), err));
    out->modified = env_now(p->opts.env);
    TRY(posture_record_object(p, tx, out, true, err));
    return state_tx_commit(tx, err);
}

enum rc posture_object_delete(struct posture *p, const struct posture_key *key, struct arena *a,
                              struct posture_object *out, struct err *err)
{
    pthread_mutex_lock(&p->change);
    enum rc rc = delete_locked(p, key, a, out, err);
    if (rc == RC_OK)
        rc = follow(p, out, err);
    pthread_mutex_unlock(&p->change);
    return rc;
}
