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
    unsigned              roles;   /* told as well: bits of INCIDENT_CONTACT_ROLES */
    enum content_severity minimal; /* below it nothing is mailed; High unless said otherwise */
};

/* ARM's notificationsByRole; ended by NULL. The subscription's administrators are its owners here. */
extern const char *const INCIDENT_CONTACT_ROLES[];

/* The bits that somebody with this role of ours answers to: none, or those of the names above that mean it.
 */
unsigned incident_contact_roles_of(str role);
bool     incident_contact_is_address(str s);

must_check enum rc incident_contact_list(struct incident_store *s, struct arena *a,
                                         struct incident_contact **out, size_t *n, struct err *err);
must_check enum rc incident_contact_get(struct incident_store *s, str name, struct arena *a,
                                        struct incident_contact *out, struct err *err);
/* ARM's properties, of 2017 and of the versions since (emails, notificationsByRole, alertNotifications as an
 * object); email is one address or several, separated by ;, and may be empty when roles are told. */
must_check enum rc incident_contact_put(struct incident_store *s, str name, const struct json *properties,
                                        struct arena *a, struct incident_contact *out, struct err *err);
must_check enum rc incident_contact_delete(struct incident_store *s, str name, struct err *err);

#endif
