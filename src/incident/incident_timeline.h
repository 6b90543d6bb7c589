/* SPDX-License-Identifier: Apache-2.0 */
/* incident/incident_timeline: everything that belongs to an incident, in one order of time.
 *
 * Alerts and bookmarks stand at the time of their events; comments, tasks, files and what people and
 * automation changed at the time when they were made. Merges of its entities stand there too. Ownership: what
 * comes out lives in the arena given. Threads: safe. */
#ifndef INCIDENT_INCIDENT_TIMELINE_H
#define INCIDENT_INCIDENT_TIMELINE_H

#include "incident/incident.h"

struct incident_timeline_item {
    ts                    time, end; /* end: of an alert's events; else the same */
    str                   kind;      /* alert, bookmark, comment, change, automation, entity */
    str                   title, detail, who;
    str                   ref;      /* systemAlertId, bookmark's or comment's name */
    enum content_severity severity; /* of alerts */
    int64_t               act;
};

must_check enum rc incident_timeline_get(struct incident_store *s, str incident, struct arena *a,
                                         struct incident_timeline_item **out, size_t *n, struct err *err);

#endif
