/* SPDX-License-Identifier: Apache-2.0 */
/* detect/detect_logs: what detect needs of the log tables. detect_tables.h makes one over a real engine;
 * tests give their own.
 *
 * Threads: every callback may be called from several threads at once. */
#ifndef DETECT_DETECT_LOGS_H
#define DETECT_DETECT_LOGS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/ts.h"
#include "kql/kql.h"

struct detect_logs {
    void                     *ctx;
    const struct kql_catalog *catalog;
    /* Ingestion time below which no batch is in flight. */
    enum rc (*watermark)(void *ctx, ts *out, struct err *err);
    /* Tells of each table a mark that changes whenever rows are added to it. Cheap: asked every poll. */
    enum rc (*changes)(void *ctx, void (*each)(void *arg, str table, uint64_t mark), void *arg,
                       struct err *err);
    /* A query may only read tables that are there: makes it, empty, when it is not. */
    enum rc (*ensure)(void *ctx, str table, struct err *err);
    /* Runs SQL; calls `row` with each line of JSONCompactEachRow. What `row` returns ends the query. */
    enum rc (*query)(void *ctx, str sql, enum rc (*row)(void *arg, str line, struct err *err), void *arg,
                     struct err *err);
    /* Appends rows (JSON objects by column) to a table. A repeat with the same token adds nothing. */
    enum rc (*append)(void *ctx, str table, const str *rows, size_t n, str token, struct err *err);
};

#endif
