/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_block: one SELECT being gathered from a chain of relations, and its text.
 * Ownership: the arena of the emitter. Threads: no state. */
#ifndef KQL_KQL_BLOCK_H
#define KQL_KQL_BLOCK_H

#include "base/map.h"
#include "kql/kql_emit.h"

struct kql_shared {
    str sql, name;
};

struct kql_block {
    str         from;      /* text behind FROM; empty for one row of constants */
    kql_cols    available; /* what an outer SELECT may read */
    kql_defs    defs;   /* columns computed here; a NULL expr is a base table's column under another name */
    struct map *shared; /* SQL of an argument used more than once → struct kql_shared */
    VEC(struct kql_shared *) with;
    VEC(const struct kql_expr *) where, having;
    kql_cols               keys;
    kql_orders             order;
    kql_cols               limit_by;
    const struct kql_expr *limit;
    kql_cols               distinct;
    bool                   grouped, windowed, is_distinct;
    const struct kql_rel  *window; /* whose input's order and parts $w means here */
    size_t                 weight;
};

struct kql_block *kql_block_new(struct kql_emit *e, str from);
/* Computes a column in this SELECT; heavy chains of such columns are asked to close it (kql_block_is_heavy).
 */
void kql_block_def(struct kql_emit *e, struct kql_block *k, struct kql_col *col, const struct kql_expr *expr);
bool kql_block_is_heavy(const struct kql_block *k, const struct kql_expr *expr);
/* The text of the SELECT with these columns. */
str kql_block_sql(struct kql_emit *e, struct kql_block *k, const kql_cols *columns);
/* The same in parentheses. */
str kql_block_nested(struct kql_emit *e, struct kql_block *k, const kql_cols *columns);
/* Makes the SELECT so far the FROM of a new one, which sees the columns that somebody needs. */
struct kql_block *kql_block_close(struct kql_emit *e, struct kql_block *k);

#endif
