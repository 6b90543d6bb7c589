/* SPDX-License-Identifier: Apache-2.0 */
/* detect/detect_window: which windows of event time a rule must be run over, given where its new rows lie.
 *
 * Pure arithmetic; the law that it follows stands in detect.h. Threads: no state. */
#ifndef DETECT_DETECT_WINDOW_H
#define DETECT_DETECT_WINDOW_H

#include "base/str.h"
#include "base/ts.h"
#include "content/content_rule.h"

/* Events from `from` on and before `to`. */
struct detect_span {
    ts from, to;
};

struct detect_timing {
    duration period, step;
    bool     whole;    /* one window over the span, new rows only */
    bool     each_end; /* the end of a window matters: every step has its own */
};

/* `n_tables`: base tables that the compiled query reads. */
struct detect_timing detect_window_timing(const struct content_rule *r, size_t n_tables);

/* Sorts and merges in place what lies closer together than `gap`; returns how many are left. */
size_t detect_window_merge(struct detect_span *spans, size_t n, duration gap);

/* The windows for one span, oldest first, at most `max`; returns how many. `later`: rows that were there
 * before lie behind the span, within a period. `left` is the part of the span that the windows do not settle:
 * empty, or what is to be planned again. */
size_t detect_window_plan(const struct detect_timing *t, struct detect_span span, bool later,
                          struct detect_span *out, size_t max, struct detect_span *left);

#endif
