/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/incident_entity.h"

#include "incident/incident_graph.h"
#include "incident/incident_identity.h"
#include "incident/incident_risk.h"
#include "incident/incident_timeline.h"
#include "tests/unit/incident/world.h"

#define UPN(name, suffix)                                                                                    \
    "{\"$id\":\"4\",\"Name\":\"" name "\",\"UPNSuffix\":\"" suffix "\",\"Type\":\"account\"}"
#define SID(sid) "{\"$id\":\"5\",\"Sid\":\"" sid "\",\"Type\":\"account\"}"
#define BOTH(name, domain, sid)                                                                              \
    "{\"$id\":\"6\",\"Name\":\"" name "\",\"NTDomain\":\"" domain "\",\"Sid\":\"" sid                        \
    "\",\"Type\":\"account\"}"
#define BOB_SID "S-1-5-21-1-2-3-1105"

static size_t accounts(struct world *w, struct incident_entity **list)
{
    struct incident_entity_list_opts o = { .kind = S("Account") };
    struct incident_entity_found     found;

    CHECK_OK(incident_entity_list(w->store, &o, w->a, &found, NULL));
    CHECK_EQ(found.next, 0);
    *list = found.items;
    return found.n;
}

TEST(three_ways_to_name_an_account_meet_in_one_entity)
{
    struct world                  w = { 0 };
    struct incident_entity       *list;
    struct incident_entity_page   page;
    struct incident_entity_merge *merges;
    size_t                        n;

    world_open(&w);
    world_raise(&w, world_alert("a1", NOON, "[" USER("bob", "CORP") "]"));
    world_raise(&w, world_alert("a2", NOON, "[" SID(BOB_SID) "]"));
    CHECK_EQ(accounts(&w, &list), 2);
    world_raise(&w, world_alert("a3", NOON, "[" UPN("bob", "corp.example") "]"));
    CHECK_EQ(accounts(&w, &list), 2);
    world_raise(&w, world_alert("a4", NOON, "[" BOTH("bob", "CORP", BOB_SID) "]"));
    CHECK_EQ(accounts(&w, &list), 1);
    CHECK_EQ(list[0].n_alerts, 4);

    CHECK_OK(incident_entity_get(w.store, list[0].id, w.a, &page, NULL));
    CHECK_SEQ(page.entity.name, S("CORP\\bob"));
    CHECK_SEQ(detect_entity_value(&page.said, S("Sid")), S(BOB_SID));
    CHECK_OK(incident_entity_merges(w.store, list[0].id, w.a, &merges, &n, NULL));
    bool by_sid = false;
    for (size_t i = 0; i < n; i++)
        by_sid |= str_contains(merges[i].reason, S("sid:s-1-5-21-1-2-3-1105: named as one by alert 'LSASS"));
    CHECK(by_sid);
    world_close(&w);
}

TEST(a_merge_is_undone_and_the_same_evidence_merges_no_more)
{
    struct world                  w = { 0 };
    struct incident_entity       *list;
    struct incident_entity_merge *merges;
    struct incident_by            by = world_by("u1", "Ada");
    size_t                        n;
    int64_t                       id = 0;

    world_open(&w);
    world_raise(&w, world_alert("a1", NOON, "[" USER("bob", "CORP") "]"));
    world_raise(&w, world_alert("a2", NOON, "[" SID(BOB_SID) "]"));
    world_raise(&w, world_alert("a3", NOON, "[" BOTH("bob", "CORP", BOB_SID) "]"));
    CHECK_EQ(accounts(&w, &list), 1);
    CHECK_OK(incident_entity_merges(w.store, list[0].id, w.a, &merges, &n, NULL));
    for (size_t i = 0; i < n; i++)
        if (str_contains(merges[i].reason, S("sid:")))
            id = merges[i].id;
    CHECK_OK(incident_entity_part(w.store, id, &by, NULL));
    CHECK_EQ(accounts(&w, &list), 2);
    CHECK_EQ(incident_entity_part(w.store, id, &by, NULL), RC_CONFLICT);
    world_raise(&w, world_alert("a4", NOON, "[" BOTH("bob", "CORP", BOB_SID) "]"));
    CHECK_EQ(accounts(&w, &list), 2);
    CHECK_OK(incident_entity_join(w.store, list[0].id, list[1].id, &by, NULL));
    CHECK_EQ(accounts(&w, &list), 1);
    CHECK_EQ(incident_entity_join(w.store, list[0].id, list[0].id, &by, NULL), RC_CONFLICT);
    world_close(&w);
}

