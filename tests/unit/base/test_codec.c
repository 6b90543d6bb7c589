/* SPDX-License-Identifier: Apache-2.0 */
#include "base/codec.h"
#include "base/mem.h"
#include "tests/t.h"

TEST(base64_of_every_length_goes_there_and_back)
{
    char bytes[64];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * 37);
    for (size_t n = 0; n <= sizeof bytes; n++) {
        AUTO_STRBUF text = STRBUF_INIT(200), url = STRBUF_INIT(200), back = STRBUF_INIT(200);
        codec_base64(&text, str_make(bytes, n));
        codec_base64url(&url, str_make(bytes, n));
        CHECK_OK(codec_base64_decode(&back, strbuf_view(&text), NULL));
        CHECK_SEQ(strbuf_view(&back), str_make(bytes, n));
        strbuf_clear(&back);
        CHECK_OK(codec_base64_decode(&back, strbuf_view(&url), NULL));
        CHECK_SEQ(strbuf_view(&back), str_make(bytes, n));
    }
    AUTO_STRBUF b = STRBUF_INIT(10);
    CHECK_EQ(codec_base64_decode(&b, S("a*=="), NULL), RC_SYNTAX);
    CHECK_EQ(codec_base64_decode(&b, S("abcde"), NULL), RC_SYNTAX);
}

TEST(percent_encoding_and_hex)
{
    AUTO_STRBUF b = STRBUF_INIT(100);
    codec_url_encode(&b, S("a b/é~"));
    CHECK_SEQ(strbuf_view(&b), S("a%20b%2F%C3%A9~"));
    strbuf_clear(&b);
    CHECK_OK(codec_url_decode(&b, S("api%2Dversion+x"), true, NULL));
    CHECK_SEQ(strbuf_view(&b), S("api-version x"));
    CHECK_EQ(codec_url_decode(&b, S("%4"), false, NULL), RC_SYNTAX);
    CHECK_EQ(codec_url_decode(&b, S("%zz"), false, NULL), RC_SYNTAX);
    strbuf_clear(&b);
    CHECK_OK(codec_hex_decode(&b, S("00ffAB"), NULL));
    CHECK_EQ(b.n, 3);
    CHECK_EQ(codec_hex_decode(&b, S("abc"), NULL), RC_SYNTAX);
}

TEST(gzip_goes_there_and_back_and_a_bomb_is_stopped)
{
    AUTO_STRBUF zeros = STRBUF_INIT(1 << 20), packed = STRBUF_INIT(1 << 20), back = STRBUF_INIT(1 << 20);
    memset(strbuf_room(&zeros, 500000), 'z', 500000);
    strbuf_added(&zeros, 500000);
    CHECK_OK(codec_gzip(&packed, strbuf_view(&zeros), 6, NULL));
    CHECK(packed.n < 2000);
    CHECK_OK(codec_gunzip(&back, strbuf_view(&packed), NULL));
    CHECK(str_eq(strbuf_view(&back), strbuf_view(&zeros)));

    AUTO_STRBUF small = STRBUF_INIT(1000);
    CHECK_EQ(codec_gunzip(&small, strbuf_view(&packed), NULL), RC_LIMIT);
    strbuf_clear(&back);
    CHECK_EQ(codec_gunzip(&back, str_slice(strbuf_view(&packed), 0, packed.n - 4), NULL), RC_INVALID);
    CHECK_EQ(codec_gunzip(&back, S("not gzip"), NULL), RC_INVALID);
}

TEST(concatenated_members_are_one_text)
{
    AUTO_STRBUF packed = STRBUF_INIT(1000), back = STRBUF_INIT(1000);
    CHECK_OK(codec_gzip(&packed, S("one "), 6, NULL));
    CHECK_OK(codec_gzip(&packed, S("two"), 6, NULL));
    CHECK_OK(codec_gunzip(&back, strbuf_view(&packed), NULL));
    CHECK_SEQ(strbuf_view(&back), S("one two"));
}
