/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_select.h"

#include "tests/t.h"
#include "tests/unit/posture/posture_fixture.h"

#define DEFINITIONS "/providers/Microsoft.Authorization/policyDefinitions/"
#define SETS "/providers/Microsoft.Authorization/policySetDefinitions/"
#define ASSIGNMENTS "/providers/Microsoft.Authorization/policyAssignments/"

/* Two policies in an initiative: closed (effect a parameter) and low (effect fixed in its rule). */
static struct posture_fixture *house(void)
{
    struct posture_fixture *f = posture_fixture_new();

    posture_fixture_define(f, "closed", "mfa", "{\"field\":\"properties.open\",\"equals\":true}");
    posture_fixture_object(
        f, FIXTURE_SUB DEFINITIONS "low",
        "{\"properties\":{\"mode\":\"All\",\"policyRule\":{\"if\":{\"allOf\":[{\"field\":\"type\","
        "\"equals\":\"Test.Things/things\"},{\"field\":\"properties.height\",\"greater\":3}]},"
        "\"then\":{\"effect\":\"audit\"}}}}");
    posture_fixture_object(
        f, FIXTURE_SUB SETS "house",
        "{\"properties\":{\"policyDefinitions\":[{\"policyDefinitionId\":\"" FIXTURE_SUB         DEFINITIONS
        "closed\",\"policyDefinitionReferenceId\":\"c\"},{\"policyDefinitionId\":\"" FIXTURE_SUB DEFINITIONS
        "low\",\"policyDefinitionReferenceId\":\"l\"}]}}");
    return f;
}

static void assign(struct posture_fixture *f, const char *more)
{
    posture_fixture_object(
        f, FIXTURE_SUB ASSIGNMENTS "a1",
        arena_printf(f->arena, "{\"properties\":{\"policyDefinitionId\":\"" FIXTURE_SUB SETS "house\"%s}}",
                     more)
            .p);
}

static const char *place(struct posture_fixture *f, const char *name, const char *location)
{
    const char *id = posture_fixture_thing(f, name);
    posture_fixture_put(
        f, id, arena_printf(f->arena, "{%s\"properties\":{\"open\":true,\"height\":9}}", location).p);
    return id;
}

TEST(selectors_roll_an_assignment_out_by_place_and_type)
{
    AUTO(posture_fixture) f = house();
    const char *north = place(f, "n", "\"location\":\"north\","),
               *south = place(f, "s", "\"location\":\"south\",");
    const char *nowhere = place(f, "x", "");

    assign(f,
           ",\"resourceSelectors\":[{\"name\":\"first\",\"selectors\":[{\"kind\":\"resourceLocation\",\"in\":"
           "[\"North\",\"west\"]}]}]");
    CHECK_STR(posture_fixture_status(f, north, "closed"), "Unhealthy");
    CHECK_STR(posture_fixture_status(f, south, "closed"), "");
    CHECK_STR(posture_fixture_status(f, nowhere, "closed"), "");

    assign(f, ",\"resourceSelectors\":[{\"selectors\":[{\"kind\":\"resourceLocation\",\"notIn\":[\"north\"]},"
              "{\"kind\":\"resourceType\",\"in\":[\"Test.Things/THINGS\"]}]},{\"selectors\":[{\"kind\":"
              "\"resourceType\",\"in\":[\"Test.Things/others\"]}]}]");
    CHECK_STR(posture_fixture_status(f, north, "closed"), "");
    CHECK_STR(posture_fixture_status(f, south, "closed"), "Unhealthy");

    assign(f, ",\"resourceSelectors\":[{\"selectors\":[{\"kind\":\"resourceWithoutLocation\",\"in\":"
              "[\"subscriptionLevelResources\"]}]}]");
    CHECK_STR(posture_fixture_status(f, south, "closed"), "");
    CHECK_STR(posture_fixture_status(f, nowhere, "closed"), "Unhealthy");
}

