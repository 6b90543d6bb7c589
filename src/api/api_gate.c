/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api_gate.h"

#include "access/access_token.h"
#include "api/api_priv.h"
#include "base/hash.h"
#include "posture/posture_assessment.h"
#include "posture/posture_id.h"

static bool is_read(const struct api_call *c)
{
    return str_eq(c->req->method, S("GET")) || str_eq(c->req->method, S("HEAD"));
}

/* A page of another site can make a browser send our cookie, but not read the token that goes with it. */
static enum rc check_csrf(struct api_call *c, struct err *err)
{
    str given = http_req_header(c->req, S("X-Vedette-Csrf"));

    if (is_read(c))
        return RC_OK;
    if (given.n != c->session.csrf.n || !hash_equal(given.p, c->session.csrf.p, given.n))
        return api_call_fail(c, 403, "CsrfTokenInvalid", err,
                             "A change made with the session cookie needs the header X-Vedette-Csrf.");
    return RC_OK;
}

enum rc api_gate_identify(struct api_call *c, struct err *err)
{
    struct access *access = c->api->opts.access;
    str            bearer = http_req_bearer(c->req);
    str            cookie = http_req_cookie(c->req, S("vedette_session"));

    if (bearer.n)
        return access_token_verify(access, bearer, c->arena, &c->who, err);
    if (!cookie.n)
        return err_set(err, RC_UNAUTHENTICATED,
                       "Authentication failed. The 'Authorization' header is missing.");
    TRY(access_session_find(access, cookie, c->arena, &c->session, err));
    c->session.cookie = cookie;
    c->who = c->session.who;
    c->by_cookie = true;
    return check_csrf(c, err);
}

/* The workspace stands in one group of one subscription. */
static bool is_ours(const struct api_call *c, str subscription, str group)
{
    const struct state_scopes *s = c->api->opts.scopes;
    return (!subscription.p || str_eq_ci(subscription, s->subscription_id)) &&
           (!group.p || str_eq_ci(group, s->group));
}

static enum rc check_version(struct api_call *c, struct err *err)
{
    str version = http_req_param(c->req, S("api-version"));

    if (c->match.route->flags & (API_NO_VERSION | API_OPEN))
        return RC_OK;
    if (!version.n)
        return api_call_fail(c, 400, "MissingApiVersionParameter", err,
                             "The api-version query parameter (?api-version=) is required for all requests.");
    if (!api_route_version_ok(version, c->match.route->version))
        return api_call_fail(c, 400, "InvalidApiVersionParameter", err,
                             "The api-version '" STR_FMT "' is invalid: it is a date, '%s' or later.",
                             STR_ARG(str_slice(version, 0, 60)), c->match.route->version);
    return RC_OK;
}

static bool is_workspace(const struct api_call *c, str given)
{
    const struct state_scopes *s = c->api->opts.scopes;
    return str_eq_ci(given, s->customer_id) || str_eq_ci(given, s->workspace) ||
           str_eq_ci(given, s->workspace_arm) || str_eq_ci(given, str_from(s->workspace_arm, 1));
}

/* Is there such a subscription, and such a group in it? Rows of any scope are asked for what their scope
 * begins with. */
static enum rc check_scope(struct api_call *c, str scope, struct err *err)
{
    const struct posture_tree *tree = posture_tree_get(c->api->opts.posture, c->arena);
    str                        subscription = posture_id_subscription(scope), group = posture_id_group(scope);

    if (subscription.n && !posture_tree_find(tree, subscription))
        return api_call_fail(c, 404, "SubscriptionNotFound", err,
                             "The subscription '" STR_FMT "' could not be found.",
                             STR_ARG(posture_id_name(subscription)));
    if (group.n && !posture_tree_find(tree, group))
        return api_call_fail(c, 404, "ResourceGroupNotFound", err,
                             "Resource group '" STR_FMT "' could not be found.",
                             STR_ARG(posture_id_name(group)));
    return RC_OK;
}

static enum rc check_place(struct api_call *c, struct err *err)
{
    const struct api_route_match *m = &c->match;
    str subscription = api_route_param(m, "subscription"), group = api_route_param(m, "group"),
        workspace = api_route_param(m, "workspace"), scope = api_route_param(m, "scope");

    if (subscription.p)
        scope = group.p ? arena_printf(c->arena, "/subscriptions/" STR_FMT "/resourceGroups/" STR_FMT,
                                       STR_ARG(subscription), STR_ARG(group))
                        : arena_printf(c->arena, "/subscriptions/" STR_FMT, STR_ARG(subscription));
    if (scope.p)
        TRY(check_scope(c, scope, err));
    if (workspace.p && (!is_workspace(c, workspace) || !is_ours(c, subscription, group)))
        return api_call_fail(c, 404, "ResourceNotFound", err,
                             "The Resource 'Microsoft.OperationalInsights/workspaces/" STR_FMT
                             "' was not found.",
                             STR_ARG(workspace));
    return RC_OK;
}

str api_gate_scope(const struct api_call *c)
{
    str path = c->req->path;

    if (str_starts_ci(path, S("/subscriptions/")))
        return path;
    if (str_starts_ci(path, S("/providers/")) || str_starts_ci(path, S("/v1.0/")))
        return S("/");
    return c->api->opts.scopes->workspace_arm;
}

enum rc api_gate_pass(struct api_call *c, struct err *err)
{
    const struct api_route *r = c->match.route;

    if (r->flags & API_OPEN)
        return RC_OK;
    TRY(api_gate_identify(c, err));
    if (c->match.other_method)
        return api_call_fail(c, 405, "MethodNotAllowed", err, "The method " STR_FMT " is not allowed here.",
                             STR_ARG(c->req->method));
    TRY(check_version(c, err));
    TRY(check_place(c, err));
    if (!(r->flags & API_ANYBODY))
        return access_check(c->api->opts.access, &c->who, str_of(r->action), api_gate_scope(c), err);
    if (c->who.must_change_password)
        return access_check(c->api->opts.access, &c->who, S("any"), S("/"), err);
    return RC_OK;
}
