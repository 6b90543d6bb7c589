/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_agg.h"

static const struct kql_agg *const FAMILIES[] = { KQL_AGG_BASIC, KQL_AGG_LIST, KQL_AGG_SKETCH, KQL_AGG_STAT };
enum { N_FAMILIES = sizeof FAMILIES / sizeof FAMILIES[0] };

const struct kql_agg *kql_agg_find(str name)
{
    for (size_t f = 0; f < N_FAMILIES; f++)
        for (const struct kql_agg *agg = FAMILIES[f]; agg->name; agg++)
            if (str_eq(name, str_of(agg->name)))
                return agg;
    return NULL;
}

const struct kql_agg *kql_agg_next(const struct kql_agg *agg)
{
    size_t family = 0;

    if (agg) {
        if (agg[1].name)
            return agg + 1;
        for (; family < N_FAMILIES; family++) {
            const struct kql_agg *at = FAMILIES[family];
            while (at->name && at != agg)
                at++;
            if (at == agg)
                break;
        }
        family++;
    }
    return family < N_FAMILIES ? FAMILIES[family] : NULL;
}

str kql_agg_percentile_name(struct arena *a, str base, const struct kql_value *percent)
{
    str text = kql_value_text(a, percent);

    if (str_ends(text, S(".0")))
        text.n -= 2;
    str   name = arena_printf(a, "percentile_" STR_FMT "_" STR_FMT, STR_ARG(base), STR_ARG(text));
    char *c = (char *)name.p;
    for (size_t i = 0; i < name.n; i++)
        c[i] = c[i] == '.' ? '_' : c[i];
    return name;
}
