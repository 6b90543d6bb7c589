/* SPDX-License-Identifier: Apache-2.0 */
/* incident/incident_verdict: what closed incidents say about the rules that made them.
 *
 * A rule's precision is the share of true positives among its closed incidents that were judged (true, benign
 * or false; undetermined counts nowhere). A false positive proposes an exception: a condition over the
 * columns that the rule maps to entities, with the values of the incident's rows, as one more line of the
 * query and as a unified diff of the rule's file; and it says which alerts of the past it would have silenced
 * and how many of them were true. Nothing is changed: people apply it.
 *
 * Ownership: what comes out lives in the arena given. Threads: safe. */
#ifndef INCIDENT_INCIDENT_VERDICT_H
#define INCIDENT_INCIDENT_VERDICT_H

#include "incident/incident.h"

struct incident_verdict {
    str     rule_id;
    int64_t open, true_positive, benign_positive, false_logic, false_data, undetermined;
    bool    measured; /* false: no incident of the rule was judged, there is no precision */
    double  precision;
};

/* Of every rule that has an incident, by id; with a rule_id of that one (n is then 1, all zero without any).
 */
must_check enum rc incident_verdict_list(struct incident_store *s, str rule_id, struct arena *a,
                                         struct incident_verdict **out, size_t *n, struct err *err);

enum { INCIDENT_VERDICT_MAX_LISTED = 50 };

struct incident_verdict_exception {
    str     condition; /* "not(Account =~ \"CONTOSO\\svc\" and Computer =~ \"ws5\")" */
    str     query;     /* the rule's query with it */
    str     diff;      /* unified, of the rule's file; of the query where the file does not show it */
    int64_t looked_at, silenced, silenced_true; /* alerts of the rule, the newest 1000 */
    str     alerts[INCIDENT_VERDICT_MAX_LISTED];
    size_t  n_alerts;
};

/* RC_CONFLICT: the rows of the incident name nothing that an exception could be made of, or too much. */
must_check enum rc incident_verdict_except(struct incident_store *s, str incident,
                                           const struct content_rule *rule, struct arena *a,
                                           struct incident_verdict_exception *out, struct err *err);

#endif
