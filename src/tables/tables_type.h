/* SPDX-License-Identifier: Apache-2.0 */
/* tables/tables_type: KQL's column types and what holds them in ClickHouse. Threads: no state. */
#ifndef TABLES_TABLES_TYPE_H
#define TABLES_TABLES_TYPE_H

#include "base/str.h"

enum tables_type {
    TABLES_STRING,   /* String; nothing is '' */
    TABLES_DYNAMIC,  /* String holding JSON; nothing is '' */
    TABLES_LONG,     /* Nullable(Int64) */
    TABLES_INT,      /* Nullable(Int64): the language computes ints as longs */
    TABLES_REAL,     /* Nullable(Float64) */
    TABLES_BOOL,     /* Nullable(Bool) */
    TABLES_DATETIME, /* Nullable(DateTime64(7,'UTC')); TimeGenerated and _IngestionTime are never null */
    TABLES_TIMESPAN, /* Nullable(Int64) in ticks of 100 ns */
    TABLES_GUID,     /* Nullable(UUID) */
    TABLES_DECIMAL,  /* Nullable(Decimal(38,18)) */
    TABLES_TYPE_COUNT_
};

str  tables_type_name(enum tables_type t); /* "long": KQL's name, as in content/schemas */
bool tables_type_parse(str name, enum tables_type *out);
str  tables_type_sql(enum tables_type t); /* "Nullable(Int64)" */

#endif
