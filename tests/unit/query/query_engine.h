/* SPDX-License-Identifier: Apache-2.0 */
/* A stand-in for the engine: answers every request on a unix socket with one text, or cuts it off. */
#ifndef TESTS_QUERY_ENGINE_H
#define TESTS_QUERY_ENGINE_H

#include "base/auto.h"
#include "base/str.h"

struct query_engine;

struct query_engine *query_engine_new(const char *path);
struct query_engine *query_engine_free(struct query_engine *e);
DEFINE_AUTO(query_engine, query_engine_free)

/* What is answered from now on: `rows` lines "[i]"; with `cut` the connection breaks behind them; with
 * `stall` it stands still behind them until the client goes. */
void query_engine_say(struct query_engine *e, int rows, bool cut, bool stall);
/* Has a request with this text been seen? */
bool query_engine_heard(struct query_engine *e, const char *text);

#endif
