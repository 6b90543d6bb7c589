/* SPDX-License-Identifier: Apache-2.0 */
/* Users and service principals. Secrets and passwords made up are shown in the answer to their making, and
 * never again. */
#include "access/access_certificate.h"
#include "access/access_principal.h"
#include "access/access_user.h"
#include "api/api_handlers.h"
#include "api/api_priv.h"

/* Members may stand at the top or below "properties". */
static str member(const struct json *body, str key)
{
    const struct json *properties = json_get(body, S("properties"));
    return json_str(properties ? properties : body, key, S(""));
}

/* Nobody hands out more than they hold: a role that allows what its giver may not do is refused. */
static enum rc may_give(struct api_call *c, str role_name, str scope, struct err *err)
{
    const struct access_role *role = access_role_find(role_name);

    for (size_t i = 0; role && i < ACCESS_ROLE_MAX_ACTIONS && role->actions[i].n; i++)
        TRY(access_check(c->api->opts.access, &c->who, role->actions[i], scope.n ? scope : S("/"), err));
    return RC_OK;
}

static void write_principal(struct json_w *w, const struct access_principal *p)
{
    json_w_kstr(w, S("id"), p->id);
    json_w_kstr(w, S("name"), p->name);
    json_w_kstr(w, S("clientId"), p->client_id);
    json_w_kstr(w, S("role"), p->role);
    json_w_kstr(w, S("scope"), p->scope);
    json_w_ktime(w, S("created"), p->created);
    json_w_ktime(w, S("lastUsed"), p->last_used);
}

enum rc api_people_principals(struct api_call *c, struct err *err)
{
    struct access_principal *list;
    size_t                   n;
    struct json_w            w = api_call_list(c);

    TRY(access_principal_list(c->api->opts.access, c->arena, &list, &n, err));
    for (size_t i = 0; i < n; i++) {
        json_w_object(&w);
        write_principal(&w, &list[i]);
        json_w_end(&w);
    }
    return api_call_list_end(c, &w, S(""), err);
}

enum rc api_people_principal_new(struct api_call *c, struct err *err)
{
    const struct json           *body;
    struct access_principal_made made;

    TRY(api_call_object(c, &body, err));
    const struct access_principal_new in = { .name = member(body, S("name")),
                                             .role = member(body, S("role")),
                                             .scope = member(body, S("scope")),
                                             .certificate = member(body, S("certificate")) };
    TRY(may_give(c, in.role, in.scope, err));
    enum rc rc = access_principal_create(c->api->opts.access, &in, c->arena, &made, err);
    if (rc == RC_NOT_FOUND) /* the role: an argument, not what was asked for */
        c->status = 400, c->code = "BadRequest";
    TRY(rc);
    struct json_w w = api_call_json(c);
    json_w_object(&w);
    write_principal(&w, &made.principal);
    if (made.secret.n)
        json_w_kstr(&w, S("clientSecret"), made.secret);
    if (made.thumbprint.n)
        json_w_kstr(&w, S("thumbprint"), made.thumbprint);
    json_w_kstr(&w, S("tenantId"), c->api->opts.scopes->tenant_id);
    json_w_end(&w);
    return api_call_done(c, 201, err);
}

enum rc api_people_principal_delete(struct api_call *c, struct err *err)
{
    TRY(access_principal_delete(c->api->opts.access, api_call_param(c, "name"), err));
    api_call_empty(c, 204);
    return RC_OK;
}

static void write_certificate(struct json_w *w, const struct access_certificate *x)
{
    json_w_object(w);
    json_w_kstr(w, S("thumbprint"), x->thumbprint);
    json_w_kstr(w, S("subject"), x->subject);
    json_w_ktime(w, S("notBefore"), x->not_before);
    json_w_ktime(w, S("notAfter"), x->not_after);
    json_w_end(w);
}

enum rc api_people_certificates(struct api_call *c, struct err *err)
{
    struct access_certificate_list list;
    struct json_w                  w = api_call_list(c);

    TRY(access_certificate_list(c->api->opts.access, api_call_param(c, "name"), c->arena, &list, err));
    for (size_t i = 0; i < list.n; i++)
        write_certificate(&w, &list.p[i]);
    return api_call_list_end(c, &w, S(""), err);
}

