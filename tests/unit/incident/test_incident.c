/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/incident_json.h"
#include "state/state_stmt.h"
#include "tests/unit/incident/world.h"

static int64_t total(struct world *w)
{
    struct incident_counts c = { 0 };

    CHECK_OK(incident_counts(w->store, S("me"), &c, NULL));
    return c.total;
}

static int64_t waiting(struct world *w, const char *table)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;

    CHECK_OK(state_tx_read(w->state, &tx, NULL));
    CHECK_OK(state_stmt_one(tx, "SELECT count(*) FROM outbox WHERE table_name = ?",
                            STATE_ARGS(STATE_S(str_of(table))), &st, NULL));
    return state_stmt_i64(st, 0);
}

TEST(an_alert_makes_an_incident_that_says_who_did_what_where)
{
    struct world w = { 0 };
    world_open(&w);
    world_raise(&w, world_alert("a1", NOON, "[" HOST("WS5") "," USER("pgustavo", "THESHIRE") "]"));

    struct incident i = world_get(&w, "1");
    CHECK_SEQ(i.title, S("LSASS memory read by THESHIRE\\pgustavo on WS5"));
    CHECK_SEQ(i.description, S("Somebody read it."));
    CHECK_EQ(i.number, 1);
    CHECK_EQ(i.severity, CONTENT_MEDIUM);
    CHECK_EQ(i.status, INCIDENT_NEW);
    CHECK_EQ(i.first_activity, NOON);
    CHECK_EQ(i.last_activity, NOON + SECONDS(5));
    CHECK_EQ(i.n_alerts, 1);
    CHECK_SEQ(i.alert_ids[0], S("a1"));
    CHECK_SEQ(
        i.entities,
        S("[{\"kind\":\"Host\",\"name\":\"WS5\"},{\"kind\":\"Account\",\"name\":\"THESHIRE\\\\pgustavo\"}]"));
    CHECK_EQ(waiting(&w, "SecurityAlert"), 1);
    CHECK_EQ(waiting(&w, "SecurityIncident"), 1);
    world_close(&w);
}

TEST(alerts_of_one_thing_within_five_hours_are_one_incident)
{
    struct world w = { 0 };
    world_open(&w);
    world_raise(&w, world_alert("a1", NOON, "[" HOST("WS5") "]"));
    struct alert second = world_alert("a2", NOON + HOURS(4), "[" HOST("ws5.theshire.local") "]");
    second.severity = CONTENT_HIGH;
    second.display_name = S("DCSync");
    second.rule_name = S("DCSync");
    second.rule_id = S("22222222-2222-2222-2222-222222222222");
    world_raise(&w, second);

    CHECK_EQ(total(&w), 1);
    struct incident i = world_get(&w, "1");
    CHECK_EQ(i.n_alerts, 2);
    CHECK_EQ(i.severity, CONTENT_HIGH);
    CHECK(str_starts(i.title, S("DCSync")));
    CHECK(str_ends(i.description, S(": LSASS memory read; DCSync.")));
    CHECK_EQ(i.n_rule_ids, 2);
    CHECK_EQ(i.last_activity, NOON + HOURS(4) + SECONDS(5));

    world_raise(&w, world_alert("a3", NOON + HOURS(20), "[" HOST("WS5") "]"));
    CHECK_EQ(total(&w), 2);
    world_close(&w);
}

TEST(what_every_machine_has_joins_nothing)
{
    struct world w = { 0 };
    world_open(&w);
    world_raise(&w, world_alert("a1", NOON, "[" ADDRESS("127.0.0.1") "]"));
    world_raise(&w, world_alert("a2", NOON, "[" ADDRESS("127.0.0.1") "]"));
    world_raise(&w, world_alert("a3", NOON, "[]"));
    CHECK_EQ(total(&w), 3);
    world_close(&w);
}

TEST(the_most_telling_thing_shared_decides)
{
    struct world w = { 0 };
    world_open(&w);
    world_raise(&w, world_alert("a1", NOON, "[" ADDRESS("10.0.0.9") "]"));
    world_raise(&w, world_alert("a2", NOON, "[" USER("eve", "X") "]"));
    world_raise(&w, world_alert("a3", NOON, "[" ADDRESS("10.0.0.9") "," USER("Eve", "x") "]"));
    CHECK_EQ(total(&w), 2);
    CHECK_EQ(world_get(&w, "2").n_alerts, 2);
    CHECK_EQ(world_get(&w, "1").n_alerts, 1);
    world_close(&w);
}

