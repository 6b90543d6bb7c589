/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/incident_move.h"

#include "incident/incident_act.h"
#include "incident/incident_write.h"

enum { MAX_RELATION = 128, MAX_TITLE = 500 };

/* An act that moves alerts, while it is made. */
struct moving {
    struct incident_change_set *first; /* the incident that it is about; carries the act */
    VEC(struct incident_change_set) others;
    const struct incident_by   *by;
    int64_t                     earlier; /* the same request, carried out before */
    struct incident_move_result out;
    const void                 *wish;
};

/* --- the incidents that take part --- */

static enum rc other(struct moving *m, int64_t number, size_t *at, struct err *err)
{
    for (*at = 0; *at < m->others.n; (*at)++)
        if (m->others.p[*at].row.i.number == number)
            return RC_OK;
    struct incident_change_set *first = m->first, *c = vec_push_in(first->arena, &m->others);
    incident_change_begin(c, first->store, first->tx, first->arena, first->who);
    TRY(incident_row_load(first->tx, number, first->arena, &c->row, err));
    return incident_act_join(c, first, err);
}

static enum rc settle(struct incident_change_set *c, struct err *err)
{
    TRY(incident_group_rebuild(c, err));
    incident_change_mark(c, S("alerts"));
    c->relog = true;
    if (!c->row.first_modified && !c->is_new)
        c->row.first_modified = c->now;
    return incident_change_store(c, err);
}

static enum rc finish(struct moving *m, struct err *err)
{
    struct arena *a = m->first->arena;

    m->out.act = m->first->act;
    m->out.incidents = ARENA_ARRAY(a, str, m->others.n + 1);
    m->out.incidents[m->out.n++] = m->first->row.i.name;
    TRY(settle(m->first, err));
    for (size_t i = 0; i < m->others.n; i++) {
        m->out.incidents[m->out.n++] = m->others.p[i].row.i.name;
        TRY(settle(&m->others.p[i], err));
    }
    return RC_OK;
}

