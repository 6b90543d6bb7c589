/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_pending: makes the rows of the log tables that sweeps left for later. A verdict that moved
 * twice before its row was made gets one row, with the state that it has then. Threads: as posture. */
#ifndef POSTURE_POSTURE_PENDING_H
#define POSTURE_POSTURE_PENDING_H

#include "posture/posture.h"

enum { POSTURE_PENDING_SOME = 250 };

/* At most `max` rows; `n` is how many were made. */
must_check enum rc posture_pending_log(struct posture *p, size_t max, size_t *n, struct err *err);

#endif
