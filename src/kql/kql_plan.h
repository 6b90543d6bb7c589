/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_plan: the bound query: typed expressions and a tree of relations.
 *
 * A column is an object of its own (struct kql_col) with a name in the SQL that no other column of the query
 * has; what a user calls it stands in the relation's fields. So renaming costs nothing, nothing shadows
 * anything, and every stage may be merged into one SELECT. Ownership: the arena of the compile. Threads: one
 * at a time. */
#ifndef KQL_KQL_PLAN_H
#define KQL_KQL_PLAN_H

#include "base/vec.h"
#include "kql/kql_ast.h"

struct kql_fn;
struct kql_agg;
struct kql_table;
struct kql_rel;
struct kql_graph;

struct kql_col {
    str             sql; /* its identifier in the SQL, unique in the query */
    enum kql_type   type;
    bool            nullable; /* may hold an SQL null: never so for text */
    bool            needed;   /* set from the root down by kql_opt: what nobody needs is not selected */
    size_t          last_use; /* the `place` of the outermost relation that reads it, set with `needed` */
    str             physical; /* of a base table's column: its name there */
    bool            raw;      /* `sql` is no name but where a lambda of the SQL has it: #x.3 */
    struct kql_col *of;       /* of such a one: the column it is read from, or NULL */
    str guess; /* the name under which it was looked for in an open bag (kql_rel.open), or empty */
};

struct kql_field {
    str             name;
    struct kql_col *col;
};

enum kql_expr_kind {
    KQL_EXPR_COL,
    KQL_EXPR_CONST,
    KQL_EXPR_CALL,     /* fn(args) */
    KQL_EXPR_AGG,      /* agg(args), in a SUMMARIZE only */
    KQL_EXPR_WINDOW,   /* fn(args) over the order of its relation, in a WINDOW only */
    KQL_EXPR_SUBQUERY, /* toscalar(rel): its first field of its first row */
    KQL_EXPR_IN,       /* args[0] in (first field of rel) */
};

struct kql_expr {
    enum kql_expr_kind    kind;
    enum kql_type         type;
    bool                  nullable;
    struct kql_span       span;
    struct kql_col       *col;
    struct kql_value      value;
    const struct kql_fn  *fn;
    const struct kql_agg *agg;
    struct kql_expr     **args;
    size_t                n_args;
    struct kql_rel       *rel;
    int                   number; /* a running number for calls that must differ, as new_guid() */
    void                 *data;   /* what fn's bind left for its emit */
};

struct kql_def {
    struct kql_col  *col;
    struct kql_expr *expr;
};

struct kql_order {
    struct kql_col *col;
    bool            desc, nulls_first;
};

enum kql_rel_kind {
    KQL_REL_TABLE,     /* a base table */
    KQL_REL_VALUES,    /* rows of constants */
    KQL_REL_ONE,       /* one row without columns */
    KQL_REL_FILTER,    /* pred */
    KQL_REL_PROJECT,   /* defs computed beside what is there */
    KQL_REL_SUMMARIZE, /* keys, defs */
    KQL_REL_DISTINCT,  /* its fields */
    KQL_REL_LIMIT,     /* the first `count` rows, of each `by` when there are any */
    KQL_REL_JOIN,      /* inputs[0], inputs[1] */
    KQL_REL_UNION,     /* inputs; maps has the sources of each */
    KQL_REL_EXPAND,    /* a row for each element: defs are arrays in SQL, walked together */
    KQL_REL_WINDOW,    /* defs of kind WINDOW over `order` within `by` */
    KQL_REL_SHARED,    /* inputs[0], computed once for all that read it: `on` says which of its columns (left)
                          stands for which of this one's (right) */
    KQL_REL_GRAPH,     /* `graph`: not rows, and of use to the operators on graphs alone */
    KQL_REL_COUNT_
};

enum kql_join_kind {
    KQL_JOIN_INNER,
    KQL_JOIN_LEFT,
    KQL_JOIN_RIGHT,
    KQL_JOIN_FULL,
    KQL_JOIN_LEFT_SEMI,
    KQL_JOIN_LEFT_ANTI,
    KQL_JOIN_RIGHT_SEMI,
    KQL_JOIN_RIGHT_ANTI,
};

struct kql_join_key {
    struct kql_col *left, *right;
};

/* Which column of one input of a union each field of it comes from; fields that the input lacks are not
 * named. */
struct kql_source {
    size_t          field;
    struct kql_col *col;
};
typedef VEC(struct kql_source) kql_sources;

typedef VEC(struct kql_field) kql_fields;
typedef VEC(struct kql_def) kql_defs;
typedef VEC(struct kql_order) kql_orders;
typedef VEC(struct kql_col *) kql_cols;

struct kql_rel {
    enum kql_rel_kind kind;
    size_t            place;  /* its number from the leaves up, given by kql_opt */
    kql_fields        fields; /* what the user sees, in order */
    kql_orders        order;  /* the order in force: `sort` only sets it, who needs it applies it */
    kql_cols          part;   /* inside mv-apply and partition: rows of one part have these in common */
    bool              serialized;
    struct kql_col   *open; /* a bag in which names are looked for that are no fields, or NULL */
    bool split;       /* a union that parted columns by type: their common name stands for all of them */
    str  open_prefix; /* what such a name begins with in place of the member's */

    VEC(struct kql_rel *) inputs;
    str      table;
    kql_cols columns;             /* TABLE, VALUES: all columns it has */
    VEC(struct kql_value) values; /* VALUES: row by row */
    struct kql_expr   *pred;
    kql_defs           keys, defs;
    kql_cols           by;
    struct kql_expr   *count;
    bool               marked; /* input of a SHARED: kql_opt was there */
    kql_cols           asked;  /* input of a SHARED: the columns that readers have columns for */
    bool               outer;  /* EXPAND: a row whose arrays are empty stays, once */
    enum kql_join_kind join;
    bool               unique_left; /* JOIN innerunique: one row of each left key */
    VEC(struct kql_join_key) on;
    const struct kql_graph *graph; /* kql_graph.h */
    VEC(kql_sources) maps;
};

struct kql_rel   *kql_plan_rel(struct arena *a, enum kql_rel_kind kind, struct kql_rel *input);
struct kql_expr  *kql_plan_expr(struct arena *a, enum kql_expr_kind kind, enum kql_type type,
                                struct kql_span span);
struct kql_expr  *kql_plan_col(struct arena *a, struct kql_col *col, struct kql_span span);
struct kql_expr  *kql_plan_const(struct arena *a, struct kql_value v, struct kql_span span);
struct kql_field *kql_plan_field(const struct kql_rel *rel, str name); /* NULL when there is none */
/* Whether a key of SUMMARIZE stands for itself, only comes along (a column carried through mv-apply) and is
 * not read from above: then it is left out. For a plan whose columns are marked from the root down to `rel`.
 */
bool kql_plan_key_is_idle(const struct kql_rel *rel, const struct kql_def *key);
bool kql_plan_is_const(const struct kql_expr *e);
/* Whether it is one value in the whole run, which the engine knows before it begins: a constant, toscalar(),
 * or calls of these. */
bool kql_plan_is_fixed(const struct kql_expr *e);
/* The text of a constant string; empty for anything else. */
str kql_plan_const_text(const struct kql_expr *e);

/* The tree as text, one relation a line, for explain. */
void kql_plan_print(struct strbuf *out, const struct kql_rel *rel, unsigned indent);

#endif
