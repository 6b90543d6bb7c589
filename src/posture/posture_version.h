/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_version: versions of definitions and initiatives, and ranges of them.
 *
 * A version is "1.4.0" or "1.4.0-preview". A range pins the first number, "1.*.*", or the first two, "1.4.*",
 * or all; with "-preview" at its end it takes versions in preview as well, else never. One version stands
 * as the object itself; what it is written over by is kept beside it. Threads: as posture. */
#ifndef POSTURE_POSTURE_VERSION_H
#define POSTURE_POSTURE_VERSION_H

#include "posture/posture_object.h"

/* RC_INVALID says what the text should be. */
must_check enum rc posture_version_check(str version, struct err *err);
must_check enum rc posture_version_check_range(str range, struct err *err);
/* Below, at or above zero; a preview is before what it is a preview of. A text that is no version is before
 * all. */
int  posture_version_compare(str a, str b);
bool posture_version_fits(str range, str version);

/* What the object says of itself: properties.version, else metadata.version, else "1.0.0". */
str posture_version_of(const struct posture_object *o);

/* Before `o` is written over `old` (NULL: nothing): puts `old` aside when it is another version, and
 * completes version and versions of what is not built in. */
must_check enum rc posture_version_settle(struct state_tx *tx, const struct posture_object *old, bool builtin,
                                          struct arena *a, struct posture_object *o, struct err *err);

struct posture_versions {
    struct posture_object *v; /* as the object, with the properties of that version; the highest first */
    size_t                 n;
};
/* All versions of an object, itself among them. */
must_check enum rc posture_version_each(struct state_tx *tx, const struct posture_object *o, struct arena *a,
                                        struct posture_versions *out, struct err *err);
must_check enum rc posture_version_list(struct posture *p, const struct posture_object *o, struct arena *a,
                                        struct posture_versions *out, struct err *err);
/* The object itself when the range is empty or takes it, else the highest that it takes. RC_NOT_FOUND names
 * those that are there. */
must_check enum rc posture_version_find(struct state_tx *tx, const struct posture_object *o, str range,
                                        struct arena *a, struct posture_object *out, struct err *err);

must_check enum rc posture_version_choose(struct posture *p, const struct posture_object *o, str range,
                                          struct arena *a, struct posture_object *out, struct err *err);

/* One version put or taken away by its name, in a transaction of its own. */
must_check enum rc posture_version_put(struct posture *p, const struct posture_object_put *put, str version,
                                       struct arena *a, struct posture_object *out, struct err *err);
must_check enum rc posture_version_delete(struct posture *p, const struct posture_key *key, str version,
                                          str who, struct arena *a, struct err *err);

#endif
