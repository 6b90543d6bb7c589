/* SPDX-License-Identifier: Apache-2.0 */
/* query/query: runs KQL over the log tables, with budgets, for somebody.
 *
 * The text is compiled with the tables as catalog, the SQL runs on the engine under the request's limits, and
 * rows reach the sink as they come, as JSON arrays whose cells are KQL's. Where columns depend on the data
 * (bag_unpack, pivot) the engine is asked for them first, in the query's place and on its time. A broken
 * query, a table that `who` may not read and an engine that is away fail before the sink is touched. What
 * fails after the first row leaves `outcome.partial` set and RC_OK: the rows that came are right, and
 * `outcome.error` says why there are no more.
 *
 * Threads: safe; each query runs in its caller's thread. */
#ifndef QUERY_QUERY_H
#define QUERY_QUERY_H

#include "access/access.h"
#include "base/arena.h"
#include "base/auto.h"
#include "kql/kql.h"
#include "kql/kql_result.h"

struct query;
struct tables;

enum {
    QUERY_DEFAULT_ROWS = 30000,
    QUERY_MAX_ROWS = 500000,
    QUERY_MAX_TEXT = 256 * 1024,
    QUERY_MAX_ANSWER = 64 << 20, /* bytes of rows; then the answer is partial */
    QUERY_MAX_RUNNING = 16,      /* at once; the next is RC_BUSY */
};
#define QUERY_DEFAULT_TIME MINUTES(3)
#define QUERY_MAX_TIME MINUTES(10)
#define QUERY_MAX_MEMORY ((uint64_t)2 << 30) /* of the engine, for one query */

struct query_opts {
    struct tables    *tables; /* borrowed */
    const struct env *env;    /* borrowed */
    const char *external; /* folder of the files that externaldata reads, host/path; borrowed; NULL: none */
    /* As in struct kql_catalog. NULL: there are no watchlists. */
    enum rc (*watchlist)(void *ctx, str alias, struct arena *arena, struct kql_list *out, struct err *err);
    void *watchlist_ctx;
    /* May `who` read this table? NULL: everybody may read all. */
    enum rc (*admit)(void *ctx, const struct access_who *who, str table, struct err *err);
    void *admit_ctx;
};

must_check enum rc query_new(const struct query_opts *opts, struct query **out, struct err *err);
struct query      *query_free(struct query *q);
DEFINE_AUTO(query, query_free)

struct query_request {
    struct arena            *arena; /* of the program, the diagnostics and the outcome */
    str                      text;
    const struct access_who *who;
    str                      id;  /* names it for query_cancel; empty: one is made up */
    ts                       now; /* 0: the clock's */
    bool                     has_time, has_ingested;
    ts                       time_from, time_to;         /* TimeGenerated of every base table, [from, to) */
    ts                       ingested_from, ingested_to; /* _IngestionTime of every base table, [from, to) */
    duration                 time_limit;                 /* 0: QUERY_DEFAULT_TIME */
    uint64_t                 max_rows;                   /* 0: QUERY_DEFAULT_ROWS */
    enum kql_result_dynamic  dynamic;
    const struct kql_parameter *parameters; /* of those that the text declares */
    size_t                      n_parameters;
};

struct query_sink {
    void *ctx;
    enum rc (*begin)(void *ctx, const struct kql_program *program,
                     struct err *err); /* once, before the rows */
    /* A query may give several tables: called before the rows of each but the first. NULL: they are not
     * run. */
    enum rc (*next)(void *ctx, const struct kql_program *program, struct err *err);
    enum rc (*row)(void *ctx, str json, struct err *err); /* a JSON array; an error here ends the query */
};

struct query_outcome {
    struct kql_diags diags; /* in the arena: why a query was refused */
    uint64_t         rows;
    uint64_t         read_rows, read_bytes; /* by the engine */
    duration         compile_time, run_time;
    ts               finished;
    bool             partial;
    struct err       error; /* when partial */
};

/* RC_SYNTAX, RC_INVALID: see outcome->diags. RC_FORBIDDEN, RC_BUSY, RC_TIMEOUT, RC_CANCELLED, RC_UNAVAILABLE.
 */
must_check enum rc query_run(struct query *q, const struct query_request *request,
                             const struct query_sink *sink, struct query_outcome *outcome, struct err *err);
/* RC_NOT_FOUND when no such query of `who` is running. */
must_check enum rc query_cancel(struct query *q, const struct access_who *who, str id, struct err *err);
size_t             query_running(struct query *q);

/* The log tables as kql sees them, for compiling without running: nothing is asked of the engine, so columns
 * that depend on the data are not found. */
const struct kql_catalog *query_names(struct query *q);

#endif
