/* SPDX-License-Identifier: Apache-2.0 */
/* ingest_value: reading the small values that logs are made of. Pure functions; results borrow their input
 * unless an arena is named. Threads: any. */
#ifndef INGEST_INGEST_VALUE_H
#define INGEST_INGEST_VALUE_H

#include "base/arena.h"
#include "base/json.h"
#include "base/ts.h"

/* What stands after the last / or \; the whole text without one. */
str ingest_value_base(str path);

/* "DOMAIN\name" → both; a text without \ is the name. */
void ingest_value_account(str account, str *domain, str *name);

/* "0x3e7", "3e7" only with the prefix, or decimal digits. */
bool ingest_value_number(str s, int64_t *out);

/* The value as text: strings as they are, numbers and booleans printed, objects and arrays as compact JSON,
 * null as nothing. */
str ingest_value_text(struct arena *a, const struct json *v);

/* A number, or text that is one; the fallback otherwise. */
int64_t ingest_value_i64(const struct json *v, int64_t fallback);

/* A moment: ISO text, or a number of seconds, milliseconds, microseconds or nanoseconds since 1970, told
 * apart by their size. False for what lies outside the years 1 to 9999 or is no time. */
bool ingest_value_time(const struct json *v, ts *out);
bool ingest_value_time_text(str s, ts *out);

/* Nothing to keep: empty, "-", null, an empty object or array. */
bool ingest_value_blank(const struct json *v);

/* Text in lower case (ASCII letters), in the arena. */
str ingest_value_lower(struct arena *a, str s);

/* One more argument of a command line: behind a blank, in single quotes when it holds one itself. */
void ingest_value_add_argument(struct strbuf *line, str argument);

#endif
