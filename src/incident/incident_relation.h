/* SPDX-License-Identifier: Apache-2.0 */
/* incident/incident_relation: an incident's alerts and bookmarks under the names that clients gave them.
 *
 * A relation that no client has named is named as its alert or bookmark. Ownership: what comes out lives in
 * the arena given. Threads: safe. */
#ifndef INCIDENT_INCIDENT_RELATION_H
#define INCIDENT_INCIDENT_RELATION_H

#include "incident/incident.h"

struct incident_relation {
    str  name, ref; /* ref: systemAlertId, or the bookmark's name */
    bool is_bookmark;
};

must_check enum rc incident_relation_list(struct incident_store *s, str incident, struct arena *a,
                                          struct incident_relation **out, size_t *n, struct err *err);
must_check enum rc incident_relation_get(struct incident_store *s, str incident, str name, struct arena *a,
                                         struct incident_relation *out, struct err *err);
/* Gives a relation that is there another name. */
must_check enum rc incident_relation_name(struct incident_store *s, str incident, str name, str ref,
                                          struct err *err);

#endif
