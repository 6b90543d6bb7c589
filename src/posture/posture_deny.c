/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_deny.h"

#include "posture/posture_id.h"

enum { MAX_TEXT = 256 << 10 };

static bool denies(const struct posture_finding *f)
{
    return f->state == POSTURE_UNHEALTHY && str_eq_ci(f->effect, S("deny")) && f->unit->assignment->enforced;
}

/* What the assignment tells those whom it refuses; its own words for this reference win over those for all.
 */
str posture_deny_message(const struct posture_unit *u)
{
    const struct json *list = json_get_ci(u->assignment->object.properties, S("nonComplianceMessages")), *one;
    str                general = STR_NONE;

    for (size_t i = 0; (one = json_at(list, i)); i++) {
        str reference = json_str(one, S("policyDefinitionReferenceId"), STR_NONE);
        if (!reference.n)
            general = json_str(one, S("message"), STR_NONE);
        else if (str_eq_ci(reference, u->reference))
            return json_str(one, S("message"), STR_NONE);
    }
    return general;
}

static void write_one(struct json_w *w, const struct posture_finding *f)
{
    const struct posture_unit *u = f->unit;

    json_w_object(w);
    json_w_kstr(w, S("policyAssignmentId"), u->assignment->object.id);
    json_w_kstr(w, S("policyAssignmentName"), u->assignment->object.key.name);
    json_w_kstr(w, S("policyAssignmentDisplayName"), u->assignment->display_name);
    json_w_kstr(w, S("policyAssignmentScope"), u->assignment->object.key.scope);
    json_w_kstr(w, S("policyDefinitionId"), u->check->id);
    json_w_kstr(w, S("policyDefinitionName"), u->check->name);
    json_w_kstr(w, S("policyDefinitionDisplayName"),
                json_str(u->check->properties, S("displayName"), u->check->name));
    json_w_kstr(w, S("policyDefinitionReferenceId"), u->reference);
    json_w_kstr(w, S("policySetDefinitionId"), u->assignment->set);
    json_w_kstr(w, S("policyDefinitionEffect"), f->effect);
    json_w_kstr(w, S("message"), posture_deny_message(u));
    if (f->evidence.n) {
        json_w_key(w, S("evidence"));
        json_w_raw(w, f->evidence);
    }
    json_w_end(w);
}

enum rc posture_deny_check(const struct posture_judging *j, const struct posture_subject *s, struct arena *a,
                           str *denied, struct err *err)
{
    AUTO_STRBUF                   text = STRBUF_INIT(MAX_TEXT);
    struct json_w                 w = json_w_make(&text);
    struct posture_findings       found;
    const struct posture_finding *first = NULL;

    posture_judge(j, s, a, &found);
    json_w_array(&w);
    for (size_t i = 0; i < found.n; i++) {
        if (!denies(&found.p[i]))
            continue;
        first = first ? first : &found.p[i];
        write_one(&w, &found.p[i]);
    }
    json_w_end(&w);
    if (!first)
        return RC_OK;
    *denied = arena_str(a, text.overflow ? S("[]") : strbuf_view(&text));
    return err_set(
        err, RC_FORBIDDEN,
        "Resource '" STR_FMT "' was disallowed by policy. Policy: '" STR_FMT "', assignment '" STR_FMT "'.",
        STR_ARG(posture_id_name(s->id)),
        STR_ARG(str_slice(
            json_str(first->unit->check->properties, S("displayName"), first->unit->check->name), 0, 150)),
        STR_ARG(str_slice(first->unit->assignment->display_name, 0, 100)));
}
