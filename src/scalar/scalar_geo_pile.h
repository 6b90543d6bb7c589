/* SPDX-License-Identifier: Apache-2.0 */
/* scalar/scalar_geo_pile: many polygons that become one. Ownership: the arena. Threads: no state. */
#ifndef SCALAR_SCALAR_GEO_PILE_H
#define SCALAR_SCALAR_GEO_PILE_H

#include "scalar/scalar_geo_graph.h"

/* A set of rings that do not overlap, and of how many points it was made. */
struct geo_polygon {
    struct geo_lines rings;
    size_t           points;
};

struct geo_pile {
    struct geo_polygon *p;
    size_t              n, room;
};

/* False when the arena is full. */
bool scalar_geo_pile_push(struct arena *a, struct geo_pile *pile, struct geo_lines rings);
/* Empties it; false also for an empty pile, and over the limit of scalar_geo_graph. */
bool scalar_geo_pile_unite(struct arena *a, struct geo_pile *pile, struct geo_lines *out);

#endif
