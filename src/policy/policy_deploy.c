/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/policy_deploy.h"

#include "base/vec.h"
#include "policy/policy_deploy_priv.h"
#include "policy/policy_eval_priv.h"
#include "policy/policy_value.h"

enum { MAX_ID = 4096, MAX_COPIES = 800 };

/* One template on its way: the outer ones wait. */
struct deploying {
    struct arena              *a;
    struct policy_scope        s;
    struct policy_def          def; /* of s: the template's parameters as declared */
    struct policy_input        in;
    struct policy_deploy_scope d;
    struct policy_deployment  *out;
    unsigned                   depth;
    struct err                *err;
};

static enum rc expand(struct deploying *x, const struct json *template, const struct json *given);

/* --- expressions --- */

static enum rc work_out(struct deploying *x, const struct json *j, const struct json **out)
{
    struct policy_template t;

    TRY(policy_template_compile_deploy(x->a, j, &t, x->err));
    *out = policy_template_eval(&x->s, &t);
    if (x->d.unknown)
        return err_set(x->err, RC_UNSUPPORTED,
                       "the deployment asks %s(), which only the resource's own cloud can answer",
                       x->d.unknown);
    return RC_OK;
}

static enum rc text_of(struct deploying *x, const struct json *resource, const char *key, str *out)
{
    const struct json *source = json_get_ci(resource, str_of(key)), *v = NULL;

    *out = S("");
    if (source)
        TRY(work_out(x, source, &v));
    if (v && v->kind == JSON_STRING)
        *out = v->s;
    return RC_OK;
}

/* Those given, and the defaults of the others. */
static enum rc read_parameters(struct deploying *x, const struct json *template, const struct json *given)
{
    const struct json  *declared = json_get_ci(template, S("parameters"));
    uint32_t            n = declared && declared->kind == JSON_OBJECT ? declared->n : 0;
    struct json_member *m = ARENA_ARRAY(x->a, struct json_member, n + 1);
    struct json        *values = ARENA_NEW(x->a, struct json);

    *values = (struct json) { .kind = JSON_OBJECT, .members = m };
    x->in.parameters = values;
    for (uint32_t i = 0; i < n; i++) {
        str                name = declared->members[i].key;
        const struct json *one = json_get_ci(json_get_ci(given, name), S("value")), *initial;
        initial = json_get_ci(&declared->members[i].value, S("defaultValue"));
        if (!one && initial)
            TRY(work_out(x, initial, &one));
        if (!one)
            return err_set(x->err, RC_INVALID, "the deployment's parameter '" STR_FMT "' has no value",
                           STR_ARG(name));
        m[values->n++] = (struct json_member) { name, *one };
    }
    return RC_OK;
}

static enum rc read_variables(struct deploying *x, const struct json *template)
{
    const struct json      *variables = json_get_ci(template, S("variables"));
    struct policy_template *worked;

    if (!variables || variables->kind != JSON_OBJECT)
        return RC_OK;
    if (json_get_ci(variables, S("copy")))
        return err_set(x->err, RC_UNSUPPORTED, "the deployment copies variables, which is not known here");
    worked = ARENA_ARRAY(x->a, struct policy_template, variables->n + 1);
    for (uint32_t i = 0; i < variables->n; i++)
        TRY(policy_template_compile_deploy(x->a, &variables->members[i].value, &worked[i], x->err));
    x->d.variables = variables;
    x->d.worked = worked;
    return RC_OK;
}

/* --- one resource --- */

struct place {
    str type, name, scope; /* scope: what it is an extension of; empty: the group or subscription */
};

/* Types and names side by side: A.B/c/d and x/y are A.B/c/x/d/y. */
static enum rc id_of(struct deploying *x, const struct place *p, str *out)
{
    AUTO_STRBUF id = STRBUF_INIT(MAX_ID);
    str         types = p->type, names = p->name, type, name;
    str         base = p->scope.n ? p->scope : x->d.group.n ? x->d.group : x->d.subscription;

    if (str_eq_ci(p->type, S("Microsoft.Resources/resourceGroups"))) {
        *out = arena_printf(x->a, STR_FMT "/resourceGroups/" STR_FMT, STR_ARG(x->d.subscription),
                            STR_ARG(p->name));
        return RC_OK;
    }
    str_split(&types, '/', &type);
    strbuf_addf(&id, STR_FMT "/providers/" STR_FMT, STR_ARG(base), STR_ARG(type));
    while (str_split(&types, '/', &type)) {
        if (!str_split(&names, '/', &name) || !name.n)
            return err_set(x->err, RC_INVALID,
                           "the deployment names a resource of type '" STR_FMT "' '" STR_FMT "'",
                           STR_ARG(p->type), STR_ARG(p->name));
        strbuf_addf(&id, "/" STR_FMT "/" STR_FMT, STR_ARG(type), STR_ARG(name));
    }
    if (names.n || !str_contains(strbuf_view(&id), S("/")) || id.overflow)
        return err_set(x->err, RC_INVALID,
                       "the deployment's resource '" STR_FMT "' has more names than types", STR_ARG(p->name));
    *out = arena_str(x->a, strbuf_view(&id));
    return RC_OK;
}

