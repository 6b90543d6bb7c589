/* SPDX-License-Identifier: Apache-2.0 */
#include "http/http_pairs.h"

static str value_of(const struct http_pair *p)
{
    return p->value.p ? p->value : str_make("", 0);
}

str http_pairs_get(struct http_pairs pairs, str name)
{
    for (size_t i = 0; i < pairs.n; i++)
        if (str_eq(pairs.p[i].name, name))
            return value_of(&pairs.p[i]);
    return STR_NONE;
}

str http_pairs_get_ci(struct http_pairs pairs, str name)
{
    for (size_t i = 0; i < pairs.n; i++)
        if (str_eq_ci(pairs.p[i].name, name))
            return value_of(&pairs.p[i]);
    return STR_NONE;
}

bool http_pairs_has(struct http_pairs pairs, str name)
{
    return http_pairs_get(pairs, name).p != NULL;
}
