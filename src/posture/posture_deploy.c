/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_deploy.h"

#include "base/vec.h"
#include "policy/policy_deploy.h"
#include "posture/posture_assessment.h"
#include "posture/posture_change.h"
#include "posture/posture_id.h"
#include "posture/posture_resource.h"

enum { MERGE_DEPTH = 64, TEXT_MAX = 8 << 20 };

/* --- the plan --- */

static struct json merged(struct arena *a, const struct json *was, const struct json *is, int depth)
{
    if (was->kind != JSON_OBJECT || is->kind != JSON_OBJECT || !depth)
        return *is;
    struct json_member *m = ARENA_ARRAY(a, struct json_member, (size_t)was->n + is->n + 1);
    uint32_t            n = was->n;
    if (n)
        memcpy(m, was->members, n * sizeof *m);
    for (uint32_t i = 0; i < is->n; i++) {
        uint32_t at = 0;
        while (at < n && !str_eq_ci(m[at].key, is->members[i].key))
            at++;
        if (at == n)
            m[n++] = is->members[i];
        else
            m[at].value = merged(a, &m[at].value, &is->members[i].value, depth - 1);
    }
    return (struct json) { .kind = JSON_OBJECT, .n = n, .members = m };
}

/* What is new comes by the way of the resource that it is for. */
static enum rc plan_step(struct posture *p, const struct policy_deployed *r, str source, struct arena *a,
                         struct posture_deploy *out, struct err *err)
{
    struct posture_deploy_step step = { .id = r->id, .source = source, .after = r->document };
    struct posture_resource    now;
    struct json               *after;
    struct err                 why = { 0 };
    enum rc                    rc = posture_resource_get(p, r->id, a, &now, &why);

    if (rc == RC_OK) {
        TRY(json_parse(a, now.text, &step.was, err));
        after = ARENA_NEW(a, struct json);
        *after = merged(a, step.was, r->document, MERGE_DEPTH);
        step.after = after;
        step.source = now.source;
        if (!posture_change_find(a, step.was, after).all)
            return RC_OK;
    } else if (rc != RC_NOT_FOUND) {
        return err_set(err, rc, "%s", why.text);
    }
    *vec_push_in(a, out) = step;
    return RC_OK;
}

/* Whoever its source is must be able to make it, and to take away what is new. */
static enum rc check_door(struct posture *p, const struct posture_deploy_step *s, struct err *err)
{
    const struct posture_connector *c = posture_connector_find(p, s->source);

    if (str_eq(s->source, S("arm")) || (c && c->apply && (s->was || c->remove)))
        return RC_OK;
    return err_set(err, RC_UNSUPPORTED,
                   "'" STR_FMT "' would have to be deployed to '" STR_FMT
                   "', which is not changed from here: follow the recommendation's steps",
                   STR_ARG(str_slice(s->id, 0, 120)), STR_ARG(str_slice(s->source, 0, 60)));
}

static enum rc work_out(struct posture *p, const struct posture_unit *u, const struct posture_subject *s,
                        struct arena *a, struct policy_deployment *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;

    TRY(state_tx_read(p->opts.state, &tx, err));
    const struct posture_judging j = posture_judge_begin(p, tx, a);
    return posture_judge_deployment(&j, u, s, a, out, err);
}

enum rc posture_deploy_plan(struct posture *p, const struct posture_unit *u, const struct posture_subject *s,
                            struct arena *a, struct posture_deploy *out, struct err *err)
{
    struct policy_deployment made;
    struct posture_resource  of;

    *out = (struct posture_deploy) { 0 };
    TRY(posture_resource_get(p, s->id, a, &of, err));
    TRY(work_out(p, u, s, a, &made, err));
    for (size_t i = 0; i < made.n; i++)
        TRY(plan_step(p, &made.p[i], of.source, a, out, err));
    for (size_t i = 0; i < out->n; i++)
        TRY(check_door(p, &out->p[i], err));
    return out->n ? RC_OK
                  : err_set(err, RC_UNSUPPORTED,
                            "all that the policy would deploy is there already: "
                            "follow the recommendation's steps");
}

/* --- as texts --- */

