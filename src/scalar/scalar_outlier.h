/* SPDX-License-Identifier: Apache-2.0 */
/* scalar/scalar_outlier: how far values lie outside of the others: Tukey's test as a measure.
 * Ownership: the arena. Threads: no state. */
#ifndef SCALAR_SCALAR_OUTLIER_H
#define SCALAR_SCALAR_OUTLIER_H

#include "scalar/scalar_array.h"

/* Percentiles between which nothing is an outlier. Where both are one value, as in a series of zeros with
 * some peaks, the distance that they would have on a normal distribution takes the place of theirs. The scale
 * makes 1.5 a mild one whatever they are: where the fences of Tukey's test stand on a normal distribution. */
struct scalar_outlier_range {
    double low, high, scale;
    double deviations; /* how far apart the percentiles are on a normal distribution */
};

#define SCALAR_OUTLIER_TUKEY ((struct scalar_outlier_range) { 25, 75, 1, 1.3489795 })
#define SCALAR_OUTLIER_CTUKEY                                                                                \
    ((struct scalar_outlier_range) { 10, 90, 2.772605605507915, 2.5631031 }) /* Kusto's */

/* 0 for what lies between the percentiles and for NaN; the further outside, the further from 0. False: the
 * arena is full. */
bool scalar_outlier_score(struct arena *a, const struct scalar_array *s, struct scalar_outlier_range range,
                          struct scalar_array *out);

#endif
