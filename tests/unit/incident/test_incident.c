/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/incident.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "incident/incident_json.h"
#include "state/state_stmt.h"
#include "tests/t.h"

/* A store on a file of its own, with a clock that stands. */
struct world {
    char                   dir[64];
    struct state          *state;
    struct env_fake        env;
    struct incident_store *store;
    struct arena          *a;
};

static const ts NOON = 17000000000000000; /* some day of 2023 */

static void open_world(struct world *w)
{
    char path[96];

    (void)snprintf(w->dir, sizeof w->dir, "/tmp/incident-XXXXXX");
    CHECK(mkdtemp(w->dir) != NULL);
    (void)snprintf(path, sizeof path, "%s/state.db", w->dir);
    CHECK_OK(state_open(path, &w->state, NULL));
    env_fake_init(&w->env, NOON, 1);
    struct incident_opts o = { .state = w->state,
                               .env = &w->env.env,
                               .subscription = S("sub"),
                               .group = S("soc"),
                               .workspace = S("main"),
                               .portal = S("https://host:8443") };
    CHECK_OK(incident_open(&o, &w->store, NULL));
    w->a = arena_new(64 << 20);
}

static void close_world(struct world *w)
{
    incident_close(w->store);
    state_free(w->state);
    arena_free(w->a);
    CHECK_OK(file_remove_tree(w->dir, NULL));
}

#define HOST(name) "{\"$id\":\"1\",\"HostName\":\"" name "\",\"Type\":\"host\"}"
#define USER(name, domain)                                                                                   \
    "{\"$id\":\"2\",\"Name\":\"" name "\",\"NTDomain\":\"" domain "\",\"Type\":\"account\"}"
#define ADDRESS(ip) "{\"$id\":\"3\",\"Address\":\"" ip "\",\"Type\":\"ip\"}"

static const str TACTICS[] = { STR_INIT("CredentialAccess") };

static struct alert alert_at(const char *id, ts when, const char *entities)
{
    static const struct alert_mark one[] = { { 42, 7, 0, 0, 1 } };

    return (struct alert) {
        .id = str_of(id),
        .rule_id = S("11111111-1111-1111-1111-111111111111"),
        .rule_name = S("LSASS memory read"),
        .display_name = S("LSASS memory read"),
        .description = S("Somebody read it."),
        .severity = CONTENT_MEDIUM,
        .tactics = TACTICS,
        .n_tactics = 1,
        .start = when,
        .end = when + SECONDS(5),
        .generated = NOON,
        .entities = str_of(entities),
        .details = S("{}"),
        .properties = S("{}"),
        .query = S("DeviceEvents | take 1"),
        .rows = { S("DeviceEvents"), S("[{\"name\":\"A\",\"type\":\"string\"}]"), S("[[\"x\"]]"), one, 1 },
        .product = S("Vedette"),
        .incidents = { .create = true, .grouping = true, .lookback = HOURS(5) },
    };
}

static void raise_alert(struct world *w, struct alert alert)
{
    struct alert_sink sink = incident_sink(w->store);
    AUTO(state_tx) tx = NULL;
    struct err err = { 0 };

    CHECK_OK_ERR(state_tx_write(w->state, &tx, &err), &err);
    CHECK_OK_ERR(sink.raise(sink.ctx, tx, &alert, &err), &err);
    CHECK_OK_ERR(state_tx_commit(tx, &err), &err);
    tx = state_tx_free(tx);
    sink.settled(sink.ctx, true);
}

static struct incident get(struct world *w, const char *name)
{
    struct incident i = { 0 };
    struct err      err = { 0 };

    CHECK_OK_ERR(incident_get(w->store, str_of(name), w->a, &i, &err), &err);
    return i;
}

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
    open_world(&w);
    raise_alert(&w, alert_at("a1", NOON, "[" HOST("WS5") "," USER("pgustavo", "THESHIRE") "]"));

    struct incident i = get(&w, "1");
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
    close_world(&w);
}

