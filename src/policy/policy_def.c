/* SPDX-License-Identifier: Apache-2.0 */
/* From a document to a definition that can be evaluated. */
#include "policy/policy_rule.h"

static const str EFFECTS[] = {
    STR_INIT("addToNetworkGroup"),
    STR_INIT("append"),
    STR_INIT("audit"),
    STR_INIT("auditIfNotExists"),
    STR_INIT("deny"),
    STR_INIT("denyAction"),
    STR_INIT("deployIfNotExists"),
    STR_INIT("disabled"),
    STR_INIT("enforceOPAConstraint"),
    STR_INIT("enforceRegoPolicy"),
    STR_INIT("manual"),
    STR_INIT("modify"),
    STR_INIT("mutate"),
};

/* A member that stands twice, or once outside and once inside "properties", leaves open which one counts. */
static enum rc check_twins(const struct json *document, const struct json *inner, struct err *err)
{
    for (uint32_t i = 0; i < inner->n; i++)
        for (uint32_t k = 0; k < i; k++)
            if (str_eq_ci(inner->members[i].key, inner->members[k].key))
                return err_set(err, RC_INVALID, "'" STR_FMT "' stands twice in the definition",
                               STR_ARG(inner->members[i].key));
    if (document == inner)
        return RC_OK;
    TRY(check_twins(document, document, err));
    for (uint32_t i = 0; i < inner->n; i++) {
        str  key = inner->members[i].key;
        bool of_resource = str_eq_ci(key, S("id")) || str_eq_ci(key, S("name")) || str_eq_ci(key, S("type"));
        if (!of_resource && json_get_ci(document, key))
            return err_set(err, RC_INVALID,
                           "'" STR_FMT "' stands both in the definition and in its properties", STR_ARG(key));
    }
    return RC_OK;
}

static enum rc check_parameters(const struct json *parameters, struct err *err)
{
    if (!parameters || parameters->kind == JSON_NULL)
        return RC_OK;
    if (parameters->kind != JSON_OBJECT)
        return err_set(err, RC_INVALID, "parameters is an object");
    for (uint32_t i = 0; i < parameters->n; i++)
        if (parameters->members[i].value.kind != JSON_OBJECT)
            return err_set(err, RC_INVALID, "parameter '" STR_FMT "' is declared by an object",
                           STR_ARG(parameters->members[i].key));
    return RC_OK;
}

static bool known_effect(str effect)
{
    for (size_t i = 0; i < sizeof EFFECTS / sizeof EFFECTS[0]; i++)
        if (str_eq_ci(effect, EFFECTS[i]))
            return true;
    return false;
}

/* The details without what is evaluated or deployed elsewhere: their expressions belong to other engines. */
static const struct json *plain_details(struct arena *a, const struct json *details)
{
    struct json_member *members = ARENA_TRY_ARRAY(a, struct json_member, details->n);
    struct json        *out = arena_try_alloc(a, sizeof *out);
    uint32_t            n = 0;
    if (!members || !out)
        return NULL;
    for (uint32_t i = 0; i < details->n; i++) {
        str key = details->members[i].key;
        if (!str_eq_ci(key, S("existenceCondition")) && !str_eq_ci(key, S("deployment")) &&
            !str_eq_ci(key, S("conflictEffect")))
            members[n++] = details->members[i];
    }
    *out = (struct json) { .kind = JSON_OBJECT, .n = n, .members = members };
    return out;
}

static enum rc compile_existence(struct arena *a, struct policy_def *d, struct err *err)
{
    const struct json *existence = json_get_ci(d->details, S("existenceCondition"));
    if (!existence)
        return RC_OK;
    struct policy_condition *c = arena_try_alloc(a, sizeof *c);
    if (!c)
        return err_set(err, RC_LIMIT, "the policy needs more memory than it may use");
    if (policy_rule_condition(a, d->aliases, existence, c, err) != RC_OK)
        return err_wrap(err, "existenceCondition");
    d->existence = c;
    return RC_OK;
}

/* A modify may only touch tags, plain properties, and aliases that their provider marks as modifiable. */
static enum rc check_operations(const struct policy_def *d, struct err *err)
{
    const struct json *operations = json_get_ci(d->details, S("operations")), *operation;
    for (size_t i = 0; (operation = json_at(operations, i)); i++) {
        const struct json *field = json_get_ci(operation, S("field"));
        if (!field || field->kind != JSON_STRING)
            return err_set(err, RC_INVALID, "operation %zu of modify names no field", i + 1);
        const struct policy_alias *alias = policy_aliases_find(d->aliases, field->s);
        if (alias && alias->modifiable == POLICY_ALIAS_FIXED)
            return err_set(err, RC_INVALID, "the alias '" STR_FMT "' cannot be modified", STR_ARG(field->s));
    }
    return RC_OK;
}

