/* SPDX-License-Identifier: Apache-2.0 */
/* One alert in its four forms: what they say of the same thing is the same. */
#include "incident/incident_render.h"

#include "incident/incident_finding.h"
#include "incident/incident_suppress.h"
#include "tests/unit/incident/world.h"

static const struct incident_json_scope SCOPE = { STR_INIT("sub"), STR_INIT("soc"), STR_INIT("main"),
                                                  STR_INIT("https://host:8443") };

typedef void rendering(struct json_w *w, const struct incident_json_scope *scope,
                       const struct incident_alert *a);

static void graph(struct json_w *w, const struct incident_json_scope *scope, const struct incident_alert *a)
{
    json_w_object(w);
    incident_render_graph(w, scope, a);
    json_w_end(w);
}

static const struct json *render(struct world *w, rendering *fn, const struct incident_alert *a)
{
    AUTO_STRBUF        text = STRBUF_INIT(1 << 20);
    struct json_w      out = json_w_make(&text);
    const struct json *doc = NULL;

    fn(&out, &SCOPE, a);
    CHECK_OK(json_parse(w->a, strbuf_view(&text), &doc, NULL));
    return doc;
}

static str at(const struct json *j, const char *path)
{
    const struct json *v = json_path(j, str_of(path));
    return v && v->kind == JSON_STRING ? v->s : S("");
}

static ts time_at(const struct json *j, const char *path)
{
    ts t = 0;
    CHECK(ts_parse(at(j, path), &t));
    return t;
}

