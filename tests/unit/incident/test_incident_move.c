/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/incident_move.h"

#include "incident/incident_bookmark.h"
#include "incident/incident_file.h"
#include "incident/incident_relation.h"
#include "incident/incident_similar.h"
#include "incident/incident_task.h"
#include "incident/incident_undo.h"
#include "tests/unit/incident/world.h"

#define NEW_GUID "77777777-7777-7777-7777-777777777777"

/* Two incidents of two and one alerts. */
static void two_incidents(struct world *w)
{
    world_open(w);
    world_raise(w, world_alert("a1", NOON, "[" HOST("WS5") "]"));
    world_raise(w, world_alert("a2", NOON + SECONDS(60), "[" HOST("WS5") "]"));
    world_raise(w, world_alert("b1", NOON, "[" USER("bob", "CORP") "]"));
}

static void comment(struct world *w, const char *incident, const char *name, const char *text)
{
    struct incident_comment     c;
    struct incident_comment_put p = { .incident = str_of(incident),
                                      .name = str_of(name),
                                      .message = str_of(text),
                                      .by = world_by("u1", "Ada") };
    CHECK_OK(incident_comment_put(w->store, &p, w->a, &c, NULL, NULL));
}

static enum rc task(struct world *w, const char *incident, const char *name, const char *props)
{
    struct incident_task     t;
    bool                     created;
    struct incident_task_put p = { .incident = str_of(incident),
                                   .name = str_of(name),
                                   .by = world_by("u1", "Ada") };
    CHECK_OK(json_parse(w->a, str_of(props), &p.properties, NULL));
    return incident_task_put(w->store, &p, w->a, &t, &created, NULL);
}

static int64_t merge(struct world *w, const char *into, const char *from)
{
    str                         names[] = { str_of(from) };
    struct incident_move_merge  m = { str_of(into), names, 1, world_by("u1", "Ada") };
    struct incident_move_result r;
    struct err                  err = { 0 };

    m.by.why = S("same machine");
    CHECK_OK_ERR(incident_move_merge(w->store, &m, w->a, &r, &err), &err);
    CHECK_EQ(r.n, 2);
    return r.act;
}

static enum rc undo(struct world *w, int64_t act, struct err *err)
{
    struct incident_by by = world_by("u2", "Bert");
    int64_t            undoing;
    return incident_undo_act(w->store, act, &by, &undoing, err);
}

TEST(merging_loses_nothing_and_the_other_says_where_it_went)
{
    struct world             w = { 0 };
    struct incident_comment *comments;
    struct incident_history *h;
    size_t                   n;

    two_incidents(&w);
    comment(&w, "2", "c1", "from the second");
    CHECK_OK(task(&w, "2", "t1", "{\"title\":\"call bob\",\"status\":\"New\"}"));
    merge(&w, "1", "2");

    struct incident one = world_get(&w, "1"), two = world_get(&w, "2");
    CHECK_EQ(one.n_alerts, 3);
    CHECK_EQ(one.n_comments, 1);
    CHECK_EQ(one.n_tasks, 1);
    CHECK_EQ(two.n_alerts, 0);
    CHECK_EQ(two.status, INCIDENT_CLOSED);
    CHECK_EQ(two.merged_into, 1);
    CHECK_SEQ(two.classification, S("Undetermined"));
    CHECK_OK(incident_comments(w.store, S("1"), w.a, &comments, &n, NULL));
    CHECK_EQ(n, 1);
    CHECK_SEQ(comments[0].author.name, S("Ada"));
    CHECK_OK(incident_history(w.store, S("1"), w.a, &h, &n, NULL));
    CHECK_SEQ(h[n - 1].what, S("merged"));
    CHECK_SEQ(h[n - 1].why, S("same machine"));
    CHECK_SEQ(h[n - 1].who, S("Ada"));
    world_close(&w);
}

