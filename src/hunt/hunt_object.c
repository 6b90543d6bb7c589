/* SPDX-License-Identifier: Apache-2.0 */
#include "hunt/hunt_object.h"

#include "base/vec.h"

#define COLUMNS                                                                                              \
    "name, owner, version, body, created, modified, creator_id, creator, changer_id, changer, request"

static enum rc read_object(const struct state_stmt *st, struct arena *a, struct hunt_object *out,
                           struct err *err)
{
    struct hunt_object o = {
        .name = state_stmt_str_in(st, 0, a),
        .owner = state_stmt_str_in(st, 1, a),
        .version = state_stmt_i64(st, 2),
        .created = state_stmt_i64(st, 4),
        .modified = state_stmt_i64(st, 5),
        .creator = { .object_id = state_stmt_str_in(st, 6, a), .name = state_stmt_str_in(st, 7, a) },
        .changer = { .object_id = state_stmt_str_in(st, 8, a), .name = state_stmt_str_in(st, 9, a) },
        .request = state_stmt_str_in(st, 10, a),
    };

    o.etag = hunt_etag(a, o.name, o.version);
    TRY(json_parse(a, state_stmt_str(st, 3), &o.body, err));
    *out = o;
    return RC_OK;
}

enum rc hunt_object_list(struct hunt *h, const char *kind, str owner, struct arena *a,
                         struct hunt_object **out, size_t *n, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    VEC(struct hunt_object) list = { 0 };
    bool more;

    TRY(state_tx_read(h->state, &tx, err));
    TRY(state_stmt_open(
        tx, "SELECT " COLUMNS " FROM hunt_objects WHERE kind = ? AND owner IN ('', ?) ORDER BY name",
        STATE_ARGS(STATE_S(str_of(kind)), STATE_S(owner)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            break;
        TRY(read_object(st, a, vec_push_in(a, &list), err));
    }
    *out = list.p;
    *n = list.n;
    return RC_OK;
}

enum rc hunt_object_find(struct state_tx *tx, const struct hunt_object_key *key, struct arena *a,
                         struct hunt_object *out, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool found;

    TRY(state_stmt_open(tx, "SELECT " COLUMNS " FROM hunt_objects WHERE kind = ? AND owner = ? AND name = ?",
                        STATE_ARGS(STATE_S(str_of(key->kind)), STATE_S(key->owner), STATE_S(key->name)), &st,
                        err));
    TRY(state_stmt_next(st, &found, err));
    if (!found)
        return err_set(err, RC_NOT_FOUND, "there is no %s '" STR_FMT "'", key->kind,
                       STR_ARG(str_slice(key->name, 0, 64)));
    return read_object(st, a, out, err);
}

enum rc hunt_object_get(struct hunt *h, const struct hunt_object_key *key, struct arena *a,
                        struct hunt_object *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;

    TRY(state_tx_read(h->state, &tx, err));
    return hunt_object_find(tx, key, a, out, err);
}

static enum rc check(struct state_tx *tx, const struct hunt_object_put *put, bool is_new, struct err *err)
{
    AUTO(state_stmt) st = NULL;

    if (!put->key.name.n || put->key.name.n > HUNT_OBJECT_NAME)
        return err_set(err, RC_INVALID, "a name has 1 to %d bytes", HUNT_OBJECT_NAME);
    if (put->body.n > HUNT_OBJECT_BYTES)
        return err_set(err, RC_LIMIT, "at most %d bytes", HUNT_OBJECT_BYTES);
    if (!is_new)
        return RC_OK;
    TRY(state_stmt_one(tx, "SELECT count(*) FROM hunt_objects WHERE kind = ? AND owner = ?",
                       STATE_ARGS(STATE_S(str_of(put->key.kind)), STATE_S(put->key.owner)), &st, err));
    return state_stmt_i64(st, 0) < (int64_t)put->max
               ? RC_OK
               : err_set(err, RC_LIMIT, "at most %zu of these", put->max);
}

static enum rc write(struct state_tx *tx, const struct hunt_object_put *put, ts now, struct err *err)
{
    const struct incident_person *who = &put->by.who;

    return state_stmt_run(
        tx,
        "INSERT INTO hunt_objects (kind, owner, name, version, body, created, modified, creator_id, creator, "
        "changer_id, changer, request) VALUES (?1, ?2, ?3, 1, ?4, ?5, ?5, ?6, ?7, ?6, ?7, ?8) ON CONFLICT "
        "(kind, owner, name) DO UPDATE SET version = version + 1, body = ?4, modified = ?5, changer_id = ?6, "
        "changer = ?7, request = ?8",
        STATE_ARGS(STATE_S(str_of(put->key.kind)), STATE_S(put->key.owner), STATE_S(put->key.name),
                   STATE_S(put->body), STATE_I(now), STATE_S(who->object_id), STATE_S(who->name),
                   STATE_S(put->by.request)),
        err);
}

enum rc hunt_object_store(struct hunt *h, struct state_tx *tx, const struct hunt_object_put *put,
                          struct arena *a, struct hunt_object *out, bool *created, struct err *err)
{
    struct hunt_object was = { 0 };
    struct err         why = { 0 };
    enum rc            rc = hunt_object_find(tx, &put->key, a, &was, &why);

    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return err_set(err, rc, "%s", why.text);
    bool is_new = rc == RC_NOT_FOUND;
    if (!is_new && put->by.request.n && str_eq(put->by.request, was.request)) {
        *out = was;
        *created = was.version == 1;
        return RC_OK;
    }
    TRY(hunt_may_change(put->if_match, was.etag, err));
    TRY(check(tx, put, is_new, err));
    TRY(write(tx, put, env_now(h->env), err));
    TRY(hunt_object_find(tx, &put->key, a, out, err));
    *created = is_new;
    return RC_OK;
}

enum rc hunt_object_put(struct hunt *h, const struct hunt_object_put *put, struct arena *a,
                        struct hunt_object *out, bool *created, struct err *err)
{
    AUTO(state_tx) tx = NULL;

    TRY(state_tx_write(h->state, &tx, err));
    TRY(hunt_object_store(h, tx, put, a, out, created, err));
    return state_tx_commit(tx, err);
}

enum rc hunt_object_delete(struct hunt *h, const struct hunt_object_key *key, str if_match, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(arena) a = arena_new(16 << 20);
    struct hunt_object was;

    TRY(state_tx_write(h->state, &tx, err));
    TRY(hunt_object_find(tx, key, a, &was, err));
    TRY(hunt_may_change(if_match, was.etag, err));
    TRY(state_stmt_run(tx, "DELETE FROM hunt_objects WHERE kind = ? AND owner = ? AND name = ?",
                       STATE_ARGS(STATE_S(str_of(key->kind)), STATE_S(key->owner), STATE_S(key->name)), err));
    return state_tx_commit(tx, err);
}
