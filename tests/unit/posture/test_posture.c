/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture.h"

#include "posture/posture_score.h"
#include "posture/posture_whatif.h"
#include "tests/t.h"
#include "tests/unit/posture/posture_fixture.h"

#define OPEN "{\"field\":\"Test.Things/things/open\",\"equals\":true}"
#define OLD "{\"field\":\"Test.Things/things/age\",\"greater\":10}"

static double share(struct posture_fixture *f)
{
    struct posture_score_scope *scopes;
    size_t                      n;

    CHECK_OK_ERR(posture_score_scopes(f->posture, S(FIXTURE_SUB), f->arena, &scopes, &n, &f->err), &f->err);
    CHECK_EQ(n, 1);
    return scopes[0].score.percentage;
}

TEST(a_resource_is_judged_when_it_changes_and_the_score_moves_with_it)
{
    AUTO(posture_fixture) f = posture_fixture_new();
    const char *a = posture_fixture_thing(f, "a"), *b = posture_fixture_thing(f, "b");

    posture_fixture_define(f, "closed", "Enable MFA", OPEN);
    posture_fixture_assign(f, "base", "closed", FIXTURE_SUB);
    CHECK_STR(posture_fixture_status(f, a, "closed"), "");
    posture_fixture_put(f, a, "{\"location\":\"local\",\"properties\":{\"open\":false}}");
    CHECK_STR(posture_fixture_status(f, a, "closed"), "Healthy");
    CHECK(share(f) > 0.999);
    posture_fixture_put(f, b, "{\"location\":\"local\",\"properties\":{\"open\":true}}");
    CHECK_STR(posture_fixture_status(f, b, "closed"), "Unhealthy");
    CHECK(share(f) > 0.499 && share(f) < 0.501);
    posture_fixture_put(f, b, "{\"location\":\"local\",\"properties\":{\"open\":false}}");
    CHECK(share(f) > 0.999);
}

TEST(an_assignment_judges_what_is_there_and_its_end_takes_the_verdicts_along)
{
    AUTO(posture_fixture) f = posture_fixture_new();
    const char           *a = posture_fixture_thing(f, "a");
    struct posture_key    key = { POSTURE_ASSIGNMENT, S(FIXTURE_SUB), S("base") };
    struct posture_object gone;

    posture_fixture_put(f, a, "{\"properties\":{\"open\":true}}");
    posture_fixture_define(f, "closed", "Enable MFA", OPEN);
    posture_fixture_assign(f, "base", "closed", FIXTURE_SUB);
    CHECK_STR(posture_fixture_status(f, a, "closed"), "Unhealthy");
    CHECK_OK_ERR(posture_object_delete(f->posture, &key, f->arena, &gone, &f->err), &f->err);
    posture_settle(f->posture, SECONDS(5));
    CHECK_STR(posture_fixture_status(f, a, "closed"), "");
    CHECK(share(f) == 0);
}

TEST(one_failed_recommendation_of_a_control_makes_the_resource_unhealthy_in_it)
{
    AUTO(posture_fixture) f = posture_fixture_new();

    posture_fixture_define(f, "closed", "Enable MFA", OPEN);
    posture_fixture_define(f, "young", "Enable MFA", OLD);
    posture_fixture_assign(f, "one", "closed", FIXTURE_SUB);
    posture_fixture_assign(f, "two", "young", FIXTURE_GROUP);
    posture_fixture_put(f, posture_fixture_thing(f, "a"), "{\"properties\":{\"open\":false,\"age\":30}}");
    posture_fixture_put(f, posture_fixture_thing(f, "b"), "{\"properties\":{\"open\":false,\"age\":3}}");
    CHECK(share(f) > 0.499 && share(f) < 0.501);
}

TEST(an_exemption_moves_a_resource_out_of_the_score_until_it_expires)
{
    AUTO(posture_fixture) f = posture_fixture_new();
    const char *a = posture_fixture_thing(f, "a");
    const char *exemption =
        arena_printf(f->arena, "%s/providers/Microsoft.Authorization/policyExemptions/x", a).p;

    posture_fixture_define(f, "closed", "Enable MFA", OPEN);
    posture_fixture_assign(f, "base", "closed", FIXTURE_SUB);
    posture_fixture_put(f, a, "{\"properties\":{\"open\":true}}");
    posture_fixture_object(
        f, exemption,
        "{\"properties\":{\"policyAssignmentId\":\"" FIXTURE_SUB
        "/providers/Microsoft.Authorization/policyAssignments/base\",\"exemptionCategory\":\"Waiver\","
        "\"expiresOn\":\"2026-02-01T00:00:00Z\"}}");
    CHECK_STR(posture_fixture_status(f, a, "closed"), "NotApplicable Exempt");
    CHECK(share(f) == 0);
    f->env.now += DAYS(60);
    posture_fixture_put(f, a, "{\"properties\":{\"open\":true,\"x\":1}}");
    CHECK_STR(posture_fixture_status(f, a, "closed"), "Unhealthy");
}

TEST(deny_refuses_a_put_and_says_which_policy)
{
    AUTO(posture_fixture) f = posture_fixture_new();
    const char *a = posture_fixture_thing(f, "a");

    posture_fixture_define(f, "closed", "Enable MFA", OPEN);
    posture_fixture_object(
        f, FIXTURE_SUB "/providers/Microsoft.Authorization/policyAssignments/base",
        "{\"properties\":{\"displayName\":\"Base\",\"parameters\":{\"effect\":{\"value\":\"deny\"}},"
        "\"policyDefinitionId\":\"" FIXTURE_SUB
        "/providers/Microsoft.Authorization/policyDefinitions/closed\"}}");
    CHECK_STR(posture_fixture_put_refused(f, a, "{\"properties\":{\"open\":true}}"),
              "Resource 'a' was disallowed by policy. Policy: 'closed', assignment 'Base'.");
    posture_fixture_put(f, a, "{\"properties\":{\"open\":false}}");
}

