/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture.h"

#include <time.h>

#include "base/log.h"
#include "posture/posture_fix.h"
#include "posture/posture_id.h"
#include "posture/posture_library.h"
#include "posture/posture_pending.h"
#include "posture/posture_policystate.h"
#include "posture/posture_priv.h"
#include "posture/posture_resource.h"
#include "posture/posture_sweep.h"
#include "state/state_setting.h"

enum { OPTS_BYTES = 1 << 20, START_BYTES = 128 << 20 };
#define WAKE_EVERY SECONDS(20)
#define LOG_PACE MILLIS(50)

/* --- snapshots --- */

static void free_plan(void *plan)
{
    posture_plan_free(plan);
}

static void free_tree(void *tree)
{
    posture_tree_free(tree);
}

enum rc posture_replan(struct posture *p, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(posture_plan) plan = NULL;

    TRY(state_tx_write(p->opts.state, &tx, err));
    TRY(posture_plan_build(p, tx, &plan, err));
    TRY(state_tx_commit(tx, err));
    snapshot_publish(p->plan, TAKE(plan), free_plan);
    return RC_OK;
}

enum rc posture_retree(struct posture *p, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(posture_tree) tree = NULL;

    TRY(state_tx_read(p->opts.state, &tx, err));
    TRY(posture_tree_load(tx, p->root, &tree, err));
    snapshot_publish(p->tree, TAKE(tree), free_tree);
    return RC_OK;
}

void posture_changed(struct posture *p)
{
    atomic_fetch_add(&p->generation, 1);
}

uint64_t posture_generation(const struct posture *p)
{
    return atomic_load(&p->generation);
}

/* --- what waits to be judged again --- */

static struct posture_todo *todo_free(struct posture_todo *t)
{
    mem_free(t->scope);
    return mem_free(t);
}

/* A wider scope that waits already does the work of a narrower one. */
static bool is_waiting(const struct posture *p, str scope)
{
    for (const struct posture_todo *t = p->todo; t; t = t->next)
        if (posture_id_within(str_of(t->scope), scope))
            return true;
    return false;
}

void posture_later(struct posture *p, str scope)
{
    pthread_mutex_lock(&p->lock);
    /* Management groups and the tenant: everything. */
    if (!str_starts_ci(scope, S("/subscriptions/")))
        scope = S("");
    if (!is_waiting(p, scope)) {
        struct posture_todo *t = MEM_NEW(struct posture_todo), **at = &p->todo;
        t->scope = mem_strdup(scope);
        while (*at)
            at = &(*at)->next;
        *at = t;
    }
    pthread_cond_signal(&p->woken);
    pthread_mutex_unlock(&p->lock);
}

void posture_again(struct posture *p, str scope)
{
    posture_later(p, scope);
}

static struct posture_todo *take_todo(struct posture *p)
{
    struct posture_todo *t = p->todo;

    if (t) {
        p->todo = t->next;
        p->busy = true;
    }
    return t;
}

void posture_rows_wait(struct posture *p)
{
    pthread_mutex_lock(&p->lock);
    p->logging = true;
    pthread_cond_broadcast(&p->woken);
    pthread_mutex_unlock(&p->lock);
}

static void do_todo(struct posture *p, struct posture_todo *t)
{
    struct err err;
    size_t     judged;

    if (posture_sweep_run(p, str_of(t->scope), &judged, &err) != RC_OK && err.rc != RC_CANCELLED)
        log_error(EV_POSTURE_FAILED, F_STR("scope", str_of(t->scope)), F_ERR(&err));
    todo_free(t);
    pthread_mutex_lock(&p->lock);
    p->busy = false;
    p->logging = true; /* there may be rows to make */
    pthread_cond_broadcast(&p->settled);
    pthread_mutex_unlock(&p->lock);
}

static void prune(struct posture *p)
{
    struct err err;

    pthread_mutex_lock(&p->change);
    enum rc rc = posture_policystate_prune(p, &err);
    pthread_mutex_unlock(&p->change);
    if (rc != RC_OK)
        log_error(EV_POSTURE_FAILED, F_ERR(&err));
}

