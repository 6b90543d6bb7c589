/* SPDX-License-Identifier: Apache-2.0 */
/* http/http_sse: one publisher, many listeners over text/event-stream.
 *
 * Each listener has a bounded queue; one that does not keep up is cut off (its browser reconnects and
 * reloads). A comment line goes out every `heartbeat`, so that a dead connection is noticed. Threads: safe.
 */
#ifndef HTTP_HTTP_SSE_H
#define HTTP_HTTP_SSE_H

#include "base/auto.h"
#include "base/ts.h"
#include "http/http_res.h"

enum { HTTP_SSE_QUEUE = 256 };

struct http_sse;

struct http_sse *http_sse_new(unsigned max_listeners, duration heartbeat);
struct http_sse *http_sse_free(struct http_sse *hub); /* closes; waits until the last listener has left */
DEFINE_AUTO(http_sse, http_sse_free)

/* `data` is one line (JSON); `event` may be empty. Never blocks. */
void http_sse_publish(struct http_sse *hub, str event, str data);
/* Makes the response a stream of what is published from now on. RC_BUSY when there are too many listeners. */
must_check enum rc http_sse_listen(struct http_sse *hub, struct http_res *res, struct err *err);
void               http_sse_close(struct http_sse *hub); /* ends all streams; new listeners are refused */
unsigned           http_sse_listeners(struct http_sse *hub);

#endif
