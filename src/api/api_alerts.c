/* SPDX-License-Identifier: Apache-2.0 */
/* Microsoft.Security: alerts, suppression rules, contacts; and alerts in OCSF's form. */
#include "api/api_by.h"
#include "api/api_handlers.h"
#include "api/api_priv.h"
#include "incident/incident_contact.h"
#include "incident/incident_finding.h"
#include "incident/incident_render.h"
#include "incident/incident_suppress.h"

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

static enum rc list_opts(struct api_call *c, struct incident_finding_opts *o, struct err *err)
{
    int64_t top = 0;
    str     given = api_call_query(c, "$top");

    if (given.n && (!str_to_i64(given, &top) || top < 1))
        return api_call_fail(c, 400, "BadRequest", err, "$top is a number from 1 on.");
    *o = (struct incident_finding_opts) { .family = &INCIDENT_FINDING_ARM,
                                          .filter = str_trim(api_call_query(c, "$filter")),
                                          .top = (size_t)top,
                                          .skip_token = api_call_query(c, "$skipToken") };
    return RC_OK;
}

enum rc api_alerts_list(struct api_call *c, struct err *err)
{
    struct incident_finding_opts o;
    struct incident_finding_page page;
    struct incident_json_scope   scope = scope_of(c);
    bool                         ocsf = str_eq_ci(http_req_param(c->req, S("format")), S("ocsf"));

    TRY(list_opts(c, &o, err));
    TRY(incident_finding_list(store(c), &o, c->arena, &page, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < page.n; i++) {
        if (ocsf)
            incident_render_ocsf(&w, &scope, &page.items[i]);
        else
            incident_render_arm(&w, &scope, &page.items[i]);
    }
    return api_call_list_end(c, &w, page.skip_token, err);
}

enum rc api_alerts_get(struct api_call *c, struct err *err)
{
    struct incident_alert      a;
    struct incident_json_scope scope = scope_of(c);

    TRY(incident_alert_get(store(c), api_call_param(c, "alert"), c->arena, &a, err));
    struct json_w w = api_call_json(c);
    if (str_eq_ci(http_req_param(c->req, S("format")), S("ocsf")))
        incident_render_ocsf(&w, &scope, &a);
    else
        incident_render_arm(&w, &scope, &a);
    return api_call_done(c, 200, err);
}

static enum rc decide(struct api_call *c, str status, struct err *err)
{
    const struct incident_finding_change ch = { .id = api_call_param(c, "alert"),
                                                .status = &status,
                                                .by = api_by_of(c) };
    struct incident_alert                a;

    TRY(incident_finding_change(store(c), &ch, c->arena, &a, err));
    api_call_empty(c, 204);
    return RC_OK;
}

enum rc api_alerts_activate(struct api_call *c, struct err *err)
{
    return decide(c, S("New"), err);
}

enum rc api_alerts_dismiss(struct api_call *c, struct err *err)
{
    return decide(c, S("Dismissed"), err);
}

enum rc api_alerts_progress(struct api_call *c, struct err *err)
{
    return decide(c, S("InProgress"), err);
}

enum rc api_alerts_resolve(struct api_call *c, struct err *err)
{
    return decide(c, S("Resolved"), err);
}

/* --- suppression rules --- */

static void write_rule(struct api_call *c, struct json_w *w, const struct incident_suppress_rule *r)
{
    json_w_object(w);
    json_w_kstr(w, S("id"),
                arena_printf(c->arena,
                             "/subscriptions/" STR_FMT
                             "/providers/Microsoft.Security/alertsSuppressionRules/" STR_FMT,
                             STR_ARG(c->api->opts.scopes->subscription_id), STR_ARG(r->name)));
    json_w_kstr(w, S("name"), r->name);
    json_w_kstr(w, S("type"), S("Microsoft.Security/alertsSuppressionRules"));
    json_w_key(w, S("properties"));
    json_w_object(w);
    json_w_kstr(w, S("alertType"), r->alert_type);
    json_w_ktime(w, S("lastModifiedUtc"), r->modified);
    json_w_ktime_known(w, S("expirationDateUtc"), r->expires);
    json_w_kstr(w, S("reason"), r->reason);
    json_w_kstr(w, S("comment"), r->comment);
    json_w_kstr(w, S("state"), r->expired ? S("Expired") : r->enabled ? S("Enabled") : S("Disabled"));
    if (r->scope.n) {
        json_w_key(w, S("suppressionAlertsScope"));
        json_w_raw(w, r->scope);
    }
    json_w_ki64(w, S("silencedCount"), r->silenced); /* ours */
    json_w_end(w);
    json_w_end(w);
}

enum rc api_alerts_rules(struct api_call *c, struct err *err)
{
    struct incident_suppress_rule *list;
    size_t                         n;

    TRY(incident_suppress_list(store(c), http_req_param(c->req, S("AlertType")), c->arena, &list, &n, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < n; i++)
        write_rule(c, &w, &list[i]);
    return api_call_list_end(c, &w, S(""), err);
}

static enum rc answer_rule(struct api_call *c, const struct incident_suppress_rule *r, struct err *err)
{
    struct json_w w = api_call_json(c);

    write_rule(c, &w, r);
    return api_call_done(c, 200, err);
}

enum rc api_alerts_rule(struct api_call *c, struct err *err)
{
    struct incident_suppress_rule r;

