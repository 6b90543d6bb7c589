/* SPDX-License-Identifier: Apache-2.0 */
/* incident/incident_suppress: rules that keep alerts of a kind quiet, and what they would have kept quiet.
 *
 * An alert that a rule covers is stored and logged with status Dismissed and makes no incident. A rule is for
 * an alert type that has been seen at least once (or '*'), narrowed by `scope`: all of its conditions, each a
 * field of an entity (entities.host.hostName) and the values (in) or the part of one (contains) that it must
 * have. Names have 2 to 50 characters, begin with a letter or digit, and hold besides those only - and _.
 *
 * Ownership: what comes out lives in the arena given. Threads: safe. */
#ifndef INCIDENT_INCIDENT_SUPPRESS_H
#define INCIDENT_INCIDENT_SUPPRESS_H

#include "incident/incident.h"

struct state_tx;

enum { INCIDENT_SUPPRESS_MAX_RULES = 500, INCIDENT_SUPPRESS_MAX_LISTED = 1000 };

struct incident_suppress_rule {
    str     name, alert_type, reason, comment, scope; /* scope: ARM's suppressionAlertsScope, JSON */
    bool    enabled, expired;
    ts      expires, modified; /* expires 0: never */
    int64_t silenced;          /* alerts that it kept quiet */
};

must_check enum rc incident_suppress_list(struct incident_store *s, str alert_type, struct arena *a,
                                          struct incident_suppress_rule **out, size_t *n, struct err *err);
must_check enum rc incident_suppress_get(struct incident_store *s, str name, struct arena *a,
                                         struct incident_suppress_rule *out, struct err *err);
/* ARM's properties. */
must_check enum rc incident_suppress_put(struct incident_store *s, str name, const struct json *properties,
                                         struct arena *a, struct incident_suppress_rule *out,
                                         struct err *err);
must_check enum rc incident_suppress_delete(struct incident_store *s, str name, struct err *err);

struct incident_suppress_trial {
    int64_t                looked_at, covered; /* of alerts since `since` */
    struct incident_alert *alerts;             /* those covered, the newest first */
    size_t                 n;
};
/* What a rule with these properties would have kept quiet. */
must_check enum rc incident_suppress_try(struct incident_store *s, const struct json *properties, ts since,
                                         struct arena *a, struct incident_suppress_trial *out,
                                         struct err *err);

/* The name of the rule in force that covers the alert; empty: none. Counts it. */
must_check enum rc incident_suppress_covers(struct state_tx *tx, const struct alert *alert, ts now,
                                            struct arena *a, str *out, struct err *err);

#endif
