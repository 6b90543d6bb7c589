/* SPDX-License-Identifier: Apache-2.0 */
/* The text of a template expression, worked out over a document that has what functions ask for. */
#include "policy/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct json_member member(const char *key, struct json value)
{
    return (struct json_member) { str_of(key), value };
}

static struct json object(const struct json_member *members, uint32_t n)
{
    return (struct json) { .kind = JSON_OBJECT, .n = n, .members = members };
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 1 << 14)
        return 0;
    AUTO(arena) a = arena_new(64 << 20);
    str                      text = str_make((const char *)data, size);
    const struct json        items[] = { json_make_str(S("x")), { .kind = JSON_INT, .i = 7 } };
    const struct json        list = { .kind = JSON_ARRAY, .n = 2, .items = items };
    const struct json_member properties[] = { member("list", list), member("n", items[1]) };
    const struct json_member top[] = { member("type", json_make_str(S("Test.Things/things"))),
                                       member("name", json_make_str(S("a"))),
                                       member("properties", object(properties, 2)) };
    const struct json        resource = object(top, 3);
    const struct json_member effect[] = { member("effect", json_make_str(S("audit"))) };
    const struct json_member condition[] = { member("value", json_make_str(text)),
                                             member("equals", json_make_str(S("x"))) };
    const struct json_member rule[] = { member("if", object(condition, 2)),
                                        member("then", object(effect, 1)) };
    const struct json        definition = object(rule, 2);
    const struct policy_def *def;
    struct policy_verdict    verdict;

    if (policy_def_parse(a, &definition, NULL, &def, NULL) != RC_OK)
        return 0;
    struct policy_input in = { .resource = &resource, .parameters = &resource, .context = &resource };
    return policy_eval(def, &in, a, &verdict, NULL) == RC_OK && verdict.effect.n > 64 ? 1 : 0;
}
