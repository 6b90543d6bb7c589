/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/incident_relation.h"

#include "incident/incident_priv.h"

enum { MAX_NAME = 128 };

#define RELATIONS                                                                                            \
    "SELECT coalesce(r.name, x.ref), x.ref, x.mark FROM ("                                                   \
    "SELECT id AS ref, 0 AS mark, start AS at FROM alerts WHERE incident = ?1 UNION ALL "                    \
    "SELECT name, 1, event_time FROM bookmarks WHERE incident = ?1 AND deleted = 0) x "                      \
    "LEFT JOIN incident_relations r ON r.incident = ?1 AND r.ref = x.ref "

static struct incident_relation read_one(const struct state_stmt *st, struct arena *a)
{
    return (struct incident_relation) { state_stmt_str_in(st, 0, a), state_stmt_str_in(st, 1, a),
                                        state_stmt_i64(st, 2) != 0 };
}

enum rc incident_relation_list(struct incident_store *s, str incident, struct arena *a,
                               struct incident_relation **out, size_t *n, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    struct incident_row row;
    VEC(struct incident_relation) list = { 0 };
    bool more;

    TRY(state_tx_read(s->state, &tx, err));
    TRY(incident_row_find(tx, incident, a, &row, err));
    TRY(state_stmt_open(tx, RELATIONS "ORDER BY x.mark, x.at, x.ref", STATE_ARGS(STATE_I(row.i.number)), &st,
                        err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            break;
        *vec_push_in(a, &list) = read_one(st, a);
    }
    *out = list.p;
    *n = list.n;
    return RC_OK;
}

enum rc incident_relation_get(struct incident_store *s, str incident, str name, struct arena *a,
                              struct incident_relation *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    struct incident_row row;
    bool                found;

    TRY(state_tx_read(s->state, &tx, err));
    TRY(incident_row_find(tx, incident, a, &row, err));
    TRY(state_stmt_open(tx, RELATIONS "WHERE r.name = ?2 OR x.ref = ?2 LIMIT 1",
                        STATE_ARGS(STATE_I(row.i.number), STATE_S(name)), &st, err));
    TRY(state_stmt_next(st, &found, err));
    if (!found)
        return err_set(err, RC_NOT_FOUND, "incident %lld has no relation '" STR_FMT "'",
                       (long long)row.i.number, STR_ARG(str_slice(name, 0, 64)));
    *out = read_one(st, a);
    return RC_OK;
}

enum rc incident_relation_name(struct incident_store *s, str incident, str name, str ref, struct err *err)
{
    AUTO(arena) a = arena_new(INCIDENT_PRIV_ARENA);
    AUTO(state_tx) tx = NULL;
    struct incident_row row;

    if (!name.n || name.n > MAX_NAME)
        return err_set(err, RC_INVALID, "a relation's name has 1 to %d bytes", MAX_NAME);
    if (str_eq(name, ref))
        return RC_OK;
    TRY(state_tx_write(s->state, &tx, err));
    TRY(incident_row_find(tx, incident, a, &row, err));
    TRY(state_stmt_run(tx, "INSERT OR REPLACE INTO incident_relations (incident, name, ref) VALUES (?, ?, ?)",
                       STATE_ARGS(STATE_I(row.i.number), STATE_S(name), STATE_S(ref)), err));
    return state_tx_commit(tx, err);
}
