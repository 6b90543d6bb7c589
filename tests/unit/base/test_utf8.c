/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"
#include "tests/t.h"

TEST(code_points_are_counted_and_every_one_goes_there_and_back)
{
    CHECK_EQ(utf8_count(S("naïve🔒")), 6);
    for (uint32_t cp = 1; cp <= 0x10FFFF; cp += 7) {
        if (cp >= 0xD800 && cp <= 0xDFFF)
            continue;
        char   bytes[4];
        size_t n = utf8_put(cp, bytes), at = 0;
        CHECK_EQ(utf8_next(str_make(bytes, n), &at), cp);
        CHECK_EQ(at, n);
    }
}

TEST(broken_bytes_read_as_one_replacement_each)
{
    static const char *const bad[] = { "\x80",         "\xC0\xAF",         "\xE0\x80\x80",
                                       "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xC3" };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        size_t at = 0;
        CHECK(!utf8_valid(str_of(bad[i])));
        CHECK_EQ(utf8_next(str_of(bad[i]), &at), UTF8_BAD);
        CHECK_EQ(at, 1);
    }
    CHECK(utf8_valid(S("\xEF\xBF\xBD")));
    AUTO_STRBUF out = STRBUF_INIT(100);
    utf8_repair(&out, S("a\xFF"
                        "b"));
    CHECK_SEQ(strbuf_view(&out), S("a\xEF\xBF\xBD"
                                   "b"));
}

TEST(case_maps_beyond_ascii)
{
    AUTO_STRBUF out = STRBUF_INIT(100);
    utf8_lower(&out, S("ÄÖÜ ΣΑ X"));
    CHECK_SEQ(strbuf_view(&out), S("äöü σα x"));
    strbuf_clear(&out);
    utf8_upper(&out, S("straße é"));
    CHECK_SEQ(strbuf_view(&out), S("STRAßE É"));
}

TEST(folding_joins_what_differs_only_in_case)
{
    CHECK_EQ(utf8_cmp_fold(S("Straße"), S("STRASSE")), 0);
    CHECK_EQ(utf8_cmp_fold(S("ﬃce"), S("FFICE")), 0);
    CHECK_EQ(utf8_cmp_fold(S("σελας"), S("ΣΕΛΑΣ")), 0);
    CHECK(utf8_cmp_fold(S("abc"), S("ABCD")) < 0);
    CHECK(utf8_cmp_fold(S("b"), S("A")) > 0);
    AUTO_STRBUF out = STRBUF_INIT(100);
    utf8_fold(&out, S("MÜNCHEN ẞ"));
    CHECK_SEQ(strbuf_view(&out), S("münchen ss"));
}
