/* SPDX-License-Identifier: Apache-2.0 */
/* api/api_run: runs one KQL query for a route, whatever shape its answer has. Threads: as the call. */
#ifndef API_API_RUN_H
#define API_API_RUN_H

#include "api/api_call.h"
#include "query/query_answer.h"

struct api_run {
    struct query_request    request; /* arena, who and dynamic are filled in */
    enum query_answer_shape shape;
    bool                    statistics, render;
    int                     status; /* of the answer */
    str                     body;
};

/* "PT1H", "P1D", "2026-01-01T00:00:00Z/2026-01-02", "…/PT1H", "PT1H/…"; empty is no limit. RC_INVALID
 * otherwise. */
must_check enum rc api_run_timespan(str text, ts now, struct query_request *out, struct err *err);
/* "wait=10,include-statistics=true": each part that is known. */
void api_run_prefer(str header, struct api_run *r);
/* Fills status and body, also for a query that is refused with a place; other failures are returned. */
must_check enum rc api_run_query(struct api_call *c, struct api_run *r, struct err *err);

#endif
