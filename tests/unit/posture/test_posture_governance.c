/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_governance.h"

#include "posture/posture_score.h"
#include "tests/t.h"
#include "tests/unit/posture/posture_fixture.h"

#define RULES FIXTURE_SUB "/providers/Microsoft.Security/governanceRules/"

static struct posture_assessment found(struct posture_fixture *f)
{
    const struct posture_assessment_list list = { .scope = str_of(posture_fixture_thing(f, "a")),
                                                  .control = -1 };
    struct posture_assessments           all;

    CHECK_OK_ERR(posture_assessment_each(f->posture, posture_plan_get(f->posture, f->arena), &list, f->arena,
                                         &all, &f->err),
                 &f->err);
    CHECK_EQ(all.n, 1);
    return all.p[0];
}

static double current(struct posture_fixture *f)
{
    struct posture_score_scope *scopes;
    size_t                      n;

    CHECK_OK(posture_score_scopes(f->posture, S(FIXTURE_SUB), f->arena, &scopes, &n, NULL));
    return scopes[0].score.max;
}

static struct posture_fixture *unhealthy_thing(void)
{
    struct posture_fixture *f = posture_fixture_new();

    posture_fixture_define(f, "closed", "Enable MFA",
                           "{\"field\":\"Test.Things/things/open\",\"equals\":true}");
    posture_fixture_assign(f, "base", "closed", FIXTURE_SUB);
    posture_fixture_put(f, posture_fixture_thing(f, "a"),
                        "{\"tags\":{\"Owner\":\"anna@example.org\"},\"properties\":{\"open\":true}}");
    return f;
}

TEST(the_owner_comes_of_a_tag_and_the_due_date_of_the_day_it_became_unhealthy)
{
    AUTO(posture_fixture) f = unhealthy_thing();

    CHECK(found(f).due == 0);
    posture_fixture_object(
        f, RULES "r1",
        "{\"properties\":{\"rulePriority\":200,\"remediationTimeframe\":\"7.00:00:00\",\"ownerSource\":{"
        "\"type\":\"ByTag\",\"value\":\"owner\"},\"conditionSets\":[{\"conditions\":[{\"property\":"
        "\"$.Severity\",\"operator\":\"In\",\"value\":\"[\\\"High\\\"]\"}]}]}}");
    CHECK_SEQ(found(f).owner, S("anna@example.org"));
    CHECK_EQ(found(f).due - found(f).since, DAYS(7));
    CHECK(!found(f).overdue);
    f->env.now += DAYS(8);
    CHECK(found(f).overdue);
    posture_fixture_object(
        f, RULES "r2",
        "{\"properties\":{\"rulePriority\":100,\"remediationTimeframe\":\"90.00:00:00\",\"ownerSource\":{"
        "\"type\":\"Manually\",\"value\":\"ben@example.org\"}}}");
    CHECK_SEQ(found(f).owner, S("ben@example.org"));
}

TEST(a_grace_period_keeps_the_resource_out_of_the_score_until_it_ends)
{
    AUTO(posture_fixture) f = unhealthy_thing();

    CHECK(current(f) == 10);
    posture_fixture_object(
        f, RULES "r1",
        "{\"properties\":{\"remediationTimeframe\":\"14.00:00:00\",\"isGracePeriod\":true,\"ownerSource\":{"
        "\"type\":\"Manually\",\"value\":\"ben@example.org\"}}}");
    CHECK(found(f).in_grace);
    CHECK(current(f) == 0);
    f->env.now += DAYS(15);
    posture_again(f->posture, S(""));
    posture_settle(f->posture, SECONDS(5));
    CHECK(!found(f).in_grace);
    CHECK(current(f) == 10);
}

TEST(a_rule_that_cannot_be_is_refused)
{
    AUTO(posture_fixture) f = unhealthy_thing();

    CHECK_STR(
        posture_fixture_object_refused(f, RULES "r", "{\"properties\":{\"remediationTimeframe\":\"soon\"}}"),
        "remediationTimeframe is days such as 7.00:00:00, not 'soon'");
    CHECK_STR(posture_fixture_object_refused(f, RULES "r",
                                             "{\"properties\":{\"ownerSource\":{\"type\":\"Luck\"}}}"),
              "ownerSource.type is ByTag or Manually, not 'Luck'");
}

#define GIVEN "/providers/Microsoft.Security/assessments/closed"

static void give(struct posture_fixture *f, const char *properties)
{
    struct posture_object_put put = {
        .key = { POSTURE_GOVERNANCE_ASSIGNMENT,
                 arena_printf(f->arena, "%s" GIVEN, posture_fixture_thing(f, "a")), S("g1") },
        .who = S("tester")
    };
    struct posture_object out;

    CHECK_OK(
        json_parse(f->arena, arena_printf(f->arena, "{\"properties\":{%s}}", properties), &put.body, NULL));
    CHECK_OK_ERR(posture_object_put(f->posture, &put, f->arena, &out, &f->err), &f->err);
    CHECK(str_ends(out.id, S(GIVEN "/governanceAssignments/g1")));
    posture_settle(f->posture, SECONDS(5));
}

TEST(what_is_given_to_somebody_by_hand_goes_before_all_rules)
{
    AUTO(posture_fixture) f = unhealthy_thing();
    const struct posture_key key = { POSTURE_GOVERNANCE_ASSIGNMENT,
                                     arena_printf(f->arena, "%s" GIVEN, posture_fixture_thing(f, "a")),
                                     S("g1") };
    struct posture_object    gone;

    posture_fixture_object(f, RULES "r1",
                           "{\"properties\":{\"rulePriority\":1,\"remediationTimeframe\":\"7.00:00:00\","
                           "\"ownerSource\":{\"type\":\"Manually\",\"value\":\"ben\"}}}");
    CHECK_SEQ(found(f).owner, S("ben"));
    CHECK(found(f).rule != NULL);
    CHECK(current(f) > 0);
    give(f, "\"owner\":\"anna\",\"remediationDueDate\":\"2026-01-03T00:00:00Z\",\"isGracePeriod\":true");
    CHECK_SEQ(found(f).owner, S("anna"));
    CHECK(found(f).rule == NULL);
    CHECK(found(f).in_grace);
    CHECK(current(f) == 0);
    f->env.now += DAYS(9);
    CHECK(found(f).overdue);
    CHECK(!found(f).in_grace);
    CHECK_OK_ERR(posture_object_delete(f->posture, &key, f->arena, &gone, &f->err), &f->err);
    posture_settle(f->posture, SECONDS(5));
    CHECK_SEQ(found(f).owner, S("ben"));
}