TEST(a_full_incident_gets_a_twin)
{
    struct world w = { 0 };
    char         id[16];

    world_open(&w);
    for (int k = 0; k < 152; k++) {
        (void)snprintf(id, sizeof id, "a%d", k);
        world_raise(&w, world_alert(arena_str(w.a, str_of(id)).p, NOON + SECONDS(k), "[" HOST("WS5") "]"));
    }
    CHECK_EQ(total(&w), 2);
    CHECK_EQ(world_get(&w, "1").n_alerts, 150);
    CHECK_EQ(world_get(&w, "2").n_alerts, 2);
    world_close(&w);
}

TEST(an_alert_raised_again_is_merged_and_the_same_rows_change_nothing)
{
    static const struct alert_mark more[] = { { 42, 7, 0, 0, 1 }, { 43, 7, 0, 0, 1 } };
    struct world                   w = { 0 };
    struct incident_rows           rows;

    world_open(&w);
    world_raise(&w, world_alert("a1", NOON, "[" HOST("WS5") "]"));
    str etag = world_get(&w, "1").etag;
    world_raise(&w, world_alert("a1", NOON, "[" HOST("WS5") "]"));
    CHECK_SEQ(world_get(&w, "1").etag, etag);
    CHECK_EQ(waiting(&w, "SecurityAlert"), 1);

    struct alert again = world_alert("a1", NOON + HOURS(1), "[" ADDRESS("10.0.0.9") "]");
    again.rows.rows = S("[[\"x\"],[\"y\"]]");
    again.rows.marks = more;
    again.rows.n_marks = 2;
    world_raise(&w, again);
    CHECK_EQ(total(&w), 1);
    CHECK(!str_eq(world_get(&w, "1").etag, etag));
    CHECK_EQ(world_get(&w, "1").last_activity, NOON + HOURS(1) + SECONDS(5));
    CHECK_OK(incident_rows(w.store, S("1"), S("a1"), w.a, &rows, NULL));
    CHECK_SEQ(rows.rows, S("[[\"x\"],[\"y\"]]"));
    CHECK_EQ(rows.counted, 2);
    CHECK_EQ(waiting(&w, "SecurityAlert"), 2);
    world_close(&w);
}

TEST(a_sum_that_has_grown_takes_the_place_of_the_smaller_one)
{
    static const struct alert_mark before[] = { { 1, 7, 100, 100, 1 }, { 2, 8, 100, 200, 1 } };
    static const struct alert_mark grown[] = { { 3, 7, 100, 300, 1 },
                                               { 4, 9, 100, 300, 1 },
                                               { 5, 8, 150, 300, 1 } };
    struct world                   w = { 0 };
    struct incident_rows           rows;

    world_open(&w);
    struct alert al = world_alert("a1", NOON, "[" HOST("WS5") "]");
    al.rows.marks = before;
    al.rows.n_marks = 2;
    al.rows.rows = S("[[\"seven\",1],[\"eight\",1]]");
    world_raise(&w, al);
    al.rows.marks = grown;
    al.rows.n_marks = 3;
    al.rows.rows = S("[[\"seven\",2],[\"nine\",1],[\"eight\",2]]");
    world_raise(&w, al);
    CHECK_OK(incident_rows(w.store, S("1"), S("a1"), w.a, &rows, NULL));
    CHECK_SEQ(rows.rows, S("[[\"seven\",2],[\"eight\",1],[\"nine\",1],[\"eight\",2]]"));
    CHECK_EQ(rows.counted, 4);
    world_close(&w);
}

TEST(evidence_stays_within_its_limits_however_often_an_alert_grows)
{
    struct world         w = { 0 };
    struct incident_rows rows;
    const struct json   *list;

    world_open(&w);
    for (int k = 0; k < 120; k++) {
        struct alert_mark mark = { (uint64_t)k + 1, 7, k, k, 1 };
        struct alert      al = world_alert("a1", NOON, "[" HOST("WS5") "]");
        al.rows.marks = &mark;
        al.rows.n_marks = 1;
        world_raise(&w, al);
    }
    CHECK_OK(incident_rows(w.store, S("1"), S("a1"), w.a, &rows, NULL));
    CHECK_OK(json_parse(w.a, rows.rows, &list, NULL));
    CHECK_EQ(list->n, 50);
    CHECK_EQ(rows.counted, 120);
    world_close(&w);
}

