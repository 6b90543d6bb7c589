/* SPDX-License-Identifier: Apache-2.0 */
/* Microsoft Graph's /security: alerts_v2, incidents, runHuntingQuery. */
#include "api/api_by.h"
#include "api/api_handlers.h"
#include "api/api_priv.h"
#include "api/api_run.h"
#include "incident/incident_finding.h"
#include "incident/incident_render.h"

enum { MAX_TOP = 1000 };

static struct incident_store *store(const struct api_call *c)
{
    return c->api->opts.incidents;
}

static struct incident_json_scope scope_of(const struct api_call *c)
{
    struct incident_json_scope s = c->api->incident_scope;
    s.portal = c->origin;
    return s;
}

static void add_context(struct api_call *c, struct json_w *w, const char *what)
{
    json_w_kstr(w, S("@odata.context"),
                arena_printf(c->arena, STR_FMT "/v1.0/$metadata#security/%s", STR_ARG(c->origin), what));
}

static enum rc number_of(struct api_call *c, const char *name, int64_t *out, struct err *err)
{
    str given = api_call_query(c, name);

    *out = 0;
    if (given.n && (!str_to_i64(given, out) || *out < 0))
        return api_call_fail(c, 400, "BadRequest", err, "%s is a number.", name);
    return RC_OK;
}

static void end_list(struct api_call *c, struct json_w *w, str skip_token)
{
    json_w_end(w);
    if (skip_token.n) {
        AUTO_STRBUF url = STRBUF_INIT(32 * 1024);
        strbuf_add(&url, c->origin);
        strbuf_add(&url, c->req->raw_path);
        for (size_t i = 0; i < c->req->params.n; i++) {
            const struct http_pair *p = &c->req->params.p[i];
            str                     plain = str_trim_chars(p->name, S("$"));
            if (!str_eq_ci(plain, S("skiptoken")) && !str_eq_ci(plain, S("skip")))
                http_url_add(&url, p->name, p->value);
        }
        http_url_add(&url, S("$skiptoken"), skip_token);
        json_w_kstr(w, S("@odata.nextLink"), strbuf_view(&url));
    }
    json_w_end(w);
}

static void write_comments(struct json_w *w, const struct incident_finding_comment *list, size_t n)
{
    json_w_array(w);
    for (size_t i = 0; i < n; i++) {
        json_w_object(w);
        json_w_kstr(w, S("@odata.type"), S("#microsoft.graph.security.alertComment"));
        json_w_kstr(w, S("comment"), list[i].message);
        json_w_kstr(w, S("createdByDisplayName"), list[i].who.name);
        json_w_ktime(w, S("createdDateTime"), list[i].created);
        json_w_end(w);
    }
    json_w_end(w);
}

/* --- alerts --- */

static enum rc write_alert(struct api_call *c, struct json_w *w, const struct incident_alert *a,
                           struct err *err)
{
    struct incident_json_scope       scope = scope_of(c);
    struct incident_finding_comment *list;
    size_t                           n;

    TRY(incident_finding_comments(store(c), a->alert.id, c->arena, &list, &n, err));
    incident_render_graph(w, &scope, a);
    json_w_kstr(w, S("tenantId"), c->api->opts.scopes->tenant_id);
    json_w_key(w, S("comments"));
    write_comments(w, list, n);
    return RC_OK;
}

enum rc api_security_alerts(struct api_call *c, struct err *err)
{
    int64_t                      top, skip;
    struct incident_finding_page page;

    TRY(number_of(c, "$top", &top, err));
    TRY(number_of(c, "$skip", &skip, err));
    const struct incident_finding_opts o = { .family = &INCIDENT_FINDING_GRAPH,
                                             .filter = str_trim(api_call_query(c, "$filter")),
                                             .top = (size_t)top,
                                             .skip = (size_t)skip,
                                             .skip_token = api_call_query(c, "$skiptoken") };
    TRY(incident_finding_list(store(c), &o, c->arena, &page, err));
    struct json_w w = api_call_json(c);
    json_w_object(&w);
    add_context(c, &w, "alerts_v2");
    json_w_key(&w, S("value"));
    json_w_array(&w);
    for (size_t i = 0; i < page.n; i++) {
        json_w_object(&w);
        TRY(write_alert(c, &w, &page.items[i], err));
        json_w_end(&w);
    }
    end_list(c, &w, page.skip_token);
    return api_call_done(c, 200, err);
}

