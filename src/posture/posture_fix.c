/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_fix.h"

#include "posture/posture_change.h"
#include "posture/posture_connector.h"
#include "posture/posture_deploy.h"
#include "posture/posture_id.h"
#include "posture/posture_patch.h"
#include "posture/posture_resource.h"
#include "posture/posture_sweep.h"

enum { FIX_BYTES = 1 << 20, RECOVER_BYTES = 512 << 20 };

/* What one fix is on its way. */
struct fixing {
    struct posture                   *p;
    const struct posture_fix_request *r;
    struct arena                     *a;
    struct posture_assessment         was;
    struct posture_resource           resource;
    const struct json                *document, *after; /* after: of a patch */
    const struct json                *fix;              /* metadata.fix, or NULL */
    const struct posture_connector   *connector;        /* of the resource's source; NULL: none */
    struct posture_deploy             deploy;           /* of a policy that deploys; else no steps */
};

/* --- finding out what to do --- */

static enum rc read_assessment(struct fixing *f, struct err *err)
{
    const struct posture_plan           *plan = posture_plan_get(f->p, f->a);
    const struct posture_assessment_list list = {
        .scope = f->r->resource, .definition = f->r->definition, .control = -1, .max = 1
    };
    struct posture_assessments found;

    TRY(posture_assessment_each(f->p, plan, &list, f->a, &found, err));
    if (!found.n || !str_eq_ci(found.p[0].resource_id, posture_id_trim(f->r->resource)))
        return err_set(err, RC_NOT_FOUND, "The assessment '" STR_FMT "' of '" STR_FMT "' was not found.",
                       STR_ARG(str_slice(f->r->definition, 0, 64)),
                       STR_ARG(str_slice(f->r->resource, 0, 200)));
    f->was = found.p[0];
    return RC_OK;
}

/* The details of a policy that modifies are worked out by judging once more; `deploys`: it is one that does.
 */
static enum rc read_modify(struct fixing *f, const struct json **operations, bool *deploys, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    const struct posture_subject s = { f->resource.id, f->resource.type, f->document, f->resource.key };

    TRY(state_tx_read(f->p->opts.state, &tx, err));
    const struct posture_judging j = posture_judge_begin(f->p, tx, f->a);
    struct posture_finding       found = posture_judge_one(&j, f->was.unit, &s, f->a);
    *operations = str_eq_ci(found.effect, S("modify")) ? json_get_ci(found.details, S("operations")) : NULL;
    *deploys = str_eq_ci(found.effect, S("deployIfNotExists"));
    return RC_OK;
}

static enum rc plan_patch(struct fixing *f, struct err *err)
{
    const struct json           *operations = NULL;
    bool                         deploys = false;
    const struct posture_subject s = { f->resource.id, f->resource.type, f->document, f->resource.key };

    if (f->fix)
        return posture_patch_set(f->a, f->document, json_get(f->fix, S("set")), &f->after, err);
    TRY(read_modify(f, &operations, &deploys, err));
    if (deploys)
        return posture_deploy_plan(f->p, f->was.unit, &s, f->a, &f->deploy, err);
    if (!operations)
        return err_set(err, RC_UNSUPPORTED,
                       "this recommendation has no fix that can be carried out: follow its steps");
    return posture_patch_modify(f->a, f->document, operations, f->p->aliases, &f->after, err);
}

static bool is_host(const struct fixing *f)
{
    return f->fix && str_eq(json_str(f->fix, S("kind"), STR_NONE), S("host"));
}

/* Whose resource is it? */
static enum rc find_door(struct fixing *f, struct err *err)
{
    f->connector = posture_connector_find(f->p, f->resource.source);
    if (is_host(f) && (!f->connector || !f->connector->fix))
        return err_set(err, RC_UNSUPPORTED,
                       "this machine cannot be changed from here: follow the recommendation's steps");
    if (is_host(f) || str_eq(f->resource.source, S("arm")) || (f->connector && f->connector->apply))
        return RC_OK;
    return err_set(err, RC_UNSUPPORTED,
                   "the resource came from '" STR_FMT
                   "' and can be changed only there: follow the recommendation's steps",
                   STR_ARG(str_slice(f->resource.source, 0, 60)));
}

static enum rc begin(struct fixing *f, struct err *err)
{
    TRY(posture_resource_get(f->p, f->r->resource, f->a, &f->resource, err));
    TRY(json_parse(f->a, f->resource.text, &f->document, err));
    TRY(read_assessment(f, err));
    if (f->was.state != POSTURE_UNHEALTHY)
        return err_set(err, RC_CONFLICT, "there is nothing to fix: the resource is " STR_FMT,
                       STR_ARG(posture_state_status(f->was.state)));
    f->fix = json_get_ci(f->was.unit->check->metadata, S("fix"));
    TRY(find_door(f, err));
    return is_host(f) ? RC_OK : plan_patch(f, err);
}

