/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"
#include "incident/incident_act.h"

enum { MAX_NAME = 128 };

#define COLUMNS "name, version, message, created, modified, author_id, author_name, author_email, author_upn"

static struct incident_comment read_comment(const struct state_stmt *st, struct arena *a)
{
    str name = state_stmt_str_in(st, 0, a);

    return (struct incident_comment) {
        .name = name,
        .etag = arena_printf(a, "\"" STR_FMT "-%lld\"", STR_ARG(str_slice(name, 0, 8)),
                             (long long)state_stmt_i64(st, 1)),
        .message = state_stmt_str_in(st, 2, a),
        .created = state_stmt_i64(st, 3),
        .modified = state_stmt_i64(st, 4),
        .author = { .object_id = state_stmt_str_in(st, 5, a),
                    .name = state_stmt_str_in(st, 6, a),
                    .email = state_stmt_str_in(st, 7, a),
                    .upn = state_stmt_str_in(st, 8, a) },
    };
}

static enum rc find(struct state_tx *tx, int64_t number, str name, struct arena *a,
                    struct incident_comment *out, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool found;

    TRY(state_stmt_open(tx, "SELECT " COLUMNS " FROM incident_comments WHERE incident = ? AND name = ?",
                        STATE_ARGS(STATE_I(number), STATE_S(name)), &st, err));
    TRY(state_stmt_next(st, &found, err));
    if (!found)
        return err_set(err, RC_NOT_FOUND, "there is no comment '" STR_FMT "'",
                       STR_ARG(str_slice(name, 0, 64)));
    *out = read_comment(st, a);
    return RC_OK;
}

