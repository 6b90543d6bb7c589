/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_fix.h"

#include "posture/posture_connector.h"
#include "tests/t.h"
#include "tests/unit/posture/posture_fixture.h"

/* The test connector: one thing of a made-up cloud, whose state stands here. */
struct cloud {
    struct arena *a;
    const char   *document; /* NULL: it is gone */
    bool          stubborn; /* takes changes and does not make them */
    bool          broken;
};

static enum rc discover(void *ctx, const struct posture_sink *sink, struct err *err)
{
    struct cloud      *c = ctx;
    const struct json *j;

    if (c->broken)
        return err_set(err, RC_UNAVAILABLE, "the cloud does not answer");
    if (!c->document)
        return RC_OK;
    TRY(json_parse(c->a, str_of(c->document), &j, err));
    return sink->put(sink->ctx, S(FIXTURE_GROUP "/providers/Test.Things/things/far"), j, err);
}

static enum rc apply(void *ctx, str id, const struct json *document, struct err *err)
{
    struct cloud *c = ctx;
    AUTO_STRBUF   text = STRBUF_INIT(65536);

    (void)id;
    (void)err;
    json_print(&text, document, 0);
    if (!c->stubborn)
        c->document = arena_str(c->a, strbuf_view(&text)).p;
    return RC_OK;
}

static struct posture_connector connector(struct cloud *c)
{
    return (struct posture_connector) {
        .name = "cloud", .doc = "a test", .ctx = c, .discover = discover, .apply = apply
    };
}

/* Unhealthy while open; the fix closes it. */
static void define(struct posture_fixture *f)
{
    posture_fixture_object(
        f, FIXTURE_SUB "/providers/Microsoft.Authorization/policyDefinitions/closed",
        "{\"properties\":{\"displayName\":\"Doors should be "
        "closed\",\"mode\":\"All\",\"metadata\":{\"severity\":\"High\","
        "\"securityControl\":\"Enable "
        "MFA\",\"fix\":{\"kind\":\"patch\",\"set\":[{\"path\":\"properties.open\",\"value\":"
        "false}]}},\"policyRule\":{\"if\":{\"allOf\":[{\"field\":\"type\",\"equals\":\"Test.Things/"
        "things\"},{\"field\":"
        "\"Test.Things/things/open\",\"equals\":true}]},\"then\":{\"effect\":\"audit\"}}}}");
    posture_fixture_assign(f, "base", "closed", FIXTURE_SUB);
}

static struct posture_fix fixed(struct posture_fixture *f, const char *resource)
{
    const struct posture_fix_request r = { .resource = str_of(resource),
                                           .definition = S("closed"),
                                           .who = S("anna") };
    struct posture_fix               x = { 0 };

    CHECK_OK_ERR(posture_fix_apply(f->posture, &r, f->arena, &x, &f->err), &f->err);
    return x;
}

TEST(a_fix_shows_its_changes_makes_them_proves_itself_and_can_be_taken_back)
{
    AUTO(posture_fixture) f = posture_fixture_new();
    const char                      *a = posture_fixture_thing(f, "a");
    const struct posture_fix_request r = { .resource = str_of(a),
                                           .definition = S("closed"),
                                           .who = S("anna") };
    const struct json               *document;
    struct posture_resource_result   put;
    struct posture_fix               x;
    str                              diff;

    define(f);
    CHECK_OK(json_parse(f->arena, S("{\"properties\":{\"open\":true,\"age\":3}}"), &document, NULL));
    CHECK_OK_ERR(
        posture_resource_put(f->posture,
                             &(struct posture_resource_put) {
                                 .id = str_of(a), .document = document, .source = S("arm"), .who = S("x") },
                             f->arena, &put, &f->err),
        &f->err);
    CHECK_OK_ERR(posture_fix_preview(f->posture, &r, f->arena, &diff, &f->err), &f->err);
    CHECK_SEQ(diff, S("{\"changes\":{\"properties.open\":{\"changeType\":\"Update\",\"previousValue\":true,"
                      "\"newValue\":false}}}"));
    CHECK_STR(posture_fixture_status(f, a, "closed"), "Unhealthy");
    x = fixed(f, a);
    CHECK_SEQ(x.status, S("Succeeded"));
    CHECK_EQ(x.before, POSTURE_UNHEALTHY);
    CHECK_EQ(x.after, POSTURE_HEALTHY);
    CHECK_STR(posture_fixture_status(f, a, "closed"), "Healthy");
    CHECK_EQ(posture_fix_apply(f->posture, &r, f->arena, &x, &f->err), RC_CONFLICT);
    CHECK_OK_ERR(posture_fix_undo(f->posture, x.id, S("ben"), f->arena, &x, &f->err), &f->err);
    CHECK_SEQ(x.status, S("Undone"));
    CHECK_STR(posture_fixture_status(f, a, "closed"), "Unhealthy");
    CHECK_EQ(posture_fix_undo(f->posture, x.id, S("ben"), f->arena, &x, &f->err), RC_CONFLICT);
}

