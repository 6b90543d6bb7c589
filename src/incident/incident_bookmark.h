/* SPDX-License-Identifier: Apache-2.0 */
/* incident/incident_bookmark: a result row that somebody wants to keep, with the query that gave it.
 *
 * Bookmarks are the workspace's; an incident may hold up to INCIDENT_MAX_BOOKMARKS of them. A deleted one
 * stays in the table HuntingBookmark with SoftDeleted set. The things that the mappings name are entities as
 * those of alerts are.
 *
 * Ownership: what comes out lives in the arena given. Threads: safe. */
#ifndef INCIDENT_INCIDENT_BOOKMARK_H
#define INCIDENT_INCIDENT_BOOKMARK_H

#include "incident/incident.h"

struct incident_bookmark {
    str                    name, etag;
    str                    title, query, query_result, notes;
    ts                     event_time, query_from, query_to, created, modified;
    const str             *labels, *tactics, *techniques;
    size_t                 n_labels, n_tactics, n_techniques;
    str                    mappings; /* ARM's entityMappings, JSON */
    str                    entities; /* SecurityAlert's form, JSON */
    struct incident_person creator, changer;
    int64_t                incident; /* number; 0: none */
    str                    incident_name, incident_title;
    enum content_severity  incident_severity;
};

/* Those of one incident, or with an empty name all of the workspace; the earliest event first. */
must_check enum rc incident_bookmark_list(struct incident_store *s, str incident, struct arena *a,
                                          struct incident_bookmark **out, size_t *n, struct err *err);
must_check enum rc incident_bookmark_get(struct incident_store *s, str name, struct arena *a,
                                         struct incident_bookmark *out, struct err *err);

/* ARM's properties: displayName and query are required. */
struct incident_bookmark_put {
    str                name, if_match;
    const struct json *properties;
    struct incident_by by;
};
must_check enum rc incident_bookmark_put(struct incident_store *s, const struct incident_bookmark_put *put,
                                         struct arena *a, struct incident_bookmark *out, bool *created,
                                         struct err *err);
must_check enum rc incident_bookmark_delete(struct incident_store *s, str name, const struct incident_by *by,
                                            struct err *err);

/* Puts a bookmark into an incident, taking it from the one that held it, or out of it (`hold` false). */
struct incident_bookmark_hold {
    str                incident, bookmark;
    bool               hold;
    struct incident_by by;
};
/* Several into one incident, which is made of `incident` when it is not there: one act. */
struct incident_bookmark_promote {
    const str                 *bookmarks;
    size_t                     n;
    const struct incident_put *incident; /* its body may be empty when the incident is there */
};
must_check enum rc incident_bookmark_promote(struct incident_store                  *s,
                                             const struct incident_bookmark_promote *p, struct arena *a,
                                             struct incident *out, struct err *err);
must_check enum rc incident_bookmark_hold(struct incident_store *s, const struct incident_bookmark_hold *h,
                                          struct arena *a, struct err *err);

#endif
