/* SPDX-License-Identifier: Apache-2.0 */
/* scalar/scalar_table: gathered rows of texts with their weights, as mining wants them: each value a number
 * of its column.
 *
 * Read from JSON, column by column: first the weights, then the texts. Columns beyond SCALAR_TABLE_COLUMNS
 * are refused. Ownership: the arena. Threads: no state. */
#ifndef SCALAR_SCALAR_TABLE_H
#define SCALAR_SCALAR_TABLE_H

#include "base/arena.h"
#include "base/strbuf.h"

enum { SCALAR_TABLE_COLUMNS = 64, SCALAR_TABLE_ROWS = 100000, SCALAR_TABLE_SETS = 2 };

struct scalar_table_column {
    uint32_t *codes; /* of each row */
    str      *names; /* of each code */
    uint32_t  n_codes;
};

struct scalar_table {
    size_t                     n, k, sets; /* rows, columns, columns of weights */
    double                    *weight[SCALAR_TABLE_SETS];
    double                     total[SCALAR_TABLE_SETS];
    struct scalar_table_column column[SCALAR_TABLE_COLUMNS];
};

/* False: it is none, over a limit, or the arena is full. */
bool scalar_table_read(struct arena *a, str json, size_t sets, struct scalar_table *out);

/* Rows that have some values in common with a row, the pattern: a bit a column. */
struct scalar_table_match {
    uint64_t columns;
    size_t   row;
    double   weight[SCALAR_TABLE_SETS]; /* of the rows that match */
};

bool scalar_table_fits(const struct scalar_table *t, const struct scalar_table_match *m, size_t row);
void scalar_table_weigh(const struct scalar_table *t, struct scalar_table_match *m);
bool scalar_table_same(const struct scalar_table *t, const struct scalar_table_match *a,
                       const struct scalar_table_match *b);
/* ["a",null,…]: a null for each column that is free. */
void scalar_table_write(const struct scalar_table *t, const struct scalar_table_match *m, struct strbuf *out);

#endif