TEST(what_lies_in_notScopes_is_left_alone)
{
    AUTO(posture_fixture) f = house();
    const char *a = place(f, "a", ""), *b = place(f, "b", "");

    assign(f, arena_printf(f->arena, ",\"notScopes\":[\"%s\"]", a).p);
    CHECK_STR(posture_fixture_status(f, a, "closed"), "");
    CHECK_STR(posture_fixture_status(f, b, "closed"), "Unhealthy");
    assign(f, ",\"notScopes\":[\"" FIXTURE_GROUP "\"]");
    CHECK_STR(posture_fixture_status(f, b, "closed"), "");
}

TEST(overrides_change_effects_of_parameters_and_of_rules_for_those_they_select)
{
    AUTO(posture_fixture) f = house();
    const char *north = place(f, "n", "\"location\":\"north\",");

    assign(f, ",\"overrides\":[{\"kind\":\"policyEffect\",\"value\":\"disabled\",\"selectors\":[{\"kind\":"
              "\"policyDefinitionReferenceId\",\"in\":[\"c\"]}]}]");
    CHECK_STR(posture_fixture_status(f, north, "closed"), "");
    CHECK_STR(posture_fixture_status(f, north, "low"), "Unhealthy");

    assign(f, ",\"overrides\":[{\"kind\":\"policyEffect\",\"value\":\"deny\",\"selectors\":[{\"kind\":"
              "\"policyDefinitionReferenceId\",\"in\":[\"l\"]},{\"kind\":\"resourceLocation\",\"in\":["
              "\"south\"]}]}]");
    CHECK_STR(posture_fixture_status(f, north, "closed"), "Unhealthy");
    place(f, "n2", "\"location\":\"north\",");
    CHECK(strstr(posture_fixture_put_refused(f, posture_fixture_thing(f, "s"),
                                             "{\"location\":\"south\",\"properties\":{\"height\":9}}"),
                 "disallowed by policy"));
    posture_fixture_put(f, posture_fixture_thing(f, "s"),
                        "{\"location\":\"south\",\"properties\":{\"height\":3}}");
}

TEST(selectors_and_overrides_that_say_nothing_are_refused)
{
    static const char *const cases[][2] = {
        { "\"resourceSelectors\":[{\"selectors\":[{\"kind\":\"colour\",\"in\":[]}]}]",
          "a selector's kind is resourceLocation or resourceType, not 'colour'" },
        { "\"resourceSelectors\":[{\"selectors\":[{\"kind\":\"resourceType\"}]}]",
          "a selector has either in or notIn" },
        { "\"resourceSelectors\":[{\"selectors\":[{\"kind\":\"resourceType\",\"in\":[],\"notIn\":[]}]}]",
          "a selector has either in or notIn" },
        { "\"resourceSelectors\":[{\"selectors\":[{\"kind\":\"resourceType\",\"in\":[]},{\"kind\":"
          "\"resourceType\","
          "\"notIn\":[]}]}]",
          "selectors that belong together are each of another kind" },
        { "\"overrides\":[{\"kind\":\"colour\",\"value\":\"deny\"}]",
          "an override's kind is policyEffect or definitionVersion, not 'colour'" },
        { "\"overrides\":[{\"kind\":\"policyEffect\",\"value\":\"shout\"}]", "'shout' is no effect" },
        { "\"overrides\":[{\"kind\":\"definitionVersion\",\"value\":\"1\"}]",
          "definitionVersion is 1.*.*, 1.2.* or 1.2.0, and -preview behind it where previews are wanted, not "
          "'1'" },
        { "\"overrides\":[{\"kind\":\"policyEffect\",\"value\":\"x\"},1,2,3,4,5,6,7,8,9,10]",
          "at most 10 resource selectors and 10 overrides" },
    };
    AUTO(posture_fixture) f = house();

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK_STR(
            posture_fixture_object_refused(
                f, FIXTURE_SUB ASSIGNMENTS "a1",
                arena_printf(f->arena,
                             "{\"properties\":{\"policyDefinitionId\":\"" FIXTURE_SUB SETS "house\",%s}}",
                             cases[i][0])
                    .p),
            cases[i][1]);
}
