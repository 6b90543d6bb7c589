/* SPDX-License-Identifier: Apache-2.0 */
/* incident/incident_graph: an incident as a graph of its alerts and the things that they name.
 *
 * Each edge says which of the alert's kept rows it comes from; none where the row was counted but not kept.
 * A state that somebody saves (what was expanded, where nodes stand) is kept version by version, shared by
 * all who see the incident. Ownership: what comes out lives in the arena given. Threads: safe. */
#ifndef INCIDENT_INCIDENT_GRAPH_H
#define INCIDENT_INCIDENT_GRAPH_H

#include "incident/incident.h"

enum { INCIDENT_GRAPH_MAX_ROWS = 50, INCIDENT_GRAPH_MAX_BYTES = 1 << 20, INCIDENT_GRAPH_MAX_VERSIONS = 500 };

struct incident_graph_edge {
    str    alert, entity;
    size_t rows[INCIDENT_GRAPH_MAX_ROWS]; /* of the alert's kept rows */
    size_t n_rows;
};

struct incident_graph {
    struct incident_alert      *alerts;
    size_t                      n_alerts;
    struct incident_entity     *entities;
    size_t                      n_entities;
    struct incident_graph_edge *edges;
    size_t                      n_edges;
};

must_check enum rc incident_graph_get(struct incident_store *s, str incident, struct arena *a,
                                      struct incident_graph *out, struct err *err);

struct incident_graph_saved {
    str                    name, title, graph; /* graph: JSON, empty in lists */
    int64_t                version;
    ts                     created;
    struct incident_person who;
};
/* The newest version of each. */
must_check enum rc incident_graph_list(struct incident_store *s, str incident, struct arena *a,
                                       struct incident_graph_saved **out, size_t *n, struct err *err);
/* `version` 0: the newest. */
must_check enum rc incident_graph_load(struct incident_store *s, str incident, str name, int64_t version,
                                       struct arena *a, struct incident_graph_saved *out, struct err *err);

struct incident_graph_save {
    str                incident, name, title, graph;
    int64_t            after; /* the version that the caller saw; RC_STALE when there is a newer one */
    struct incident_by by;
};
must_check enum rc incident_graph_save(struct incident_store *s, const struct incident_graph_save *save,
                                       struct arena *a, struct incident_graph_saved *out, struct err *err);

#endif