static enum rc diff_of(struct fixing *f, str *out, struct err *err)
{
    AUTO_STRBUF   text = STRBUF_INIT(FIX_BYTES), json = STRBUF_INIT(2 * FIX_BYTES);
    struct json_w w = json_w_make(&json);

    if (f->deploy.n)
        return posture_deploy_diff(&f->deploy, f->a, out, err);
    json_w_object(&w);
    if (is_host(f)) {
        TRY(f->connector->diff(f->connector->ctx, json_get(f->fix, S("actions")), &text, err));
        json_w_kstr(&w, S("text"), strbuf_view(&text));
    } else {
        struct posture_changes changes = posture_change_find(f->a, f->document, f->after);
        json_w_key(&w, S("changes"));
        json_w_raw(&w, posture_change_json(f->a, &changes));
    }
    json_w_end(&w);
    TRY(strbuf_ok(&json, "the preview", err));
    *out = arena_str(f->a, strbuf_view(&json));
    return RC_OK;
}

enum rc posture_fix_preview(struct posture *p, const struct posture_fix_request *r, struct arena *a,
                            str *diff, struct err *err)
{
    struct fixing f = { .p = p, .r = r, .a = a };

    TRY(begin(&f, err));
    return diff_of(&f, diff, err);
}

/* --- doing it --- */

/* A document goes through its connector, which tells of the resource afterwards as of any change. */
static enum rc put_document(struct posture *p, const struct posture_resource *r, const struct json *document,
                            str who, struct arena *a, struct err *err)
{
    const struct posture_connector   *c = posture_connector_find(p, r->source);
    struct posture_resource_result    out;
    const struct posture_resource_put put = {
        .id = r->id, .document = document, .source = r->source, .who = who
    };

    if (c && c->apply)
        TRY(c->apply(c->ctx, r->id, document, err));
    return posture_resource_put(p, &put, a, &out, err);
}

static enum rc look_again(struct posture *p, const struct posture_connector *c, struct err *err)
{
    struct posture_discovery found;
    return posture_connector_run(p, c, &found, err);
}

/* What it takes to bring a resource back to where it was. */
struct way_back {
    const struct posture_resource *resource;
    str                            undo, who;
    bool                           host, halfway;
};

static enum rc take_back(struct posture *p, const struct way_back *w, struct arena *a, struct err *err)
{
    const struct posture_connector *c = posture_connector_find(p, w->resource->source);
    const struct json              *j;
    size_t                          judged;

    TRY(json_parse(a, w->undo, &j, err));
    if (posture_deploy_is_undo(j)) {
        TRY(posture_deploy_take_back(p, j, w->who, a, err));
        return posture_sweep_run(p, w->resource->id, &judged, err);
    }
    if (!w->host)
        return put_document(p, w->resource, j, w->who, a, err);
    if (!c || !c->undo)
        return err_set(err, RC_UNSUPPORTED, "this machine cannot be changed from here");
    TRY(c->undo(c->ctx, j, w->halfway, err));
    return look_again(p, c, err);
}

#define UNDER_WAY "Running"
#define GOING_BACK "TakingBack"

static enum rc keep(struct posture *p, const struct posture_fix *x, str undo, struct err *err)
{
    AUTO(state_tx) tx = NULL;

    TRY(state_tx_write(p->opts.state, &tx, err));
    TRY(state_stmt_run(tx,
                       "INSERT INTO posture_fixes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                       " ON CONFLICT DO UPDATE SET status = excluded.status, error = excluded.error,"
                       " state_after = excluded.state_after, undo = excluded.undo",
                       STATE_ARGS(STATE_S(x->id), STATE_S(x->remediation), STATE_S(x->resource),
                                  STATE_S(x->definition), STATE_I(x->time), STATE_S(x->who),
                                  STATE_S(x->status), STATE_S(x->error), STATE_I(x->before),
                                  STATE_I(x->after), STATE_S(x->diff), STATE_S(undo)),
                       err));
    return state_tx_commit(tx, err);
}

/* Before anything is changed it is written down how to take it back: a kill leaves a fix that is known to be
 * under way, and the next start takes it back. */
struct journal {
    struct fixing      *f;
    struct posture_fix *x;
    str                 undo;
};

static enum rc note(void *ctx, str undo, struct err *err)
{
    struct journal    *j = ctx;
    struct posture_fix begun = *j->x;

    j->undo = arena_str(j->f->a, undo);
    begun.status = S(UNDER_WAY);
    return keep(j->f->p, &begun, j->undo, err);
}

/* Half of a deployment is none: what was made before it failed goes. */
static enum rc carry_out_deployment(struct journal *j, struct err *err)
{
    struct fixing     *f = j->f;
    const struct json *undo;
    str                before;
    struct err         why = { 0 };
    size_t             judged;

