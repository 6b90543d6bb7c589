/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/incident_verdict.h"

#include "tests/unit/incident/world.h"

static const char FILE_TEXT[] =
    "id: r\nname: x\nquery: |\n  T\n  | where A == 1\n  | project Account, Computer\n"
    "version: 1.0.0\nkind: Scheduled\n";

static struct content_rule rule(void)
{
    return (struct content_rule) {
        .id = S("11111111-1111-1111-1111-111111111111"),
        .name = S("LSASS memory read"),
        .query = S("T\n| where A == 1\n| project Account, Computer\n"),
        .mappings = { { S("Account"), { { S("FullName"), S("Account") } }, 1 },
                      { S("Host"), { { S("HostName"), S("Computer") } }, 1 } },
        .n_mappings = 2,
        .file = S("windows/lsass.yaml"),
        .text = str_of(FILE_TEXT),
    };
}

static void raise_with(struct world *w, const char *id, const char *host, const char *rows)
{
    struct alert a = world_alert(id, NOON, arena_printf(w->a, "[" HOST("%s") "]", host).p);

    a.rows.columns =
        S("[{\"name\":\"Account\",\"type\":\"string\"},{\"name\":\"Computer\",\"type\":\"string\"}]");
    a.rows.rows = str_of(rows);
    world_raise(w, a);
}

static void close_as(struct world *w, const char *number, const char *classification, const char *reason)
{
    struct incident i;
    const char     *body = arena_printf(w->a,
                                        "{\"properties\":{\"status\":\"Closed\",\"classification\":\"%s\","
                                            "\"classificationReason\":\"%s\"}}",
                                        classification, reason)
                           .p;
    CHECK_OK(world_put(w, number, body, &i, NULL));
}

TEST(precision_is_the_share_of_true_positives_among_those_judged)
{
    struct world             w = { 0 };
    struct incident_verdict *v;
    size_t                   n;

    world_open(&w);
    raise_with(&w, "a1", "ws1", "[[\"CORP\\\\svc\",\"ws1\"]]");
    raise_with(&w, "a2", "ws2", "[[\"CORP\\\\eve\",\"ws2\"]]");
    raise_with(&w, "a3", "ws3", "[[\"CORP\\\\svc\",\"ws3\"]]");
    raise_with(&w, "a4", "ws4", "[[\"CORP\\\\svc\",\"ws4\"]]");
    CHECK_OK(incident_verdict_list(w.store, S(""), w.a, &v, &n, NULL));
    CHECK_EQ(n, 1);
    CHECK(!v[0].measured);
    close_as(&w, "1", "FalsePositive", "IncorrectAlertLogic");
    close_as(&w, "2", "TruePositive", "SuspiciousActivity");
    close_as(&w, "3", "Undetermined", "");
    CHECK_OK(incident_verdict_list(w.store, S("11111111-1111-1111-1111-111111111111"), w.a, &v, &n, NULL));
    CHECK_EQ(v[0].open, 1);
    CHECK_EQ(v[0].undetermined, 1);
    CHECK(v[0].measured && v[0].precision > 0.49 && v[0].precision < 0.51);
    world_close(&w);
}

TEST(a_false_positive_proposes_an_exception_as_a_diff_of_the_rule)
{
    struct world                      w = { 0 };
    struct content_rule               r = rule();
    struct incident_verdict_exception e;

    world_open(&w);
    raise_with(&w, "a1", "ws1", "[[\"CORP\\\\svc\",\"ws1\"]]");
    raise_with(&w, "a2", "ws2", "[[\"CORP\\\\eve\",\"ws2\"]]");
    CHECK_OK(incident_verdict_except(w.store, S("1"), &r, w.a, &e, NULL));
    CHECK_SEQ(e.condition, S("not(Account =~ \"CORP\\\\svc\" and Computer =~ \"ws1\")"));
    CHECK_SEQ(e.diff,
              S("--- a/windows/lsass.yaml\n+++ b/windows/lsass.yaml\n@@ -4,5 +4,6 @@\n   T\n   | where A == "
                "1\n   | project "
                "Account, Computer\n+  | where not(Account =~ \"CORP\\\\svc\" and Computer =~ \"ws1\")\n "
                "version: 1.0.0\n kind: Scheduled\n"));
    CHECK(str_ends(e.query,
                   S("| project Account, Computer\n| where not(Account =~ \"CORP\\\\svc\" and Computer =~ "
                     "\"ws1\")")));
    CHECK_EQ(e.looked_at, 2);
    CHECK_EQ(e.silenced, 1);
    CHECK_SEQ(e.alerts[0], S("a1"));
    world_close(&w);
}

TEST(an_exception_counts_the_true_positives_that_it_would_have_silenced)
{
    struct world                      w = { 0 };
    struct content_rule               r = rule();
    struct incident_verdict_exception e;

    r.n_mappings = 1; /* the account alone: too wide */
    r.text = S("");
    world_open(&w);
    raise_with(&w, "a1", "ws1", "[[\"CORP\\\\svc\",\"ws1\"]]");
    raise_with(&w, "a2", "ws2", "[[\"CORP\\\\SVC\",\"ws2\"]]");
    close_as(&w, "2", "TruePositive", "SuspiciousActivity");
    CHECK_OK(incident_verdict_except(w.store, S("1"), &r, w.a, &e, NULL));
    CHECK_EQ(e.silenced, 2);
    CHECK_EQ(e.silenced_true, 1);
    CHECK(str_starts(e.diff, S("--- a/query\n")));
    world_close(&w);
}

TEST(rows_that_name_nothing_give_no_exception)
{
    struct world                      w = { 0 };
    struct content_rule               r = rule();
    struct incident_verdict_exception e;

    world_open(&w);
    raise_with(&w, "a1", "ws1", "[[\"\",\"\"]]");
    CHECK_EQ(incident_verdict_except(w.store, S("1"), &r, w.a, &e, NULL), RC_CONFLICT);
    world_close(&w);
}

TEST(a_value_with_quotes_stays_a_value)
{
    struct world                      w = { 0 };
    struct content_rule               r = rule();
    struct incident_verdict_exception e;

    r.n_mappings = 1;
    world_open(&w);
    raise_with(&w, "a1", "ws1", "[[\"x\\\") or true //\",\"ws1\"]]");
    CHECK_OK(incident_verdict_except(w.store, S("1"), &r, w.a, &e, NULL));
    CHECK_SEQ(e.condition, S("not(Account =~ \"x\\\") or true //\")"));
    world_close(&w);
}