TEST(what_came_from_elsewhere_is_not_ours_to_change)
{
    AUTO(posture_fixture) f = posture_fixture_new();
    const char                      *a = posture_fixture_thing(f, "a");
    const struct posture_fix_request r = { .resource = str_of(a), .definition = S("closed") };
    struct posture_fix               x;

    define(f);
    posture_fixture_put(f, a, "{\"properties\":{\"open\":true}}");
    CHECK_EQ(posture_fix_apply(f->posture, &r, f->arena, &x, &f->err), RC_UNSUPPORTED);
    CHECK_STR(
        f->err.text,
        "the resource came from 'test' and can be changed only there: follow the recommendation's steps");
}

TEST(a_connector_discovers_carries_fixes_out_and_takes_away_what_it_no_longer_sees)
{
    AUTO(posture_fixture) f = posture_fixture_new();
    struct cloud             cloud = { .a = f->arena, .document = "{\"properties\":{\"open\":true}}" };
    struct posture_connector c = connector(&cloud);
    struct posture_discovery found;
    const char              *far = posture_fixture_thing(f, "far");

    define(f);
    posture_connect(f->posture, &c);
    CHECK_OK_ERR(posture_connector_run(f->posture, &c, &found, &f->err), &f->err);
    CHECK_EQ(found.created, 1);
    CHECK_STR(posture_fixture_status(f, far, "closed"), "Unhealthy");
    CHECK_SEQ(fixed(f, far).status, S("Succeeded"));
    CHECK(str_contains(str_of(cloud.document), S("\"open\":false")));

    f->env.now += HOURS(1);
    cloud.broken = true;
    CHECK_EQ(posture_connector_run(f->posture, &c, &found, &f->err), RC_UNAVAILABLE);
    CHECK_STR(posture_fixture_status(f, far, "closed"), "Healthy");
    cloud.broken = false;
    cloud.document = NULL;
    CHECK_OK_ERR(posture_connector_run(f->posture, &c, &found, &f->err), &f->err);
    CHECK_EQ(found.gone, 1);
    CHECK_STR(posture_fixture_status(f, far, "closed"), "");
}

/* --- deployments --- */

#define WATCHED "/providers/Microsoft.Authorization/policyDefinitions/watched"

static void put_arm(struct posture_fixture *f, const char *id, const char *document)
{
    struct posture_resource_result out;
    struct posture_resource_put    put = { .id = str_of(id), .source = S("arm"), .who = S("anna") };

    CHECK_OK(json_parse(f->arena, str_of(document), &put.document, NULL));
    CHECK_OK_ERR(posture_resource_put(f->posture, &put, f->arena, &out, &f->err), &f->err);
}

/* Each thing wants an alarm of its name. */
static void define_deployment(struct posture_fixture *f, const char *properties)
{
    const char *body =
        arena_printf(
            f->arena,
            "{\"properties\":{\"displayName\":\"Things should have an alarm\",\"mode\":\"All\","
            "\"metadata\":{\"severity\":\"High\",\"securityControl\":\"Enable MFA\"},"
            "\"policyRule\":{\"if\":{\"field\":\"type\",\"equals\":\"Test.Things/things\"},\"then\":{"
            "\"effect\":\"deployIfNotExists\",\"details\":{\"type\":\"Test.Things/alarms\",\"name\":"
            "\"[field('name')]\",\"existenceCondition\":{\"field\":\"Test.Things/alarms/on\",\"equals\":"
            "true},\"deployment\":{\"properties\":{\"mode\":\"incremental\",\"parameters\":{\"name\":{"
            "\"value\":\"[field('name')]\"}},\"template\":{\"parameters\":{\"name\":{}},\"resources\":[{"
            "\"type\":\"Test.Things/alarms\",\"name\":\"[parameters('name')]\",\"properties\":%s}]}}}}}}}}",
            properties)
            .p;
    posture_fixture_object(f, FIXTURE_SUB WATCHED, body);
    posture_fixture_assign(f, "watch", "watched", FIXTURE_SUB);
    put_arm(f, FIXTURE_GROUP "/providers/Test.Things/alarms/other", "{\"properties\":{\"on\":false}}");
    put_arm(f, posture_fixture_thing(f, "a"), "{\"properties\":{}}");
}

