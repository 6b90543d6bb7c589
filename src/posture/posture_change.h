/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_change: what differs between two documents, path by path. Arrays of the same length are
 * compared element by element, others as a whole. Limits: POSTURE_CHANGE_MAX paths are named, the rest are
 * counted. Threads: pure. */
#ifndef POSTURE_POSTURE_CHANGE_H
#define POSTURE_POSTURE_CHANGE_H

#include "base/json.h"

enum { POSTURE_CHANGE_MAX = 200, POSTURE_CHANGE_VALUE = 4096 };

struct posture_change {
    str                path;     /* "properties.siteConfig.minTlsVersion" */
    const struct json *was, *is; /* NULL: not there */
};

struct posture_changes {
    struct posture_change *p;
    size_t                 n, cap;
    size_t                 all; /* found, named or not */
};

/* Either may be NULL. Paths live in the arena, values in the documents. */
struct posture_changes posture_change_find(struct arena *a, const struct json *was, const struct json *is);
/* {"path": {"changeType": "Update", "previousValue": …, "newValue": …}}; a value that is too long is cut out.
 */
str posture_change_json(struct arena *a, const struct posture_changes *changes);
str posture_change_paths(struct arena *a, const struct posture_changes *changes); /* an array of texts */

#endif
