/* SPDX-License-Identifier: Apache-2.0 */
/* base/near: how far apart two names are, for "did you mean". Pure functions; an empty name and one over 64
 * bytes are near to none. */
#ifndef BASE_NEAR_H
#define BASE_NEAR_H

#include "base/str.h"

enum { NEAR_FAR = 1000 };

/* Letters to insert, drop, change or swap with their neighbour to get from one to the other; case is ignored.
 */
size_t near_distance(str a, str b);

/* Keeps the best candidate seen: start with { .wanted = name }, offer each, read .best (empty: none within a
 * third of the name, at least one letter). */
struct near {
    str    wanted, best;
    size_t distance;
};

void near_offer(struct near *n, str candidate);

#endif
