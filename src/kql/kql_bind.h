/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_bind: the tree to a plan: what names mean, what types are, which conversions are silent.
 *
 * The functions below kql_bind_query are the words in which operators and functions say what they do.
 * Those that give a pointer give NULL after a report.
 * Ownership: the arena. Threads: no state. */
#ifndef KQL_KQL_BIND_H
#define KQL_KQL_BIND_H

#include "base/map.h"
#include "kql/kql.h"
#include "kql/kql_agg.h"
#include "kql/kql_fn.h"
#include "kql/kql_op.h"
#include "kql/kql_plan.h"

/* A let, a parameter, or a name given by `as`. Scopes are lists: the newest first. */
struct kql_scope {
    str                     name;
    const struct kql_node  *node; /* what it stands for, bound anew at each use … */
    const struct kql_scope *seen; /* … in the scope of its definition */
    struct kql_expr        *expr; /* or: a scalar that is bound already */
    struct kql_rel         *rel;  /* or: an empty table of known columns */
    bool                    lambda, view;
    bool                    place;     /* stands before the dot of a table: an entity of macro-expand */
    bool                    key;       /* of partition: what toscalar() of its name gives */
    bool                    restricts; /* `node` lists the tables that what follows may read */
    const struct kql_scope *next;
};

/* The aggregates that an expression of summarize calls for. NULL outside of one. */
struct kql_aggregates {
    kql_defs defs;
};

/* A name that stands for a row: a step of scan, a node or edge of a graph's pattern. */
struct kql_named_row {
    str                         name;
    struct kql_rel             *row; /* whose fields stand behind the dot */
    const struct kql_named_row *next;
};

/* A table of the answer; the name is empty when it has none. */
struct kql_named_answer {
    str               name;
    struct kql_rel   *rel;
    struct kql_render render;
};

struct kql_binder {
    struct arena               *arena;
    struct kql_diags           *diags;
    const struct kql_catalog   *catalog;
    const struct kql_opts      *opts;
    const struct kql_scope     *scope;
    struct kql_rel             *row;   /* whose fields expressions see; NULL where there is no row */
    struct kql_rel             *right; /* in `on` of a join: what $right sees */
    const struct kql_named_row *rows;
    struct kql_rel       **window; /* where window functions may put a stage below; NULL where not allowed */
    struct kql_aggregates *aggregates;
    struct map            *names; /* identifiers of the SQL that are taken */
    struct map            *tables;
    VEC(str) tables_read;
    VEC(struct kql_scope) named;       /* by this statement, for those behind it */
    VEC(struct kql_named_answer) more; /* tables that this statement gives behind its first */
    str               first_name;      /* of that first, when it has one */
    struct kql_render render;
    size_t            depth, expansion, max_depth, max_expansion, max_memory;
    bool              own_text; /* a text of the compiler's own is bound: helpers have names in it */
    int               calls;    /* running number for kql_expr.number */
};

/* The tables that the query gives, in the order of its statements: at least one. False after a report. */
typedef VEC(struct kql_named_answer) kql_answers;
bool kql_bind_query(struct kql_binder *b, const struct kql_node *block, kql_answers *out);
/* A query from its text to its plans, pruned: what kql_compile and row evaluation begin with; in kql.c. Of
 * `b` arena, diags, catalog and opts are set by the caller; the rest is filled in. */
must_check enum rc kql_bind_text(struct kql_binder *b, str query, kql_answers *out, struct err *err);

/* Counts one more thing bound; false, reported, when the query grew over its limits. */
bool kql_bind_grow(struct kql_binder *b, struct kql_span at);

/* --- tables --- */
struct kql_rel *kql_bind_table(struct kql_binder *b, const struct kql_node *node); /* anything tabular */
bool            kql_bind_is_tabular(struct kql_binder *b, const struct kql_node *node);
/* The table, let or function of that name, or NULL without a report. */
bool            kql_bind_table_exists(struct kql_binder *b, const struct kql_node *node);
struct kql_rel *kql_bind_base_table(struct kql_binder *b, const struct kql_table *t);
void            kql_bind_reads(struct kql_binder *b, str table); /* notes it among those that are read */
/* Applies kids 1… of a pipe to a table. */
struct kql_rel *kql_bind_operators(struct kql_binder *b, const struct kql_node *pipe, struct kql_rel *in);
const struct kql_scope *kql_bind_scope_find(const struct kql_binder *b, str name);
/* Whether no `restrict access` stands between here and the definition of a name (NULL: the catalog) that
 * leaves it out. */
bool kql_bind_is_readable(const struct kql_binder *b, str name, const struct kql_scope *defined);
void kql_bind_scope_add(struct kql_binder *b, struct kql_scope s);

/* --- expressions, in the row b->row; in kql_bind_expr.c --- */
struct kql_expr *kql_bind_expr(struct kql_binder *b, const struct kql_node *node);
struct kql_expr *kql_bind_expr_in(struct kql_binder *b, const struct kql_node *node, struct kql_rel *row);
/* As a condition: numbers and dynamics become bool. */
struct kql_expr *kql_bind_expr_condition(struct kql_binder *b, const struct kql_node *node);
/* A constant of that type (KQL_UNKNOWN: any). */
bool kql_bind_expr_const(struct kql_binder *b, const struct kql_node *node, enum kql_type type,
                         struct kql_value *out);
/* The name that a column made of the expression gets, empty when there is none of its own; in
 * kql_bind_name.c. */
str kql_bind_name(struct kql_binder *b, const struct kql_node *node);

/* --- building --- */
struct kql_col *kql_bind_col(struct kql_binder *b, str name, enum kql_type type, bool nullable);
/* A relation over `in` with its fields, order and parts. */
struct kql_rel *kql_bind_rel(struct kql_binder *b, enum kql_rel_kind kind, struct kql_rel *in);
void            kql_bind_field(struct kql_binder *b, struct kql_rel *rel, str name, struct kql_col *col);
/* The name itself, or with a number behind when the relation has it already. */
str kql_bind_unused_name(struct kql_binder *b, const struct kql_rel *rel, str name);
/* Computes an expression in a PROJECT: the column that it is, when it is one already. */
struct kql_col *kql_bind_def(struct kql_binder *b, struct kql_rel *project, str name, struct kql_expr *expr);
struct kql_field *kql_bind_find(struct kql_binder *b, struct kql_rel *rel,
                                str name); /* exact, else any case */
void kql_bind_unknown_column(struct kql_binder *b, const struct kql_rel *rel, str name, struct kql_span span);
void kql_bind_error(struct kql_binder *b, enum kql_diag_code code, struct kql_span at, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

#endif
