/* SPDX-License-Identifier: Apache-2.0 */
/* detect/detect_report: rows about the detections themselves: RuleRuns and Health.
 *
 * Threads: as the transaction. */
#ifndef DETECT_DETECT_REPORT_H
#define DETECT_DETECT_REPORT_H

#include "content/content_store.h"
#include "detect/detect_book.h"

/* What one job of a rule did. */
struct detect_report {
    const struct content_rule *rule;
    struct detect_span         window; /* from the first window's beginning to the last one's end */
    struct detect_span         ingested;
    size_t                     windows, rows, truncated, left;
    struct detect_booked       booked;
    duration                   took;
    ts                         when;
    enum rc                    rc;
    str                        error; /* empty: it went well */
};

/* A row in RuleRuns; one in Health besides for what was failed, cut, suppressed or put off. */
must_check enum rc detect_report_run(struct state_tx *tx, const struct detect_report *r, struct err *err);
/* A row in Health for a file that cannot be used or a rule that does not compile. */
must_check enum rc detect_report_unusable(struct state_tx *tx, const struct content_problem *p, ts when,
                                          struct err *err);

#endif
