/* SPDX-License-Identifier: Apache-2.0 */
/* Microsoft.Security/subAssessments: the single findings behind unhealthy recommendations. */
#include "api/api_handlers.h"
#include "api/api_posture.h"
#include "posture/posture_arm.h"
#include "posture/posture_subassessment.h"

enum { MAX_ASSESSMENTS = 100, MAX_TEXT = 4096 }; /* of a page: each is judged anew */

/* Texts by name is what clients read of additionalData. */
static void write_members(struct json_w *w, const struct json *value)
{
    for (uint32_t i = 0; value->kind == JSON_OBJECT && i < value->n; i++) {
        AUTO_STRBUF        text = STRBUF_INIT(MAX_TEXT);
        const struct json *one = &value->members[i].value;
        if (one->kind == JSON_STRING) {
            json_w_kstr(w, value->members[i].key, one->s);
            continue;
        }
        json_print(&text, one, 0);
        if (!text.overflow)
            json_w_kstr(w, value->members[i].key, strbuf_view(&text));
    }
}

static void write_details(struct json_w *w, const struct posture_assessment *x,
                          const struct posture_subassessment *s)
{
    json_w_key(w, S("resourceDetails"));
    json_w_object(w);
    json_w_kstr(w, S("source"), S("Azure"));
    json_w_kstr(w, S("id"), x->resource_id);
    json_w_end(w);
    json_w_key(w, S("additionalData"));
    json_w_object(w);
    json_w_kstr(w, S("assessedResourceType"), x->resource_type);
    json_w_kstr(w, S("path"), s->path);
    write_members(w, s->value);
    json_w_end(w);
}

static void write_one(struct api_call *c, struct json_w *w, const struct posture_assessment *x,
                      const struct posture_subassessment *s)
{
    const struct posture_check *check = x->unit->check;
    str                         title = json_str(check->properties, S("displayName"), check->name);
    str                         id = arena_printf(c->arena, STR_FMT "/subAssessments/" STR_FMT,
                                                  STR_ARG(posture_arm_assessment_id(c->arena, x->resource_id, check->name)),
                                                  STR_ARG(s->name));

    api_posture_head(w, id, s->name, S("Microsoft.Security/assessments/subAssessments"));
    json_w_key(w, S("properties"));
    json_w_object(w);
    json_w_kstr(w, S("id"), s->title);
    json_w_kstr(w, S("displayName"),
                arena_printf(c->arena, STR_FMT ": " STR_FMT, STR_ARG(title), STR_ARG(s->title)));
    json_w_key(w, S("status"));
    json_w_object(w);
    json_w_kstr(w, S("code"), S("Unhealthy"));
    json_w_kstr(w, S("severity"), posture_severity_name(check->severity));
    json_w_end(w);
    json_w_kstr(w, S("remediation"), json_str(check->metadata, S("remediation"), S("")));
    json_w_kstr(w, S("impact"), json_str(check->properties, S("description"), S("")));
    json_w_kstr(w, S("category"), json_str(check->metadata, S("category"), S("")));
    json_w_kstr(w, S("description"), json_str(check->properties, S("description"), S("")));
    json_w_ktime_known(w, S("timeGenerated"), x->since);
    write_details(w, x, s);
    json_w_end(w);
    json_w_end(w);
}

static enum rc read_assessments(struct api_call *c, size_t max, struct posture_assessments *out,
                                struct err *err)
{
    str                                  assessment = api_route_param(&c->match, "assessment");
    const struct posture_assessment_list list = { .scope = api_posture_scope(c),
                                                  .definition = assessment.p ? assessment : S(""),
                                                  .control = -1,
                                                  .state = POSTURE_UNHEALTHY,
                                                  .after = api_call_query(c, "$skipToken"),
                                                  .max = max };
    return posture_assessment_each(api_posture(c), api_posture_plan(c), &list, c->arena, out, err);
}

enum rc api_subassessments_list(struct api_call *c, struct err *err)
{
    struct posture_assessments    found;
    struct posture_subassessments subs;

    TRY(read_assessments(c, MAX_ASSESSMENTS, &found, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < found.n; i++) {
        TRY(posture_subassessment_of(api_posture(c), api_posture_plan(c), &found.p[i], c->arena, &subs, err));
        for (size_t k = 0; k < subs.n; k++)
            write_one(c, &w, &found.p[i], &subs.p[k]);
    }
    return api_call_list_end(c, &w, found.next, err);
}

enum rc api_subassessments_get(struct api_call *c, struct err *err)
{
    struct posture_assessments    found;
    struct posture_subassessments subs = { 0 };
    str                           name = api_call_param(c, "name");

    TRY(read_assessments(c, 1, &found, err));
    if (found.n && str_eq_ci(found.p[0].resource_id, api_posture_scope(c)))
        TRY(posture_subassessment_of(api_posture(c), api_posture_plan(c), &found.p[0], c->arena, &subs, err));
    for (size_t k = 0; k < subs.n; k++) {
        if (!str_eq_ci(subs.p[k].name, name))
            continue;
        struct json_w w = api_call_json(c);
        write_one(c, &w, &found.p[0], &subs.p[k]);
        return api_call_done(c, 200, err);
    }
    return api_call_fail(c, 404, "ResourceNotFound", err, "The finding '" STR_FMT "' could not be found.",
                         STR_ARG(str_slice(name, 0, 100)));
}
