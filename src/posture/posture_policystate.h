/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_policystate: what each assigned policy says of each resource, a record for each, and how
 * many comply. Units belong to the plan given. Threads: as posture. */
#ifndef POSTURE_POSTURE_POLICYSTATE_H
#define POSTURE_POSTURE_POLICYSTATE_H

#include "posture/posture_assessment.h"

struct posture_policystate {
    const struct posture_unit *unit;
    enum posture_state         state;
    str                        cause, evidence;
    ts                         since;
    int64_t                    resource;
    str                        resource_id, resource_type, location;
    int64_t                    event; /* its number, of an event */
};

/* What a comparison of $filter is about. */
struct posture_policystate_term {
    str  property, value;
    bool negated; /* ne */
};

struct posture_policystate_list {
    str    scope; /* of resources, or the id of an assignment, definition or initiative */
    str    after;
    size_t max;
    struct posture_policystate_term *terms;
    size_t                           n_terms;
    bool events;   /* instead of how it stands: what changes of resources did, the newest first */
    ts   from, to; /* of events */
};

struct posture_policystates {
    struct posture_policystate *p;
    size_t                      n, cap;
    str                         next;
};

enum { POSTURE_EVENT_DAYS = 90 };
/* Takes away events that are older; the caller holds `change`. */
must_check enum rc posture_policystate_prune(struct posture *p, struct err *err);

/* "complianceState eq 'NonCompliant' and resourceType ne 'x'". */
must_check enum rc posture_policystate_filter(str text, struct arena *a, struct posture_policystate_list *out,
                                              struct err *err);
/* In order of resource and unit. */
must_check enum rc posture_policystate_each(struct posture *p, const struct posture_plan *plan,
                                            const struct posture_policystate_list *list, struct arena *a,
                                            struct posture_policystates *out, struct err *err);

/* By state: resources by their worst one, policies by theirs. */
struct posture_policystate_counts {
    int64_t resources[POSTURE_STATE_COUNT_], policies[POSTURE_STATE_COUNT_];
};
struct posture_policystate_unit {
    const struct posture_unit        *unit;
    struct posture_policystate_counts counts;
};
struct posture_policystate_assignment {
    const struct posture_assignment  *assignment;
    struct posture_policystate_counts counts;
    int64_t                           last; /* resource counted last, and its state */
    int                               last_state;
};
struct posture_policystate_summary {
    struct posture_policystate_counts      all;
    struct posture_policystate_assignment *assignments;
    size_t                                 n_assignments;
    struct posture_policystate_unit       *units;
    size_t                                 n_units;
};
must_check enum rc posture_policystate_summarize(struct posture *p, const struct posture_plan *plan,
                                                 const struct posture_policystate_list *list, struct arena *a,
                                                 struct posture_policystate_summary *out, struct err *err);

#endif