static enum rc answer_alert(struct api_call *c, const struct incident_alert *a, struct err *err)
{
    struct json_w w = api_call_json(c);

    json_w_object(&w);
    add_context(c, &w, "alerts_v2/$entity");
    TRY(write_alert(c, &w, a, err));
    json_w_end(&w);
    return api_call_done(c, 200, err);
}

enum rc api_security_alert(struct api_call *c, struct err *err)
{
    struct incident_alert a;

    TRY(incident_alert_get(store(c), api_call_param(c, "id"), c->arena, &a, err));
    return answer_alert(c, &a, err);
}

/* A member that is there, null as the empty text; NULL where it is not. */
static const str *member(struct api_call *c, const struct json *body, const char *name)
{
    const struct json *v = json_get(body, str_of(name));
    str               *s = ARENA_NEW(c->arena, str);

    if (!v)
        return NULL;
    *s = v->kind == JSON_STRING ? v->s : S("");
    return s;
}

enum rc api_security_alert_patch(struct api_call *c, struct err *err)
{
    static const char *const       statuses[][2] = { { "new", "New" },
                                                     { "inProgress", "InProgress" },
                                                     { "resolved", "Resolved" } };
    const struct json             *body;
    struct incident_alert          a;
    struct incident_finding_change ch = { .id = api_call_param(c, "id"), .by = api_by_of(c) };

    TRY(api_call_object(c, &body, err));
    const str *status = member(c, body, "status");
    str        ours = STR_NONE;
    for (size_t i = 0; status && i < sizeof statuses / sizeof *statuses; i++)
        if (str_eq(*status, str_of(statuses[i][0])))
            ours = str_of(statuses[i][1]);
    if (status && !ours.n)
        return api_call_fail(c, 400, "BadRequest", err, "status is new, inProgress or resolved.");
    ch.status = status ? &ours : NULL;
    ch.classification = member(c, body, "classification");
    ch.determination = member(c, body, "determination");
    ch.assigned = member(c, body, "assignedTo");
    TRY(incident_finding_change(store(c), &ch, c->arena, &a, err));
    return answer_alert(c, &a, err);
}

static enum rc answer_comments(struct api_call *c, const struct incident_finding_comment *list, size_t n,
                               struct err *err)
{
    struct json_w w = api_call_json(c);

    json_w_object(&w);
    json_w_key(&w, S("value"));
    write_comments(&w, list, n);
    json_w_end(&w);
    return api_call_done(c, 200, err);
}

enum rc api_security_alert_comment(struct api_call *c, struct err *err)
{
    const struct json               *body;
    struct incident_by               by = api_by_of(c);
    struct incident_finding_comment *list;
    size_t                           n;
    str                              id = api_call_param(c, "id");

    TRY(api_call_object(c, &body, err));
    TRY(incident_finding_comment(store(c), id, json_str(body, S("comment"), S("")), &by, err));
    TRY(incident_finding_comments(store(c), id, c->arena, &list, &n, err));
    return answer_comments(c, list, n, err);
}

/* --- incidents --- */

static enum rc comments_of(struct api_call *c, str incident, struct incident_finding_comment **out, size_t *n,
                           struct err *err)
{
    struct incident_comment *list;

    TRY(incident_comments(store(c), incident, c->arena, &list, n, err));
    *out = ARENA_ARRAY(c->arena, struct incident_finding_comment, *n + 1);
    for (size_t i = 0; i < *n; i++)
        (*out)[i] = (struct incident_finding_comment) { list[i].message, list[i].created, list[i].author };
    return RC_OK;
}

