/* SPDX-License-Identifier: Apache-2.0 */
#include "scalar/scalar_outlier.h"

#include <math.h>

#include "tests/t.h"

/* Scores that Kusto gave for this series. */
TEST(scores_are_those_of_kusto)
{
    static const double WANT[] = { -1.9040785483608571, -0.10021466044004519, 1.3361954725339347 };
    struct arena       *a = arena_new(1 << 20);
    struct scalar_array s, score;

    CHECK(scalar_array_read(a, S("[-3,2.4,15,3.9,5,6,4.5,5.2,3,4,5,16,7,5,5,4]"), &s));
    CHECK(scalar_outlier_score(a, &s, SCALAR_OUTLIER_CTUKEY, &score));
    for (size_t i = 0; i < 3; i++)
        CHECK(fabs(score.v[i] - WANT[i]) < 1e-12);
    CHECK(fabs(score.v[11] - 1.6702443406674186) < 1e-12 && score.v[4] == 0);
    arena_free(a);
}

/* Both percentiles are 1 there: the deviation of all values says how far is far. */
TEST(a_peak_among_equal_values_is_an_outlier)
{
    struct arena       *a = arena_new(1 << 20);
    struct scalar_array s, score;

    CHECK(scalar_array_read(a, S("[1,1,1,1,1,1,1,1,1,1,1,1,1,9,null]"), &s));
    CHECK(scalar_outlier_score(a, &s, SCALAR_OUTLIER_TUKEY, &score));
    CHECK(score.v[13] > 1.5 && score.v[0] == 0 && score.v[14] == 0);
    CHECK(scalar_outlier_score(a, &s, SCALAR_OUTLIER_CTUKEY, &score));
    CHECK(score.v[13] > 1.5);
    arena_free(a);
}

TEST(equal_values_have_no_outlier)
{
    struct arena       *a = arena_new(1 << 20);
    struct scalar_array s, score;

    CHECK(scalar_array_read(a, S("[1,1,null,1]"), &s));
    CHECK(scalar_outlier_score(a, &s, SCALAR_OUTLIER_CTUKEY, &score));
    for (size_t i = 0; i < score.n; i++)
        CHECK(score.v[i] == 0);
    arena_free(a);
}
