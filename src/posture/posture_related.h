/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_related: resources that belong to the one under judgement, for the …IfNotExists effects.
 *
 * Below the resource when the type asked for is below its own, else in its resource group or, by
 * existenceScope, its subscription. Threads: as the transaction. */
#ifndef POSTURE_POSTURE_RELATED_H
#define POSTURE_POSTURE_RELATED_H

#include "base/json.h"
#include "state/state_tx.h"

struct posture_subject;

enum { POSTURE_RELATED_MAX = 10000 };

struct posture_related {
    struct state_tx              *tx; /* NULL: nothing is known */
    const struct posture_subject *subject;
    str unknown; /* afterwards: the type, when nothing of it is known in the subscription */
};

/* For struct policy_related. */
const struct json *posture_related_find(void *ctx, const struct json *details, struct arena *a);

#endif
