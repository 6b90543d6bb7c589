/* SPDX-License-Identifier: Apache-2.0 */
/* The part of Microsoft Graph that az needs to show names: service principals, users, oneself. */
#include "access/access_principal.h"
#include "access/access_user.h"
#include "api/api_handlers.h"
#include "api/api_priv.h"

/* Graph's own envelope: {"error":{"code","message","innerError"}}. */
static enum rc graph_missing(struct api_call *c, str what, struct err *err)
{
    return api_call_fail(c, 404, "Request_ResourceNotFound", err,
                         "Resource '" STR_FMT
                         "' does not exist or one of its queried reference-property objects are not"
                         " present.",
                         STR_ARG(what));
}

static void write_context(struct api_call *c, struct json_w *w, const char *what)
{
    json_w_kstr(w, S("@odata.context"),
                arena_printf(c->arena, STR_FMT "/v1.0/$metadata#%s", STR_ARG(c->origin), what));
}

static void principal_members(struct json_w *w, const struct access_principal *p)
{
    char time[TS_TEXT_SIZE];

    json_w_kstr(w, S("id"), p->id);
    json_w_kstr(w, S("appId"), p->client_id);
    json_w_kstr(w, S("displayName"), p->name);
    json_w_kstr(w, S("appDisplayName"), p->name);
    json_w_kstr(w, S("servicePrincipalType"), S("Application"));
    json_w_kbool(w, S("accountEnabled"), true);
    json_w_kstr(w, S("createdDateTime"), ts_text_short(p->created, time));
    json_w_key(w, S("servicePrincipalNames"));
    json_w_array(w);
    json_w_str(w, p->client_id);
    json_w_end(w);
}

static void user_members(struct json_w *w, const struct access_user *u)
{
    json_w_kstr(w, S("id"), u->id);
    json_w_kstr(w, S("displayName"), u->display_name);
    json_w_kstr(w, S("userPrincipalName"), u->name);
    json_w_kbool(w, S("accountEnabled"), u->enabled);
    if (u->email.n)
        json_w_kstr(w, S("mail"), u->email);
}

/* servicePrincipalNames/any(c:c eq 'X'), appId eq 'X', displayName eq 'X': the text between the quotes. */
static str wanted(const struct api_call *c)
{
    str    filter = api_call_query(c, "$filter");
    size_t first = str_find_byte(filter, '\''), last = str_rfind_byte(filter, '\'');
    return first == STR_NPOS || last <= first ? STR_NONE : str_slice(filter, first + 1, last);
}

static bool is_called(const struct access_principal *p, str name)
{
    return str_eq_ci(p->client_id, name) || str_eq_ci(p->name, name) || str_eq_ci(p->id, name);
}

enum rc api_graph_principals(struct api_call *c, struct err *err)
{
    struct access_principal *list;
    size_t                   n;
    str                      name = wanted(c);
    struct json_w            w = api_call_json(c);

    TRY(access_principal_list(c->api->opts.access, c->arena, &list, &n, err));
    json_w_object(&w);
    write_context(c, &w, "servicePrincipals");
    json_w_key(&w, S("value"));
    json_w_array(&w);
    for (size_t i = 0; i < n; i++) {
        if (name.p && !is_called(&list[i], name))
            continue;
        json_w_object(&w);
        principal_members(&w, &list[i]);
        json_w_end(&w);
    }
    return api_call_list_end(c, &w, S(""), err);
}

enum rc api_graph_principal(struct api_call *c, struct err *err)
{
    struct access_principal *list;
    size_t                   n;
    str                      name = api_call_param(c, "id");
    struct json_w            w = api_call_json(c);

    TRY(access_principal_list(c->api->opts.access, c->arena, &list, &n, err));
    for (size_t i = 0; i < n; i++) {
        if (!is_called(&list[i], name))
            continue;
        json_w_object(&w);
        write_context(c, &w, "servicePrincipals/$entity");
        principal_members(&w, &list[i]);
        json_w_end(&w);
        return api_call_done(c, 200, err);
    }
    return graph_missing(c, name, err);
}

enum rc api_graph_me(struct api_call *c, struct err *err)
{
    struct access_user *list;
    size_t              n;
    struct json_w       w = api_call_json(c);

    TRY(access_user_list(c->api->opts.access, c->arena, &list, &n, err));
    for (size_t i = 0; i < n; i++) {
        if (!str_eq(list[i].id, c->who.id))
            continue;
        json_w_object(&w);
        write_context(c, &w, "users/$entity");
        user_members(&w, &list[i]);
        json_w_end(&w);
        return api_call_done(c, 200, err);
    }
    return api_call_fail(c, 400, "BadRequest", err,
                         "/me request is only valid with delegated authentication flow.");
}

static bool asks_for(const struct json *ids, str id)
{
    for (uint32_t i = 0; i < ids->n; i++)
        if (ids->items[i].kind == JSON_STRING && str_eq_ci(ids->items[i].s, id))
            return true;
    return false;
}

static enum rc write_asked(struct api_call *c, struct json_w *w, const struct json *ids, struct err *err)
{
    struct access_principal *principals;
    struct access_user      *users;
    size_t                   n_principals, n_users;

    TRY(access_principal_list(c->api->opts.access, c->arena, &principals, &n_principals, err));
    TRY(access_user_list(c->api->opts.access, c->arena, &users, &n_users, err));
    for (size_t i = 0; i < n_principals; i++) {
        if (!asks_for(ids, principals[i].id))
            continue;
        json_w_object(w);
        json_w_kstr(w, S("@odata.type"), S("#microsoft.graph.servicePrincipal"));
        principal_members(w, &principals[i]);
        json_w_end(w);
    }
    for (size_t i = 0; i < n_users; i++) {
        if (!asks_for(ids, users[i].id))
            continue;
        json_w_object(w);
        json_w_kstr(w, S("@odata.type"), S("#microsoft.graph.user"));
        user_members(w, &users[i]);
        json_w_end(w);
    }
    return RC_OK;
}

enum rc api_graph_by_ids(struct api_call *c, struct err *err)
{
    const struct json *ids = json_get(c->json, S("ids"));
    struct json_w      w = api_call_json(c);

    if (!ids || ids->kind != JSON_ARRAY || ids->n > 1000)
        return api_call_fail(c, 400, "BadRequest", err, "The body needs \"ids\", an array of at most 1000.");
    json_w_object(&w);
    write_context(c, &w, "directoryObjects");
    json_w_key(&w, S("value"));
    json_w_array(&w);
    TRY(write_asked(c, &w, ids, err));
    return api_call_list_end(c, &w, S(""), err);
}