/* What steers the deployment is no part of the resource. */
static bool steers(str key)
{
    static const char *const words[] = { "id",        "apiVersion", "name",          "type",
                                         "condition", "copy",       "dependsOn",     "scope",
                                         "resources", "comments",   "resourceGroup", "subscriptionId",
                                         NULL };
    for (size_t i = 0; words[i]; i++)
        if (str_eq_ci(str_of(words[i]), key))
            return true;
    return false;
}

static enum rc write_resource(struct deploying *x, const struct json *resource, const struct place *p)
{
    struct json_member *m = ARENA_ARRAY(x->a, struct json_member, resource->n + 3);
    struct json        *document = ARENA_NEW(x->a, struct json);
    const struct json  *v;
    uint32_t            n = 0;
    str                 id;

    if (x->out->n == POLICY_DEPLOY_RESOURCES)
        return err_set(x->err, RC_LIMIT, "a deployment makes at most %d resources", POLICY_DEPLOY_RESOURCES);
    TRY(id_of(x, p, &id));
    m[n++] = (struct json_member) { S("id"), json_make_str(id) };
    m[n++] = (struct json_member) { S("name"), json_make_str(p->name) };
    m[n++] = (struct json_member) { S("type"), json_make_str(p->type) };
    for (uint32_t i = 0; i < resource->n; i++) {
        if (steers(resource->members[i].key))
            continue;
        TRY(work_out(x, &resource->members[i].value, &v));
        if (v)
            m[n++] = (struct json_member) { resource->members[i].key, *v };
    }
    *document = (struct json) { .kind = JSON_OBJECT, .n = n, .members = m };
    *vec_push_in(x->a, x->out) = (struct policy_deployed) { id, document };
    return RC_OK;
}

static enum rc take_list(struct deploying *x, const struct json *list, const struct place *parent);

/* A template within: with parameters of its own, or (as it is unless it says so) within those around it. */
static enum rc take_nested(struct deploying *x, const struct json *resource)
{
    const struct json *properties = json_get_ci(resource, S("properties")), *given = NULL;
    const struct json *options = json_get_ci(properties, S("expressionEvaluationOptions"));
    const struct json *template = json_get_ci(properties, S("template")), *source;
    struct deploying inner = *x;
    str              group, subscription;

    if (++inner.depth > POLICY_DEPLOY_DEPTH)
        return err_set(x->err, RC_LIMIT, "deployments are nested deeper than %d", POLICY_DEPLOY_DEPTH);
    if (!template)
        return err_set(x->err, RC_UNSUPPORTED, "the deployment links to a template elsewhere");
    TRY(text_of(x, resource, "resourceGroup", &group));
    TRY(text_of(x, resource, "subscriptionId", &subscription));
    if (subscription.n)
        inner.d.subscription = arena_printf(x->a, "/subscriptions/" STR_FMT, STR_ARG(subscription));
    if (group.n)
        inner.d.group = arena_printf(x->a, STR_FMT "/resourceGroups/" STR_FMT, STR_ARG(inner.d.subscription),
                                     STR_ARG(group));
    inner.s.in = &inner.in;
    inner.s.def = &inner.def;
    inner.s.deploy = &inner.d;
    if (!str_eq_ci(json_str(options, S("scope"), S("")), S("inner")))
        return take_list(&inner, json_get_ci(template, S("resources")), NULL);
    source = json_get_ci(properties, S("parameters"));
    if (source)
        TRY(work_out(x, source, &given));
    return expand(&inner, template, given);
}

static enum rc is_wanted(struct deploying *x, const struct json *resource, bool *out)
{
    const struct json *condition = json_get_ci(resource, S("condition")), *v = NULL;

    *out = !json_bool(resource, S("existing"), false);
    if (!condition)
        return RC_OK;
    TRY(work_out(x, condition, &v));
    return policy_value_bool(v, out)
               ? RC_OK
               : err_set(x->err, RC_INVALID, "the condition of a resource of the deployment is no bool");
}

static enum rc take_one(struct deploying *x, const struct json *resource, const struct place *parent)
{
    struct place p;
    bool         wanted;

