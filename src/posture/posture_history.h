/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_history: the changes of resources, one by one, out of the versions that state keeps.
 * Limits: the last POSTURE_VERSIONS of a resource. Threads: as posture. */
#ifndef POSTURE_POSTURE_HISTORY_H
#define POSTURE_POSTURE_HISTORY_H

#include "posture/posture_resource.h"

enum { POSTURE_HISTORY_TOUCHED = 10000 }; /* resources that one question is about, at most */

struct posture_edit {
    str     resource; /* id */
    int64_t key, version;
    ts      time, before; /* of this version and of the one before; before 0: there was none */
    enum { POSTURE_EDIT_CREATE, POSTURE_EDIT_UPDATE, POSTURE_EDIT_DELETE } kind;
    str source;
    str was, is; /* documents; empty: there was, or is, none */
};

struct posture_edits {
    struct posture_edit *p;
    size_t               n, cap;
};

/* Of one resource, there or gone, the newest first. The oldest that is kept is a creation or has no `was`. */
must_check enum rc posture_history_of(struct posture *p, str id, struct arena *a, struct posture_edits *out,
                                      struct err *err);

struct posture_touched {
    str   *p; /* ids, in their order */
    size_t n, cap;
};
/* The resources of a subscription (its id) that changed at `from` or later. RC_LIMIT when they are too many.
 */
must_check enum rc posture_history_touched(struct posture *p, str subscription, ts from, struct arena *a,
                                           struct posture_touched *out, struct err *err);

#endif
