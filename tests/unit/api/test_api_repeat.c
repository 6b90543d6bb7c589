/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api_repeat.h"

#include "tests/t.h"

static const struct api_repeat_key    KEY = { .who = STR_INIT("me"),
                                              .method = STR_INIT("PUT"),
                                              .path = STR_INIT("/a"),
                                              .request_id = STR_INIT("id-1"),
                                              .body = STR_INIT("{}") };
static const struct api_repeat_answer ANSWER = { .status = 201,
                                                 .type = STR_INIT("application/json"),
                                                 .etag = STR_INIT("\"e\""),
                                                 .body = STR_INIT("{\"n\":1}") };

TEST(a_write_sent_again_gets_the_first_answer)
{
    AUTO(api_repeat) r = api_repeat_new();
    AUTO(arena) a = arena_new(1 << 20);
    struct api_repeat_answer again;

    CHECK(!api_repeat_find(r, &KEY, SECONDS(1000), a, &again));
    api_repeat_keep(r, &KEY, SECONDS(1000), &ANSWER);
    CHECK(api_repeat_find(r, &KEY, SECONDS(1000) + API_REPEAT_LIFE, a, &again));
    CHECK_EQ(again.status, 201);
    CHECK_SEQ(again.body, ANSWER.body);
    CHECK_SEQ(again.etag, ANSWER.etag);
    CHECK(!api_repeat_find(r, &KEY, SECONDS(1001) + API_REPEAT_LIFE, a, &again));
}

TEST(anything_else_is_another_write)
{
    AUTO(api_repeat) r = api_repeat_new();
    AUTO(arena) a = arena_new(1 << 20);
    struct api_repeat_answer again;
    struct api_repeat_key    others[5] = { KEY, KEY, KEY, KEY, KEY };

    others[0].who = S("you");
    others[1].method = S("POST");
    others[2].path = S("/b");
    others[3].request_id = S("id-2");
    others[4].body = S("{ }");
    api_repeat_keep(r, &KEY, SECONDS(1000), &ANSWER);
    for (size_t i = 0; i < 5; i++)
        CHECK(!api_repeat_find(r, &others[i], SECONDS(1000), a, &again));
}

TEST(memory_is_bounded_and_the_oldest_goes_first)
{
    AUTO(api_repeat) r = api_repeat_new();
    AUTO(arena) a = arena_new(1 << 20);
    struct api_repeat_answer again;
    char                     id[32];

    for (int i = 0; i < API_REPEAT_KEPT + 1; i++) {
        struct api_repeat_key k = KEY;
        int                   n = snprintf(id, sizeof id, "id-%d", i);
        k.request_id = str_make(id, (size_t)n);
        api_repeat_keep(r, &k, SECONDS(1000), &ANSWER);
    }
    struct api_repeat_key first = KEY, second = KEY;
    first.request_id = S("id-0");
    second.request_id = S("id-1");
    CHECK(!api_repeat_find(r, &first, SECONDS(1000), a, &again));
    CHECK(api_repeat_find(r, &second, SECONDS(1000), a, &again));
}

TEST(a_large_answer_is_not_kept)
{
    AUTO(api_repeat) r = api_repeat_new();
    AUTO(arena) a = arena_new(1 << 20);
    static char              large[API_REPEAT_MAX_BODY + 1];
    struct api_repeat_answer again, answer = ANSWER;

    answer.body = str_make(large, sizeof large);
    api_repeat_keep(r, &KEY, SECONDS(1000), &answer);
    CHECK(!api_repeat_find(r, &KEY, SECONDS(1000), a, &again));
}
