/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "tests/t.h"

TEST(memory_is_zeroed_and_aligned_also_after_a_reset)
{
    AUTO(arena) a = arena_new(1 << 20);
    for (int round = 0; round < 3; round++) {
        for (size_t n = 1; n < 3000; n += 37) {
            unsigned char *p = arena_alloc(a, n);
            CHECK((uintptr_t)p % 16 == 0);
            for (size_t i = 0; i < n; i++)
                CHECK(p[i] == 0);
            memset(p, 0xAA, n);
        }
        arena_reset(a);
        CHECK_EQ(arena_used(a), 0);
    }
}

TEST(the_maximum_holds)
{
    AUTO(arena) a = arena_new(1000);
    CHECK(arena_try_alloc(a, 500) != NULL);
    CHECK(arena_try_alloc(a, 500) == NULL);
    CHECK(arena_try_alloc(a, 400) != NULL);
    CHECK(arena_try_alloc(a, SIZE_MAX) == NULL);
    CHECK(arena_try_alloc(a, SIZE_MAX - 8) == NULL);
    CHECK(arena_try_array(a, SIZE_MAX / 2, 3) == NULL);
}

static void count(void *p)
{
    ++*(int *)p;
}

TEST(a_child_dies_with_its_parent_and_its_deferred_run_once)
{
    int           n = 0;
    struct arena *parent = arena_new(1 << 16);
    struct arena *child = arena_child(parent, 1 << 16);
    arena_defer(child, count, &n);
    arena_defer(parent, count, &n);
    arena_free(parent);
    CHECK_EQ(n, 2);

    parent = arena_new(1 << 16);
    child = arena_child(parent, 1 << 16);
    struct arena *second = arena_child(parent, 1 << 16);
    arena_defer(child, count, &n);
    arena_free(child);
    CHECK_EQ(n, 3);
    (void)second;
    arena_free(parent);
    CHECK_EQ(n, 3);
}

TEST(text_is_copied_with_a_nul_behind_it)
{
    AUTO(arena) a = arena_new(1 << 16);
    str s = arena_str(a, S("hello"));
    CHECK_SEQ(s, S("hello"));
    CHECK(s.p[5] == '\0');
    CHECK_SEQ(arena_printf(a, "%d-%s", 7, "x"), S("7-x"));
}

TEST(an_allocation_can_be_made_to_fail)
{
    AUTO(arena) a = arena_new(1 << 16);
    arena_fail_nth(2);
    CHECK(arena_try_alloc(a, 1) != NULL);
    CHECK(arena_try_alloc(a, 1) == NULL);
    CHECK(arena_try_alloc(a, 1) != NULL);
}