TEST(entities_are_listed_once_in_arms_names)
{
    struct world            w = { 0 };
    struct incident_entity *list;
    size_t                  n;
    AUTO_STRBUF             out = STRBUF_INIT(1 << 16);

    world_open(&w);
    world_raise(&w, world_alert("a1", NOON, "[" HOST("WS5") "," USER("eve", "X") "]"));
    world_raise(&w, world_alert("a2", NOON, "[" HOST("WS5") "]"));
    CHECK_OK(incident_entities(w.store, S("1"), w.a, &list, &n, NULL));
    CHECK_EQ(n, 2);
    CHECK_SEQ(list[0].kind, S("Host"));
    CHECK_EQ(list[0].n_alerts, 2);
    CHECK_SEQ(json_str(list[1].properties, S("accountName"), S("")), S("eve"));
    CHECK_SEQ(json_str(list[1].properties, S("friendlyName"), S("")), S("X\\eve"));

    struct incident_json_scope scope = { S("sub"), S("soc"), S("main"), S("") };
    struct json_w              jw = json_w_make(&out);
    const struct json         *doc;
    incident_json_entities(&jw, &scope, list, n);
    CHECK_OK(json_parse(w.a, strbuf_view(&out), &doc, NULL));
    CHECK_EQ(json_get(doc, S("entities"))->n, 2);
    CHECK_EQ(json_i64(json_path(doc, S("metaData.0")), S("count"), 0), 1);
    world_close(&w);
}

/* --- people --- */

#define GUID1 "66666666-6666-6666-6666-666666666666"

TEST(an_incident_made_by_hand_is_kept_and_changed_under_its_etag)
{
    struct world    w = { 0 };
    struct incident i, stale;
    struct err      err = { 0 };
    char            body[300];

    world_open(&w);
    CHECK_OK_ERR(world_put(&w, GUID1,
                           "{\"properties\":{\"title\":\"t\",\"severity\":\"Low\",\"status\":\"New\"}}", &i,
                           &err),
                 &err);
    CHECK_EQ(i.number, 1);
    (void)snprintf(body, sizeof body,
                   "{\"etag\":%s,\"properties\":{\"status\":\"Active\",\"owner\":{\"objectId\":\"u1\","
                   "\"assignedTo\":\"Ada\"},\"labels\":[{\"labelName\":\"vip\"}]}}",
                   "\"\\\"66666666-1\\\"\"");
    CHECK_OK_ERR(world_put(&w, GUID1, body, &i, &err), &err);
    CHECK_EQ(i.status, INCIDENT_ACTIVE);
    CHECK_SEQ(i.owner.name, S("Ada"));
    CHECK_SEQ(i.title, S("t"));
    CHECK_EQ(world_put(&w, GUID1, body, &stale, &err), RC_STALE);
    CHECK_STR(err.text, "incident 1 was changed by Ada meanwhile");
    CHECK_OK(world_put(&w, GUID1, "{\"properties\":{\"owner\":null}}", &i, NULL));
    CHECK_EQ(i.owner.object_id.n, 0);
    world_close(&w);
}

