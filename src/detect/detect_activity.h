/* SPDX-License-Identifier: Apache-2.0 */
/* detect/detect_activity: where in event time the rows lie that a table got in a stretch of ingestion time.
 *
 * Threads: no state. */
#ifndef DETECT_DETECT_ACTIVITY_H
#define DETECT_DETECT_ACTIVITY_H

#include "detect/detect_logs.h"
#include "detect/detect_window.h"

#define DETECT_ACTIVITY_BIN MINUTES(5)

struct detect_spans {
    struct detect_span *p;
    size_t              n, cap;
};

/* Adds, for each 5-minute bin of TimeGenerated that got rows ingested in [from, to), the span of those rows.
 */
must_check enum rc detect_activity_spans(const struct detect_logs *logs, str table,
                                         struct detect_span ingested, struct arena *a,
                                         struct detect_spans *out, struct err *err);

/* Are there rows with events in `span` that were ingested before `before`? */
must_check enum rc detect_activity_any(const struct detect_logs *logs, str table, struct detect_span span,
                                       ts before, bool *out, struct err *err);

#endif
