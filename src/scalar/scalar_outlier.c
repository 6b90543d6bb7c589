/* SPDX-License-Identifier: Apache-2.0 */
#include "scalar/scalar_outlier.h"

#include <math.h>

static double deviation(const struct scalar_array *s)
{
    double mean = 0, squares = 0;

    for (size_t i = 0; i < s->n; i++)
        mean += s->v[i] / (double)s->n;
    for (size_t i = 0; i < s->n; i++)
        squares += (s->v[i] - mean) * (s->v[i] - mean);
    return sqrt(squares / (double)s->n);
}

bool scalar_outlier_score(struct arena *a, const struct scalar_array *s, struct scalar_outlier_range range,
                          struct scalar_array *out)
{
    struct scalar_array sorted;

    if (!scalar_array_make(a, s->n, out) || !scalar_array_sorted(a, s, &sorted))
        return false;
    if (sorted.n == 0)
        return true;
    double under = scalar_array_percentile(&sorted, range.low);
    double over = scalar_array_percentile(&sorted, range.high);
    double width = over > under ? over - under : deviation(&sorted) * range.deviations;
    for (size_t i = 0; i < s->n; i++) {
        double beyond = s->v[i] > over ? s->v[i] - over : s->v[i] < under ? s->v[i] - under : 0;
        out->v[i] = beyond != 0 && width > 0 ? beyond / width * range.scale : 0;
    }
    return true;
}
