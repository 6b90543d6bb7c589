/* SPDX-License-Identifier: Apache-2.0 */
#include "scalar/scalar.h"
#include "tests/t.h"

static struct arena *arena;

static str call(const char *lists, int64_t least, double share, int64_t most)
{
    struct scalar_value argv[] = { { .s = str_of(lists) }, { .i = least }, { .r = share }, { .i = most } };
    struct scalar_value out = { .null = true };
    arena = arena_free(arena);
    arena = arena_new(1 << 24);
    scalar_find(S("phrase_diff"))->run(arena, argv, &out);
    return out.null ? S("null") : out.s;
}

static const char LOGINS[] = "[[1,1,1,0],[0,0,0,3],[\"login of eve failed\",\"login of bob failed\",\"the "
                             "login of kim failed\",\"login of kim"
                             " was fine\"]]";

TEST(a_phrase_grows_as_far_as_texts_agree_and_varies_in_between)
{
    str got = call(LOGINS, 1, 0.5, 20);

    CHECK(str_contains(got, S("[3,0,100.0,0.0,\"login of * failed\"]")));
    CHECK(str_contains(got, S("[0,3,0.0,100.0,\"login of kim was fine\"]")));
}

TEST(a_phrase_has_so_many_words)
{
    CHECK(str_contains(call(LOGINS, 1, 0.5, 2), S("\"was fine\"")));
    CHECK(!str_contains(call(LOGINS, 4, 0.5, 20), S("failed")));
    CHECK_SEQ(call(LOGINS, 1, 0.5, 0), S("null"));
    CHECK_SEQ(call("[[],[],[]]", 1, 0.5, 20), S("[]"));
    CHECK_SEQ(call("[[1],[0],[\"\"]]", 1, 0.5, 20), S("[]"));
    arena = arena_free(arena);
}
