/* SPDX-License-Identifier: Apache-2.0 */
#include "base/env.h"
#include "base/hash.h"
#include "tests/t.h"

TEST(digests_are_the_published_ones)
{
    char               hex[65];
    struct hash_sha256 h = hash_sha256(S("abc"));
    hash_hex(h.bytes, 32, hex);
    CHECK_STR(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK_EQ(hash_fnv(S("")), (long long)0xcbf29ce484222325);
}

TEST(the_keyed_hash_minds_key_length_and_every_byte)
{
    struct hash_key one = { 1, 2 }, other = { 1, 3 };
    char            text[64] = { 0 };
    CHECK(hash_keyed(one, S("x")) != hash_keyed(other, S("x")));
    for (size_t n = 0; n < sizeof text; n++) {
        uint64_t before = hash_keyed(one, str_make(text, n));
        CHECK(before != hash_keyed(one, str_make(text, n + 1 < sizeof text ? n + 1 : 0)));
        for (size_t i = 0; i < n; i++) {
            text[i] = 1;
            CHECK(before != hash_keyed(one, str_make(text, n)));
            text[i] = 0;
        }
    }
}

TEST(guids_read_print_and_derive)
{
    char buf[GUID_TEXT_SIZE];
    guid g, same;
    CHECK(guid_parse(S("{FC65DDD8-D6EF-4962-83D5-6E5CFE9CE148}"), &g));
    CHECK_SEQ(guid_text(g, buf), S("fc65ddd8-d6ef-4962-83d5-6e5cfe9ce148"));
    CHECK(!guid_parse(S("fc65ddd8-d6ef-4962-83d5-6e5cfe9ce14"), &g));
    CHECK(!guid_parse(S("fc65ddd8xd6ef-4962-83d5-6e5cfe9ce148"), &g));
    same = guid_of(g, S("incident"));
    CHECK(guid_eq(same, guid_of(g, S("incident"))));
    CHECK(!guid_eq(same, guid_of(g, S("incident2"))));
    CHECK(!guid_eq(guid_random(), guid_random()));
}

TEST(a_fake_environment_repeats_itself)
{
    struct env_fake a, b;
    env_fake_init(&a, SECONDS(100), 7);
    env_fake_init(&b, SECONDS(100), 7);
    CHECK(guid_eq(env_guid(&a.env), env_guid(&b.env)));
    CHECK_EQ(env_now(&a.env), SECONDS(100));
    CHECK(env_now(env_real()) > SECONDS(1700000000));
}
