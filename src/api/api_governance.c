/* SPDX-License-Identifier: Apache-2.0 */
/* Microsoft.Security/governanceAssignments: who answers for a recommendation on a resource. One is given by
 * hand; where none is, what a rule of governance says is shown in the same form. */
#include "api/api_handlers.h"
#include "api/api_posture.h"
#include "api/api_priv.h"
#include "base/guid.h"
#include "posture/posture_arm.h"
#include "posture/posture_governance.h"

static str assessment_id(struct api_call *c)
{
    return posture_arm_assessment_id(c->arena, api_posture_scope(c), api_call_param(c, "assessment"));
}

static void head(struct json_w *w, str id, str name)
{
    api_posture_head(w, id, name, S("Microsoft.Security/assessments/governanceAssignments"));
    json_w_key(w, S("properties"));
}

static void write_given(struct json_w *w, const struct posture_object *o)
{
    api_posture_head(w, o->id, o->key.name, S("Microsoft.Security/assessments/governanceAssignments"));
    api_posture_tree_value(w, S("properties"), o->properties);
    json_w_end(w);
}

/* What a rule says has a name that comes of the rule's. */
static void write_ruled(struct api_call *c, struct json_w *w, const struct posture_assessment *x)
{
    static const guid space = { { 0x76, 0x65, 0x64, 0x65, 0x74, 0x74, 0x65, 0x67, 0x6f, 0x76 } };
    char              text[GUID_TEXT_SIZE];
    str               name = guid_text(guid_of(space, x->rule->object.id), text);

    head(w,
         arena_printf(c->arena, STR_FMT "/governanceAssignments/" STR_FMT, STR_ARG(assessment_id(c)),
                      STR_ARG(name)),
         name);
    json_w_object(w);
    json_w_kstr(w, S("owner"), x->owner);
    json_w_ktime_known(w, S("remediationDueDate"), x->due);
    json_w_kbool(w, S("isGracePeriod"), x->rule->grace);
    json_w_key(w, S("additionalData"));
    json_w_object(w);
    json_w_kstr(w, S("governanceRuleId"), x->rule->object.id);
    json_w_end(w);
    json_w_end(w);
    json_w_end(w);
}

static enum rc read_all(struct api_call *c, struct posture_objects *given, struct posture_assessments *found,
                        struct err *err)
{
    const struct posture_object_list     objects = { .kind = POSTURE_GOVERNANCE_ASSIGNMENT,
                                                     .scope = assessment_id(c) };
    const struct posture_assessment_list list = {
        .scope = api_posture_scope(c), .definition = api_call_param(c, "assessment"), .control = -1, .max = 1
    };

    TRY(posture_object_each(api_posture(c), &objects, c->arena, given, err));
    TRY(posture_assessment_each(api_posture(c), api_posture_plan(c), &list, c->arena, found, err));
    if (found->n && !str_eq_ci(found->p[0].resource_id, list.scope))
        found->n = 0;
    return RC_OK;
}

enum rc api_governance_list(struct api_call *c, struct err *err)
{
    struct posture_objects     given;
    struct posture_assessments found;

    TRY(read_all(c, &given, &found, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < given.n; i++)
        write_given(&w, &given.v[i]);
    if (!given.n && found.n && found.p[0].rule)
        write_ruled(c, &w, &found.p[0]);
    return api_call_list_end(c, &w, S(""), err);
}

static struct posture_key key_of(struct api_call *c)
{
    return (struct posture_key) { POSTURE_GOVERNANCE_ASSIGNMENT, assessment_id(c),
                                  api_call_param(c, "name") };
}

static enum rc answer(struct api_call *c, int status, const struct posture_object *o, struct err *err)
{
    struct json_w w = api_call_json(c);

    write_given(&w, o);
    return api_call_done(c, status, err);
}

enum rc api_governance_get(struct api_call *c, struct err *err)
{
    const struct posture_key key = key_of(c);
    struct posture_object    o;

    TRY(posture_object_get(api_posture(c), &key, c->arena, &o, err));
    return answer(c, 200, &o, err);
}

enum rc api_governance_put(struct api_call *c, struct err *err)
{
    struct posture_object_put  put = { .key = key_of(c), .who = c->who.name };
    struct posture_object      o;
    struct posture_objects     given;
    struct posture_assessments found;

    TRY(api_call_object(c, &put.body, err));
    TRY(read_all(c, &given, &found, err));
    if (!found.n)
        return api_call_fail(c, 404, "ResourceNotFound", err,
                             "The assessment '" STR_FMT "' could not be found.",
                             STR_ARG(str_slice(put.key.scope, 0, 400)));
    if (given.n && !str_eq_ci(given.v[0].key.name, put.key.name))
        return api_call_fail(c, 409, "Conflict", err,
                             "The assessment is given to somebody already, by '" STR_FMT
                             "': change or delete that.",
                             STR_ARG(given.v[0].key.name));
    TRY(posture_object_put(api_posture(c), &put, c->arena, &o, err));
    api_posture_settle(c);
    return answer(c, o.is_new ? 201 : 200, &o, err);
}

enum rc api_governance_delete(struct api_call *c, struct err *err)
{
    const struct posture_key key = key_of(c);
    struct posture_object    o;

    enum rc rc = posture_object_delete(api_posture(c), &key, c->arena, &o, err);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    api_posture_settle(c);
    api_call_empty(c, rc == RC_OK ? 200 : 204);
    return RC_OK;
}

/* --- rules --- */

enum rc api_governance_execute(struct api_call *c, struct err *err)
{
    const struct posture_key key = { POSTURE_GOVERNANCE_RULE, api_posture_scope(c),
                                     api_call_param(c, "name") };
    struct posture_object    o;
    char                     operation[GUID_TEXT_SIZE];

    TRY(posture_object_get(api_posture(c), &key, c->arena, &o, err));
    posture_again(api_posture(c), key.scope);
    http_res_header(
        c->res, S("Location"),
        arena_printf(c->arena, STR_FMT STR_FMT "/operationResults/" STR_FMT "?api-version=2022-01-01-preview",
                     STR_ARG(c->origin), STR_ARG(o.id),
                     STR_ARG(guid_text(env_guid(c->api->opts.env), operation))));
    http_res_header(c->res, S("Retry-After"), S("1"));
    api_call_empty(c, 202);
    return RC_OK;
}

enum rc api_governance_result(struct api_call *c, struct err *err)
{
    bool settled = posture_settle(api_posture(c), SECONDS(1));

    if (!settled) {
        http_res_header(c->res, S("Retry-After"), S("1"));
        api_call_empty(c, 202);
        return RC_OK;
    }
    struct json_w w = api_call_json(c);
    json_w_object(&w);
    json_w_kstr(&w, S("operationId"), api_call_param(c, "operation"));
    json_w_end(&w);
    return api_call_done(c, 200, err);
}
