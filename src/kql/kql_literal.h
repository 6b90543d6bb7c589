/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_literal: the notations inside literals: dynamic({…}), the many forms of dates, reals as .NET prints
 * them. Ownership: results live in the arena. Threads: no state. */
#ifndef KQL_KQL_LITERAL_H
#define KQL_KQL_LITERAL_H

#include "base/arena.h"
#include "base/str.h"

/* The inside of dynamic(…) as compact JSON. Takes what JSON has, single quotes, and typed literals as
 * elements. */
bool kql_literal_dynamic(struct arena *a, str text, str *json);

/* Dates that are not ISO 8601: 11/24/2020 1:02 PM, 20201124, Tue, 24 Nov 2020 01:02:03 GMT, 2020-11, 2020. */
bool kql_literal_datetime(str text, int64_t *ts);

/* 1.5, 100.0, 1E-05, NaN: what tostring(real) gives. */
str kql_literal_real_text(struct arena *a, double v);

#endif
