/* SPDX-License-Identifier: Apache-2.0 */
/* scalar/scalar_geo_graph: lines and polygons laid over each other.
 *
 * All edges are cut where they meet; what is left of them, each once, is kept or dropped by what lies on its
 * two sides, and kept edges are put together again. Points closer than some 25 nanometers are one. Work grows
 * with the square of the number of edges, which is bounded by SCALAR_GEO_EDGES_MAX. Functions are false when
 * that or the arena is exceeded. Ownership: the arena. Threads: no state. */
#ifndef SCALAR_SCALAR_GEO_GRAPH_H
#define SCALAR_SCALAR_GEO_GRAPH_H

#include "scalar/scalar_geo_shape.h"

enum { SCALAR_GEO_EDGES_MAX = 10000 };

bool scalar_geo_graph_unite(struct arena *a, const struct geo_lines *rings1, const struct geo_lines *rings2,
                            struct geo_shapes *out);
/* Also the points and lines in which polygons merely touch. */
bool scalar_geo_graph_intersect(struct arena *a, const struct geo_lines *rings1,
                                const struct geo_lines *rings2, struct geo_shapes *out);
bool scalar_geo_graph_clip(struct arena *a, const struct geo_lines *lines, const struct geo_lines *rings,
                           struct geo_shapes *out);
bool scalar_geo_graph_meet(struct arena *a, const struct geo_lines *lines1, const struct geo_lines *lines2,
                           struct geo_shapes *out);
/* Lines as one: what they share comes once, and what continues becomes one line. */
bool scalar_geo_graph_join(struct arena *a, const struct geo_lines *lines, struct geo_shapes *out);

#endif
