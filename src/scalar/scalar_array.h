/* SPDX-License-Identifier: Apache-2.0 */
/* scalar/scalar_array: arrays of reals out of JSON and back, and what their order tells.
 *
 * It reads numbers by itself: the C library's strtod and a tree of JSON would make each module that works on
 * series twice as large, and the engine needs 25 ms a KB before it runs one.
 *
 * A null and everything else that is no number is NaN, here and on the way back: null. Ownership: the arena.
 * Threads: no state. */
#ifndef SCALAR_SCALAR_ARRAY_H
#define SCALAR_SCALAR_ARRAY_H

#include "base/arena.h"
#include "base/strbuf.h"

enum { SCALAR_ARRAY_MAX = 1 << 20 };

struct scalar_array {
    double *v;
    size_t  n;
    bool    whole; /* all numbers in it are whole ones */
};

/* False when it is no array, too long, or the arena is full. */
bool scalar_array_read(struct arena *a, str json, struct scalar_array *out);
bool scalar_array_make(struct arena *a, size_t n, struct scalar_array *out); /* of zeros */
/* Another array with the numbers of this one that are none of NaN, in rising order. */
bool scalar_array_sorted(struct arena *a, const struct scalar_array *from, struct scalar_array *out);
/* Between two values of a sorted array that is not empty; percent from 0 to 100. */
double scalar_array_percentile(const struct scalar_array *sorted, double percent);

/* A JSON number, as a whole text; NaN when it is none. */
double scalar_array_number(str text, bool *whole);

void scalar_array_add(struct strbuf *out, const double *v, size_t n); /* [1.0,null] */
void scalar_array_add_real(struct strbuf *out, double v);             /* 1.0, or null */
void scalar_array_add_long(struct strbuf *out, int64_t v);

#endif