TEST(closing_asks_for_a_classification_and_a_reason_that_fits)
{
    struct world    w = { 0 };
    struct incident i;
    struct err      err = { 0 };

    world_open(&w);
    CHECK_OK(world_put(
        &w, GUID1, "{\"properties\":{\"title\":\"t\",\"severity\":\"Low\",\"status\":\"New\"}}", &i, NULL));
    CHECK_EQ(world_put(&w, GUID1, "{\"properties\":{\"status\":\"Closed\"}}", &i, &err), RC_INVALID);
    CHECK_STR(err.text, "properties.classification: closing asks for one");
    CHECK_EQ(world_put(&w, GUID1,
                       "{\"properties\":{\"status\":\"Closed\",\"classification\":\"TruePositive\","
                       "\"classificationReason\":\"InaccurateData\"}}",
                       &i, &err),
             RC_INVALID);
    CHECK_EQ(world_get(&w, "1").status, INCIDENT_NEW);
    CHECK_OK(world_put(&w, GUID1,
                       "{\"properties\":{\"status\":\"Closed\",\"classification\":\"TruePositive\","
                       "\"classificationReason\":\"SuspiciousActivity\"}}",
                       &i, NULL));
    CHECK_EQ(i.closed, NOON);
    CHECK_EQ(world_put(&w, "nope",
                       "{\"properties\":{\"title\":\"t\",\"severity\":\"Low\",\"status\":\"New\"}}", &i,
                       &err),
             RC_INVALID);
    CHECK_EQ(
        world_put(&w, "77777777-7777-7777-7777-777777777777", "{\"properties\":{\"title\":\"t\"}}", &i, &err),
        RC_INVALID);
    CHECK_STR(err.text, "properties.severity is missing");
    world_close(&w);
}

TEST(every_change_stands_in_the_history)
{
    struct world             w = { 0 };
    struct incident          i;
    struct incident_history *h;
    size_t                   n;

    world_open(&w);
    world_raise(&w, world_alert("a1", NOON, "[" HOST("WS5") "]"));
    CHECK_OK(world_put(&w, world_get(&w, "1").name.p,
                       "{\"properties\":{\"severity\":\"High\",\"title\":\"Mine\"}}", &i, NULL));
    world_raise(&w, world_alert("a2", NOON, "[" HOST("WS5") "]"));
    i = world_get(&w, "1");
    CHECK_SEQ(i.title, S("Mine"));
    CHECK_EQ(i.severity, CONTENT_HIGH);
    CHECK_OK(incident_history(w.store, S("1"), w.a, &h, &n, NULL));
    CHECK_EQ(n, 4);
    CHECK_SEQ(h[0].what, S("created"));
    CHECK_SEQ(h[1].what, S("title"));
    CHECK_SEQ(h[2].what, S("severity"));
    CHECK_SEQ(h[2].who, S("Ada"));
    CHECK_SEQ(h[2].from, S("Medium"));
    CHECK_SEQ(h[2].to, S("High"));
    CHECK_SEQ(h[3].what, S("alert"));
    world_close(&w);
}

TEST(a_closed_incident_takes_no_alert_and_numbers_never_return)
{
    struct world       w = { 0 };
    struct incident    i;
    struct incident_by ada = { .who = { .object_id = S("u1"), .name = S("Ada") } };

    world_open(&w);
    world_raise(&w, world_alert("a1", NOON, "[" HOST("WS5") "]"));
    CHECK_OK(world_put(&w, world_get(&w, "1").name.p,
                       "{\"properties\":{\"status\":\"Closed\",\"classification\":\"Undetermined\"}}", &i,
                       NULL));
    world_raise(&w, world_alert("a2", NOON, "[" HOST("WS5") "]"));
    CHECK_EQ(world_get(&w, "2").n_alerts, 1);
    CHECK_OK(incident_delete(w.store, S("2"), &ada, NULL));
    CHECK_EQ(incident_delete(w.store, S("2"), &ada, NULL), RC_NOT_FOUND);
    world_raise(&w, world_alert("a3", NOON, "[" HOST("WS5") "]"));
    CHECK_EQ(world_get(&w, "3").n_alerts, 1);
    world_close(&w);
}

TEST(comments_are_their_authors)
{
    struct world                w = { 0 };
    struct incident_comment     c;
    struct incident_comment    *list;
    size_t                      n;
    bool                        created;
    struct incident_comment_put p = { .incident = S("1"),
                                      .name = S("c1"),
                                      .message = S("seen"),
                                      .by.who = { .object_id = S("u1"), .name = S("Ada") } };

    world_open(&w);
    world_raise(&w, world_alert("a1", NOON, "[]"));
    CHECK_OK(incident_comment_put(w.store, &p, w.a, &c, &created, NULL));
    CHECK(created);
    CHECK_SEQ(c.author.name, S("Ada"));
    CHECK_EQ(world_get(&w, "1").n_comments, 1);
    p.message = S("seen twice");
    CHECK_OK(incident_comment_put(w.store, &p, w.a, &c, &created, NULL));
    CHECK(!created);
    p.by.who.object_id = S("u2");
    CHECK_EQ(incident_comment_put(w.store, &p, w.a, &c, &created, NULL), RC_FORBIDDEN);
    p.message = S("  ");
    CHECK_EQ(incident_comment_put(w.store, &p, w.a, &c, &created, NULL), RC_INVALID);
    CHECK_OK(incident_comments(w.store, S("1"), w.a, &list, &n, NULL));
    CHECK_EQ(n, 1);
    CHECK_SEQ(list[0].message, S("seen twice"));
    CHECK_OK(incident_comment_delete(w.store, S("1"), S("c1"), &p.by, NULL));
    CHECK_EQ(world_get(&w, "1").n_comments, 0);
    CHECK_EQ(incident_comment_get(w.store, S("1"), S("c1"), w.a, &c, NULL), RC_NOT_FOUND);
    world_close(&w);
}

