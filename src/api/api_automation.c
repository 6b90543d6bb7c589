/* SPDX-License-Identifier: Apache-2.0 */
/* Automation rules, activities, and people's views of pages. */
#include "api/api_automation.h"

#include "access/access.h"
#include "api/api_by.h"
#include "api/api_handlers.h"
#include "api/api_priv.h"
#include "hunt/hunt_automation.h"
#include "hunt/hunt_view.h"

static struct hunt *desk(const struct api_call *c)
{
    return c->api->opts.hunt;
}

static void write_head(struct json_w *w, const struct api_call *c, const char *type,
                       const struct hunt_object *o)
{
    json_w_kstr(w, S("id"),
                arena_printf(c->arena, STR_FMT "/providers/Microsoft.SecurityInsights/%s/" STR_FMT,
                             STR_ARG(c->api->opts.scopes->workspace_arm), type, STR_ARG(o->name)));
    json_w_kstr(w, S("name"), o->name);
    json_w_kstr(w, S("type"), arena_printf(c->arena, "Microsoft.SecurityInsights/%s", type));
    json_w_kstr(w, S("etag"), o->etag);
}

/* What the client gave but for what only the server says. */
static void write_given(struct json_w *w, const struct json *body)
{
    static const char *const OURS[] = { "createdTimeUtc", "lastModifiedTimeUtc", "createdBy",
                                        "lastModifiedBy" };

    for (size_t i = 0; i < body->n; i++) {
        bool ours = false;
        for (size_t k = 0; k < sizeof OURS / sizeof *OURS && !ours; k++)
            ours = str_eq(body->members[i].key, str_of(OURS[k]));
        if (ours)
            continue;
        json_w_key(w, body->members[i].key);
        json_w_tree(w, &body->members[i].value);
    }
}

static void write_object(struct json_w *w, const struct api_call *c, const char *type, const char *kind,
                         const struct hunt_object *o)
{
    json_w_object(w);
    write_head(w, c, type, o);
    if (kind)
        json_w_kstr(w, S("kind"), str_of(kind));
    json_w_key(w, S("properties"));
    json_w_object(w);
    write_given(w, o->body);
    json_w_ktime(w, S("createdTimeUtc"), o->created);
    json_w_ktime(w, S("lastModifiedTimeUtc"), o->modified);
    if (!kind) {
        incident_json_person(w, S("createdBy"), &o->creator);
        incident_json_person(w, S("lastModifiedBy"), &o->changer);
    }
    json_w_end(w);
    json_w_end(w);
}

static enum rc answer(struct api_call *c, int status, const char *type, const char *kind,
                      const struct hunt_object *o, struct err *err)
{
    struct json_w w = api_call_json(c);

    write_object(&w, c, type, kind, o);
    api_call_etag(c, o->etag);
    return api_call_done(c, status, err);
}

/* --- automation rules --- */

enum rc api_automation_list(struct api_call *c, struct err *err)
{
    struct hunt_object *list;
    size_t              n;

    TRY(hunt_automation_list(desk(c), c->arena, &list, &n, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < n; i++)
        write_object(&w, c, "automationRules", NULL, &list[i]);
    return api_call_list_end(c, &w, S(""), err);
}

enum rc api_automation_get(struct api_call *c, struct err *err)
{
    const struct hunt_object_key key = { .kind = HUNT_AUTOMATION_KIND, .name = api_call_param(c, "rule") };
    struct hunt_object           o;

    TRY(hunt_object_get(desk(c), &key, c->arena, &o, err));
    return answer(c, 200, "automationRules", NULL, &o, err);
}

enum rc api_automation_put(struct api_call *c, struct err *err)
{
    const struct json           *body;
    struct hunt_object           o;
    bool                         created;
    const struct hunt_object_put put = { .key = { .name = api_call_param(c, "rule") },
                                         .if_match = api_call_if_match(c),
                                         .by = api_by_of(c) };

    TRY(api_call_object(c, &body, err));
    TRY(hunt_automation_put(desk(c), &put, json_get(body, S("properties")), c->arena, &o, &created, err));
    return answer(c, created ? 201 : 200, "automationRules", NULL, &o, err);
}

enum rc api_automation_delete(struct api_call *c, struct err *err)
{
    const struct hunt_object_key key = { .kind = HUNT_AUTOMATION_KIND, .name = api_call_param(c, "rule") };

    return api_call_deleted(c, hunt_object_delete(desk(c), &key, api_call_if_match(c), err));
}

/* --- activities --- */

enum rc api_automation_activities(struct api_call *c, struct json_w *w, struct err *err)
{
    struct hunt_object *list;
    size_t              n;

    if (!desk(c))
        return RC_OK;
    TRY(hunt_object_list(desk(c), HUNT_AUTOMATION_ACTIVITY, STR_NONE, c->arena, &list, &n, err));
    for (size_t i = 0; i < n; i++)
        write_object(w, c, "entityQueries", "Activity", &list[i]);
    return RC_OK;
}

enum rc api_automation_activity_get(struct api_call *c, struct err *err)
{
    const struct hunt_object_key key = { .kind = HUNT_AUTOMATION_ACTIVITY,
                                         .name = api_call_param(c, "query") };
    struct hunt_object           o;

