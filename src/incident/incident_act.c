/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/incident_act.h"

enum { MAX_WHY = 1000 };

/* What people decide about an incident. A title that no person gave is null: the alerts give it again. */
#define ROW_JSON                                                                                             \
    "SELECT json_object('title', iif(named_by_hand, title, NULL), 'description', iif(named_by_hand, "        \
    "description, NULL), 'severity', iif(rated_by_hand, severity, NULL), 'status', status, 'closed', "       \
    "closed, 'classification', classification, 'classification_reason', classification_reason, "             \
    "'classification_comment', classification_comment, 'owner', json_array(owner_id, owner_name, "           \
    "owner_email, owner_upn, owner_type), 'labels', json(labels), 'merged_into', merged_into, 'deleted', "   \
    "deleted, 'first_activity', iif(n_alerts, NULL, first_activity), 'last_activity', iif(n_alerts, NULL, "  \
    "last_activity)) FROM incidents WHERE number = ?1"

/* Things that belong to an incident, as JSON and back. A restored thing takes the number of the act as its
 * version, which is above all that it ever had, so an etag from before is stale. */
static const struct kind {
    const char *name, *names, *read, *remove, *insert;
} KINDS[] = {
    { "comment", "SELECT name FROM incident_comments WHERE incident = ?1 ORDER BY created, name",
      "SELECT json_object('message', message, 'created', created, 'modified', modified, 'author', "
      "json_array(author_id, author_name, author_email, author_upn)) FROM incident_comments WHERE incident "
      "= ?1 AND name = ?2",
      "DELETE FROM incident_comments WHERE incident = ?1 AND name = ?2",
      "INSERT INTO incident_comments (incident, name, version, message, created, modified, author_id, "
      "author_name, author_email, author_upn) VALUES (?1, ?2, ?4, ?3 ->> 'message', ?3 ->> 'created', ?3 ->> "
      "'modified', ?3 ->> '$.author[0]', ?3 ->> '$.author[1]', ?3 ->> '$.author[2]', ?3 ->> "
      "'$.author[3]')" },
    { "task", "SELECT name FROM incident_tasks WHERE incident = ?1 ORDER BY created, name",
      "SELECT json_object('title', title, 'description', description, 'done', done, 'created', created, "
      "'modified', modified, 'maker', json_array(maker_id, maker), 'changer', json_array(changer_id, "
      "changer)) FROM incident_tasks WHERE incident = ?1 AND name = ?2",
      "DELETE FROM incident_tasks WHERE incident = ?1 AND name = ?2",
      "INSERT INTO incident_tasks (incident, name, version, title, description, done, created, modified, "
      "maker_id, maker, changer_id, changer) VALUES (?1, ?2, ?4, ?3 ->> 'title', ?3 ->> 'description', ?3 "
      "->> 'done', ?3 ->> 'created', ?3 ->> 'modified', ?3 ->> '$.maker[0]', ?3 ->> '$.maker[1]', ?3 ->> "
      "'$.changer[0]', ?3 ->> '$.changer[1]')" },
    /* A file's bytes stay where they are; what comes and goes is that the incident has it. */
    { "file", "SELECT name FROM incident_files WHERE incident = ?1 AND deleted = 0 ORDER BY created, name",
      "SELECT json_object('id', id) FROM incident_files WHERE incident = ?1 AND name = ?2 AND deleted = 0",
      "UPDATE incident_files SET deleted = 1 WHERE incident = ?1 AND name = ?2 AND deleted = 0",
      "UPDATE incident_files SET deleted = 0, incident = ?1, name = ?2 WHERE id = ?3 ->> 'id' AND ?4" },
    /* A bookmark is the workspace's; what comes and goes is that an incident holds it. */
    { "bookmark", "SELECT name FROM bookmarks WHERE incident = ?1 AND deleted = 0 ORDER BY event_time, name",
      "SELECT json_object('held', 1) FROM bookmarks WHERE incident = ?1 AND name = ?2 AND deleted = 0",
      "UPDATE bookmarks SET incident = NULL, version = version + 1 WHERE incident = ?1 AND name = ?2",
      "UPDATE bookmarks SET incident = ?1, version = version + 1 WHERE name = ?2 AND ?3 IS NOT NULL AND ?4" },
};

