/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_governance: who answers for a recommendation on a resource, and until when.
 *
 * Of the rules that fit, one above wins over one below, then the lower priority number. The owner is a person
 * that the rule names, or what a tag of the resource says. Who is assigned by hand to one finding goes before
 * all rules. The due date is when the resource became
 * unhealthy, and the rule's time on top. During a grace period the resource does not count in the score.
 * Threads: read-only, as the plan. */
#ifndef POSTURE_POSTURE_GOVERNANCE_H
#define POSTURE_POSTURE_GOVERNANCE_H

#include "posture/posture_plan.h"

struct posture_rule {
    struct posture_object object;
    int64_t               priority;
    duration              time; /* from unhealthy to due */
    bool                  grace;
    bool                  by_tag;
    str                   owner;                        /* a name, or the tag */
    const struct json    *keys, *severities, *excluded; /* arrays of texts or NULL: all, none */
};

/* One finding given to somebody by hand. */
struct posture_assigned {
    struct posture_object object;
    str                   owner;
    ts                    due;
    bool                  grace;
};

struct posture_duty {
    const struct posture_rule     *rule; /* both NULL: nobody is made to answer */
    const struct posture_assigned *assigned;
    str                            owner;
    ts                             due;
    bool                           overdue, in_grace;
};

/* RC_INVALID says what of the rule cannot be. */
must_check enum rc posture_governance_read(const struct posture_object *o, struct arena *a,
                                           struct posture_rule *out, struct err *err);
/* Of kind governanceAssignments; its scope is the id of the assessment. */
must_check enum rc posture_governance_read_assigned(const struct posture_object *o,
                                                    struct posture_assigned *out, struct err *err);
/* What is to be answered for. */
struct posture_charge {
    const struct posture_check *check;
    str                         resource;
    const struct json          *document;
    ts                          since, now;
};
struct posture_duty posture_governance_find(const struct posture_plan *plan, const struct posture_tree *tree,
                                            const struct posture_charge *x);

#endif
