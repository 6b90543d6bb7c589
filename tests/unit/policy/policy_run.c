/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/policy/policy_run.h"

#include "tests/t.h"

static enum rc run(struct arena *a, str definition, str resource, const struct policy_aliases *aliases,
                   struct policy_verdict *out, struct err *err)
{
    const struct json       *def_json, *resource_json;
    const struct policy_def *def;
    TRY(json_parse(a, definition, &def_json, err));
    TRY(json_parse(a, resource, &resource_json, err));
    TRY(policy_def_parse(a, def_json, aliases, &def, err));
    struct policy_input in = { .resource = resource_json, .now = SECONDS(1771156800) };
    return policy_eval(def, &in, a, out, err);
}

str policy_run(struct arena *a, const char *definition, const char *resource,
               const struct policy_aliases *aliases)
{
    struct policy_verdict v = { 0 };
    struct err            err = { 0 };
    if (run(a, str_of(definition), str_of(resource), aliases, &v, &err) != RC_OK)
        return arena_printf(a, "! %s", err.text);
    return v.effect;
}

str policy_run_if(struct arena *a, const char *condition, const char *resource)
{
    str def = arena_printf(a, "{\"if\": %s, \"then\": {\"effect\": \"audit\"}}", condition);
    return policy_run(a, def.p, resource, NULL);
}