/* Whoever may add a certificate may act as the principal: so they must hold what it holds. */
static enum rc may_become(struct api_call *c, str principal, struct err *err)
{
    struct access_principal *list;
    size_t                   n;

    TRY(access_principal_list(c->api->opts.access, c->arena, &list, &n, err));
    for (size_t i = 0; i < n; i++)
        if (str_eq_ci(list[i].name, principal) || str_eq_ci(list[i].id, principal) ||
            str_eq_ci(list[i].client_id, principal))
            TRY(may_give(c, list[i].role, list[i].scope, err));
    return RC_OK;
}

enum rc api_people_certificate_add(struct api_call *c, struct err *err)
{
    const struct json        *body;
    struct access_certificate made;

    TRY(api_call_object(c, &body, err));
    TRY(may_become(c, api_call_param(c, "name"), err));
    TRY(access_certificate_add(c->api->opts.access, api_call_param(c, "name"), member(body, S("certificate")),
                               c->arena, &made, err));
    struct json_w w = api_call_json(c);
    write_certificate(&w, &made);
    return api_call_done(c, 201, err);
}

enum rc api_people_certificate_delete(struct api_call *c, struct err *err)
{
    TRY(access_certificate_delete(c->api->opts.access, api_call_param(c, "name"),
                                  api_call_param(c, "thumbprint"), err));
    api_call_empty(c, 204);
    return RC_OK;
}

static void write_user(struct json_w *w, const struct access_user *u)
{
    json_w_kstr(w, S("id"), u->id);
    json_w_kstr(w, S("name"), u->name);
    json_w_kstr(w, S("displayName"), u->display_name);
    json_w_kstr(w, S("email"), u->email);
    json_w_kstr(w, S("role"), u->role);
    json_w_kbool(w, S("enabled"), u->enabled);
    json_w_kbool(w, S("mustChangePassword"), u->must_change_password);
    json_w_ktime(w, S("created"), u->created);
    json_w_ktime(w, S("lastSignIn"), u->last_signin);
}

enum rc api_people_users(struct api_call *c, struct err *err)
{
    struct access_user *list;
    size_t              n;
    struct json_w       w = api_call_list(c);

    TRY(access_user_list(c->api->opts.access, c->arena, &list, &n, err));
    for (size_t i = 0; i < n; i++) {
        json_w_object(&w);
        write_user(&w, &list[i]);
        json_w_end(&w);
    }
    return api_call_list_end(c, &w, S(""), err);
}

enum rc api_people_user_new(struct api_call *c, struct err *err)
{
    const struct json      *body;
    struct access_user_made made;

    TRY(api_call_object(c, &body, err));
    const struct access_user_new in = { .name = member(body, S("name")),
                                        .display_name = member(body, S("displayName")),
                                        .email = member(body, S("email")),
                                        .role = member(body, S("role")) };
    TRY(may_give(c, in.role, S("/"), err));
    enum rc rc = access_user_create(c->api->opts.access, &in, c->arena, &made, err);
    if (rc == RC_NOT_FOUND)
        c->status = 400, c->code = "BadRequest";
    TRY(rc);
    struct json_w w = api_call_json(c);
    json_w_object(&w);
    write_user(&w, &made.user);
    json_w_kstr(&w, S("password"), made.password);
    json_w_end(&w);
    return api_call_done(c, 201, err);
}

enum rc api_people_user_reset(struct api_call *c, struct err *err)
{
    str password;

    TRY(access_user_reset(c->api->opts.access, api_call_param(c, "name"), c->arena, &password, err));
    struct json_w w = api_call_json(c);
    json_w_object(&w);
    json_w_kstr(&w, S("name"), api_call_param(c, "name"));
    json_w_kstr(&w, S("password"), password);
    json_w_end(&w);
    return api_call_done(c, 200, err);
}

enum rc api_people_user_delete(struct api_call *c, struct err *err)
{
    TRY(access_user_delete(c->api->opts.access, api_call_param(c, "name"), err));
    api_call_empty(c, 204);
    return RC_OK;
}
