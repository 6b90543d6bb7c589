/* SPDX-License-Identifier: Apache-2.0 */
/* Functions of deployment templates, which rules may not use. */
#include "base/guid.h"
#include "policy/policy_deploy_priv.h"
#include "policy/policy_eval_priv.h"
#include "policy/policy_fn.h"
#include "policy/policy_value.h"

enum { MAX_ID = 4096 };

static const struct json *eval_variables(const struct policy_call *c)
{
    struct policy_deploy_scope *d = c->scope->deploy;
    str                         name = policy_fn_text(c, 0);

    for (uint32_t i = 0; name.p && d->worked && i < d->variables->n; i++) {
        if (!str_eq_ci(d->variables->members[i].key, name))
            continue;
        if (d->depth == POLICY_DEPLOY_VARIABLE_DEPTH)
            return NULL;
        d->depth++;
        const struct json *v = policy_template_eval(c->scope, &d->worked[i]);
        d->depth--;
        return v;
    }
    return NULL;
}

static const struct json *eval_copy_index(const struct policy_call *c)
{
    int64_t by = 0;
    size_t  at = c->n && c->argv[0] && c->argv[0]->kind == JSON_STRING; /* a name may stand first */

    if (c->n > at && !policy_fn_int(c, at, &by))
        return NULL;
    return c->scope->deploy->copy < 0 ? NULL : policy_value_i64(c->a, c->scope->deploy->copy + by);
}

/* base + /providers/ + type and names, segment by segment. */
static const struct json *id_of(const struct policy_call *c, str base, size_t at)
{
    AUTO_STRBUF id = STRBUF_INIT(MAX_ID);
    str         type = policy_fn_text(c, at), part;

    if (!type.p || !str_split(&type, '/', &part))
        return NULL;
    strbuf_addf(&id, STR_FMT "/providers/" STR_FMT, STR_ARG(base), STR_ARG(part));
    for (size_t i = at + 1; i < c->n; i++) {
        str name = policy_fn_text(c, i);
        if (!name.p || !str_split(&type, '/', &part))
            return NULL;
        strbuf_addf(&id, "/" STR_FMT "/" STR_FMT, STR_ARG(part), STR_ARG(name));
    }
    return id.overflow ? NULL : policy_value_str(c->a, arena_str(c->a, strbuf_view(&id)));
}

/* [subscription,] [group,] type, names: the type is the first with a slash. */
static const struct json *eval_resource_id(const struct policy_call *c)
{
    const struct policy_deploy_scope *d = c->scope->deploy;
    size_t                            at = 0;
    str                               base = d->group;

    while (at < c->n && str_find_byte(policy_fn_text(c, at), '/') == STR_NPOS)
        at++;
    if (at == c->n || at > 2)
        return NULL;
    if (at == 2)
        base = arena_printf(c->a, "/subscriptions/" STR_FMT "/resourceGroups/" STR_FMT,
                            STR_ARG(policy_fn_text(c, 0)), STR_ARG(policy_fn_text(c, 1)));
    else if (at == 1)
        base = arena_printf(c->a, STR_FMT "/resourceGroups/" STR_FMT, STR_ARG(d->subscription),
                            STR_ARG(policy_fn_text(c, 0)));
    return id_of(c, base, at);
}

static const struct json *eval_subscription_resource_id(const struct policy_call *c)
{
    const struct policy_deploy_scope *d = c->scope->deploy;
    bool                              given = str_find_byte(policy_fn_text(c, 0), '/') == STR_NPOS;
    str base = given ? arena_printf(c->a, "/subscriptions/" STR_FMT, STR_ARG(policy_fn_text(c, 0)))
                     : d->subscription;

    return id_of(c, base, given);
}

static const struct json *eval_extension_resource_id(const struct policy_call *c)
{
    str base = policy_fn_text(c, 0);
    return base.p ? id_of(c, base, 1) : NULL;
}

