/* SPDX-License-Identifier: Apache-2.0 */
/* scalar/scalar_graph: graphs: a pattern's matches, shortest paths, connected components.
 *
 * A graph comes as two texts of whole numbers: for the nodes the mask of each, for the edges source, target
 * and mask of each; what stands between numbers is no matter. A bit of a mask says that a condition of the
 * query holds. Nodes and edges are then called by their places, from 0.
 *
 * A pattern is a text of numbers too: how cycles count (SCALAR_GRAPH_CYCLES_…), how many node variables and
 * edge variables there are; for each node variable the bits it needs; for each edge variable the variables
 * that it goes from and to, its direction (1 along the edges, -1 against, 0 either way), how many edges at
 * least and at most, the bits that each edge and each node between two edges needs.
 *
 * Matches are an array of [[node of each variable], [edges of the first edge variable], [nodes between them],
 * [edges of the second], …]. Over SCALAR_GRAPH_MATCHES, or after too long a search, the answer is null.
 * Threads: no state. */
#ifndef SCALAR_SCALAR_GRAPH_H
#define SCALAR_SCALAR_GRAPH_H

#include "scalar/scalar.h"

enum {
    SCALAR_GRAPH_MATCHES = 1000000,
    SCALAR_GRAPH_VARIABLES = 16, /* nodes, and edges, of a pattern */
    SCALAR_GRAPH_LENGTH = 100,   /* edges of one variable */
    SCALAR_GRAPH_STEPS = 50000000,
};

enum scalar_graph_cycles {
    SCALAR_GRAPH_CYCLES_ALL,
    SCALAR_GRAPH_CYCLES_UNIQUE_EDGES,
    SCALAR_GRAPH_CYCLES_NONE
};
/* graph_shortest: in place of cycles, how many of the paths between two nodes that are as short. */
enum scalar_graph_output { SCALAR_GRAPH_ANY, SCALAR_GRAPH_EVERY };

#endif
