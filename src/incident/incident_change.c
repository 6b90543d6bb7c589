/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/incident_act.h"
#include "incident/incident_search.h"

void incident_change_begin(struct incident_change_set *c, struct incident_store *s, struct state_tx *tx,
                           struct arena *a, str who)
{
    *c =
        (struct incident_change_set) { .store = s, .tx = tx, .arena = a, .now = env_now(s->env), .who = who };
}

void incident_change_mark(struct incident_change_set *c, str what)
{
    for (size_t i = 0; i < c->n_changed; i++)
        if (str_eq(c->changed[i], what))
            return;
    if (c->n_changed < sizeof c->changed / sizeof *c->changed)
        c->changed[c->n_changed++] = what;
}

enum rc incident_change_note(struct incident_change_set *c, str what, str was, str became, struct err *err)
{
    incident_change_mark(c, what);
    return state_stmt_run(c->tx,
                          "INSERT INTO incident_history (incident, time, who, what, was, became, act, why) "
                          "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                          STATE_ARGS(STATE_I(c->row.i.number), STATE_I(c->now), STATE_S(c->who),
                                     STATE_S(what), STATE_S(was), STATE_S(became), STATE_I(c->act),
                                     STATE_S(c->why)),
                          err);
}

str incident_change_person(const struct incident_person *p)
{
    return p->name.n ? p->name : p->upn.n ? p->upn : p->object_id;
}

enum rc incident_change_store(struct incident_change_set *c, struct err *err)
{
    struct incident_pending_event e = { .type = c->is_new ? INCIDENT_CREATED : INCIDENT_CHANGED };

    c->row.version++;
    c->row.i.modified = c->now;
    c->row.i.modified_by = c->who;
    c->row.i.etag = incident_row_etag(c->arena, &c->row);
    TRY(incident_row_update(c->tx, &c->row, err));
    TRY(incident_act_note_row(c, err));
    TRY(incident_log_incident(c->store, c->tx, c->arena, &c->row, c->now, err));
    if (c->relog)
        TRY(incident_log_alerts(c, err));
    e.id = c->row.i.name;
    e.etag = c->row.i.etag;
    e.n_changed = c->n_changed;
    memcpy(e.changed, c->changed, sizeof e.changed);
    incident_change_event(c->store, &e);
    return RC_OK;
}

/* Kept until the transaction has ended. Past the limit the listeners get fewer events, never wrong ones: they
 * read the incident anew anyway. */
void incident_change_event(struct incident_store *s, const struct incident_pending_event *e)
{
    pthread_mutex_lock(&s->listening);
    if (s->events.n < INCIDENT_PRIV_MAX_EVENTS) {
        struct incident_pending_event *kept = vec_push(&s->events);
        *kept = *e;
        kept->owner = pthread_self();
        (void)str_to_cstr(e->id, kept->id_text, sizeof kept->id_text);
        (void)str_to_cstr(e->etag, kept->etag_text, sizeof kept->etag_text);
    }
    pthread_mutex_unlock(&s->listening);
}

static void tell_locked(struct incident_store *s, const struct incident_pending_event *p)
{
    struct incident_event e = { p->type, str_of(p->id_text), str_of(p->etag_text), p->changed, p->n_changed };

    for (size_t k = 0; k < s->listeners.n; k++)
        s->listeners.p[k].on(s->listeners.p[k].ctx, &e);
}

void incident_change_settled(void *store, bool committed)
{
    struct incident_store *s = store;
    size_t                 kept = 0;

    pthread_mutex_lock(&s->listening);
    for (size_t i = 0; i < s->events.n; i++) {
        if (!pthread_equal(s->events.p[i].owner, pthread_self()))
            s->events.p[kept++] = s->events.p[i];
        else if (committed)
            tell_locked(s, &s->events.p[i]);
    }
    s->events.n = kept;
    pthread_mutex_unlock(&s->listening);
}

enum rc incident_change_run(struct incident_store *s, const struct incident_by *by, struct arena *a,
                            incident_change_fn *fn, void *arg, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    struct incident_change_set c;

    TRY(state_tx_write(s->state, &tx, err));
    incident_change_begin(&c, s, tx, a, incident_change_person(&by->who));
    enum rc rc = fn(&c, arg, err);
    if (rc == RC_OK)
        rc = incident_search_settle(tx, err);
    if (rc == RC_OK)
        rc = state_tx_commit(tx, err);
    tx = state_tx_free(tx);
    incident_change_settled(s, rc == RC_OK);
    return rc;
}
