/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/incident_json.h"

#define PROVIDER "/providers/Microsoft.SecurityInsights/"

enum { MAX_ID = 1024, MAX_KINDS = 64 };

/* {"id","name","type"} of a resource below the workspace; the object stays open. */
static void begin(struct json_w *w, const struct incident_json_scope *s, const char *type, str name)
{
    AUTO_STRBUF id = STRBUF_INIT(MAX_ID);
    char        full[128];

    strbuf_addf(&id,
                "/subscriptions/" STR_FMT "/resourceGroups/" STR_FMT
                "/providers/Microsoft.OperationalInsights/workspaces/" STR_FMT PROVIDER "%s/" STR_FMT,
                STR_ARG(s->subscription), STR_ARG(s->group), STR_ARG(s->workspace), type, STR_ARG(name));
    (void)snprintf(full, sizeof full, "Microsoft.SecurityInsights/%s", type);
    json_w_object(w);
    json_w_kstr(w, S("id"), strbuf_view(&id));
    json_w_kstr(w, S("name"), name);
    json_w_kstr(w, S("type"), str_of(full));
}

static void add_or_null(struct json_w *w, str key, str v)
{
    json_w_key(w, key);
    if (v.n)
        json_w_str(w, v);
    else
        json_w_null(w);
}

static void add_owner(struct json_w *w, const struct incident_person *o)
{
    json_w_key(w, S("owner"));
    json_w_object(w);
    add_or_null(w, S("objectId"), o->object_id);
    add_or_null(w, S("email"), o->email);
    add_or_null(w, S("assignedTo"), o->name);
    add_or_null(w, S("userPrincipalName"), o->upn);
    if (o->type.n)
        json_w_kstr(w, S("ownerType"), o->type);
    json_w_end(w);
}

static void add_additional(struct json_w *w, const struct incident *i)
{
    json_w_key(w, S("additionalData"));
    json_w_object(w);
    json_w_ki64(w, S("alertsCount"), i->n_alerts);
    json_w_ki64(w, S("bookmarksCount"), i->n_bookmarks);
    json_w_ki64(w, S("commentsCount"), i->n_comments);
    json_w_ki64(w, S("tasksCount"), i->n_tasks); /* ours, as those that follow */
    json_w_ki64(w, S("tasksDoneCount"), i->n_tasks_done);
    if (i->merged_into)
        json_w_ki64(w, S("mergedIntoNumber"), i->merged_into);
    json_w_kstrs(w, S("alertProductNames"), i->products, i->n_products);
    json_w_kstrs(w, S("tactics"), i->tactics, i->n_tactics);
    json_w_kstrs(w, S("techniques"), i->techniques, i->n_techniques);
    if (i->entities.n) {
        json_w_key(w, S("entities")); /* ours: for lists */
        json_w_raw(w, i->entities);
    }
    json_w_end(w);
}

static void add_url(struct json_w *w, const struct incident_json_scope *s, const struct incident *i)
{
    AUTO_STRBUF url = STRBUF_INIT(MAX_ID);

    strbuf_addf(&url, STR_FMT "/incidents/%lld", STR_ARG(s->portal), (long long)i->number);
    json_w_kstr(w, S("incidentUrl"), strbuf_view(&url));
}

static void add_rule_ids(struct json_w *w, const struct incident_json_scope *s, const struct incident *i)
{
    json_w_key(w, S("relatedAnalyticRuleIds"));
    json_w_array(w);
    for (size_t k = 0; k < i->n_rule_ids; k++) {
        AUTO_STRBUF id = STRBUF_INIT(MAX_ID);
        strbuf_addf(
            &id,
            "/subscriptions/" STR_FMT "/resourceGroups/" STR_FMT
            "/providers/Microsoft.OperationalInsights/workspaces/" STR_FMT PROVIDER "alertRules/" STR_FMT,
            STR_ARG(s->subscription), STR_ARG(s->group), STR_ARG(s->workspace), STR_ARG(i->rule_ids[k]));
        json_w_str(w, strbuf_view(&id));
    }
    json_w_end(w);
}

void incident_json_incident(struct json_w *w, const struct incident_json_scope *scope,
                            const struct incident *i)
{
    char number[24];

    begin(w, scope, "incidents", i->name);
    json_w_kstr(w, S("etag"), i->etag);
    json_w_key(w, S("properties"));
    json_w_object(w);
    json_w_kstr(w, S("title"), i->title);
    json_w_kstr(w, S("description"), i->description);
    json_w_kstr(w, S("severity"), content_rule_severity_name(i->severity));
    json_w_kstr(w, S("status"), incident_status_name(i->status));
    if (i->classification.n)
        json_w_kstr(w, S("classification"), i->classification);
    if (i->classification_reason.n)
        json_w_kstr(w, S("classificationReason"), i->classification_reason);
    if (i->classification_comment.n)
        json_w_kstr(w, S("classificationComment"), i->classification_comment);
    add_owner(w, &i->owner);
    incident_json_labels(w, S("labels"), i);
    json_w_ktime_known(w, S("firstActivityTimeUtc"), i->first_activity);
    json_w_ktime_known(w, S("lastActivityTimeUtc"), i->last_activity);
    json_w_ktime_known(w, S("createdTimeUtc"), i->created);
    json_w_ktime_known(w, S("lastModifiedTimeUtc"), i->modified);
    json_w_ki64(w, S("incidentNumber"), i->number);
    add_additional(w, i);
    add_rule_ids(w, scope, i);
    add_url(w, scope, i);
    json_w_kstr(w, S("providerName"), S("Vedette"));
    (void)snprintf(number, sizeof number, "%lld", (long long)i->number);
    json_w_kstr(w, S("providerIncidentId"), str_of(number));
    json_w_end(w);
    json_w_end(w);
}

