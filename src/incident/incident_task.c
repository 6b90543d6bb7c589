/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/incident_task.h"

#include "base/utf8.h"
#include "incident/incident_act.h"

enum { MAX_NAME = 128, MAX_TITLE = 150, MAX_TEXT = 3000 };

#define COLUMNS                                                                                              \
    "name, version, title, description, done, created, modified, maker_id, maker, changer_id, changer"

static struct incident_task read_task(const struct state_stmt *st, struct arena *a)
{
    str name = state_stmt_str_in(st, 0, a);

    return (struct incident_task) {
        .name = name,
        .etag = arena_printf(a, "\"" STR_FMT "-%lld\"", STR_ARG(str_slice(name, 0, 8)),
                             (long long)state_stmt_i64(st, 1)),
        .title = state_stmt_str_in(st, 2, a),
        .description = state_stmt_str_in(st, 3, a),
        .done = state_stmt_i64(st, 4) != 0,
        .created = state_stmt_i64(st, 5),
        .modified = state_stmt_i64(st, 6),
        .maker = { .object_id = state_stmt_str_in(st, 7, a), .name = state_stmt_str_in(st, 8, a) },
        .changer = { .object_id = state_stmt_str_in(st, 9, a), .name = state_stmt_str_in(st, 10, a) },
    };
}

static enum rc find(struct state_tx *tx, int64_t number, str name, struct arena *a, struct incident_task *out,
                    struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool found;

    TRY(state_stmt_open(tx, "SELECT " COLUMNS " FROM incident_tasks WHERE incident = ? AND name = ?",
                        STATE_ARGS(STATE_I(number), STATE_S(name)), &st, err));
    TRY(state_stmt_next(st, &found, err));
    if (!found)
        return err_set(err, RC_NOT_FOUND, "there is no task '" STR_FMT "'", STR_ARG(str_slice(name, 0, 64)));
    *out = read_task(st, a);
    return RC_OK;
}