static str graph_status(const struct incident *i)
{
    static const char *const words[INCIDENT_STATUS_COUNT_] = { "active", "inProgress", "resolved" };
    return i->merged_into ? S("redirected")
                          : str_of(words[i->status < INCIDENT_STATUS_COUNT_ ? i->status : INCIDENT_NEW]);
}

static enum rc write_alerts_of(struct api_call *c, struct json_w *w, str incident, struct err *err)
{
    struct incident_alert *list;
    size_t                 n;

    TRY(incident_alerts(store(c), incident, c->arena, &list, &n, err));
    json_w_key(w, S("alerts"));
    json_w_array(w);
    for (size_t i = 0; i < n; i++) {
        json_w_object(w);
        TRY(write_alert(c, w, &list[i], err));
        json_w_end(w);
    }
    json_w_end(w);
    return RC_OK;
}

static void add_or_null(struct json_w *w, str key, str v)
{
    json_w_key(w, key);
    if (v.n)
        json_w_str(w, v);
    else
        json_w_null(w);
}

static enum rc write_incident(struct api_call *c, struct json_w *w, const struct incident *i, struct err *err)
{
    struct incident_finding_comment *comments;
    size_t                           n;

    TRY(comments_of(c, i->name, &comments, &n, err));
    json_w_kstr(w, S("id"), arena_printf(c->arena, "%lld", (long long)i->number));
    json_w_kstr(w, S("tenantId"), c->api->opts.scopes->tenant_id);
    json_w_kstr(w, S("displayName"), i->title);
    json_w_kstr(w, S("description"), i->description);
    json_w_kstr(w, S("severity"), incident_render_lower(c->arena, content_rule_severity_name(i->severity)));
    json_w_kstr(w, S("status"), graph_status(i));
    json_w_kstr(w, S("classification"),
                i->classification.n ? incident_render_graph_classification(i->classification) : S("unknown"));
    json_w_kstr(w, S("determination"), S("unknown"));
    add_or_null(w, S("assignedTo"), i->owner.upn.n ? i->owner.upn : i->owner.name);
    json_w_ktime(w, S("createdDateTime"), i->created);
    json_w_ktime(w, S("lastUpdateDateTime"), i->modified);
    json_w_kstr(w, S("lastModifiedBy"), i->modified_by);
    add_or_null(w, S("resolvingComment"), i->classification_comment);
    add_or_null(w, S("redirectIncidentId"),
                i->merged_into ? arena_printf(c->arena, "%lld", (long long)i->merged_into) : STR_NONE);
    json_w_kstr(w, S("incidentWebUrl"),
                arena_printf(c->arena, STR_FMT "/incidents/%lld", STR_ARG(c->origin), (long long)i->number));
    json_w_key(w, S("customTags"));
    json_w_array(w);
    for (size_t k = 0; k < i->n_labels; k++)
        json_w_str(w, i->labels[k].name);
    json_w_end(w);
    json_w_kstrs(w, S("systemTags"), NULL, 0);
    json_w_key(w, S("comments"));
    write_comments(w, comments, n);
    if (str_contains_ci(api_call_query(c, "$expand"), S("alerts")))
        TRY(write_alerts_of(c, w, i->name, err));
    return RC_OK;
}

static enum rc answer_incident(struct api_call *c, str name, struct err *err)
{
    struct incident i;

    TRY(incident_get(store(c), name, c->arena, &i, err));
    struct json_w w = api_call_json(c);
    json_w_object(&w);
    add_context(c, &w, "incidents/$entity");
    TRY(write_incident(c, &w, &i, err));
    json_w_end(&w);
    return api_call_done(c, 200, err);
}

enum rc api_security_incident(struct api_call *c, struct err *err)
{
    return answer_incident(c, api_call_param(c, "id"), err);
}

enum rc api_security_incidents(struct api_call *c, struct err *err)
{
    int64_t                   top;
    struct incident_page      page;
    struct incident_list_opts o = { .filter = str_trim(api_call_query(c, "$filter")),
                                    .graph = true,
                                    .orderby = str_trim(api_call_query(c, "$orderby")),
                                    .skip_token = api_call_query(c, "$skiptoken") };

