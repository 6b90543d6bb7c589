/* SPDX-License-Identifier: Apache-2.0 */
/* ingest_core: what every part of the intake process shares. Made once by ingest_run, before any thread.
 *
 * Threads: each member is safe or read-only. */
#ifndef INGEST_INGEST_CORE_H
#define INGEST_INGEST_CORE_H

#include <pthread.h>

#include "base/env.h"
#include "ingest/ingest_flight.h"
#include "ingest/ingest_schema.h"
#include "ingest/ingest_stats.h"
#include "tables/tables.h"

struct ingest_core {
    const struct env           *env;
    struct tables              *tables;
    const struct ingest_schema *schema;
    struct ingest_flight       *flight;
    struct ingest_stats        *stats;
    str                         host;            /* this machine's name */
    duration                    engine_patience; /* how long a request waits for an engine that is away */
    pthread_mutex_t             stop_lock;
    bool                        stop; /* read by ingest_core_stopping */
};

/* Every thread asks this between two pieces of work, and ends when it is so. */
bool ingest_core_stopping(struct ingest_core *core);
void ingest_core_stop(struct ingest_core *core);

/* Seconds that this machine's clock is east of UTC at `now`: what local log lines are written in. */
int ingest_core_utc_offset(ts now);

#endif
