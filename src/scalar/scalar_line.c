/* SPDX-License-Identifier: Apache-2.0 */
#include "scalar/scalar_line.h"

#include <math.h>

struct scalar_line scalar_line_fit(const double *v, size_t from, size_t to)
{
    struct scalar_line line = { 0 };
    double             mean_x = 0, mean_y = 0, xx = 0, xy = 0;

    for (size_t i = from; i < to; i++)
        if (!isnan(v[i])) {
            line.n++;
            mean_x += (double)(i + 1);
            mean_y += v[i];
        }
    if (line.n == 0)
        return line;
    mean_x /= (double)line.n;
    mean_y /= (double)line.n;
    for (size_t i = from; i < to; i++)
        if (!isnan(v[i])) {
            double x = (double)(i + 1) - mean_x, y = v[i] - mean_y;
            xx += x * x;
            xy += x * y;
            line.squares += y * y;
        }
    line.slope = xx > 0 ? xy / xx : 0;
    line.interception = mean_y - line.slope * mean_x;
    line.left = line.squares - line.slope * xy;
    if (line.left < line.squares * 1e-15)
        line.left = 0;
    line.rsquare = line.squares > 0 ? 1 - line.left / line.squares : 1;
    line.variance = line.n > 1 ? line.squares / (double)(line.n - 1) : 0;
    line.rvariance = line.n > 1 ? line.left / (double)(line.n - 1) : 0;
    return line;
}

double scalar_line_at(const struct scalar_line *line, size_t i)
{
    return line->slope * (double)(i + 1) + line->interception;
}