static const struct kind *kind_of(str name)
{
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
        if (str_eq(name, str_of(KINDS[i].name)))
            return &KINDS[i];
    return NULL;
}

/* The one text that a query gives; false when there is no row. */
static enum rc read_text(struct state_tx *tx, const char *sql, struct state_args args, struct arena *a,
                         bool *found, str *out, struct err *err)
{
    AUTO(state_stmt) st = NULL;

    *out = STR_NONE;
    TRY(state_stmt_open(tx, sql, args, &st, err));
    TRY(state_stmt_next(st, found, err));
    if (*found)
        *out = state_stmt_str_in(st, 0, a);
    return RC_OK;
}

static enum rc read_row(struct incident_change_set *c, str *out, struct err *err)
{
    bool found;
    return read_text(c->tx, ROW_JSON, STATE_ARGS(STATE_I(c->row.i.number)), c->arena, &found, out, err);
}

/* --- noting --- */

static struct state_arg text_or_null(bool there, str s)
{
    return there ? STATE_S(s) : STATE_NULL;
}

enum rc incident_act_step(struct incident_change_set *c, const struct incident_act_step *s, struct err *err)
{
    return state_stmt_run(
        c->tx,
        "INSERT INTO incident_act_steps (act, seq, incident, kind, ref, was, became) SELECT ?1, "
        "coalesce(max(seq), 0) + 1, ?2, ?3, ?4, ?5, ?6 FROM incident_act_steps WHERE act = ?1",
        STATE_ARGS(STATE_I(c->act), STATE_I(s->incident), STATE_S(s->kind), STATE_S(s->ref),
                   text_or_null(s->was_there, s->was), text_or_null(s->is_there, s->became)),
        err);
}

enum rc incident_act_begin(struct incident_change_set *c, str what, const struct incident_by *by,
                           struct err *err)
{
    if (by->why.n > MAX_WHY)
        return err_set(err, RC_INVALID, "the reason has at most %d bytes, not %zu", MAX_WHY, by->why.n);
    TRY(state_stmt_run(
        c->tx, "INSERT INTO incident_acts (time, who_id, who, what, why, request) VALUES (?, ?, ?, ?, ?, ?)",
        STATE_ARGS(STATE_I(c->now), STATE_S(by->who.object_id), STATE_S(c->who), STATE_S(what),
                   STATE_S(by->why), STATE_SN(str_slice(by->request, 0, 128))),
        err));
    c->act = state_stmt_last_rowid(c->tx);
    c->why = by->why;
    return read_row(c, &c->seen, err);
}

enum rc incident_act_join(struct incident_change_set *c, const struct incident_change_set *leader,
                          struct err *err)
{
    c->act = leader->act;
    c->why = leader->why;
    return read_row(c, &c->seen, err);
}

enum rc incident_act_note_row(struct incident_change_set *c, struct err *err)
{
    struct incident_act_step s = { .incident = c->row.i.number,
                                   .kind = S("incident"),
                                   .ref = S(""),
                                   .was = c->seen,
                                   .was_there = true,
                                   .is_there = true };

    if (!c->act)
        return RC_OK;
    TRY(read_row(c, &s.became, err));
    if (str_eq(s.was, s.became))
        return RC_OK;
    c->seen = s.became;
    return incident_act_step(c, &s, err);
}

enum rc incident_act_of_request(struct state_tx *tx, const struct incident_by *by, int64_t *out,
                                struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool found;

    *out = 0;
    if (!by->request.n)
        return RC_OK;
    TRY(state_stmt_open(tx, "SELECT id FROM incident_acts WHERE who_id = ? AND request = ?",
                        STATE_ARGS(STATE_S(by->who.object_id), STATE_S(str_slice(by->request, 0, 128))), &st,
                        err));
    TRY(state_stmt_next(st, &found, err));
    if (found)
        *out = state_stmt_i64(st, 0);
    return RC_OK;
}

