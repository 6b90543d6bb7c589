/* SPDX-License-Identifier: Apache-2.0 */
/* Template functions that read the evaluation: its parameters, the resource, where it stands, the counts
 * around. */
#include "policy/policy_eval_priv.h"
#include "policy/policy_fn.h"
#include "policy/policy_value.h"

static const struct json *eval_parameters(const struct policy_call *c)
{
    str name = policy_fn_text(c, 0);
    if (!name.p)
        return NULL;
    const struct json *given = json_get_ci(c->scope->in->parameters, name);
    if (given)
        return given;
    const struct json *declared = json_get_ci(c->scope->def->parameters, name);
    return declared ? json_get_ci(declared, S("defaultValue")) : NULL;
}

static const struct json *eval_field(const struct policy_call *c)
{
    str name = policy_fn_text(c, 0);
    return name.p ? policy_field_value(c->scope, name) : NULL;
}

static const struct policy_binding *binding_of(const struct policy_scope *s, str name)
{
    for (const struct policy_binding *b = s->bindings; b; b = b->outer)
        if (str_eq_ci(b->name, name))
            return b;
    return NULL;
}

/* current() is the innermost element; current('name') that of a named count; current('alias[*].x') goes on
 * from the element of the count over alias[*]. */
static const struct json *eval_current(const struct policy_call *c)
{
    struct policy_scope *s = c->scope;
    if (c->n == 0)
        return s->bindings ? s->bindings->element : NULL;
    str name = policy_fn_text(c, 0);
    if (!name.p)
        return NULL;
    const struct policy_binding *b = binding_of(s, name);
    if (b)
        return b->element;
    const struct json *v = policy_field_value(s, name);
    return v && v->kind == JSON_ARRAY && v->n == 1 ? &v->items[0] : v;
}

static const struct json *context_part(const struct policy_call *c, str part)
{
    return json_get_ci(c->scope->in->context, part);
}

/* Where nobody says which subscription it is, it is the nil one. */
static const struct json *eval_subscription(const struct policy_call *c)
{
    static const struct json_member members[] = {
        { .key = STR_INIT("subscriptionId"),
          .value = { .kind = JSON_STRING, .s = STR_INIT("00000000-0000-0000-0000-000000000000") } },
        { .key = STR_INIT("id"),
          .value = { .kind = JSON_STRING,
                     .s = STR_INIT("/subscriptions/00000000-0000-0000-0000-000000000000") } },
    };
    static const struct json nil = { .kind = JSON_OBJECT, .n = 2, .members = members };
    const struct json       *given = context_part(c, S("subscription"));
    return given ? given : &nil;
}

static const struct json *eval_resource_group(const struct policy_call *c)
{
    return context_part(c, S("resourceGroup"));
}

static const struct json *eval_policy(const struct policy_call *c)
{
    return context_part(c, S("policy"));
}

static const struct json *eval_request_context(const struct policy_call *c)
{
    const struct json *given = context_part(c, S("requestContext"));
    if (given || c->scope->in->api_version.n == 0)
        return given;

    struct json_member *member = arena_try_alloc(c->a, sizeof *member);
    struct json        *object = arena_try_alloc(c->a, sizeof *object);
    if (!member || !object)
        return NULL;
    *member =
        (struct json_member) { .key = S("apiVersion"), .value = json_make_str(c->scope->in->api_version) };
    *object = (struct json) { .kind = JSON_OBJECT, .n = 1, .members = member };
    return object;
}

const struct policy_fn POLICY_FN_CONTEXT[] = {
    { .name = "current",
      .least = 0,
      .most = 1,
      .eval = eval_current,
      .doc = "The element that a count is looking at.",
      .example = "current('none')",
      .yields = "null" },
    { .name = "field",
      .least = 1,
      .most = 1,
      .eval = eval_field,
      .doc = "A field of the resource; an array for [*].",
      .example = "field('name')",
      .yields = "\"web-03\"" },
    { .name = "parameters",
      .least = 1,
      .most = 1,
      .eval = eval_parameters,
      .doc = "A parameter of the assignment, or its default.",
      .example = "parameters('none')",
      .yields = "null" },
    { .name = "policy",
      .least = 0,
      .most = 0,
      .eval = eval_policy,
      .doc = "Ids of the definition, the assignment and the initiative.",
      .example = "policy().assignmentId",
      .yields = "null" },
    { .name = "requestContext",
      .least = 0,
      .most = 0,
      .eval = eval_request_context,
      .doc = "The request, with its apiVersion.",
      .example = "requestContext().apiVersion",
      .yields = "null" },
    { .name = "resourceGroup",
      .least = 0,
      .most = 0,
      .eval = eval_resource_group,
      .doc = "The resource group that the resource stands in.",
      .example = "resourceGroup().name",
      .yields = "null" },
    { .name = "subscription",
      .least = 0,
      .most = 0,
      .eval = eval_subscription,
      .doc = "The subscription that the resource stands in.",
      .example = "subscription().subscriptionId",
      .yields = "\"00000000-0000-0000-0000-000000000000\"" },
    { 0 },
};
