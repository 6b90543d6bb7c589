/* SPDX-License-Identifier: Apache-2.0 */
/* Microsoft.Security/tasks: each unhealthy recommendation as a task, the form in which older clients read
 * them. */
#include "api/api_handlers.h"
#include "api/api_posture.h"
#include "api/api_priv.h"
#include "base/guid.h"
#include "posture/posture_arm.h"

/* The same for the same recommendation on the same resource. */
static str name_of(struct api_call *c, const struct posture_assessment *x)
{
    static const guid space = { { 0x76, 0x65, 0x64, 0x65, 0x74, 0x74, 0x65, 0x74, 0x61, 0x73, 0x6b } };
    char              text[GUID_TEXT_SIZE];
    str               key =
        arena_printf(c->arena, STR_FMT "|" STR_FMT, STR_ARG(x->resource_id), STR_ARG(x->unit->check->name));

    return arena_str(c->arena, guid_text(guid_of(space, key), text));
}

static void write_task(struct api_call *c, struct json_w *w, const struct posture_assessment *x)
{
    const struct posture_check *check = x->unit->check;
    str                         name = name_of(c, x);

    api_posture_head(
        w,
        arena_printf(c->arena, STR_FMT "/providers/Microsoft.Security/locations/" STR_FMT "/tasks/" STR_FMT,
                     STR_ARG(c->api->opts.scopes->subscription), STR_ARG(c->api->opts.scopes->location),
                     STR_ARG(name)),
        name, S("Microsoft.Security/locations/tasks"));
    json_w_key(w, S("properties"));
    json_w_object(w);
    json_w_kstr(w, S("state"), S("Active"));
    json_w_kstr(w, S("subState"), x->owner.n ? S("Assigned") : S("NA"));
    json_w_ktime_known(w, S("creationTimeUtc"), x->first);
    json_w_ktime_known(w, S("lastStateChangeTimeUtc"), x->since);
    json_w_key(w, S("securityTaskParameters"));
    json_w_object(w);
    json_w_kstr(w, S("name"), json_str(check->properties, S("displayName"), check->name));
    json_w_kstr(w, S("assessmentKey"), check->name);
    json_w_kstr(w, S("assessmentId"), posture_arm_assessment_id(c->arena, x->resource_id, check->name));
    json_w_kstr(w, S("resourceId"), x->resource_id);
    json_w_kstr(w, S("severity"), posture_severity_name(check->severity));
    json_w_end(w);
    json_w_end(w);
    json_w_end(w);
}

static enum rc read_page(struct api_call *c, str after, struct posture_assessments *out, struct err *err)
{
    const struct posture_assessment_list list = { .scope = api_posture_scope(c),
                                                  .definition = S(""),
                                                  .control = -1,
                                                  .state = POSTURE_UNHEALTHY,
                                                  .after = after };
    return posture_assessment_each(api_posture(c), api_posture_plan(c), &list, c->arena, out, err);
}

enum rc api_advice_list(struct api_call *c, struct err *err)
{
    struct posture_assessments found;

    TRY(read_page(c, api_call_query(c, "$skipToken"), &found, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < found.n; i++)
        write_task(c, &w, &found.p[i]);
    return api_call_list_end(c, &w, found.next, err);
}

enum rc api_advice_get(struct api_call *c, struct err *err)
{
    struct posture_assessments found = { 0 };
    str                        name = api_call_param(c, "name");

    do {
        TRY(read_page(c, found.next.n ? found.next : S(""), &found, err));
        for (size_t i = 0; i < found.n; i++) {
            if (!str_eq_ci(name_of(c, &found.p[i]), name))
                continue;
            struct json_w w = api_call_json(c);
            write_task(c, &w, &found.p[i]);
            return api_call_done(c, 200, err);
        }
    } while (found.next.n);
    return api_call_fail(c, 404, "ResourceNotFound", err, "The task '" STR_FMT "' could not be found.",
                         STR_ARG(str_slice(name, 0, 64)));
}