    TRY(hunt_object_get(desk(c), &key, c->arena, &o, err));
    return answer(c, 200, "entityQueries", "Activity", &o, err);
}

enum rc api_automation_activity_put(struct api_call *c, struct err *err)
{
    const struct json           *body;
    struct hunt_object           o;
    bool                         created;
    const struct hunt_object_put put = { .key = { .name = api_call_param(c, "query") },
                                         .if_match = api_call_if_match(c),
                                         .by = api_by_of(c) };

    TRY(api_call_object(c, &body, err));
    if (!str_eq(json_str(body, S("kind"), S("")), S("Activity")))
        return err_set(err, RC_INVALID, "kind: Activity; expansions and insights are content");
    TRY(hunt_automation_activity_put(desk(c), &put, json_get(body, S("properties")), c->arena, &o, &created,
                                     err));
    return answer(c, created ? 201 : 200, "entityQueries", "Activity", &o, err);
}

enum rc api_automation_activity_delete(struct api_call *c, struct err *err)
{
    const struct hunt_object_key key = { .kind = HUNT_AUTOMATION_ACTIVITY,
                                         .name = api_call_param(c, "query") };

    return api_call_deleted(c, hunt_object_delete(desk(c), &key, api_call_if_match(c), err));
}

/* --- views --- */

static void write_view(struct json_w *w, const struct hunt_view *v)
{
    json_w_object(w);
    json_w_kstr(w, S("id"), v->object.name);
    json_w_kstr(w, S("etag"), v->object.etag);
    json_w_kstr(w, S("displayName"), v->title);
    json_w_kstr(w, S("page"), v->page);
    json_w_kbool(w, S("shared"), v->shared);
    json_w_kbool(w, S("isDefault"), v->is_default);
    json_w_key(w, S("definition"));
    json_w_tree(w, v->definition);
    json_w_ktime(w, S("modified"), v->object.modified);
    incident_json_person(w, S("createdBy"), &v->object.creator);
    json_w_end(w);
}

enum rc api_automation_views(struct api_call *c, struct err *err)
{
    struct hunt_view *list;
    size_t            n;

    TRY(hunt_view_list(desk(c), c->who.id, api_call_query(c, "page"), c->arena, &list, &n, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < n; i++)
        write_view(&w, &list[i]);
    return api_call_list_end(c, &w, S(""), err);
}

static enum rc answer_view(struct api_call *c, int status, const struct hunt_view *v, struct err *err)
{
    struct json_w w = api_call_json(c);

    write_view(&w, v);
    api_call_etag(c, v->object.etag);
    return api_call_done(c, status, err);
}

/* One's own views are one's own affair; what all see takes the right to work on incidents. */
static enum rc may_share(struct api_call *c, struct err *err)
{
    return access_check(c->api->opts.access, &c->who, S("Microsoft.SecurityInsights/incidents/write"),
                        c->api->opts.scopes->workspace_arm, err);
}

enum rc api_automation_view_put(struct api_call *c, struct err *err)
{
    const struct json         *body;
    struct hunt_view           v, was;
    bool                       created;
    const struct hunt_view_put put = { .name = api_call_param(c, "view"),
                                       .properties = json_get(c->json, S("properties")),
                                       .if_match = api_call_if_match(c),
                                       .by = api_by_of(c) };

    TRY(api_call_object(c, &body, err));
    bool is_shared = hunt_view_get(desk(c), c->who.id, put.name, c->arena, &was, NULL) == RC_OK && was.shared;
    if (json_bool(put.properties, S("shared"), false) || is_shared)
        TRY(may_share(c, err));
    TRY(hunt_view_put(desk(c), &put, c->arena, &v, &created, err));
    return answer_view(c, created ? 201 : 200, &v, err);
}

enum rc api_automation_view_delete(struct api_call *c, struct err *err)
{
    struct hunt_view v;
    enum rc          rc = hunt_view_get(desk(c), c->who.id, api_call_param(c, "view"), c->arena, &v, err);

    if (rc == RC_OK && v.shared)
        TRY(may_share(c, err));
    if (rc == RC_OK)
        rc = hunt_view_delete(desk(c), c->who.id, v.object.name, v.shared, err);
    return api_call_deleted(c, rc);
}

enum rc api_automation_view_default(struct api_call *c, struct err *err)
{
    const struct json *body;
    struct incident_by by = api_by_of(c);

    TRY(api_call_object(c, &body, err));
    TRY(hunt_view_default(desk(c), &by, api_call_param(c, "page"),
                          json_str(json_get(body, S("properties")), S("view"), S("")), err));
    api_call_empty(c, 204);
    return RC_OK;
}
