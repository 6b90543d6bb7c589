/* SPDX-License-Identifier: Apache-2.0 */
#include "base/strbuf.h"
#include "tests/t.h"

TEST(text_grows_and_stays_nul_ended)
{
    AUTO_STRBUF b = STRBUF_INIT(1000);
    strbuf_addz(&b, "n=");
    strbuf_add_i64(&b, INT64_MIN);
    strbuf_addf(&b, " %s", "x");
    CHECK_SEQ(strbuf_view(&b), S("n=-9223372036854775808 x"));
    CHECK(b.p[b.n] == '\0');
    CHECK_OK(strbuf_ok(&b, "it", NULL));
}

TEST(what_goes_over_the_maximum_is_dropped_and_remembered)
{
    AUTO_STRBUF b = STRBUF_INIT(4);
    struct err  err;
    strbuf_addz(&b, "abc");
    strbuf_addz(&b, "de");
    strbuf_addc(&b, 'f');
    CHECK_SEQ(strbuf_view(&b), S("abc"));
    CHECK_EQ(strbuf_ok(&b, "the line", &err), RC_LIMIT);
    CHECK_STR(err.text, "the line is over 4 bytes");
    strbuf_clear(&b);
    strbuf_addz(&b, "four");
    CHECK_OK(strbuf_ok(&b, "the line", NULL));
}
