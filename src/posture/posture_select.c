/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_select.h"

#include "posture/posture_version.h"

enum { MAX_SELECTORS = 10, MAX_OVERRIDES = 10, MAX_VALUES = 50 };

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

str posture_select_version(const struct json *overrides, str reference)
{
    const struct json          *one;
    const struct posture_select what = { .reference = reference };

    for (size_t i = 0; (one = json_at(overrides, i)); i++)
        if (str_eq_ci(json_str(one, S("kind"), STR_NONE), S("definitionVersion")) &&
            all_fit(json_get_ci(one, S("selectors")), &what))
            return json_str(one, S("value"), STR_NONE);
    return STR_NONE;
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

/* --- what may be put --- */

static bool is_one_of(str word, const char *const *words)
{
    for (size_t i = 0; words[i]; i++)
        if (str_eq_ci(word, str_of(words[i])))
            return true;
    return false;
}

static enum rc check_selector(const struct json *selector, const char *const *kinds, struct err *err)
{
    str                kind = json_str(selector, S("kind"), STR_NONE);
    const struct json *in = json_get_ci(selector, S("in")), *not_in = json_get_ci(selector, S("notIn"));
    const struct json *list = in ? in : not_in;

    if (!is_one_of(kind, kinds))
        return err_set(err, RC_INVALID, "a selector's kind is %s or %s, not '" STR_FMT "'", kinds[0],
                       kinds[1], STR_ARG(str_slice(kind, 0, 60)));
    if (!in == !not_in && !str_eq_ci(kind, S("resourceWithoutLocation")))
        return err_set(err, RC_INVALID, "a selector has either in or notIn");
    if (list && (list->kind != JSON_ARRAY || list->n > MAX_VALUES))
        return err_set(err, RC_INVALID, "in and notIn hold at most %d texts", MAX_VALUES);
    return RC_OK;
}

static enum rc check_selectors(const struct json *selectors, const char *const *kinds, struct err *err)
{
    const struct json *one;

    for (size_t i = 0; (one = json_at(selectors, i)); i++) {
        TRY(check_selector(one, kinds, err));
        for (size_t k = 0; k < i; k++)
            if (str_eq_ci(json_str(json_at(selectors, k), S("kind"), STR_NONE),
                          json_str(one, S("kind"), STR_NONE)))
                return err_set(err, RC_INVALID, "selectors that belong together are each of another kind");
    }
    return RC_OK;
}

static enum rc check_override(const struct json *o, struct err *err)
{
    static const char *const effects[] = { "audit",
                                           "deny",
                                           "disabled",
                                           "modify",
                                           "append",
                                           "denyAction",
                                           "manual",
                                           "auditIfNotExists",
                                           "deployIfNotExists",
                                           "addToNetworkGroup",
                                           "mutate",
                                           NULL };
    static const char *const kinds[] = { "policyDefinitionReferenceId", "resourceLocation", "resourceType",
                                         "resourceWithoutLocation", NULL };
    str kind = json_str(o, S("kind"), STR_NONE), value = json_str(o, S("value"), STR_NONE);

    if (str_eq_ci(kind, S("definitionVersion"))) {
        TRY(posture_version_check_range(value, err));
        return check_selectors(json_get_ci(o, S("selectors")),
                               (const char *const[]) { kinds[0], "no other", NULL }, err);
    }
    if (!str_eq_ci(kind, S("policyEffect")))
        return err_set(err, RC_INVALID,
                       "an override's kind is policyEffect or definitionVersion, not '" STR_FMT "'",
                       STR_ARG(str_slice(kind, 0, 60)));
    if (!is_one_of(value, effects))
        return err_set(err, RC_INVALID, "'" STR_FMT "' is no effect", STR_ARG(str_slice(value, 0, 60)));
    return check_selectors(json_get_ci(o, S("selectors")), kinds, err);
}

enum rc posture_select_check(const struct json *resource_selectors, const struct json *overrides,
                             struct err *err)
{
    static const char *const kinds[] = { "resourceLocation", "resourceType", "resourceWithoutLocation",
                                         "policyDefinitionReferenceId", NULL };
    const struct json       *one;

    if ((resource_selectors && resource_selectors->n > MAX_SELECTORS) ||
        (overrides && overrides->n > MAX_OVERRIDES))
        return err_set(err, RC_LIMIT, "at most %d resource selectors and %d overrides", MAX_SELECTORS,
                       MAX_OVERRIDES);
    for (size_t i = 0; (one = json_at(resource_selectors, i)); i++)
        TRY(check_selectors(json_get_ci(one, S("selectors")), kinds, err));
    for (size_t i = 0; (one = json_at(overrides, i)); i++)
        TRY(check_override(one, err));
    return RC_OK;
}
