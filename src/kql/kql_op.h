/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_op: the tabular operators, one row each.
 *
 * A row says how the operator is written (parse, called behind its name), what it does to a table (bind,
 * which builds plan nodes) and its page of the manual. Adding one: see README.md. Threads: const tables. */
#ifndef KQL_KQL_OP_H
#define KQL_KQL_OP_H

#include "base/str.h"

struct kql_parser;
struct kql_binder;
struct kql_node;
struct kql_rel;

struct kql_op {
    const char *name;
    bool        source; /* stands at the head of a pipeline: print, range, datatable */
    bool        ends;   /* gives several tables: stands last, in a statement of the query itself */
    bool        both;   /* stands at the head or behind a pipe: union, search */
    /* Reads what follows the name into op's kids and options. False when it reported an error. */
    bool (*parse)(struct kql_parser *p, struct kql_node *op);
    /* The table that the operator makes of `in` (NULL for a source). NULL when it reported an error. */
    struct kql_rel *(*bind)(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in);
    const char *doc;
    const char *example; /* a query that compiles without any table */
    const char *alias;   /* another name, or NULL */
};

extern const struct kql_op KQL_OPS_BASIC[]; /* kql_op_basic.c: where, take, sort, top, count, distinct, … */
extern const struct kql_op KQL_OPS_SHAPE[]; /* kql_op_shape.c: extend, project and its kin */
extern const struct kql_op KQL_OPS_SOURCE[];    /* kql_op_source.c: print, datatable, range, externaldata */
extern const struct kql_op KQL_OPS_SUMMARIZE[]; /* kql_op_summarize.c */
extern const struct kql_op KQL_OPS_JOIN[];      /* kql_op_join.c: join, lookup */
extern const struct kql_op KQL_OPS_UNION[];     /* kql_op_union.c: union, search, find */
extern const struct kql_op KQL_OPS_EXPAND[];    /* kql_op_expand.c: mv-expand, mv-apply */
extern const struct kql_op KQL_OPS_MACRO[];     /* kql_op_macro.c: macro-expand */
extern const struct kql_op KQL_OPS_PARTITION[]; /* kql_op_partition.c */
extern const struct kql_op KQL_OPS_SERIES[];    /* kql_op_series.c: make-series */
extern const struct kql_op KQL_OPS_TOP[];       /* kql_op_top.c: top-hitters, top-nested */
extern const struct kql_op KQL_OPS_EVALUATE[];  /* kql_op_evaluate.c: evaluate and its plugins */
extern const struct kql_op KQL_OPS_GRAPH[];     /* kql_op_graph.c: make-graph, graph-to-table, … */
extern const struct kql_op KQL_OPS_MATCH[];     /* kql_op_match.c: graph-match, graph-shortest-paths */
extern const struct kql_op KQL_OPS_SEVERAL[];   /* kql_op_several.c: fork, facet */
extern const struct kql_op KQL_OPS_REDUCE[];    /* kql_op_reduce.c */
extern const struct kql_op KQL_OPS_SCAN[];      /* kql_op_scan.c */
extern const struct kql_op KQL_OPS_PARSE[];     /* kql_op_parse.c: parse, parse-where, parse-kv */

const struct kql_op *kql_op_find(str name);
/* Walks all rows of all families: start with NULL, ends with NULL. */
const struct kql_op *kql_op_next(const struct kql_op *op);
/* Whether a name fits a pattern in which * stands for any text. */
bool kql_op_matches(str pattern, str name);

#endif
