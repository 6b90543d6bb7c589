/* SPDX-License-Identifier: Apache-2.0 */
/* detect/detect_activity: where in event time the rows of a table lie.
 *
 * Many rules read the same tables up to the same watermark: an answer is remembered until a later watermark
 * is asked for.
 *
 * Threads: all calls are safe from any thread. */
#ifndef DETECT_DETECT_ACTIVITY_H
#define DETECT_DETECT_ACTIVITY_H

#include "base/auto.h"
#include "detect/detect_logs.h"
#include "detect/detect_window.h"

#define DETECT_ACTIVITY_BIN MINUTES(5)
#define DETECT_ACTIVITY_AHEAD DAYS(14) /* the longest period of a rule */

struct detect_spans {
    struct detect_span *p;
    size_t              n, cap;
};

/* Rows of one bin: where their events lie, and when the first of them was ingested. */
struct detect_bins {
    struct detect_bin {
        struct detect_span events;
        ts                 ingested;
    } * p;
    size_t n, cap;
};

struct detect_activity;

struct detect_activity *detect_activity_new(const struct detect_logs *logs);
struct detect_activity *detect_activity_free(struct detect_activity *d);
DEFINE_AUTO(detect_activity, detect_activity_free)

/* Adds the 5-minute bins of TimeGenerated that got rows ingested in [from, to). */
must_check enum rc detect_activity_new_rows(struct detect_activity *d, str table, struct detect_span ingested,
                                            struct arena *a, struct detect_bins *out, struct err *err);
/* The same of the rows with events in `span` that were ingested before `before`. */
must_check enum rc detect_activity_old_rows(struct detect_activity *d, str table, struct detect_span span,
                                            ts before, struct arena *a, struct detect_bins *out,
                                            struct err *err);

#endif