    TRY(is_wanted(x, resource, &wanted));
    if (!wanted)
        return RC_OK;
    TRY(text_of(x, resource, "type", &p.type));
    if (str_eq_ci(p.type, S("Microsoft.Resources/deployments")))
        return take_nested(x, resource);
    TRY(text_of(x, resource, "name", &p.name));
    TRY(text_of(x, resource, "scope", &p.scope));
    if (p.scope.n && p.scope.p[0] != '/')
        p.scope = arena_printf(x->a, STR_FMT "/providers/" STR_FMT, STR_ARG(x->d.group), STR_ARG(p.scope));
    if (parent && !str_starts_ci(p.type, parent->type)) {
        p.type = arena_printf(x->a, STR_FMT "/" STR_FMT, STR_ARG(parent->type), STR_ARG(p.type));
        p.name = arena_printf(x->a, STR_FMT "/" STR_FMT, STR_ARG(parent->name), STR_ARG(p.name));
    }
    TRY(write_resource(x, resource, &p));
    return take_list(x, json_get_ci(resource, S("resources")), &p);
}

static enum rc take_copies(struct deploying *x, const struct json *resource, const struct place *parent)
{
    const struct json *copy = json_get_ci(resource, S("copy")), *source = json_get_ci(copy, S("count"));
    const struct json *count = NULL;
    double             times;
    int64_t            before = x->d.copy;

    if (!copy)
        return take_one(x, resource, parent);
    if (source)
        TRY(work_out(x, source, &count));
    if (!policy_value_number(count, &times) || times < 0 || times > MAX_COPIES)
        return err_set(x->err, RC_INVALID, "a copy of the deployment has 0 to %d turns", MAX_COPIES);
    for (x->d.copy = 0; x->d.copy < (int64_t)times; x->d.copy++)
        TRY(take_one(x, resource, parent));
    x->d.copy = before;
    return RC_OK;
}

/* An array, or, since version 2 of the language, an object of names. */
static enum rc take_list(struct deploying *x, const struct json *list, const struct place *parent)
{
    for (uint32_t i = 0; list && (list->kind == JSON_ARRAY || list->kind == JSON_OBJECT) && i < list->n;
         i++) {
        const struct json *one = list->kind == JSON_ARRAY ? &list->items[i] : &list->members[i].value;
        TRY(take_copies(x, one, parent));
    }
    return RC_OK;
}

static enum rc expand(struct deploying *x, const struct json *template, const struct json *given)
{
    x->d.variables = NULL;
    x->d.worked = NULL;
    TRY(read_parameters(x, template, given));
    TRY(read_variables(x, template));
    return take_list(x, json_get_ci(template, S("resources")), NULL);
}

/* --- the rule --- */

static const struct json *properties_of(const struct policy_def *d)
{
    return json_get_ci(json_get_ci(d->details, S("deployment")), S("properties"));
}

bool policy_deploy_has(const struct policy_def *d)
{
    return json_get_ci(properties_of(d), S("template")) != NULL;
}

/* What the rule hands to its template is worked out as the rule is. */
static enum rc read_given(const struct policy_def *d, const struct policy_input *in, struct arena *a,
                          const struct json **out, struct err *err)
{
    const struct json     *source = json_get_ci(properties_of(d), S("parameters"));
    struct policy_scope    s = { .a = a, .def = d, .in = in, .resource = in->resource };
    struct policy_template t;

    *out = NULL;
    if (!source)
        return RC_OK;
    TRY(policy_template_compile(a, source, &t, err));
    *out = policy_template_eval(&s, &t);
    return RC_OK;
}

enum rc policy_deploy(const struct policy_def *d, const struct policy_input *in, struct arena *a,
                      struct policy_deployment *out, struct err *err)
{
    const struct json *given, *group = json_get_ci(in->context, S("resourceGroup"));
    struct deploying   x = { .a = a, .in = *in, .out = out, .err = err };

    *out = (struct policy_deployment) { 0 };
    if (!policy_deploy_has(d))
        return err_set(err, RC_UNSUPPORTED, "the definition has no deployment");
    TRY(read_given(d, in, a, &given, err));
    x.d = (struct policy_deploy_scope) {
        .copy = -1,
        .subscription = json_str(json_get_ci(in->context, S("subscription")), S("id"), S("")),
        .group = json_str(group, S("id"), S("")),
    };
    if (str_eq_ci(json_str(d->details, S("deploymentScope"), S("")), S("subscription")))
        x.d.group = S("");
    x.s = (struct policy_scope) {
        .a = a, .def = &x.def, .in = &x.in, .resource = in->resource, .deploy = &x.d
    };
    return expand(&x, json_get_ci(properties_of(d), S("template")), given);
}
