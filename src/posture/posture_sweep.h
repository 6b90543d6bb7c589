/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_sweep: judges many resources: all at or below a scope, by the newest plan, on several
 * threads.
 *
 * Reading and judging hold no lock; a batch is written in one transaction, and a resource that changed
 * meanwhile is left to the change, which judged it itself. Threads: any; the worker's big ones go one
 * after the other, a small one of a fix may run beside them. */
#ifndef POSTURE_POSTURE_SWEEP_H
#define POSTURE_POSTURE_SWEEP_H

#include "posture/posture_priv.h"

enum { POSTURE_SWEEP_BATCH = 1024, POSTURE_SWEEP_THREADS = 16 };

/* `judged` counts resources. Stops, with RC_CANCELLED, when p->stopping. */
must_check enum rc posture_sweep_run(struct posture *p, str scope, size_t *judged, struct err *err);

#endif
