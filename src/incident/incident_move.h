/* SPDX-License-Identifier: Apache-2.0 */
/* incident/incident_move: which alerts an incident has, by people's hands: add, remove, merge, split, and one
 * change of many incidents.
 *
 * An alert is in one incident at most; adding takes it from where it was. Merging moves alerts, comments,
 * tasks, files and bookmarks into one incident and closes the others, which keep their number and history and
 * say where to look. Splitting makes a new incident of some of the alerts. Each is one act, done whole or not
 * at all, and can be undone. A limit that would be broken refuses the act before anything is changed.
 *
 * Ownership: what comes out lives in the arena given. Threads: safe. */
#ifndef INCIDENT_INCIDENT_MOVE_H
#define INCIDENT_INCIDENT_MOVE_H

#include "incident/incident.h"

enum { INCIDENT_MOVE_MAX_MERGED = 50, INCIDENT_MOVE_MAX_BULK = 1000 };

struct incident_move_result {
    int64_t act; /* for incident_undo_act */
    str    *incidents;
    size_t
        n; /* names of the incidents that the act changed; of a merge and a split the first is the one made */
};

struct incident_move_alerts {
    str                incident;
    const str         *alerts;
    size_t             n;
    bool               remove;   /* out of the incident, into none */
    str                relation; /* name that the client gave to what it adds; may be empty */
    struct incident_by by;
};
/* RC_CONFLICT: an alert to be removed is not in the incident. RC_LIMIT: over INCIDENT_MAX_ALERTS. */
must_check enum rc incident_move_alerts(struct incident_store *s, const struct incident_move_alerts *m,
                                        struct arena *a, struct incident_move_result *out, struct err *err);

struct incident_move_merge {
    str                into;
    const str         *from;
    size_t             n;
    struct incident_by by;
};
must_check enum rc incident_move_merge(struct incident_store *s, const struct incident_move_merge *m,
                                       struct arena *a, struct incident_move_result *out, struct err *err);

struct incident_move_split {
    str        from, name, title; /* name: guid of the new one; title may be empty: the alerts name it */
    const str *alerts;
    size_t     n;
    struct incident_by by;
};
must_check enum rc incident_move_split(struct incident_store *s, const struct incident_move_split *m,
                                       struct arena *a, struct incident_move_result *out, struct err *err);

/* One body (as incident_put's) for many incidents; `etags` may be NULL, and an empty one asks nothing. */
struct incident_move_bulk {
    const str         *incidents, *etags;
    size_t             n;
    const struct json *body;
    struct incident_by by;
};
must_check enum rc incident_move_bulk(struct incident_store *s, const struct incident_move_bulk *m,
                                      struct arena *a, struct incident_move_result *out, struct err *err);

#endif
