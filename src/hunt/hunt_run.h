/* SPDX-License-Identifier: Apache-2.0 */
/* hunt/hunt_run: one query of a hunter, with its rows counted, told apart, and the first of them kept.
 *
 * A row's mark is a hash of its cells: the same row has the same mark in every run. Ownership: the arena
 * given. Threads: safe. */
#ifndef HUNT_HUNT_RUN_H
#define HUNT_HUNT_RUN_H

#include "hunt/hunt.h"
#include "query/query.h"

enum { HUNT_RUN_MAX_ROWS = 10000, HUNT_RUN_KEEP_BYTES = 512 * 1024 };

struct hunt_run {
    struct query            *query;
    const struct access_who *who;
    str                      text;
    bool                     has_time, has_ingested;
    ts                       time_from, time_to, ingested_from, ingested_to;
    size_t                   keep, keep_bytes; /* rows at most; 0: HUNT_RUN_KEEP_BYTES */
    duration                 limit;
};

struct hunt_found {
    str       columns; /* JSON: [{"name","type"},…] */
    uint64_t *marks;   /* of all rows, in their order */
    size_t    n;
    str      *rows; /* the first, JSON arrays */
    size_t    n_rows;
    bool      partial; /* there are more, or it was cut */
};

/* A query that is refused is RC_INVALID with the first reason and its place. */
must_check enum rc hunt_run_query(const struct hunt_run *r, struct arena *a, struct hunt_found *out,
                                  struct err *err);
/* Does it compile now? The same refusal otherwise. */
must_check enum rc hunt_run_check(struct query *q, str text, struct err *err);
/* The rows that were kept, as one JSON array. */
str hunt_run_rows(struct arena *a, const struct hunt_found *f);

#endif
