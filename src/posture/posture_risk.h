/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_risk: how bad a finding is where it was found: the points of its severity, and those of
 * each factor that the resource has (reachable from the internet, sensitive data, …).
 *
 * The formula is data, content/policy/risk.json: points, bounds, and factors with their signs, each a
 * condition of the policy language. Risk orders recommendations; it is not in the secure score. A factor of
 * which nothing is known counts nothing and is shown as not evaluated; where no factor is known the level is
 * "NotEvaluated". Threads: read-only once read. */
#ifndef POSTURE_POSTURE_RISK_H
#define POSTURE_POSTURE_RISK_H

#include "posture/posture_plan.h"
#include "state/state_stmt.h"

enum { POSTURE_RISK_FACTORS = 16 }; /* at most, in a formula */

enum posture_risk_level {
    POSTURE_RISK_UNKNOWN,
    POSTURE_RISK_LOW,
    POSTURE_RISK_MEDIUM,
    POSTURE_RISK_HIGH,
    POSTURE_RISK_CRITICAL,
    POSTURE_RISK_COUNT_
};
str posture_risk_level_name(enum posture_risk_level l); /* Critical, …, Low, NotEvaluated */

struct posture_risk_formula;

/* Refuses what it does not know: words of severities and levels, conditions, too many factors. */
must_check enum rc posture_risk_read(struct arena *a, const struct json *formula,
                                     const struct policy_aliases        *aliases,
                                     const struct posture_risk_formula **out, struct err *err);
size_t             posture_risk_factor_count(const struct posture_risk_formula *f); /* 0 of NULL */
str                posture_risk_factor_name(const struct posture_risk_formula *f, size_t i);

/* Of a resource. */
struct posture_risk {
    int64_t points;  /* of the factors that it has */
    int64_t present; /* a bit a factor, by its place in the formula */
    bool    known;   /* of one factor at least it is known whether it is there */
    str factors; /* JSON: [{name, displayName, points, state, because, evidence}]; empty when nothing is known
                  */
};
/* `f` may be NULL: nothing is known then. */
void posture_risk_find(const struct posture_risk_formula *f, const struct policy_input *in, str type,
                       struct arena *a, struct posture_risk *out);

/* From three columns of posture_risks: points, present, factors. */
struct posture_risk posture_risk_row(const struct state_stmt *st, int column, struct arena *a);

/* Of a finding: points of its severity and of the resource. */
struct posture_risk_rating {
    enum posture_risk_level level;
    int64_t                 base, points, total;
};
struct posture_risk_rating posture_risk_rate(const struct posture_risk_formula *f, enum posture_severity s,
                                             const struct posture_risk *r);
/* "40 for severity High + 30 InternetExposure = 70: High, from 55" */
str posture_risk_sum(struct arena *a, const struct posture_risk_formula *f, enum posture_severity s,
                     const struct posture_risk *r);

#endif