enum rc incident_comments(struct incident_store *s, str incident, struct arena *a,
                          struct incident_comment **out, size_t *n, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    struct incident_row row;
    VEC(struct incident_comment) list = { 0 };
    bool more;

    TRY(state_tx_read(s->state, &tx, err));
    TRY(incident_row_find(tx, incident, a, &row, err));
    TRY(state_stmt_open(tx,
                        "SELECT " COLUMNS " FROM incident_comments WHERE incident = ? ORDER BY created, name",
                        STATE_ARGS(STATE_I(row.i.number)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            break;
        *vec_push_in(a, &list) = read_comment(st, a);
    }
    *out = list.p;
    *n = list.n;
    return RC_OK;
}

enum rc incident_comment_get(struct incident_store *s, str incident, str name, struct arena *a,
                             struct incident_comment *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    struct incident_row row;

    TRY(state_tx_read(s->state, &tx, err));
    TRY(incident_row_find(tx, incident, a, &row, err));
    return find(tx, row.i.number, name, a, out, err);
}

static enum rc check_message(const struct incident_comment_put *put, struct err *err)
{
    if (!str_trim(put->message).n)
        return err_set(err, RC_INVALID, "properties.message: a comment says something");
    if (utf8_count(put->message) > INCIDENT_MAX_COMMENT_CHARS)
        return err_set(err, RC_INVALID, "properties.message: at most %d characters, not %zu",
                       INCIDENT_MAX_COMMENT_CHARS, utf8_count(put->message));
    if (!put->name.n || put->name.n > MAX_NAME)
        return err_set(err, RC_INVALID, "a comment's name has 1 to %d bytes", MAX_NAME);
    return RC_OK;
}

static enum rc add_comment(struct incident_change_set *c, const struct incident_comment_put *put,
                           struct err *err)
{
    if (c->row.i.n_comments >= INCIDENT_MAX_COMMENTS)
        return err_set(err, RC_LIMIT, "an incident has at most %d comments", INCIDENT_MAX_COMMENTS);
    TRY(state_stmt_run(
        c->tx, "INSERT INTO incident_comments (incident, " COLUMNS ") VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?, ?)",
        STATE_ARGS(STATE_I(c->row.i.number), STATE_S(put->name), STATE_S(put->message), STATE_I(c->now),
                   STATE_I(c->now), STATE_S(put->by.who.object_id), STATE_S(put->by.who.name),
                   STATE_S(put->by.who.email), STATE_S(put->by.who.upn)),
        err));
    c->row.i.n_comments++;
    return incident_change_note(c, S("comment"), S(""), put->message, err);
}

static enum rc change_comment(struct incident_change_set *c, const struct incident_comment_put *put,
                              const struct incident_comment *was, struct err *err)
{
    if (!str_eq(was->author.object_id, put->by.who.object_id))
        return err_set(err, RC_FORBIDDEN, "only " STR_FMT ", who wrote the comment, may change it",
                       STR_ARG(was->author.name));
    if (put->if_match.n && !str_eq(put->if_match, S("*")) && !str_eq(put->if_match, was->etag))
        return err_set(err, RC_STALE, "the comment was changed meanwhile");
    TRY(state_stmt_run(
        c->tx,
        "UPDATE incident_comments SET version = version + 1, message = ?, modified = ? "
        "WHERE incident = ? AND name = ?",
        STATE_ARGS(STATE_S(put->message), STATE_I(c->now), STATE_I(c->row.i.number), STATE_S(put->name)),
        err));
    return incident_change_note(c, S("comment"), was->message, put->message, err);
}

static enum rc put_comment(struct incident_change_set *c, const struct incident_comment_put *put,
                           struct incident_comment *out, bool *created, struct err *err)
{
    struct incident_comment was;
    struct err              why = { 0 };

    TRY(check_message(put, err));
    TRY(incident_row_find(c->tx, put->incident, c->arena, &c->row, err));
    enum rc rc = find(c->tx, c->row.i.number, put->name, c->arena, &was, &why);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return err_set(err, rc, "%s", why.text);
    struct incident_act_thing thing;
    *created = rc == RC_NOT_FOUND;
    TRY(incident_act_begin(c, *created ? S("comment") : S("change a comment"), &put->by, err));
    TRY(incident_act_before(c, "comment", put->name, &thing, err));
    TRY(*created ? add_comment(c, put, err) : change_comment(c, put, &was, err));
    TRY(incident_act_after(c, &thing, err));
    TRY(incident_change_store(c, err));
    return find(c->tx, c->row.i.number, put->name, c->arena, out, err);
}

struct putting {
    const struct incident_comment_put *put;
    struct incident_comment            out;
    bool                               created;
};

static enum rc put_one(struct incident_change_set *c, void *arg, struct err *err)
{
    struct putting *p = arg;
    return put_comment(c, p->put, &p->out, &p->created, err);
}

enum rc incident_comment_put(struct incident_store *s, const struct incident_comment_put *put,
                             struct arena *a, struct incident_comment *out, bool *created, struct err *err)
{
    struct putting p = { .put = put };

    TRY(incident_change_run(s, &put->by, a, put_one, &p, err));
    *out = p.out;
    if (created)
        *created = p.created;
    return RC_OK;
}

struct removal {
    str                       incident, name;
    const struct incident_by *by;
};

static enum rc remove_comment(struct incident_change_set *c, void *arg, struct err *err)
{
    const struct removal     *r = arg;
    struct incident_comment   was;
    struct incident_act_thing thing;

    TRY(incident_row_find(c->tx, r->incident, c->arena, &c->row, err));
    TRY(find(c->tx, c->row.i.number, r->name, c->arena, &was, err));
    TRY(incident_act_begin(c, S("delete a comment"), r->by, err));
    TRY(incident_act_before(c, "comment", r->name, &thing, err));
    TRY(state_stmt_run(c->tx, "DELETE FROM incident_comments WHERE incident = ? AND name = ?",
                       STATE_ARGS(STATE_I(c->row.i.number), STATE_S(r->name)), err));
    TRY(incident_act_after(c, &thing, err));
    c->row.i.n_comments--;
    TRY(incident_change_note(c, S("comment"), was.message, S(""), err));
    return incident_change_store(c, err);
}

enum rc incident_comment_delete(struct incident_store *s, str incident, str name,
                                const struct incident_by *by, struct err *err)
{
    AUTO(arena) a = arena_new(INCIDENT_PRIV_ARENA);
    struct removal r = { incident, name, by };

    return incident_change_run(s, by, a, remove_comment, &r, err);
}
