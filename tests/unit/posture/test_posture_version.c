/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_version.h"

#include "tests/t.h"
#include "tests/unit/posture/posture_fixture.h"

#define DEFINITIONS "/providers/Microsoft.Authorization/policyDefinitions/"
#define SETS "/providers/Microsoft.Authorization/policySetDefinitions/"
#define ASSIGNMENTS "/providers/Microsoft.Authorization/policyAssignments/"

TEST(a_range_takes_what_it_does_not_pin_and_previews_only_when_it_says_so)
{
    static const struct {
        const char *range, *version;
        bool        fits;
    } cases[] = {
        { "1.*.*", "1.0.0", true },
        { "1.*.*", "1.9.12", true },
        { "1.*.*", "2.0.0", false },
        { "1.2.*", "1.2.7", true },
        { "1.2.*", "1.3.0", false },
        { "1.2.3", "1.2.3", true },
        { "1.2.3", "1.2.4", false },
        { "1.*.*", "1.1.0-preview", false },
        { "1.*.*-preview", "1.1.0", true },
        { "1.*.*-preview", "1.1.0-PREVIEW", true },
        { "1.*.*-preview", "1.1.0-deprecated", false },
        { "1.*.*-preview", "2.0.0-preview", false },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK_EQ(posture_version_fits(str_of(cases[i].range), str_of(cases[i].version)), cases[i].fits);
}

TEST(what_is_no_range_or_no_version_is_refused)
{
    static const char *const ranges[] = { "",        "1",          "1.*",    "*.*.*", "1.*.3",
                                          "1.2.3.4", "1.*.*-beta", "1.*.*-", "a.b.c", "1..2" };
    static const char *const versions[] = { "",       "1.2",     "1.*.*",         "1.2.3-",
                                            "-1.2.3", "1.2.3.4", "9999999999.0.0" };

    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        CHECK_EQ(posture_version_check_range(str_of(ranges[i]), NULL), RC_INVALID);
    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++)
        CHECK_EQ(posture_version_check(str_of(versions[i]), NULL), RC_INVALID);
    CHECK_OK(posture_version_check_range(S("12.*.*-preview"), NULL));
}

TEST(versions_are_in_order_of_their_numbers_and_a_preview_is_before_its_version)
{
    static const char *const order[] = { "no version",     "1.2.9",  "1.10.0-alpha",
                                         "1.10.0-preview", "1.10.0", "2.0.0" };

    for (size_t i = 0; i + 1 < sizeof order / sizeof order[0]; i++) {
        CHECK(posture_version_compare(str_of(order[i]), str_of(order[i + 1])) < 0);
        CHECK(posture_version_compare(str_of(order[i + 1]), str_of(order[i])) > 0);
    }
    CHECK_EQ(posture_version_compare(S("1.0.0"), S("1.0.0")), 0);
}

/* Version 1 minds an open thing, version 2 a tall one. */
static void define(struct posture_fixture *f, const char *version, const char *condition)
{
    posture_fixture_object(
        f, FIXTURE_SUB DEFINITIONS "doors",
        arena_printf(
            f->arena,
            "{\"properties\":{\"displayName\":\"doors\",\"mode\":\"All\",\"version\":\"%s\",\"policyRule\":"
            "{\"if\":{\"allOf\":[{\"field\":\"type\",\"equals\":\"Test.Things/things\"},%s]},\"then\":"
            "{\"effect\":\"audit\"}}}}",
            version, condition)
            .p);
}

static void assign(struct posture_fixture *f, const char *definition, const char *more)
{
    posture_fixture_object(
        f, FIXTURE_SUB ASSIGNMENTS "a1",
        arena_printf(f->arena, "{\"properties\":{\"policyDefinitionId\":\"%s\"%s}}", definition, more).p);
}

static struct posture_fixture *two_versions(void)
{
    struct posture_fixture *f = posture_fixture_new();

    define(f, "1.4.0", "{\"field\":\"properties.open\",\"equals\":true}");
    define(f, "2.0.0", "{\"field\":\"properties.height\",\"greater\":3}");
    posture_fixture_put(f, posture_fixture_thing(f, "open"), "{\"properties\":{\"open\":true,\"height\":1}}");
    return f;
}

static const char *status(struct posture_fixture *f)
{
    return posture_fixture_status(f, posture_fixture_thing(f, "open"), "doors");
}

