/* SPDX-License-Identifier: Apache-2.0 */
/* detect/detect_draft: an alert being put together from result rows.
 *
 * Ownership: the arena of the run. Threads: one run each. */
#ifndef DETECT_DETECT_DRAFT_H
#define DETECT_DETECT_DRAFT_H

#include "detect/detect_alert.h"
#include "detect/detect_row.h"

enum { DETECT_DRAFT_MAX_VALUES = 50, DETECT_DRAFT_MAX_DETAILS = 2048, DETECT_DRAFT_MAX_ALERTS = 150 };

struct detect_draft {
    str                       id;
    bool                      is_new; /* else it extends an alert that was raised before */
    bool                      silent; /* suppressed: its rows count, nothing is raised */
    ts                        start, end;
    const struct detect_row **rows;
    size_t                    n_rows, cap;
};

/* What all alerts of a run share. */
struct detect_context {
    const struct detect_rows *rows;
    str                       table; /* the first that the query reads */
    ts                        now, ingested_to;
};

/* The name of an alert follows from the rule and its first row alone. */
str  detect_draft_id(struct arena *a, const struct content_rule *rule, const struct detect_row *first);
void detect_draft_add(struct arena *a, struct detect_draft *d, const struct detect_row *row);
/* The whole record, texts in the arena. */
struct alert detect_draft_alert(const struct detect_context *c, const struct detect_draft *d);

#endif
