/* SPDX-License-Identifier: Apache-2.0 */
#include "base/map.h"
#include "base/vec.h"
#include "tests/t.h"

TEST(keys_are_found_replaced_and_removed)
{
    AUTO(map) m = map_new(MAP_CASE);
    int values[2] = { 1, 2 };
    CHECK(map_find(m, S("a")) == NULL);
    CHECK(map_put(m, S("a"), &values[0]) == NULL);
    CHECK(map_put(m, S("a"), &values[1]) == &values[0]);
    CHECK(map_find(m, S("a")) == &values[1]);
    CHECK(map_find(m, S("A")) == NULL);
    CHECK_EQ(map_count(m), 1);
    CHECK(map_remove(m, S("a")) == &values[1]);
    CHECK(map_remove(m, S("a")) == NULL);
    CHECK_EQ(map_count(m), 0);
}

TEST(many_keys_survive_growth_and_removal_in_order_of_insertion)
{
    AUTO(map) m = map_new(MAP_CASE);
    char key[16];
    for (intptr_t i = 1; i <= 5000; i++) {
        int n = snprintf(key, sizeof key, "key-%d", (int)i);
        map_put(m, str_make(key, (size_t)n), (void *)i);
    }
    for (int i = 2; i <= 5000; i += 2) {
        int n = snprintf(key, sizeof key, "key-%d", i);
        map_remove(m, str_make(key, (size_t)n));
    }
    CHECK_EQ(map_count(m), 2500);

    struct map_iter it = { 0 };
    intptr_t        want = 1;
    while (map_next(m, &it)) {
        CHECK_EQ((intptr_t)it.value, want);
        want += 2;
    }
    CHECK_EQ(want, 5001);
}

TEST(case_is_ignored_when_told_even_in_long_keys)
{
    AUTO(map) m = map_new(MAP_NOCASE);
    char upper[600], lower[600];
    int  a, b;
    memset(upper, 'X', sizeof upper);
    memset(lower, 'x', sizeof lower);
    map_put(m, S("SecurityEvent"), &a);
    map_put(m, str_make(upper, sizeof upper), &b);
    CHECK(map_find(m, S("securityEVENT")) == &a);
    CHECK(map_find(m, str_make(lower, sizeof lower)) == &b);
    lower[599] = 'y';
    CHECK(map_find(m, str_make(lower, sizeof lower)) == NULL);
}

TEST(a_vec_grows_with_zeroed_elements)
{
    VEC(int) v = { 0 };
    for (int i = 0; i < 1000; i++) {
        CHECK_EQ(*vec_push(&v), 0);
        vec_last(&v) = i;
    }
    CHECK_EQ(v.n, 1000);
    CHECK_EQ(v.p[999], 999);
    CHECK_EQ(vec_pop(&v), 999);
    vec_done(&v);
}
