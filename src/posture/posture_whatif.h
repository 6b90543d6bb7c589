/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_whatif: the score after a planned set of fixes, by the same counting as the score itself.
 * Changes nothing. Threads: as posture. */
#ifndef POSTURE_POSTURE_WHATIF_H
#define POSTURE_POSTURE_WHATIF_H

#include "posture/posture_score.h"

struct posture_whatif_fix {
    str                definition; /* name of the assessment */
    const struct json *resources;  /* array of ids; NULL: all that fail it */
};

/* Of one subscription, by its id. `fixed` counts the verdicts that would turn. */
must_check enum rc posture_whatif_score(struct posture *p, str subscription,
                                        const struct posture_whatif_fix *fixes, size_t n,
                                        struct posture_score *out, size_t *fixed, struct err *err);

#endif
