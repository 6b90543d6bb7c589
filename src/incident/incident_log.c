/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/detect_outbox.h"
#include "incident/incident_priv.h"
#include "incident/incident_render.h"

enum { MAX_ROW = 16 << 20, MAX_COMMENTS_TEXT = 8 << 20 };

enum rc incident_log_alert(struct incident_store *s, struct state_tx *tx,
                           const struct incident_alert_row *row, struct err *err)
{
    AUTO_STRBUF   text = STRBUF_INIT(MAX_ROW);
    struct json_w w = json_w_make(&text);

    incident_render_log(&w, &s->scope, &row->a);
    TRY(strbuf_ok(&text, "a row of SecurityAlert", err));
    return detect_outbox_put(tx, S("SecurityAlert"), strbuf_view(&text), err);
}

enum rc incident_log_alerts(struct incident_change_set *c, struct err *err)
{
    struct incident_alert_row *list;
    size_t                     n;

    TRY(incident_alert_list(c->tx, c->row.i.number, c->arena, &list, &n, err));
    for (size_t i = 0; i < n; i++) {
        incident_alert_settle(&list[i], &c->row);
        list[i].a.updated = c->now;
        TRY(incident_log_alert(c->store, c->tx, &list[i], err));
    }
    return RC_OK;
}

static void add_owner(struct json_w *w, const struct incident_person *o)
{
    json_w_key(w, S("Owner"));
    json_w_object(w);
    json_w_kstr(w, S("objectId"), o->object_id);
    json_w_kstr(w, S("email"), o->email);
    json_w_kstr(w, S("assignedTo"), o->name);
    json_w_kstr(w, S("userPrincipalName"), o->upn);
    json_w_end(w);
}

static void add_url(struct json_w *w, const struct incident_store *s, int64_t number)
{
    AUTO_STRBUF url = STRBUF_INIT(1024);

    strbuf_addf(&url, STR_FMT "/incidents/%lld", STR_ARG(s->scope.portal), (long long)number);
    json_w_kstr(w, S("IncidentUrl"), strbuf_view(&url));
}

static void add_additional(struct json_w *w, const struct incident *i)
{
    json_w_key(w, S("AdditionalData"));
    json_w_object(w);
    json_w_ki64(w, S("alertsCount"), i->n_alerts);
    json_w_ki64(w, S("bookmarksCount"), i->n_bookmarks);
    json_w_ki64(w, S("commentsCount"), i->n_comments);
    json_w_kstrs(w, S("alertProductNames"), i->products, i->n_products);
    json_w_kstrs(w, S("tactics"), i->tactics, i->n_tactics);
    json_w_kstrs(w, S("techniques"), i->techniques, i->n_techniques);
    json_w_end(w);
}

/* The comments, the newest last. 100 of 30,000 characters fit: none is cut off. */
static enum rc add_comments(struct json_w *w, struct state_tx *tx, int64_t number, struct err *err)
{
    AUTO_STRBUF   text = STRBUF_INIT(MAX_COMMENTS_TEXT);
    struct json_w inner = json_w_make(&text);
    AUTO(state_stmt) st = NULL;
    bool more;

    TRY(state_stmt_open(tx,
                        "SELECT message, created, author_name, author_email FROM incident_comments "
                        "WHERE incident = ? ORDER BY created, name",
                        STATE_ARGS(STATE_I(number)), &st, err));
    json_w_array(&inner);
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            break;
        json_w_object(&inner);
        json_w_kstr(&inner, S("message"), state_stmt_str(st, 0));
        json_w_ktime_known(&inner, S("createdTimeUtc"), state_stmt_i64(st, 1));
        json_w_kstr(&inner, S("name"), state_stmt_str(st, 2));
        json_w_kstr(&inner, S("email"), state_stmt_str(st, 3));
        json_w_end(&inner);
    }
    json_w_end(&inner);
    TRY(strbuf_ok(&text, "the comments of an incident", err));
    json_w_key(w, S("Comments"));
    json_w_raw(w, strbuf_view(&text));
    return RC_OK;
}

