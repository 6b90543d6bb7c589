/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_graph: a graph as two shared relations, its nodes and its edges, numbered in the order of their
 * keys.
 *
 * What walks the graph is C (scalar/scalar_graph.h), which sees numbers alone; what nodes and edges have is
 * read from the relations by these numbers. Ownership: the arena of the binder. Threads: no state. */
#ifndef KQL_KQL_GRAPH_H
#define KQL_KQL_GRAPH_H

#include "kql/kql_bind.h"

struct kql_graph {
    struct kql_rel *nodes, *edges;   /* for kql_share_read; their fields are the user's columns */
    struct kql_col *node, *node_id;  /* of nodes: the number, from 1; the hash of the key */
    struct kql_col *edge;            /* of edges: the number, from 1 … */
    struct kql_col *source, *target; /* … and those of its nodes */
    struct kql_col *source_id, *target_id;
};

/* What a graph is made of: relations and which of their columns tells nodes apart. */
struct kql_graph_parts {
    struct kql_rel *nodes, *edges;
    struct kql_col *key, *source, *target;
    struct kql_col *node_id, *source_id, *target_id;
};

/* A relation of kind GRAPH. */
struct kql_rel *kql_graph_make(struct kql_binder *b, const struct kql_graph_parts *parts);
/* The graph of a relation, or NULL after a report. */
const struct kql_graph *kql_graph_of(struct kql_binder *b, const struct kql_rel *rel, struct kql_span at);
/* make-graph and the operators on graphs take a graph; all others refuse one. */
bool kql_graph_is_op(const struct kql_op *op);

/* --- words for relations --- */

/* The rows of both that agree, with the fields of `left`; KQL_JOIN_LEFT keeps those without a partner. */
struct kql_rel *kql_graph_join(struct kql_binder *b, struct kql_rel *left, struct kql_col *l,
                               struct kql_rel *right, struct kql_col *r);
struct kql_rel *kql_graph_join_left(struct kql_binder *b, struct kql_rel *left, struct kql_col *l,
                                    struct kql_rel *right, struct kql_col *r);
/* A row of all pairs of rows: of one row each, it is one. */
struct kql_rel *kql_graph_beside(struct kql_binder *b, struct kql_rel *left, struct kql_rel *right);
/* One row whose column is the numbers of `values`, in the order of `by`, as text. */
struct kql_col *kql_graph_text(struct kql_binder *b, struct kql_rel *in, struct kql_col *by,
                               struct kql_expr *const *values, size_t n, struct kql_rel **out);
/* A row for each element of an array in SQL, with its place from 0 if `place` is asked for. */
struct kql_rel *kql_graph_expand(struct kql_binder *b, struct kql_rel *in, struct kql_expr *array,
                                 struct kql_col **element, struct kql_col **place);

#endif