/* ARM's tactic that stands for all of them. */
str incident_json_intent(const struct alert *r)
{
    static const char *const known[] = {
        "Persistence",  "PrivilegeEscalation", "DefenseEvasion", "CredentialAccess",
        "Discovery",    "LateralMovement",     "Execution",      "Collection",
        "Exfiltration", "CommandAndControl",   "Impact"
    };

    for (size_t i = 0; r->n_tactics && i < sizeof known / sizeof *known; i++)
        if (str_eq(r->tactics[0], str_of(known[i])))
            return r->tactics[0];
    return S("Unknown");
}

static void add_alert_data(struct json_w *w, const struct incident_alert *a)
{
    char count[24];

    (void)snprintf(count, sizeof count, "%lld", (long long)a->n_rows);
    json_w_key(w, S("additionalData"));
    json_w_object(w);
    json_w_kstr(w, S("Analytic Rule Name"), a->alert.rule_name);
    json_w_kstr(w, S("Analytic Rule Ids"), a->alert.rule_id);
    json_w_kstr(w, S("Query"), a->alert.query);
    json_w_ktime_known(w, S("Query Start Time UTC"), a->alert.window_from);
    json_w_ktime_known(w, S("Query End Time UTC"), a->alert.window_to);
    json_w_kstr(w, S("Search Query Results Overall Count"), str_of(count));
    json_w_kstr(w, S("Custom Details"), a->alert.details);
    json_w_end(w);
}

void incident_json_alert(struct json_w *w, const struct incident_json_scope *scope,
                         const struct incident_alert *a)
{
    const struct alert *r = &a->alert;

    begin(w, scope, "Entities", r->id);
    json_w_kstr(w, S("kind"), S("SecurityAlert"));
    json_w_key(w, S("properties"));
    json_w_object(w);
    json_w_kstr(w, S("systemAlertId"), r->id);
    json_w_kstr(w, S("friendlyName"), r->display_name);
    json_w_kstr(w, S("alertDisplayName"), r->display_name);
    json_w_kstr(w, S("description"), r->description);
    json_w_kstr(w, S("severity"), content_rule_severity_name(r->severity));
    json_w_kstr(w, S("status"), a->status);
    json_w_kstr(w, S("alertType"), r->rule_id);
    json_w_kstr(w, S("vendorName"), r->vendor);
    json_w_kstr(w, S("productName"), r->product);
    json_w_kstr(w, S("productComponentName"), r->component);
    json_w_kstr(w, S("providerAlertId"), r->id);
    json_w_kstr(w, S("compromisedEntity"), r->compromised);
    json_w_ktime_known(w, S("startTimeUtc"), r->start);
    json_w_ktime_known(w, S("endTimeUtc"), r->end);
    json_w_ktime_known(w, S("timeGenerated"), r->generated);
    json_w_ktime_known(w, S("processingEndTime"), r->generated);
    json_w_kstr(w, S("intent"), incident_json_intent(r));
    json_w_kstrs(w, S("tactics"), r->tactics, r->n_tactics);
    json_w_kstrs(w, S("techniques"), r->techniques, r->n_techniques);
    json_w_kstr(w, S("confidenceLevel"), S("Unknown"));
    json_w_kstrs(w, S("resourceIdentifiers"), NULL, 0);
    add_alert_data(w, a);
    json_w_end(w);
    json_w_end(w);
}

void incident_json_entity(struct json_w *w, const struct incident_json_scope *scope,
                          const struct incident_entity *e)
{
    begin(w, scope, "Entities", e->id);
    json_w_kstr(w, S("kind"), e->kind);
    json_w_key(w, S("properties"));
    json_w_tree(w, e->properties);
    json_w_end(w);
}

/* How many things there are of each kind, in the order in which the kinds come up. */
static void write_kinds(struct json_w *w, const struct incident_entity *list, size_t n)
{
    struct {
        str     kind;
        int64_t count;
    } kinds[MAX_KINDS];
    size_t n_kinds = 0;

    for (size_t i = 0; i < n; i++) {
        size_t k = 0;
        while (k < n_kinds && !str_eq(kinds[k].kind, list[i].kind))
            k++;
        if (k == MAX_KINDS)
            continue;
        if (k == n_kinds) {
            kinds[n_kinds].kind = list[i].kind;
            kinds[n_kinds++].count = 0;
        }
        kinds[k].count++;
    }
    json_w_array(w);
    for (size_t k = 0; k < n_kinds; k++) {
        json_w_object(w);
        json_w_kstr(w, S("entityKind"), kinds[k].kind);
        json_w_ki64(w, S("count"), kinds[k].count);
        json_w_end(w);
    }
    json_w_end(w);
}

