/* SPDX-License-Identifier: Apache-2.0 */
/* hunt/hunt_search: saved queries, as Log Analytics keeps them (savedSearches), and those that are hunted
 * with.
 *
 * A saved query of the category "Hunting Queries" is a hunting query; its tags description, tactics and
 * techniques (texts with commas) say what for. Those that ship are hunting queries as well, and cannot be
 * changed. Ownership: the arena given. Threads: safe. */
#ifndef HUNT_HUNT_SEARCH_H
#define HUNT_HUNT_SEARCH_H

#include "hunt/hunt_object.h"

enum { HUNT_SEARCH_MAX = 1000, HUNT_SEARCH_QUERY = 256 * 1024 };
#define HUNT_SEARCH_KIND "savedSearch"
#define HUNT_SEARCH_CATEGORY "Hunting Queries"

/* Keeps the properties of a saved search. RC_INVALID: no category, displayName or query, or a query that does
 * not parse: the text has line and column. */
must_check enum rc hunt_search_put(struct hunt *h, const struct hunt_object_put *put,
                                   const struct json *properties, struct arena *a, struct hunt_object *out,
                                   bool *created, struct err *err);

struct hunt_query {
    str        id, title, description, query;
    bool       ships; /* with us, in content/hunting */
    const str *tactics, *techniques;
    size_t     n_tactics, n_techniques;
    str        etag;
    ts         modified;
};

/* Those that ship by file, then saved ones by name. */
must_check enum rc hunt_search_hunting(struct hunt *h, struct arena *a, struct hunt_query **out, size_t *n,
                                       struct err *err);

#endif
