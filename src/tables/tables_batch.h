/* SPDX-License-Identifier: Apache-2.0 */
/* tables/tables_batch: rows of one table, gathered column by column and sent as one block.
 *
 * A field goes to the column of its name (exactly, else letters' case ignored) when its value fits the
 * column's type, else to AdditionalFields under its own name; nothing is dropped. Null fields are left out. A
 * number in a string column becomes its text, a numeric text in a long column its number, an object or array
 * in a string column its JSON. Type is filled with the table's name, _IngestionTime with the time given at
 * the send.
 *
 * A batch of a table that is made on arrival (NAME_CL) keeps its rows until they are sent: their types are
 * found then.
 *
 * A batch holds at most TABLES_BATCH_MAX_ROWS rows and TABLES_BATCH_MAX_BYTES: RC_LIMIT says that it is full
 * and that the row was not taken (send, clear, add again). Threads: one at a time. */
#ifndef TABLES_TABLES_BATCH_H
#define TABLES_TABLES_BATCH_H

#include "base/json.h"
#include "tables/tables.h"

enum { TABLES_BATCH_MAX_ROWS = 100000, TABLES_BATCH_MAX_BYTES = 64 << 20, TABLES_BATCH_MAX_ROW = 16 << 20 };

struct tables_batch;

/* RC_NOT_FOUND: no schema of this name, and it does not end in _CL. RC_INVALID: not a name for a table. */
must_check enum rc tables_batch_new(struct tables *t, str table, struct tables_batch **out, struct err *err);
struct tables_batch *tables_batch_free(struct tables_batch *b);
DEFINE_AUTO(tables_batch, tables_batch_free)

/* Copies what it needs. RC_INVALID when `object` is no object; the batch is then as before. A field named
 * TimeGenerated in the object is ignored: the time is the caller's to settle. */
must_check enum rc tables_batch_row(struct tables_batch *b, const struct json *object, ts time_generated,
                                    struct err *err);
size_t             tables_batch_rows(const struct tables_batch *b);
size_t             tables_batch_bytes(const struct tables_batch *b);
str                tables_batch_table(const struct tables_batch *b);
void               tables_batch_clear(struct tables_batch *b); /* no rows; keeps its memory */

/* Sends the rows and returns when they are on disk. Makes the table first when it is not there. The batch
 * stays as it is, so after RC_UNAVAILABLE, RC_TIMEOUT or RC_BUSY the same call may be made again: with the
 * same token the rows are stored once, however often they are sent (within the last 10,000 batches of the
 * table). RC_FULL: the disk. An empty batch is RC_OK. */
must_check enum rc tables_batch_send(struct tables_batch *b, str token, ts ingested, struct err *err);

#endif
