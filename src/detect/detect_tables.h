/* SPDX-License-Identifier: Apache-2.0 */
/* detect/detect_tables: detect's view of the log tables, over the real engine.
 *
 * Rows that we append ourselves (alerts, incidents, runs) are in flight, too: the watermark stays below them
 * until they are committed, so rules over SecurityAlert miss none.
 *
 * Threads: as struct detect_logs asks, from any. */
#ifndef DETECT_DETECT_TABLES_H
#define DETECT_DETECT_TABLES_H

#include "base/auto.h"
#include "base/env.h"
#include "detect/detect_logs.h"

struct tables;
struct detect_tables;

struct detect_tables_opts {
    struct tables            *tables;  /* borrowed, as all here */
    const struct kql_catalog *catalog; /* of the query module */
    const struct env         *env;
    /* The intake's watermark. NULL: now (nothing else writes). */
    enum rc (*watermark)(void *ctx, ts *out, struct err *err);
    void *watermark_ctx;
};

struct detect_tables *detect_tables_new(const struct detect_tables_opts *opts);
struct detect_tables *detect_tables_free(struct detect_tables *d);
DEFINE_AUTO(detect_tables, detect_tables_free)

/* The vtable; it lives as long as `d`. */
const struct detect_logs *detect_tables_logs(struct detect_tables *d);

#endif