TEST(a_merge_is_undone_whole_and_undoing_can_be_undone)
{
    struct world       w = { 0 };
    struct incident_by by = world_by("u1", "Ada");
    int64_t            back, again;

    two_incidents(&w);
    comment(&w, "2", "c1", "from the second");
    struct incident was = world_get(&w, "2");
    int64_t         act = merge(&w, "1", "2");

    CHECK_OK(incident_undo_act(w.store, act, &by, &back, NULL));
    struct incident one = world_get(&w, "1"), two = world_get(&w, "2");
    CHECK_EQ(one.n_alerts, 2);
    CHECK_EQ(one.n_comments, 0);
    CHECK_EQ(two.n_alerts, 1);
    CHECK_EQ(two.n_comments, 1);
    CHECK_EQ(two.status, INCIDENT_NEW);
    CHECK_EQ(two.merged_into, 0);
    CHECK_SEQ(two.title, was.title);
    CHECK_SEQ(two.classification, S(""));
    CHECK(!str_eq(two.etag, was.etag)); /* who saw it before must look again */
    CHECK_EQ(undo(&w, act, NULL), RC_CONFLICT);

    CHECK_OK(incident_undo_act(w.store, back, &by, &again, NULL));
    CHECK_EQ(world_get(&w, "1").n_alerts, 3);
    CHECK_EQ(world_get(&w, "2").merged_into, 1);
    world_close(&w);
}

TEST(what_somebody_changed_since_is_not_overwritten_by_undoing)
{
    struct world    w = { 0 };
    struct incident i;
    struct err      err = { 0 };

    two_incidents(&w);
    CHECK_OK(world_put(&w, "1", "{\"properties\":{\"severity\":\"High\"}}", &i, NULL));
    CHECK_OK(world_put(&w, "1", "{\"properties\":{\"severity\":\"Low\"}}", &i, NULL));
    CHECK_EQ(undo(&w, 1, &err), RC_CONFLICT);
    CHECK(str_contains(str_of(err.text), S("severity was changed since")));
    CHECK_EQ(world_get(&w, "1").severity, CONTENT_LOW);
    CHECK_OK(undo(&w, 2, NULL));
    CHECK_EQ(world_get(&w, "1").severity, CONTENT_HIGH);
    CHECK_OK(undo(&w, 1, NULL));
    CHECK_EQ(world_get(&w, "1").severity, CONTENT_MEDIUM); /* as the alerts have it */
    world_close(&w);
}

TEST(only_what_the_act_changed_is_turned_back)
{
    struct world    w = { 0 };
    struct incident i;

    two_incidents(&w);
    CHECK_OK(world_put(&w, "1", "{\"properties\":{\"severity\":\"High\"}}", &i, NULL));
    CHECK_OK(world_put(&w, "1", "{\"properties\":{\"labels\":[{\"labelName\":\"vip\"}]}}", &i, NULL));
    CHECK_OK(undo(&w, 1, NULL));
    i = world_get(&w, "1");
    CHECK_EQ(i.severity, CONTENT_MEDIUM);
    CHECK_EQ(i.n_labels, 1);
    world_close(&w);
}

TEST(a_split_makes_an_incident_and_undoing_it_unmakes_it)
{
    struct world               w = { 0 };
    str                        ids[] = { S("a2") };
    struct incident_move_split m = { S("1"), S(NEW_GUID), S("the later one"), ids, 1, world_by("u1", "Ada") };
    struct incident_move_result r;
    struct incident             i;

    two_incidents(&w);
    CHECK_OK(incident_move_split(w.store, &m, w.a, &r, NULL));
    CHECK_SEQ(r.incidents[0], S(NEW_GUID));
    CHECK_EQ(world_get(&w, "1").n_alerts, 1);
    CHECK_SEQ(world_get(&w, "3").title, S("the later one"));
    CHECK_EQ(world_get(&w, "3").first_activity, NOON + SECONDS(60));

    CHECK_OK(undo(&w, r.act, NULL));
    CHECK_EQ(world_get(&w, "1").n_alerts, 2);
    CHECK_EQ(incident_get(w.store, S("3"), w.a, &i, NULL), RC_NOT_FOUND);
    m.n = 0;
    CHECK_EQ(incident_move_split(w.store, &m, w.a, &r, NULL), RC_INVALID);
    world_close(&w);
}

