/* SPDX-License-Identifier: Apache-2.0 */
/* incident/incident_contact: whom alerts are mailed to.
 *
 * Ownership: what comes out lives in the arena given. Threads: safe. */
#ifndef INCIDENT_INCIDENT_CONTACT_H
#define INCIDENT_INCIDENT_CONTACT_H

#include "incident/incident.h"

enum { INCIDENT_CONTACT_MAX = 20 };

struct incident_contact {
    str                   name, email, phone;
    bool                  notifications, to_admins;
    enum content_severity minimal; /* below it nothing is mailed; High unless said otherwise */
};

must_check enum rc incident_contact_list(struct incident_store *s, struct arena *a,
                                         struct incident_contact **out, size_t *n, struct err *err);
must_check enum rc incident_contact_get(struct incident_store *s, str name, struct arena *a,
                                        struct incident_contact *out, struct err *err);
/* ARM's properties; email is one address or several, separated by ;. */
must_check enum rc incident_contact_put(struct incident_store *s, str name, const struct json *properties,
                                        struct arena *a, struct incident_contact *out, struct err *err);
must_check enum rc incident_contact_delete(struct incident_store *s, str name, struct err *err);

#endif
