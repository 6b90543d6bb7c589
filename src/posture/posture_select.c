/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_select.h"

bool posture_select_listed(const struct json *array, str text)
{
    const struct json *one;

    if (!array || array->kind != JSON_ARRAY)
        return true;
    for (size_t i = 0; (one = json_at(array, i)); i++)
        if (one->kind == JSON_STRING && str_eq_ci(one->s, text))
            return true;
    return false;
}

/* Without a location a resource fits selectors by type and reference alone; "resourceWithoutLocation" asks
 * for it. */
static bool fits(const struct json *selector, const struct posture_select *what)
{
    str                kind = json_str(selector, S("kind"), STR_NONE), given;
    const struct json *in = json_get_ci(selector, S("in")), *not_in = json_get_ci(selector, S("notIn"));

    if (str_eq_ci(kind, S("resourceLocation")))
        given = what->location;
    else if (str_eq_ci(kind, S("resourceType")))
        given = what->type;
    else if (str_eq_ci(kind, S("policyDefinitionReferenceId")))
        given = what->reference;
    else if (str_eq_ci(kind, S("resourceWithoutLocation")))
        return !what->location.n;
    else
        return false;
    return posture_select_listed(in, given) && !(not_in && posture_select_listed(not_in, given));
}

static bool all_fit(const struct json *selectors, const struct posture_select *what)
{
    const struct json *one;

    for (size_t i = 0; (one = json_at(selectors, i)); i++)
        if (!fits(one, what))
            return false;
    return true;
}

bool posture_select_any(const struct json *resource_selectors, const struct posture_select *what)
{
    const struct json *one;

    for (size_t i = 0; (one = json_at(resource_selectors, i)); i++)
        if (all_fit(json_get_ci(one, S("selectors")), what))
            return true;
    return false;
}

str posture_select_override(const struct json *overrides, const struct posture_select *what)
{
    const struct json *one;

    for (size_t i = 0; (one = json_at(overrides, i)); i++)
        if (str_eq_ci(json_str(one, S("kind"), STR_NONE), S("policyEffect")) &&
            all_fit(json_get_ci(one, S("selectors")), what))
            return json_str(one, S("value"), STR_NONE);
    return STR_NONE;
}