TEST(alerts_of_one_thing_within_five_hours_are_one_incident)
{
    struct world w = { 0 };
    open_world(&w);
    raise_alert(&w, alert_at("a1", NOON, "[" HOST("WS5") "]"));
    struct alert second = alert_at("a2", NOON + HOURS(4), "[" HOST("ws5.theshire.local") "]");
    second.severity = CONTENT_HIGH;
    second.display_name = S("DCSync");
    second.rule_name = S("DCSync");
    second.rule_id = S("22222222-2222-2222-2222-222222222222");
    raise_alert(&w, second);

    CHECK_EQ(total(&w), 1);
    struct incident i = get(&w, "1");
    CHECK_EQ(i.n_alerts, 2);
    CHECK_EQ(i.severity, CONTENT_HIGH);
    CHECK(str_starts(i.title, S("DCSync")));
    CHECK(str_ends(i.description, S(": LSASS memory read; DCSync.")));
    CHECK_EQ(i.n_rule_ids, 2);
    CHECK_EQ(i.last_activity, NOON + HOURS(4) + SECONDS(5));

    raise_alert(&w, alert_at("a3", NOON + HOURS(20), "[" HOST("WS5") "]"));
    CHECK_EQ(total(&w), 2);
    close_world(&w);
}

TEST(what_every_machine_has_joins_nothing)
{
    struct world w = { 0 };
    open_world(&w);
    raise_alert(&w, alert_at("a1", NOON, "[" ADDRESS("127.0.0.1") "]"));
    raise_alert(&w, alert_at("a2", NOON, "[" ADDRESS("127.0.0.1") "]"));
    raise_alert(&w, alert_at("a3", NOON, "[]"));
    CHECK_EQ(total(&w), 3);
    close_world(&w);
}

TEST(the_most_telling_thing_shared_decides)
{
    struct world w = { 0 };
    open_world(&w);
    raise_alert(&w, alert_at("a1", NOON, "[" ADDRESS("10.0.0.9") "]"));
    raise_alert(&w, alert_at("a2", NOON, "[" USER("eve", "X") "]"));
    raise_alert(&w, alert_at("a3", NOON, "[" ADDRESS("10.0.0.9") "," USER("Eve", "x") "]"));
    CHECK_EQ(total(&w), 2);
    CHECK_EQ(get(&w, "2").n_alerts, 2);
    CHECK_EQ(get(&w, "1").n_alerts, 1);
    close_world(&w);
}

TEST(a_full_incident_gets_a_twin)
{
    struct world w = { 0 };
    char         id[16];

    open_world(&w);
    for (int k = 0; k < 152; k++) {
        (void)snprintf(id, sizeof id, "a%d", k);
        raise_alert(&w, alert_at(arena_str(w.a, str_of(id)).p, NOON + SECONDS(k), "[" HOST("WS5") "]"));
    }
    CHECK_EQ(total(&w), 2);
    CHECK_EQ(get(&w, "1").n_alerts, 150);
    CHECK_EQ(get(&w, "2").n_alerts, 2);
    close_world(&w);
}

TEST(an_alert_raised_again_is_merged_and_the_same_rows_change_nothing)
{
    static const struct alert_mark more[] = { { 42, 7, 0, 0, 1 }, { 43, 7, 0, 0, 1 } };
    struct world                   w = { 0 };
    struct incident_rows           rows;

    open_world(&w);
    raise_alert(&w, alert_at("a1", NOON, "[" HOST("WS5") "]"));
    str etag = get(&w, "1").etag;
    raise_alert(&w, alert_at("a1", NOON, "[" HOST("WS5") "]"));
    CHECK_SEQ(get(&w, "1").etag, etag);
    CHECK_EQ(waiting(&w, "SecurityAlert"), 1);

    struct alert again = alert_at("a1", NOON + HOURS(1), "[" ADDRESS("10.0.0.9") "]");
    again.rows.rows = S("[[\"x\"],[\"y\"]]");
    again.rows.marks = more;
    again.rows.n_marks = 2;
    raise_alert(&w, again);
    CHECK_EQ(total(&w), 1);
    CHECK(!str_eq(get(&w, "1").etag, etag));
    CHECK_EQ(get(&w, "1").last_activity, NOON + HOURS(1) + SECONDS(5));
    CHECK_OK(incident_rows(w.store, S("1"), S("a1"), w.a, &rows, NULL));
    CHECK_SEQ(rows.rows, S("[[\"x\"],[\"y\"]]"));
    CHECK_EQ(rows.counted, 2);
    CHECK_EQ(waiting(&w, "SecurityAlert"), 2);
    close_world(&w);
}

