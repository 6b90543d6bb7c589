/* SPDX-License-Identifier: Apache-2.0 */
/* engine/engine_watch: ends queries that nobody waits for any more.
 *
 * libchdb gives a query an id of its own and no way to interrupt it but KILL QUERY from another connection.
 * So each statement carries a tag in a comment, by which it is found in system.processes; a thread looks ten
 * times a second whether a client has left or a kill was asked for, and repeats the KILL until the query is
 * over: one that comes before the query is registered would be lost. Threads: safe. */
#ifndef ENGINE_ENGINE_WATCH_H
#define ENGINE_ENGINE_WATCH_H

#include "base/auto.h"
#include "engine/engine_chdb.h"
#include "http/http_req.h"

struct engine_watch;

/* One statement at work. Lives with its request. */
struct engine_watched {
    const struct http_req *req;
    str                    query_id;
    char                   tag[64]; /* a comment of SQL, filled by engine_watch_add */
    bool                   killed;
    struct engine_watched *next, **link;
};

/* Takes a connection of its own. NULL when there is none. */
struct engine_watch *engine_watch_new(const struct engine_chdb *db, int argc, char **argv);
struct engine_watch *engine_watch_free(struct engine_watch *w);
DEFINE_AUTO(engine_watch, engine_watch_free)

void engine_watch_add(struct engine_watch *w, struct engine_watched *q);
/* True when it was killed meanwhile. */
bool engine_watch_remove(struct engine_watch *w, struct engine_watched *q);
/* How many queries of this id there were; all are ended soon. An empty id: every query. */
unsigned engine_watch_kill(struct engine_watch *w, str query_id);
unsigned engine_watch_count(struct engine_watch *w);

#endif
