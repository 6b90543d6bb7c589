/* SPDX-License-Identifier: Apache-2.0 */
/* Vedette.Operations/policyTry: what a definition would say, before it is assigned; and why an assigned one
 * said what it did. */
#include "api/api_handlers.h"
#include "api/api_posture.h"
#include "posture/posture_try.h"

static void write_one(struct json_w *w, const struct posture_finding *f, str id)
{
    json_w_object(w);
    json_w_kstr(w, S("id"), id);
    json_w_kbool(w, S("concerned"), f->state != 0);
    if (f->state) {
        json_w_kstr(w, S("complianceState"), posture_state_compliance(f->state));
        json_w_kstr(w, S("effect"), f->effect);
        json_w_kstr(w, S("reason"), f->cause);
    }
    if (f->evidence.n) {
        json_w_key(w, S("evidence"));
        json_w_raw(w, f->evidence);
    }
    if (f->explanation.n) {
        json_w_key(w, S("explanation"));
        json_w_raw(w, f->explanation);
    }
    json_w_end(w);
}

static void write_all(struct json_w *w, const struct posture_tried *t)
{
    json_w_key(w, S("everything"));
    json_w_object(w);
    json_w_ki64(w, S("resources"), t->looked_at);
    json_w_kbool(w, S("more"), t->more);
    json_w_ki64(w, S("healthy"), t->n[POSTURE_HEALTHY]);
    json_w_ki64(w, S("unhealthy"), t->n[POSTURE_UNHEALTHY]);
    json_w_ki64(w, S("notMeasured"), t->n[POSTURE_NOT_MEASURED]);
    json_w_ki64(w, S("awaitsAttestation"), t->n[POSTURE_UNATTESTED]);
    json_w_ki64(w, S("notApplicable"), t->n[POSTURE_NOT_APPLICABLE] + t->n[0]);
    if (t->first.n)
        json_w_kstr(w, S("firstUnhealthy"), t->first);
    json_w_end(w);
}

/* A definition given whole, or the id of one that is there. */
static enum rc read_definition(struct api_call *c, const struct json *body, const struct json **out,
                               struct err *err)
{
    const struct json    *given = json_get_ci(body, S("definition"));
    str                   id = json_str(body, S("policyDefinitionId"), STR_NONE);
    struct posture_key    key;
    struct posture_object o;

    if (given && given->kind == JSON_OBJECT) {
        const struct json *inner = json_get_ci(given, S("properties"));
        *out = inner ? inner : given;
        return RC_OK;
    }
    if (!id.n)
        return api_call_fail(c, 400, "BadRequest", err,
                             "The body needs \"definition\" or \"policyDefinitionId\".");
    TRY(posture_object_id_parse(id, &key, err));
    TRY(posture_object_get(api_posture(c), &key, c->arena, &o, err));
    *out = o.properties;
    return RC_OK;
}

enum rc api_try_run(struct api_call *c, struct err *err)
{
    const struct json   *body;
    struct posture_try   t = { 0 };
    struct posture_tried tried;

    TRY(api_call_object(c, &body, err));
    TRY(read_definition(c, body, &t.properties, err));
    t.parameters = json_get_ci(body, S("parameters"));
    t.resource = json_str(body, S("resourceId"), S(""));
    t.document = json_get_ci(body, S("resource"));
    if (t.document && t.document->kind != JSON_OBJECT)
        return api_call_fail(c, 400, "BadRequest", err, "\"resource\" is a resource's document.");
    TRY(posture_try_run(api_posture(c), &t, c->arena, &tried, err));
    struct json_w w = api_call_json(c);
    json_w_object(&w);
    if (t.resource.n || t.document) {
        json_w_key(&w, S("resource"));
        write_one(&w, &tried.one, t.document ? json_str(t.document, S("id"), S("")) : t.resource);
    }
    write_all(&w, &tried);
    json_w_end(&w);
    return api_call_done(c, 200, err);
}

/* ?resourceId: what the recommendation's check says of that resource as it is now. */
enum rc api_try_explanation(struct api_call *c, struct err *err)
{
    str                                  resource = http_req_param(c->req, S("resourceId"));
    const struct posture_assessment_list list = {
        .scope = resource, .definition = api_call_param(c, "name"), .control = -1, .max = 1
    };
    struct posture_assessments found;
    struct posture_finding     f;

    if (!resource.n)
        return api_call_fail(c, 400, "BadRequest", err, "resourceId says which resource is meant.");
    TRY(posture_assessment_each(api_posture(c), api_posture_plan(c), &list, c->arena, &found, err));
    if (!found.n || !str_eq_ci(found.p[0].resource_id, resource))
        return api_call_fail(c, 404, "ResourceNotFound", err,
                             "The recommendation does not concern this resource.");
    TRY(posture_try_explain(api_posture(c), api_posture_plan(c), &found.p[0], c->arena, &f, err));
    struct json_w w = api_call_json(c);
    write_one(&w, &f, found.p[0].resource_id);
    return api_call_done(c, 200, err);
}
