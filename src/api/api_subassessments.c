/* SPDX-License-Identifier: Apache-2.0 */
/* Microsoft.Security/subAssessments: the single findings behind unhealthy recommendations. */
#include "api/api_handlers.h"
#include "api/api_posture.h"
#include "posture/posture_arm.h"

enum { MAX_ASSESSMENTS = 100 }; /* of a page: each is judged anew */

static void write_one(struct api_call *c, struct json_w *w, const struct posture_assessment *x,
                      const struct posture_subassessment *s)
{
    str id = posture_arm_subassessment_id(c->arena, x->resource_id, x->unit->check->name, s->name);

    api_posture_head(w, id, s->name, S("Microsoft.Security/assessments/subAssessments"));
    json_w_key(w, S("properties"));
    json_w_object(w);
    posture_arm_subassessment(w, x, s);
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
