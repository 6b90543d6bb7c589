/* SPDX-License-Identifier: Apache-2.0 */
/* policy/policy_rule: the compiled form of a rule: a tree of conditions over fields, values and counts. */
#ifndef POLICY_POLICY_RULE_H
#define POLICY_POLICY_RULE_H

#include "policy/policy.h"
#include "policy/policy_expr.h"
#include "policy/policy_path.h"

struct policy_op;

/* Where an alias leads for one resource type. */
struct policy_variant {
    const struct policy_alias *alias;
    struct policy_path         path;
    const struct policy_path  *versions; /* one for each of alias->versions */
};

/* A field of a resource: built-in name, alias, or plain path. */
struct policy_field {
    str                          text;
    const struct policy_expr    *expr;     /* the name is worked out at run time */
    const struct policy_variant *variants; /* of an alias that the table knows */
    size_t                       n_variants;
    struct policy_path           path;  /* the text itself as a path */
    struct policy_path           guess; /* what follows the type in a name with slashes, below properties */
    struct policy_path           guess_at_top;
};

struct policy_condition {
    enum {
        POLICY_ALL_OF,
        POLICY_ANY_OF,
        POLICY_NOT,
        POLICY_FIELD,
        POLICY_VALUE,
        POLICY_COUNT_FIELD,
        POLICY_COUNT_VALUE,
    } kind;
    const struct policy_condition
                           *children; /* of allOf, anyOf; the one of not; the where of a count or NULL */
    size_t                  n;
    struct policy_field     field;
    struct policy_template  value; /* of value and of count value */
    str                     name;  /* of count value */
    const struct policy_op *op;    /* of all but allOf, anyOf, not */
    struct policy_template  rhs;
};

struct policy_def {
    const struct json             *properties; /* the document; NULL for a bare rule */
    const struct json             *parameters;
    const struct policy_aliases   *aliases;
    struct policy_condition        condition;
    struct policy_template         effect;
    const struct json             *details;
    struct policy_template         details_template; /* without existenceCondition and deployment */
    const struct policy_condition *existence;        /* or NULL */
    const str                     *types;
    size_t                         n_types;
    bool                           counts; /* elements of a field, somewhere */
};

/* Names a field by its text. `rule` is the arena of the definition or of the run. */
must_check enum rc policy_field_compile(struct arena *a, const struct policy_aliases *aliases, str text,
                                        struct policy_field *out, struct err *err);

/* Compiles a condition: {"allOf": …}, {"anyOf": …}, {"not": …}, or one of field, value and count with one
 * operator. */
must_check enum rc policy_rule_condition(struct arena *a, const struct policy_aliases *aliases,
                                         const struct json *j, struct policy_condition *out, struct err *err);

/* The operators: equals, notEquals, like, … A negated one is the opposite of the one before it in name. */
struct policy_op {
    const char *name;
    bool (*test)(struct arena *a, const struct json *value, const struct json *wanted);
    bool        negated;
    const char *doc, *example; /* a whole condition */
};

extern const struct policy_op POLICY_OPS[];
const struct policy_op       *policy_op_find(str name); /* any case, or NULL */

#endif
