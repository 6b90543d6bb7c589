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