static void check_agreement(struct world *w, const struct incident_alert *a)
{
    const struct json *log = render(w, incident_render_log, a), *arm = render(w, incident_render_arm, a),
                      *g = render(w, graph, a), *ocsf = render(w, incident_render_ocsf, a), *entities;
    const int64_t ms = TS_PER_SECOND / 1000;

    /* who it is */
    CHECK_SEQ(at(log, "SystemAlertId"), a->alert.id);
    CHECK_SEQ(at(arm, "properties.systemAlertId"), a->alert.id);
    CHECK_SEQ(at(g, "id"), a->alert.id);
    CHECK_SEQ(at(ocsf, "finding_info.uid"), a->alert.id);
    /* what it says */
    CHECK_SEQ(at(arm, "properties.alertDisplayName"), at(log, "DisplayName"));
    CHECK_SEQ(at(g, "title"), at(log, "DisplayName"));
    CHECK_SEQ(at(ocsf, "finding_info.title"), at(log, "DisplayName"));
    CHECK_SEQ(at(arm, "properties.description"), at(log, "Description"));
    CHECK_SEQ(at(g, "description"), at(log, "Description"));
    CHECK_SEQ(at(ocsf, "finding_info.desc"), at(log, "Description"));
    CHECK_SEQ(at(arm, "properties.severity"), at(log, "AlertSeverity"));
    CHECK(str_eq_ci(at(g, "severity"), at(log, "AlertSeverity")));
    CHECK_SEQ(at(ocsf, "severity"), at(log, "AlertSeverity"));
    CHECK_EQ(json_i64(ocsf, S("severity_id"), 0), a->alert.severity + 1);
    /* when */
    CHECK_EQ(time_at(log, "StartTime"), a->alert.start);
    CHECK_EQ(time_at(arm, "properties.startTimeUtc"), a->alert.start);
    CHECK_EQ(time_at(g, "firstActivityDateTime"), a->alert.start);
    CHECK_EQ(json_path(ocsf, S("finding_info.first_seen_time"))->i, a->alert.start / ms);
    CHECK_EQ(time_at(log, "EndTime"), time_at(arm, "properties.endTimeUtc"));
    CHECK_EQ(time_at(g, "lastActivityDateTime"), time_at(arm, "properties.endTimeUtc"));
    CHECK_EQ(json_path(ocsf, S("finding_info.last_seen_time"))->i, a->alert.end / ms);
    /* how it stands */
    CHECK_SEQ(at(log, "Status"), a->status);
    CHECK_SEQ(at(arm, "properties.status"), str_eq(a->status, S("New")) ? S("Active") : a->status);
    CHECK_SEQ(at(g, "status"), incident_render_graph_status(a->status));
    CHECK_SEQ(at(ocsf, "status"), a->status);
    /* tactics and techniques */
    CHECK_EQ(json_path(arm, S("properties.techniques"))->n, a->alert.n_techniques);
    CHECK_EQ(json_get(g, S("mitreTechniques"))->n, a->alert.n_techniques);
    CHECK_SEQ(at(ocsf, "finding_info.attacks.0.technique.uid"), a->alert.techniques[0]);
    CHECK_SEQ(at(log, "Techniques"), S("[\"T1003.001\"]"));
    CHECK_SEQ(at(log, "Tactics"), at(ocsf, "finding_info.attacks.0.tactic.name"));
    CHECK_SEQ(at(g, "category"), at(log, "Tactics"));
    CHECK_SEQ(at(arm, "properties.intent"), at(log, "Tactics"));
    /* things */
    CHECK_OK(json_parse(w->a, at(log, "Entities"), &entities, NULL));
    CHECK_EQ(entities->n, 3);
    CHECK_EQ(json_path(arm, S("properties.entities"))->n, 3);
    CHECK_EQ(json_get(g, S("evidence"))->n, 3);
    CHECK_EQ(json_get(ocsf, S("observables"))->n, 3);
    CHECK_SEQ(at(entities, "0.HostName"), at(arm, "properties.entities.0.hostName"));
    CHECK_SEQ(at(g, "evidence.0.hostName"), at(arm, "properties.entities.0.hostName"));
    CHECK_SEQ(at(g, "evidence.1.userAccount.accountName"), S("bob"));
    CHECK_SEQ(json_str(json_path(g, S("evidence.1")), S("@odata.type"), S("")),
              S("#microsoft.graph.security.userEvidence"));
    CHECK_SEQ(at(ocsf, "observables.2.value"), S("10.1.2.3"));
    /* where from, and what to do */
    CHECK_SEQ(at(arm, "properties.productName"), at(log, "ProductName"));
    CHECK_SEQ(at(g, "productName"), at(log, "ProductName"));
    CHECK_SEQ(at(ocsf, "metadata.product.name"), at(log, "ProductName"));
    CHECK_SEQ(at(arm, "properties.alertType"), at(log, "AlertType"));
    CHECK_SEQ(at(ocsf, "finding_info.analytic.uid"), at(log, "AlertType"));
    CHECK_SEQ(at(log, "RemediationSteps"), S("[\"Isolate it\"]"));
    CHECK_SEQ(at(arm, "properties.remediationSteps.0"), S("Isolate it"));
    CHECK_SEQ(at(arm, "properties.alertUri"), at(g, "alertWebUrl"));
}

static struct alert rich(const char *id)
{
    static const str techniques[] = { STR_INIT("T1003.001") };
    struct alert     a =
        world_alert(id, NOON + 5, "[" HOST("WS5") "," USER("bob", "CORP") "," ADDRESS("10.1.2.3") "]");

    a.techniques = techniques;
    a.n_techniques = 1;
    a.vendor = S("Vedette");
    a.properties = S("{\"RemediationSteps\":[\"Isolate it\"]}");
    return a;
}

TEST(the_four_forms_of_an_alert_agree_whatever_becomes_of_it)
{
    struct world             w = { 0 };
    struct incident_alert    a;
    struct incident          i;
    static const char *const statuses[] = { "InProgress", "Resolved", "Dismissed", "New" };

    world_open(&w);
    world_raise(&w, rich("a1"));
    CHECK_OK(incident_alert_get(w.store, S("a1"), w.a, &a, NULL));
    CHECK_SEQ(a.status, S("New"));
    check_agreement(&w, &a);
    CHECK_OK(world_put(&w, "1", "{\"properties\":{\"status\":\"Active\",\"severity\":\"High\"}}", &i, NULL));
    CHECK_OK(incident_alert_get(w.store, S("a1"), w.a, &a, NULL));
    CHECK_SEQ(a.status, S("InProgress"));
    check_agreement(&w, &a);
    for (size_t k = 0; k < sizeof statuses / sizeof *statuses; k++) {
        str                            status = str_of(statuses[k]);
        struct incident_finding_change ch = { .id = S("a1"), .status = &status, .by = world_by("u1", "Ada") };
        CHECK_OK(incident_finding_change(w.store, &ch, w.a, &a, NULL));
        CHECK_SEQ(a.status, status);
        check_agreement(&w, &a);
    }
    world_close(&w);
}

