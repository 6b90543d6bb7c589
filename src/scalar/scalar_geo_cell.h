/* SPDX-License-Identifier: Apache-2.0 */
/* scalar/scalar_geo_cell: S2 cells. The sphere is six faces of a cube, each cut into four 30 times; cells lie
 * along a Hilbert curve. Threads: no state. */
#ifndef SCALAR_SCALAR_GEO_CELL_H
#define SCALAR_SCALAR_GEO_CELL_H

#include "scalar/scalar_geo_shape.h"

enum { SCALAR_GEO_CELLS_MAX = 65536 };

/* The number of the cell of level 30 that holds a point. */
uint64_t scalar_geo_cell_of(struct vec v);

struct geo_cells {
    uint64_t *p;
    size_t    n;
    bool      over; /* more than SCALAR_GEO_CELLS_MAX */
};

/* What is covered: rings (closed) with their inside, or lines; and what is within some meters of it. */
struct geo_covered {
    const struct geo_lines *shape;
    bool                    closed;
    double                  meters;
};

/* The cells of a level that it meets. False: the arena is full. */
bool scalar_geo_cell_cover(struct arena *a, const struct geo_covered *what, int level, struct geo_cells *out);
/* Hexadecimal without the zeros at the end. */
void scalar_geo_cell_token(struct strbuf *out, uint64_t id);

#endif
