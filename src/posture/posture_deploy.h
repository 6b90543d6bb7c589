/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_deploy: the fix of a deployIfNotExists policy: its deployment, against what is there. Shows
 * what would be made and changed, puts it through the connector or here, and takes it back.
 *
 * As ARM's incremental deployments: resources that the template does not name stay, properties that it does
 * not name stay, too. Threads: as posture. */
#ifndef POSTURE_POSTURE_DEPLOY_H
#define POSTURE_POSTURE_DEPLOY_H

#include "posture/posture_connector.h"
#include "posture/posture_judge.h"

struct posture_deploy_step {
    str                id, source;
    const struct json *was, *after; /* was NULL: it is not there yet */
};
struct posture_deploy {
    struct posture_deploy_step *p;
    size_t                      n, cap;
};

/* Works out the unit's deployment for the resource. RC_UNSUPPORTED: there is none, or not one that can be
 * carried out here. What is there already as it should be is no step. */
must_check enum rc posture_deploy_plan(struct posture *p, const struct posture_unit *u,
                                       const struct posture_subject *s, struct arena *a,
                                       struct posture_deploy *out, struct err *err);
/* RC_LIMIT: it is longer than is kept; nothing has been done then.
 * {"resources": [{"id", "changeType": "Create" or "Modify", "changes": {path: …}}]} */
must_check enum rc posture_deploy_diff(const struct posture_deploy *d, struct arena *a, str *out,
                                       struct err *err);
/* {"deployed": [{"id", "source", "document" or null}]} */
must_check enum rc posture_deploy_undo(const struct posture_deploy *d, struct arena *a, str *out,
                                       struct err *err);
bool               posture_deploy_is_undo(const struct json *undo);

must_check enum rc posture_deploy_apply(struct posture *p, const struct posture_deploy *d, str who,
                                        struct arena *a, struct err *err);
must_check enum rc posture_deploy_take_back(struct posture *p, const struct json *undo, str who,
                                            struct arena *a, struct err *err);

#endif
