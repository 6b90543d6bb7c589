/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_admit: may an object of a kind stand as it is? Says what is wrong with a definition, an
 * initiative, an assignment, … and fills in what a client may leave out. Threads: as the transaction. */
#ifndef POSTURE_POSTURE_ADMIT_H
#define POSTURE_POSTURE_ADMIT_H

#include "posture/posture_object.h"

/* RC_INVALID, RC_NOT_FOUND (what it refers to), RC_LIMIT. May replace properties and note. */
must_check enum rc posture_admit_object(struct posture *p, struct state_tx *tx, bool builtin, struct arena *a,
                                        struct posture_object *o, struct err *err);
/* RC_CONFLICT when something refers to it; removes what lives and dies with it. */
must_check enum rc posture_admit_delete(struct state_tx *tx, const struct posture_object *o, struct err *err);

#endif
