/* SPDX-License-Identifier: Apache-2.0 */
/* Distributions that the engine does not have. */
#include <math.h>

#include "scalar/scalar.h"

/* The continued fraction of the incomplete beta function, by Lentz's method; x is below (a + 1) / (a + b +
 * 2), where it converges fast. Numerical Analysis calls for some sqrt(max(a, b)) steps. */
static double fraction(double x, double a, double b)
{
    const double tiny = 1e-300;
    double       c = 1, d = 1 - (a + b) * x / (a + 1);

    d = 1 / (fabs(d) < tiny ? tiny : d);
    double f = d;
    for (int m = 1; m <= 10000; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        for (int k = 0; k < 2; k++) {
            double by = k == 0 ? even : odd;
            d = 1 + by * d;
            c = 1 + by / c;
            d = 1 / (fabs(d) < tiny ? tiny : d);
            c = fabs(c) < tiny ? tiny : c;
            f *= c * d;
        }
        if (fabs(c * d - 1) < 1e-16)
            break;
    }
    return f;
}

static double incomplete_beta(double x, double a, double b)
{
    if (x <= 0 || x >= 1)
        return x <= 0 ? 0 : 1;
    double front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
    return x < (a + 1) / (a + b + 2) ? front * fraction(x, a, b) / a : 1 - front * fraction(1 - x, b, a) / b;
}

void scalar_stat_beta_cdf(struct arena *arena, const struct scalar_value *argv, struct scalar_value *out)
{
    double x = argv[0].r, a = argv[1].r, b = argv[2].r;
    (void)arena;

    out->null = false;
    out->r = x >= 0 && x <= 1 && a > 0 && b > 0 ? incomplete_beta(x, a, b) : NAN;
}

void scalar_stat_beta_inv(struct arena *arena, const struct scalar_value *argv, struct scalar_value *out)
{
    double p = argv[0].r, a = argv[1].r, b = argv[2].r, low = 0, high = 1;
    (void)arena;

    if (!(p >= 0 && p <= 1))
        return;
    out->null = false;
    out->r = NAN;
    if (!(a > 0 && b > 0))
        return;
    for (int i = 0; i < 200 && high - low > 0; i++) { /* halves until no real lies between */
        double mid = low + (high - low) / 2;
        if (mid <= low || mid >= high)
            break;
        if (incomplete_beta(mid, a, b) < p)
            low = mid;
        else
            high = mid;
    }
    out->r = p == 0 ? 0 : p == 1 ? 1 : low + (high - low) / 2;
}

/* Two-sided, of mean, variance and count of two samples: Student's t is a beta distribution of another
 * variable. */
void scalar_stat_welch(struct arena *arena, const struct scalar_value *argv, struct scalar_value *out)
{
    double s1 = argv[1].r / argv[2].r, s2 = argv[4].r / argv[5].r, difference = argv[0].r - argv[3].r;
    (void)arena;

    out->null = false;
    out->r = NAN;
    if (!(argv[1].r >= 0 && argv[4].r >= 0 && argv[2].r > 1 && argv[5].r > 1 && s1 + s2 > 0))
        return;
    double freedom = (s1 + s2) * (s1 + s2) / (s1 * s1 / (argv[2].r - 1) + s2 * s2 / (argv[5].r - 1));
    double t2 = difference * difference / (s1 + s2);
    out->r = incomplete_beta(freedom / (freedom + t2), freedom / 2, 0.5);
}
