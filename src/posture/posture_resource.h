/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_resource: the inventory: resources as versioned JSON documents.
 *
 * A put keeps the version before, tells the log tables what changed, judges the resource by the plan and
 * moves the score, in one transaction. A document that says the same as before changes nothing but last_seen.
 * Containers that a resource needs (subscription, resource group) come with it. Threads: as posture. */
#ifndef POSTURE_POSTURE_RESOURCE_H
#define POSTURE_POSTURE_RESOURCE_H

#include "posture/posture.h"

struct posture_resource {
    int64_t key;
    str     id, name, type, location, subscription, group, source;
    str     text; /* the document */
    int64_t version;
    ts      first_seen, last_seen, changed, gone;
};

/* A change that is asked for; `document` without id, name and type gets them. */
struct posture_resource_put {
    str                id;
    const struct json *document;
    str                source; /* "arm", "terraform", "machine", … */
    str                who;
    bool               enforce; /* policies of effect deny may refuse it: RC_FORBIDDEN, `denied` says which */
};

struct posture_resource_result {
    struct posture_resource resource;
    bool                    created, changed;
    str                     denied; /* JSON of the policies that refused, when RC_FORBIDDEN */
};

must_check enum rc posture_resource_put(struct posture *p, const struct posture_resource_put *put,
                                        struct arena *a, struct posture_resource_result *out,
                                        struct err *err);
/* Many in as few transactions as may be. One that is not valid is told to `refused` and the others go on. */
struct posture_resource_many {
    void *ctx;
    void (*refused)(void *ctx, size_t i, const struct err *why); /* may be NULL */
    size_t created, changed, same;
};
must_check enum rc posture_resource_put_many(struct posture *p, const struct posture_resource_put *puts,
                                             size_t n, struct posture_resource_many *out, struct err *err);
must_check enum rc posture_resource_delete(struct posture *p, str id, str who, struct err *err);

must_check enum rc posture_resource_get(struct posture *p, str id, struct arena *a,
                                        struct posture_resource *out, struct err *err);

struct posture_resource_list {
    str    scope;  /* at or below it; empty: all */
    str    type;   /* empty: all but containers */
    str    find;   /* in name or id; empty: any */
    str    source; /* empty: any */
    str    after;  /* the id that the page before ended with */
    size_t max;    /* 0: POSTURE_MAX_PAGE */
    bool   containers;
};
struct posture_resources {
    struct posture_resource *p;
    size_t                   n, cap;
    str                      next;
};
/* In order of id. */
must_check enum rc posture_resource_each(struct posture *p, const struct posture_resource_list *list,
                                         struct arena *a, struct posture_resources *out, struct err *err);
/* The versions kept, the newest first; `text` is the document. */
must_check enum rc posture_resource_versions(struct posture *p, str id, struct arena *a,
                                             struct posture_resources *out, struct err *err);

#endif
