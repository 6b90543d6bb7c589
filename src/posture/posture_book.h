/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_book: writes down what the judging of a resource found: its states, the controls it counts
 * in, the counts of its subscription, rows of the log tables. What did not change is not written.
 *
 * The counts are kept up by the difference, never counted anew; posture_book_recount is the proof, for tests
 * and doctor. Threads: as the transaction, which is a write. */
#ifndef POSTURE_POSTURE_BOOK_H
#define POSTURE_POSTURE_BOOK_H

#include "posture/posture_judge.h"
#include "posture/posture_priv.h"

struct posture_booking {
    struct posture               *p;
    struct state_tx              *tx;
    const struct posture_plan    *plan;
    const struct posture_subject *subject;
    str                           location;
    ts                            now;
    bool                          later; /* rows for the log tables are made by posture_pending, by and by */
    const struct posture_risk    *risk;  /* of the resource */
};

/* `findings` is put in order of unit. A resource that went has none. `changed` is set when a state changed.
 */
must_check enum rc posture_book_apply(const struct posture_booking *b, struct posture_findings *findings,
                                      struct arena *a, bool *changed, struct err *err);

/* Are the counts what the states say? RC_CORRUPT names the first that is not. */
must_check enum rc posture_book_recount(struct state_tx *tx, struct err *err);

#endif
