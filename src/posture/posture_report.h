/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_report: what one standard says of a scope at a time, with proof, to be handed on: as CSV
 * here, as PDF by posture_pdf. Threads: as posture. */
#ifndef POSTURE_POSTURE_REPORT_H
#define POSTURE_POSTURE_REPORT_H

#include "posture/posture_compliance.h"

enum { POSTURE_REPORT_SAMPLES = 5 }; /* failing resources that are named for each check */

struct posture_report {
    const struct posture_standard *standard;
    str                            scope; /* id; empty: the tenant */
    str                            tenant;
    ts                             time;
    struct map                    *samples; /* name of a check → struct posture_assessments */
};

must_check enum rc posture_report_of(struct posture *p, const struct posture_standard *standard, str scope,
                                     struct arena *a, struct posture_report *out, struct err *err);
/* Resources that fail the check, with their evidence; n is 0 when none does. */
struct posture_assessments posture_report_samples(const struct posture_report           *r,
                                                  const struct posture_compliance_check *c);
/* "properties.open: found true, wanted false"; empty: there is none. */
str posture_report_evidence(const struct posture_assessment *x, struct arena *a);

/* One line a check of every control: what, its state, counts, scope, time, who fails and the first proof. */
void posture_report_csv(struct strbuf *out, const struct posture_report *r, struct arena *a);

#endif
