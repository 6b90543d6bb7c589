/* SPDX-License-Identifier: Apache-2.0 */
/* incident/incident_task: what is to be done about an incident, at most INCIDENT_MAX_TASKS of them.
 *
 * Ownership: what comes out lives in the arena given. Threads: safe. */
#ifndef INCIDENT_INCIDENT_TASK_H
#define INCIDENT_INCIDENT_TASK_H

#include "incident/incident.h"

struct incident_task {
    str                    name, etag, title, description;
    bool                   done;
    ts                     created, modified;
    struct incident_person maker, changer;
};

/* In the order in which they were made. */
must_check enum rc incident_task_list(struct incident_store *s, str incident, struct arena *a,
                                      struct incident_task **out, size_t *n, struct err *err);
must_check enum rc incident_task_get(struct incident_store *s, str incident, str name, struct arena *a,
                                     struct incident_task *out, struct err *err);

/* ARM's properties: title (1 to 150 characters), description (to 3000), status New or Completed. */
struct incident_task_put {
    str                incident, name, if_match;
    const struct json *properties;
    struct incident_by by;
};
must_check enum rc incident_task_put(struct incident_store *s, const struct incident_task_put *put,
                                     struct arena *a, struct incident_task *out, bool *created,
                                     struct err *err);
must_check enum rc incident_task_delete(struct incident_store *s, str incident, str name,
                                        const struct incident_by *by, struct err *err);

#endif