/* The result of a request that was carried out before: its act and the incidents that it touched. */
static enum rc recall(struct moving *m, struct incident_change_set *c, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    VEC(str) names = { 0 };
    bool more;

    TRY(state_stmt_open(c->tx,
                        "SELECT name FROM incidents WHERE number IN (SELECT incident FROM incident_act_steps "
                        "WHERE act = ?) ORDER BY number",
                        STATE_ARGS(STATE_I(m->earlier)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            break;
        *vec_push_in(c->arena, &names) = state_stmt_str_in(st, 0, c->arena);
    }
    m->out = (struct incident_move_result) { m->earlier, names.p, names.n };
    return RC_OK;
}

static enum rc run(struct incident_store *s, struct moving *m, incident_change_fn *fn, struct arena *a,
                   struct incident_move_result *out, struct err *err)
{
    TRY(incident_change_run(s, m->by, a, fn, m, err));
    *out = m->out;
    return RC_OK;
}

/* True when the request was carried out before; m->out is filled then. */
static enum rc before(struct moving *m, struct incident_change_set *c, bool *done, struct err *err)
{
    m->first = c;
    TRY(incident_act_of_request(c->tx, m->by, &m->earlier, err));
    *done = m->earlier != 0;
    return *done ? recall(m, c, err) : RC_OK;
}

static enum rc check_room(const struct incident_change_set *c, size_t more, struct err *err)
{
    if (c->row.i.n_alerts + (int64_t)more > INCIDENT_MAX_ALERTS)
        return err_set(err, RC_LIMIT, "incident %lld would have %lld alerts; the limit is %d",
                       (long long)c->row.i.number, (long long)c->row.i.n_alerts + (long long)more,
                       INCIDENT_MAX_ALERTS);
    return RC_OK;
}

/* --- adding and removing --- */

static enum rc name_relation(struct moving *m, const struct incident_move_alerts *w, struct err *err)
{
    if (!w->relation.n || w->n != 1 || str_eq(w->relation, w->alerts[0]))
        return RC_OK;
    if (w->relation.n > MAX_RELATION)
        return err_set(err, RC_INVALID, "a relation's name has at most %d bytes", MAX_RELATION);
    return state_stmt_run(
        m->first->tx, "INSERT OR REPLACE INTO incident_relations (incident, name, ref) VALUES (?, ?, ?)",
        STATE_ARGS(STATE_I(m->first->row.i.number), STATE_S(w->relation), STATE_S(w->alerts[0])), err);
}

static enum rc add_one(struct moving *m, str id, struct err *err)
{
    struct incident_change_set *c = m->first;
    struct incident_alert_row   alert;
    size_t                      at;

    TRY(incident_alert_find(c->tx, id, c->arena, &alert, err));
    if (alert.incident_number == c->row.i.number)
        return RC_OK;
    if (alert.incident_number) {
        TRY(other(m, alert.incident_number, &at, err));
        TRY(incident_change_note(&m->others.p[at], S("alert removed"), alert.a.alert.display_name,
                                 arena_printf(c->arena, "to incident %lld", (long long)c->row.i.number),
                                 err));
    }
    TRY(incident_act_move_alert(c, id, alert.incident_number, c->row.i.number, err));
    return incident_change_note(c, S("alert"), S(""), alert.a.alert.display_name, err);
}

static enum rc remove_one(struct moving *m, str id, struct err *err)
{
    struct incident_change_set *c = m->first;
    struct incident_alert_row   alert;

    TRY(incident_alert_find(c->tx, id, c->arena, &alert, err));
    if (alert.incident_number != c->row.i.number)
        return err_set(err, RC_CONFLICT, "alert '" STR_FMT "' is not in incident %lld",
                       STR_ARG(str_slice(id, 0, 64)), (long long)c->row.i.number);
    TRY(incident_act_move_alert(c, id, alert.incident_number, 0, err));
    TRY(state_stmt_run(c->tx, "DELETE FROM incident_relations WHERE incident = ? AND ref = ?",
                       STATE_ARGS(STATE_I(c->row.i.number), STATE_S(id)), err));
    return incident_change_note(c, S("alert removed"), alert.a.alert.display_name, S(""), err);
}

static enum rc move_alerts(struct incident_change_set *c, void *arg, struct err *err)
{
    struct moving                     *m = arg;
    const struct incident_move_alerts *w = m->wish;
    bool                               done;

    TRY(before(m, c, &done, err));
    if (done)
        return RC_OK;
    TRY(incident_row_find(c->tx, w->incident, c->arena, &c->row, err));
    if (!w->remove)
        TRY(check_room(c, w->n, err));
    TRY(incident_act_begin(c, w->remove ? S("remove alerts") : S("add alerts"), m->by, err));
    for (size_t i = 0; i < w->n; i++)
        TRY(w->remove ? remove_one(m, w->alerts[i], err) : add_one(m, w->alerts[i], err));
    TRY(w->remove ? RC_OK : name_relation(m, w, err));
    return finish(m, err);
}

enum rc incident_move_alerts(struct incident_store *s, const struct incident_move_alerts *w, struct arena *a,
                             struct incident_move_result *out, struct err *err)
{
    struct moving m = { .by = &w->by, .wish = w };

    if (!w->n || w->n > INCIDENT_MAX_ALERTS)
        return err_set(err, RC_INVALID, "1 to %d alerts at once, not %zu", INCIDENT_MAX_ALERTS, w->n);
    return run(s, &m, move_alerts, a, out, err);
}

/* --- merging --- */

static enum rc close_merged(struct moving *m, struct incident_change_set *c, struct err *err)
{
    struct incident *i = &c->row.i, *into = &m->first->row.i;
    str              where = arena_printf(c->arena, "incident %lld", (long long)into->number);

    TRY(incident_change_note(c, S("merged into"), S(""), where, err));
    TRY(incident_change_note(m->first, S("merged"),
                             arena_printf(c->arena, "incident %lld", (long long)i->number), i->title, err));
    i->merged_into = into->number;
    if (i->status == INCIDENT_CLOSED)
        return RC_OK;
    TRY(incident_change_note(c, S("status"), incident_status_name(i->status), S("Closed"), err));
    i->status = INCIDENT_CLOSED;
    i->closed = c->now;
    if (!i->classification.n)
        i->classification = S("Undetermined");
    i->classification_comment = arena_printf(c->arena, "merged into " STR_FMT, STR_ARG(where));
    return RC_OK;
}

static enum rc take_over(struct moving *m, struct incident_change_set *from, struct err *err)
{
    static const char *const    kinds[] = { "comment", "task", "file", "bookmark" };
    struct incident_change_set *into = m->first;

    TRY(incident_row_alert_ids(into->tx, into->arena, &from->row, err));
    for (size_t i = 0; i < from->row.i.n_alert_ids; i++)
        TRY(incident_act_move_alert(into, from->row.i.alert_ids[i], from->row.i.number, into->row.i.number,
                                    err));
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        TRY(incident_act_move_things(into, kinds[i], from->row.i.number, into->row.i.number, err));
    into->row.i.n_alerts += from->row.i.n_alerts;
    into->row.i.n_comments += from->row.i.n_comments;
    into->row.i.n_tasks += from->row.i.n_tasks;
    into->row.i.n_bookmarks += from->row.i.n_bookmarks;
    return close_merged(m, from, err);
}

static enum rc check_sum(const struct incident *i, struct err *err)
{
    const struct {
        int64_t     n, max;
        const char *what;
    } limits[] = {
        { i->n_alerts, INCIDENT_MAX_ALERTS, "alerts" },
        { i->n_comments, INCIDENT_MAX_COMMENTS, "comments" },
        { i->n_tasks, INCIDENT_MAX_TASKS, "tasks" },
        { i->n_bookmarks, INCIDENT_MAX_BOOKMARKS, "bookmarks" },
    };

    for (size_t k = 0; k < sizeof limits / sizeof *limits; k++)
        if (limits[k].n > limits[k].max)
            return err_set(err, RC_LIMIT, "incident %lld would have %lld %s; the limit is %lld",
                           (long long)i->number, (long long)limits[k].n, limits[k].what,
                           (long long)limits[k].max);
    return RC_OK;
}

static enum rc merge(struct incident_change_set *c, void *arg, struct err *err)
{
    struct moving                    *m = arg;
    const struct incident_move_merge *w = m->wish;
    struct incident_row               from;
    bool                              done;
    size_t                            at;

    TRY(before(m, c, &done, err));
    if (done)
        return RC_OK;
    TRY(incident_row_find(c->tx, w->into, c->arena, &c->row, err));
    if (c->row.i.merged_into)
        return err_set(err, RC_CONFLICT, "incident %lld was merged into incident %lld",
                       (long long)c->row.i.number, (long long)c->row.i.merged_into);
    TRY(incident_act_begin(c, S("merge"), m->by, err));
    for (size_t i = 0; i < w->n; i++) {
        TRY(incident_row_find(c->tx, w->from[i], c->arena, &from, err));
        if (from.i.number == c->row.i.number)
            return err_set(err, RC_INVALID, "incident %lld cannot be merged into itself",
                           (long long)from.i.number);
        if (from.i.merged_into)
            return err_set(err, RC_CONFLICT, "incident %lld was merged into incident %lld",
                           (long long)from.i.number, (long long)from.i.merged_into);
        size_t known = m->others.n;
        TRY(other(m, from.i.number, &at, err));
        if (at == known) /* each once, however often it is named */
            TRY(take_over(m, &m->others.p[at], err));
        TRY(check_sum(&c->row.i, err));
    }
    return finish(m, err);
}

enum rc incident_move_merge(struct incident_store *s, const struct incident_move_merge *w, struct arena *a,
                            struct incident_move_result *out, struct err *err)
{
    struct moving m = { .by = &w->by, .wish = w };

    if (!w->n || w->n > INCIDENT_MOVE_MAX_MERGED)
        return err_set(err, RC_INVALID, "1 to %d incidents are merged at once, not %zu",
                       INCIDENT_MOVE_MAX_MERGED, w->n);
    return run(s, &m, merge, a, out, err);
}

/* --- splitting --- */

static enum rc begin_split(struct moving *m, const struct incident_move_split *w,
                           const struct incident_row *from, struct err *err)
{
    struct incident_change_set *c = m->first;
    guid                        id;
    char                        text[GUID_TEXT_SIZE];
    str                         title = str_trim(w->title);

    if (!guid_parse(w->name, &id))
        return err_set(err, RC_INVALID, "an incident's name is a GUID, not '" STR_FMT "'",
                       STR_ARG(str_slice(w->name, 0, 64)));
    if (title.n > MAX_TITLE)
        return err_set(err, RC_INVALID, "a title has at most %d bytes, not %zu", MAX_TITLE, title.n);
    c->row = (struct incident_row) { .i = { .name = arena_str(c->arena, guid_text(id, text)),
                                            .title = title.n ? title : from->i.title,
                                            .severity = from->i.severity,
                                            .status = from->i.status == INCIDENT_CLOSED ? INCIDENT_ACTIVE
                                                                                        : from->i.status,
                                            .owner = from->i.owner,
                                            .created = c->now,
                                            .modified = c->now,
                                            .modified_by = c->who,
                                            .entities = S("[]") },
                                     .named_by_hand = title.n != 0 };
    TRY(incident_act_begin(c, S("split"), m->by, err));
    TRY(incident_write_new(c, m->by, err));
    return incident_change_note(c, S("created"), S(""),
                                arena_printf(c->arena, "split from incident %lld", (long long)from->i.number),
                                err);
}

static enum rc split(struct incident_change_set *c, void *arg, struct err *err)
{
    struct moving                    *m = arg;
    const struct incident_move_split *w = m->wish;
    struct incident_row               from;
    bool                              done;
    size_t                            at;

    TRY(before(m, c, &done, err));
    if (done)
        return RC_OK;
    TRY(incident_row_find(c->tx, w->from, c->arena, &from, err));
    if ((int64_t)w->n >= from.i.n_alerts)
        return err_set(err, RC_INVALID, "incident %lld has %lld alerts: one at least stays",
                       (long long)from.i.number, (long long)from.i.n_alerts);
    TRY(begin_split(m, w, &from, err));
    TRY(other(m, from.i.number, &at, err));
    for (size_t i = 0; i < w->n; i++) {
        struct incident_alert_row alert;
        TRY(incident_alert_find(c->tx, w->alerts[i], c->arena, &alert, err));
        if (alert.incident_number != from.i.number)
            return err_set(err, RC_CONFLICT, "alert '" STR_FMT "' is not in incident %lld",
                           STR_ARG(str_slice(w->alerts[i], 0, 64)), (long long)from.i.number);
        TRY(incident_act_move_alert(c, w->alerts[i], from.i.number, c->row.i.number, err));
    }
    TRY(incident_change_note(
        &m->others.p[at], S("split"), S(""),
        arena_printf(c->arena, "%zu alerts to incident %lld", w->n, (long long)c->row.i.number), err));
    return finish(m, err);
}

enum rc incident_move_split(struct incident_store *s, const struct incident_move_split *w, struct arena *a,
                            struct incident_move_result *out, struct err *err)
{
    struct moving m = { .by = &w->by, .wish = w };

    if (!w->n || w->n > INCIDENT_MAX_ALERTS)
        return err_set(err, RC_INVALID, "1 to %d alerts are split off, not %zu", INCIDENT_MAX_ALERTS, w->n);
    return run(s, &m, split, a, out, err);
}

/* --- many at once --- */

static enum rc bulk(struct incident_change_set *c, void *arg, struct err *err)
{
    struct moving                   *m = arg;
    const struct incident_move_bulk *w = m->wish;
    struct incident_change_set       one;
    struct incident_row              there;
    bool                             done;

    TRY(before(m, c, &done, err));
    if (done)
        return RC_OK;
    TRY(incident_act_begin(c, S("change many"), m->by, err));
    m->out.act = c->act;
    m->out.incidents = ARENA_ARRAY(c->arena, str, w->n);
    for (size_t i = 0; i < w->n; i++) {
        struct incident_put put = { .name = w->incidents[i],
                                    .body = w->body,
                                    .if_match = w->etags && w->etags[i].n ? w->etags[i] : S("*"),
                                    .by = *m->by };
        TRY(incident_row_find(c->tx, put.name, c->arena, &there, err)); /* it makes none */
        incident_change_begin(&one, c->store, c->tx, c->arena, c->who);
        one.act = c->act;
        one.why = c->why;
        TRY(incident_write_apply(&one, &put, err));
        m->out.incidents[m->out.n++] = one.row.i.name;
    }
    return RC_OK;
}

enum rc incident_move_bulk(struct incident_store *s, const struct incident_move_bulk *w, struct arena *a,
                           struct incident_move_result *out, struct err *err)
{
    struct moving m = { .by = &w->by, .wish = w };

    if (!w->n || w->n > INCIDENT_MOVE_MAX_BULK)
        return err_set(err, RC_INVALID, "1 to %d incidents are changed at once, not %zu",
                       INCIDENT_MOVE_MAX_BULK, w->n);
    return run(s, &m, bulk, a, out, err);
}
