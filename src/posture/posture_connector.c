/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_connector.h"

#include <time.h>

#include "base/log.h"
#include "posture/posture_priv.h"
#include "posture/posture_resource.h"

enum { PUT_BYTES = 64 << 20, MAX_GONE = 10000 };

void posture_connect(struct posture *p, const struct posture_connector *c)
{
    *vec_push(&p->connectors) = (struct posture_connected) { .connector = *c };
}

const struct posture_connector *posture_connector_find(const struct posture *p, str name)
{
    for (size_t i = 0; i < p->connectors.n; i++)
        if (str_eq_ci(str_of(p->connectors.p[i].connector.name), name))
            return &p->connectors.p[i].connector;
    return NULL;
}

/* --- one discovery --- */

struct discovering {
    struct posture                 *p;
    const struct posture_connector *c;
    struct posture_discovery       *out;
};

static enum rc put(void *ctx, str id, const struct json *document, struct err *err)
{
    struct discovering               *d = ctx;
    struct posture_resource_result    result;
    const struct posture_resource_put one = {
        .id = id, .document = document, .source = str_of(d->c->name), .who = str_of(d->c->name)
    };
    AUTO(arena) a = arena_new(PUT_BYTES);
    struct err why = { 0 };

    d->out->seen++;
    enum rc rc = posture_resource_put(d->p, &one, a, &result, &why);
    if (rc == RC_INVALID || rc == RC_LIMIT || rc == RC_SYNTAX) {
        d->out->refused++;
        log_warn(EV_POSTURE_FAILED, F_STR("resource", id), F_ERR(&why));
        return RC_OK;
    }
    if (rc != RC_OK)
        return err_set(err, rc, "%s", why.text);
    d->out->created += result.created;
    d->out->changed += result.changed && !result.created;
    return RC_OK;
}

/* What it told of before `began` and not since. */
static enum rc find_unseen(struct posture *p, const struct posture_connector *c, ts began, struct arena *a,
                           struct posture_resources *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    bool row;

    TRY(state_tx_read(p->opts.state, &tx, err));
    TRY(state_stmt_open(tx,
                        "SELECT id FROM resources WHERE source = ? AND last_seen < ? AND gone = 0 LIMIT ?",
                        STATE_ARGS(STATE_S(str_of(c->name)), STATE_I(began), STATE_I(MAX_GONE)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &row, err));
        if (!row)
            return RC_OK;
        *vec_push_in(a, out) = (struct posture_resource) { .id = state_stmt_str_in(st, 0, a) };
    }
}

static enum rc remove_unseen(struct posture *p, const struct posture_connector *c, ts began,
                             struct posture_discovery *out, struct err *err)
{
    AUTO(arena) a = arena_new(PUT_BYTES);
    struct posture_resources unseen = { 0 };

    TRY(find_unseen(p, c, began, a, &unseen, err));
    for (size_t i = 0; i < unseen.n; i++) {
        struct err why = { 0 };
        enum rc    rc = posture_resource_delete(p, unseen.p[i].id, str_of(c->name), &why);
        if (rc != RC_OK && rc != RC_NOT_FOUND) /* it may have gone with its parent */
            return err_set(err, rc, "%s", why.text);
        out->gone += rc == RC_OK;
    }
    return RC_OK;
}

enum rc posture_connector_run(struct posture *p, const struct posture_connector *c,
                              struct posture_discovery *out, struct err *err)
{
    ts                  began = env_now(p->opts.env);
    struct discovering  d = { p, c, out };
    struct posture_sink sink = { &d, put };

    *out = (struct posture_discovery) { 0 };
    if (c->discover(c->ctx, &sink, err) != RC_OK)
        return err_wrap(err, "connector %s", c->name);
    return remove_unseen(p, c, began, out, err);
}

/* --- the thread --- */

static bool run_due(struct posture *p, struct posture_connected *c)
{
    struct posture_discovery found;
    struct err               err;
    int64_t                  now = env_monotonic_ns(p->opts.env);

    if (!c->connector.every || (c->ran && now < c->next))
        return false;
    if (posture_connector_run(p, &c->connector, &found, &err) != RC_OK)
        log_warn(EV_POSTURE_FAILED, F_CSTR("connector", c->connector.name), F_ERR(&err));
    c->ran = true;
    c->next = env_monotonic_ns(p->opts.env) + c->connector.every * 100;
    return true;
}

static void *discover(void *arg)
{
    struct posture *p = arg;

    pthread_mutex_lock(&p->lock);
    while (!p->stopping) {
        struct timespec until;
        bool            ran = false;
        pthread_mutex_unlock(&p->lock);
        for (size_t i = 0; i < p->connectors.n; i++)
            ran |= run_due(p, &p->connectors.p[i]);
        pthread_mutex_lock(&p->lock);
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += 5;
        if (!ran && !p->stopping)
            pthread_cond_timedwait(&p->ended, &p->lock, &until);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

enum rc posture_connector_start(struct posture *p, struct err *err)
{
    int failed = p->connectors.n ? pthread_create(&p->discoverer, NULL, discover, p) : 0;

    if (failed)
        return err_errno(err, RC_INTERNAL, failed, "the thread of the connectors");
    p->discovering = p->connectors.n > 0;
    return RC_OK;
}

void posture_connector_stop(struct posture *p)
{
    if (p->discovering)
        pthread_join(p->discoverer, NULL);
    p->discovering = false;
}
