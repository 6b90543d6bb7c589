/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_arm: posture's records in the shapes of Microsoft.Security: for routes and log tables
 * alike. Each writes the members of "properties", in an open object. Threads: pure. */
#ifndef POSTURE_POSTURE_ARM_H
#define POSTURE_POSTURE_ARM_H

#include "posture/posture_assessment.h"
#include "posture/posture_score.h"
#include "posture/posture_subassessment.h"

void posture_arm_metadata(struct json_w *w, const struct posture_check *c);
void posture_arm_assessment(struct json_w *w, const struct posture_assessment *x);
/* "riskFactors": the names that the bits stand for. */
void posture_arm_factors(struct json_w *w, const struct posture_risk_formula *f, int64_t present);
/* The id of an assessment on a resource. */
str  posture_arm_assessment_id(struct arena *a, str resource, str name);
void posture_arm_subassessment(struct json_w *w, const struct posture_assessment *x,
                               const struct posture_subassessment *s);
str  posture_arm_subassessment_id(struct arena *a, str resource, str assessment, str name);
/* `name` is shown; a score of one subscription or a mean. */
void posture_arm_score(struct json_w *w, str display_name, const struct posture_score *s);
void posture_arm_control_score(struct json_w *w, int control, const struct posture_control_score *c);
/* With the ids of the checks that the plan has under it. */
void   posture_arm_control_definition(struct json_w *w, int control, const struct posture_plan *plan);
double posture_arm_round(double v); /* to two digits, as the service shows scores */

#endif