TEST(an_assignment_judges_by_the_version_that_it_pins)
{
    AUTO(posture_fixture) f = two_versions();

    assign(f, FIXTURE_SUB DEFINITIONS "doors", "");
    CHECK_STR(status(f), "Healthy");
    assign(f, FIXTURE_SUB DEFINITIONS "doors", ",\"definitionVersion\":\"1.*.*\"");
    CHECK_STR(status(f), "Unhealthy");
    define(f, "2.1.0", "{\"field\":\"properties.height\",\"greater\":0}");
    CHECK_STR(status(f), "Unhealthy");
    assign(f, FIXTURE_SUB DEFINITIONS "doors", ",\"definitionVersion\":\"2.0.*\"");
    CHECK_STR(status(f), "Healthy");
    CHECK_STR(
        posture_fixture_object_refused(f, FIXTURE_SUB ASSIGNMENTS "a2",
                                       "{\"properties\":{\"policyDefinitionId\":\"" FIXTURE_SUB DEFINITIONS
                                       "doors\",\"definitionVersion\":\"3.*.*\"}}"),
        "version 3.*.* of 'doors' is asked for, and what is here is 2.1.0, 2.0.0, 1.4.0");
}

TEST(an_initiative_pins_its_members_and_an_assignment_may_override_that)
{
    AUTO(posture_fixture) f = two_versions();

    posture_fixture_object(
        f, FIXTURE_SUB SETS "house",
        "{\"properties\":{\"policyDefinitions\":[{\"policyDefinitionId\":\"" FIXTURE_SUB DEFINITIONS
        "doors\",\"policyDefinitionReferenceId\":\"d\",\"definitionVersion\":\"1.*.*\"}]}}");
    assign(f, FIXTURE_SUB SETS "house", "");
    CHECK_STR(status(f), "Unhealthy");
    assign(f, FIXTURE_SUB SETS "house",
           ",\"overrides\":[{\"kind\":\"definitionVersion\",\"value\":\"2.*.*\",\"selectors\":[{\"kind\":"
           "\"policyDefinitionReferenceId\",\"in\":[\"d\"]}]}]");
    CHECK_STR(status(f), "Healthy");
    assign(f, FIXTURE_SUB SETS "house",
           ",\"overrides\":[{\"kind\":\"definitionVersion\",\"value\":\"4.*.*\"}]");
    CHECK_STR(status(f), "NotApplicable NotMeasured");
}

static struct posture_versions versions(struct posture_fixture *f)
{
    const struct posture_key key = { POSTURE_DEFINITION, S(FIXTURE_SUB), S("doors") };
    struct posture_object    o;
    struct posture_versions  all;

    CHECK_OK_ERR(posture_object_get(f->posture, &key, f->arena, &o, &f->err), &f->err);
    CHECK_OK_ERR(posture_version_list(f->posture, &o, f->arena, &all, &f->err), &f->err);
    return all;
}

TEST(a_version_is_put_and_taken_away_by_its_name)
{
    AUTO(posture_fixture) f = two_versions();
    const struct posture_key  key = { POSTURE_DEFINITION, S(FIXTURE_SUB), S("doors") };
    const struct json        *body = versions(f).v[0].properties;
    const struct json_member  outer = { S("properties"), *body };
    const struct json         whole = { .kind = JSON_OBJECT, .n = 1, .members = &outer };
    struct posture_object_put put = { .key = key, .body = &whole, .who = S("anna") };
    struct posture_object     o;

    CHECK_OK_ERR(posture_version_put(f->posture, &put, S("1.0.0"), f->arena, &o, &f->err), &f->err);
    CHECK(o.is_new);
    CHECK_OK_ERR(posture_version_put(f->posture, &put, S("3.0.0-preview"), f->arena, &o, &f->err), &f->err);
    CHECK_EQ(versions(f).n, 4);
    CHECK_SEQ(posture_version_of(&versions(f).v[0]), S("3.0.0-preview"));
    CHECK_SEQ(posture_version_of(&versions(f).v[3]), S("1.0.0"));

    CHECK_OK_ERR(posture_version_delete(f->posture, &key, S("3.0.0-preview"), S("anna"), f->arena, &f->err),
                 &f->err);
    CHECK_OK_ERR(posture_version_delete(f->posture, &key, S("1.4.0"), S("anna"), f->arena, &f->err), &f->err);
    CHECK_EQ(versions(f).n, 2);
    CHECK_SEQ(posture_version_of(&versions(f).v[0]), S("2.0.0"));
    CHECK_EQ(posture_version_delete(f->posture, &key, S("1.4.0"), S("anna"), f->arena, &f->err),
             RC_NOT_FOUND);
    CHECK_OK_ERR(posture_version_delete(f->posture, &key, S("1.0.0"), S("anna"), f->arena, &f->err), &f->err);
    CHECK_EQ(posture_version_delete(f->posture, &key, S("2.0.0"), S("anna"), f->arena, &f->err), RC_CONFLICT);
    CHECK_EQ(posture_version_put(f->posture, &put, S("2"), f->arena, &o, &f->err), RC_INVALID);
}