void incident_json_entities(struct json_w *w, const struct incident_json_scope *scope,
                            const struct incident_entity *list, size_t n)
{
    json_w_object(w);
    json_w_key(w, S("entities"));
    json_w_array(w);
    for (size_t i = 0; i < n; i++)
        incident_json_entity(w, scope, &list[i]);
    json_w_end(w);
    json_w_key(w, S("metaData"));
    write_kinds(w, list, n);
    json_w_end(w);
}

void incident_json_comment(struct json_w *w, const struct incident_json_scope *scope, str incident,
                           const struct incident_comment *c)
{
    AUTO_STRBUF type = STRBUF_INIT(MAX_ID);

    strbuf_addf(&type, "incidents/" STR_FMT "/comments", STR_ARG(incident));
    AUTO_STRBUF id = STRBUF_INIT(MAX_ID);
    strbuf_addf(&id,
                "/subscriptions/" STR_FMT "/resourceGroups/" STR_FMT
                "/providers/Microsoft.OperationalInsights/workspaces/" STR_FMT PROVIDER STR_FMT "/" STR_FMT,
                STR_ARG(scope->subscription), STR_ARG(scope->group), STR_ARG(scope->workspace),
                STR_ARG(strbuf_view(&type)), STR_ARG(c->name));
    json_w_object(w);
    json_w_kstr(w, S("id"), strbuf_view(&id));
    json_w_kstr(w, S("name"), c->name);
    json_w_kstr(w, S("type"), S("Microsoft.SecurityInsights/incidents/comments"));
    json_w_kstr(w, S("etag"), c->etag);
    json_w_key(w, S("properties"));
    json_w_object(w);
    json_w_kstr(w, S("message"), c->message);
    json_w_ktime_known(w, S("createdTimeUtc"), c->created);
    json_w_ktime_known(w, S("lastModifiedTimeUtc"), c->modified);
    json_w_key(w, S("author"));
    json_w_object(w);
    add_or_null(w, S("objectId"), c->author.object_id);
    add_or_null(w, S("name"), c->author.name);
    add_or_null(w, S("email"), c->author.email);
    add_or_null(w, S("userPrincipalName"), c->author.upn);
    json_w_end(w);
    json_w_end(w);
    json_w_end(w);
}

void incident_json_history(struct json_w *w, const struct incident_history *h)
{
    json_w_object(w);
    json_w_ktime_known(w, S("time"), h->time);
    json_w_kstr(w, S("who"), h->who);
    json_w_kstr(w, S("what"), h->what);
    json_w_kstr(w, S("from"), h->from);
    json_w_kstr(w, S("to"), h->to);
    if (h->why.n)
        json_w_kstr(w, S("why"), h->why);
    if (h->act)
        json_w_ki64(w, S("act"), h->act);
    if (h->undone)
        json_w_kbool(w, S("undone"), true);
    json_w_end(w);
}

void incident_json_rows(struct json_w *w, const struct incident_rows *r)
{
    json_w_object(w);
    json_w_kstr(w, S("table"), r->table);
    json_w_key(w, S("columns"));
    json_w_raw(w, r->columns);
    json_w_key(w, S("rows"));
    json_w_raw(w, r->rows);
    json_w_kstr(w, S("query"), r->query);
    json_w_ktime_known(w, S("windowFrom"), r->window_from);
    json_w_ktime_known(w, S("windowTo"), r->window_to);
    json_w_ki64(w, S("counted"), r->counted);
    json_w_end(w);
}

void incident_json_event(struct json_w *w, const struct incident_event *e)
{
    static const char *const types[] = { "incident.created", "incident.changed", "alert.created" };

    json_w_object(w);
    json_w_kstr(w, S("type"), str_of(types[e->type]));
    json_w_kstr(w, S("id"), e->id);
    json_w_kstr(w, S("etag"), e->etag);
    json_w_kstrs(w, S("changed"), e->changed, e->n_changed);
    json_w_end(w);
}

void incident_json_labels(struct json_w *w, str key, const struct incident *i)
{
    json_w_key(w, key);
    json_w_array(w);
    for (size_t k = 0; k < i->n_labels; k++) {
        json_w_object(w);
        json_w_kstr(w, S("labelName"), i->labels[k].name);
        json_w_kstr(w, S("labelType"), i->labels[k].automatic ? S("AutoAssigned") : S("User"));
        json_w_end(w);
    }
    json_w_end(w);
}

void incident_json_person(struct json_w *w, str key, const struct incident_person *p)
{
    json_w_key(w, key);
    json_w_object(w);
    json_w_kstr(w, S("objectId"), p->object_id);
    json_w_kstr(w, S("name"), p->name);
    json_w_end(w);
}
