/* SPDX-License-Identifier: Apache-2.0 */
/* detect/detect_book: turns the result of one window into alerts, counting no row twice.
 *
 * Threads: as the transaction. */
#ifndef DETECT_DETECT_BOOK_H
#define DETECT_DETECT_BOOK_H

#include "detect/detect_draft.h"
#include "state/state_tx.h"

/* Does a result of so many rows fire the rule? */
bool detect_book_fires(const struct content_rule *rule, size_t n_rows);

struct detect_booked {
    size_t raised, extended, suppressed, repeated; /* the last: rows that were counted before */
};

/* Books the rows (which fire the rule) and raises through the sink, all in `tx`. */
must_check enum rc detect_book_window(struct state_tx *tx, const struct detect_context *c,
                                      const struct alert_sink *sink, struct detect_booked *out,
                                      struct err *err);

#endif
