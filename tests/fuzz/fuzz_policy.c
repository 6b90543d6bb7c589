/* SPDX-License-Identifier: Apache-2.0 */
/* A definition and a document, parted by a line of its own "---". */
#include "policy/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str    all = str_make((const char *)data, size);
    size_t cut = str_find(all, S("\n---\n"));
    if (cut == STR_NPOS || size > 1 << 16)
        return 0;

    AUTO(arena) a = arena_new(64 << 20);
    const struct json       *definition, *resource;
    const struct policy_def *def;
    struct policy_verdict    verdict;
    struct err               err;
    if (json_parse(a, str_slice(all, 0, cut), &definition, &err) != RC_OK ||
        json_parse(a, str_from(all, cut + 5), &resource, &err) != RC_OK ||
        policy_def_parse(a, definition, NULL, &def, &err) != RC_OK)
        return 0;
    struct policy_input in = { .resource = resource };
    return policy_eval(def, &in, a, &verdict, &err) == RC_OK && verdict.effect.n > size ? 1 : 0;
}