static int64_t logged(struct world *w, const char *status)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;

    CHECK_OK(state_tx_read(w->state, &tx, NULL));
    CHECK_OK(state_stmt_one(
        tx, "SELECT count(*) FROM outbox WHERE table_name = 'SecurityAlert' AND row ->> 'Status' = ?",
        STATE_ARGS(STATE_S(str_of(status))), &st, NULL));
    return state_stmt_i64(st, 0);
}

TEST(the_log_follows_what_becomes_of_an_alert)
{
    struct world    w = { 0 };
    struct incident i;

    world_open(&w);
    world_raise(&w, rich("a1"));
    CHECK_EQ(logged(&w, "New"), 1);
    CHECK_OK(world_put(
        &w, "1", "{\"properties\":{\"status\":\"Closed\",\"classification\":\"Undetermined\"}}", &i, NULL));
    CHECK_EQ(logged(&w, "Resolved"), 1);
    world_close(&w);
}

TEST(alerts_are_listed_newest_first_by_page_and_filter)
{
    struct world                 w = { 0 };
    struct incident_finding_page page;
    struct incident_finding_opts o = { .family = &INCIDENT_FINDING_ARM, .top = 2 };
    static const char *const     ids[] = { "a1", "a2", "a3", "a4", "a5" };

    world_open(&w);
    for (size_t k = 0; k < 5; k++) {
        struct alert a = rich(ids[k]);
        a.generated = NOON + (ts)k;
        a.severity = k == 2 ? CONTENT_HIGH : CONTENT_LOW;
        world_raise(&w, a);
    }
    CHECK_OK(incident_finding_list(w.store, &o, w.a, &page, NULL));
    CHECK_EQ(page.n, 2);
    CHECK_SEQ(page.items[0].alert.id, S("a5"));
    o.skip_token = page.skip_token;
    CHECK_OK(incident_finding_list(w.store, &o, w.a, &page, NULL));
    CHECK_SEQ(page.items[0].alert.id, S("a3"));
    o.skip_token = page.skip_token;
    CHECK_OK(incident_finding_list(w.store, &o, w.a, &page, NULL));
    CHECK_EQ(page.n, 1);
    CHECK_EQ(page.skip_token.n, 0);
    o = (struct incident_finding_opts) { .family = &INCIDENT_FINDING_GRAPH,
                                         .filter = S("severity eq 'high'") };
    CHECK_OK(incident_finding_list(w.store, &o, w.a, &page, NULL));
    CHECK_EQ(page.n, 1);
    CHECK_SEQ(page.items[0].alert.id, S("a3"));
    o.filter = S("properties/severity eq 'High'");
    CHECK_EQ(incident_finding_list(w.store, &o, w.a, &page, NULL), RC_INVALID);
    world_close(&w);
}

/* --- suppression --- */

static const struct json *parsed(struct world *w, const char *text)
{
    const struct json *doc = NULL;
    CHECK_OK(json_parse(w->a, str_of(text), &doc, NULL));
    return doc;
}

#define RULE_BODY                                                                                            \
    "{\"alertType\":\"11111111-1111-1111-1111-111111111111\",\"reason\":\"Noise\",\"state\":\"Enabled\","    \
    "\"suppressionAlertsScope\":{\"allOf\":[{\"field\":\"entities.host.hostName\",\"in\":[\"ws5\"]},"        \
    "{\"field\":\"entities.ip.address\",\"contains\":\"10.1.\"}]}}"

