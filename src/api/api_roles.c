/* SPDX-License-Identifier: Apache-2.0 */
/* Microsoft.Authorization: the built-in roles and who holds which. */
#include "access/access_role.h"
#include "api/api_handlers.h"
#include "api/api_priv.h"

/* "/subscriptions/…/providers/Microsoft.Authorization": what stands before the type asked for. */
static str provider_scope(const struct api_call *c)
{
    size_t at = str_find_ci(c->req->path, S("/providers/Microsoft.Authorization"));
    return at == STR_NPOS ? S("") : str_slice(c->req->path, 0, at);
}

static str role_arm_id(struct api_call *c, str scope, const struct access_role *r)
{
    return arena_printf(c->arena, STR_FMT "/providers/Microsoft.Authorization/roleDefinitions/" STR_FMT,
                        STR_ARG(scope), STR_ARG(r->id));
}

static void write_actions(struct json_w *w, const char *key, const str *actions, size_t max)
{
    json_w_key(w, str_of(key));
    json_w_array(w);
    for (size_t i = 0; i < max && actions[i].n; i++)
        json_w_str(w, actions[i]);
    json_w_end(w);
}

static void write_definition(struct api_call *c, struct json_w *w, const struct access_role *r)
{
    json_w_object(w);
    json_w_kstr(w, S("id"), role_arm_id(c, provider_scope(c), r));
    json_w_kstr(w, S("name"), r->id);
    json_w_kstr(w, S("type"), S("Microsoft.Authorization/roleDefinitions"));
    json_w_key(w, S("properties"));
    json_w_object(w);
    json_w_kstr(w, S("roleName"), r->name);
    json_w_kstr(w, S("type"), S("BuiltInRole"));
    json_w_kstr(w, S("description"), r->doc);
    json_w_key(w, S("assignableScopes"));
    json_w_array(w);
    json_w_str(w, S("/"));
    json_w_end(w);
    json_w_key(w, S("permissions"));
    json_w_array(w);
    json_w_object(w);
    write_actions(w, "actions", r->actions, ACCESS_ROLE_MAX_ACTIONS);
    write_actions(w, "notActions", r->not_actions, sizeof r->not_actions / sizeof r->not_actions[0]);
    write_actions(w, "dataActions", NULL, 0);
    write_actions(w, "notDataActions", NULL, 0);
    json_w_end(w);
    json_w_end(w);
    json_w_end(w);
    json_w_end(w);
}

/* "roleName eq 'Reader'" is the one filter that clients send. */
static str wanted_name(const struct api_call *c)
{
    str filter = str_trim(api_call_query(c, "$filter"));
    if (!str_starts_ci(filter, S("roleName eq ")))
        return STR_NONE;
    return str_trim_chars(str_trim(str_from(filter, 12)), S("'"));
}

enum rc api_roles_definitions(struct api_call *c, struct err *err)
{
    str wanted = wanted_name(c);

    struct json_w w = api_call_list(c);
    for (const struct access_role *r = ACCESS_ROLES; r->name.n; r++)
        if (!wanted.p || str_eq_ci(wanted, r->name))
            write_definition(c, &w, r);
    return api_call_list_end(c, &w, S(""), err);
}

enum rc api_roles_definition(struct api_call *c, struct err *err)
{
    const struct access_role *r = access_role_find(api_call_param(c, "role"));
    struct json_w             w = api_call_json(c);

    if (!r)
        return api_call_fail(c, 404, "RoleDefinitionDoesNotExist", err,
                             "The role definition '" STR_FMT "' does not exist.",
                             STR_ARG(api_call_param(c, "role")));
    write_definition(c, &w, r);
    return api_call_done(c, 200, err);
}

static void write_assignment(struct api_call *c, struct json_w *w, const struct access_assignment *a)
{
    char time[TS_TEXT_SIZE];
    str  subscription = c->api->opts.scopes->subscription;
    str  prefix = str_eq(a->scope, S("/")) ? S("") : a->scope;

    json_w_object(w);
    json_w_kstr(w, S("id"),
                arena_printf(c->arena, STR_FMT "/providers/Microsoft.Authorization/roleAssignments/" STR_FMT,
                             STR_ARG(prefix), STR_ARG(a->id)));
    json_w_kstr(w, S("name"), a->id);
    json_w_kstr(w, S("type"), S("Microsoft.Authorization/roleAssignments"));
    json_w_key(w, S("properties"));
    json_w_object(w);
    json_w_kstr(w, S("roleDefinitionId"), role_arm_id(c, subscription, a->role));
    json_w_kstr(w, S("principalId"), a->holder);
    json_w_kstr(w, S("principalType"), a->kind == ACCESS_USER ? S("User") : S("ServicePrincipal"));
    json_w_kstr(w, S("scope"), a->scope);
    json_w_kstr(w, S("createdOn"), ts_text(a->created, time));
    json_w_kstr(w, S("updatedOn"), ts_text(a->created, time));
    json_w_end(w);
    json_w_end(w);
}

/* At the scope asked for: what is held there, above it (it reaches here) and below it. */
enum rc api_roles_assignments(struct api_call *c, struct err *err)
{
    struct access_assignment *list;
    size_t                    n;
    str                       scope = provider_scope(c);
    bool                      above_only = str_contains_ci(api_call_query(c, "$filter"), S("atScope()"));

    TRY(access_assignments(c->api->opts.access, c->arena, &list, &n, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < n; i++)
        if (access_role_scope_covers(list[i].scope, scope) ||
            (!above_only && access_role_scope_covers(scope, list[i].scope)))
            write_assignment(c, &w, &list[i]);
    return api_call_list_end(c, &w, S(""), err);
}
