/* SPDX-License-Identifier: Apache-2.0 */
/* incident/incident_undo: takes back what somebody did.
 *
 * Threads: safe. */
#ifndef INCIDENT_INCIDENT_UNDO_H
#define INCIDENT_INCIDENT_UNDO_H

#include "incident/incident.h"

/* Undoes an act as a whole, or refuses as a whole: RC_CONFLICT says what was changed since. `undoing` gets
 * the act that did it, which can be undone itself. */
must_check enum rc incident_undo_act(struct incident_store *s, int64_t act, const struct incident_by *by,
                                     int64_t *undoing, struct err *err);

#endif