TEST(one_alert_at_least_stays_when_an_incident_is_split)
{
    struct world                w = { 0 };
    str                         ids[] = { S("a1"), S("a2") };
    struct incident_move_split  m = { S("1"), S(NEW_GUID), S(""), ids, 2, world_by("u1", "Ada") };
    struct incident_move_result r;

    two_incidents(&w);
    CHECK_EQ(incident_move_split(w.store, &m, w.a, &r, NULL), RC_INVALID);
    CHECK_EQ(world_get(&w, "1").n_alerts, 2);
    world_close(&w);
}

TEST(an_alert_goes_from_one_incident_to_another_and_both_know)
{
    struct world                w = { 0 };
    str                         ids[] = { S("a2") };
    struct incident_move_alerts m = {
        .incident = S("2"), .alerts = ids, .n = 1, .relation = S("mine"), .by = world_by("u1", "Ada")
    };
    struct incident_move_result r;
    struct incident_relation    rel;
    struct incident_history    *h;
    size_t                      n;

    two_incidents(&w);
    CHECK_OK(incident_move_alerts(w.store, &m, w.a, &r, NULL));
    CHECK_EQ(world_get(&w, "1").n_alerts, 1);
    CHECK_EQ(world_get(&w, "2").n_alerts, 2);
    CHECK_OK(incident_relation_get(w.store, S("2"), S("mine"), w.a, &rel, NULL));
    CHECK_SEQ(rel.ref, S("a2"));
    CHECK_OK(incident_history(w.store, S("1"), w.a, &h, &n, NULL));
    CHECK_SEQ(h[n - 1].what, S("alert removed"));

    m.remove = true;
    CHECK_OK(incident_move_alerts(w.store, &m, w.a, &r, NULL));
    CHECK_EQ(world_get(&w, "2").n_alerts, 1);
    CHECK_EQ(incident_move_alerts(w.store, &m, w.a, &r, NULL), RC_CONFLICT);
    CHECK_OK(undo(&w, r.act, NULL));
    CHECK_EQ(world_get(&w, "2").n_alerts, 2);
    world_close(&w);
}

TEST(an_alert_that_comes_again_stays_where_people_put_it)
{
    struct world                w = { 0 };
    str                         ids[] = { S("a2") };
    struct incident_move_alerts m = {
        .incident = S("2"), .alerts = ids, .n = 1, .by = world_by("u1", "Ada")
    };
    struct incident_move_result    r;
    static const struct alert_mark later[] = { { 43, 8, 0, 0, 1 } };

    two_incidents(&w);
    CHECK_OK(incident_move_alerts(w.store, &m, w.a, &r, NULL));
    struct alert again = world_alert("a2", NOON + SECONDS(90), "[" HOST("WS5") "]");
    again.rows.marks = later;
    world_raise(&w, again);
    CHECK_EQ(world_get(&w, "1").n_alerts, 1);
    CHECK_EQ(world_get(&w, "2").n_alerts, 2);
    CHECK_EQ(world_get(&w, "2").last_activity, NOON + SECONDS(95));
    world_close(&w);
}

TEST(many_are_changed_whole_or_not_at_all)
{
    struct world                w = { 0 };
    str                         names[] = { S("1"), S("2") }, wrong[] = { S("1"), S("99") };
    str                         etags[] = { S(""), S("\"stale\"") };
    struct incident_move_bulk   m = { .incidents = names, .n = 2, .by = world_by("u1", "Ada") };
    struct incident_move_result r;

    two_incidents(&w);
    CHECK_OK(json_parse(w.a, S("{\"properties\":{\"status\":\"Active\"}}"), &m.body, NULL));
    m.etags = etags;
    CHECK_EQ(incident_move_bulk(w.store, &m, w.a, &r, NULL), RC_STALE);
    CHECK_EQ(world_get(&w, "1").status, INCIDENT_NEW);
    m.etags = NULL;
    m.incidents = wrong;
    CHECK_EQ(incident_move_bulk(w.store, &m, w.a, &r, NULL), RC_NOT_FOUND);
    CHECK_EQ(world_get(&w, "1").status, INCIDENT_NEW);
    m.incidents = names;
    CHECK_OK(incident_move_bulk(w.store, &m, w.a, &r, NULL));
    CHECK_EQ(world_get(&w, "1").status, INCIDENT_ACTIVE);
    CHECK_EQ(world_get(&w, "2").status, INCIDENT_ACTIVE);
    CHECK_OK(undo(&w, r.act, NULL));
    CHECK_EQ(world_get(&w, "2").status, INCIDENT_NEW);
    world_close(&w);
}

