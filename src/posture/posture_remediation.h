/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_remediation: fixes all that do not comply with one assigned policy, as
 * Microsoft.PolicyInsights has it. Threads: as posture; a remediation runs in its caller's thread. */
#ifndef POSTURE_POSTURE_REMEDIATION_H
#define POSTURE_POSTURE_REMEDIATION_H

#include "posture/posture_object.h"

enum { POSTURE_REMEDIATION_MAX = 500 }; /* resources, unless resourceCount says fewer */

/* `o` is the remediation as it was put; afterwards it has provisioningState, deploymentStatus and
 * statusMessage. */
must_check enum rc posture_remediation_run(struct posture *p, struct posture_object *o, str who,
                                           struct arena *a, struct err *err);

#endif
