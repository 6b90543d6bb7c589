/* SPDX-License-Identifier: Apache-2.0 */
/* engine/engine_insert: takes a request's statement and data as they arrive.
 *
 * Text is gathered until it is known to be an INSERT with data (INSERT INTO t FORMAT Native …); from there on
 * the bytes go to libchdb as they come, and only as data: what stands in them can never be run. Any other
 * statement is gathered whole, up to ENGINE_INSERT_MAX_SQL. Threads: one at a time. */
#ifndef ENGINE_ENGINE_INSERT_H
#define ENGINE_ENGINE_INSERT_H

#include "engine/engine.h"
#include "engine/engine_ask.h"
#include "engine/engine_sql.h"

enum { ENGINE_INSERT_MAX_SQL = 64 << 20 };

struct engine_insert;

struct engine_insert *engine_insert_new(const struct engine *e, const struct http_req *req,
                                        const struct engine_ask *ask);
/* Gives the connection back; an INSERT that was not finished leaves no row. */
struct engine_insert *engine_insert_free(struct engine_insert *i);

/* The query of the URL, before the body: never compressed. */
bool engine_insert_query(struct engine_insert *i, str query, struct engine_fault *fault);
bool engine_insert_feed(struct engine_insert *i, str piece, struct engine_fault *fault);

struct engine_insert_end {
    bool     inserted; /* else `text` is a statement still to be run */
    str      text;     /* lives as long as the insert */
    uint64_t rows, bytes;
};

/* The body is over. Rows of an INSERT are on disk when this returns true. */
bool engine_insert_finish(struct engine_insert *i, struct engine_insert_end *end, struct engine_fault *fault);

#endif
