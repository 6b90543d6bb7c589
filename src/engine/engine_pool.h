/* SPDX-License-Identifier: Apache-2.0 */
/* engine/engine_pool: connections of libchdb, kept by what they are set to.
 *
 * A connection has a lane (how many of its kind may be at work), a database, settings and a read-only level.
 * It is set once, when it is made, and given again only to who wants the same: no request sees another's
 * settings. Making one costs half a millisecond, so what is seldom asked for may be thrown away. Threads: all
 * calls are safe from any thread; a connection taken belongs to who took it. */
#ifndef ENGINE_ENGINE_POOL_H
#define ENGINE_ENGINE_POOL_H

#include "base/auto.h"
#include "base/ts.h"
#include "engine/engine_chdb.h"
#include "engine/engine_fault.h"
#include "http/http_pairs.h"

enum engine_lane { ENGINE_READ, ENGINE_WRITE, ENGINE_ADMIN, ENGINE_LANE_COUNT_ };

struct engine_pool_opts {
    const struct engine_chdb *db;
    int                       argc; /* of every connection; borrowed for the pool's life */
    char                    **argv;
    unsigned                  at_work[ENGINE_LANE_COUNT_]; /* at most, a lane */
    duration                  wait;                        /* for a turn, then ENGINE_TOO_MANY_QUERIES */
};

struct engine_session {
    str               database;
    unsigned          readonly; /* 0, 1, 2 as ClickHouse's setting */
    struct http_pairs settings;
};

struct engine_pool;
struct engine_conn;

struct engine_pool *engine_pool_new(const struct engine_pool_opts *opts);
struct engine_pool *engine_pool_free(struct engine_pool *p); /* none may be out */
DEFINE_AUTO(engine_pool, engine_pool_free)

bool engine_pool_take(struct engine_pool *p, enum engine_lane lane, const struct engine_session *session,
                      struct arena *a, struct engine_conn **out, struct engine_fault *fault);
/* `sound` false: in an unknown state, closed instead of kept. */
void                     engine_pool_give(struct engine_pool *p, struct engine_conn *c, bool sound);
struct chdb_connection_ *engine_pool_handle(struct engine_conn *c);
unsigned                 engine_pool_at_work(struct engine_pool *p, enum engine_lane lane);

#endif
