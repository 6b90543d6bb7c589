/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/incident_entity.h"
#include "incident/incident_priv.h"
#include "incident/incident_search.h"

enum { MAX_LISTENERS = 1000, MAX_SCOPE_BYTES = 1 << 16 };

static const char *const STATUSES[INCIDENT_STATUS_COUNT_] = { "New", "Active", "Closed" };

str incident_status_name(enum incident_status s)
{
    return s < INCIDENT_STATUS_COUNT_ ? str_of(STATUSES[s]) : S("New");
}

bool incident_status_parse(str s, enum incident_status *out)
{
    for (int i = 0; i < INCIDENT_STATUS_COUNT_; i++) {
        if (str_eq_ci(s, str_of(STATUSES[i]))) {
            *out = (enum incident_status)i;
            return true;
        }
    }
    return false;
}

/* What a migration left to be put into the index of words. */
static enum rc settle_search(struct incident_store *s, struct err *err)
{
    AUTO(state_tx) tx = NULL;

    TRY(state_tx_write(s->state, &tx, err));
    TRY(incident_search_settle(tx, err));
    return state_tx_commit(tx, err);
}

enum rc incident_open(const struct incident_opts *opts, struct incident_store **out, struct err *err)
{
    if (!opts->state || !opts->env)
        return err_set(err, RC_INVALID, "incidents need state and an env");
    AUTO(incident_store) s = MEM_NEW(struct incident_store);

    s->state = opts->state;
    s->env = opts->env;
    s->arena = arena_new(MAX_SCOPE_BYTES);
    s->scope =
        (struct incident_json_scope) { arena_str(s->arena, opts->subscription),
                                       arena_str(s->arena, opts->group), arena_str(s->arena, opts->workspace),
                                       arena_str(s->arena, opts->portal) };
    pthread_mutex_init(&s->listening, NULL);
    TRY(incident_entity_catch_up(s, err));
    TRY(settle_search(s, err));
    *out = TAKE(s);
    return RC_OK;
}

struct incident_store *incident_close(struct incident_store *s)
{
    if (!s)
        return NULL;
    vec_done(&s->listeners);
    vec_done(&s->events);
    pthread_mutex_destroy(&s->listening);
    arena_free(s->arena);
    return mem_free(s);
}

struct alert_sink incident_sink(struct incident_store *s)
{
    return (
        struct alert_sink) { .ctx = s, .raise = incident_group_raise, .settled = incident_change_settled };
}

enum rc incident_subscribe(struct incident_store *s, void (*on)(void *ctx, const struct incident_event *e),
                           void *ctx, uint64_t *id, struct err *err)
{
    enum rc rc = RC_OK;

    pthread_mutex_lock(&s->listening);
    if (s->listeners.n >= MAX_LISTENERS) {
        rc = err_set(err, RC_LIMIT, "at most %d listeners", MAX_LISTENERS);
    } else {
        *id = ++s->next_listener;
        *vec_push(&s->listeners) = (struct incident_listener) { *id, on, ctx };
    }
    pthread_mutex_unlock(&s->listening);
    return rc;
}

void incident_unsubscribe(struct incident_store *s, uint64_t id)
{
    pthread_mutex_lock(&s->listening);
    for (size_t i = 0; i < s->listeners.n; i++) {
        if (s->listeners.p[i].id == id) {
            s->listeners.p[i] = vec_last(&s->listeners);
            s->listeners.n--;
            break;
        }
    }
    pthread_mutex_unlock(&s->listening);
}
