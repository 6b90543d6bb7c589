/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_id.h"

#include "tests/t.h"

static struct posture_id parsed(const char *id)
{
    static struct arena *a;
    struct posture_id    out = { 0 };
    struct err           err;

    if (!a)
        a = arena_new(1 << 20);
    CHECK_OK_ERR(posture_id_parse(str_of(id), a, &out, &err), &err);
    return out;
}

TEST(an_id_is_taken_apart)
{
    struct posture_id i = parsed("/subscriptions/S/resourceGroups/G/providers/N.C/vms/v/extensions/e");

    CHECK_SEQ(i.subscription, S("S"));
    CHECK_SEQ(i.group, S("G"));
    CHECK_SEQ(i.type, S("N.C/vms/extensions"));
    CHECK_SEQ(i.name, S("e"));
    CHECK_SEQ(i.parent, S("/subscriptions/S/resourceGroups/G/providers/N.C/vms/v"));
    i = parsed("/subscriptions/S/resourceGroups/G/providers/N.C/vms/v/providers/M/settings/default/");
    CHECK_SEQ(i.type, S("M/settings"));
    CHECK_SEQ(i.parent, S("/subscriptions/S/resourceGroups/G/providers/N.C/vms/v"));
    CHECK_SEQ(parsed("/subscriptions/S").type, S(POSTURE_TYPE_SUBSCRIPTION));
    CHECK_SEQ(parsed("/SUBSCRIPTIONS/S/resourcegroups/G").type, S(POSTURE_TYPE_GROUP));
    CHECK_SEQ(parsed("/providers/Microsoft.Management/managementGroups/m").management_group, S("m"));
}

TEST(what_is_no_id_is_refused)
{
    static const char *const bad[] = { "",
                                       "x",
                                       "/",
                                       "//",
                                       "/subscriptions",
                                       "/subscriptions//x",
                                       "/a/b/c",
                                       "/subscriptions/S/providers/N",
                                       "/subscriptions/S/providers/N/t",
                                       "/subscriptions/S/resourceGroups/G/providers/N/t/n/more" };
    AUTO(arena) a = arena_new(1 << 20);
    struct posture_id out;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK_EQ(posture_id_parse(str_of(bad[i]), a, &out, NULL), RC_INVALID);
}

TEST(a_scope_covers_what_is_below_it_segment_by_segment)
{
    CHECK(posture_id_within(S("/subscriptions/S"), S("/SUBSCRIPTIONS/s/resourceGroups/G")));
    CHECK(posture_id_within(S("/subscriptions/S/"), S("/subscriptions/S")));
    CHECK(posture_id_within(S(""), S("/subscriptions/S")));
    CHECK(!posture_id_within(S("/subscriptions/S"), S("/subscriptions/S2")));
    CHECK(!posture_id_within(S("/subscriptions/S/resourceGroups/G"), S("/subscriptions/S")));
    CHECK_SEQ(posture_id_group(S("/subscriptions/S/resourceGroups/G/providers/x/y/z")),
              S("/subscriptions/S/resourceGroups/G"));
    CHECK_SEQ(posture_id_subscription(S("/subscriptions/S/resourceGroups/G")), S("/subscriptions/S"));
    CHECK_SEQ(posture_id_group(S("/subscriptions/S")), S(""));
}