TEST(a_request_that_was_carried_out_is_not_carried_out_again)
{
    struct world                w = { 0 };
    str                         names[] = { S("2") };
    struct incident_move_merge  m = { S("1"), names, 1, world_by("u1", "Ada") };
    struct incident_move_result first, second;

    two_incidents(&w);
    m.by.request = S("request-1");
    CHECK_OK(incident_move_merge(w.store, &m, w.a, &first, NULL));
    CHECK_OK(incident_move_merge(w.store, &m, w.a, &second, NULL));
    CHECK_EQ(second.act, first.act);
    CHECK_EQ(second.n, 2);
    m.by.request = S("request-2");
    CHECK_EQ(incident_move_merge(w.store, &m, w.a, &second, NULL), RC_CONFLICT);
    world_close(&w);
}

TEST(a_deleted_incident_comes_back_with_all_that_it_had)
{
    struct world       w = { 0 };
    struct incident_by by = world_by("u1", "Ada");
    struct incident    i;

    two_incidents(&w);
    comment(&w, "1", "c1", "kept");
    CHECK_OK(incident_delete(w.store, S("1"), &by, NULL));
    CHECK_EQ(incident_get(w.store, S("1"), w.a, &i, NULL), RC_NOT_FOUND);
    CHECK_OK(undo(&w, 2, NULL));
    i = world_get(&w, "1");
    CHECK_EQ(i.n_alerts, 2);
    CHECK_EQ(i.n_comments, 1);
    world_close(&w);
}

/* --- tasks, files, bookmarks --- */

TEST(tasks_are_done_counted_and_at_most_forty)
{
    struct world          w = { 0 };
    struct incident_task *list;
    size_t                n;
    char                  name[16];

    two_incidents(&w);
    CHECK_EQ(task(&w, "1", "t", "{\"title\":\" \"}"), RC_INVALID);
    CHECK_EQ(task(&w, "1", "t", "{\"title\":\"x\",\"status\":\"Maybe\"}"), RC_INVALID);
    for (int i = 0; i < INCIDENT_MAX_TASKS; i++) {
        (void)snprintf(name, sizeof name, "t%02d", i);
        CHECK_OK(task(&w, "1", name, "{\"title\":\"look\"}"));
    }
    CHECK_EQ(task(&w, "1", "one-more", "{\"title\":\"look\"}"), RC_LIMIT);
    CHECK_OK(task(&w, "1", "t03", "{\"status\":\"Completed\"}"));
    CHECK_EQ(world_get(&w, "1").n_tasks, INCIDENT_MAX_TASKS);
    CHECK_EQ(world_get(&w, "1").n_tasks_done, 1);
    CHECK_OK(incident_task_list(w.store, S("1"), w.a, &list, &n, NULL));
    CHECK_SEQ(list[3].title, S("look"));
    CHECK(list[3].done);
    CHECK_OK(undo(&w, INCIDENT_MAX_TASKS + 1, NULL));
    CHECK_EQ(world_get(&w, "1").n_tasks_done, 0);
    world_close(&w);
}

