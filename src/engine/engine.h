/* SPDX-License-Identifier: Apache-2.0 */
/* engine/engine: the store that the requests of one process share. Threads: made once, then shared and only
 * read; what it points to is safe by itself. */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include "engine/engine_chdb.h"
#include "engine/engine_pool.h"
#include "engine/engine_sandbox.h"
#include "engine/engine_scalar.h"
#include "engine/engine_watch.h"

struct engine {
    const struct engine_chdb    *db;
    struct engine_pool          *pool;
    struct engine_watch         *watch;
    struct engine_scalar        *scalar;
    str                          database; /* of queries that name none */
    str                          version;  /* ClickHouse's */
    const struct engine_sandbox *sandbox;
};

#endif