    TRY(number_of(c, "$top", &top, err));
    o.top = (size_t)(top > MAX_TOP ? MAX_TOP : top);
    TRY(incident_list(store(c), &o, c->arena, &page, err));
    struct json_w w = api_call_json(c);
    json_w_object(&w);
    add_context(c, &w, "incidents");
    json_w_key(&w, S("value"));
    json_w_array(&w);
    for (size_t i = 0; i < page.n; i++) {
        json_w_object(&w);
        TRY(write_incident(c, &w, &page.items[i], err));
        json_w_end(&w);
    }
    end_list(c, &w, page.skip_token);
    return api_call_done(c, 200, err);
}

/* Graph's members as ARM's, which is what incidents are changed by. */
static enum rc as_arm(struct api_call *c, const struct json *body, const struct json **out, struct err *err)
{
    static const char *const statuses[][2] = { { "active", "New" },
                                               { "inProgress", "Active" },
                                               { "resolved", "Closed" } };
    AUTO_STRBUF              text = STRBUF_INIT(256 * 1024);
    struct json_w            w = json_w_make(&text);
    const str               *status = member(c, body, "status"), *verdict = member(c, body, "classification");
    const str         *owner = member(c, body, "assignedTo"), *why = member(c, body, "resolvingComment");
    const struct json *tags = json_get(body, S("customTags"));
    str                ours = STR_NONE;

    json_w_object(&w);
    json_w_key(&w, S("properties"));
    json_w_object(&w);
    for (size_t i = 0; status && i < 3; i++)
        if (str_eq(*status, str_of(statuses[i][0])))
            ours = str_of(statuses[i][1]);
    if (status && !ours.n)
        return api_call_fail(c, 400, "BadRequest", err, "status is active, inProgress or resolved.");
    if (status)
        json_w_kstr(&w, S("status"), ours);
    if (verdict) {
        str arm = incident_render_arm_classification(*verdict);
        if (verdict->n && !arm.n)
            return api_call_fail(c, 400, "BadRequest", err, "classification '" STR_FMT "' is none.",
                                 STR_ARG(str_slice(*verdict, 0, 64)));
        json_w_kstr(&w, S("classification"), arm);
        json_w_kstr(&w, S("classificationReason"),
                    str_eq(arm, S("TruePositive"))     ? S("SuspiciousActivity")
                    : str_eq(arm, S("BenignPositive")) ? S("SuspiciousButExpected")
                    : str_eq(arm, S("FalsePositive"))  ? S("IncorrectAlertLogic")
                                                       : S(""));
    } else if (str_eq(ours, S("Closed"))) {
        json_w_kstr(&w, S("classification"), S("Undetermined"));
    }
    if (why)
        json_w_kstr(&w, S("classificationComment"), *why);
    if (owner) {
        json_w_key(&w, S("owner"));
        json_w_object(&w);
        json_w_kstr(&w, S("assignedTo"), *owner);
        json_w_kstr(&w, S("userPrincipalName"), *owner);
        json_w_end(&w);
    }
    if (tags && tags->kind == JSON_ARRAY) {
        json_w_key(&w, S("labels"));
        json_w_array(&w);
        for (size_t i = 0; i < tags->n; i++) {
            json_w_object(&w);
            json_w_kstr(&w, S("labelName"),
                        json_at(tags, i)->kind == JSON_STRING ? json_at(tags, i)->s : S(""));
            json_w_end(&w);
        }
        json_w_end(&w);
    }
    json_w_end(&w);
    json_w_end(&w);
    TRY(strbuf_ok(&text, "the change", err));
    return json_parse(c->arena, strbuf_view(&text), out, err);
}

enum rc api_security_incident_patch(struct api_call *c, struct err *err)
{
    const struct json  *body;
    struct incident     i;
    bool                created;
    struct incident_put put = { .if_match = http_req_header(c->req, S("If-Match")), .by = api_by_of(c) };