TEST(pages_follow_one_another_without_gap_or_repeat)
{
    struct world              w = { 0 };
    struct incident_page      page;
    struct incident_list_opts o = { .top = 3, .orderby = S("properties/severity desc") };
    char                      id[16];
    int                       seen = 0, last = CONTENT_HIGH;

    world_open(&w);
    for (int k = 0; k < 10; k++) {
        (void)snprintf(id, sizeof id, "a%d", k);
        struct alert al = world_alert(arena_str(w.a, str_of(id)).p, NOON, "[]");
        al.severity = (enum content_severity)(k % 4);
        world_raise(&w, al);
    }
    do {
        CHECK_OK(incident_list(w.store, &o, w.a, &page, NULL));
        for (size_t i = 0; i < page.n; i++, seen++) {
            CHECK((int)page.items[i].severity <= last);
            last = (int)page.items[i].severity;
        }
        o.skip_token = page.skip_token;
    } while (page.skip_token.n);
    CHECK_EQ(seen, 10);
    o.skip_token = S("garbage!");
    CHECK_EQ(incident_list(w.store, &o, w.a, &page, NULL), RC_INVALID);
    o.skip_token = STR_NONE;
    o.orderby = S("properties/colour");
    CHECK_EQ(incident_list(w.store, &o, w.a, &page, NULL), RC_INVALID);
    world_close(&w);
}

static size_t count(struct world *w, const char *filter)
{
    struct incident_page      page = { 0 };
    struct err                err = { 0 };
    struct incident_list_opts o = { .filter = str_of(filter) };

    CHECK_OK_ERR(incident_list(w->store, &o, w->a, &page, &err), &err);
    return page.n;
}

TEST(filters_of_odata_select)
{
    struct world    w = { 0 };
    struct incident i;

    world_open(&w);
    world_raise(&w, world_alert("a1", NOON, "[" HOST("WS5") "]"));
    struct alert high = world_alert("a2", NOON, "[" HOST("DC1") "]");
    high.severity = CONTENT_HIGH;
    world_raise(&w, high);
    CHECK_OK(world_put(&w, world_get(&w, "2").name.p,
                       "{\"properties\":{\"status\":\"Active\",\"owner\":{\"objectId\":\"u1\"},\"labels\":[{"
                       "\"labelName\":\"vip\"}]}}",
                       &i, NULL));
    CHECK_EQ(count(&w, ""), 2);
    CHECK_EQ(count(&w, "properties/status eq 'New'"), 1);
    CHECK_EQ(count(&w, "properties/status ne 'Closed' and (properties/severity eq 'High' or "
                       "properties/severity eq 'Low')"),
             1);
    CHECK_EQ(count(&w, "properties/owner/objectId eq null"), 1);
    CHECK_EQ(count(&w, "not (properties/owner/objectId eq 'u1')"), 1);
    CHECK_EQ(count(&w, "contains(tolower(properties/title), 'dc1')"), 1);
    CHECK_EQ(count(&w, "properties/severity in ('High', 'Medium')"), 2);
    CHECK_EQ(count(&w, "properties/incidentNumber eq 2"), 1);
    CHECK_EQ(count(&w, "properties/labels/any(l: l/labelName eq 'vip')"), 1);
    CHECK_EQ(count(&w, "properties/additionalData/tactics/any(t: t eq 'CredentialAccess')"), 2);
    CHECK_EQ(
        count(
            &w,
            "properties/createdTimeUtc ge 2000-01-01T00:00:00Z and properties/createdTimeUtc lt 2100-01-01"),
        2);
    world_close(&w);
}

