/* SPDX-License-Identifier: Apache-2.0 */
/* api/api_trail: carries audit rows from state to the log table SentinelAudit.
 *
 * State is first and never waits; this follows in a thread of its own, a page at a time. The page that is
 * being sent is noted before, and sent again after a crash under the same token, so each row arrives once.
 * Threads: one of its own; the calls are for the owner. */
#ifndef API_API_TRAIL_H
#define API_API_TRAIL_H

#include "access/access.h"
#include "tables/tables.h"

struct api_trail;

must_check enum rc api_trail_new(struct access *access, struct state *state, struct tables *tables,
                                 struct api_trail **out, struct err *err);
struct api_trail  *api_trail_free(struct api_trail *t); /* waits for the page under way */
DEFINE_AUTO(api_trail, api_trail_free)

/* Sends what waits, in the caller's thread. */
must_check enum rc api_trail_send(struct api_trail *t, size_t *sent, struct err *err);

#endif
