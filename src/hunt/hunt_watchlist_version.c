/* SPDX-License-Identifier: Apache-2.0 */
/* Versions of a list: which there are, what each did, and going back. */
#include "base/map.h"
#include "hunt/hunt_watchlist_priv.h"

enum rc hunt_watchlist_versions(struct hunt *h, str alias, struct arena *a,
                                struct hunt_watchlist_version **out, size_t *n, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    struct hunt_watchlist l;
    VEC(struct hunt_watchlist_version) list = { 0 };
    bool more;

    TRY(state_tx_read(h->state, &tx, err));
    TRY(hunt_watchlist_find(tx, alias, true, a, &l, err));
    TRY(state_stmt_open(tx,
                        "SELECT version, time, who_id, who, what, why, n_items, added, changed, removed FROM "
                        "watchlist_versions WHERE watchlist = ? ORDER BY version DESC",
                        STATE_ARGS(STATE_S(l.id)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            break;
        *vec_push_in(a, &list) = (struct hunt_watchlist_version) {
            .version = state_stmt_i64(st, 0),
            .time = state_stmt_i64(st, 1),
            .who = { .object_id = state_stmt_str_in(st, 2, a), .name = state_stmt_str_in(st, 3, a) },
            .what = state_stmt_str_in(st, 4, a),
            .why = state_stmt_str_in(st, 5, a),
            .n_items = state_stmt_i64(st, 6),
            .added = state_stmt_i64(st, 7),
            .changed = state_stmt_i64(st, 8),
            .removed = state_stmt_i64(st, 9),
        };
    }
    *out = list.p;
    *n = list.n;
    return RC_OK;
}

/* The columns and the search key that the list had in a version. */
static enum rc shape_of(struct state_tx *tx, int64_t version, struct arena *a, struct hunt_watchlist *l,
                        struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool found;

    TRY(state_stmt_open(
        tx, "SELECT search_key, columns FROM watchlist_versions WHERE watchlist = ? AND version = ?",
        STATE_ARGS(STATE_S(l->id), STATE_I(version)), &st, err));
    TRY(state_stmt_next(st, &found, err));
    if (!found)
        return err_set(err, RC_NOT_FOUND, "watchlist '" STR_FMT "' has no version %lld", STR_ARG(l->alias),
                       (long long)version);
    l->search_key = state_stmt_str_in(st, 0, a);
    return json_texts_read(a, state_stmt_str(st, 1), &l->columns, &l->n_columns, err);
}

enum rc hunt_watchlist_changes(struct hunt *h, str alias, int64_t version, struct arena *a,
                               struct hunt_watchlist_diff *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    struct hunt_watchlist l;
    VEC(struct hunt_watchlist_change) list = { 0 };
    size_t ignored;
    bool   more;

    *out = (struct hunt_watchlist_diff) { 0 };
    TRY(state_tx_read(h->state, &tx, err));
    TRY(hunt_watchlist_find(tx, alias, true, a, &l, err));
    TRY(shape_of(tx, version, a, &l, err));
    TRY(state_stmt_open(tx,
                        "SELECT item, was, became FROM watchlist_changes WHERE watchlist = ? AND version = ?",
                        STATE_ARGS(STATE_S(l.id), STATE_I(version)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            break;
        struct hunt_watchlist_change *c = vec_push_in(a, &list);
        c->id = state_stmt_str_in(st, 0, a);
        TRY(json_texts_read(a, state_stmt_str(st, 1), &c->was, &ignored, err));
        TRY(json_texts_read(a, state_stmt_str(st, 2), &c->became, &ignored, err));
        out->added += !c->was;
        out->removed += !c->became;
        out->changed += c->was && c->became;
    }
    out->columns = l.columns;
    out->n_columns = l.n_columns;
    out->changes = list.p;
    out->n = list.n;
    return RC_OK;
}

/* Each item that changed since, as it was in the version: what the first change after it found. */
static enum rc steps_back(struct hunt_watchlist_edit *e, int64_t version, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool more;

    TRY(state_stmt_open(
        e->tx,
        "SELECT c.item, c.was, (SELECT item FROM watchlist_items i WHERE i.watchlist = ?1 AND i.id = "
        "c.item) FROM watchlist_changes c WHERE c.watchlist = ?1 AND c.version = (SELECT min(version) FROM "
        "watchlist_changes f WHERE f.watchlist = ?1 AND f.item = c.item AND f.version > ?2)",
        STATE_ARGS(STATE_S(e->list.id), STATE_I(version)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            return RC_OK;
        struct hunt_watchlist_step s = { .id = state_stmt_str_in(st, 0, e->arena),
                                         .became = state_stmt_str_in(st, 1, e->arena),
                                         .was = state_stmt_str_in(st, 2, e->arena) };
        if (!str_eq(s.was, s.became))
            *vec_push_in(e->arena, &e->steps) = s;
    }
}

enum rc hunt_watchlist_restore(struct hunt *h, str alias, int64_t version, const struct incident_by *by,
                               struct arena *a, struct hunt_watchlist *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    struct hunt_watchlist_edit e = {
        .hunt = h, .arena = a, .now = env_now(h->env), .by = by, .what = "restored"
    };

    TRY(state_tx_write(h->state, &tx, err));
    e.tx = tx;
    TRY(hunt_watchlist_find(tx, alias, true, a, &e.list, err));
    if (by->request.n && str_eq(by->request, e.list.request)) {
        *out = e.list;
        return RC_OK;
    }
    TRY(shape_of(tx, version, a, &e.list, err));
    TRY(steps_back(&e, version, err));
    TRY(hunt_watchlist_apply(&e, err));
    TRY(hunt_watchlist_find(tx, alias, false, a, out, err));
    return state_tx_commit(tx, err);
}
