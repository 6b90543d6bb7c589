/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_measure.h"

static const struct {
    str name, text;
} JUDGED[POSTURE_JUDGED_COUNT_] = {
    [POSTURE_ON_RESOURCE] = { STR_INIT("resource"), STR_INIT("judged on the resource alone") },
    [POSTURE_ON_RELATED] = { STR_INIT("related"),
                             STR_INIT("judged on the resource and on related resources") },
    [POSTURE_ON_HOST] = { STR_INIT("host"), STR_INIT("judged on facts from inside the machine") },
    [POSTURE_ON_ATTESTATION] = { STR_INIT("attestation"), STR_INIT("needs somebody's attestation") },
    [POSTURE_ON_NOTHING] = { STR_INIT("notMeasurable"), STR_INIT("cannot be measured here") },
};

str posture_measure_name(enum posture_judged on)
{
    return JUDGED[on].name;
}

str posture_measure_text(enum posture_judged on)
{
    return JUDGED[on].text;
}

/* "[parameters('effect')]" leads to the default of that parameter. */
static str through_parameter(const struct json *properties, str text)
{
    static const str head = STR_INIT("[parameters('"), tail = STR_INIT("')]");

    if (!str_starts_ci(text, head) || !str_ends(text, tail))
        return text;
    str                name = str_slice(text, head.n, text.n - tail.n);
    const struct json *declared = json_get_ci(json_get_ci(properties, S("parameters")), name);
    const struct json *initial = json_get_ci(declared, S("defaultValue"));
    return initial && initial->kind == JSON_STRING ? initial->s : STR_NONE;
}

/* A parameter may be "Disabled" by default: what it does when it is on stands among what is allowed. */
static str when_on(const struct json *properties, str text)
{
    static const str   head = STR_INIT("[parameters('"), tail = STR_INIT("')]");
    const struct json *declared, *allowed, *one;

    if (!str_starts_ci(text, head) || !str_ends(text, tail))
        return text;
    declared =
        json_get_ci(json_get_ci(properties, S("parameters")), str_slice(text, head.n, text.n - tail.n));
    allowed = json_get_ci(declared, S("allowedValues"));
    for (size_t i = 0; (one = json_at(allowed, i)); i++)
        if (one->kind == JSON_STRING && !str_eq_ci(one->s, S("disabled")))
            return one->s;
    return STR_NONE;
}

static const struct json *then_of(const struct json *properties)
{
    return json_get_ci(json_get_ci(properties, S("policyRule")), S("then"));
}

str posture_measure_effect(const struct json *properties)
{
    const struct json *effect = json_get_ci(then_of(properties), S("effect"));
    return effect && effect->kind == JSON_STRING ? through_parameter(properties, effect->s) : STR_NONE;
}

static bool is_related_effect(str effect)
{
    return str_eq_ci(effect, S("auditIfNotExists")) || str_eq_ci(effect, S("deployIfNotExists"));
}

/* Related resources that only the provider's own cloud makes. */
static const struct {
    str type, reason;
} NOWHERE[] = {
    { STR_INIT("Microsoft.Security/complianceResults"),
      STR_INIT("asks for results that only Microsoft's own assessment service writes") },
    { STR_INIT("Microsoft.Security/securityStatuses"),
      STR_INIT("asks for results that only Microsoft's own assessment service writes") },
    { STR_INIT("Microsoft.Security/assessments"),
      STR_INIT("asks for results that only Microsoft's own assessment service writes") },
    { STR_INIT("Microsoft.Security/adaptiveNetworkHardenings"),
      STR_INIT("asks for results that only Microsoft's own assessment service writes") },
    { STR_INIT("Microsoft.Security/jitNetworkAccessPolicies"),
      STR_INIT("asks for policies of just-in-time access that are not kept as resources here") },
};

static struct posture_measure of_related(str type)
{
    if (str_eq_ci(type, S("Microsoft.GuestConfiguration/guestConfigurationAssignments")))
        return (struct posture_measure) { .on = POSTURE_ON_HOST, .related = type };
    for (size_t i = 0; i < sizeof NOWHERE / sizeof NOWHERE[0]; i++)
        if (str_eq_ci(type, NOWHERE[i].type))
            return (struct posture_measure) { .on = POSTURE_ON_NOTHING,
                                              .related = type,
                                              .reason = NOWHERE[i].reason };
    return (struct posture_measure) { .on = POSTURE_ON_RELATED, .related = type };
}

/* Modes of resource providers judge inside of a service, by other engines. */
static bool is_data_plane(str mode)
{
    return str_ends_ci(mode, S(".Data")) && !str_eq_ci(mode, S("Microsoft.Vedette.Data"));
}

struct posture_measure posture_measure_of(const struct json *properties)
{
    const struct json *effect = json_get_ci(then_of(properties), S("effect")),
                      *type = json_get_ci(json_get_ci(then_of(properties), S("details")), S("type"));
    str mode = json_str(properties, S("mode"), STR_NONE);
    str on = effect && effect->kind == JSON_STRING ? when_on(properties, effect->s) : STR_NONE;
    str related = type && type->kind == JSON_STRING && !str_starts(type->s, S("[")) ? type->s : STR_NONE;

    if (str_eq_ci(json_str(properties, S("policyType"), STR_NONE), S("Static")))
        return (struct posture_measure) {
            .on = POSTURE_ON_NOTHING,
            .reason = S("is for the operator of the cloud to answer, not for its user")
        };
    if (is_data_plane(mode))
        return (struct posture_measure) {
            .on = POSTURE_ON_NOTHING,
            .reason = S("judges objects inside a service, which no connector reads yet")
        };
    if (!on.n && effect)
        on = posture_measure_effect(properties);
    if (str_eq_ci(on, S("manual")))
        return (struct posture_measure) { .on = POSTURE_ON_ATTESTATION };
    if (is_related_effect(on))
        return of_related(related);
    if (json_get_ci(json_get_ci(properties, S("metadata")), S("needs")))
        return (struct posture_measure) { .on = POSTURE_ON_HOST };
    return (struct posture_measure) { .on = POSTURE_ON_RESOURCE };
}
