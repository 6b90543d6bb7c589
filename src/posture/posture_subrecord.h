/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_subrecord: rows of PostureRecords for single findings (subAssessments): one for each that
 * is new or was found otherwise, one for each that is no more. Made by and by, as the rows that sweeps leave.
 * Threads: as the transaction. */
#ifndef POSTURE_POSTURE_SUBRECORD_H
#define POSTURE_POSTURE_SUBRECORD_H

#include "posture/posture_book.h"

/* The resource was judged anew: what its rules counted may have changed with it. `moved`: a verdict did. */
must_check enum rc posture_subrecord_mark(const struct posture_booking  *b,
                                          const struct posture_findings *findings, bool moved,
                                          struct err *err);
/* At most `max` of the resources that were marked. `n` is how many. */
must_check enum rc posture_subrecord_log(struct posture *p, struct state_tx *tx,
                                         const struct posture_plan *plan, size_t max, size_t *n,
                                         struct err *err);

#endif
