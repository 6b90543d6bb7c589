/* SPDX-License-Identifier: Apache-2.0 */
/* hunt/hunt_automation: automation rules, kept and ordered; activities, queries about things of people's own.
 *
 * Both are checked against ARM's models and kept as documents (hunt_object.h); nothing carries them out yet.
 * Ownership: the arena given. Threads: safe. */
#ifndef HUNT_HUNT_AUTOMATION_H
#define HUNT_HUNT_AUTOMATION_H

#include "hunt/hunt_object.h"

enum { HUNT_AUTOMATION_MAX = 512, HUNT_AUTOMATION_ACTIVITIES = 500 };
#define HUNT_AUTOMATION_KIND "automationRule"
#define HUNT_AUTOMATION_ACTIVITY "activity"

must_check enum rc hunt_automation_put(struct hunt *h, const struct hunt_object_put *put,
                                       const struct json *properties, struct arena *a,
                                       struct hunt_object *out, bool *created, struct err *err);
/* In their order, then by name. */
must_check enum rc hunt_automation_list(struct hunt *h, struct arena *a, struct hunt_object **out, size_t *n,
                                        struct err *err);

/* An activity's query must parse; {{Host_HostName}} in it stands for the thing. */
must_check enum rc hunt_automation_activity_put(struct hunt *h, const struct hunt_object_put *put,
                                                const struct json *properties, struct arena *a,
                                                struct hunt_object *out, bool *created, struct err *err);

#endif
