/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_remediation.h"

#include "posture/posture_fix.h"
#include "posture/posture_policystate.h"

struct outcome {
    size_t all, done, failed;
    str    message; /* of the first that failed */
};

static enum rc find_states(struct posture *p, const struct posture_object *o, struct arena *a,
                           struct posture_policystates *out, struct err *err)
{
    str     assignment = json_str(o->properties, S("policyAssignmentId"), S(""));
    str     reference = json_str(o->properties, S("policyDefinitionReferenceId"), S(""));
    int64_t most = json_i64(o->properties, S("resourceCount"), POSTURE_REMEDIATION_MAX);
    struct posture_policystate_term       terms[] = { { S("policyAssignmentId"), assignment, false },
                                                      { S("complianceState"), S("NonCompliant"), false },
                                                      { S("policyDefinitionReferenceId"), reference, false } };
    const struct posture_policystate_list list = { .scope = o->key.scope,
                                                   .terms = terms,
                                                   .n_terms = reference.n ? 3 : 2,
                                                   .max = most > 0 && most < POSTURE_REMEDIATION_MAX
                                                              ? (size_t)most
                                                              : POSTURE_REMEDIATION_MAX };

    return posture_policystate_each(p, posture_plan_get(p, a), &list, a, out, err);
}

static void fix_one(struct posture *p, const struct posture_object *o, const struct posture_policystate *s,
                    str who, struct outcome *out, struct arena *a)
{
    const struct posture_fix_request r = {
        .resource = s->resource_id, .definition = s->unit->check->name, .remediation = o->id, .who = who
    };
    struct posture_fix x;
    struct err         why = { 0 };

    out->all++;
    if (posture_fix_apply(p, &r, a, &x, &why) == RC_OK && str_eq(x.status, S("Succeeded"))) {
        out->done++;
        return;
    }
    out->failed++;
    if (!out->message.n)
        out->message = why.rc ? arena_str(a, str_of(why.text)) : x.error;
}

static str outcome_json(struct arena *a, const struct outcome *k, ts now)
{
    AUTO_STRBUF   text = STRBUF_INIT(8192);
    struct json_w w = json_w_make(&text);

    json_w_object(&w);
    json_w_key(&w, S("properties"));
    json_w_object(&w);
    json_w_kstr(&w, S("provisioningState"), k->failed ? S("Failed") : S("Succeeded"));
    json_w_kstr(&w, S("statusMessage"), k->message);
    json_w_ktime_known(&w, S("lastUpdatedOn"), now);
    json_w_key(&w, S("deploymentStatus"));
    json_w_object(&w);
    json_w_ki64(&w, S("totalDeployments"), (int64_t)k->all);
    json_w_ki64(&w, S("successfulDeployments"), (int64_t)k->done);
    json_w_ki64(&w, S("failedDeployments"), (int64_t)k->failed);
    json_w_end(&w);
    json_w_end(&w);
    json_w_end(&w);
    return arena_str(a, strbuf_view(&text));
}

enum rc posture_remediation_run(struct posture *p, struct posture_object *o, str who, struct arena *a,
                                struct err *err)
{
    struct posture_policystates states;
    struct outcome              k = { 0 };
    const struct json          *body;

    TRY(find_states(p, o, a, &states, err));
    for (size_t i = 0; i < states.n; i++)
        fix_one(p, o, &states.p[i], who, &k, a);
    TRY(json_parse(a, outcome_json(a, &k, env_now(p->opts.env)), &body, err));
    const struct posture_object_put put = { .key = o->key, .body = body, .who = who, .patch = true };
    return posture_object_put(p, &put, a, o, err);
}
