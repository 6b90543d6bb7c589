/* SPDX-License-Identifier: Apache-2.0 */
/* scalar/scalar_line: the line that fits numbers in order best, by least squares. Threads: no state. */
#ifndef SCALAR_SCALAR_LINE_H
#define SCALAR_SCALAR_LINE_H

#include <stddef.h>

struct scalar_line {
    double rsquare, slope, interception; /* of slope · x + interception */
    double variance, rvariance;          /* of the numbers, and of what the line leaves of them */
    double squares, left;                /* the same as sums of squares */
    size_t n;                            /* numbers: NaN is none */
};

/* v[from] stands at x = from + 1. */
struct scalar_line scalar_line_fit(const double *v, size_t from, size_t to);
double             scalar_line_at(const struct scalar_line *line, size_t i);

#endif