static str number_text(struct arena *a, int64_t n)
{
    return n ? arena_printf(a, "%lld", (long long)n) : STR_NONE;
}

enum rc incident_act_move_alert(struct incident_change_set *c, str alert, int64_t from, int64_t to,
                                struct err *err)
{
    struct incident_act_step s = { .incident = to ? to : from,
                                   .kind = S("alert"),
                                   .ref = alert,
                                   .was = number_text(c->arena, from),
                                   .became = number_text(c->arena, to),
                                   .was_there = from != 0,
                                   .is_there = to != 0 };

    TRY(state_stmt_run(c->tx, "UPDATE alerts SET incident = ?2 WHERE id = ?1",
                       STATE_ARGS(STATE_S(alert), to ? STATE_I(to) : STATE_NULL), err));
    return incident_act_step(c, &s, err);
}

enum rc incident_act_read(struct incident_change_set *c, const struct incident_act_thing *t, bool *there,
                          str *out, struct err *err)
{
    const struct kind *k = kind_of(str_of(t->kind));

    if (!k)
        return err_set(err, RC_UNSUPPORTED, "a step of kind '%s' is not known", t->kind);
    return read_text(c->tx, k->read, STATE_ARGS(STATE_I(t->incident), STATE_S(t->ref)), c->arena, there, out,
                     err);
}

enum rc incident_act_before(struct incident_change_set *c, const char *kind, str ref,
                            struct incident_act_thing *out, struct err *err)
{
    *out = (struct incident_act_thing) { .kind = kind, .incident = c->row.i.number, .ref = ref };
    return incident_act_read(c, out, &out->was_there, &out->was, err);
}

enum rc incident_act_after(struct incident_change_set *c, const struct incident_act_thing *t, struct err *err)
{
    struct incident_act_step s = { .incident = t->incident,
                                   .kind = str_of(t->kind),
                                   .ref = t->ref,
                                   .was = t->was,
                                   .was_there = t->was_there };

    TRY(incident_act_read(c, t, &s.is_there, &s.became, err));
    return incident_act_step(c, &s, err);
}

/* --- putting things where they were --- */

enum rc incident_act_put(struct incident_change_set *c, const struct incident_act_thing *t, bool there,
                         str json, struct err *err)
{
    const struct kind *k = kind_of(str_of(t->kind));

    TRY(state_stmt_run(c->tx, k->remove, STATE_ARGS(STATE_I(t->incident), STATE_S(t->ref)), err));
    if (!there)
        return RC_OK;
    return state_stmt_run(c->tx, k->insert,
                          STATE_ARGS(STATE_I(t->incident), STATE_S(t->ref), STATE_S(json), STATE_I(c->act)),
                          err);
}

static enum rc read_names(struct incident_change_set *c, const char *sql, int64_t incident, const str **out,
                          size_t *n, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    VEC(str) names = { 0 };
    bool more;

    TRY(state_stmt_open(c->tx, sql, STATE_ARGS(STATE_I(incident)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            break;
        *vec_push_in(c->arena, &names) = state_stmt_str_in(st, 0, c->arena);
    }
    *out = names.p;
    *n = names.n;
    return RC_OK;
}

enum rc incident_act_move_things(struct incident_change_set *c, const char *kind, int64_t from, int64_t to,
                                 struct err *err)
{
    const str *names;
    size_t     n;

    TRY(read_names(c, kind_of(str_of(kind))->names, from, &names, &n, err));
    for (size_t i = 0; i < n; i++) {
        struct incident_act_thing old = { .kind = kind, .incident = from, .ref = names[i] }, fresh = old;
        fresh.incident = to;
        TRY(incident_act_read(c, &old, &old.was_there, &old.was, err));
        TRY(incident_act_put(c, &old, false, STR_NONE, err));
        TRY(incident_act_after(c, &old, err));
        TRY(incident_act_put(c, &fresh, true, old.was, err));
        TRY(incident_act_after(c, &fresh, err));
    }
    return RC_OK;
}

str incident_act_word(str kind)
{
    const struct kind *k = kind_of(kind);
    return k ? str_of(k->name) : S("thing");
}
