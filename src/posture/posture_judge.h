/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_judge: holds one resource against the plan. Reads related resources in the transaction
 * given, changes nothing. Threads: any number at once, each with its arena and transaction. */
#ifndef POSTURE_POSTURE_JUDGE_H
#define POSTURE_POSTURE_JUDGE_H

#include "policy/policy_deploy.h"
#include "posture/posture_plan.h"
#include "posture/posture_risk.h"

/* The numbers stand in state. "Not measured" is never "healthy". */
enum posture_state {
    POSTURE_HEALTHY = 1,
    POSTURE_UNHEALTHY = 2,
    POSTURE_EXEMPT = 3,
    POSTURE_NOT_APPLICABLE = 4,
    POSTURE_UNATTESTED = 5, /* waits for somebody's word */
    POSTURE_NOT_MEASURED = 6,
    POSTURE_STATE_COUNT_
};

str posture_state_status(enum posture_state s); /* Healthy, Unhealthy, NotApplicable */
str posture_state_cause(enum posture_state s);  /* "Exempt", "NotMeasured", …; empty for the first two */
str posture_state_compliance(enum posture_state s); /* Compliant, NonCompliant, Exempt, Unknown, … */

struct posture_finding {
    const struct posture_unit *unit;
    enum posture_state         state;
    str                        cause;    /* in words; may be empty */
    str                        evidence; /* JSON; empty when there is none */
    str                        effect;
    const struct json         *details;     /* of the verdict, worked out */
    str                        explanation; /* JSON, where it was asked for; see posture_explain.h */
};

struct posture_subject {
    str                id, type;
    const struct json *document;
    int64_t            key;
};

struct posture_judging {
    const struct posture_plan *plan;
    const struct posture_tree *tree;
    struct state_tx           *tx; /* for related resources; NULL: there are none */
    ts                         now;
    const struct json         *request;  /* of a change that is asked for: requestContext(); else NULL */
    struct policy_elements    *elements; /* of posture_judge_one: takes what its rule counted; or NULL */
    bool                       explain;  /* of posture_judge_one: condition by condition */
};

/* With what is in force now, in the transaction given. */
struct posture_judging posture_judge_begin(struct posture *p, struct state_tx *tx, struct arena *a);

struct posture_findings {
    struct posture_finding *p;
    size_t                  n, cap;
    struct posture_risk     risk; /* of the resource */
};

/* All units that concern the resource; those of other types or scopes give no finding. */
void posture_judge(const struct posture_judging *j, const struct posture_subject *s, struct arena *a,
                   struct posture_findings *out);
/* One definition over one document, whatever is assigned: for trying. */
struct posture_finding posture_judge_one(const struct posture_judging *j, const struct posture_unit *u,
                                         const struct posture_subject *s, struct arena *a);

/* What a unit of effect deployIfNotExists would deploy for the resource; see policy_deploy.h. */
must_check enum rc posture_judge_deployment(const struct posture_judging *j, const struct posture_unit *u,
                                            const struct posture_subject *s, struct arena *a,
                                            struct policy_deployment *out, struct err *err);

#endif
