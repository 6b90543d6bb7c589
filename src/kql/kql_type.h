/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_type: the scalar types of the language and what converts to what. Threads: plain data. */
#ifndef KQL_KQL_TYPE_H
#define KQL_KQL_TYPE_H

#include "base/str.h"

enum kql_type {
    KQL_UNKNOWN, /* an expression that could not be bound, or the bare word null */
    KQL_BOOL,
    KQL_INT,
    KQL_LONG,
    KQL_REAL,
    KQL_DECIMAL,
    KQL_DATETIME,
    KQL_TIMESPAN,
    KQL_STRING,
    KQL_GUID,
    KQL_DYNAMIC,
    KQL_TYPE_COUNT_
};

str  kql_type_name(enum kql_type t); /* "long" */
str  kql_type_one(enum kql_type t);  /* "a long", "an int" */
bool kql_type_parse(str            name,
                    enum kql_type *out); /* also the aliases: double, date, time, boolean, uniqueid … */
str  kql_type_sql(enum kql_type t);      /* "Nullable(Int64)"; String for string and dynamic */
str  kql_type_null_sql(enum kql_type t); /* the typed null: CAST(NULL, '…'), '' for string and dynamic */

static inline bool kql_type_is_integer(enum kql_type t)
{
    return t == KQL_INT || t == KQL_LONG;
}

static inline bool kql_type_is_number(enum kql_type t)
{
    return kql_type_is_integer(t) || t == KQL_REAL || t == KQL_DECIMAL;
}

/* Strings and dynamics have no SQL null: the empty text stands for it. */
static inline bool kql_type_is_text(enum kql_type t)
{
    return t == KQL_STRING || t == KQL_DYNAMIC;
}

/* The type that two branches or operands widen to; KQL_UNKNOWN when they do not meet. */
enum kql_type kql_type_common(enum kql_type a, enum kql_type b);

#endif
