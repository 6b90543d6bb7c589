/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_block: one SELECT being gathered from a chain of relations, and its text.
 * Ownership: the arena of the emitter. Threads: no state. */
#ifndef KQL_KQL_BLOCK_H
#define KQL_KQL_BLOCK_H

#include "base/map.h"
#include "kql/kql_emit.h"

struct kql_shared {
    str    sql, name;
    size_t weight, total;
};

/* The SQL of an expression, and how many nodes the engine sees in it once it has put the expression of every
 * column of the same SELECT in the place of its name. */
struct kql_piece {
    str    sql;
    size_t weight;
    size_t total; /* the same through all SELECTs below */
};

struct kql_computed {
    struct kql_col  *col;
    struct kql_piece piece; /* without SQL: a base table's column under another name */
};

struct kql_block {
    str      from;                     /* text behind FROM; empty for one row of constants */
    kql_cols available;                /* what an outer SELECT may read */
    VEC(struct kql_computed) computed; /* columns made here */
    struct map *weights;               /* identifier of a column made here → its weight */
    struct map *shared;                /* SQL of an argument used more than once → struct kql_shared */
    VEC(struct kql_shared *) with;
    VEC(str) where, having;
    kql_cols               keys;
    kql_orders             order;
    kql_cols               limit_by;
    const struct kql_expr *limit;
    kql_cols               distinct;
    bool                   grouped, windowed, is_distinct;
    const struct kql_rel  *window; /* whose input's order and parts $w means here */
};

struct kql_block *kql_block_new(struct kql_emit *e, str from);
/* What an expression is in this SELECT (`truth`: as a condition). False, with nothing changed, when it stands
 * for too much there: columns over columns over columns. Never false in a SELECT that computes nothing yet,
 * so who gets false closes the SELECT and asks again. */
bool kql_block_piece(struct kql_emit *e, struct kql_block *k, const struct kql_expr *expr, bool truth,
                     struct kql_piece *out);
/* Computes a column in this SELECT. */
void kql_block_add(struct kql_emit *e, struct kql_block *k, struct kql_col *col, struct kql_piece piece);
/* kql_block_piece and kql_block_add, in a new SELECT over this one where it must be. */
struct kql_block *kql_block_compute(struct kql_emit *e, struct kql_block *k, struct kql_col *col,
                                    const struct kql_expr *expr);
/* Adds to e->weight and e->total what the name of a column stands for. */
void kql_block_weigh(struct kql_emit *e, const struct kql_col *col);
/* Whether the relation that is being gathered, or one above it, reads the column. */
bool kql_block_is_live(const struct kql_emit *e, const struct kql_col *col);
/* The text of the SELECT with these columns. */
str kql_block_sql(struct kql_emit *e, struct kql_block *k, const kql_cols *columns);
/* The same in parentheses. */
str kql_block_nested(struct kql_emit *e, struct kql_block *k, const kql_cols *columns);
/* Makes the SELECT so far the FROM of a new one, which sees the columns that are still read. */
struct kql_block *kql_block_close(struct kql_emit *e, struct kql_block *k);

#endif
