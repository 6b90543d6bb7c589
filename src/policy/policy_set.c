/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/policy_set.h"

#include "policy/policy_eval_priv.h"

static const struct json *object_of(struct arena *a, const struct json_member *members, uint32_t n)
{
    struct json *out = ARENA_NEW(a, struct json);
    *out = (struct json) { .kind = JSON_OBJECT, .n = n, .members = members };
    return out;
}

const struct json *policy_set_values(struct arena *a, const struct json *given)
{
    uint32_t            most = given && given->kind == JSON_OBJECT ? given->n : 0, n = 0;
    struct json_member *members = ARENA_ARRAY(a, struct json_member, most + 1);

    for (uint32_t i = 0; i < most; i++) {
        const struct json *value = json_get_ci(&given->members[i].value, S("value"));
        if (value)
            members[n++] = (struct json_member) { given->members[i].key, *value };
    }
    return object_of(a, members, n);
}

enum rc policy_set_parameters(struct arena *a, const struct json *declared, const struct json *given,
                              const struct json *handed, const struct json **out, struct err *err)
{
    struct policy_def  *set = ARENA_NEW(a, struct policy_def);
    struct policy_input in = { .parameters = given };
    struct policy_scope s = { .a = a, .def = set, .in = &in };
    const struct json  *texts = policy_set_values(a, handed);
    struct json_member *members = ARENA_ARRAY(a, struct json_member, texts->n + 1);
    struct policy_template template;
    uint32_t n = 0;

    set->parameters = declared;
    for (uint32_t i = 0; i < texts->n; i++) {
        if (policy_template_compile(a, &texts->members[i].value, &template, err) != RC_OK)
            return err_wrap(err, "parameter '" STR_FMT "'", STR_ARG(texts->members[i].key));
        const struct json *value = policy_template_eval(&s, &template);
        if (value)
            members[n++] = (struct json_member) { texts->members[i].key, *value };
    }
    *out = object_of(a, members, n);
    return RC_OK;
}