TEST(bare_names_meet_their_like_and_nothing_else)
{
    struct world            w = { 0 };
    struct incident_entity *list;
    struct detect_entity    bare = { .type = content_entity_find(S("Account")),
                                     .values = { { S("Name"), S("bob") } },
                                     .n_values = 1 };
    str                     ids[INCIDENT_IDENTITY_MAX];
    bool                    strong;

    world_open(&w);
    CHECK_EQ(incident_identity_of(w.a, &bare, ids, &strong), 1);
    CHECK(!strong);
    world_raise(&w, world_alert("a1", NOON, "[{\"$id\":\"1\",\"Name\":\"bob\",\"Type\":\"account\"}]"));
    world_raise(&w, world_alert("a2", NOON, "[{\"$id\":\"1\",\"Name\":\"bob\",\"Type\":\"account\"}]"));
    world_raise(&w, world_alert("a3", NOON, "[" USER("bob", "CORP") "]"));
    CHECK_EQ(accounts(&w, &list), 2);
    world_close(&w);
}

TEST(every_rule_of_identity_names_fields_of_its_type_and_says_what_it_is)
{
    for (const struct incident_identity_rule *r = INCIDENT_IDENTITY_RULES; r->type; r++) {
        const struct content_entity *e = content_entity_find(str_of(r->type));
        CHECK(e != NULL);
        CHECK(r->doc && r->example && r->fields[0]);
        for (size_t i = 0; i < 4 && r->fields[i]; i++)
            CHECK(content_entity_field(e, str_of(r->fields[i])) != NULL);
    }
}

TEST(alerts_from_before_are_indexed_when_the_store_opens)
{
    struct world            w = { 0 };
    struct incident_entity *list;
    size_t                  n;

    world_open(&w);
    world_raise(&w, world_alert("a1", NOON, "[" HOST("ws5") "," USER("bob", "CORP") "]"));
    AUTO(state_tx) tx = NULL;
    CHECK_OK(state_tx_write(w.state, &tx, NULL));
    CHECK_OK(state_stmt_run(tx, "DELETE FROM alert_entities", STATE_NO_ARGS, NULL));
    CHECK_OK(state_stmt_run(tx, "DELETE FROM entities", STATE_NO_ARGS, NULL));
    CHECK_OK(state_stmt_run(tx, "UPDATE alerts SET indexed = 0", STATE_NO_ARGS, NULL));
    CHECK_OK(state_tx_commit(tx, NULL));
    tx = state_tx_free(tx);
    CHECK_OK(incident_entity_catch_up(w.store, NULL));
    CHECK_OK(incident_entities(w.store, S("1"), w.a, &list, &n, NULL));
    CHECK_EQ(n, 2);
    world_close(&w);
}

TEST(an_edge_of_the_graph_names_its_rows)
{
    struct world          w = { 0 };
    struct incident_graph g;

    world_open(&w);
    struct alert                   a = world_alert("a1", NOON, "[" HOST("ws5") "," ADDRESS("10.1.2.3") "]");
    static const struct alert_mark two[] = { { 1, 1, 0, 0, 1 }, { 2, 1, 0, 0, 1 } };
    a.rows.columns = S("[{\"name\":\"Computer\",\"type\":\"string\"},{\"name\":\"Ip\",\"type\":\"string\"}]");
    a.rows.rows = S("[[\"ws5.corp.example\",\"\"],[\"WS5\",\"10.1.2.3\"]]");
    a.rows.marks = two;
    a.rows.n_marks = 2;
    world_raise(&w, a);
    CHECK_OK(incident_graph_get(w.store, S("1"), w.a, &g, NULL));
    CHECK_EQ(g.n_edges, 2);
    CHECK_EQ(g.edges[0].n_rows, 2);
    CHECK_EQ(g.edges[1].n_rows, 1);
    CHECK_EQ(g.edges[1].rows[0], 1);
    world_close(&w);
}

