/* SPDX-License-Identifier: Apache-2.0 */
#include "base/near.h"

#include "tests/t.h"

TEST(letters_apart_are_counted)
{
    CHECK_EQ(near_distance(S("where"), S("WHERE")), 0);
    CHECK_EQ(near_distance(S("wehre"), S("where")), 1);
    CHECK_EQ(near_distance(S("SecurityEvnt"), S("SecurityEvent")), 1);
    CHECK_EQ(near_distance(S(""), S("abc")), 3);
    CHECK_EQ(near_distance(S("kitten"), S("sitting")), 3);
}

TEST(the_nearest_wins_and_far_ones_are_no_hint)
{
    struct near n = { .wanted = S("sumarize") };
    near_offer(&n, S("summary"));
    near_offer(&n, S("summarize"));
    near_offer(&n, S("summarise"));
    CHECK_SEQ(n.best, S("summarize"));
    struct near none = { .wanted = S("xyz") };
    near_offer(&none, S("where"));
    CHECK_EQ(none.best.n, 0);
    struct near empty = { .wanted = STR_NONE };
    near_offer(&empty, S("a"));
    CHECK_EQ(empty.best.n, 0);
}

TEST(a_swap_late_in_a_name_is_not_given_up_early)
{
    struct near n = { .wanted = S("abcd") };
    near_offer(&n, S("xbcd"));
    near_offer(&n, S("abdc")); /* as near as the first, which stays */
    CHECK_SEQ(n.best, S("xbcd"));
    near_offer(&n, S("ABCD")); /* none is nearer than the name itself */
    CHECK_SEQ(n.best, S("ABCD"));
    near_offer(&n, S("abcd"));
    CHECK_SEQ(n.best, S("ABCD"));
    struct near swaps = { .wanted = S("badcfe-xyz") };
    near_offer(&swaps, S("abcdef-xyz"));
    CHECK_SEQ(swaps.best, S("abcdef-xyz"));
}
