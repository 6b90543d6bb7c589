/* SPDX-License-Identifier: Apache-2.0 */
#include "hunt/hunt_view.h"

#include "tests/unit/hunt/desk.h"

static enum rc put(struct desk *d, const char *who, const char *name, const char *props,
                   struct hunt_view *out, bool *created)
{
    const struct hunt_view_put p = { .name = str_of(name),
                                     .properties = desk_json(d, props),
                                     .by = desk_by(who, NULL) };
    return hunt_view_put(&d->hunt, &p, d->a, out, created, NULL);
}

#define VIEW(shared)                                                                                         \
    "{\"displayName\":\"v\",\"page\":\"incidents\",\"shared\":" shared ",\"definition\":{\"search\":\"x\"}}"

TEST(a_view_that_becomes_shared_moves_and_its_default_stays)
{
    struct desk       *d = desk_open();
    struct hunt_view   v;
    bool               created;
    struct incident_by ann = desk_by("ann", NULL), eve = desk_by("eve", NULL);

    CHECK_OK(put(d, "ann", "mine", VIEW("false"), &v, &created));
    CHECK(created && !v.shared && !v.is_default);
    CHECK_OK(hunt_view_default(&d->hunt, &ann, S("incidents"), S("mine"), NULL));
    CHECK_EQ(hunt_view_default(&d->hunt, &eve, S("incidents"), S("mine"), NULL), RC_NOT_FOUND);
    CHECK_EQ(hunt_view_default(&d->hunt, &ann, S("alerts"), S("mine"), NULL), RC_INVALID);
    CHECK_OK(put(d, "ann", "mine", VIEW("true"), &v, &created));
    CHECK(!created && v.shared && v.is_default);
    CHECK_OK(hunt_view_get(&d->hunt, S("eve"), S("mine"), d->a, &v, NULL));
    CHECK(v.shared && !v.is_default);
    CHECK_EQ(hunt_view_delete(&d->hunt, S("ann"), S("mine"), false, NULL), RC_NOT_FOUND);
    CHECK_OK(hunt_view_delete(&d->hunt, S("ann"), S("mine"), true, NULL));
    desk_close(d);
}

TEST(a_view_without_its_parts_is_refused)
{
    static const char *const WRONG[] = { "{\"page\":\"incidents\",\"definition\":{}}",
                                         "{\"displayName\":\"v\",\"definition\":{}}",
                                         "{\"displayName\":\"v\",\"page\":\"incidents\"}",
                                         "{\"displayName\":\"v\",\"page\":\"incidents\",\"definition\":[]}" };
    struct desk             *d = desk_open();
    struct hunt_view         v;
    bool                     created;

    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++)
        CHECK_EQ(put(d, "ann", "x", WRONG[i], &v, &created), RC_INVALID);
    desk_close(d);
}
