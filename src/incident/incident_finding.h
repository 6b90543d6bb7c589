/* SPDX-License-Identifier: Apache-2.0 */
/* incident/incident_finding: alerts one by one: pages of them, and what people decide about a single one.
 *
 * A decision is a row more in SecurityAlert. Ownership: what comes out lives in the arena given. Threads:
 * safe. */
#ifndef INCIDENT_INCIDENT_FINDING_H
#define INCIDENT_INCIDENT_FINDING_H

#include "incident/incident.h"
#include "incident/incident_filter.h"

enum { INCIDENT_FINDING_MAX_COMMENTS = 100 };

extern const struct incident_filter_family INCIDENT_FINDING_ARM;   /* properties/severity, … */
extern const struct incident_filter_family INCIDENT_FINDING_GRAPH; /* severity, createdDateTime, … */

struct incident_finding_opts {
    str                                  filter; /* OData */
    const struct incident_filter_family *family;
    size_t                               top;        /* 1..1000; 0: 50 */
    str                                  skip_token; /* from the page before */
    size_t                               skip;       /* or so many from the first */
};

struct incident_finding_page {
    struct incident_alert *items;
    size_t                 n;
    str                    skip_token; /* empty: this was the last page */
};

/* The newest first. */
must_check enum rc incident_finding_list(struct incident_store *s, const struct incident_finding_opts *o,
                                         struct arena *a, struct incident_finding_page *out, struct err *err);

/* A member that is NULL stays. */
struct incident_finding_change {
    str                id;
    const str         *status; /* New, InProgress, Resolved, Dismissed; empty: as its incident is */
    const str         *classification, *determination, *assigned;
    struct incident_by by;
};
must_check enum rc incident_finding_change(struct incident_store *s, const struct incident_finding_change *ch,
                                           struct arena *a, struct incident_alert *out, struct err *err);

struct incident_finding_comment {
    str                    message;
    ts                     created;
    struct incident_person who;
};
must_check enum rc incident_finding_comments(struct incident_store *s, str id, struct arena *a,
                                             struct incident_finding_comment **out, size_t *n,
                                             struct err *err);
must_check enum rc incident_finding_comment(struct incident_store *s, str id, str message,
                                            const struct incident_by *by, struct err *err);

#endif
