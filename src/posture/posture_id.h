/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_id: ARM ids, taken apart. Compared without regard to letters' case, segment by segment.
 *
 * Limits: POSTURE_ID_MAX bytes, no empty segment. Threads: pure functions; results are views into the id but
 * where an arena is asked for. */
#ifndef POSTURE_POSTURE_ID_H
#define POSTURE_POSTURE_ID_H

#include "base/arena.h"

enum { POSTURE_ID_MAX = 2048 };

#define POSTURE_TYPE_MANAGEMENT_GROUP "Microsoft.Management/managementGroups"
#define POSTURE_TYPE_SUBSCRIPTION "Microsoft.Resources/subscriptions"
#define POSTURE_TYPE_GROUP "Microsoft.Resources/subscriptions/resourceGroups"

struct posture_id {
    str subscription;     /* its id; empty above subscriptions */
    str group;            /* the resource group's name; empty outside of one */
    str management_group; /* its name, in ids that begin with one */
    str type;             /* "Microsoft.Compute/virtualMachines/extensions"; of containers the types above */
    str name;             /* the last segment */
    str parent; /* the id without the last type and name: the resource it belongs to, or the scope */
};

/* RC_INVALID names what is wrong. `type` lives in the arena. */
must_check enum rc posture_id_parse(str id, struct arena *a, struct posture_id *out, struct err *err);
/* Without closing slashes and with one in front. */
str posture_id_trim(str id);
/* Is `id` the scope itself or below it? By the text alone: knows nothing of management groups but "/" and "".
 */
bool posture_id_within(str scope, str id);
/* What follows the last slash. */
str posture_id_name(str id);
/* "/subscriptions/X" and "/subscriptions/X/resourceGroups/Y" of an id; empty when it is not below one. */
str  posture_id_subscription(str id);
str  posture_id_group(str id);
bool posture_id_is_container(str type);

#endif