static const struct json *eval_deployment(const struct policy_call *c)
{
    static const struct json_member members[] = {
        { .key = STR_INIT("name"), .value = { .kind = JSON_STRING, .s = STR_INIT("PolicyDeployment") } }
    };
    static const struct json self = { .kind = JSON_OBJECT, .n = 1, .members = members };

    (void)c;
    return &self;
}

static const struct json *eval_guid(const struct policy_call *c)
{
    static const guid space = { { 0x11, 0xfb, 0x06, 0xfb, 0x71, 0x2d, 0x4d, 0xdd, 0x98, 0xc7, 0xe7, 0x1b,
                                  0xbd, 0x58, 0x88, 0x30 } };
    AUTO_STRBUF       text = STRBUF_INIT(MAX_ID);
    char              out[GUID_TEXT_SIZE];

    for (size_t i = 0; i < c->n; i++) {
        if (i)
            strbuf_addc(&text, '-');
        strbuf_add(&text, policy_fn_text(c, i));
    }
    return policy_value_str(c->a, arena_str(c->a, guid_text(guid_of(space, strbuf_view(&text)), out)));
}

static const struct json *unknown(const struct policy_call *c, const char *name)
{
    c->scope->deploy->unknown = name;
    return NULL;
}

static const struct json *eval_list_keys(const struct policy_call *c)
{
    return unknown(c, "listKeys");
}

static const struct json *eval_list_callback_url(const struct policy_call *c)
{
    return unknown(c, "listCallbackUrl");
}

static const struct json *eval_new_guid(const struct policy_call *c)
{
    return unknown(c, "newGuid");
}

static const struct json *eval_reference(const struct policy_call *c)
{
    return unknown(c, "reference");
}

const struct policy_fn POLICY_FN_DEPLOY[] = {
    { .name = "copyIndex",
      .least = 0,
      .most = 2,
      .eval = eval_copy_index,
      .doc = "The turn of the copy, from 0 or from the number given." },
    { .name = "deployment", .least = 0, .most = 0, .eval = eval_deployment, .doc = "The deployment's name." },
    { .name = "extensionResourceId",
      .least = 3,
      .most = POLICY_EXPR_MAX_ARGS,
      .eval = eval_extension_resource_id,
      .doc = "The id of a resource that belongs to another." },
    { .name = "guid",
      .least = 1,
      .most = POLICY_EXPR_MAX_ARGS,
      .eval = eval_guid,
      .doc = "A guid that is the same for the same texts." },
    { .name = "listCallbackUrl",
      .least = 1,
      .most = 3,
      .eval = eval_list_callback_url,
      .doc = "A secret of a cloud: not known here." },
    { .name = "listKeys",
      .least = 1,
      .most = 3,
      .eval = eval_list_keys,
      .doc = "A secret of a cloud: not known here." },
    { .name = "newGuid",
      .least = 0,
      .most = 0,
      .eval = eval_new_guid,
      .doc = "Another guid each time: not known here." },
    { .name = "reference",
      .least = 1,
      .most = 3,
      .eval = eval_reference,
      .doc = "The state of a resource in its cloud: not known here." },
    { .name = "resourceId",
      .least = 2,
      .most = POLICY_EXPR_MAX_ARGS,
      .eval = eval_resource_id,
      .doc = "The id of a resource: [subscription,] [group,] type, names." },
    { .name = "subscriptionResourceId",
      .least = 2,
      .most = POLICY_EXPR_MAX_ARGS,
      .eval = eval_subscription_resource_id,
      .doc = "The id of a resource of the subscription: [subscription,] type, names." },
    { .name = "variables",
      .least = 1,
      .most = 1,
      .eval = eval_variables,
      .doc = "A variable of the template." },
    { 0 },
};

const struct policy_fn *policy_fn_find_deploy(str name)
{
    for (const struct policy_fn *fn = POLICY_FN_DEPLOY; fn->name; fn++)
        if (str_eq_ci(str_of(fn->name), name))
            return fn;
    return policy_fn_find(name);
}
