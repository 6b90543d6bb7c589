/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_subassessment: the single findings behind an unhealthy assessment: each package that lacks
 * its update, each account without a password, each open port. They are the elements that the rule counted,
 * found by judging the resource as it stands; nothing of them is stored. Threads: as posture. */
#ifndef POSTURE_POSTURE_SUBASSESSMENT_H
#define POSTURE_POSTURE_SUBASSESSMENT_H

#include "posture/posture_assessment.h"

struct posture_subassessment {
    str                name;  /* a guid: the same for the same thing on the same resource */
    str                title; /* what it is called: "openssl", "/etc/cron.d/x" */
    str                path;  /* properties.updates.pending[3] */
    const struct json *value; /* what stands there */
};

struct posture_subassessments {
    struct posture_subassessment *p;
    size_t                        n, cap;
};

/* Of one assessment. None where the rule counts nothing. */
must_check enum rc posture_subassessment_of(struct posture *p, const struct posture_plan *plan,
                                            const struct posture_assessment *x, struct arena *a,
                                            struct posture_subassessments *out, struct err *err);

/* The same in the caller's transaction. */
must_check enum rc posture_subassessment_in(struct posture *p, struct state_tx *tx,
                                            const struct posture_plan       *plan,
                                            const struct posture_assessment *x, struct arena *a,
                                            struct posture_subassessments *out, struct err *err);

#endif
