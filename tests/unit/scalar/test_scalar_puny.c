/* SPDX-License-Identifier: Apache-2.0 */
#include "scalar/scalar.h"

#include "tests/t.h"

static str of(struct arena *a, scalar_run run, str text)
{
    struct scalar_value argv = { .s = text }, out = { .null = true };
    run(a, &argv, &out);
    return out.null ? S("") : out.s;
}

/* Of RFC 3492, section 7.1, and of RFC 5891's kin. */
static const char *const PAIRS[][2] = {
    { "他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye" },
    { "他們爲什麽不說中文", "ihqwctvzc91f659drss3x8bo0yb" },
    { "ليهمابتكلموشعربي؟", "egbpdaj6bu4bxfgehfvwxn" },
    { "3年B組金八先生", "3B-ww4c5e180e575a65lsy2b" },
    { "-> $1.00 <-", "-> $1.00 <--" },
    { "bücher", "bcher-kva" },
    { "", "" },
};

TEST(texts_and_punycode_lead_to_each_other)
{
    AUTO(arena) a = arena_new(4 << 20);

    for (size_t i = 0; i < sizeof PAIRS / sizeof PAIRS[0]; i++) {
        CHECK_SEQ(of(a, scalar_puny_encode, str_of(PAIRS[i][0])), str_of(PAIRS[i][1]));
        CHECK_SEQ(of(a, scalar_puny_decode, str_of(PAIRS[i][1])), str_of(PAIRS[i][0]));
    }
}

TEST(domains_go_label_by_label)
{
    AUTO(arena) a = arena_new(4 << 20);

    CHECK_SEQ(of(a, scalar_puny_encode_domain, S("www.bücher.example.")), S("www.xn--bcher-kva.example."));
    CHECK_SEQ(of(a, scalar_puny_decode_domain, S("www.XN--bcher-kva.example")), S("www.bücher.example"));
    CHECK_SEQ(of(a, scalar_puny_decode_domain, S("xn--!.example")), S(""));
}

TEST(what_is_no_punycode_gives_nothing)
{
    AUTO(arena) a = arena_new(4 << 20);
    static const char *const BAD[] = { "!", "é-kva", "bcher-99999999999", "bcher-k", "99999999" };

    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++)
        CHECK_SEQ(of(a, scalar_puny_decode, str_of(BAD[i])), S(""));
}
