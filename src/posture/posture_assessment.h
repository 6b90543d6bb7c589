/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_assessment: recommendations: one record for each definition and resource. Where several
 * assignments judge the same, the worst state stands.
 *
 * Checks and units in the results belong to the plan that posture_plan_get lent to the same arena. Threads:
 * as posture. */
#ifndef POSTURE_POSTURE_ASSESSMENT_H
#define POSTURE_POSTURE_ASSESSMENT_H

#include "posture/posture_judge.h"
#include "posture/posture_priv.h"

struct posture_assessment {
    const struct posture_unit         *unit; /* the one whose state stands */
    enum posture_state                 state;
    str                                cause, evidence;
    ts                                 first, since;
    int64_t                            resource;
    str                                resource_id, resource_type, location, source;
    str                                owner; /* of governance; empty: nobody */
    ts                                 due;   /* 0: none */
    bool                               overdue, in_grace;
    const struct posture_rule         *rule; /* that says so; NULL: somebody by hand, or nobody */
    struct posture_risk                risk; /* of the resource */
    const struct posture_risk_formula *formula;
};

struct posture_assessment_list {
    str    scope;
    str    definition; /* name; empty: all */
    str    after;      /* next of the page before */
    int    control;    /* -1: all */
    int    state;      /* 0: all */
    size_t max;        /* 0: POSTURE_MAX_PAGE */
};

struct posture_assessments {
    struct posture_assessment *p;
    size_t                     n, cap;
    str                        next;
};

/* The plan as it is now, held until the arena goes. */
const struct posture_plan *posture_plan_get(struct posture *p, struct arena *a);
const struct posture_tree *posture_tree_get(struct posture *p, struct arena *a);

/* In order of resource id and definition. */
must_check enum rc posture_assessment_each(struct posture *p, const struct posture_plan *plan,
                                           const struct posture_assessment_list *list, struct arena *a,
                                           struct posture_assessments *out, struct err *err);

/* How many resources are in which state, by definition. */
struct posture_tally {
    const struct posture_check *check;
    int64_t                     n[POSTURE_STATE_COUNT_];
    ts                          since;                      /* last change of any */
    int64_t                     risks[POSTURE_RISK_COUNT_]; /* of the unhealthy, by level */
    int64_t                     factors; /* that one of them has at least: bits, as in posture_risk */
};
struct posture_tallies {
    struct posture_tally *p;
    size_t                n, cap;
};
must_check enum rc posture_assessment_tally(struct posture *p, const struct posture_plan *plan, str scope,
                                            struct arena *a, struct posture_tallies *out, struct err *err);

/* How much there is. */
struct posture_figures {
    int64_t resources, units, verdicts, unhealthy, unmeasured;
};
must_check enum rc posture_assessment_figures(struct posture *p, struct posture_figures *out,
                                              struct err *err);

str posture_severity_name(enum posture_severity s);

#endif
