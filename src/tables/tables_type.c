/* SPDX-License-Identifier: Apache-2.0 */
#include "tables/tables_type.h"

static const struct {
    str name, sql;
} TYPES[TABLES_TYPE_COUNT_] = {
    [TABLES_STRING] = { STR_INIT("string"), STR_INIT("String") },
    [TABLES_DYNAMIC] = { STR_INIT("dynamic"), STR_INIT("String") },
    [TABLES_LONG] = { STR_INIT("long"), STR_INIT("Nullable(Int64)") },
    [TABLES_INT] = { STR_INIT("int"), STR_INIT("Nullable(Int64)") },
    [TABLES_REAL] = { STR_INIT("real"), STR_INIT("Nullable(Float64)") },
    [TABLES_BOOL] = { STR_INIT("bool"), STR_INIT("Nullable(Bool)") },
    [TABLES_DATETIME] = { STR_INIT("datetime"), STR_INIT("Nullable(DateTime64(7, 'UTC'))") },
    [TABLES_TIMESPAN] = { STR_INIT("timespan"), STR_INIT("Nullable(Int64)") },
    [TABLES_GUID] = { STR_INIT("guid"), STR_INIT("Nullable(UUID)") },
    [TABLES_DECIMAL] = { STR_INIT("decimal"), STR_INIT("Nullable(Decimal(38, 18))") },
};

str tables_type_name(enum tables_type t)
{
    return TYPES[t].name;
}

str tables_type_sql(enum tables_type t)
{
    return TYPES[t].sql;
}

bool tables_type_parse(str name, enum tables_type *out)
{
    for (int t = 0; t < TABLES_TYPE_COUNT_; t++) {
        if (str_eq_ci(TYPES[t].name, name)) {
            *out = (enum tables_type)t;
            return true;
        }
    }
    if (str_eq_ci(name, S("boolean")))
        *out = TABLES_BOOL;
    else if (str_eq_ci(name, S("double")))
        *out = TABLES_REAL;
    else
        return false;
    return true;
}
