/* SPDX-License-Identifier: Apache-2.0 */
/* tables/tables_block: one column of a block in ClickHouse's Native form, built value by value.
 *
 * A value that does not fit the column's type is refused and the column is as before; rows that gave nothing
 * are filled when the next value comes or at the end. Threads: one at a time. */
#ifndef TABLES_TABLES_BLOCK_H
#define TABLES_TABLES_BLOCK_H

#include "base/json.h"
#include "base/strbuf.h"
#include "base/ts.h"
#include "tables/tables_type.h"

struct tables_block {
    enum tables_type type;
    bool             nullable; /* with a byte a row that says whether it is null; texts have none */
    size_t           rows;     /* filled so far */
    struct strbuf    nulls, data;
};

/* What undoes the values of a row. */
struct tables_block_mark {
    size_t rows, nulls, data;
};

void tables_block_init(struct tables_block *b, enum tables_type type, bool nullable, size_t max_bytes);
void tables_block_done(struct tables_block *b);
void tables_block_clear(struct tables_block *b);

/* Puts the value into row `row`, which is at or behind `rows`. False: it does not fit the type. */
bool tables_block_put(struct tables_block *b, size_t row, const struct json *value);
void tables_block_put_ts(struct tables_block *b, size_t row, ts t);
void tables_block_put_text(struct tables_block *b, size_t row, str text); /* string or dynamic, as it is */
void tables_block_fill(struct tables_block *b, size_t rows); /* with nothing, up to this many rows */

struct tables_block_mark tables_block_mark(const struct tables_block *b);
void                     tables_block_undo(struct tables_block *b, struct tables_block_mark mark);

void tables_block_varint(struct strbuf *out, uint64_t v);
/* Name and type, as they stand before the values. */
void tables_block_head(const struct tables_block *b, str name, struct strbuf *out);

#endif