    TRY(posture_deploy_undo(&f->deploy, f->a, &before, err));
    TRY(note(j, before, err));
    TRY(json_parse(f->a, j->undo, &undo, err));
    enum rc rc = posture_deploy_apply(f->p, &f->deploy, f->r->who, f->a, err);
    if (rc == RC_OK) /* it is about the resources beside it, and they have changed */
        rc = posture_sweep_run(f->p, f->resource.id, &judged, err);
    if (rc != RC_OK && posture_deploy_take_back(f->p, undo, f->r->who, f->a, &why) != RC_OK)
        err_wrap(err, "it could not be taken back: %s", why.text);
    return rc;
}

static enum rc carry_out(struct journal *j, struct err *err)
{
    struct fixing              *f = j->f;
    const struct posture_keeper keeper = { j, note };

    if (f->deploy.n)
        return carry_out_deployment(j, err);
    if (!is_host(f)) {
        TRY(note(j, f->resource.text, err));
        return put_document(f->p, &f->resource, f->after, f->r->who, f->a, err);
    }
    TRY(f->connector->fix(f->connector->ctx, json_get(f->fix, S("actions")), &keeper, err));
    return look_again(f->p, f->connector, err);
}

static void failed(struct posture_fix *x, struct arena *a, const char *text)
{
    x->status = S("Failed");
    x->error = arena_str(a, str_of(text));
}

/* The proof: judged again it must be healthy, or at least unhealthy no more. */
static void prove(struct fixing *f, struct posture_fix *x, str undo)
{
    struct err why = { 0 };

    if (read_assessment(f, &why) == RC_OK)
        x->after = f->was.state;
    if (x->after != POSTURE_UNHEALTHY)
        return;
    failed(x, f->a, "the resource is unhealthy still: what was changed has been taken back");
    const struct way_back back = { &f->resource, undo, f->r->who, is_host(f), false };
    if (take_back(f->p, &back, f->a, &why) != RC_OK)
        failed(x, f->a,
               arena_printf(f->a, "the resource is unhealthy still, and it could not be taken back: %s",
                            why.text)
                   .p);
}

enum rc posture_fix_apply(struct posture *p, const struct posture_fix_request *r, struct arena *a,
                          struct posture_fix *out, struct err *err)
{
    struct fixing      f = { .p = p, .r = r, .a = a };
    struct posture_fix x = { .remediation = r->remediation, .who = r->who, .status = S("Succeeded") };
    struct journal     j = { .f = &f, .x = &x, .undo = S("") };
    char               id[GUID_TEXT_SIZE];
    struct err         why = { 0 };

    TRY(begin(&f, err));
    x.id = arena_str(a, guid_text(env_guid(p->opts.env), id));
    x.resource = f.resource.id;
    x.definition = f.was.unit->check->name;
    x.time = env_now(p->opts.env);
    x.before = x.after = f.was.state;
    TRY(diff_of(&f, &x.diff, err));
    if (carry_out(&j, &why) != RC_OK)
        failed(&x, a, why.text);
    else
        prove(&f, &x, j.undo);
    TRY(keep(p, &x, j.undo, err));
    *out = x;
    return RC_OK;
}

/* --- what was done --- */

static struct posture_fix read_fix(const struct state_stmt *st, struct arena *a)
{
    return (struct posture_fix) { .id = state_stmt_str_in(st, 0, a),
                                  .remediation = state_stmt_str_in(st, 1, a),
                                  .resource = state_stmt_str_in(st, 2, a),
                                  .definition = state_stmt_str_in(st, 3, a),
                                  .time = state_stmt_i64(st, 4),
                                  .who = state_stmt_str_in(st, 5, a),
                                  .status = state_stmt_str_in(st, 6, a),
                                  .error = state_stmt_str_in(st, 7, a),
                                  .before = (enum posture_state)state_stmt_i64(st, 8),
                                  .after = (enum posture_state)state_stmt_i64(st, 9),
                                  .diff = state_stmt_str_in(st, 10, a) };
}

#define FIX_COLUMNS                                                                                          \
    "id, remediation, resource, definition, time, who, status, error, state_before, state_after, diff, undo"

static enum rc find_fix(struct posture *p, str id, struct arena *a, struct posture_fix *out, str *undo,
                        struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    bool row;

    TRY(state_tx_read(p->opts.state, &tx, err));
    TRY(state_stmt_open(tx, "SELECT " FIX_COLUMNS " FROM posture_fixes WHERE id = ?", STATE_ARGS(STATE_S(id)),
                        &st, err));
    TRY(state_stmt_next(st, &row, err));
    if (!row)
        return err_set(err, RC_NOT_FOUND, "There is no fix '" STR_FMT "'.", STR_ARG(str_slice(id, 0, 64)));
    *out = read_fix(st, a);
    *undo = state_stmt_str_in(st, 11, a);
    return RC_OK;
}

