/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_value: a constant of the language, and the reading of typed literals.
 *
 * Ownership: texts live in the arena given. Threads: plain data. */
#ifndef KQL_KQL_VALUE_H
#define KQL_KQL_VALUE_H

#include "base/arena.h"
#include "base/strbuf.h"
#include "kql/kql_type.h"

struct kql_value {
    enum kql_type type;
    bool          null;
    union {
        int64_t i; /* bool, int, long; datetime as ts; timespan in ticks */
        double  r;
    };
    str s; /* string; guid, decimal and dynamic as text (dynamic: compact JSON) */
};

struct kql_value kql_value_null(enum kql_type t);
struct kql_value kql_value_long(int64_t v);
struct kql_value kql_value_int_of(enum kql_type t, int64_t v); /* bool, int, long, datetime, timespan */
struct kql_value kql_value_real(double v);
struct kql_value kql_value_string(str s);
struct kql_value kql_value_dynamic(str json);

/* The value of `type(text)`, as in datetime(2020-01-01) or dynamic({"a":1}). False when it has none. */
bool kql_value_parse(struct arena *a, enum kql_type type, str text, struct kql_value *out);

/* Datetimes as todatetime() and literals read them: ISO, US month/day/year, yyyymmdd, RFC 1123, year and
 * month. */
bool kql_value_parse_datetime(str text, int64_t *ts);
/* Timespans as totimespan() and literals read them: [-][d.]hh:mm[:ss[.f]], "5m", "1.5 hours"; days alone. */
bool kql_value_parse_timespan(str text, int64_t *ticks);

/* The value as an SQL literal of its type: toInt64(5), 'it\'s', a DateTime64. */
void kql_value_sql(struct strbuf *out, const struct kql_value *v);

/* The value as an element of JSON (what dynamic() would hold). */
void kql_value_json(struct strbuf *out, const struct kql_value *v);
/* The value as tostring() gives it. */
str kql_value_text(struct arena *a, const struct kql_value *v);

#endif