TEST(a_saved_graph_is_a_version_and_the_older_ones_stay)
{
    struct world                w = { 0 };
    struct incident_graph_saved g;
    struct incident_graph_save  save = { .incident = S("1"),
                                         .name = S("g"),
                                         .title = S("mine"),
                                         .graph = S("{\"n\":1}"),
                                         .by = world_by("u1", "Ada") };

    world_open(&w);
    world_raise(&w, world_alert("a1", NOON, "[]"));
    CHECK_OK(incident_graph_save(w.store, &save, w.a, &g, NULL));
    CHECK_EQ(g.version, 1);
    save.graph = S("{\"n\":2}");
    CHECK_EQ(incident_graph_save(w.store, &save, w.a, &g, NULL), RC_STALE);
    save.after = 1;
    CHECK_OK(incident_graph_save(w.store, &save, w.a, &g, NULL));
    CHECK_OK(incident_graph_load(w.store, S("1"), S("g"), 1, w.a, &g, NULL));
    CHECK_SEQ(g.graph, S("{\"n\":1}"));
    CHECK_OK(incident_graph_load(w.store, S("1"), S("g"), 0, w.a, &g, NULL));
    CHECK_SEQ(g.graph, S("{\"n\":2}"));
    world_close(&w);
}

TEST(risk_is_a_sum_that_can_be_followed)
{
    struct world            w = { 0 };
    struct incident_entity *list;
    struct incident_risk    r;
    struct incident         i;
    size_t                  n;

    world_open(&w);
    struct alert old = world_alert("a1", NOON - DAYS(7) - SECONDS(5), "[" HOST("ws5") "]");
    old.severity = CONTENT_HIGH;
    world_raise(&w, old);
    world_raise(&w, world_alert("a2", NOON, "[" HOST("ws5") "]"));
    CHECK_OK(world_put(&w, "1",
                       "{\"properties\":{\"status\":\"Closed\",\"classification\":\"TruePositive\","
                       "\"classificationReason\":\"SuspiciousActivity\"}}",
                       &i, NULL));
    CHECK_OK(incident_entities(w.store, S("1"), w.a, &list, &n, NULL));
    CHECK_OK(incident_risk_of(w.store, list[0].id, w.a, &r, NULL));
    CHECK_EQ(r.n_terms, 2);
    CHECK_SEQ(r.terms[0].alert, S("a1"));
    CHECK(r.terms[0].product > 18.74 && r.terms[0].product < 18.76); /* 25 × ½ × 1.5 */
    CHECK(r.terms[1].product > 9.99 && r.terms[1].product < 10.01);
    CHECK(r.score > 28.7 && r.score < 28.8);
    world_close(&w);
}

TEST(the_timeline_is_one_order_of_all_kinds)
{
    struct world                   w = { 0 };
    struct incident_timeline_item *t;
    struct incident_comment        c;
    struct incident                i;
    size_t                         n;
    struct incident_comment_put    p = {
           .incident = S("1"), .name = S("c1"), .message = S("seen"), .by = world_by("u1", "Ada")
    };

    world_open(&w);
    world_raise(&w, world_alert("a1", NOON - HOURS(1), "[" HOST("ws5.corp.example") "]"));
    CHECK_OK(incident_comment_put(w.store, &p, w.a, &c, NULL, NULL));
    CHECK_OK(world_put(&w, "1", "{\"properties\":{\"status\":\"Active\"}}", &i, NULL));
    CHECK_OK(incident_timeline_get(w.store, S("1"), w.a, &t, &n, NULL));
    CHECK(n >= 4);
    CHECK_SEQ(t[0].kind, S("alert"));
    for (size_t k = 1; k < n; k++)
        CHECK(t[k - 1].time <= t[k].time);
    bool comment = false, change = false, automation = false;
    for (size_t k = 0; k < n; k++) {
        comment |= str_eq(t[k].kind, S("comment")) && str_eq(t[k].detail, S("seen"));
        change |= str_eq(t[k].kind, S("change")) && str_eq(t[k].detail, S("New → Active")) && t[k].act != 0;
        automation |= str_eq(t[k].kind, S("automation")) && str_eq(t[k].title, S("created"));
    }
    CHECK(comment && change && automation);
    world_close(&w);
}
