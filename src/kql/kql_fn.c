/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_fn.h"

/* A family more: its table's name here. */
static const struct kql_fn *const FAMILIES[] = {
    KQL_FN_OPERATOR, KQL_FN_CAST,   KQL_FN_LOGIC,  KQL_FN_STRING, KQL_FN_MATH,    KQL_FN_DATETIME,
    KQL_FN_DYNAMIC,  KQL_FN_ARRAY,  KQL_FN_IP,     KQL_FN_PARSE,  KQL_FN_HASH,    KQL_FN_WINDOW,
    KQL_FN_SERIES,   KQL_FN_GEO,    KQL_FN_IPV6,   KQL_FN_UNIT,   KQL_FN_SHAPE,   KQL_FN_S2,
    KQL_FN_ZONE,     KQL_FN_SCALAR, KQL_FN_SKETCH, KQL_FN_FIT,    KQL_FN_OVERLAY, KQL_FN_MINE,
};
enum { N_FAMILIES = sizeof FAMILIES / sizeof FAMILIES[0] };

/* A walk over some hundred short names costs less than a microsecond: no index to keep. */
static bool same(const char *z, str name)
{
    return z[0] == name.p[0] && strlen(z) == name.n && memcmp(z, name.p, name.n) == 0;
}

const struct kql_fn *kql_fn_find(str name)
{
    if (name.n == 0)
        return NULL;
    for (size_t f = 0; f < N_FAMILIES; f++)
        for (const struct kql_fn *fn = FAMILIES[f]; fn->name; fn++)
            if (same(fn->name, name))
                return fn->twin ? kql_fn_find(str_of(fn->twin)) : fn;
    return NULL;
}

const struct kql_fn *kql_fn_next(const struct kql_fn *fn)
{
    size_t family = 0;

    if (fn) {
        if (fn[1].name)
            return fn + 1;
        for (; family < N_FAMILIES; family++) {
            const struct kql_fn *at = FAMILIES[family];
            while (at->name && at != fn)
                at++;
            if (at == fn)
                break;
        }
        family++;
    }
    while (family < N_FAMILIES && !FAMILIES[family]->name)
        family++;
    return family < N_FAMILIES ? FAMILIES[family] : NULL;
}

enum kql_type kql_fn_type_first(const struct kql_expr *call)
{
    return call->args[0]->type;
}

enum kql_type kql_fn_type_second(const struct kql_expr *call)
{
    return call->args[1]->type;
}