TEST(what_is_wrong_with_an_object_is_said)
{
    AUTO(posture_fixture) f = posture_fixture_new();
    const char *set = FIXTURE_SUB "/providers/Microsoft.Authorization/policySetDefinitions/s";

    posture_fixture_define(f, "closed", "Enable MFA", OPEN);
    CHECK_STR(posture_fixture_object_refused(
                  f, set,
                  "{\"properties\":{\"policyDefinitions\":[{\"policyDefinitionId\":\"" FIXTURE_SUB
                  "/providers/Microsoft.Authorization/policySetDefinitions/s\"}]}}"),
              "member 1: an initiative holds definitions, not initiatives: '" FIXTURE_SUB
              "/providers/Microsoft.Authorization/policySetDefinitions/s' could lead back to this one");
    CHECK(str_contains(
        str_of(posture_fixture_object_refused(
            f, FIXTURE_SUB "/providers/Microsoft.Authorization/policyDefinitions/d",
            "{\"properties\":{\"policyRule\":{\"if\":{\"field\":\"type\",\"equalz\":\"x\"},\"then\":"
            "{\"effect\":\"audit\"}}}}")),
        S("equalz")));
    CHECK_STR(posture_fixture_object_refused(
                  f, FIXTURE_SUB "/providers/Microsoft.Authorization/policyAssignments/a",
                  "{\"properties\":{\"policyDefinitionId\":\"" FIXTURE_SUB
                  "/providers/Microsoft.Authorization/policyDefinitions/"
                  "closed\",\"parameters\":{\"x\":{\"value\":1}}}}"),
              "the parameter 'x' is not declared by 'closed'");
}

TEST(changes_are_rows_and_a_document_that_says_the_same_is_none)
{
    AUTO(posture_fixture) f = posture_fixture_new();
    const char *a = posture_fixture_thing(f, "a");
    size_t      before = posture_fixture_rows(f, "ResourceChanges");

    posture_fixture_put(f, a, "{\"properties\":{\"open\":true,\"age\":1}}");
    posture_fixture_put(f, a, "{\"properties\":{\"age\":1,\"open\":true}}");
    CHECK_EQ(posture_fixture_rows(f, "ResourceChanges"), before + 1);
    posture_fixture_put(f, a, "{\"properties\":{\"open\":false,\"age\":1}}");
    CHECK_EQ(posture_fixture_rows(f, "ResourceChanges"), before + 2);
    CHECK_EQ(posture_fixture_rows(f, "ResourceInventory"), before + 2);
}

TEST(a_document_that_is_too_deep_or_too_long_is_refused_by_its_limit)
{
    AUTO(posture_fixture) f = posture_fixture_new();
    AUTO_STRBUF        text = STRBUF_INIT(16 << 20);
    const struct json *j;

    for (int i = 0; i < 1000; i++)
        strbuf_addz(&text, "[");
    for (int i = 0; i < 1000; i++)
        strbuf_addz(&text, "]");
    CHECK_EQ(json_parse(f->arena, strbuf_view(&text), &j, &f->err), RC_LIMIT);
    strbuf_clear(&text);
    strbuf_addz(&text, "{\"properties\":{\"x\":\"");
    for (int i = 0; i < 10 << 20; i += 16)
        strbuf_addz(&text, "0123456789abcdef");
    strbuf_addz(&text, "\"}}");
    CHECK(str_contains(str_of(posture_fixture_put_refused(f, posture_fixture_thing(f, "a"), text.p)),
                       S("the document of a resource is over 4194304 bytes")));
    CHECK_STR(posture_fixture_status(f, posture_fixture_thing(f, "a"), "closed"), "");
}

TEST(what_if_shows_the_score_after_a_planned_fix_and_the_fix_gives_that_score)
{
    AUTO(posture_fixture) f = posture_fixture_new();
    const struct posture_whatif_fix one = { .definition = S("closed") };
    struct posture_score            then;
    size_t                          fixed;

    posture_fixture_define(f, "closed", "Enable MFA", OPEN);
    posture_fixture_define(f, "young", "Enable MFA", OLD);
    posture_fixture_assign(f, "one", "closed", FIXTURE_SUB);
    posture_fixture_assign(f, "two", "young", FIXTURE_SUB);
    posture_fixture_put(f, posture_fixture_thing(f, "a"), "{\"properties\":{\"open\":true,\"age\":3}}");
    posture_fixture_put(f, posture_fixture_thing(f, "b"), "{\"properties\":{\"open\":true,\"age\":30}}");
    CHECK(share(f) == 0);
    CHECK_OK_ERR(posture_whatif_score(f->posture, S("11111111-1111-4111-8111-111111111111"), &one, 1, &then,
                                      &fixed, &f->err),
                 &f->err);
    CHECK_EQ(fixed, 2);
    CHECK(then.percentage > 0.499 && then.percentage < 0.501); /* b is too old still */
    CHECK(share(f) == 0);
    posture_fixture_put(f, posture_fixture_thing(f, "a"), "{\"properties\":{\"open\":false,\"age\":3}}");
    posture_fixture_put(f, posture_fixture_thing(f, "b"), "{\"properties\":{\"open\":false,\"age\":30}}");
    CHECK(share(f) == then.percentage);
}