/* Exemptions and attestations that ran out since the plan was made. */
static void look_at_clock(struct posture *p)
{
    AUTO(snapshot) held = snapshot_get(p->plan);
    const struct posture_plan *plan = snapshot_value(held);
    struct err                 err;

    ts   now = env_now(p->opts.env);
    bool expired = plan->next_expiry && plan->next_expiry <= now;

    /* Grace periods end by the day, as events do: once an hour is soon enough. */
    if (now - p->looked >= HOURS(1)) {
        p->looked = now;
        prune(p);
        if (plan->grace)
            posture_later(p, S(""));
    }
    if (!expired)
        return;
    pthread_mutex_lock(&p->change);
    enum rc rc = posture_replan(p, &err);
    pthread_mutex_unlock(&p->change);
    if (rc != RC_OK)
        log_error(EV_POSTURE_FAILED, F_ERR(&err));
    posture_later(p, S(""));
}

/* Rows of verdicts that a sweep left for later, some at a time: the outbox stays small and readers are not
 * held up. */
static bool log_some(struct posture *p)
{
    struct err err;
    size_t     n = 0;

    if (posture_pending_log(p, POSTURE_PENDING_SOME, &n, &err) != RC_OK)
        log_error(EV_POSTURE_FAILED, F_ERR(&err));
    p->logging = n > 0;
    return n > 0;
}

static struct timespec soon(duration wait)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    t.tv_sec += wait / SECONDS(1);
    t.tv_nsec += wait % SECONDS(1) * 100;
    if (t.tv_nsec >= 1000000000) {
        t.tv_sec++;
        t.tv_nsec -= 1000000000;
    }
    return t;
}

