/* SPDX-License-Identifier: Apache-2.0 */
/* incident/incident_render: one alert, as each of four worlds writes it: a row of SecurityAlert, ARM's
 * Microsoft.Security/alerts, Graph's alerts_v2, and OCSF's Detection Finding (class 2004).
 *
 * All four are made of the same record; test_incident_render.c holds them against each other. The shape of
 * Microsoft.SecurityInsights' entities is incident_json's. Each function writes one JSON value. Threads: no
 * state. */
#ifndef INCIDENT_INCIDENT_RENDER_H
#define INCIDENT_INCIDENT_RENDER_H

#include "incident/incident_json.h"

void incident_render_log(struct json_w *w, const struct incident_json_scope *scope,
                         const struct incident_alert *a);
void incident_render_arm(struct json_w *w, const struct incident_json_scope *scope,
                         const struct incident_alert *a);
/* The members of the object alone, so that the caller may add @odata.context and comments. */
void incident_render_graph(struct json_w *w, const struct incident_json_scope *scope,
                           const struct incident_alert *a);
void incident_render_ocsf(struct json_w *w, const struct incident_json_scope *scope,
                          const struct incident_alert *a);

/* Graph's words for what ARM calls otherwise, and back; empty where there is none. */
str incident_render_graph_status(str status);         /* InProgress → inProgress */
str incident_render_graph_classification(str arm);    /* FalsePositive → falsePositive */
str incident_render_arm_classification(str graph);    /* falsePositive → FalsePositive */
str incident_render_lower(struct arena *a, str word); /* High → high */

#endif