TEST(a_sum_that_has_grown_takes_the_place_of_the_smaller_one)
{
    static const struct alert_mark before[] = { { 1, 7, 100, 100, 1 }, { 2, 8, 100, 200, 1 } };
    static const struct alert_mark grown[] = { { 3, 7, 100, 300, 1 },
                                               { 4, 9, 100, 300, 1 },
                                               { 5, 8, 150, 300, 1 } };
    struct world                   w = { 0 };
    struct incident_rows           rows;

    open_world(&w);
    struct alert al = alert_at("a1", NOON, "[" HOST("WS5") "]");
    al.rows.marks = before;
    al.rows.n_marks = 2;
    al.rows.rows = S("[[\"seven\",1],[\"eight\",1]]");
    raise_alert(&w, al);
    al.rows.marks = grown;
    al.rows.n_marks = 3;
    al.rows.rows = S("[[\"seven\",2],[\"nine\",1],[\"eight\",2]]");
    raise_alert(&w, al);
    CHECK_OK(incident_rows(w.store, S("1"), S("a1"), w.a, &rows, NULL));
    CHECK_SEQ(rows.rows, S("[[\"seven\",2],[\"eight\",1],[\"nine\",1],[\"eight\",2]]"));
    CHECK_EQ(rows.counted, 4);
    close_world(&w);
}

TEST(evidence_stays_within_its_limits_however_often_an_alert_grows)
{
    struct world         w = { 0 };
    struct incident_rows rows;
    const struct json   *list;

    open_world(&w);
    for (int k = 0; k < 120; k++) {
        struct alert_mark mark = { (uint64_t)k + 1, 7, k, k, 1 };
        struct alert      al = alert_at("a1", NOON, "[" HOST("WS5") "]");
        al.rows.marks = &mark;
        al.rows.n_marks = 1;
        raise_alert(&w, al);
    }
    CHECK_OK(incident_rows(w.store, S("1"), S("a1"), w.a, &rows, NULL));
    CHECK_OK(json_parse(w.a, rows.rows, &list, NULL));
    CHECK_EQ(list->n, 50);
    CHECK_EQ(rows.counted, 120);
    close_world(&w);
}

TEST(entities_are_listed_once_in_arms_names)
{
    struct world            w = { 0 };
    struct incident_entity *list;
    size_t                  n;
    AUTO_STRBUF             out = STRBUF_INIT(1 << 16);

    open_world(&w);
    raise_alert(&w, alert_at("a1", NOON, "[" HOST("WS5") "," USER("eve", "X") "]"));
    raise_alert(&w, alert_at("a2", NOON, "[" HOST("WS5") "]"));
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
    close_world(&w);
}

/* --- people --- */

static enum rc put(struct world *w, const char *name, const char *body, struct incident *out, struct err *err)
{
    const struct json  *doc;
    bool                created;
    struct incident_put p = { .name = str_of(name), .who = { .object_id = S("u1"), .name = S("Ada") } };

    CHECK_OK(json_parse(w->a, str_of(body), &doc, NULL));
    p.body = doc;
    return incident_put(w->store, &p, w->a, out, &created, err);
}

#define GUID1 "66666666-6666-6666-6666-666666666666"

TEST(an_incident_made_by_hand_is_kept_and_changed_under_its_etag)
{
    struct world    w = { 0 };
    struct incident i, stale;
    struct err      err = { 0 };
    char            body[300];

    open_world(&w);
    CHECK_OK_ERR(put(&w, GUID1, "{\"properties\":{\"title\":\"t\",\"severity\":\"Low\",\"status\":\"New\"}}",
                     &i, &err),
                 &err);
    CHECK_EQ(i.number, 1);
    (void)snprintf(body, sizeof body,
                   "{\"etag\":%s,\"properties\":{\"status\":\"Active\",\"owner\":{\"objectId\":\"u1\","
                   "\"assignedTo\":\"Ada\"},\"labels\":[{\"labelName\":\"vip\"}]}}",
                   "\"\\\"66666666-1\\\"\"");
    CHECK_OK_ERR(put(&w, GUID1, body, &i, &err), &err);
    CHECK_EQ(i.status, INCIDENT_ACTIVE);
    CHECK_SEQ(i.owner.name, S("Ada"));
    CHECK_SEQ(i.title, S("t"));
    CHECK_EQ(put(&w, GUID1, body, &stale, &err), RC_STALE);
    CHECK_STR(err.text, "incident 1 was changed by Ada meanwhile");
    CHECK_OK(put(&w, GUID1, "{\"properties\":{\"owner\":null}}", &i, NULL));
    CHECK_EQ(i.owner.object_id.n, 0);
    close_world(&w);
}

