/* SPDX-License-Identifier: Apache-2.0 */
/* detect/detect_run: runs a rule's query over one window and hands out its result rows.
 *
 * Threads: no state; any number at once. */
#ifndef DETECT_DETECT_RUN_H
#define DETECT_DETECT_RUN_H

#include "detect/detect_logs.h"
#include "detect/detect_row.h"

enum { DETECT_RUN_ARENA = 256 << 20, DETECT_RUN_MAX_ROWS = 10000 };

struct detect_run {
    const struct content_rule *rule;
    struct detect_span         window;   /* TimeGenerated; now() is its end */
    struct detect_span         ingested; /* from 0: all that was there before as well */
};

struct detect_result {
    struct detect_rows rows;
    str                table;     /* the first that the query reads */
    bool               truncated; /* there were more than DETECT_RUN_MAX_ROWS rows */
};

/* The base tables that a rule reads, by compiling it. RC_SYNTAX, RC_INVALID: why it does not compile. */
must_check enum rc detect_run_tables(const struct detect_logs *logs, const struct content_rule *rule,
                                     struct arena *a, const str **tables, size_t *n, struct err *err);

/* The result lives in the arena. */
must_check enum rc detect_run_window(const struct detect_logs *logs, const struct detect_run *run,
                                     struct arena *a, struct detect_result *out, struct err *err);

#endif
