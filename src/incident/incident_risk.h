/* SPDX-License-Identifier: Apache-2.0 */
/* incident/incident_risk: how much a thing is to be worried about, with every step of the sum.
 *
 * Each alert of the last 30 days gives points by severity (High 25, Medium 10, Low 3, Informational 1),
 * halved for each week of age, times what became of its incident: closed as true 1.5, open 1, undetermined
 * 0.5, benign 0.2, false 0. The sum is cut at 100. Ownership: what comes out lives in the arena given.
 * Threads: safe. */
#ifndef INCIDENT_INCIDENT_RISK_H
#define INCIDENT_INCIDENT_RISK_H

#include "incident/incident.h"

enum { INCIDENT_RISK_MAX_TERMS = 200 };

struct incident_risk_term {
    str    alert, title, verdict; /* verdict: "open", "TruePositive", … */
    double points, decay, factor, product;
    ts     time;
};

struct incident_risk {
    double                     score; /* 0..100 */
    struct incident_risk_term *terms; /* the heaviest first */
    size_t                     n_terms;
    bool                       cut; /* the sum was above 100 */
};

must_check enum rc incident_risk_of(struct incident_store *s, str entity, struct arena *a,
                                    struct incident_risk *out, struct err *err);

#endif
