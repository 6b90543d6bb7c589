/* SPDX-License-Identifier: Apache-2.0 */
/* policy/policy: Azure Policy definitions, run unchanged over JSON documents of any origin.
 *
 * A definition is parsed once into an arena and is read-only from then on; evaluating allocates only in the
 * arena of the run. The module knows nothing of stores: related resources are asked of the caller.
 * Threads: one definition may be evaluated by many at once. */
#ifndef POLICY_POLICY_H
#define POLICY_POLICY_H

#include "base/json.h"
#include "base/ts.h"
#include "policy/policy_alias.h"

struct policy_def;

/* Takes a definition as the API and the public library have it ({"properties": {…}} or the properties alone),
 * or a bare rule ({"if", "then"}). `aliases` may be NULL and must outlive the definition. */
must_check enum rc policy_def_parse(struct arena *a, const struct json *definition,
                                    const struct policy_aliases *aliases, const struct policy_def **out,
                                    struct err *err);
str                policy_def_mode(
                   const struct policy_def *d); /* "All", "Indexed", a resource provider mode; "" when not said */
str                policy_def_display_name(const struct policy_def *d);
const struct json *policy_def_parameters(const struct policy_def *d); /* the declarations, or NULL */
/* The resource types that the rule asks for in its outermost allOf; empty: it may concern any type. */
size_t policy_def_types(const struct policy_def *d, const str **types);

/* Does the rule count the elements of a field? Then policy_input.elements takes them. */
bool policy_def_counts(const struct policy_def *d);

/* Resources that belong to the one under judgement, for the …IfNotExists effects: `details` is the rule's
 * details with its expressions worked out (type, name, existenceScope, …). Answers an array of documents. */
struct policy_related {
    void *ctx;
    const struct json *(*find)(void *ctx, const struct json *details, struct arena *a);
};

/* An element that a count of the rule took, where it made the count large enough: properties.users[3]. */
struct policy_element {
    str                path;
    const struct json *value;
};
struct policy_elements {
    struct policy_element *p;
    size_t                 n, cap;
};
enum { POLICY_ELEMENTS_MAX = 10000 }; /* kept of one evaluation */

struct policy_input {
    const struct json    *resource;
    const struct json    *parameters; /* {name: value}; NULL: all by default */
    const struct json    *context; /* {subscription, resourceGroup, requestContext, policy, utcNow} or NULL */
    str                   api_version;
    struct policy_related related;
    ts                    now;
    struct policy_elements *elements; /* takes what was counted; NULL: nobody asks */
};

/* Why: the path that decided, and what stood there (NULL: nothing). */
struct policy_evidence {
    str                field, op;
    const struct json *found, *wanted;
};

struct policy_verdict {
    str                effect;  /* as the rule spells it; empty: the policy does not apply, or is disabled */
    bool               matched; /* the condition holds (true also where a related resource made it good) */
    const struct json *details; /* of modify, append, …IfNotExists, worked out; or NULL */
    struct policy_evidence evidence;
};

must_check enum rc policy_eval(const struct policy_def *d, const struct policy_input *in, struct arena *a,
                               struct policy_verdict *out, struct err *err);

#endif