TEST(closing_asks_for_a_classification_and_a_reason_that_fits)
{
    struct world    w = { 0 };
    struct incident i;
    struct err      err = { 0 };

    open_world(&w);
    CHECK_OK(put(&w, GUID1, "{\"properties\":{\"title\":\"t\",\"severity\":\"Low\",\"status\":\"New\"}}", &i,
                 NULL));
    CHECK_EQ(put(&w, GUID1, "{\"properties\":{\"status\":\"Closed\"}}", &i, &err), RC_INVALID);
    CHECK_STR(err.text, "properties.classification: closing asks for one");
    CHECK_EQ(put(&w, GUID1,
                 "{\"properties\":{\"status\":\"Closed\",\"classification\":\"TruePositive\","
                 "\"classificationReason\":\"InaccurateData\"}}",
                 &i, &err),
             RC_INVALID);
    CHECK_EQ(get(&w, "1").status, INCIDENT_NEW);
    CHECK_OK(put(&w, GUID1,
                 "{\"properties\":{\"status\":\"Closed\",\"classification\":\"TruePositive\","
                 "\"classificationReason\":\"SuspiciousActivity\"}}",
                 &i, NULL));
    CHECK_EQ(i.closed, NOON);
    CHECK_EQ(put(&w, "nope", "{\"properties\":{\"title\":\"t\",\"severity\":\"Low\",\"status\":\"New\"}}", &i,
                 &err),
             RC_INVALID);
    CHECK_EQ(put(&w, "77777777-7777-7777-7777-777777777777", "{\"properties\":{\"title\":\"t\"}}", &i, &err),
             RC_INVALID);
    CHECK_STR(err.text, "properties.severity is missing");
    close_world(&w);
}

TEST(every_change_stands_in_the_history)
{
    struct world             w = { 0 };
    struct incident          i;
    struct incident_history *h;
    size_t                   n;

    open_world(&w);
    raise_alert(&w, alert_at("a1", NOON, "[" HOST("WS5") "]"));
    CHECK_OK(put(&w, get(&w, "1").name.p, "{\"properties\":{\"severity\":\"High\",\"title\":\"Mine\"}}", &i,
                 NULL));
    raise_alert(&w, alert_at("a2", NOON, "[" HOST("WS5") "]"));
    i = get(&w, "1");
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
    close_world(&w);
}

TEST(a_closed_incident_takes_no_alert_and_numbers_never_return)
{
    struct world           w = { 0 };
    struct incident        i;
    struct incident_person ada = { .object_id = S("u1"), .name = S("Ada") };

    open_world(&w);
    raise_alert(&w, alert_at("a1", NOON, "[" HOST("WS5") "]"));
    CHECK_OK(put(&w, get(&w, "1").name.p,
                 "{\"properties\":{\"status\":\"Closed\",\"classification\":\"Undetermined\"}}", &i, NULL));
    raise_alert(&w, alert_at("a2", NOON, "[" HOST("WS5") "]"));
    CHECK_EQ(get(&w, "2").n_alerts, 1);
    CHECK_OK(incident_delete(w.store, S("2"), &ada, NULL));
    CHECK_EQ(incident_delete(w.store, S("2"), &ada, NULL), RC_NOT_FOUND);
    raise_alert(&w, alert_at("a3", NOON, "[" HOST("WS5") "]"));
    CHECK_EQ(get(&w, "3").n_alerts, 1);
    close_world(&w);
}

