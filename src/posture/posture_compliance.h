/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_compliance: standards, their controls, and what the assigned initiatives say of them.
 *
 * An assigned initiative with groups is a standard, its groups are the controls. A control fails when a
 * resource fails one of its policies, and passes only when everything under it was measured and passes: what
 * waits for an attestation or cannot be measured makes it "skipped", and one without anything to judge is
 * "unsupported". Threads: as posture. */
#ifndef POSTURE_POSTURE_COMPLIANCE_H
#define POSTURE_POSTURE_COMPLIANCE_H

#include "posture/posture_assessment.h"

enum posture_compliant {
    POSTURE_PASSED,
    POSTURE_FAILED,
    POSTURE_SKIPPED,
    POSTURE_UNSUPPORTED,
    POSTURE_COMPLIANT_COUNT_
};

str posture_compliance_name(enum posture_compliant c); /* Passed, Failed, Skipped, Unsupported */

struct posture_compliance_check {
    const struct posture_tally *tally;
    enum posture_compliant      state;
    int64_t                     passed, failed, skipped, unmeasured, manual; /* resources */
};

struct posture_compliance_control {
    str                              name, title, description, category;
    enum posture_compliant           state;
    struct posture_compliance_check *checks;
    size_t                           n, cap;
    size_t                           by_state[POSTURE_COMPLIANT_COUNT_]; /* checks */
};

struct posture_standard {
    str                                name, title, description, set; /* set: the initiative's id */
    enum posture_compliant             state;
    struct posture_compliance_control *controls;
    size_t                             n;
    size_t                             by_state[POSTURE_COMPLIANT_COUNT_]; /* controls */
};

struct posture_standards {
    struct posture_standard *p;
    size_t                   n, cap;
};

/* All standards, as far as `scope` is concerned. */
must_check enum rc posture_compliance_of(struct posture *p, str scope, struct arena *a,
                                         struct posture_standards *out, struct err *err);
/* By name or by the initiative's name; NULL when there is none. */
const struct posture_standard           *posture_compliance_find(const struct posture_standards *s, str name);
const struct posture_compliance_control *posture_compliance_control_find(const struct posture_standard *s,
                                                                         str                            name);

#endif
