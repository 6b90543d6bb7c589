/* SPDX-License-Identifier: Apache-2.0 */
/* policy/policy_fn: the template functions, one table a family. To add one: write its eval, add its row.
 *
 * An eval gets its arguments evaluated (missing ones as NULL) and answers NULL where it has no answer;
 * results live in the scope's arena. Lazy functions (if, and, or, coalesce) get the expressions instead. */
#ifndef POLICY_POLICY_FN_H
#define POLICY_POLICY_FN_H

#include "policy/policy_expr.h"

struct policy_call {
    struct policy_scope      *scope;
    struct arena             *a;
    const struct json *const *argv;  /* NULL for lazy functions */
    const struct policy_expr *exprs; /* for lazy functions */
    size_t                    n;
};

struct policy_fn {
    const char *name;
    size_t      least, most; /* number of arguments */
    const struct json *(*eval)(const struct policy_call *c);
    bool        lazy;
    const char *doc, *example, *yields; /* the example's answer as JSON */
};

extern const struct policy_fn POLICY_FN_LOGIC[], POLICY_FN_STRING[], POLICY_FN_ARRAY[], POLICY_FN_NUMBER[],
    POLICY_FN_DATE[], POLICY_FN_CONTEXT[];

/* Of deployment templates alone. */
extern const struct policy_fn POLICY_FN_DEPLOY[];

const struct policy_fn *policy_fn_find(str name);        /* any case, or NULL */
const struct policy_fn *policy_fn_find_deploy(str name); /* those of templates, too */
/* Walks all rows: start with *family = *row = 0; NULL behind the last. */
const struct policy_fn *policy_fn_next(size_t *family, size_t *row);
str                     policy_fn_nearest(str name); /* for "did you mean" */

/* Arguments as what they must be; false or a NULL p when they are something else. */
str  policy_fn_text(const struct policy_call *c, size_t i);
bool policy_fn_int(const struct policy_call *c, size_t i, int64_t *out);

#endif
