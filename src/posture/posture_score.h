/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_score: the secure score, as documented for Defender for Cloud.
 *
 * A control's current points are max / (healthy + unhealthy) * healthy; what fixing the rest would add is the
 * same with the unhealthy. A subscription's score is the sum of current over the sum of max, over the
 * controls that have a resource. Several subscriptions: their mean, weighed by the resources that count.
 * Recommendations in preview and resources that are not applicable are left out. Threads: as posture. */
#ifndef POSTURE_POSTURE_SCORE_H
#define POSTURE_POSTURE_SCORE_H

#include "posture/posture_control.h"
#include "posture/posture_priv.h"

struct posture_control_score {
    int64_t healthy, unhealthy, other; /* resources */
    double  current, potential;        /* points; potential: what is still to be had */
};

struct posture_score {
    struct posture_control_score controls[POSTURE_CONTROL_COUNT];
    double                       current, max; /* points */
    double                       percentage;   /* 0..1 */
    int64_t                      weight;       /* resources that count */
};

/* The formula of one control. */
struct posture_control_score posture_score_control(int max, int64_t healthy, int64_t unhealthy,
                                                   int64_t other);
/* Sums up controls whose counts are set. */
void posture_score_sum(struct posture_score *s);
/* Weighed mean of shares: {0..1, weight}. */
double posture_score_mean(const double *shares, const int64_t *weights, size_t n);

/* Of one subscription, by its id. */
must_check enum rc posture_score_of(struct state_tx *tx, str subscription, struct posture_score *out,
                                    struct err *err);

struct posture_score_scope {
    str                  subscription;
    struct posture_score score;
};
/* Of every subscription that the tree has below `scope`, and the mean of them; n may be 0. */
must_check enum rc posture_score_scopes(struct posture *p, str scope, struct arena *a,
                                        struct posture_score_scope **out, size_t *n, struct err *err);

struct posture_score_point {
    ts      time;
    double  current, max;
    int64_t weight;
};
must_check enum rc posture_score_history(struct posture *p, str subscription, ts from, struct arena *a,
                                         struct posture_score_point **out, size_t *n, struct err *err);

/* Writes down each subscription's score that moved since it was written down last. */
must_check enum rc posture_score_note(struct posture *p, struct state_tx *tx, ts now, struct err *err);

#endif
