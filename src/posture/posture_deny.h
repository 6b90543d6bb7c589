/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_deny: would an assigned policy of effect deny refuse this document? Assignments that are
 * not enforced refuse nothing. Threads: as posture_judge. */
#ifndef POSTURE_POSTURE_DENY_H
#define POSTURE_POSTURE_DENY_H

#include "posture/posture_judge.h"

/* RC_FORBIDDEN with ARM's sentence when one refuses; `denied` is then a JSON array of {policyAssignmentId,
 * policyAssignmentName, policyDefinitionId, policyDefinitionName, policyDefinitionEffect, evidence, message}.
 */
must_check enum rc posture_deny_check(const struct posture_judging *j, const struct posture_subject *s,
                                      struct arena *a, str *denied, struct err *err);

/* What the assignment tells those whom it refuses; empty when it says nothing. */
str posture_deny_message(const struct posture_unit *u);

#endif
