/* SPDX-License-Identifier: Apache-2.0 */
#include "scalar/scalar_line.h"

#include <math.h>

#include "tests/t.h"

/* The example of Kusto's documentation. */
TEST(a_line_has_the_figures_of_the_manual)
{
    static const double VALUES[] = { 2, 5, 6, 8, 11, 15, 17, 18, 25, 26, 30, 30 };
    struct scalar_line  line = scalar_line_fit(VALUES, 0, 12);

    CHECK(fabs(line.rsquare - 0.982) < 1e-3 && fabs(line.slope - 2.7308) < 1e-3);
    CHECK(fabs(line.variance - 98.6288) < 1e-3 && fabs(line.rvariance - 1.6865) < 1e-3);
    CHECK(fabs(line.interception + 1.6667) < 1e-3);
    CHECK(fabs(scalar_line_at(&line, 0) - 1.0641) < 1e-3);
}

TEST(a_part_is_fitted_where_it_stands)
{
    static const double VALUES[] = { 0, 0, 5, NAN, 7, 8 };
    struct scalar_line  line = scalar_line_fit(VALUES, 2, 6);

    CHECK_EQ(line.n, 3);
    CHECK(fabs(line.slope - 1) < 1e-12 && fabs(scalar_line_at(&line, 3) - 6) < 1e-12);
    CHECK(line.left == 0 && fabs(line.rsquare - 1) < 1e-12);
}

TEST(nothing_and_one_value_have_a_line)
{
    static const double NOTHING[] = { NAN }, ONE[] = { 4 };

    CHECK_EQ(scalar_line_fit(NOTHING, 0, 1).n, 0);
    struct scalar_line line = scalar_line_fit(ONE, 0, 1);
    CHECK(line.slope == 0 && line.interception == 4 && line.variance == 0);
}
