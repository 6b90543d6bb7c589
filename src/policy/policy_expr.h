/* SPDX-License-Identifier: Apache-2.0 */
/* policy/policy_expr: template expressions, "[concat('a', field('name'))]", compiled once, evaluated per
 * resource.
 *
 * A text that starts with '[' and ends with ']' is an expression; "[[x]" is the text "[x]"; all else is
 * itself. A value (policy_template) is JSON of any shape whose texts may be expressions. What is missing or
 * of the wrong kind evaluates to NULL, as a missing field does; only memory and depth fail. Compiled things
 * live in the arena they were compiled into. Threads: read-only once compiled. */
#ifndef POLICY_POLICY_EXPR_H
#define POLICY_POLICY_EXPR_H

#include "base/json.h"
#include "base/ts.h"

enum { POLICY_EXPR_MAX_DEPTH = 64, POLICY_EXPR_MAX_ARGS = 1024 };

struct policy_scope; /* what a run knows: policy/policy_eval_priv.h */
struct policy_fn;

struct policy_expr {
    enum { POLICY_EXPR_CONST, POLICY_EXPR_CALL, POLICY_EXPR_MEMBER, POLICY_EXPR_INDEX } kind;
    const struct json        *value; /* CONST */
    const struct policy_fn   *fn;    /* CALL */
    const struct policy_expr *args;  /* CALL: the arguments; MEMBER: the object; INDEX: object and index */
    size_t                    n_args;
    str                       name; /* MEMBER */
};

struct policy_template {
    enum { POLICY_TEMPLATE_CONST, POLICY_TEMPLATE_EXPR, POLICY_TEMPLATE_ARRAY, POLICY_TEMPLATE_OBJECT } kind;
    const struct json            *value; /* CONST, and the source of the others */
    const struct policy_expr     *expr;
    const struct policy_template *children; /* in the order of value's items or members */
};

must_check enum rc policy_expr_parse(struct arena *a, str text, const struct policy_expr **out,
                                     struct err *err);
must_check enum rc policy_template_compile(struct arena *a, const struct json *value,
                                           struct policy_template *out, struct err *err);
/* The same, with members of the name `raw` left as they stand. */
must_check enum rc policy_template_compile_but(struct arena *a, const struct json *value, str raw,
                                               struct policy_template *out, struct err *err);

/* The same of a deployment template, which has more functions: see policy_deploy.h. */
must_check enum rc policy_template_compile_deploy(struct arena *a, const struct json *value,
                                                  struct policy_template *out, struct err *err);

const struct json *policy_expr_eval(struct policy_scope *scope, const struct policy_expr *e);
const struct json *policy_template_eval(struct policy_scope *scope, const struct policy_template *t);

#endif
