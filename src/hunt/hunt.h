/* SPDX-License-Identifier: Apache-2.0 */
/* hunt/hunt: what the desk of those who hunt stands on: control state and a clock.
 *
 * Threads: read-only. */
#ifndef HUNT_HUNT_H
#define HUNT_HUNT_H

#include "base/env.h"
#include "incident/incident.h"
#include "state/state.h"

struct content_explore_set;
struct content_store;
struct query;

struct hunt {
    struct state               *state; /* borrowed, as all here */
    const struct env           *env;
    struct query               *query;
    struct content_explore_set *explore;   /* the hunting queries that ship; NULL: none */
    struct content_store       *content;   /* the rules in force */
    struct incident_store      *incidents; /* alerts and bookmarks go there */
};

/* "\"1f0c8a2e-7\"": changes with every version of what is called `name`. */
str hunt_etag(struct arena *a, str name, int64_t version);

/* Whether a change may go ahead: `want` is what the client saw (empty or "*": whatever there is), `is` what
 * is there now, empty: nothing. RC_STALE otherwise. */
must_check enum rc hunt_may_change(str want, str is, struct err *err);

#endif
