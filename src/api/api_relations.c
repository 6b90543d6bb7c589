/* SPDX-License-Identifier: Apache-2.0 */
/* Microsoft.SecurityInsights/incidents/relations: an incident's alerts and bookmarks. */
#include "api/api_by.h"
#include "api/api_handlers.h"
#include "api/api_priv.h"
#include "incident/incident_bookmark.h"
#include "incident/incident_move.h"
#include "incident/incident_relation.h"

static struct incident_store *store(const struct api_call *c)
{
    return c->api->opts.incidents;
}

static void write_relation(struct api_call *c, struct json_w *w, const struct incident_relation *r)
{
    str ws = c->api->opts.scopes->workspace_arm;

    json_w_object(w);
    json_w_kstr(w, S("id"),
                arena_printf(c->arena,
                             STR_FMT "/providers/Microsoft.SecurityInsights/incidents/" STR_FMT
                                     "/relations/" STR_FMT,
                             STR_ARG(ws), STR_ARG(api_call_param(c, "incident")), STR_ARG(r->name)));
    json_w_kstr(w, S("name"), r->name);
    json_w_kstr(w, S("type"), S("Microsoft.SecurityInsights/incidents/relations"));
    json_w_key(w, S("properties"));
    json_w_object(w);
    json_w_kstr(w, S("relatedResourceId"),
                arena_printf(c->arena, STR_FMT "/providers/Microsoft.SecurityInsights/%s/" STR_FMT,
                             STR_ARG(ws), r->is_bookmark ? "bookmarks" : "entities", STR_ARG(r->ref)));
    json_w_kstr(w, S("relatedResourceName"), r->ref);
    json_w_kstr(w, S("relatedResourceType"),
                r->is_bookmark ? S("Microsoft.SecurityInsights/bookmarks")
                               : S("Microsoft.SecurityInsights/entities"));
    json_w_kstr(w, S("relatedResourceKind"), r->is_bookmark ? S("Bookmark") : S("SecurityAlert"));
    json_w_end(w);
    json_w_end(w);
}

enum rc api_relations_list(struct api_call *c, struct err *err)
{
    struct incident_relation *list;
    size_t                    n;

    TRY(incident_relation_list(store(c), api_call_param(c, "incident"), c->arena, &list, &n, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < n; i++)
        write_relation(c, &w, &list[i]);
    return api_call_list_end(c, &w, S(""), err);
}

static enum rc answer_one(struct api_call *c, int status, struct err *err)
{
    struct incident_relation r;

    TRY(incident_relation_get(store(c), api_call_param(c, "incident"), api_call_param(c, "relation"),
                              c->arena, &r, err));
    struct json_w w = api_call_json(c);
    write_relation(c, &w, &r);
    return api_call_done(c, status, err);
}

enum rc api_relations_get(struct api_call *c, struct err *err)
{
    return answer_one(c, 200, err);
}

static enum rc put_alert(struct api_call *c, str alert, struct err *err)
{
    struct incident_move_alerts m = { .incident = api_call_param(c, "incident"),
                                      .alerts = &alert,
                                      .n = 1,
                                      .relation = api_call_param(c, "relation"),
                                      .by = api_by_of(c) };
    struct incident_move_result r;

    return incident_move_alerts(store(c), &m, c->arena, &r, err);
}

static enum rc hold(struct api_call *c, str bookmark, bool held, struct err *err)
{
    const struct incident_bookmark_hold h = {
        .incident = api_call_param(c, "incident"), .bookmark = bookmark, .hold = held, .by = api_by_of(c)
    };
    return incident_bookmark_hold(store(c), &h, c->arena, err);
}

enum rc api_relations_put(struct api_call *c, struct err *err)
{
    const struct json       *body;
    struct incident_relation there;
    struct err               why;

    TRY(api_call_object(c, &body, err));
    str    id = json_str(json_get(body, S("properties")), S("relatedResourceId"), S(""));
    size_t slash = str_rfind_byte(id, '/');
    if (slash == STR_NPOS)
        return api_call_fail(c, 400, "BadRequest", err,
                             "properties.relatedResourceId is the id of an alert (…/entities/ID) or of a "
                             "bookmark (…/bookmarks/ID).");
    bool known = incident_relation_get(store(c), api_call_param(c, "incident"), api_call_param(c, "relation"),
                                       c->arena, &there, &why) == RC_OK;
    str  last = str_from(id, slash + 1), kind = str_slice(id, 0, slash);
    if (str_ends_ci(kind, S("/bookmarks"))) {
        TRY(hold(c, last, true, err));
        TRY(incident_relation_name(store(c), api_call_param(c, "incident"), api_call_param(c, "relation"),
                                   last, err));
    } else {
        TRY(put_alert(c, last, err));
    }
    return answer_one(c, known ? 200 : 201, err);
}

enum rc api_relations_delete(struct api_call *c, struct err *err)
{
    struct incident_relation r;
    str                      incident = api_call_param(c, "incident");
    enum rc rc = incident_relation_get(store(c), incident, api_call_param(c, "relation"), c->arena, &r, err);

    if (rc == RC_NOT_FOUND) {
        api_call_empty(c, 204);
        return RC_OK;
    }
    TRY(rc);
    if (r.is_bookmark) {
        TRY(hold(c, r.ref, false, err));
    } else {
        struct incident_move_alerts m = {
            .incident = incident, .alerts = &r.ref, .n = 1, .remove = true, .by = api_by_of(c)
        };
        struct incident_move_result moved;
        TRY(incident_move_alerts(store(c), &m, c->arena, &moved, err));
    }
    api_call_empty(c, 200);
    return RC_OK;
}
