/* SPDX-License-Identifier: Apache-2.0 */
/* Microsoft.SecurityInsights: incidents and what belongs to them, in ARM's shapes. */
#include "api/api_by.h"
#include "api/api_handlers.h"
#include "api/api_priv.h"

static struct incident_store *store(const struct api_call *c)
{
    return c->api->opts.incidents;
}

/* Links in answers lead to where this client found us. */
static struct incident_json_scope scope_of(const struct api_call *c)
{
    struct incident_json_scope s = c->api->incident_scope;
    s.portal = c->origin;
    return s;
}

static enum rc no_incident(struct api_call *c, enum rc rc, struct err *err)
{
    if (rc != RC_NOT_FOUND)
        return rc;
    return api_call_fail(c, 404, "ResourceNotFound", err, "The incident '" STR_FMT "' was not found.",
                         STR_ARG(api_call_param(c, "incident")));
}

static enum rc list_opts(struct api_call *c, struct incident_list_opts *out, struct err *err)
{
    str     top = api_call_query(c, "$top");
    int64_t n = 0;

    if (top.n && (!str_to_i64(top, &n) || n < 1))
        return api_call_fail(c, 400, "BadRequest", err, "$top is a number from 1 on, not '" STR_FMT "'.",
                             STR_ARG(top));
    *out = (struct incident_list_opts) { .filter = str_trim(api_call_query(c, "$filter")),
                                         .search = api_call_query(c, "$search"),
                                         .orderby = str_trim(api_call_query(c, "$orderby")),
                                         .top = n > 1000 ? 1000 : (size_t)n,
                                         .skip_token = api_call_query(c, "$skipToken") };
    return RC_OK;
}

enum rc api_insights_incidents(struct api_call *c, struct err *err)
{
    struct incident_list_opts  opts;
    struct incident_page       page;
    struct incident_json_scope scope = scope_of(c);
    struct json_w              w = api_call_list(c);

    TRY(list_opts(c, &opts, err));
    TRY(incident_list(store(c), &opts, c->arena, &page, err));
    for (size_t i = 0; i < page.n; i++)
        incident_json_incident(&w, &scope, &page.items[i]);
    return api_call_list_end(c, &w, page.skip_token, err);
}

static enum rc answer_incident(struct api_call *c, int status, const struct incident *i, struct err *err)
{
    struct incident_json_scope scope = scope_of(c);
    struct json_w              w = api_call_json(c);

    incident_json_incident(&w, &scope, i);
    api_call_etag(c, i->etag);
    return api_call_done(c, status, err);
}

enum rc api_insights_incident(struct api_call *c, struct err *err)
{
    struct incident i;

    TRY(no_incident(c, incident_get(store(c), api_call_param(c, "incident"), c->arena, &i, err), err));
    return answer_incident(c, 200, &i, err);
}

enum rc api_insights_incident_put(struct api_call *c, struct err *err)
{
    struct incident_put put = { .name = api_call_param(c, "incident"),
                                .if_match = api_call_if_match(c),
                                .by = api_by_of(c) };
    struct incident     i;
    bool                created = false;

    TRY(api_call_object(c, &put.body, err));
    TRY(incident_put(store(c), &put, c->arena, &i, &created, err));
    return answer_incident(c, created ? 201 : 200, &i, err);
}

enum rc api_insights_incident_delete(struct api_call *c, struct err *err)
{
    struct incident_by by = api_by_of(c);
    return api_call_deleted(c, incident_delete(store(c), api_call_param(c, "incident"), &by, err));
}

enum rc api_insights_alerts(struct api_call *c, struct err *err)
{
    struct incident_alert     *list;
    struct incident_json_scope scope = scope_of(c);
    size_t                     n;
    struct json_w              w = api_call_list(c);

    TRY(no_incident(c, incident_alerts(store(c), api_call_param(c, "incident"), c->arena, &list, &n, err),
                    err));
    for (size_t i = 0; i < n; i++)
        incident_json_alert(&w, &scope, &list[i]);
    return api_call_list_end(c, &w, S(""), err);
}

enum rc api_insights_entities(struct api_call *c, struct err *err)
{
    struct incident_entity    *list;
    struct incident_json_scope scope = scope_of(c);
    size_t                     n;
    struct json_w              w = api_call_json(c);

