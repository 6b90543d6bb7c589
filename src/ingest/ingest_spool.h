/* SPDX-License-Identifier: Apache-2.0 */
/* ingest_spool: units on disk, in order, between being read from their sources and being stored.
 *
 * A unit is durable when ingest_spool_put returns (fsynced, renamed into place, folder fsynced). Cursors of
 * sources are those of the last unit that was put: those of stored units stand in a file beside. Bounded by
 * `max_bytes`: RC_BUSY beyond, RC_FULL when the disk is. A damaged unit is set aside, not replayed.
 * Threads: safe. */
#ifndef INGEST_INGEST_SPOOL_H
#define INGEST_INGEST_SPOOL_H

#include "base/arena.h"
#include "base/auto.h"
#include "base/err.h"
#include "base/str.h"
#include "ingest/ingest_unit.h"

struct ingest_spool;

/* Reads what an earlier life left in `dir`. */
must_check enum rc   ingest_spool_open(const char *dir, uint64_t max_bytes, struct ingest_spool **out,
                                       struct err *err);
struct ingest_spool *ingest_spool_close(struct ingest_spool *s);
DEFINE_AUTO(ingest_spool, ingest_spool_close)

/* True when no source was ever read: nothing is known of where to go on. */
bool ingest_spool_is_new(const struct ingest_spool *s);
/* Where the source was left; empty when it is new. */
str ingest_spool_cursor(struct ingest_spool *s, str source, struct arena *a);

must_check enum rc ingest_spool_put(struct ingest_spool *s, struct ingest_unit *u, struct err *err);

/* The oldest unit, or RC_NOT_FOUND; the same one until it is dropped. */
must_check enum rc ingest_spool_first(struct ingest_spool *s, struct arena *a, str *sealed, struct err *err);
/* It is stored (or set aside as damaged): its cursors are kept, its file goes. */
must_check enum rc ingest_spool_drop(struct ingest_spool *s, bool damaged, struct err *err);

void ingest_spool_size(struct ingest_spool *s, uint64_t *files, uint64_t *bytes);

#endif
