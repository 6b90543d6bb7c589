/* SPDX-License-Identifier: Apache-2.0 */
#include "scalar/scalar.h"

#include <math.h>

#include "tests/t.h"

static double of(scalar_run run, double a, double b, double c)
{
    struct scalar_value argv[3] = { { .r = a }, { .r = b }, { .r = c } }, out = { .null = true };
    run(NULL, argv, &out);
    return out.null ? -1 : out.r;
}

static void near(double got, double want)
{
    CHECK(fabs(got - want) <= 1e-12 * fmax(1, fabs(want)));
}

TEST(the_beta_distribution_is_exact_where_it_is_a_polynomial)
{
    for (double x = 0; x <= 1; x += 0.0625) {
        near(of(scalar_stat_beta_cdf, x, 1, 1), x);
        near(of(scalar_stat_beta_cdf, x, 3, 1), x * x * x);
        near(of(scalar_stat_beta_cdf, x, 2, 2), x * x * (3 - 2 * x));
        near(of(scalar_stat_beta_cdf, x, 10, 20) + of(scalar_stat_beta_cdf, 1 - x, 20, 10), 1);
    }
    CHECK(fabs(of(scalar_stat_beta_cdf, 0.5, 1e6, 1e6) - 0.5) < 1e-8);
}

TEST(the_inverse_leads_back)
{
    for (double p = 0; p <= 1; p += 0.0625)
        near(of(scalar_stat_beta_cdf, of(scalar_stat_beta_inv, p, 10, 20), 10, 20), p);
    near(of(scalar_stat_beta_inv, 0.1, 10, 20), 0.226415022388749);
}

TEST(outside_of_its_range_there_is_no_answer)
{
    CHECK(isnan(of(scalar_stat_beta_cdf, 1.5, 1, 1)));
    CHECK(isnan(of(scalar_stat_beta_cdf, -1, 1, 1)));
    CHECK(isnan(of(scalar_stat_beta_cdf, 0.5, 0, 1)));
    CHECK(isnan(of(scalar_stat_beta_cdf, NAN, 1, 1)));
    CHECK(isnan(of(scalar_stat_beta_inv, 0.5, -1, 1)));
    CHECK(of(scalar_stat_beta_inv, 1.5, 1, 1) == -1);
}

TEST(welchs_test_is_students_for_samples_alike)
{
    /* t = 2.2360679…, 18 degrees of freedom */
    struct scalar_value argv[6] = {
        { .r = 2 }, { .r = 1 }, { .r = 10 }, { .r = 1 }, { .r = 1 }, { .r = 10 }
    };
    struct scalar_value out = { .null = true };

    scalar_stat_welch(NULL, argv, &out);
    CHECK(fabs(out.r - 0.03824961451610276) < 1e-12);
    argv[2].r = 1;
    scalar_stat_welch(NULL, argv, &out);
    CHECK(isnan(out.r));
}