    TRY(incident_suppress_get(store(c), api_call_param(c, "rule"), c->arena, &r, err));
    return answer_rule(c, &r, err);
}

enum rc api_alerts_rule_put(struct api_call *c, struct err *err)
{
    const struct json            *body;
    struct incident_suppress_rule r;

    TRY(api_call_object(c, &body, err));
    TRY(incident_suppress_put(store(c), api_call_param(c, "rule"), json_get(body, S("properties")), c->arena,
                              &r, err));
    return answer_rule(c, &r, err);
}

/* ARM answers 204 whether it was there or not. */
enum rc api_alerts_rule_delete(struct api_call *c, struct err *err)
{
    enum rc rc = incident_suppress_delete(store(c), api_call_param(c, "rule"), err);

    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    api_call_empty(c, 204);
    return RC_OK;
}

enum rc api_alerts_rule_try(struct api_call *c, struct err *err)
{
    const struct json             *body, *props;
    struct incident_suppress_trial t;
    struct incident_json_scope     scope = scope_of(c);
    ts                             since = env_now(c->api->opts.env) - DAYS(90);

    TRY(api_call_object(c, &body, err));
    props = json_get(body, S("properties"));
    str asked = json_str(props, S("since"), S(""));
    if (asked.n && !ts_parse(asked, &since))
        return api_call_fail(c, 400, "BadRequest", err, "properties.since is a time.");
    TRY(incident_suppress_try(store(c), props, since, c->arena, &t, err));
    struct json_w w = api_call_json(c);
    json_w_object(&w);
    json_w_key(&w, S("properties"));
    json_w_object(&w);
    json_w_ktime(&w, S("since"), since);
    json_w_ki64(&w, S("alertsLookedAt"), t.looked_at);
    json_w_ki64(&w, S("alertsCovered"), t.covered);
    json_w_key(&w, S("alerts"));
    json_w_array(&w);
    for (size_t i = 0; i < t.n; i++)
        incident_render_arm(&w, &scope, &t.alerts[i]);
    json_w_end(&w);
    json_w_end(&w);
    json_w_end(&w);
    return api_call_done(c, 200, err);
}

/* --- contacts --- */

static void write_contact(struct api_call *c, struct json_w *w, const struct incident_contact *k)
{
    json_w_object(w);
    json_w_kstr(w, S("id"),
                arena_printf(c->arena,
                             "/subscriptions/" STR_FMT
                             "/providers/Microsoft.Security/securityContacts/" STR_FMT,
                             STR_ARG(c->api->opts.scopes->subscription_id), STR_ARG(k->name)));
    json_w_kstr(w, S("name"), k->name);
    json_w_kstr(w, S("type"), S("Microsoft.Security/securityContacts"));
    json_w_key(w, S("properties"));
    json_w_object(w);
    json_w_kstr(w, S("email"), k->email);
    json_w_kstr(w, S("phone"), k->phone);
    json_w_kstr(w, S("alertNotifications"), k->notifications ? S("On") : S("Off"));
    json_w_kstr(w, S("alertsToAdmins"), k->to_admins ? S("On") : S("Off"));
    /* Of newer versions. */
    json_w_kstr(w, S("minimalSeverity"), content_rule_severity_name(k->minimal));
    json_w_kstr(w, S("emails"), k->email);
    json_w_key(w, S("notificationsByRole"));
    json_w_object(w);
    json_w_kstr(w, S("state"), k->roles ? S("On") : S("Off"));
    json_w_key(w, S("roles"));
    json_w_array(w);
    for (unsigned i = 0; INCIDENT_CONTACT_ROLES[i]; i++)
        if (k->roles & (1u << i))
            json_w_str(w, str_of(INCIDENT_CONTACT_ROLES[i]));
    json_w_end(w);
    json_w_end(w);
    json_w_end(w);
    json_w_end(w);
}

enum rc api_alerts_contacts(struct api_call *c, struct err *err)
{
    struct incident_contact *list;
    size_t                   n;

    TRY(incident_contact_list(store(c), c->arena, &list, &n, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < n; i++)
        write_contact(c, &w, &list[i]);
    return api_call_list_end(c, &w, S(""), err);
}

static enum rc answer_contact(struct api_call *c, const struct incident_contact *k, struct err *err)
{
    struct json_w w = api_call_json(c);

    write_contact(c, &w, k);
    return api_call_done(c, 200, err);
}

enum rc api_alerts_contact(struct api_call *c, struct err *err)
{
    struct incident_contact k;

    TRY(incident_contact_get(store(c), api_call_param(c, "contact"), c->arena, &k, err));
    return answer_contact(c, &k, err);
}

/* PUT and PATCH alike: what the body does not name stays. */
enum rc api_alerts_contact_put(struct api_call *c, struct err *err)
{
    const struct json      *body;
    struct incident_contact k;

    TRY(api_call_object(c, &body, err));
    TRY(incident_contact_put(store(c), api_call_param(c, "contact"), json_get(body, S("properties")),
                             c->arena, &k, err));
    return answer_contact(c, &k, err);
}

enum rc api_alerts_contact_delete(struct api_call *c, struct err *err)
{
    enum rc rc = incident_contact_delete(store(c), api_call_param(c, "contact"), err);

    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    api_call_empty(c, 204);
    return RC_OK;
}
