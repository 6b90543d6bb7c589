/* SPDX-License-Identifier: Apache-2.0 */
#include "scalar/scalar_deflate.h"

#include "base/codec.h"
#include "tests/t.h"

static void comes_back(str text)
{
    AUTO_STRBUF packed = STRBUF_INIT(1 << 20), plain = STRBUF_INIT(1 << 20);

    scalar_deflate_zlib(&packed, text);
    CHECK(scalar_deflate_unzlib(&plain, strbuf_view(&packed)));
    CHECK_SEQ(strbuf_view(&plain), text);
    strbuf_clear(&plain);
    CHECK_OK(codec_gunzip(&plain, strbuf_view(&packed), NULL)); /* zlib's own reading of ours */
    CHECK_SEQ(strbuf_view(&plain), text);
    strbuf_clear(&packed);
    strbuf_clear(&plain);
    scalar_deflate_gzip(&packed, text);
    CHECK_OK(codec_gunzip(&plain, strbuf_view(&packed), NULL));
    CHECK_SEQ(strbuf_view(&plain), text);
    for (int level = 0; level <= 9; level += 3) { /* ours of zlib's */
        strbuf_clear(&packed);
        strbuf_clear(&plain);
        CHECK_OK(codec_gzip(&packed, text, level, NULL));
        CHECK(scalar_deflate_ungzip(&plain, strbuf_view(&packed)));
        CHECK_SEQ(strbuf_view(&plain), text);
    }
}

TEST(texts_come_back_from_ours_and_from_zlib)
{
    AUTO_STRBUF long_text = STRBUF_INIT(1 << 20);

    comes_back(S(""));
    comes_back(S("a"));
    comes_back(S("1234567890qwertyuiop"));
    comes_back(S("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
    for (int i = 0; i < 20000; i++)
        strbuf_addf(&long_text, "line %d of %x;", i % 977, (unsigned)i * 2654435761u);
    comes_back(strbuf_view(&long_text));
    for (size_t i = 0; i < long_text.n; i++) /* no repeats to speak of: stored, in several blocks */
        long_text.p[i] = (char)((i * i + i / 7 * 31) * 2654435761u >> 13);
    comes_back(strbuf_view(&long_text));
}

TEST(repeats_make_it_shorter)
{
    AUTO_STRBUF text = STRBUF_INIT(1 << 20), packed = STRBUF_INIT(1 << 20);

    for (int i = 0; i < 1000; i++)
        strbuf_addz(&text, "the same again, ");
    scalar_deflate_zlib(&packed, strbuf_view(&text));
    CHECK(packed.n < text.n / 50);
}

TEST(what_is_damaged_is_refused)
{
    AUTO_STRBUF packed = STRBUF_INIT(1 << 20), plain = STRBUF_INIT(1 << 20);

    scalar_deflate_zlib(&packed, S("damage damage damage damage"));
    for (size_t n = 0; n < packed.n; n++)
        CHECK(!scalar_deflate_unzlib(&plain, str_make(packed.p, n)));
    for (size_t i = 0; i < packed.n * 8; i++) {
        strbuf_clear(&plain);
        packed.p[i / 8] ^= (char)(1 << i % 8);
        if (scalar_deflate_unzlib(&plain, strbuf_view(&packed))) /* bits that mean nothing */
            CHECK_SEQ(strbuf_view(&plain), S("damage damage damage damage"));
        packed.p[i / 8] ^= (char)(1 << i % 8);
    }
}

TEST(a_bomb_costs_no_more_than_the_room_it_gets)
{
    AUTO_STRBUF packed = STRBUF_INIT(1 << 20), plain = STRBUF_INIT(4096), zeros = STRBUF_INIT(1 << 20);

    for (int i = 0; i < 100000; i++)
        strbuf_addc(&zeros, '0');
    scalar_deflate_zlib(&packed, strbuf_view(&zeros));
    CHECK(!scalar_deflate_unzlib(&plain, strbuf_view(&packed)));
    CHECK(plain.n <= 4096);
}