TEST(comments_are_their_authors)
{
    struct world                w = { 0 };
    struct incident_comment     c;
    struct incident_comment    *list;
    size_t                      n;
    bool                        created;
    struct incident_comment_put p = {
        S("1"), S("c1"), S("seen"), STR_NONE, { .object_id = S("u1"), .name = S("Ada") }
    };

    open_world(&w);
    raise_alert(&w, alert_at("a1", NOON, "[]"));
    CHECK_OK(incident_comment_put(w.store, &p, w.a, &c, &created, NULL));
    CHECK(created);
    CHECK_SEQ(c.author.name, S("Ada"));
    CHECK_EQ(get(&w, "1").n_comments, 1);
    p.message = S("seen twice");
    CHECK_OK(incident_comment_put(w.store, &p, w.a, &c, &created, NULL));
    CHECK(!created);
    p.who.object_id = S("u2");
    CHECK_EQ(incident_comment_put(w.store, &p, w.a, &c, &created, NULL), RC_FORBIDDEN);
    p.message = S("  ");
    CHECK_EQ(incident_comment_put(w.store, &p, w.a, &c, &created, NULL), RC_INVALID);
    CHECK_OK(incident_comments(w.store, S("1"), w.a, &list, &n, NULL));
    CHECK_EQ(n, 1);
    CHECK_SEQ(list[0].message, S("seen twice"));
    CHECK_OK(incident_comment_delete(w.store, S("1"), S("c1"), &p.who, NULL));
    CHECK_EQ(get(&w, "1").n_comments, 0);
    CHECK_EQ(incident_comment_get(w.store, S("1"), S("c1"), w.a, &c, NULL), RC_NOT_FOUND);
    close_world(&w);
}

TEST(pages_follow_one_another_without_gap_or_repeat)
{
    struct world              w = { 0 };
    struct incident_page      page;
    struct incident_list_opts o = { .top = 3, .orderby = S("properties/severity desc") };
    char                      id[16];
    int                       seen = 0, last = CONTENT_HIGH;

    open_world(&w);
    for (int k = 0; k < 10; k++) {
        (void)snprintf(id, sizeof id, "a%d", k);
        struct alert al = alert_at(arena_str(w.a, str_of(id)).p, NOON, "[]");
        al.severity = (enum content_severity)(k % 4);
        raise_alert(&w, al);
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
    close_world(&w);
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

    open_world(&w);
    raise_alert(&w, alert_at("a1", NOON, "[" HOST("WS5") "]"));
    struct alert high = alert_at("a2", NOON, "[" HOST("DC1") "]");
    high.severity = CONTENT_HIGH;
    raise_alert(&w, high);
    CHECK_OK(put(&w, get(&w, "2").name.p,
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
    close_world(&w);
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

    open_world(&w);
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        struct incident_list_opts o = { .filter = str_of(wrong[k]) };
        CHECK_EQ(incident_list(w.store, &o, w.a, &page, &err), RC_INVALID);
        CHECK(str_starts(str_of(err.text), S("$filter, character ")));
    }
    close_world(&w);
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

    open_world(&w);
    CHECK_OK(incident_subscribe(w.store, remember, &heard, &id, NULL));
    raise_alert(&w, alert_at("a1", NOON, "[" HOST("WS5") "]"));
    CHECK_SEQ(strbuf_view(&heard), S("0 created alerts;2;"));
    strbuf_clear(&heard);
    CHECK_EQ(put(&w, get(&w, "1").name.p, "{\"properties\":{\"status\":\"Closed\"}}", &i, NULL), RC_INVALID);
    CHECK_EQ(heard.n, 0);
    CHECK_OK(put(&w, get(&w, "1").name.p, "{\"properties\":{\"status\":\"Active\"}}", &i, NULL));
    CHECK_SEQ(strbuf_view(&heard), S("1 status;"));
    incident_unsubscribe(w.store, id);
    strbuf_clear(&heard);
    raise_alert(&w, alert_at("a2", NOON, "[]"));
    CHECK_EQ(heard.n, 0);
    close_world(&w);
}

TEST(the_overview_counts_and_says_what_to_look_at_first)
{
    struct world             w = { 0 };
    struct incident_overview o;
    struct incident_counts   c;

    open_world(&w);
    raise_alert(&w, alert_at("a1", NOON, "[" HOST("WS5") "]"));
    struct alert high = alert_at("a2", NOON, "[" HOST("DC1") "]");
    high.severity = CONTENT_HIGH;
    raise_alert(&w, high);
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
    close_world(&w);
}

TEST(an_incident_in_arms_shape)
{
    struct world       w = { 0 };
    AUTO_STRBUF        out = STRBUF_INIT(1 << 16);
    struct json_w      jw = json_w_make(&out);
    const struct json *doc;

    open_world(&w);
    raise_alert(&w, alert_at("a1", NOON, "[" HOST("WS5") "]"));
    struct incident            i = get(&w, "1");
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
    close_world(&w);
}
