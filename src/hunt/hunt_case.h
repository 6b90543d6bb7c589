/* SPDX-License-Identifier: Apache-2.0 */
/* hunt/hunt_case: rows that a hunter found become an alert, as if a rule had raised it.
 *
 * The alert has its entities from the mappings, keeps the rows and the query, and joins or makes an incident
 * as every alert does. The same rows under the same id raise the same alert. Ownership: the arena given.
 * Threads: safe. */
#ifndef HUNT_HUNT_CASE_H
#define HUNT_HUNT_CASE_H

#include "hunt/hunt.h"

struct hunt_case {
    str                id;             /* of what found them: a livestream, a query */
    const struct json *properties;     /* title, description, severity, tactics, techniques, entityMappings */
    str                title;          /* when the properties name none */
    str                query, columns; /* KQL; JSON: [{"name","type"}] */
    const str         *rows;           /* JSON arrays, 1 to 50 */
    size_t             n_rows;
    str                component; /* "Livestream" */
};

struct hunt_case_made {
    str alert;    /* systemAlertId */
    str incident; /* name of the incident that it is in now; empty: none */
};

must_check enum rc hunt_case_raise(struct hunt *h, const struct hunt_case *c, struct arena *a,
                                   struct hunt_case_made *out, struct err *err);

#endif
