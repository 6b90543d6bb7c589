/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_op.h"

/* A family more: its table's name here. */
static const struct kql_op *const FAMILIES[] = {
    KQL_OPS_BASIC,    KQL_OPS_SHAPE,     KQL_OPS_SOURCE, KQL_OPS_SUMMARIZE, KQL_OPS_JOIN,   KQL_OPS_UNION,
    KQL_OPS_EXPAND,   KQL_OPS_PARTITION, KQL_OPS_MACRO,  KQL_OPS_PARSE,     KQL_OPS_SERIES, KQL_OPS_TOP,
    KQL_OPS_EVALUATE, KQL_OPS_SEVERAL,   KQL_OPS_REDUCE, KQL_OPS_SCAN,      KQL_OPS_GRAPH,  KQL_OPS_MATCH,
};
enum { N_FAMILIES = sizeof FAMILIES / sizeof FAMILIES[0] };

const struct kql_op *kql_op_find(str name)
{
    for (const struct kql_op *op = kql_op_next(NULL); op; op = kql_op_next(op))
        if (str_eq(name, str_of(op->name)) || (op->alias && str_eq(name, str_of(op->alias))))
            return op;
    return NULL;
}

const struct kql_op *kql_op_next(const struct kql_op *op)
{
    size_t family = 0;

    if (op) { /* the row behind it, if it is not its family's last */
        if (op[1].name)
            return op + 1;
        for (family = 0; family < N_FAMILIES; family++) {
            const struct kql_op *last = FAMILIES[family];
            while (last->name && last != op)
                last++;
            if (last == op)
                break;
        }
        family++;
    }
    while (family < N_FAMILIES && !FAMILIES[family]->name)
        family++;
    return family < N_FAMILIES ? FAMILIES[family] : NULL;
}

bool kql_op_matches(str pattern, str name)
{
    size_t star = str_find_byte(pattern, '*');

    if (star == STR_NPOS)
        return str_eq(pattern, name);
    if (!str_starts(name, str_slice(pattern, 0, star)))
        return false;
    str rest = str_from(pattern, star + 1);
    for (size_t i = star; i <= name.n; i++)
        if (kql_op_matches(rest, str_from(name, i)))
            return true;
    return false;
}
