/* SPDX-License-Identifier: Apache-2.0 */
#include "access/access_throttle.h"

#include "tests/t.h"

static const struct access_throttle_opts OPTS = {
    .free_pair = 3, .free_user = 6, .first_wait = SECONDS(5), .longest_wait = SECONDS(60), .memory = HOURS(1)
};

TEST(the_first_guesses_are_free_and_then_waits_double_to_the_longest)
{
    AUTO(access_throttle) t = access_throttle_new(&OPTS);
    ts                    now = SECONDS(1000);
    static const duration waits[] = { SECONDS(5),  SECONDS(10), SECONDS(20),
                                      SECONDS(40), SECONDS(60), SECONDS(60) };

    for (int i = 0; i < 3; i++)
        CHECK_EQ(access_throttle_enter(t, S("alice"), S("10.0.0.1:1"), now), 0);
    for (size_t i = 0; i < sizeof waits / sizeof waits[0]; i++) {
        CHECK_EQ(access_throttle_enter(t, S("alice"), S("10.0.0.1:2"), now), now + waits[i]);
        now += waits[i];
        CHECK_EQ(access_throttle_enter(t, S("alice"), S("10.0.0.1:3"), now), 0);
    }
}

TEST(another_address_is_not_locked_with_the_first)
{
    AUTO(access_throttle) t = access_throttle_new(&OPTS);
    for (int i = 0; i < 4; i++)
        access_throttle_enter(t, S("alice"), S("10.0.0.1:1"), SECONDS(1000));
    CHECK(access_throttle_enter(t, S("alice"), S("10.0.0.1:1"), SECONDS(1000)) != 0);
    CHECK_EQ(access_throttle_enter(t, S("alice"), S("10.0.0.2:1"), SECONDS(1000)), 0);
    CHECK_EQ(access_throttle_enter(t, S("bob"), S("10.0.0.1:1"), SECONDS(1000)), 0);
}

TEST(many_addresses_together_wait_too)
{
    AUTO(access_throttle) t = access_throttle_new(&OPTS);
    char peer[32];
    int  let_in = 0;
    for (int i = 0; i < 50; i++) {
        int n = snprintf(peer, sizeof peer, "10.0.0.%d:9", i);
        let_in += access_throttle_enter(t, S("Alice"), str_make(peer, (size_t)n), SECONDS(1000)) == 0;
    }
    CHECK_EQ(let_in, 6);
}

TEST(a_right_guess_and_a_quiet_hour_forget)
{
    AUTO(access_throttle) t = access_throttle_new(&OPTS);
    for (int i = 0; i < 3; i++)
        CHECK_EQ(access_throttle_enter(t, S("alice"), S("a:1"), SECONDS(1000)), 0);
    access_throttle_clear(t, S("ALICE"), S("a:7"));
    for (int i = 0; i < 3; i++)
        CHECK_EQ(access_throttle_enter(t, S("alice"), S("a:1"), SECONDS(1000)), 0);
    CHECK(access_throttle_enter(t, S("alice"), S("a:1"), SECONDS(1001)) != 0);
    for (int i = 0; i < 3; i++)
        CHECK_EQ(access_throttle_enter(t, S("alice"), S("a:1"), SECONDS(1001) + HOURS(1)), 0);
}
