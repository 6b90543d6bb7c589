/* SPDX-License-Identifier: Apache-2.0 */
/* engine/engine_http: ClickHouse's HTTP interface over the store.
 *
 *   GET, POST /            a query, in the URL or the body; "Ok." when there is none
 *   GET /ping              "Ok."
 *   GET /replicas_status   "Ok."
 *   GET /sandbox           our own: which layers of the sandbox are in force
 * Users and passwords are accepted and not looked at: the socket's mode is the guard. Threads: handlers run
 * at once. */
#ifndef ENGINE_ENGINE_HTTP_H
#define ENGINE_ENGINE_HTTP_H

#include "engine/engine.h"
#include "http/http_server.h"

struct http_handler engine_http_handler(const struct engine *e); /* borrows e */

#endif
