/* SPDX-License-Identifier: Apache-2.0 */
/* incident/incident_json: incidents and what belongs to them in ARM's shapes (Microsoft.SecurityInsights).
 *
 * Each function writes one JSON value. Threads: no state. */
#ifndef INCIDENT_INCIDENT_JSON_H
#define INCIDENT_INCIDENT_JSON_H

#include "incident/incident.h"

/* Where the ids hang and where the portal is. */
struct incident_json_scope {
    str subscription, group, workspace;
    str portal;
};

void incident_json_incident(struct json_w *w, const struct incident_json_scope *scope,
                            const struct incident *i);
void incident_json_alert(struct json_w *w, const struct incident_json_scope *scope,
                         const struct incident_alert *a);
void incident_json_entity(struct json_w *w, const struct incident_json_scope *scope,
                          const struct incident_entity *e);
void incident_json_comment(struct json_w *w, const struct incident_json_scope *scope, str incident,
                           const struct incident_comment *c);
/* {"entities":[…],"metaData":[{"entityKind":"Host","count":1},…]} */
void incident_json_entities(struct json_w *w, const struct incident_json_scope *scope,
                            const struct incident_entity *list, size_t n);
/* {"time","who","what","from","to"} */
void incident_json_history(struct json_w *w, const struct incident_history *h);
/* {"table","columns","rows","query"} */
void incident_json_rows(struct json_w *w, const struct incident_rows *r);
/* {"type","id","etag","changed"}, the data of a server-sent event */
void incident_json_event(struct json_w *w, const struct incident_event *e);
/* key: [{"labelName","labelType"},…], as answers and the log table have them */
void incident_json_labels(struct json_w *w, str key, const struct incident *i);
/* ARM's tactic that stands for all of an alert's. */
str incident_json_intent(const struct alert *r);
/* key: {"objectId","name"}, as ARM has who made or changed something */
void incident_json_person(struct json_w *w, str key, const struct incident_person *p);

#endif
