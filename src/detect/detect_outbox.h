/* SPDX-License-Identifier: Apache-2.0 */
/* detect/detect_outbox: rows for log tables, kept in state until the engine has them.
 *
 * A row is put in the same transaction as the change that it tells of. Sending first writes down which rows
 * make a batch, then sends them under a token of theirs, then forgets them: a kill in between sends the same
 * batch again, and the engine takes it once. Overload (the engine is away) costs disk space in state, never a
 * row.
 *
 * Threads: put inside the caller's transaction; send from any thread, one at a time (it locks). */
#ifndef DETECT_DETECT_OUTBOX_H
#define DETECT_DETECT_OUTBOX_H

#include "base/auto.h"
#include "detect/detect_logs.h"
#include "state/state_tx.h"

enum { DETECT_OUTBOX_BATCH = 2000 }; /* rows, or 16 MiB of them */

struct detect_outbox;

struct detect_outbox *detect_outbox_new(struct state *state, const struct detect_logs *logs);
struct detect_outbox *detect_outbox_free(struct detect_outbox *o);
DEFINE_AUTO(detect_outbox, detect_outbox_free)

/* `row` is a JSON object by column; TimeGenerated in it is the row's time. */
must_check enum rc detect_outbox_put(struct state_tx *tx, str table, str row, struct err *err);
/* Sends all that waits. On failure what is left waits for the next call. */
must_check enum rc detect_outbox_send(struct detect_outbox *o, size_t *sent, struct err *err);
/* Rows that wait. */
must_check enum rc detect_outbox_count(struct detect_outbox *o, int64_t *out, struct err *err);

#endif
