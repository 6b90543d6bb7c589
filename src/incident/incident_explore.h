/* SPDX-License-Identifier: Apache-2.0 */
/* incident/incident_explore: asks one of the content's queries about a thing, and follows it to others.
 *
 * The thing goes into the query as literals in front of it (v_Names, v_<identifier>), never into its text.
 * What the rows name becomes entities; each edge says which row it comes from, and the answer holds the query
 * as it ran and its rows. Ownership: what comes out lives in the arena given. Threads: safe. */
#ifndef INCIDENT_INCIDENT_EXPLORE_H
#define INCIDENT_INCIDENT_EXPLORE_H

#include "content/content_explore.h"
#include "incident/incident_entity.h"
#include "query/query.h"

enum { INCIDENT_EXPLORE_MAX_ROWS = 200, INCIDENT_EXPLORE_MAX_EDGES = 500 };

struct incident_explore_request {
    struct query                 *query;
    const struct access_who      *who;
    const struct content_explore *what;
    str                           entity; /* name; empty for hunting */
    ts                            from, to;
};

struct incident_explore_edge {
    str    target; /* name of an entity, or systemAlertId */
    bool   is_alert;
    size_t row; /* index into rows */
};

struct incident_explore_result {
    str                           query;         /* as it ran */
    str                           columns, rows; /* JSON: [{"name","type"}], [[…]] */
    size_t                        n_rows;
    struct incident_explore_edge *edges;
    size_t                        n_edges;
    struct incident_entity       *entities; /* each target once */
    size_t                        n_entities;
    bool                          partial;
    str                           why; /* when partial */
};

must_check enum rc incident_explore_run(struct incident_store *s, const struct incident_explore_request *r,
                                        struct arena *a, struct incident_explore_result *out,
                                        struct err *err);
/* The query with the thing in front of it, without running it. */
must_check enum rc incident_explore_text(struct incident_store *s, const struct content_explore *what,
                                         str entity, struct arena *a, str *out, struct err *err);

#endif
