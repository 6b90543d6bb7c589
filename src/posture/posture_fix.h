/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_fix: makes an unhealthy resource healthy: shows first what would change, does it, judges
 * again, and keeps how to take it back.
 *
 * What to do stands in the check (metadata.fix: a patch of the document, or actions on a machine), else in
 * the details of a policy of effect modify or deployIfNotExists. Documents that clients put here are changed
 * here; those of a connector through its apply; what came from elsewhere is not ours to change, and is
 * refused with the steps for whoever it belongs to. A fix that leaves the resource unhealthy is taken back
 * and counts as failed. Threads: as posture. */
#ifndef POSTURE_POSTURE_FIX_H
#define POSTURE_POSTURE_FIX_H

#include "posture/posture_assessment.h"

struct posture_fix_request {
    str resource;    /* id */
    str definition;  /* name of the check */
    str remediation; /* id of the remediation that asks; may be empty */
    str who;
};

struct posture_fix {
    str                id, remediation, resource, definition, who, status, error, diff; /* diff: JSON */
    ts                 time;
    enum posture_state before, after;
};

/* `diff`: {"changes": {path: …}}, {"text": "…"} or {"resources": […]} (posture_deploy.h); nothing is changed.
 * RC_UNSUPPORTED: it has no fix, or not here. */
must_check enum rc posture_fix_preview(struct posture *p, const struct posture_fix_request *r,
                                       struct arena *a, str *diff, struct err *err);
/* A fix that did not do is RC_OK with status Failed. */
must_check enum rc posture_fix_apply(struct posture *p, const struct posture_fix_request *r, struct arena *a,
                                     struct posture_fix *out, struct err *err);
must_check enum rc posture_fix_undo(struct posture *p, str id, str who, struct arena *a,
                                    struct posture_fix *out, struct err *err);

/* Fixes that a kill cut short, and undos: takes them back, or further back. Before posture_start. */
must_check enum rc posture_fix_recover(struct posture *p, size_t *n, struct err *err);

struct posture_fixes {
    struct posture_fix *p;
    size_t              n, cap;
};
/* Of a resource or of a remediation, the newest first; both empty: all. At most POSTURE_MAX_PAGE. */
must_check enum rc posture_fix_each(struct posture *p, str resource, str remediation, struct arena *a,
                                    struct posture_fixes *out, struct err *err);

#endif
