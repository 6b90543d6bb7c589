/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/incident_undo.h"

#include "incident/incident_act.h"

enum { MAX_JSON = 8 << 20 };

#define ROW_FROM_JSON                                                                                        \
    "UPDATE incidents SET named_by_hand = ?2 ->> 'title' IS NOT NULL, rated_by_hand = ?2 ->> 'severity' IS " \
    "NOT NULL, title = coalesce(?2 ->> 'title', title), description = coalesce(?2 ->> 'description', "       \
    "description), severity = coalesce(?2 ->> 'severity', severity), status = ?2 ->> 'status', closed = ?2 " \
    "->> 'closed', classification = ?2 ->> 'classification', classification_reason = ?2 ->> "                \
    "'classification_reason', classification_comment = ?2 ->> 'classification_comment', owner_id = ?2 ->> "  \
    "'$.owner[0]', owner_name = ?2 ->> '$.owner[1]', owner_email = ?2 ->> '$.owner[2]', owner_upn = ?2 ->> " \
    "'$.owner[3]', owner_type = ?2 ->> '$.owner[4]', labels = ?2 -> 'labels', merged_into = ?2 ->> "         \
    "'merged_into', deleted = ?2 ->> 'deleted', first_activity = coalesce(?2 ->> 'first_activity', "         \
    "first_activity), last_activity = coalesce(?2 ->> 'last_activity', last_activity) WHERE number = ?1"

struct undoing {
    struct incident_store     *store;
    struct state_tx           *tx;
    struct arena              *arena;
    struct incident_change_set first; /* carries the new act */
    VEC(struct incident_change_set) touched;
};

static enum rc read_steps(struct undoing *u, int64_t act, struct incident_act_step **out, size_t *n,
                          struct err *err)
{
    AUTO(state_stmt) st = NULL;
    VEC(struct incident_act_step) list = { 0 };
    bool more;

