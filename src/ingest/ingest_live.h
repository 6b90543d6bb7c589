/* SPDX-License-Identifier: Apache-2.0 */
/* ingest_live: from the sources that are read all the time to stored rows, exactly once.
 *
 *   sources ──text, cursor──► unit in memory ──200 ms or 4 MiB──► spool (fsynced) ──► decoded, stored ──►
 * dropped
 *
 * A source is read up to its last cursor on disk. While the engine is away units stay in the spool; when that
 * is full, or the disk is, the unit in memory fills up and sources wait (followers) or lose and count
 * (datagrams). Threads: two of its own, a writer and a sender; the calls are safe from any. */
#ifndef INGEST_INGEST_LIVE_H
#define INGEST_INGEST_LIVE_H

#include "ingest/ingest_core.h"
#include "ingest/ingest_spool.h"

struct ingest_live;

must_check enum rc ingest_live_start(struct ingest_core *core, struct ingest_spool *spool,
                                     struct ingest_live **out, struct err *err);
/* Writes what is in memory to the spool, and stops. */
struct ingest_live *ingest_live_stop(struct ingest_live *l);
DEFINE_AUTO(ingest_live, ingest_live_stop)

/* Lines of one origin, and how far its source is read behind them (no cursor when `cursor_of` is empty): both
 * get to disk or none. False: there is no room now and `wait` is false, or the process stops; nothing was
 * taken. */
bool ingest_live_text(struct ingest_live *l, const struct ingest_origin *from, str text, str cursor_of,
                      str cursor, bool wait);

/* A row of the Health table about a source. */
struct ingest_live_health {
    str      source, code, reason, remedy;
    uint64_t rows, lost;
};
void ingest_live_health(struct ingest_live *l, const struct ingest_live_health *h);

#endif
