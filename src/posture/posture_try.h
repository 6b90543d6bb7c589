/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_try: what a definition would say, before it is assigned anywhere. Changes nothing.
 * Threads: as posture. */
#ifndef POSTURE_POSTURE_TRY_H
#define POSTURE_POSTURE_TRY_H

#include "posture/posture_assessment.h"

enum { POSTURE_TRY_RESOURCES = 10000 }; /* looked at, at most */

struct posture_try {
    const struct json *properties; /* of the definition */
    const struct json *parameters; /* {"name": {"value": v}} or NULL */
    str                resource;   /* id of the one to be told of; empty: none */
    const struct json *document;   /* one that is not there, to be told of in its place; or NULL */
};

struct posture_tried {
    struct posture_finding one; /* explained; state 0: the definition does not concern the resource */
    int64_t                n[POSTURE_STATE_COUNT_];
    int64_t                looked_at;
    bool                   more;  /* there are resources that were not looked at */
    str                    first; /* id of one that would be unhealthy */
};

/* RC_NOT_FOUND: there is no such resource. What is wrong with the definition is RC_INVALID. */
must_check enum rc posture_try_run(struct posture *p, const struct posture_try *t, struct arena *a,
                                   struct posture_tried *out, struct err *err);

/* What stands in an assessment, found anew in the resource as it is in `j->tx`. */
must_check enum rc posture_try_again(const struct posture_judging *j, const struct posture_assessment *x,
                                     struct arena *a, struct posture_finding *out, struct err *err);
/* The same, explained, in a transaction of its own. */
must_check enum rc posture_try_explain(struct posture *p, const struct posture_plan *plan,
                                       const struct posture_assessment *x, struct arena *a,
                                       struct posture_finding *out, struct err *err);

#endif