    TRY(state_stmt_open(u->tx,
                        "SELECT incident, kind, ref, was, became FROM incident_act_steps WHERE act = ? "
                        "ORDER BY seq DESC",
                        STATE_ARGS(STATE_I(act)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            break;
        *vec_push_in(u->arena, &list) =
            (struct incident_act_step) { .incident = state_stmt_i64(st, 0),
                                         .kind = state_stmt_str_in(st, 1, u->arena),
                                         .ref = state_stmt_str_in(st, 2, u->arena),
                                         .was = state_stmt_str_in(st, 3, u->arena),
                                         .became = state_stmt_str_in(st, 4, u->arena),
                                         .was_there = !state_stmt_is_null(st, 3),
                                         .is_there = !state_stmt_is_null(st, 4) };
    }
    *out = list.p;
    *n = list.n;
    return RC_OK;
}

/* The change of an incident that undoing touches, begun when it is first needed. The pointer is good until
 * the next call. */
static enum rc touch(struct undoing *u, int64_t number, struct incident_change_set **out, struct err *err)
{
    for (size_t i = 0; i < u->touched.n; i++) {
        if (u->touched.p[i].row.i.number == number) {
            *out = &u->touched.p[i];
            return RC_OK;
        }
    }
    struct incident_change_set *c = vec_push_in(u->arena, &u->touched);
    incident_change_begin(c, u->store, u->tx, u->arena, u->first.who);
    TRY(incident_row_load(u->tx, number, u->arena, &c->row, err));
    c->was = c->row;
    *out = c;
    return incident_act_join(c, &u->first, err);
}

static enum rc changed_since(const struct incident_change_set *c, str what, struct err *err)
{
    return err_set(err, RC_CONFLICT,
                   "incident %lld: " STR_FMT " was changed since, last by " STR_FMT "; undo that first",
                   (long long)c->row.i.number, STR_ARG(what), STR_ARG(c->row.i.modified_by));
}

/* The row with the members that the act changed as they were before it. */
static enum rc turn_row(struct incident_change_set *c, const struct incident_act_step *s, str *out,
                        struct err *err)
{
    const struct json *was, *became, *now;
    AUTO_STRBUF        text = STRBUF_INIT(MAX_JSON);
    struct json_w      w = json_w_make(&text);

    TRY(json_parse(c->arena, s->was, &was, err));
    TRY(json_parse(c->arena, s->became, &became, err));
    TRY(json_parse(c->arena, c->seen, &now, err));
    json_w_object(&w);
    for (size_t i = 0; i < now->n; i++) {
        str                key = now->members[i].key;
        const struct json *old = json_get(was, key), *made = json_get(became, key);
        bool               turned = old && made && !json_eq(old, made);
        if (turned && !json_eq(&now->members[i].value, made))
            return changed_since(c, key, err);
        json_w_key(&w, key);
        json_w_tree(&w, turned ? old : &now->members[i].value);
    }
    json_w_end(&w);
    TRY(strbuf_ok(&text, "an incident", err));
    *out = arena_str(c->arena, strbuf_view(&text));
    return RC_OK;
}

static enum rc undo_row(struct undoing *u, const struct incident_act_step *s, struct err *err)
{
    struct incident_change_set *c;
    str                         json, seen;

    TRY(touch(u, s->incident, &c, err));
    seen = c->seen;
    TRY(turn_row(c, s, &json, err));
    TRY(state_stmt_run(u->tx, ROW_FROM_JSON, STATE_ARGS(STATE_I(s->incident), STATE_S(json)), err));
    TRY(incident_row_load(u->tx, s->incident, u->arena, &c->row, err));
    struct incident_act_step back = { .incident = s->incident,
                                      .kind = s->kind,
                                      .ref = s->ref,
                                      .was = seen,
                                      .became = json,
                                      .was_there = true,
                                      .is_there = true };
    c->seen = json;
    incident_change_mark(c, S("status"));
    incident_change_mark(c, S("owner"));
    return incident_act_step(c, &back, err);
}

static enum rc undo_alert(struct undoing *u, const struct incident_act_step *s, struct err *err)
{
    struct incident_alert_row   alert;
    struct incident_change_set *c = &u->first;
    int64_t                     was = 0, became = 0;

    if ((s->was_there && !str_to_i64(s->was, &was)) || (s->is_there && !str_to_i64(s->became, &became)))
        return err_set(err, RC_CORRUPT, "a step of an act names no incident");
    TRY(incident_alert_find(u->tx, s->ref, u->arena, &alert, err));
    if (was)
        TRY(touch(u, was, &c, err));
    if (became)
        TRY(touch(u, became, &c, err));
    if (alert.incident_number != became)
        return changed_since(c, S("where an alert belongs"), err);
    incident_change_mark(c, S("alerts"));
    return incident_act_move_alert(&u->first, s->ref, became, was, err);
}

static enum rc undo_thing(struct undoing *u, const struct incident_act_step *s, struct err *err)
{
    struct incident_change_set *c;
    bool                        there;
    str                         now;
    struct incident_act_thing   t = { .kind = arena_str(u->arena, s->kind).p,
                                      .incident = s->incident,
                                      .ref = s->ref,
                                      .was = s->became,
                                      .was_there = s->is_there };
    TRY(touch(u, s->incident, &c, err));
    TRY(incident_act_read(c, &t, &there, &now, err));
    if (there != s->is_there || !str_eq(now, s->became))
        return changed_since(c, arena_printf(u->arena, "a " STR_FMT, STR_ARG(s->kind)), err);
    TRY(incident_act_put(c, &t, s->was_there, s->was, err));
    incident_change_mark(c, incident_act_word(s->kind));
    return incident_act_after(c, &t, err);
}

static enum rc undo_step(struct undoing *u, const struct incident_act_step *s, struct err *err)
{
    if (str_eq(s->kind, S("incident")))
        return undo_row(u, s, err);
    if (str_eq(s->kind, S("alert")))
        return undo_alert(u, s, err);
    return undo_thing(u, s, err);
}

/* Every incident touched is as its alerts have it, is told of and keeps the reason. */
static enum rc settle_touched(struct undoing *u, str what, struct err *err)
{
    for (size_t i = 0; i < u->touched.n; i++) {
        struct incident_change_set *c = &u->touched.p[i];
        TRY(incident_group_rebuild(c, err));
        c->relog = true;
        TRY(incident_change_note(c, S("undone"), what, S(""), err));
        if (!c->row.first_modified)
            c->row.first_modified = c->now;
        TRY(incident_change_store(c, err));
    }
    return RC_OK;
}

static enum rc undo(struct undoing *u, int64_t act, const struct incident_by *by, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    struct incident_act_step *steps;
    size_t                    n;
    bool                      found;

    TRY(state_stmt_open(u->tx, "SELECT what, undone FROM incident_acts WHERE id = ?",
                        STATE_ARGS(STATE_I(act)), &st, err));
    TRY(state_stmt_next(st, &found, err));
    if (!found)
        return err_set(err, RC_NOT_FOUND, "there is no act %lld", (long long)act);
    str what = state_stmt_str_in(st, 0, u->arena);
    if (state_stmt_i64(st, 1))
        return err_set(err, RC_CONFLICT, "act %lld was undone already, by act %lld", (long long)act,
                       (long long)state_stmt_i64(st, 1));
    st = state_stmt_done(st);
    TRY(read_steps(u, act, &steps, &n, err));
    if (!n)
        return err_set(err, RC_CONFLICT, "act %lld changed nothing that could be undone", (long long)act);
    TRY(incident_act_begin(&u->first, arena_printf(u->arena, "undo " STR_FMT, STR_ARG(what)), by, err));
    for (size_t i = 0; i < n; i++)
        TRY(undo_step(u, &steps[i], err));
    TRY(settle_touched(u, what, err));
    return state_stmt_run(u->tx, "UPDATE incident_acts SET undone = ? WHERE id = ?",
                          STATE_ARGS(STATE_I(u->first.act), STATE_I(act)), err);
}

struct wish {
    int64_t                   act, undoing;
    const struct incident_by *by;
};

static enum rc undo_once(struct incident_change_set *c, void *arg, struct err *err)
{
    struct wish   *w = arg;
    struct undoing u = { .store = c->store, .tx = c->tx, .arena = c->arena, .first = *c };

    TRY(incident_act_of_request(c->tx, w->by, &w->undoing, err));
    if (w->undoing)
        return RC_OK;
    TRY(undo(&u, w->act, w->by, err));
    w->undoing = u.first.act;
    return RC_OK;
}

enum rc incident_undo_act(struct incident_store *s, int64_t act, const struct incident_by *by,
                          int64_t *undoing, struct err *err)
{
    AUTO(arena) a = arena_new(INCIDENT_PRIV_ARENA);
    struct wish w = { .act = act, .by = by };

    TRY(incident_change_run(s, by, a, undo_once, &w, err));
    *undoing = w.undoing;
    return RC_OK;
}
