/* SPDX-License-Identifier: Apache-2.0 */
/* hunt/hunt_object: named JSON documents with versions: saved queries, views, automation rules and their kin.
 *
 * A kind has its own law for what a body holds; here a body is any JSON object of at most HUNT_OBJECT_BYTES.
 * A document is everybody's, or its owner's alone. Ownership: what comes out lives in the arena given.
 * Threads: safe from any; those with a transaction inside the caller's. */
#ifndef HUNT_HUNT_OBJECT_H
#define HUNT_HUNT_OBJECT_H

#include "hunt/hunt.h"
#include "state/state_stmt.h"

enum { HUNT_OBJECT_BYTES = 1 << 20, HUNT_OBJECT_NAME = 260 };

struct hunt_object_key {
    const char *kind; /* "savedSearch" */
    str         owner, name;
};

struct hunt_object {
    str                    name, owner, etag;
    int64_t                version;
    const struct json     *body;
    ts                     created, modified;
    struct incident_person creator, changer;
    str                    request;
};

/* Everybody's, and those of `owner` when it is not empty; by name. */
must_check enum rc hunt_object_list(struct hunt *h, const char *kind, str owner, struct arena *a,
                                    struct hunt_object **out, size_t *n, struct err *err);
must_check enum rc hunt_object_get(struct hunt *h, const struct hunt_object_key *key, struct arena *a,
                                   struct hunt_object *out, struct err *err);
must_check enum rc hunt_object_find(struct state_tx *tx, const struct hunt_object_key *key, struct arena *a,
                                    struct hunt_object *out, struct err *err);

struct hunt_object_put {
    struct hunt_object_key key;
    str                    body; /* JSON */
    str                    if_match;
    struct incident_by     by;
    size_t                 max; /* of the kind and owner */
};
/* Makes or replaces. The request that made the present version is answered with it again. */
must_check enum rc hunt_object_put(struct hunt *h, const struct hunt_object_put *put, struct arena *a,
                                   struct hunt_object *out, bool *created, struct err *err);
must_check enum rc hunt_object_store(struct hunt *h, struct state_tx *tx, const struct hunt_object_put *put,
                                     struct arena *a, struct hunt_object *out, bool *created,
                                     struct err *err);
must_check enum rc hunt_object_delete(struct hunt *h, const struct hunt_object_key *key, str if_match,
                                      struct err *err);

#endif
