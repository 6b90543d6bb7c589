/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_evidence: why a condition held, as JSON: {"path","operator","found","wanted","missing"}.
 * Threads: any. */
#ifndef POSTURE_POSTURE_EVIDENCE_H
#define POSTURE_POSTURE_EVIDENCE_H

#include "policy/policy.h"

/* `missing` is the type of a related resource that is not there, or empty. Empty text: there is nothing to
 * say. A value that is too long is said to be so. */
str posture_evidence_text(struct arena *a, const struct policy_evidence *e, str missing);

#endif
