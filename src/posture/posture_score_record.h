/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_score_record: a score that moved, as rows of SecureScores, SecureScoreControls and
 * PostureRecords. Threads: as the transaction. */
#ifndef POSTURE_POSTURE_SCORE_RECORD_H
#define POSTURE_POSTURE_SCORE_RECORD_H

#include "posture/posture_score.h"

must_check enum rc posture_score_record(struct posture *p, struct state_tx *tx, str subscription,
                                        const struct posture_score *s, ts now, struct err *err);

#endif
