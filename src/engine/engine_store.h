/* SPDX-License-Identifier: Apache-2.0 */
/* engine/engine_store: opens libchdb on a data folder, with the limits that ENGINE.md measured.
 *
 * Writes DIR/engine.xml (thread pools, merges, fsync after every insert), takes away database `default`
 * (libchdb lays it over the file system) and makes ours. Threads: the owner's. */
#ifndef ENGINE_ENGINE_STORE_H
#define ENGINE_ENGINE_STORE_H

#include "base/auto.h"
#include "engine/engine.h"

struct engine_store_opts {
    str      data;     /* absolute */
    uint64_t memory;   /* of the whole process; 0: half of the machine's, 8 GB at most */
    unsigned readers;  /* 0: 8 */
    unsigned writers;  /* 0: 4 */
    str      database; /* empty: law */
};

struct engine_store;

must_check enum rc   engine_store_open(const struct engine_chdb *db, const struct engine_store_opts *opts,
                                       struct engine_store **out, struct err *err);
struct engine_store *engine_store_close(struct engine_store *s);
DEFINE_AUTO(engine_store, engine_store_close)

struct engine *engine_store_engine(struct engine_store *s); /* lives as long as the store */

#endif
