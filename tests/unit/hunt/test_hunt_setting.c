/* SPDX-License-Identifier: Apache-2.0 */
#include "hunt/hunt_setting.h"

#include "tests/unit/hunt/desk.h"

static enum rc put(struct desk *d, const char *who, const char *name, const char *body, str etag,
                   struct hunt_setting *out)
{
    const struct hunt_setting_put p = {
        .name = str_of(name), .properties = desk_json(d, body), .if_match = etag, .by = desk_by(who, NULL)
    };
    return hunt_setting_put(&d->hunt, &p, d->a, out, NULL);
}

TEST(a_setting_is_its_owner_s_alone_and_empty_before_it_is_put)
{
    struct desk        *d = desk_open();
    struct hunt_setting s;

    CHECK_OK(hunt_setting_get(&d->hunt, S("ann"), S("notices"), d->a, &s, NULL));
    CHECK(!s.properties && !s.etag.n);
    CHECK_OK(put(d, "ann", "notices", "{\"read\":[\"a\"]}", STR_NONE, &s));
    CHECK_OK(hunt_setting_get(&d->hunt, S("eve"), S("notices"), d->a, &s, NULL));
    CHECK(!s.properties);
    CHECK_OK(hunt_setting_get(&d->hunt, S("ann"), S("notices"), d->a, &s, NULL));
    CHECK(json_get(s.properties, S("read")));
    CHECK_EQ(hunt_setting_delete(&d->hunt, S("eve"), S("notices"), STR_NONE, NULL), RC_NOT_FOUND);
    CHECK_OK(hunt_setting_delete(&d->hunt, S("ann"), S("notices"), STR_NONE, NULL));
    desk_close(d);
}

TEST(two_tabs_do_not_lose_each_other_s_setting)
{
    struct desk        *d = desk_open();
    struct hunt_setting first, s;

    CHECK_OK(put(d, "ann", "notices", "{\"n\":1}", STR_NONE, &first));
    CHECK_OK(put(d, "ann", "notices", "{\"n\":2}", first.etag, &s));
    CHECK_EQ(put(d, "ann", "notices", "{\"n\":3}", first.etag, &s), RC_STALE);
    CHECK_OK(hunt_setting_get(&d->hunt, S("ann"), S("notices"), d->a, &s, NULL));
    CHECK_EQ(json_i64(s.properties, S("n"), 0), 2);
    desk_close(d);
}

TEST(a_setting_has_bounds)
{
    struct desk        *d = desk_open();
    struct hunt_setting s;
    char                name[80], *big = arena_alloc(d->a, HUNT_SETTING_BYTES + 64);

    CHECK_EQ(put(d, "ann", "", "{}", STR_NONE, &s), RC_INVALID);
    CHECK_EQ(put(d, "ann", "No/Path", "{}", STR_NONE, &s), RC_INVALID);
    CHECK_EQ(put(d, "ann", "list", "[]", STR_NONE, &s), RC_INVALID);
    int n = snprintf(big, HUNT_SETTING_BYTES + 64, "{\"x\":\"%*s\"}", HUNT_SETTING_BYTES, "y");
    CHECK(n > HUNT_SETTING_BYTES);
    CHECK_EQ(put(d, "ann", "big", big, STR_NONE, &s), RC_LIMIT);
    for (int i = 0; i < HUNT_SETTING_OF_USER; i++) {
        snprintf(name, sizeof name, "s%d", i);
        CHECK_OK(put(d, "ann", name, "{}", STR_NONE, &s));
    }
    CHECK_EQ(put(d, "ann", "more", "{}", STR_NONE, &s), RC_LIMIT);
    CHECK_OK(put(d, "eve", "more", "{}", STR_NONE, &s));
    desk_close(d);
}