TEST(a_wrong_filter_is_refused_with_its_place)
{
    static const char *const wrong[] = { "properties/colour eq 'x'",
                                         "properties/status eq",
                                         "properties/status eq 'x",
                                         "(properties/status eq 'x'",
                                         "properties/status",
                                         "properties/status eq 5",
                                         "properties/incidentNumber eq 'five'",
                                         "'a' eq 'a' )" };
    struct world             w = { 0 };
    struct incident_page     page;
    struct err               err = { 0 };

    world_open(&w);
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        struct incident_list_opts o = { .filter = str_of(wrong[k]) };
        CHECK_EQ(incident_list(w.store, &o, w.a, &page, &err), RC_INVALID);
        CHECK(str_starts(str_of(err.text), S("$filter, character ")));
    }
    world_close(&w);
}

/* --- listeners and figures --- */

static void remember(void *ctx, const struct incident_event *e)
{
    struct strbuf *log = ctx;
    strbuf_addf(log, "%d", (int)e->type);
    for (size_t i = 0; i < e->n_changed; i++)
        strbuf_addf(log, " " STR_FMT, STR_ARG(e->changed[i]));
    strbuf_addc(log, ';');
}

TEST(listeners_hear_of_what_was_committed_and_of_nothing_else)
{
    struct world    w = { 0 };
    struct incident i;
    uint64_t        id;
    AUTO_STRBUF     heard = STRBUF_INIT(4096);

    world_open(&w);
    CHECK_OK(incident_subscribe(w.store, remember, &heard, &id, NULL));
    world_raise(&w, world_alert("a1", NOON, "[" HOST("WS5") "]"));
    CHECK_SEQ(strbuf_view(&heard), S("0 created alerts;2;"));
    strbuf_clear(&heard);
    CHECK_EQ(world_put(&w, world_get(&w, "1").name.p, "{\"properties\":{\"status\":\"Closed\"}}", &i, NULL),
             RC_INVALID);
    CHECK_EQ(heard.n, 0);
    CHECK_OK(world_put(&w, world_get(&w, "1").name.p, "{\"properties\":{\"status\":\"Active\"}}", &i, NULL));
    CHECK_SEQ(strbuf_view(&heard), S("1 status;"));
    incident_unsubscribe(w.store, id);
    strbuf_clear(&heard);
    world_raise(&w, world_alert("a2", NOON, "[]"));
    CHECK_EQ(heard.n, 0);
    world_close(&w);
}

TEST(the_overview_counts_and_says_what_to_look_at_first)
{
    struct world             w = { 0 };
    struct incident_overview o;
    struct incident_counts   c;

    world_open(&w);
    world_raise(&w, world_alert("a1", NOON, "[" HOST("WS5") "]"));
    struct alert high = world_alert("a2", NOON, "[" HOST("DC1") "]");
    high.severity = CONTENT_HIGH;
    world_raise(&w, high);
    CHECK_OK(incident_overview(w.store, NOON - HOURS(1), w.a, &o, NULL));
    CHECK_EQ(o.open[CONTENT_HIGH], 1);
    CHECK_EQ(o.open[CONTENT_MEDIUM], 1);
    CHECK_EQ(o.unassigned, 2);
    CHECK_EQ(o.new_since, 2);
    CHECK_EQ(o.new_high_since, 1);
    CHECK_EQ(o.n_look_first, 2);
    CHECK_EQ(o.look_first[0].incident.number, 2);
    CHECK_SEQ(o.look_first[0].why, S("High severity, nobody has it"));
    CHECK_EQ(o.n_changes, 2);
    CHECK_EQ(o.per_hour[23].alerts[CONTENT_HIGH], 1);
    CHECK_OK(incident_counts(w.store, S("u1"), &c, NULL));
    CHECK(c.open == 2 && c.mine == 0 && c.unassigned == 2 && c.high_last_hour == 1 && c.closed_today == 0);
    world_close(&w);
}

