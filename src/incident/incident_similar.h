/* SPDX-License-Identifier: Apache-2.0 */
/* incident/incident_similar: incidents that are related to one, each with the reason in words.
 *
 * Related are incidents that share an identity (account, host, address), a rule or the title, and whose last
 * activity lies within the window; what became of them stands beside. At most INCIDENT_SIMILAR_MAX, the most
 * alike first.
 *
 * Ownership: what comes out lives in the arena given. Threads: safe. */
#ifndef INCIDENT_INCIDENT_SIMILAR_H
#define INCIDENT_INCIDENT_SIMILAR_H

#include "incident/incident.h"

enum { INCIDENT_SIMILAR_MAX = 20 };

struct incident_similar {
    struct incident incident;
    str             reason; /* "shares CONTOSO\alice and WS5; same rule" */
    int64_t         shared; /* identities */
    bool            same_rule, same_title;
};

/* `window` 0: 14 days, counted back and forth from the incident's own activity. */
must_check enum rc incident_similar_find(struct incident_store *s, str name, duration window, struct arena *a,
                                         struct incident_similar **out, size_t *n, struct err *err);

#endif