static enum rc compile_then(struct arena *a, const struct json *then, struct policy_def *d, struct err *err)
{
    const struct json *effect = json_get_ci(then, S("effect"));
    if (!then || then->kind != JSON_OBJECT)
        return err_set(err, RC_INVALID, "a rule has 'then', an object");
    if (!effect || effect->kind != JSON_STRING)
        return err_set(err, RC_INVALID, "'then' has an effect, a text");
    TRY(policy_template_compile(a, effect, &d->effect, err));
    if (d->effect.kind == POLICY_TEMPLATE_CONST && !known_effect(effect->s))
        return err_set(err, RC_UNSUPPORTED, "'" STR_FMT "' is no effect of policies", STR_ARG(effect->s));

    d->details = json_get_ci(then, S("details"));
    if (!d->details)
        return RC_OK;
    const struct json *plain = d->details->kind == JSON_OBJECT ? plain_details(a, d->details) : d->details;
    if (!plain)
        return err_set(err, RC_LIMIT, "the policy needs more memory than it may use");
    TRY(check_operations(d, err));
    /* The condition of an operation is judged when the change is applied, against the request of then. */
    if (policy_template_compile_but(a, plain, S("condition"), &d->details_template, err) != RC_OK)
        return err_wrap(err, "details");
    return compile_existence(a, d, err);
}

static bool asks_type(const struct policy_condition *c)
{
    return c->kind == POLICY_FIELD && !c->field.expr && str_eq_ci(c->field.text, S("type")) &&
           c->rhs.kind == POLICY_TEMPLATE_CONST &&
           (str_eq(str_of(c->op->name), S("equals")) || str_eq(str_of(c->op->name), S("in")));
}

/* The types that the rule cannot hold without: an index for the caller, not a condition. */
static void find_types(struct arena *a, struct policy_def *d)
{
    const struct policy_condition *list = &d->condition;
    size_t                         n = 1;
    if (list->kind == POLICY_ALL_OF) {
        n = list->n;
        list = list->children;
    }
    for (size_t i = 0; i < n; i++) {
        const struct json *rhs = list[i].rhs.value;
        if (!asks_type(&list[i]) || (rhs->kind != JSON_STRING && rhs->kind != JSON_ARRAY))
            continue;
        size_t most = rhs->kind == JSON_ARRAY ? rhs->n : 1;
        str   *types = ARENA_TRY_ARRAY(a, str, most);
        d->n_types = 0;
        for (size_t t = 0; types && t < most; t++) {
            const struct json *type = rhs->kind == JSON_ARRAY ? json_at(rhs, t) : rhs;
            if (type->kind == JSON_STRING)
                types[d->n_types++] = type->s;
        }
        d->types = types;
        return;
    }
}

static bool counts(const struct policy_condition *c)
{
    bool found = c->kind == POLICY_COUNT_FIELD;
    for (size_t i = 0; i < c->n && !found; i++)
        found = counts(&c->children[i]);
    return found;
}

static enum rc compile_rule(struct arena *a, const struct json *rule, struct policy_def *d, struct err *err)
{
    if (!rule || rule->kind != JSON_OBJECT)
        return err_set(err, RC_INVALID, "the definition has no policyRule");
    const struct json *condition = json_get_ci(rule, S("if"));
    if (!condition)
        return err_set(err, RC_INVALID, "the rule has no 'if'");
    if (policy_rule_condition(a, d->aliases, condition, &d->condition, err) != RC_OK)
        return err_wrap(err, "if");
    find_types(a, d);
    d->counts = counts(&d->condition);
    return compile_then(a, json_get_ci(rule, S("then")), d, err);
}

enum rc policy_def_parse(struct arena *a, const struct json *definition, const struct policy_aliases *aliases,
                         const struct policy_def **out, struct err *err)
{
    struct policy_def *d = arena_try_alloc(a, sizeof *d);
    if (!d)
        return err_set(err, RC_LIMIT, "the policy needs more memory than it may use");
    d->aliases = aliases;
    if (definition->kind != JSON_OBJECT)
        return err_set(err, RC_INVALID, "a policy definition is an object");

    bool bare = json_get_ci(definition, S("if")) || json_get_ci(definition, S("then"));
    if (bare) {
        TRY(compile_rule(a, definition, d, err));
        *out = d;
        return RC_OK;
    }
    const struct json *properties = json_get_ci(definition, S("properties"));
    if (!properties || properties->kind != JSON_OBJECT)
        properties = definition;
    TRY(check_twins(definition, properties, err));
    d->properties = properties;
    d->parameters = json_get_ci(properties, S("parameters"));
    TRY(check_parameters(d->parameters, err));
    TRY(compile_rule(a, json_get_ci(properties, S("policyRule")), d, err));
    *out = d;
    return RC_OK;
}

str policy_def_mode(const struct policy_def *d)
{
    const struct json *mode = json_get_ci(d->properties, S("mode"));
    return mode && mode->kind == JSON_STRING ? mode->s : STR_NONE;
}

str policy_def_display_name(const struct policy_def *d)
{
    const struct json *name = json_get_ci(d->properties, S("displayName"));
    return name && name->kind == JSON_STRING ? name->s : STR_NONE;
}

const struct json *policy_def_parameters(const struct policy_def *d)
{
    return d->parameters;
}

size_t policy_def_types(const struct policy_def *d, const str **types)
{
    *types = d->types;
    return d->n_types;
}

bool policy_def_counts(const struct policy_def *d)
{
    return d->counts;
}
