/* SPDX-License-Identifier: Apache-2.0 */
/* hunt/hunt_view: views of a page (its filters, words, order, columns) under a name, one's own or
 * everybody's, and which of them a person begins with.
 *
 * What a view holds is the portal's affair: a JSON object. A name is unique for a person: one's own view
 * comes before a shared one. Ownership: the arena given. Threads: safe. */
#ifndef HUNT_HUNT_VIEW_H
#define HUNT_HUNT_VIEW_H

#include "hunt/hunt_object.h"

enum { HUNT_VIEW_OF_USER = 200, HUNT_VIEW_SHARED = 500, HUNT_VIEW_BYTES = 64 * 1024 };

struct hunt_view {
    struct hunt_object object; /* body: {"displayName","page","definition"} */
    str                title, page;
    const struct json *definition;
    bool               shared, is_default;
};

/* The views of `who` on a page (empty: all pages), the own ones and the shared. */
must_check enum rc hunt_view_list(struct hunt *h, str who, str page, struct arena *a, struct hunt_view **out,
                                  size_t *n, struct err *err);
must_check enum rc hunt_view_get(struct hunt *h, str who, str name, struct arena *a, struct hunt_view *out,
                                 struct err *err);

struct hunt_view_put {
    str                name;
    const struct json *properties; /* displayName, page, definition, shared */
    str                if_match;
    struct incident_by by;
};
/* An own view that becomes shared, or the other way, moves. */
must_check enum rc hunt_view_put(struct hunt *h, const struct hunt_view_put *put, struct arena *a,
                                 struct hunt_view *out, bool *created, struct err *err);
/* `shared` tells which; whoever began with it begins with none. */
must_check enum rc hunt_view_delete(struct hunt *h, str who, str name, bool shared, struct err *err);
/* What `by` begins a page with; an empty name: nothing. */
must_check enum rc hunt_view_default(struct hunt *h, const struct incident_by *by, str page, str name,
                                     struct err *err);

#endif