enum rc incident_task_list(struct incident_store *s, str incident, struct arena *a,
                           struct incident_task **out, size_t *n, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    struct incident_row row;
    VEC(struct incident_task) list = { 0 };
    bool more;

    TRY(state_tx_read(s->state, &tx, err));
    TRY(incident_row_find(tx, incident, a, &row, err));
    TRY(state_stmt_open(tx,
                        "SELECT " COLUMNS " FROM incident_tasks WHERE incident = ? ORDER BY created, name",
                        STATE_ARGS(STATE_I(row.i.number)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            break;
        *vec_push_in(a, &list) = read_task(st, a);
    }
    *out = list.p;
    *n = list.n;
    return RC_OK;
}

enum rc incident_task_get(struct incident_store *s, str incident, str name, struct arena *a,
                          struct incident_task *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    struct incident_row row;

    TRY(state_tx_read(s->state, &tx, err));
    TRY(incident_row_find(tx, incident, a, &row, err));
    return find(tx, row.i.number, name, a, out, err);
}

/* --- changing --- */

struct putting {
    const struct incident_task_put *put;
    struct incident_task            task;
    bool                            created;
};

static enum rc take_text(const struct json *props, const char *name, size_t max, str *field, struct err *err)
{
    const struct json *v = json_get(props, str_of(name));

    if (!v)
        return RC_OK;
    if (v->kind != JSON_STRING && v->kind != JSON_NULL)
        return err_set(err, RC_INVALID, "properties.%s: a text is expected", name);
    *field = v->kind == JSON_STRING ? v->s : S("");
    if (utf8_count(*field) > max)
        return err_set(err, RC_INVALID, "properties.%s: at most %zu characters, not %zu", name, max,
                       utf8_count(*field));
    return RC_OK;
}

static enum rc take_body(const struct json *props, struct incident_task *t, struct err *err)
{
    str status = json_str(props, S("status"), t->done ? S("Completed") : S("New"));

    TRY(take_text(props, "title", MAX_TITLE, &t->title, err));
    TRY(take_text(props, "description", MAX_TEXT, &t->description, err));
    if (!str_trim(t->title).n)
        return err_set(err, RC_INVALID, "properties.title: a task says what is to be done");
    if (!str_eq_ci(status, S("New")) && !str_eq_ci(status, S("Completed")))
        return err_set(err, RC_INVALID, "properties.status: New or Completed");
    t->done = str_eq_ci(status, S("Completed"));
    return RC_OK;
}

static enum rc check(const struct incident_change_set *c, const struct putting *p, struct err *err)
{
    str want = p->put->if_match;

    if (!p->put->name.n || p->put->name.n > MAX_NAME)
        return err_set(err, RC_INVALID, "a task's name has 1 to %d bytes", MAX_NAME);
    if (p->created && c->row.i.n_tasks >= INCIDENT_MAX_TASKS)
        return err_set(err, RC_LIMIT, "an incident has at most %d tasks", INCIDENT_MAX_TASKS);
    if (want.n && !str_eq(want, S("*")) && (p->created || !str_eq(want, p->task.etag)))
        return err_set(err, RC_STALE, "the task was changed meanwhile");
    return RC_OK;
}

static enum rc store(struct incident_change_set *c, const struct putting *p, struct err *err)
{
    const struct incident_task   *t = &p->task;
    const struct incident_person *who = &p->put->by.who;

    return state_stmt_run(
        c->tx,
        "INSERT INTO incident_tasks (incident, " COLUMNS ") VALUES (?1, ?2, 1, ?3, ?4, ?5, ?6, ?6, ?7, ?8, "
        "?7, ?8) ON CONFLICT (incident, name) DO UPDATE SET version = version + 1, title = ?3, description = "
        "?4, done = ?5, modified = ?6, changer_id = ?7, changer = ?8",
        STATE_ARGS(STATE_I(c->row.i.number), STATE_S(p->put->name), STATE_S(t->title),
                   STATE_S(t->description), STATE_I(t->done), STATE_I(c->now), STATE_S(who->object_id),
                   STATE_S(c->who)),
        err);
}

static enum rc note(struct incident_change_set *c, const struct incident_task *was,
                    const struct incident_task *is, bool created, struct err *err)
{
    c->row.i.n_tasks += created;
    c->row.i.n_tasks_done += (int)is->done - (int)(was->done && !created);
    if (created)
        return incident_change_note(c, S("task"), S(""), is->title, err);
    if (was->done != is->done)
        return incident_change_note(c, is->done ? S("task completed") : S("task reopened"), S(""), is->title,
                                    err);
    return incident_change_note(c, S("task"), was->title, is->title, err);
}

static enum rc put_task(struct incident_change_set *c, void *arg, struct err *err)
{
    struct putting           *p = arg;
    struct incident_task      was = { 0 };
    struct incident_act_thing thing;
    struct err                why = { 0 };

    TRY(incident_row_find(c->tx, p->put->incident, c->arena, &c->row, err));
    enum rc rc = find(c->tx, c->row.i.number, p->put->name, c->arena, &was, &why);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return err_set(err, rc, "%s", why.text);
    p->created = rc == RC_NOT_FOUND;
    p->task = was;
    TRY(check(c, p, err));
    TRY(take_body(p->put->properties, &p->task, err));
    TRY(incident_act_begin(c, p->created ? S("add a task") : S("change a task"), &p->put->by, err));
    TRY(incident_act_before(c, "task", p->put->name, &thing, err));
    TRY(store(c, p, err));
    TRY(incident_act_after(c, &thing, err));
    TRY(note(c, &was, &p->task, p->created, err));
    TRY(incident_change_store(c, err));
    return find(c->tx, c->row.i.number, p->put->name, c->arena, &p->task, err);
}

enum rc incident_task_put(struct incident_store *s, const struct incident_task_put *put, struct arena *a,
                          struct incident_task *out, bool *created, struct err *err)
{
    struct putting p = { .put = put };

    TRY(incident_change_run(s, &put->by, a, put_task, &p, err));
    *out = p.task;
    *created = p.created;
    return RC_OK;
}

struct removal {
    str                       incident, name;
    const struct incident_by *by;
};

static enum rc remove_task(struct incident_change_set *c, void *arg, struct err *err)
{
    const struct removal     *r = arg;
    struct incident_task      was;
    struct incident_act_thing thing;

    TRY(incident_row_find(c->tx, r->incident, c->arena, &c->row, err));
    TRY(find(c->tx, c->row.i.number, r->name, c->arena, &was, err));
    TRY(incident_act_begin(c, S("delete a task"), r->by, err));
    TRY(incident_act_before(c, "task", r->name, &thing, err));
    TRY(state_stmt_run(c->tx, "DELETE FROM incident_tasks WHERE incident = ? AND name = ?",
                       STATE_ARGS(STATE_I(c->row.i.number), STATE_S(r->name)), err));
    TRY(incident_act_after(c, &thing, err));
    c->row.i.n_tasks--;
    c->row.i.n_tasks_done -= was.done;
    TRY(incident_change_note(c, S("task"), was.title, S(""), err));
    return incident_change_store(c, err);
}

enum rc incident_task_delete(struct incident_store *s, str incident, str name, const struct incident_by *by,
                             struct err *err)
{
    AUTO(arena) a = arena_new(INCIDENT_PRIV_ARENA);
    struct removal r = { incident, name, by };

    return incident_change_run(s, by, a, remove_task, &r, err);
}
