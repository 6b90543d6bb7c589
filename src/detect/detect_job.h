/* SPDX-License-Identifier: Apache-2.0 */
/* detect/detect_job: one look of one rule at what its tables have got: plan windows, run them, book what they
 * give.
 *
 * Where a query only grows with its input (content_traits.h) and many windows are planned, a probe over all
 * of them comes first: what it does not find, no window finds.
 *
 * A job changes nothing but through its transactions, one a window that fires. One that fails half-way is
 * repeated whole: what was booked is not booked again.
 *
 * Threads: any number at once, one a rule. */
#ifndef DETECT_DETECT_JOB_H
#define DETECT_DETECT_JOB_H

#include <stdatomic.h>

#include "base/env.h"
#include "detect/detect_activity.h"
#include "detect/detect_report.h"
#include "state/state.h"

enum { DETECT_JOB_MAX_WINDOWS = 256, DETECT_JOB_MAX_PENDING = 10000 };

struct detect_job {
    const struct content_rule *rule;
    const str                 *tables;
    size_t                     n_tables;
    struct detect_timing       timing;
    struct detect_span         ingested; /* [looked to, watermark) */
    struct detect_spans        pending;  /* of event time, left by the look before */
    bool                       timed;    /* run over the period before the watermark instead */
    struct state              *state;
    const struct detect_logs  *logs;
    struct detect_activity    *activity;
    const struct alert_sink   *sink;
    const struct env          *env;
    const atomic_bool         *stop; /* true: leave off between two windows, as if the job had failed */
};

/* `left` gets the spans that are still to be run, in the arena. `report` is filled either way. */
must_check enum rc detect_job_run(const struct detect_job *job, struct arena *a, struct detect_spans *left,
                                  struct detect_report *report, struct err *err);

/* Spans as JSON and back: [[from,to],…]. */
str                detect_job_spans_text(struct arena *a, const struct detect_spans *spans);
must_check enum rc detect_job_spans_read(struct arena *a, str text, struct detect_spans *out,
                                         struct err *err);

#endif
