/* SPDX-License-Identifier: Apache-2.0 */
/* policy/policy_value: how Azure Policy compares JSON values. NULL stands for a missing value and equals
 * null.
 *
 * Text compares by full Unicode case folding. A number equals the text that spells it, a bool the word that
 * names it. Threads: pure functions. */
#ifndef POLICY_POLICY_VALUE_H
#define POLICY_POLICY_VALUE_H

#include "base/json.h"

bool policy_value_missing(const struct json *v); /* NULL or null */
bool policy_value_equal(const struct json *a, const struct json *b);
/* As template functions compare: text by its bytes, no kind taken for another. */
bool policy_value_identical(const struct json *a, const struct json *b);
/* Order of two numbers or two texts (a number and a text that spells one count as numbers). False when the
 * two have no order. */
bool policy_value_order(const struct json *a, const struct json *b, int *order);
bool policy_value_number(const struct json *v, double *out);
bool policy_value_bool(const struct json *v, bool *out);
/* The text of a string, number or bool; a NULL p for the other kinds. */
str  policy_value_text(struct arena *a, const struct json *v);
bool policy_value_contains_text(str text, str needle); /* folded */

/* New values in the arena; a NULL result means that its maximum is reached. */
const struct json *policy_value_str(struct arena *a, str s);
const struct json *policy_value_i64(struct arena *a, int64_t i);
const struct json *policy_value_double(struct arena *a, double d);
const struct json *policy_value_of_bool(bool b);
const struct json *policy_value_array(struct arena *a, const struct json *items, size_t n);

#endif
