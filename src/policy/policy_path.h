/* SPDX-License-Identifier: Apache-2.0 */
/* policy/policy_path: a place in a JSON document: properties.rules[*].name, tags['Created By'], list[0].
 *
 * Names match without regard to case. `[*]` stands for every element of an array. A path lives in the arena
 * it was parsed into. Threads: read-only once parsed. */
#ifndef POLICY_POLICY_PATH_H
#define POLICY_POLICY_PATH_H

#include "base/json.h"

enum { POLICY_PATH_MAX = 48 };

struct policy_step {
    enum { POLICY_STEP_KEY, POLICY_STEP_INDEX, POLICY_STEP_EACH } kind;
    str    key;
    size_t index;
};

struct policy_path {
    const struct policy_step *steps;
    size_t                    n;
};

/* A bracket may hold *, digits, or a name with or without quotes. */
must_check enum rc policy_path_parse(struct arena *a, str text, struct policy_path *out, struct err *err);
bool               policy_path_has_each(const struct policy_path *p);
/* True when `whole` begins with the steps of `start`. */
bool policy_path_starts(const struct policy_path *whole, const struct policy_path *start);

/* Calls visit for each place that the steps from `from` on lead to; `found` is NULL where the last names are
 * missing (below an element that is there), and no call is made for an array that is missing or empty.
 * visit returns false to stop. The result is false when it was stopped. */
bool policy_path_walk(const struct policy_path *p, size_t from, const struct json *node,
                      bool (*visit)(void *ctx, const struct json *found), void *ctx);
/* The one place of a path without [*]; NULL when missing. */
const struct json *policy_path_get(const struct policy_path *p, size_t from, const struct json *node);

#endif
