/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_object: definitions, initiatives, assignments, exemptions and the other kinds of
 * posture_kind.h, as ARM objects: a scope, a name, properties. Threads: as posture. */
#ifndef POSTURE_POSTURE_OBJECT_H
#define POSTURE_POSTURE_OBJECT_H

#include "posture/posture.h"

struct posture_key {
    enum posture_kind kind;
    str               scope; /* without a closing slash; empty: the tenant */
    str               name;
};

struct posture_object {
    struct posture_key key;
    str                id;
    const struct json *properties, *envelope; /* objects */
    str                note;
    ts                 created, modified;
    str                created_by, modified_by;
    bool               is_new; /* after a put: it was not there before */
};

/* The id of an object, and back. RC_NOT_FOUND: it is not the id of such an object. */
str                posture_object_id(struct arena *a, const struct posture_key *key);
must_check enum rc posture_object_id_parse(str id, struct posture_key *out, struct err *err);

must_check enum rc posture_object_get(struct posture *p, const struct posture_key *key, struct arena *a,
                                      struct posture_object *out, struct err *err);

struct posture_object_put {
    struct posture_key key;
    const struct json *body; /* {"properties": …} and what may stand beside it */
    str                who;
    bool               builtin; /* comes with us or the public library: policyType stays as it is */
    bool               patch;   /* only the members given are changed, at the top of properties */
};
/* RC_INVALID says what of it cannot be; nothing is changed then. */
must_check enum rc posture_object_put(struct posture *p, const struct posture_object_put *put,
                                      struct arena *a, struct posture_object *out, struct err *err);
must_check enum rc posture_object_delete(struct posture *p, const struct posture_key *key, struct arena *a,
                                         struct posture_object *out, struct err *err);

struct posture_object_list {
    enum posture_kind kind;
    str               scope;
    bool              below; /* those at scopes below, too */
    bool              above; /* those at scopes above, the tenant's included */
    str               after; /* the id that the page before ended with */
    size_t            max;   /* 0: POSTURE_MAX_PAGE */
};
struct posture_objects {
    struct posture_object *v;
    size_t                 n;
    str                    next;
};
/* In order of scope and name. `next` is empty on the last page. */
must_check enum rc posture_object_each(struct posture *p, const struct posture_object_list *list,
                                       struct arena *a, struct posture_objects *out, struct err *err);

/* Inside a transaction: as posture_object_get and _put. */
must_check enum rc posture_object_find(struct state_tx *tx, const struct posture_key *key, struct arena *a,
                                       struct posture_object *out, struct err *err);
must_check enum rc posture_object_store(struct posture *p, struct state_tx *tx,
                                        const struct posture_object_put *put, struct arena *a,
                                        struct posture_object *out, struct err *err);
/* By id. */
must_check enum rc posture_object_find_id(struct state_tx *tx, str id, struct arena *a,
                                          struct posture_object *out, struct err *err);

#endif