    TRY(no_incident(c, incident_entities(store(c), api_call_param(c, "incident"), c->arena, &list, &n, err),
                    err));
    incident_json_entities(&w, &scope, list, n);
    return api_call_done(c, 200, err);
}

/* --- comments --- */

enum rc api_insights_comments(struct api_call *c, struct err *err)
{
    struct incident_comment   *list;
    struct incident_json_scope scope = scope_of(c);
    str                        incident = api_call_param(c, "incident");
    size_t                     n;
    struct json_w              w = api_call_list(c);

    TRY(no_incident(c, incident_comments(store(c), incident, c->arena, &list, &n, err), err));
    for (size_t i = 0; i < n; i++)
        incident_json_comment(&w, &scope, incident, &list[i]);
    return api_call_list_end(c, &w, S(""), err);
}

static enum rc answer_comment(struct api_call *c, int status, const struct incident_comment *comment,
                              struct err *err)
{
    struct incident_json_scope scope = scope_of(c);
    struct json_w              w = api_call_json(c);

    incident_json_comment(&w, &scope, api_call_param(c, "incident"), comment);
    api_call_etag(c, comment->etag);
    return api_call_done(c, status, err);
}

enum rc api_insights_comment(struct api_call *c, struct err *err)
{
    struct incident_comment comment;

    TRY(incident_comment_get(store(c), api_call_param(c, "incident"), api_call_param(c, "comment"), c->arena,
                             &comment, err));
    return answer_comment(c, 200, &comment, err);
}

enum rc api_insights_comment_put(struct api_call *c, struct err *err)
{
    const struct json          *body;
    struct incident_comment     comment;
    bool                        created = false;
    struct incident_comment_put put = { .incident = api_call_param(c, "incident"),
                                        .name = api_call_param(c, "comment"),
                                        .if_match = api_call_if_match(c),
                                        .by = api_by_of(c) };

    TRY(api_call_object(c, &body, err));
    put.message = json_str(json_get(body, S("properties")), S("message"), S(""));
    if (!str_trim(put.message).n)
        return api_call_fail(c, 400, "BadRequest", err, "A comment needs properties.message.");
    TRY(no_incident(c, incident_comment_put(store(c), &put, c->arena, &comment, &created, err), err));
    return answer_comment(c, created ? 201 : 200, &comment, err);
}

enum rc api_insights_comment_delete(struct api_call *c, struct err *err)
{
    struct incident_by by = api_by_of(c);
    return api_call_deleted(c, incident_comment_delete(store(c), api_call_param(c, "incident"),
                                                       api_call_param(c, "comment"), &by, err));
}

/* --- what tools look for before they believe that Sentinel is here --- */

static void write_onboarding(struct api_call *c, struct json_w *w)
{
    json_w_object(w);
    json_w_kstr(w, S("id"),
                arena_printf(c->arena,
                             STR_FMT "/providers/Microsoft.SecurityInsights/onboardingStates/default",
                             STR_ARG(c->api->opts.scopes->workspace_arm)));
    json_w_kstr(w, S("name"), S("default"));
    json_w_kstr(w, S("type"), S("Microsoft.SecurityInsights/onboardingStates"));
    json_w_key(w, S("properties"));
    json_w_object(w);
    json_w_kbool(w, S("customerManagedKey"), false);
    json_w_end(w);
    json_w_end(w);
}

enum rc api_insights_onboardings(struct api_call *c, struct err *err)
{
    struct json_w w = api_call_list(c);
    write_onboarding(c, &w);
    return api_call_list_end(c, &w, S(""), err);
}

enum rc api_insights_onboarding(struct api_call *c, struct err *err)
{
    struct json_w w = api_call_json(c);

    if (!str_eq_ci(api_call_param(c, "name"), S("default")))
        return api_call_fail(c, 404, "ResourceNotFound", err, "The one onboarding state is 'default'.");
    write_onboarding(c, &w);
    return api_call_done(c, 200, err);
}

/* Kinds of which none can be made yet: the list is empty, which is the truth. */
enum rc api_insights_none(struct api_call *c, struct err *err)
{
    struct json_w w = api_call_list(c);
    return api_call_list_end(c, &w, S(""), err);
}
