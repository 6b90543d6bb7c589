/* SPDX-License-Identifier: Apache-2.0 */
/* server/server_rows: rows that the server itself has to tell (Health, SentinelAudit), on their way to the
 * engine.
 *
 * Adding never blocks: one thread sends, and tries again while the engine is away. At most SERVER_ROWS_MAX
 * wait; overload costs the newest row, which is counted and logged. Threads: safe. */
#ifndef SERVER_SERVER_ROWS_H
#define SERVER_SERVER_ROWS_H

#include "base/auto.h"
#include "base/env.h"
#include "base/str.h"

enum { SERVER_ROWS_MAX = 4096 };

struct server_rows;
struct tables;

struct server_rows *server_rows_new(struct tables *tables, const struct env *env);
/* Sends what waits if the engine is there, then ends. */
struct server_rows *server_rows_free(struct server_rows *r);
DEFINE_AUTO(server_rows, server_rows_free)

/* `object` is JSON text with the columns; TimeGenerated is `time`. Copied. */
void server_rows_add(struct server_rows *r, str table, str object, ts time);

#endif
