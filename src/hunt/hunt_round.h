/* SPDX-License-Identifier: Apache-2.0 */
/* hunt/hunt_round: hunting queries run together, over one stretch of time, and what each found: how many
 * rows, how many of them were not there the round before.
 *
 * Rounds wait for each other; within one, queries run one after the other as who asked for it, so that
 * hunting leaves the engine to others. What a query found is kept as it comes: a kill loses the queries that
 * had not run, and the round says Interrupted. HUNT_ROUND_KEPT results of a query are kept.
 *
 * Threads: one of its own; all functions are safe from any. */
#ifndef HUNT_HUNT_ROUND_H
#define HUNT_HUNT_ROUND_H

#include "hunt/hunt_search.h"
#include "query/query.h"

enum { HUNT_ROUND_KEPT = 20, HUNT_ROUND_WAITING = 20, HUNT_ROUND_ROWS = 100, HUNT_ROUND_QUERIES = 1500 };

struct hunt_rounds;

/* `tell` is called, from its thread, whenever a round has moved on; it may be NULL. */
must_check enum rc  hunt_round_open(struct hunt *h, void (*tell)(void *ctx, int64_t round), void *ctx,
                                    struct hunt_rounds **out, struct err *err);
struct hunt_rounds *hunt_round_close(struct hunt_rounds *r);

struct hunt_round {
    int64_t                id, total, done, found, failed;
    ts                     started, finished, from, to;
    str                    status; /* Running, Done, Cancelled, Interrupted */
    struct incident_person who;
};

struct hunt_round_start {
    const struct access_who *who;
    const str               *queries; /* ids; none: all */
    size_t                   n_queries;
    ts                       from, to;
    str                      request;
};
/* RC_BUSY when HUNT_ROUND_WAITING wait. RC_NOT_FOUND names a query that is not there. */
must_check enum rc hunt_round_begin(struct hunt_rounds *r, const struct hunt_round_start *start,
                                    struct arena *a, struct hunt_round *out, struct err *err);
must_check enum rc hunt_round_cancel(struct hunt_rounds *r, int64_t id, struct err *err);
must_check enum rc hunt_round_get(struct hunt *h, int64_t id, struct arena *a, struct hunt_round *out,
                                  struct err *err);
/* The last 50, newest first. */
must_check enum rc hunt_round_list(struct hunt *h, struct arena *a, struct hunt_round **out, size_t *n,
                                   struct err *err);

struct hunt_result {
    str      query;                          /* id */
    int64_t  round, n_rows, n_new, previous; /* previous: rows of the round before; -1: there was none */
    ts       time;
    duration took;
    str      error;         /* empty: it ran */
    str      columns, rows; /* JSON; the rows of single results alone */
};
/* The newest of each query. */
must_check enum rc hunt_round_latest(struct hunt *h, struct arena *a, struct hunt_result **out, size_t *n,
                                     struct err *err);
/* All kept ones of a query, newest first, without rows; `round`: that one alone, with them. */
must_check enum rc hunt_round_results(struct hunt *h, str query, int64_t round, struct arena *a,
                                      struct hunt_result **out, size_t *n, struct err *err);

#endif
