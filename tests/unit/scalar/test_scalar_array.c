/* SPDX-License-Identifier: Apache-2.0 */
#include "scalar/scalar_array.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/t.h"

static double number(const char *text)
{
    bool whole;
    return scalar_array_number(str_of(text), &whole);
}

TEST(numbers_are_read_as_strtod_reads_them)
{
    static const char *const NUMBERS[] = { "0",
                                           "-0.5",
                                           "0.1",
                                           "1e5",
                                           "1E-05",
                                           "123456789012345678",
                                           "2.5e300",
                                           "1.7e308",
                                           "5e-324",
                                           "9.99e22",
                                           "0.30000000000000004",
                                           "3.141592653589793" };
    for (size_t i = 0; i < sizeof NUMBERS / sizeof NUMBERS[0]; i++) {
        double want = strtod(NUMBERS[i], NULL), got = number(NUMBERS[i]);
        CHECK(fabs(got - want) <= fabs(want) * 1e-15);
    }
    uint64_t seed = 42;
    for (int i = 0; i < 20000; i++) {
        char text[64];
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        double v = (double)(int64_t)seed / (double)(1 + (seed >> 40));
        snprintf(text, sizeof text, "%.17g", v);
        CHECK(number(text) == v);
    }
}

TEST(what_is_no_number_is_none)
{
    CHECK(isnan(number("")));
    CHECK(isnan(number("abc")));
    CHECK(isnan(number("1x")));
    CHECK(isnan(number("-")));
}

TEST(an_array_keeps_its_places)
{
    struct arena       *a = arena_new(1 << 20);
    struct scalar_array s;
    AUTO_STRBUF         text = STRBUF_INIT(1000);

    CHECK(scalar_array_read(a, S(" [1, 2.5,null,\"a,]\", [3,4],{\"b\":5} ,-6e1]"), &s));
    CHECK_EQ(s.n, 7);
    CHECK(s.v[0] == 1 && s.v[1] == 2.5 && isnan(s.v[2]) && isnan(s.v[3]) && isnan(s.v[4]) && isnan(s.v[5]));
    CHECK(s.v[6] == -60);
    CHECK(!s.whole);
    scalar_array_add(&text, s.v, s.n);
    CHECK_SEQ(strbuf_view(&text), S("[1.0,2.5,null,null,null,null,-60.0]"));
    CHECK(scalar_array_read(a, S("[1,null,-3]"), &s) && s.whole && s.n == 3);
    CHECK(scalar_array_read(a, S("[]"), &s) && s.n == 0);
    arena_free(a);
}

TEST(what_is_no_array_is_refused)
{
    static const char *const TEXTS[] = { "", "5", "{\"a\":1}", "[1,2", "[\"a", "[", "null" };
    struct arena            *a = arena_new(1 << 20);
    struct scalar_array      s;

    for (size_t i = 0; i < sizeof TEXTS / sizeof TEXTS[0]; i++)
        CHECK(!scalar_array_read(a, str_of(TEXTS[i]), &s));
    arena_free(a);
}

TEST(a_percentile_lies_between_two_values)
{
    struct arena       *a = arena_new(1 << 20);
    struct scalar_array s, sorted;

    CHECK(scalar_array_read(a, S("[3,null,1,2]"), &s));
    CHECK(scalar_array_sorted(a, &s, &sorted));
    CHECK_EQ(sorted.n, 3);
    CHECK(scalar_array_percentile(&sorted, 50) == 2 && scalar_array_percentile(&sorted, 75) == 2.5);
    CHECK(scalar_array_percentile(&sorted, 100) == 3 && scalar_array_percentile(&sorted, 0) == 1);
    arena_free(a);
}
