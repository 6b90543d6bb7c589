/* SPDX-License-Identifier: Apache-2.0 */
/* scalar/scalar_period: after how many places a series repeats.
 *
 * Kusto does not publish how it does it; this gives what its documentation shows. A period is a peak of the
 * series' correlation with itself that a peak of its spectrum leads to, so that multiples of a period and
 * chance do not count; it shows at least twice, so it is below half of the length, and has at least 4 places.
 * Its score is the lesser of the correlations after one period and after two. What climbs as a whole (a line
 * explains a fifth of it) is laid level first. Ownership: the arena. Threads: no state. */
#ifndef SCALAR_SCALAR_PERIOD_H
#define SCALAR_SCALAR_PERIOD_H

#include "scalar/scalar_array.h"

struct scalar_period {
    size_t places;
    double score; /* 0 to 1 */
};

struct scalar_period_view {
    size_t  n;
    double *correlation; /* [0, n) */
    double *power;       /* of n / 2 + 1 frequencies */
};

/* False: the arena is full. A series that never changes has neither correlation nor power: zeros. */
bool scalar_period_look(struct arena *a, const struct scalar_array *s, struct scalar_period_view *out);
/* The best first; how many there are, at most `max`. */
size_t scalar_period_find(const struct scalar_period_view *view, double least, double most,
                          struct scalar_period *out, size_t max);
/* The score of one length; 0 when it is no period. */
double scalar_period_score(const struct scalar_period_view *view, double places);

#endif
