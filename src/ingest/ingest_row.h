/* SPDX-License-Identifier: Apache-2.0 */
/* ingest_row: one normalised row on its way from a decoder to a batch.
 *
 * Names and values are borrowed: from the record, from static tables or from `arena`, which outlives the row.
 * Empty text and null are never kept, and of two values for one column the first stands: decoders put what
 * they know before what they merely pass on. Threads: one at a time. */
#ifndef INGEST_INGEST_ROW_H
#define INGEST_INGEST_ROW_H

#include "base/arena.h"
#include "base/json.h"
#include "base/ts.h"

/* A row has at most this many fields; what is beyond makes ingest_row_ok refuse it. */
enum { INGEST_ROW_MAX_FIELDS = 1024 };

struct ingest_row {
    str                 table;
    ts                  time; /* TimeGenerated */
    struct arena       *arena;
    struct json_member *fields;
    uint32_t            n, cap;
    bool                overflow;
};

void ingest_row_init(struct ingest_row *row, struct arena *arena, str table, ts time);
void ingest_row_put(struct ingest_row *row, str column, struct json value);
void ingest_row_str(struct ingest_row *row, str column, str value);
void ingest_row_i64(struct ingest_row *row, str column, int64_t value);
void ingest_row_bool(struct ingest_row *row, str column, bool value);
void ingest_row_time(struct ingest_row *row, str column, ts value);

const struct json *ingest_row_get(const struct ingest_row *row, str column); /* NULL when absent */
str ingest_row_text(const struct ingest_row *row, str column); /* empty when absent or no text */

/* RC_LIMIT when fields were left out for want of room. */
must_check enum rc ingest_row_ok(const struct ingest_row *row, struct err *err);

/* The row as a JSON object, TimeGenerated first; valid while the row is. */
struct json ingest_row_object(const struct ingest_row *row);

/* Where decoders put their rows. It may keep a row until its arena is reset: what the row borrows must last
 * so long. */
struct ingest_sink {
    void *ctx;
    enum rc (*row)(void *ctx, const struct ingest_row *row, struct err *err);
};

must_check enum rc ingest_row_emit(const struct ingest_row *row, const struct ingest_sink *sink,
                                   struct err *err);

#endif
