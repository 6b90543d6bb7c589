/* SPDX-License-Identifier: Apache-2.0 */
/* Microsoft.SecurityInsights/bookmarks. */
#include "api/api_bookmarks.h"

#include "api/api_by.h"
#include "api/api_handlers.h"

static struct incident_store *store(const struct api_call *c)
{
    return c->api->opts.incidents;
}

static void write_holder(struct json_w *w, const struct api_call *c, const struct incident_bookmark *b)
{
    if (!b->incident)
        return;
    json_w_key(w, S("incidentInfo"));
    json_w_object(w);
    json_w_kstr(w, S("incidentId"),
                arena_printf(c->arena, STR_FMT "/providers/Microsoft.SecurityInsights/incidents/" STR_FMT,
                             STR_ARG(c->api->opts.scopes->workspace_arm), STR_ARG(b->incident_name)));
    json_w_kstr(w, S("severity"), content_rule_severity_name(b->incident_severity));
    json_w_kstr(w, S("title"), b->incident_title);
    json_w_kstr(w, S("relationName"), b->name);
    json_w_end(w);
}

static void write_properties(struct json_w *w, const struct api_call *c, const struct incident_bookmark *b)
{
    json_w_object(w);
    json_w_kstr(w, S("displayName"), b->title);
    json_w_kstr(w, S("query"), b->query);
    json_w_kstr(w, S("queryResult"), b->query_result);
    json_w_kstr(w, S("notes"), b->notes);
    json_w_ktime(w, S("eventTime"), b->event_time);
    json_w_ktime_known(w, S("queryStartTime"), b->query_from);
    json_w_ktime_known(w, S("queryEndTime"), b->query_to);
    json_w_kstrs(w, S("labels"), b->labels, b->n_labels);
    json_w_kstrs(w, S("tactics"), b->tactics, b->n_tactics);
    json_w_kstrs(w, S("techniques"), b->techniques, b->n_techniques);
    json_w_key(w, S("entityMappings"));
    json_w_raw(w, b->mappings.n ? b->mappings : S("[]"));
    json_w_ktime(w, S("created"), b->created);
    json_w_ktime(w, S("updated"), b->modified);
    incident_json_person(w, S("createdBy"), &b->creator);
    incident_json_person(w, S("updatedBy"), &b->changer);
    write_holder(w, c, b);
    json_w_end(w);
}

void api_bookmarks_write(struct json_w *w, const struct api_call *c, const struct incident_bookmark *b,
                         bool as_entity)
{
    const char *type = as_entity ? "Entities" : "bookmarks";

    json_w_object(w);
    json_w_kstr(w, S("id"),
                arena_printf(c->arena, STR_FMT "/providers/Microsoft.SecurityInsights/%s/" STR_FMT,
                             STR_ARG(c->api->opts.scopes->workspace_arm), type, STR_ARG(b->name)));
    json_w_kstr(w, S("name"), b->name);
    json_w_kstr(w, S("type"), arena_printf(c->arena, "Microsoft.SecurityInsights/%s", type));
    if (as_entity)
        json_w_kstr(w, S("kind"), S("Bookmark"));
    json_w_kstr(w, S("etag"), b->etag);
    json_w_key(w, S("properties"));
    write_properties(w, c, b);
    json_w_end(w);
}

static enum rc answer_list(struct api_call *c, str incident, bool as_entity, struct err *err)
{
    struct incident_bookmark *list;
    size_t                    n;

    TRY(incident_bookmark_list(store(c), incident, c->arena, &list, &n, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < n; i++)
        api_bookmarks_write(&w, c, &list[i], as_entity);
    return api_call_list_end(c, &w, S(""), err);
}

enum rc api_bookmarks_list(struct api_call *c, struct err *err)
{
    return answer_list(c, S(""), false, err);
}

/* ARM answers with entities of kind Bookmark here, and with bookmarks elsewhere. */
enum rc api_bookmarks_of_incident(struct api_call *c, struct err *err)
{
    return answer_list(c, api_call_param(c, "incident"), true, err);
}

static enum rc answer_one(struct api_call *c, int status, const struct incident_bookmark *b, struct err *err)
{
    struct json_w w = api_call_json(c);

    api_bookmarks_write(&w, c, b, false);
    api_call_etag(c, b->etag);
    return api_call_done(c, status, err);
}

enum rc api_bookmarks_get(struct api_call *c, struct err *err)
{
    struct incident_bookmark b;

    TRY(incident_bookmark_get(store(c), api_call_param(c, "bookmark"), c->arena, &b, err));
    return answer_one(c, 200, &b, err);
}

enum rc api_bookmarks_put(struct api_call *c, struct err *err)
{
    const struct json           *body;
    struct incident_bookmark     b;
    bool                         created;
    struct incident_bookmark_put put = { .name = api_call_param(c, "bookmark"),
                                         .if_match = api_call_if_match(c),
                                         .by = api_by_of(c) };

    TRY(api_call_object(c, &body, err));
    put.properties = json_get(body, S("properties"));
    TRY(incident_bookmark_put(store(c), &put, c->arena, &b, &created, err));
    return answer_one(c, created ? 201 : 200, &b, err);
}

enum rc api_bookmarks_delete(struct api_call *c, struct err *err)
{
    struct incident_by by = api_by_of(c);
    return api_call_deleted(c, incident_bookmark_delete(store(c), api_call_param(c, "bookmark"), &by, err));
}