static void *work(void *arg)
{
    struct posture *p = arg;

    pthread_mutex_lock(&p->lock);
    while (!p->stopping) {
        struct timespec      until = soon(p->logging ? LOG_PACE : WAKE_EVERY);
        struct posture_todo *t = take_todo(p);
        if (!t)
            pthread_cond_timedwait(&p->woken, &p->lock, &until);
        pthread_mutex_unlock(&p->lock);
        if (t)
            do_todo(p, t);
        else if (!log_some(p))
            look_at_clock(p);
        pthread_mutex_lock(&p->lock);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

enum rc posture_start(struct posture *p, struct err *err)
{
    struct err why;
    size_t     recovered;

    /* A machine that cannot be put right just now does not keep the server from starting. */
    if (posture_fix_recover(p, &recovered, &why) != RC_OK)
        log_error(EV_POSTURE_FAILED, F_ERR(&why));
    int failed = pthread_create(&p->worker, NULL, work, p);

    if (failed)
        return err_errno(err, RC_INTERNAL, failed, "the thread of posture");
    p->started = true;
    return posture_connector_start(p, err);
}

bool posture_settle(struct posture *p, duration wait)
{
    struct timespec until = soon(wait);
    int             timed_out = 0;

    pthread_mutex_lock(&p->lock);
    while (!p->started && p->todo) {
        struct posture_todo *t = take_todo(p);
        pthread_mutex_unlock(&p->lock);
        do_todo(p, t);
        pthread_mutex_lock(&p->lock);
    }
    while ((p->todo || p->busy) && !timed_out && !p->stopping)
        timed_out = pthread_cond_timedwait(&p->settled, &p->lock, &until);
    bool settled = !p->todo && !p->busy;
    pthread_mutex_unlock(&p->lock);
    return settled;
}

/* --- opening --- */

static struct json_member text_member(str key, str value)
{
    return (struct json_member) { key, json_make_str(value) };
}

static enum rc put_container(struct posture *p, str id, const struct json_member *properties, uint32_t n,
                             struct err *err)
{
    AUTO(arena) a = arena_new(START_BYTES);
    const struct json_member       members[] = { text_member(S("location"), p->opts.location),
                                                 { S("properties"),
                                                   { .kind = JSON_OBJECT, .n = n, .members = properties } } };
    const struct json              document = { .kind = JSON_OBJECT, .n = 2, .members = members };
    struct posture_resource_result out;
    struct posture_resource        there;

    if (posture_resource_get(p, id, a, &there, NULL) == RC_OK)
        return RC_OK; /* as it was left by whoever changed it */
    return posture_resource_put(
        p,
        &(struct posture_resource_put) {
            .id = id, .document = &document, .source = S("vedette"), .who = S("vedette") },
        a, &out, err);
}

/* The containers of this installation, and the workspace, which is a resource. */
static enum rc put_own(struct posture *p, struct err *err)
{
    AUTO(arena) a = arena_new(1 << 20);
    str subscription = arena_printf(a, "/subscriptions/" STR_FMT, STR_ARG(p->opts.subscription));
    str group =
        arena_printf(a, STR_FMT "/resourceGroups/" STR_FMT, STR_ARG(subscription), STR_ARG(p->opts.group));
    const struct json_member root[] = { text_member(S("displayName"), S("Tenant Root Group")),
                                        text_member(S("tenantId"), p->opts.tenant) };
    const struct json_member own[] = { text_member(S("displayName"), p->opts.subscription_name),
                                       text_member(S("state"), S("Enabled")),
                                       text_member(S("parent"), p->root) };
    const struct json_member made[] = { text_member(S("provisioningState"), S("Succeeded")) };

    TRY(put_container(p, p->root, root, 2, err));
    TRY(put_container(p, subscription, own, 3, err));
    TRY(put_container(p, group, made, 1, err));
    return p->opts.workspace.n ? put_container(p, p->opts.workspace, made, 1, err) : RC_OK;
}

static enum rc load_aliases(struct posture *p, struct err *err)
{
    AUTO(arena) a = arena_new(START_BYTES);
    AUTO(state_tx) tx = NULL;
    struct err none;
    str        text;

    TRY(state_tx_read(p->opts.state, &tx, err));
    enum rc rc = state_setting_get(tx, S("posture.aliases"), a, &text, &none);
    if (rc == RC_NOT_FOUND) {
        p->aliases = policy_aliases_new();
        return RC_OK;
    }
    return rc == RC_OK ? posture_library_aliases_read(text, &p->aliases, err)
                       : err_set(err, rc, "%s", none.text);
}

static enum rc first_start(struct posture *p, bool *first, struct err *err)
{
    AUTO(arena) a = arena_new(1 << 16);
    AUTO(state_tx) tx = NULL;
    str        value;
    struct err none;

    TRY(state_tx_write(p->opts.state, &tx, err));
    *first = state_setting_get(tx, S("posture.assigned"), a, &value, &none) == RC_NOT_FOUND;
    if (*first)
        TRY(state_setting_put(tx, S("posture.assigned"), S("yes"), err));
    return state_tx_commit(tx, err);
}

static enum rc assign(struct posture *p, const struct posture_object *set, struct err *err)
{
    AUTO(arena) a = arena_new(START_BYTES);
    const struct json_member properties[] = {
        text_member(S("displayName"), json_str(set->properties, S("displayName"), set->key.name)),
        text_member(S("description"),
                    S("Assigned on the first start. Remove it, or narrow its scope, as you like.")),
        text_member(S("policyDefinitionId"), set->id)
    };
    const struct json_member  outer = { S("properties"),
                                        { .kind = JSON_OBJECT, .n = 3, .members = properties } };
    const struct json         body = { .kind = JSON_OBJECT, .n = 1, .members = &outer };
    struct posture_object_put put = { .key = { POSTURE_ASSIGNMENT, p->root, str_slice(set->key.name, 0, 64) },
                                      .body = &body,
                                      .who = S("vedette") };
    struct posture_object     made;

    return posture_object_put(p, &put, a, &made, err);
}

/* The initiatives of ours that say so are assigned to the tenant, once: who removes the assignment is not
 * overruled. */
static enum rc assign_defaults(struct posture *p, struct err *err)
{
    AUTO(arena) a = arena_new(START_BYTES);
    const struct posture_object_list list = { .kind = POSTURE_SET, .below = true };
    struct posture_objects           sets;
    bool                             first = false;

    TRY(posture_object_each(p, &list, a, &sets, err));
    size_t wanted = 0;
    for (size_t i = 0; i < sets.n; i++)
        wanted += json_bool(json_get(sets.v[i].properties, S("metadata")), S("default"), false);
    if (!wanted)
        return RC_OK;
    TRY(first_start(p, &first, err));
    for (size_t i = 0; first && i < sets.n; i++)
        if (json_bool(json_get(sets.v[i].properties, S("metadata")), S("default"), false))
            TRY(assign(p, &sets.v[i], err));
    return RC_OK;
}

/* Definitions of ours that are not right are told in the log: the rest of the server has nothing to do with
 * it. */
static enum rc load_content(struct posture *p, struct err *err)
{
    struct posture_library_counts counts = { 0 };

    if (!p->opts.content)
        return RC_OK;
    TRY(posture_library_folder(p, p->opts.content, &counts, err));
    if (counts.refused)
        log_warn(EV_POSTURE_FAILED, F_STR("error", str_of(counts.first)), F_INT("refused", counts.refused));
    return assign_defaults(p, err);
}

static void keep_opts(struct posture *p, const struct posture_opts *opts)
{
    str *texts[] = { &p->opts.tenant, &p->opts.subscription, &p->opts.subscription_name,
                     &p->opts.group,  &p->opts.location,     &p->opts.workspace };

    p->opts = *opts;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        *texts[i] = arena_str(p->arena, *texts[i]);
    if (opts->content)
        p->opts.content = arena_str(p->arena, str_of(opts->content)).p;
    p->root = arena_printf(p->arena, "/providers/Microsoft.Management/managementGroups/" STR_FMT,
                           STR_ARG(p->opts.tenant));
}

static enum rc fill(struct posture *p, struct err *err)
{
    TRY(load_aliases(p, err));
    TRY(posture_retree(p, err));
    TRY(posture_replan(p, err));
    TRY(put_own(p, err));
    TRY(posture_retree(p, err));
    return load_content(p, err);
}

enum rc posture_open(const struct posture_opts *opts, struct posture **out, struct err *err)
{
    AUTO(posture) p = MEM_NEW(struct posture);

    p->arena = arena_new(OPTS_BYTES);
    p->plan = snapshot_slot_new();
    p->tree = snapshot_slot_new();
    pthread_mutex_init(&p->change, NULL);
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->woken, NULL);
    pthread_cond_init(&p->settled, NULL);
    pthread_cond_init(&p->ended, NULL);
    keep_opts(p, opts);
    TRY(fill(p, err));
    *out = TAKE(p);
    return RC_OK;
}

static void stop(struct posture *p)
{
    pthread_mutex_lock(&p->lock);
    p->stopping = true;
    pthread_cond_broadcast(&p->woken);
    pthread_cond_broadcast(&p->settled);
    pthread_cond_broadcast(&p->ended);
    pthread_mutex_unlock(&p->lock);
    posture_connector_stop(p);
    if (p->started)
        pthread_join(p->worker, NULL);
}

struct posture *posture_close(struct posture *p)
{
    if (!p)
        return NULL;
    stop(p);
    for (struct posture_todo *t = p->todo, *next; t; t = next) {
        next = t->next;
        todo_free(t);
    }
    snapshot_slot_free(p->plan);
    snapshot_slot_free(p->tree);
    policy_aliases_free(p->aliases);
    for (size_t i = 0; i < p->old_aliases.n; i++)
        policy_aliases_free(p->old_aliases.p[i]);
    vec_done(&p->old_aliases);
    vec_done(&p->connectors);
    pthread_cond_destroy(&p->woken);
    pthread_cond_destroy(&p->settled);
    pthread_cond_destroy(&p->ended);
    pthread_mutex_destroy(&p->lock);
    pthread_mutex_destroy(&p->change);
    arena_free(p->arena);
    return mem_free(p);
}
