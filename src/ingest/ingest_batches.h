/* SPDX-License-Identifier: Apache-2.0 */
/* ingest_batches: the rows of one unit of work (a request, a stretch of a live source), by table.
 *
 * Exactly once: where batches are cut depends on nothing but the rows, and each carries a token made of the
 * unit's token, its table and its number. Doing the same unit again, after a crash or at a sender's
 * repetition, makes the same batches with the same tokens, and the engine stores none of them twice.
 *
 * Memory: `max_bytes` over all tables; beyond it the largest batch is sent before the unit's end.
 * Threads: one at a time. */
#ifndef INGEST_INGEST_BATCHES_H
#define INGEST_INGEST_BATCHES_H

#include "ingest/ingest_core.h"
#include "ingest/ingest_row.h"

enum { INGEST_BATCHES_ROWS = 50000, INGEST_BATCHES_TABLES = 256 };

struct ingest_batches;

struct ingest_batches *ingest_batches_new(struct ingest_core *core, str token, size_t max_bytes);
struct ingest_batches *ingest_batches_free(struct ingest_batches *b);
DEFINE_AUTO(ingest_batches, ingest_batches_free)

/* RC_NOT_FOUND, RC_INVALID: there can be no such table. RC_LIMIT: the row is too large, or the unit names too
 * many tables. Those three concern the row alone. Others are the engine's: the unit cannot be stored now. */
must_check enum rc ingest_batches_row(struct ingest_batches *b, const struct ingest_row *row,
                                      struct err *err);
bool               ingest_batches_is_row_error(enum rc rc);

/* Sends what is left. RC_OK: every row of the unit is on disk. */
must_check enum rc ingest_batches_finish(struct ingest_batches *b, struct err *err);

/* Rows by table, in order of first appearance. */
size_t ingest_batches_count(const struct ingest_batches *b);
str    ingest_batches_table(const struct ingest_batches *b, size_t i, uint64_t *rows);

#endif
