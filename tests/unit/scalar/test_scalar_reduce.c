/* SPDX-License-Identifier: Apache-2.0 */
#include "scalar/scalar.h"
#include "tests/t.h"

static void patterns_are(double threshold, const char *characters, str texts, const char *counts,
                         const char *wanted)
{
    AUTO(arena) a = arena_new(8 << 20);
    struct scalar_value argv[] = {
        { .r = threshold }, { .s = str_of(characters) }, { .s = texts }, { .s = str_of(counts) }
    };
    struct scalar_value out = { .null = true };

    scalar_reduce_patterns(a, argv, &out);
    CHECK_SEQ(out.null ? S("null") : out.s, str_of(wanted));
}

TEST(a_word_is_frequent_when_more_than_the_threshold_of_rows_has_it)
{
    patterns_are(0.1, "", S("a x\0a y\0a z"), "4 4 2", "[\"a x\",\"a y\",\"a z\"]");
    patterns_are(0.4, "", S("a x\0a y\0a z"), "4 4 2", "[\"a *\",\"a *\",\"a *\"]");
    patterns_are(0.4, "", S("a x\0b y"), "9 1", "[\"a x\",\"\"]");
    patterns_are(1, "", S("a"), "1", "[\"\"]");
}

TEST(words_count_in_their_place)
{
    patterns_are(0.5, "", S("a b\0b a"), "1 1", "[\"\",\"\"]");
}

TEST(signs_stay_unless_the_query_names_them)
{
    patterns_are(0.5, "", S("[1] = ok!\0[2] = ok!"), "1 1", "[\"[*] = ok!\",\"[*] = ok!\"]");
    patterns_are(0.5, "Z", S("fooZ1\0fooZ2"), "1 1", "[\"foo*\",\"foo*\"]");
    patterns_are(0.5, "-", S("a-b-1\0a-b-2"), "1 1", "[\"a-b*\",\"a-b*\"]");
}

TEST(nothing_is_a_text_too)
{
    patterns_are(0.1, "", S(""), "5", "[\"\"]");
    patterns_are(0.1, "", S(""), "", "[\"\"]");
}