TEST(a_file_keeps_its_digest_and_is_never_changed)
{
    struct world             w = { 0 };
    struct incident_file     f;
    str                      bytes;
    bool                     created;
    struct incident_by       by = world_by("u1", "Ada");
    struct incident_file_add add = { .incident = S("1"),
                                     .name = S("f1"),
                                     .title = S("dump.bin"),
                                     .type = S("application/octet-stream"),
                                     .content = S("abc"),
                                     .by = by };

    two_incidents(&w);
    CHECK_OK(incident_file_add(w.store, &add, w.a, &f, &created, NULL));
    CHECK_SEQ(f.sha256, S("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    CHECK_OK(incident_file_add(w.store, &add, w.a, &f, &created, NULL));
    CHECK(!created);
    add.content = S("abd");
    CHECK_EQ(incident_file_add(w.store, &add, w.a, &f, &created, NULL), RC_CONFLICT);
    CHECK_OK(incident_file_delete(w.store, S("1"), S("f1"), &by, NULL));
    CHECK_EQ(incident_file_get(w.store, S("1"), S("f1"), w.a, &f, &bytes, NULL), RC_NOT_FOUND);
    CHECK_OK(undo(&w, 2, NULL));
    CHECK_OK(incident_file_get(w.store, S("1"), S("f1"), w.a, &f, &bytes, NULL));
    CHECK_SEQ(bytes, S("abc"));
    world_close(&w);
}

TEST(a_bookmark_is_held_by_one_incident_and_names_things)
{
    struct world                  w = { 0 };
    struct incident_bookmark      b, *list;
    size_t                        n;
    bool                          created;
    struct incident_bookmark_put  p = { .name = S("b1"), .by = world_by("u1", "Ada") };
    struct incident_bookmark_hold h = { S("1"), S("b1"), true, world_by("u1", "Ada") };

    two_incidents(&w);
    CHECK_OK(json_parse(
        w.a,
        S("{\"displayName\":\"odd\",\"query\":\"T | take 1\",\"entityMappings\":[{\"entityType\":"
          "\"Host\",\"fieldMappings\":[{\"identifier\":\"FullName\",\"value\":\"ws5.corp.example\"}]}]}"),
        &p.properties, NULL));
    CHECK_OK(incident_bookmark_put(w.store, &p, w.a, &b, &created, NULL));
    CHECK(str_contains(b.entities, S("\"HostName\":\"ws5\"")));
    CHECK_OK(incident_bookmark_hold(w.store, &h, w.a, NULL));
    CHECK_EQ(world_get(&w, "1").n_bookmarks, 1);
    h.incident = S("2");
    CHECK_OK(incident_bookmark_hold(w.store, &h, w.a, NULL));
    CHECK_EQ(world_get(&w, "1").n_bookmarks, 0);
    CHECK_EQ(world_get(&w, "2").n_bookmarks, 1);
    merge(&w, "1", "2");
    CHECK_OK(incident_bookmark_list(w.store, S("1"), w.a, &list, &n, NULL));
    CHECK_EQ(n, 1);
    CHECK_OK(incident_bookmark_delete(w.store, S("b1"), &h.by, NULL));
    CHECK_EQ(world_get(&w, "1").n_bookmarks, 0);
    world_close(&w);
}

TEST(related_incidents_say_why)
{
    struct world             w = { 0 };
    struct incident_similar *list;
    size_t                   n;

    two_incidents(&w);
    struct alert later = world_alert("c1", NOON + DAYS(3), "[" HOST("ws5") "]");
    later.rule_id = S("22222222-2222-2222-2222-222222222222");
    world_raise(&w, later);
    CHECK_OK(incident_similar_find(w.store, S("1"), 0, w.a, &list, &n, NULL));
    CHECK_EQ(n, 2);
    CHECK_EQ(list[0].incident.number, 3);
    CHECK_SEQ(list[0].reason, S("shares ws5"));
    CHECK_EQ(list[1].incident.number, 2);
    CHECK_SEQ(list[1].reason, S("same rule"));
    CHECK_OK(incident_similar_find(w.store, S("1"), DAYS(1), w.a, &list, &n, NULL));
    CHECK_EQ(n, 1);
    world_close(&w);
}