static bool is_there(struct posture_fixture *f, const char *id, str *text)
{
    struct posture_resource r;
    bool there = posture_resource_get(f->posture, str_of(id), f->arena, &r, &f->err) == RC_OK;
    *text = there ? r.text : S("");
    return there;
}

TEST(a_deployment_shows_what_it_would_make_makes_it_and_can_be_taken_back)
{
    AUTO(posture_fixture) f = posture_fixture_new();
    const char *a = posture_fixture_thing(f, "a"), *alarm = FIXTURE_GROUP "/providers/Test.Things/alarms/a";
    const struct posture_fix_request r = { .resource = str_of(a),
                                           .definition = S("watched"),
                                           .who = S("anna") };
    struct posture_fix               x;
    str                              diff, text;

    define_deployment(f, "{\"on\":true,\"of\":\"[parameters('name')]\"}");
    CHECK_STR(posture_fixture_status(f, a, "watched"), "Unhealthy");
    CHECK_OK_ERR(posture_fix_preview(f->posture, &r, f->arena, &diff, &f->err), &f->err);
    CHECK(str_contains(diff, S("\"changeType\":\"Create\"")) && str_contains(diff, str_of(alarm)));
    CHECK(!is_there(f, alarm, &text));

    CHECK_OK_ERR(posture_fix_apply(f->posture, &r, f->arena, &x, &f->err), &f->err);
    CHECK_SEQ(x.status, S("Succeeded"));
    CHECK_EQ(x.after, POSTURE_HEALTHY);
    CHECK(is_there(f, alarm, &text) && str_contains(text, S("\"of\":\"a\"")));
    CHECK_STR(posture_fixture_status(f, a, "watched"), "Healthy");

    CHECK_OK_ERR(posture_fix_undo(f->posture, x.id, S("anna"), f->arena, &x, &f->err), &f->err);
    CHECK(!is_there(f, alarm, &text));
    CHECK_STR(posture_fixture_status(f, a, "watched"), "Unhealthy");
}

TEST(a_deployment_into_what_is_there_changes_only_what_it_names)
{
    AUTO(posture_fixture) f = posture_fixture_new();
    const char *a = posture_fixture_thing(f, "a"), *alarm = FIXTURE_GROUP "/providers/Test.Things/alarms/a";
    const struct posture_fix_request r = { .resource = str_of(a),
                                           .definition = S("watched"),
                                           .who = S("anna") };
    struct posture_fix               x;
    str                              text;

    define_deployment(f, "{\"on\":true}");
    put_arm(f, alarm, "{\"properties\":{\"on\":false,\"tone\":\"low\"}}");
    CHECK_OK_ERR(posture_fix_apply(f->posture, &r, f->arena, &x, &f->err), &f->err);
    CHECK_SEQ(x.status, S("Succeeded"));
    CHECK(str_contains(x.diff, S("\"changeType\":\"Modify\"")));
    CHECK(is_there(f, alarm, &text) && str_contains(text, S("\"tone\":\"low\"")));
    CHECK_OK_ERR(posture_fix_undo(f->posture, x.id, S("anna"), f->arena, &x, &f->err), &f->err);
    CHECK(is_there(f, alarm, &text) && str_contains(text, S("\"on\":false")));
}

TEST(a_deployment_that_does_not_help_is_taken_back_and_one_of_a_far_cloud_is_refused)
{
    AUTO(posture_fixture) f = posture_fixture_new();
    const char *a = posture_fixture_thing(f, "a"), *alarm = FIXTURE_GROUP "/providers/Test.Things/alarms/a";
    const struct posture_fix_request r = { .resource = str_of(a),
                                           .definition = S("watched"),
                                           .who = S("anna") };
    struct posture_fix               x;
    str                              text;

    define_deployment(f, "{\"on\":false}");
    CHECK_OK_ERR(posture_fix_apply(f->posture, &r, f->arena, &x, &f->err), &f->err);
    CHECK_SEQ(x.status, S("Failed"));
    CHECK(!is_there(f, alarm, &text));

    struct cloud                     c = { .a = f->arena, .document = "{\"properties\":{}}" };
    const struct posture_connector   k = connector(&c);
    struct posture_discovery         seen;
    const struct posture_fix_request far = { .resource = S(FIXTURE_GROUP "/providers/Test.Things/things/far"),
                                             .definition = S("watched"),
                                             .who = S("anna") };
    posture_connect(f->posture, &k);
    CHECK_OK_ERR(
        posture_connector_run(f->posture, posture_connector_find(f->posture, S("cloud")), &seen, &f->err),
        &f->err);
    CHECK_EQ(posture_fix_apply(f->posture, &far, f->arena, &x, &f->err), RC_UNSUPPORTED);
    CHECK(strstr(f->err.text, "would have to be deployed to 'cloud'") != NULL);
}
