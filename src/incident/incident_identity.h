/* SPDX-License-Identifier: Apache-2.0 */
/* incident/incident_identity: by what a thing is known, for every type that alerts name.
 *
 * A strong identity names one thing everywhere (a SID, name and domain, a digest); things that share one are
 * one. What has none gets a weak identity of all that is said of it: it meets only its like, and is never
 * merged with anything. Threads: no state. */
#ifndef INCIDENT_INCIDENT_IDENTITY_H
#define INCIDENT_INCIDENT_IDENTITY_H

#include "detect/detect_entity.h"

enum { INCIDENT_IDENTITY_MAX = 8 };

/* The identities, the most telling first; one at least. `strong` is false when it is the weak one. */
size_t incident_identity_of(struct arena *a, const struct detect_entity *e, str out[INCIDENT_IDENTITY_MAX],
                            bool *strong);

/* Strong identifiers by type, beside those of accounts, hosts and addresses, which detect_name knows. */
struct incident_identity_rule {
    const char *type, *fields[4]; /* all of them together name one thing */
    const char *doc, *example;
};
extern const struct incident_identity_rule INCIDENT_IDENTITY_RULES[]; /* ended by a NULL type */

#endif
