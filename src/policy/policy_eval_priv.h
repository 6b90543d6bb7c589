/* SPDX-License-Identifier: Apache-2.0 */
/* What one evaluation knows. Private to policy. */
#ifndef POLICY_POLICY_EVAL_PRIV_H
#define POLICY_POLICY_EVAL_PRIV_H

#include "policy/policy.h"
#include "policy/policy_path.h"
#include "policy/policy_rule.h"

/* An element that a count is looking at. The innermost stands first. */
struct policy_binding {
    const struct policy_binding *outer;
    str                          name; /* of a value count, or the text of the counted field */
    const struct policy_path    *path; /* of a field count; NULL for a value count */
    const struct json           *element;
};

/* What decided, and where it stood: its field and the place itself, or the element that it was looked for in.
 */
struct policy_witness {
    struct policy_evidence     evidence;
    const struct policy_field *field; /* NULL: worked out on the way, and gone */
    const struct json         *place;
};

struct policy_deploy_scope;

struct policy_scope {
    struct arena                *a; /* results of this evaluation */
    const struct policy_def     *def;
    const struct policy_input   *in;
    const struct json           *resource; /* in->resource, or a related one */
    const struct policy_binding *bindings;
    /* The field condition that held last, or NULL to keep none. */
    struct policy_witness      *witness;
    struct policy_deploy_scope *deploy; /* of deployment templates; else NULL */
};

/* Does a condition hold here? And is the rule's effect one that asks for related resources? */
bool policy_eval_holds(struct policy_scope *s, const struct policy_condition *c);
bool policy_eval_asks_related(struct policy_scope *s);

/* The field itself, or, where its name is an expression, the one that it names here, in `room`; NULL: none.
 */
const struct policy_field *policy_field_named(struct policy_scope *s, const struct policy_field *field,
                                              struct policy_field *room);
/* What a field's text leads to from here: a value, or for [*] an array of all that is there. */
const struct json *policy_field_value(struct policy_scope *s, str text);
/* The path of a field in the document at hand: by its api-version, by the alias, or the guess that fits. */
const struct policy_path *policy_field_path(const struct policy_scope *s, const struct policy_field *field);
/* Every place that a compiled field leads to, within the innermost count that it belongs to. */
bool policy_field_each(struct policy_scope *s, const struct policy_field        *field,
                       bool (*visit)(void *ctx, const struct json *found), void *ctx);

/* The path of a place below a field with [*]: with the numbers of its elements. Empty: it cannot be told. */
str policy_evidence_path(struct policy_scope *s, const struct policy_field *field, const struct json *place);
/* The field of the evidence with the numbers of its elements: users[*].shell → users[3].shell. */
void policy_evidence_place(struct policy_scope *s, struct policy_witness *w);

#endif