TEST(an_incident_in_arms_shape)
{
    struct world       w = { 0 };
    AUTO_STRBUF        out = STRBUF_INIT(1 << 16);
    struct json_w      jw = json_w_make(&out);
    const struct json *doc;

    world_open(&w);
    world_raise(&w, world_alert("a1", NOON, "[" HOST("WS5") "]"));
    struct incident            i = world_get(&w, "1");
    struct incident_json_scope scope = { S("sub"), S("soc"), S("main"), S("https://h") };
    incident_json_incident(&jw, &scope, &i);
    CHECK_OK(json_parse(w.a, strbuf_view(&out), &doc, NULL));
    CHECK(
        str_starts(json_str(doc, S("id"), S("")), S("/subscriptions/sub/resourceGroups/soc/providers/"
                                                    "Microsoft.OperationalInsights/workspaces/main/providers/"
                                                    "Microsoft.SecurityInsights/incidents/")));
    CHECK_SEQ(json_str(doc, S("type"), S("")), S("Microsoft.SecurityInsights/incidents"));
    CHECK_SEQ(json_str(doc, S("etag"), S("")), i.etag);
    const struct json *p = json_get(doc, S("properties"));
    CHECK_EQ(json_i64(p, S("incidentNumber"), 0), 1);
    CHECK_SEQ(json_str(p, S("incidentUrl"), S("")), S("https://h/incidents/1"));
    CHECK_EQ(json_path(p, S("owner.objectId"))->kind, JSON_NULL);
    CHECK_EQ(json_i64(json_get(p, S("additionalData")), S("alertsCount"), 0), 1);
    world_close(&w);
}

static size_t found(struct world *w, const char *search, const char *filter)
{
    struct incident_page      page;
    struct incident_list_opts o = { .search = str_of(search), .filter = str_of(filter) };

    CHECK_OK(incident_list(w->store, &o, w->a, &page, NULL));
    return page.n;
}

TEST(a_search_finds_all_words_wherever_they_stand)
{
    struct world                w = { 0 };
    struct incident_comment     c;
    struct incident_by          ada = { .who = { .object_id = S("u1"), .name = S("Ada") } };
    struct incident_comment_put p = {
        .incident = S("2"), .name = S("c1"), .message = S("Rückfrage an \"SOC\""), .by = ada
    };

    world_open(&w);
    struct alert a = world_alert("a1", NOON, "[" HOST("WS5") "," ADDRESS("10.1.2.3") "]");
    a.rows.rows = S("[[\"powershell.exe -enc SQBFAFgA\"]]");
    world_raise(&w, a);
    world_raise(&w, world_alert("a2", NOON, "[" USER("bob", "CORP") "]"));
    CHECK_OK(incident_comment_put(w.store, &p, w.a, &c, NULL, NULL));
    CHECK_EQ(found(&w, "lsass", ""), 2);
    CHECK_EQ(found(&w, "LSASS ws5", ""), 1);
    CHECK_EQ(found(&w, "10.1.2.3 powershell", ""), 1); /* an entity and a row */
    CHECK_EQ(found(&w, "10.1.2.", ""), 1);             /* the beginning of an address */
    CHECK_EQ(found(&w, "10.1.2.30", ""), 0);
    CHECK_EQ(found(&w, "1.2.3", ""), 0);
    CHECK_EQ(found(&w, "10.1", ""), 1);          /* as well as two numbers behind each other */
    CHECK_EQ(found(&w, "bob ruckfrage", ""), 1); /* an entity and a comment */
    CHECK_EQ(found(&w, "bob powershell", ""), 0);
    CHECK_EQ(found(&w, "\"SOC\" OR", ""), 0); /* quotes and operators are words */
    CHECK_EQ(found(&w, "corp", "properties/status eq 'Closed'"), 0);
    CHECK_EQ(found(&w, "memory", "properties/severity in ('Medium','Low') and properties/status ne 'Closed'"),
             2);
    CHECK_EQ(found(&w, "memory", "properties/severity eq 'High' or properties/status eq 'New'"), 2);
    CHECK_EQ(found(&w, "a b c d e f", ""), 0);
    CHECK_OK(incident_comment_delete(w.store, S("2"), S("c1"), &ada, NULL));
    CHECK_EQ(found(&w, "ruckfrage", ""), 0);
    CHECK_OK(incident_delete(w.store, S("1"), &ada, NULL));
    CHECK_EQ(found(&w, "ws5", ""), 0);
    world_close(&w);
}