enum rc posture_deploy_diff(const struct posture_deploy *d, struct arena *a, str *out, struct err *err)
{
    AUTO_STRBUF   text = STRBUF_INIT(TEXT_MAX);
    struct json_w w = json_w_make(&text);

    json_w_object(&w);
    json_w_key(&w, S("resources"));
    json_w_array(&w);
    for (size_t i = 0; i < d->n; i++) {
        struct posture_changes changes = posture_change_find(a, d->p[i].was, d->p[i].after);
        json_w_object(&w);
        json_w_kstr(&w, S("id"), d->p[i].id);
        json_w_kstr(&w, S("changeType"), d->p[i].was ? S("Modify") : S("Create"));
        json_w_key(&w, S("changes"));
        json_w_raw(&w, posture_change_json(a, &changes));
        json_w_end(&w);
    }
    json_w_end(&w);
    json_w_end(&w);
    TRY(strbuf_ok(&text, "what would be deployed", err));
    *out = arena_str(a, strbuf_view(&text));
    return RC_OK;
}

enum rc posture_deploy_undo(const struct posture_deploy *d, struct arena *a, str *out, struct err *err)
{
    AUTO_STRBUF   text = STRBUF_INIT(TEXT_MAX * 8u);
    struct json_w w = json_w_make(&text);

    json_w_object(&w);
    json_w_key(&w, S("deployed"));
    json_w_array(&w);
    for (size_t i = 0; i < d->n; i++) {
        json_w_object(&w);
        json_w_kstr(&w, S("id"), d->p[i].id);
        json_w_kstr(&w, S("source"), d->p[i].source);
        json_w_key(&w, S("document"));
        if (d->p[i].was)
            json_w_tree(&w, d->p[i].was);
        else
            json_w_null(&w);
        json_w_end(&w);
    }
    json_w_end(&w);
    json_w_end(&w);
    TRY(strbuf_ok(&text, "what was there before", err));
    *out = arena_str(a, strbuf_view(&text));
    return RC_OK;
}

bool posture_deploy_is_undo(const struct json *undo)
{
    return json_get(undo, S("deployed")) != NULL;
}

/* --- doing it --- */

static enum rc put_one(struct posture *p, const struct posture_deploy_step *s, str who, struct arena *a,
                       struct err *err)
{
    const struct posture_connector   *c = posture_connector_find(p, s->source);
    struct posture_resource_result    out;
    const struct posture_resource_put put = {
        .id = s->id, .document = s->after, .source = s->source, .who = who
    };

    if (c && c->apply)
        TRY(c->apply(c->ctx, s->id, s->after, err));
    return posture_resource_put(p, &put, a, &out, err);
}

enum rc posture_deploy_apply(struct posture *p, const struct posture_deploy *d, str who, struct arena *a,
                             struct err *err)
{
    for (size_t i = 0; i < d->n; i++)
        if (put_one(p, &d->p[i], who, a, err) != RC_OK)
            return err_wrap(err, "deploying " STR_FMT, STR_ARG(str_slice(d->p[i].id, 0, 120)));
    return RC_OK;
}

/* What was never made, because a kill came before, need not go. */
static enum rc take_away(struct posture *p, str id, str source, str who, struct err *err)
{
    const struct posture_connector *c = posture_connector_find(p, source);
    enum rc                         rc;

    if (c && c->remove)
        TRY(c->remove(c->ctx, id, err));
    rc = posture_resource_delete(p, id, who, err);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

/* The last comes first: what was deployed into something goes before it. */
enum rc posture_deploy_take_back(struct posture *p, const struct json *undo, str who, struct arena *a,
                                 struct err *err)
{
    const struct json *list = json_get(undo, S("deployed"));

    for (uint32_t i = list->n; i-- > 0;) {
        const struct json         *one = &list->items[i], *document = json_get(one, S("document"));
        struct posture_deploy_step s = { .id = json_str(one, S("id"), S("")),
                                         .source = json_str(one, S("source"), S("")),
                                         .after = document };
        if (document && document->kind == JSON_OBJECT)
            TRY(put_one(p, &s, who, a, err));
        else
            TRY(take_away(p, s.id, s.source, who, err));
    }
    return RC_OK;
}
