/* SPDX-License-Identifier: Apache-2.0 */
/* Fixes: of one resource with a preview and an undo (Vedette.Operations), of all that break a policy
 * (Microsoft.PolicyInsights/remediations). */
#include "api/api_handlers.h"
#include "api/api_posture.h"
#include "posture/posture_fix.h"
#include "posture/posture_remediation.h"

enum { MAX_RESOURCES = 200 };

static void write_fix(struct json_w *w, const struct posture_fix *x)
{
    json_w_object(w);
    json_w_kstr(w, S("id"), x->id);
    json_w_kstr(w, S("resourceId"), x->resource);
    json_w_kstr(w, S("assessment"), x->definition);
    json_w_kstr(w, S("status"), x->status);
    if (x->error.n)
        json_w_kstr(w, S("error"), x->error);
    json_w_ktime_known(w, S("time"), x->time);
    json_w_kstr(w, S("by"), x->who);
    if (x->before) {
        json_w_kstr(w, S("before"), posture_state_status(x->before));
        json_w_kstr(w, S("after"), posture_state_status(x->after));
    }
    if (x->diff.n) {
        json_w_key(w, S("diff"));
        json_w_raw(w, x->diff);
    }
    json_w_end(w);
}

/* Resources of the body, and the assessment that all of them fail. */
static enum rc read_request(struct api_call *c, const struct json **ids, struct posture_fix_request *r,
                            struct err *err)
{
    const struct json *body;

    TRY(api_call_object(c, &body, err));
    *ids = json_get(body, S("resourceIds"));
    *r = (struct posture_fix_request) { .definition = json_str(body, S("assessment"), S("")),
                                        .who = c->who.name };
    if (!r->definition.n || !*ids || (*ids)->kind != JSON_ARRAY || !(*ids)->n || (*ids)->n > MAX_RESOURCES)
        return api_call_fail(c, 400, "BadRequest", err,
                             "The body names an assessment and 1 to %d resourceIds.", MAX_RESOURCES);
    return RC_OK;
}

static void refused(struct posture_fix *x, const struct posture_fix_request *r, struct arena *a,
                    const struct err *why)
{
    *x = (struct posture_fix) { .resource = r->resource,
                                .definition = r->definition,
                                .status = S("Refused"),
                                .error = arena_str(a, str_of(why->text)) };
}

/* Each resource stands for itself: one that cannot be fixed says why and leaves the others. */
static enum rc each(struct api_call *c, bool apply, struct err *err)
{
    const struct json         *ids, *one;
    struct posture_fix_request r;

    TRY(read_request(c, &ids, &r, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; (one = json_at(ids, i)); i++) {
        struct posture_fix x = { .definition = r.definition, .status = S("Preview") };
        struct err         why = { 0 };
        r.resource = one->kind == JSON_STRING ? one->s : S("");
        x.resource = r.resource;
        enum rc rc = apply ? posture_fix_apply(api_posture(c), &r, c->arena, &x, &why)
                           : posture_fix_preview(api_posture(c), &r, c->arena, &x.diff, &why);
        if (rc != RC_OK)
            refused(&x, &r, c->arena, &why);
        write_fix(&w, &x);
    }
    return api_call_list_end(c, &w, S(""), err);
}

enum rc api_fixes_preview(struct api_call *c, struct err *err)
{
    return each(c, false, err);
}

enum rc api_fixes_apply(struct api_call *c, struct err *err)
{
    return each(c, true, err);
}

enum rc api_fixes_undo(struct api_call *c, struct err *err)
{
    struct posture_fix x;

    TRY(posture_fix_undo(api_posture(c), api_call_param(c, "fix"), c->who.name, c->arena, &x, err));
    struct json_w w = api_call_json(c);
    write_fix(&w, &x);
    return api_call_done(c, 200, err);
}

/* ?resource=…: what was done to it; without it, all of it. */
enum rc api_fixes_list(struct api_call *c, struct err *err)
{
    struct posture_fixes found;

    TRY(posture_fix_each(api_posture(c), http_req_param(c->req, S("resource")), S(""), c->arena, &found,
                         err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < found.n; i++)
        write_fix(&w, &found.p[i]);
    return api_call_list_end(c, &w, S(""), err);
}

/* --- remediations --- */

static struct posture_key key_of(struct api_call *c)
{
    return (struct posture_key) { POSTURE_REMEDIATION, api_posture_scope(c), api_call_param(c, "name") };
}

static enum rc answer(struct api_call *c, int status, const struct posture_object *o, struct err *err)
{
    struct json_w w = api_call_json(c);

    api_posture_head(&w, o->id, o->key.name, S("Microsoft.PolicyInsights/remediations"));
    api_posture_tree_value(&w, S("properties"), o->properties);
    json_w_end(&w);
    return api_call_done(c, status, err);
}

enum rc api_fixes_remediation_put(struct api_call *c, struct err *err)
{
    struct posture_object_put put = { .key = key_of(c), .who = c->who.name };
    struct posture_object     o;

    TRY(api_call_object(c, &put.body, err));
    TRY(posture_object_put(api_posture(c), &put, c->arena, &o, err));
    bool created = o.is_new;
    TRY(posture_remediation_run(api_posture(c), &o, c->who.name, c->arena, err));
    return answer(c, created ? 201 : 200, &o, err);
}

/* It ran when it was put: there is nothing left to stop. */
enum rc api_fixes_remediation_cancel(struct api_call *c, struct err *err)
{
    struct posture_key    key = key_of(c);
    struct posture_object o;

    TRY(posture_object_get(api_posture(c), &key, c->arena, &o, err));
    return answer(c, 200, &o, err);
}

enum rc api_fixes_remediation_deployments(struct api_call *c, struct err *err)
{
    struct posture_key    key = key_of(c);
    struct posture_object o;
    struct posture_fixes  found;

    TRY(posture_object_get(api_posture(c), &key, c->arena, &o, err));
    TRY(posture_fix_each(api_posture(c), S(""), o.id, c->arena, &found, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < found.n; i++) {
        const struct posture_fix *x = &found.p[i];
        json_w_object(&w);
        json_w_kstr(&w, S("remediatedResourceId"), x->resource);
        json_w_kstr(&w, S("deploymentId"), x->id);
        json_w_kstr(&w, S("status"), x->status);
        json_w_ktime_known(&w, S("createdOn"), x->time);
        json_w_ktime_known(&w, S("lastUpdatedOn"), x->time);
        if (x->error.n) {
            json_w_key(&w, S("error"));
            json_w_object(&w);
            json_w_kstr(&w, S("code"), S("FixFailed"));
            json_w_kstr(&w, S("message"), x->error);
            json_w_end(&w);
        }
        json_w_end(&w);
    }
    return api_call_list_end(c, &w, S(""), err);
}