    TRY(api_call_object(c, &body, err));
    TRY(incident_get(store(c), api_call_param(c, "id"), c->arena, &i, err)); /* it makes none */
    put.name = i.name;
    TRY(as_arm(c, body, &put.body, err));
    TRY(incident_put(store(c), &put, c->arena, &i, &created, err));
    return answer_incident(c, i.name, err);
}

enum rc api_security_incident_comment(struct api_call *c, struct err *err)
{
    const struct json               *body;
    struct incident_comment          comment;
    struct incident_finding_comment *list;
    size_t                           n;
    char                             text[GUID_TEXT_SIZE];
    str                              id = api_call_param(c, "id");

    TRY(api_call_object(c, &body, err));
    const struct incident_comment_put put = { .incident = id,
                                              .name = arena_str(c->arena,
                                                                guid_text(env_guid(c->api->opts.env), text)),
                                              .message = json_str(body, S("comment"), S("")),
                                              .by = api_by_of(c) };
    TRY(incident_comment_put(store(c), &put, c->arena, &comment, NULL, err));
    TRY(comments_of(c, id, &list, &n, err));
    return answer_comments(c, list, n, err);
}

/* --- hunting --- */

/* The answer of the log API, turned: columns become the schema, each row an object. */
static enum rc turn(struct api_call *c, str answer, struct err *err)
{
    const struct json *doc, *table, *columns, *rows;

    TRY(json_parse(c->arena, answer, &doc, err));
    table = json_path(doc, S("tables.0"));
    columns = json_get(table, S("columns"));
    rows = json_get(table, S("rows"));
    struct json_w w = api_call_json(c);
    json_w_object(&w);
    json_w_kstr(&w, S("@odata.context"),
                arena_printf(c->arena, STR_FMT "/v1.0/$metadata#microsoft.graph.security.huntingQueryResults",
                             STR_ARG(c->origin)));
    json_w_key(&w, S("schema"));
    json_w_array(&w);
    for (size_t i = 0; columns && i < columns->n; i++) {
        json_w_object(&w);
        json_w_kstr(&w, S("name"), json_str(json_at(columns, i), S("name"), S("")));
        json_w_kstr(&w, S("type"), json_str(json_at(columns, i), S("type"), S("")));
        json_w_end(&w);
    }
    json_w_end(&w);
    json_w_key(&w, S("results"));
    json_w_array(&w);
    for (size_t r = 0; rows && r < rows->n; r++) {
        json_w_object(&w);
        for (size_t i = 0; i < columns->n; i++) {
            json_w_key(&w, json_str(json_at(columns, i), S("name"), S("")));
            json_w_tree(&w, json_at(json_at(rows, r), i));
        }
        json_w_end(&w);
    }
    json_w_end(&w);
    json_w_end(&w);
    return api_call_done(c, 200, err);
}

enum rc api_security_hunt(struct api_call *c, struct err *err)
{
    const struct json *body;
    struct api_run     run = { .shape = QUERY_ANSWER_LOGS };

    TRY(api_call_object(c, &body, err));
    const struct json *text = json_get_ci(body, S("Query")), *span = json_get_ci(body, S("Timespan"));
    if (!text || text->kind != JSON_STRING || !str_trim(text->s).n)
        return api_call_fail(c, 400, "BadRequest", err, "Query is the text of a query.");
    run.request.text = text->s;
    TRY(api_run_timespan(span && span->kind == JSON_STRING ? span->s : S("P30D"), env_now(c->api->opts.env),
                         &run.request, err));
    TRY(api_run_query(c, &run, err));
    if (run.status == 200)
        return turn(c, run.body, err);
    const struct json *why;
    TRY(json_parse(c->arena, run.body, &why, err));
    str message = json_str(json_path(why, S("error.innererror.innererror")), S("message"),
                           json_str(json_get(why, S("error")), S("message"), S("The query is not valid.")));
    return api_call_fail(c, 400, "BadRequest", err, STR_FMT, STR_ARG(str_slice(message, 0, 200)));
}
