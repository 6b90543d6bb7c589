/* SPDX-License-Identifier: Apache-2.0 */
/* query/query_answer: answers in the shapes that clients read: Log Analytics, Kusto v1 and v2, Graph's
 * hunting.
 *
 *     struct query_answer w;
 *     query_answer_begin(&w, QUERY_ANSWER_LOGS, &buf);
 *     rc = query_run(q, &request, &w.sink, arena, &outcome, err);
 *     if (rc == RC_OK) query_answer_end(&w, &outcome); else query_answer_error(shape, …)
 *
 * Threads: one at a time. */
#ifndef QUERY_QUERY_ANSWER_H
#define QUERY_QUERY_ANSWER_H

#include "base/json.h"
#include "query/query.h"

enum query_answer_shape {
    QUERY_ANSWER_LOGS,     /* {"tables":[{"name":"PrimaryResult",…}]} */
    QUERY_ANSWER_KUSTO_V1, /* {"Tables":[…]} */
    QUERY_ANSWER_KUSTO_V2, /* [{"FrameType":"DataSetHeader"},…] */
    QUERY_ANSWER_COUNT_
};

struct query_answer {
    struct query_sink         sink; /* hand it to query_run */
    enum query_answer_shape   shape;
    struct strbuf            *out;
    const struct kql_program *program, *first;
    uint64_t                  rows;               /* of the table at hand */
    unsigned                  tables;             /* before it */
    bool                      statistics, render; /* Log Analytics: set before the query when asked for */
};

/* The answer grows in `out`, whose maximum bounds it. */
void query_answer_begin(struct query_answer *w, enum query_answer_shape shape, struct strbuf *out);
void query_answer_end(struct query_answer *w, const struct query_outcome *outcome);
/* The error body of a query that did not run. */
void query_answer_error(enum query_answer_shape shape, const struct query_outcome *outcome,
                        const struct err *why, struct strbuf *out);
/* How query_request.dynamic must be set for a shape. */
enum kql_result_dynamic query_answer_dynamic(enum query_answer_shape shape);

#endif
