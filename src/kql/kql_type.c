/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_type.h"

static const struct {
    str name, one, sql, null_sql;
} TYPES[] = {
    [KQL_UNKNOWN] = { STR_INIT("unknown"), STR_INIT("an unknown"), STR_INIT("String"), STR_INIT("''") },
    [KQL_BOOL] = { STR_INIT("bool"), STR_INIT("a bool"), STR_INIT("Nullable(Bool)"),
                   STR_INIT("CAST(NULL,'Nullable(Bool)')") },
    [KQL_INT] = { STR_INIT("int"), STR_INIT("an int"), STR_INIT("Nullable(Int64)"),
                  STR_INIT("CAST(NULL,'Nullable(Int64)')") },
    [KQL_LONG] = { STR_INIT("long"), STR_INIT("a long"), STR_INIT("Nullable(Int64)"),
                   STR_INIT("CAST(NULL,'Nullable(Int64)')") },
    [KQL_REAL] = { STR_INIT("real"), STR_INIT("a real"), STR_INIT("Nullable(Float64)"),
                   STR_INIT("CAST(NULL,'Nullable(Float64)')") },
    [KQL_DECIMAL] = { STR_INIT("decimal"), STR_INIT("a decimal"), STR_INIT("Nullable(Decimal(38,18))"),
                      STR_INIT("CAST(NULL,'Nullable(Decimal(38,18))')") },
    [KQL_DATETIME] = { STR_INIT("datetime"), STR_INIT("a datetime"),
                       STR_INIT("Nullable(DateTime64(7,'UTC'))"),
                       STR_INIT("CAST(NULL,'Nullable(DateTime64(7,\\'UTC\\'))')") },
    [KQL_TIMESPAN] = { STR_INIT("timespan"), STR_INIT("a timespan"), STR_INIT("Nullable(Int64)"),
                       STR_INIT("CAST(NULL,'Nullable(Int64)')") },
    [KQL_STRING] = { STR_INIT("string"), STR_INIT("a string"), STR_INIT("String"), STR_INIT("''") },
    [KQL_GUID] = { STR_INIT("guid"), STR_INIT("a guid"), STR_INIT("Nullable(UUID)"),
                   STR_INIT("CAST(NULL,'Nullable(UUID)')") },
    [KQL_DYNAMIC] = { STR_INIT("dynamic"), STR_INIT("a dynamic"), STR_INIT("String"), STR_INIT("''") },
};

static const struct {
    str           name;
    enum kql_type type;
} NAMES[] = {
    { STR_INIT("bool"), KQL_BOOL },         { STR_INIT("boolean"), KQL_BOOL },
    { STR_INIT("int"), KQL_INT },           { STR_INIT("int32"), KQL_INT },
    { STR_INIT("long"), KQL_LONG },         { STR_INIT("int64"), KQL_LONG },
    { STR_INIT("real"), KQL_REAL },         { STR_INIT("double"), KQL_REAL },
    { STR_INIT("float"), KQL_REAL },        { STR_INIT("decimal"), KQL_DECIMAL },
    { STR_INIT("datetime"), KQL_DATETIME }, { STR_INIT("date"), KQL_DATETIME },
    { STR_INIT("timespan"), KQL_TIMESPAN }, { STR_INIT("time"), KQL_TIMESPAN },
    { STR_INIT("string"), KQL_STRING },     { STR_INIT("guid"), KQL_GUID },
    { STR_INIT("uuid"), KQL_GUID },         { STR_INIT("uniqueid"), KQL_GUID },
    { STR_INIT("dynamic"), KQL_DYNAMIC },
};

str kql_type_name(enum kql_type t)
{
    return TYPES[t].name;
}

str kql_type_one(enum kql_type t)
{
    return TYPES[t].one;
}

bool kql_type_parse(str name, enum kql_type *out)
{
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++)
        if (str_eq(name, NAMES[i].name)) {
            *out = NAMES[i].type;
            return true;
        }
    return false;
}

str kql_type_sql(enum kql_type t)
{
    return TYPES[t].sql;
}

str kql_type_null_sql(enum kql_type t)
{
    return TYPES[t].null_sql;
}

enum kql_type kql_type_common(enum kql_type a, enum kql_type b)
{
    if (a == b || b == KQL_UNKNOWN)
        return a;
    if (a == KQL_UNKNOWN)
        return b;
    if (kql_type_is_number(a) && kql_type_is_number(b)) {
        if (a == KQL_DECIMAL || b == KQL_DECIMAL)
            return KQL_DECIMAL;
        return a > b ? a : b; /* int < long < real */
    }
    if ((a == KQL_DYNAMIC && b == KQL_STRING) || (a == KQL_STRING && b == KQL_DYNAMIC))
        return KQL_STRING;
    if (a == KQL_DYNAMIC || b == KQL_DYNAMIC)
        return KQL_DYNAMIC;
    return KQL_UNKNOWN;
}