TEST(a_suppressed_alert_is_kept_dismissed_and_makes_no_incident)
{
    struct world                   w = { 0 };
    struct incident_suppress_rule  r;
    struct incident_suppress_trial t;
    struct incident_alert          a;
    struct incident_counts         c;

    world_open(&w);
    CHECK_EQ(incident_suppress_put(w.store, S("quiet"), parsed(&w, RULE_BODY), w.a, &r, NULL), RC_INVALID);
    world_raise(&w, rich("a1")); /* now the type has been seen */
    CHECK_OK(incident_suppress_try(w.store, parsed(&w, RULE_BODY), 0, w.a, &t, NULL));
    CHECK_EQ(t.looked_at, 1);
    CHECK_EQ(t.covered, 1);
    CHECK_SEQ(t.alerts[0].alert.id, S("a1"));
    CHECK_OK(incident_suppress_put(w.store, S("quiet"), parsed(&w, RULE_BODY), w.a, &r, NULL));
    world_raise(&w, rich("a2"));
    world_raise(&w, world_alert("a3", NOON, "[" HOST("WS5") "," ADDRESS("10.2.2.3") "]"));
    CHECK_OK(incident_alert_get(w.store, S("a2"), w.a, &a, NULL));
    CHECK_SEQ(a.status, S("Dismissed"));
    CHECK_SEQ(a.suppressed_by, S("quiet"));
    CHECK_EQ(a.incident.n, 0);
    CHECK_OK(incident_alert_get(w.store, S("a3"), w.a, &a, NULL));
    CHECK(a.incident.n > 0);
    CHECK_OK(incident_suppress_get(w.store, S("QUIET"), w.a, &r, NULL));
    CHECK_EQ(r.silenced, 1);
    CHECK_OK(incident_counts(w.store, S(""), &c, NULL));
    CHECK_EQ(c.total, 1);
    CHECK_EQ(logged(&w, "Dismissed"), 1);
    world_close(&w);
}

TEST(a_suppression_rule_s_name_and_scope_are_checked)
{
    struct world                  w = { 0 };
    struct incident_suppress_rule r;
    static const char *const      bad[] = { "x", "-abc", "a b",
                                            "012345678901234567890123456789012345678901234567890" };

    world_open(&w);
    world_raise(&w, rich("a1"));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_EQ(incident_suppress_put(w.store, str_of(bad[i]), parsed(&w, RULE_BODY), w.a, &r, NULL),
                 RC_INVALID);
    CHECK_EQ(incident_suppress_put(w.store, S("ok"), parsed(&w, "{\"alertType\":\"*\",\"reason\":\"x\"}"),
                                   w.a, &r, NULL),
             RC_INVALID);
    CHECK_EQ(incident_suppress_put(
                 w.store, S("ok"),
                 parsed(&w, "{\"alertType\":\"*\",\"reason\":\"x\",\"suppressionAlertsScope\":{\"allOf\":"
                            "[{\"field\":\"title\",\"in\":[\"a\"]}]}}"),
                 w.a, &r, NULL),
             RC_INVALID);
    world_close(&w);
}

TEST(an_expired_rule_keeps_nothing_quiet)
{
    struct world                  w = { 0 };
    struct incident_suppress_rule r;
    struct incident_alert         a;

    world_open(&w);
    world_raise(&w, rich("a1"));
    CHECK_OK(incident_suppress_put(
        w.store, S("old-one"),
        parsed(&w, "{\"alertType\":\"11111111-1111-1111-1111-111111111111\",\"reason\":\"x\","
                   "\"expirationDateUtc\":\"2020-01-01T00:00:00Z\"}"),
        w.a, &r, NULL));
    CHECK(r.expired);
    world_raise(&w, rich("a2"));
    CHECK_OK(incident_alert_get(w.store, S("a2"), w.a, &a, NULL));
    CHECK_SEQ(a.status, S("New"));
    world_close(&w);
}
