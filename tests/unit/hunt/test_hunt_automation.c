/* SPDX-License-Identifier: Apache-2.0 */
#include "hunt/hunt_automation.h"

#include "tests/unit/hunt/desk.h"

static enum rc put(struct desk *d, const char *name, const char *props)
{
    const struct hunt_object_put p = { .key = { .name = str_of(name) }, .by = desk_by("ann", NULL) };
    struct hunt_object           o;
    bool                         created;

    return hunt_automation_put(&d->hunt, &p, desk_json(d, props), d->a, &o, &created, NULL);
}

#define RULE(order, trigger, actions)                                                                        \
    "{\"displayName\":\"r\",\"order\":" order ",\"triggeringLogic\":" trigger ",\"actions\":" actions "}"
#define TRIGGER "{\"isEnabled\":true,\"triggersOn\":\"Alerts\",\"triggersWhen\":\"Created\"}"
#define ACTIONS "[{\"order\":1,\"actionType\":\"RunPlaybook\"}]"

TEST(rules_come_in_their_order_and_then_by_name)
{
    struct desk        *d = desk_open();
    struct hunt_object *list;
    size_t              n;

    CHECK_OK(put(d, "c", RULE("2", TRIGGER, ACTIONS)));
    CHECK_OK(put(d, "b", RULE("10", TRIGGER, ACTIONS)));
    CHECK_OK(put(d, "a", RULE("10", TRIGGER, ACTIONS)));
    CHECK_OK(hunt_automation_list(&d->hunt, d->a, &list, &n, NULL));
    CHECK_EQ(n, 3);
    CHECK(str_eq(list[0].name, S("c")) && str_eq(list[1].name, S("a")) && str_eq(list[2].name, S("b")));
    desk_close(d);
}

TEST(what_arm_s_model_does_not_know_is_refused)
{
    static const char *const WRONG[] = {
        RULE("0", TRIGGER, ACTIONS),
        RULE("1001", TRIGGER, ACTIONS),
        RULE("1", "{}", ACTIONS),
        RULE("1", "{\"isEnabled\":true,\"triggersOn\":\"Moons\",\"triggersWhen\":\"Created\"}", ACTIONS),
        RULE(
            "1",
            "{\"isEnabled\":true,\"triggersOn\":\"Alerts\",\"triggersWhen\":\"Created\",\"conditions\":[{}]}",
            ACTIONS),
        RULE("1", TRIGGER, "[]"),
        RULE("1", TRIGGER, "[{\"order\":1,\"actionType\":\"Explode\"}]"),
        RULE("1", TRIGGER, "[{\"actionType\":\"RunPlaybook\"}]"),
    };
    struct desk *d = desk_open();

    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++)
        CHECK_EQ(put(d, "x", WRONG[i]), RC_INVALID);
    desk_close(d);
}