enum rc posture_fix_undo(struct posture *p, str id, str who, struct arena *a, struct posture_fix *out,
                         struct err *err)
{
    struct posture_resource r;
    const struct json      *diff;
    str                     undo;

    TRY(find_fix(p, id, a, out, &undo, err));
    if (!str_eq(out->status, S("Succeeded")))
        return err_set(err, RC_CONFLICT, "the fix is " STR_FMT ": there is nothing to take back",
                       STR_ARG(out->status));
    TRY(posture_resource_get(p, out->resource, a, &r, err));
    TRY(json_parse(a, out->diff, &diff, err));
    const struct way_back back = { &r, undo, who, json_get(diff, S("text")) != NULL, false };
    struct posture_fix    begun = *out;
    begun.status = S(GOING_BACK);
    TRY(keep(p, &begun, undo, err));
    enum rc rc = take_back(p, &back, a, err);
    if (rc != RC_OK && keep(p, out, undo, NULL) != RC_OK)
        err_wrap(err, "the fix could not be marked as done again");
    TRY(rc);
    out->status = S("Undone");
    const struct posture_fix_request request = { .resource = out->resource, .definition = out->definition };
    struct fixing                    f = { .p = p, .r = &request, .a = a };
    if (read_assessment(&f, NULL) == RC_OK)
        out->after = f.was.state;
    return keep(p, out, undo, err);
}

enum rc posture_fix_each(struct posture *p, str resource, str remediation, struct arena *a,
                         struct posture_fixes *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    bool row;

    *out = (struct posture_fixes) { 0 };
    TRY(state_tx_read(p->opts.state, &tx, err));
    TRY(state_stmt_open(tx,
                        "SELECT " FIX_COLUMNS " FROM posture_fixes WHERE (?1 = '' OR resource = ?1)"
                        " AND (?2 = '' OR remediation = ?2) ORDER BY time DESC, id LIMIT ?3",
                        STATE_ARGS(STATE_S(resource), STATE_S(remediation), STATE_I(POSTURE_MAX_PAGE)), &st,
                        err));
    while (true) {
        TRY(state_stmt_next(st, &row, err));
        if (!row)
            return RC_OK;
        *vec_push_in(a, out) = read_fix(st, a);
    }
}

/* --- after a kill --- */

static enum rc recover_one(struct posture *p, const struct posture_fix *x, str undo, struct arena *a,
                           struct err *err)
{
    struct posture_fix      now = *x;
    struct posture_resource r;
    const struct json      *diff;
    struct err              why = { 0 };
    bool                    going_back = str_eq(x->status, S(GOING_BACK));

    TRY(posture_resource_get(p, x->resource, a, &r, err));
    TRY(json_parse(a, x->diff, &diff, err));
    const struct way_back back = { &r, undo, S("vedette"), json_get(diff, S("text")) != NULL, true };
    now.status = going_back ? S("Undone") : S("Failed");
    now.error =
        going_back
            ? S("")
            : S("the server was stopped while it was carried out: what was changed has been taken back");
    if (take_back(p, &back, a, &why) != RC_OK) {
        now.status = S("Failed");
        now.error = arena_printf(
            a, "the server was stopped in the midst of it, and it could not be taken back: %s", why.text);
    }
    const struct posture_fix_request request = { .resource = x->resource, .definition = x->definition };
    struct fixing                    f = { .p = p, .r = &request, .a = a };
    if (read_assessment(&f, NULL) == RC_OK)
        now.after = f.was.state;
    return keep(p, &now, undo, err);
}

enum rc posture_fix_recover(struct posture *p, size_t *n, struct err *err)
{
    AUTO(arena) a = arena_new(RECOVER_BYTES);
    struct posture_fix x;
    str                id, undo;

    for (*n = 0;; (*n)++) {
        AUTO(state_tx) tx = NULL;
        AUTO(state_stmt) st = NULL;
        bool row;
        TRY(state_tx_read(p->opts.state, &tx, err));
        TRY(state_stmt_open(tx, "SELECT id FROM posture_fixes WHERE status IN (?, ?) LIMIT 1",
                            STATE_ARGS(STATE_S(S(UNDER_WAY)), STATE_S(S(GOING_BACK))), &st, err));
        TRY(state_stmt_next(st, &row, err));
        if (!row)
            return RC_OK;
        id = state_stmt_str_in(st, 0, a);
        st = state_stmt_done(st);
        tx = state_tx_free(tx);
        TRY(find_fix(p, id, a, &x, &undo, err));
        TRY(recover_one(p, &x, undo, a, err));
    }
}
