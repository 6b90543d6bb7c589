/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_gate: would these resources be let in? Holds documents that are not there yet (a Terraform
 * plan, an ARM template, an object at a Kubernetes admission webhook) against the assigned policies. Changes
 * nothing.
 *
 * What a policy of effect deny refuses is denied, if its assignment is enforced; what any other policy minds
 * is told as a warning. Threads: as posture. */
#ifndef POSTURE_POSTURE_GATE_H
#define POSTURE_POSTURE_GATE_H

#include "posture/posture_judge.h"

struct posture_gate_finding {
    str                    resource, type; /* of the document */
    struct posture_finding finding;
    bool                   denied;
    str                    message; /* of the assignment, else what the policy is called */
};

struct posture_gate {
    struct posture_gate_finding *p;
    size_t                       n, cap;
    size_t                       resources, denied, warned, unmeasured;
};

/* `request` is what requestContext() answers, or NULL. Findings belong to the plan that the arena was lent.
 */
must_check enum rc posture_gate_check(struct posture *p, const struct json *const *documents, size_t n,
                                      struct arena *a, struct posture_gate *out, struct err *err);
/* {"decision","resources","denied":[…],"warnings":[…],"notMeasured": n}, in an open object. */
void posture_gate_write(struct json_w *w, const struct posture_gate *g);

#endif