static enum rc add_names(struct json_w *w, str key, struct state_tx *tx, int64_t number, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool more;

    TRY(state_stmt_open(tx, "SELECT name FROM bookmarks WHERE incident = ? AND deleted = 0 ORDER BY name",
                        STATE_ARGS(STATE_I(number)), &st, err));
    json_w_key(w, key);
    json_w_array(w);
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            break;
        json_w_str(w, state_stmt_str(st, 0));
    }
    json_w_end(w);
    return RC_OK;
}

static enum rc add_tasks(struct json_w *w, struct state_tx *tx, int64_t number, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool more;

    TRY(state_stmt_open(tx,
                        "SELECT name, title, done, created, modified FROM incident_tasks WHERE incident = ? "
                        "ORDER BY created, name",
                        STATE_ARGS(STATE_I(number)), &st, err));
    json_w_key(w, S("Tasks"));
    json_w_array(w);
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            break;
        json_w_object(w);
        json_w_kstr(w, S("taskId"), state_stmt_str(st, 0));
        json_w_kstr(w, S("title"), state_stmt_str(st, 1));
        json_w_kstr(w, S("status"), state_stmt_i64(st, 2) ? S("Completed") : S("New"));
        json_w_ktime_known(w, S("createdTimeUtc"), state_stmt_i64(st, 3));
        json_w_ktime_known(w, S("lastModifiedTimeUtc"), state_stmt_i64(st, 4));
        json_w_end(w);
    }
    json_w_end(w);
    return RC_OK;
}

enum rc incident_log_incident(struct incident_store *s, struct state_tx *tx, struct arena *a,
                              const struct incident_row *row, ts now, struct err *err)
{
    struct incident_row    full = *row;
    const struct incident *i = &full.i;
    AUTO_STRBUF            text = STRBUF_INIT(MAX_ROW);
    struct json_w          w = json_w_make(&text);

    TRY(incident_row_alert_ids(tx, a, &full, err));
    json_w_object(&w);
    json_w_ktime_known(&w, S("TimeGenerated"), now);
    json_w_kstr(&w, S("IncidentName"), i->name);
    json_w_ki64(&w, S("IncidentNumber"), i->number);
    json_w_kstr(&w, S("Title"), i->title);
    json_w_kstr(&w, S("Description"), i->description);
    json_w_kstr(&w, S("Severity"), content_rule_severity_name(i->severity));
    json_w_kstr(&w, S("Status"), incident_status_name(i->status));
    json_w_kstr(&w, S("Classification"), i->classification);
    json_w_kstr(&w, S("ClassificationReason"), i->classification_reason);
    json_w_kstr(&w, S("ClassificationComment"), i->classification_comment);
    add_owner(&w, &i->owner);
    json_w_kstr(&w, S("ProviderName"), S("Vedette"));
    add_url(&w, s, i->number);
    json_w_ktime_known(&w, S("CreatedTime"), i->created);
    json_w_ktime_known(&w, S("LastModifiedTime"), i->modified);
    json_w_ktime_known(&w, S("FirstModifiedTime"), row->first_modified);
    json_w_ktime_known(&w, S("FirstActivityTime"), i->first_activity);
    json_w_ktime_known(&w, S("LastActivityTime"), i->last_activity);
    json_w_ktime_known(&w, S("ClosedTime"), i->closed);
    json_w_kstr(&w, S("ModifiedBy"), i->modified_by);
    json_w_kstrs(&w, S("AlertIds"), i->alert_ids, i->n_alert_ids);
    json_w_kstrs(&w, S("RelatedAnalyticRuleIds"), i->rule_ids, i->n_rule_ids);
    TRY(add_names(&w, S("BookmarkIds"), tx, i->number, err));
    TRY(add_tasks(&w, tx, i->number, err));
    json_w_kstr(&w, S("ProviderIncidentId"), arena_printf(a, "%lld", (long long)i->number));
    incident_json_labels(&w, S("Labels"), i);
    add_additional(&w, i);
    TRY(add_comments(&w, tx, i->number, err));
    json_w_kstr(&w, S("SourceSystem"), S("Vedette"));
    json_w_end(&w);
    TRY(strbuf_ok(&text, "a row of SecurityIncident", err));
    return detect_outbox_put(tx, S("SecurityIncident"), strbuf_view(&text), err);
}
