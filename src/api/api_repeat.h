/* SPDX-License-Identifier: Apache-2.0 */
/* api/api_repeat: remembers the answers to writes, so that a write sent again is done once.
 *
 * Clients repeat a write whose answer got lost with the same x-ms-client-request-id. The key is who, method,
 * path, that id and the body's digest; what is found within API_REPEAT_LIFE is answered again. Writes that
 * failed are not remembered. Memory is bounded: the oldest is forgotten first. Threads: safe. */
#ifndef API_API_REPEAT_H
#define API_API_REPEAT_H

#include "base/arena.h"
#include "base/auto.h"
#include "base/ts.h"

#define API_REPEAT_LIFE MINUTES(10)
enum { API_REPEAT_KEPT = 1024, API_REPEAT_MAX_BODY = 64 * 1024 };

struct api_repeat;

struct api_repeat_key {
    str who, method, path, request_id, body;
};

struct api_repeat_answer {
    int status;
    str type, etag, body;
};

struct api_repeat *api_repeat_new(void);
struct api_repeat *api_repeat_free(struct api_repeat *r);
DEFINE_AUTO(api_repeat, api_repeat_free)

/* False when this write is new. The answer is copied to the arena. */
bool api_repeat_find(struct api_repeat *r, const struct api_repeat_key *key, ts now, struct arena *a,
                     struct api_repeat_answer *out);
void api_repeat_keep(struct api_repeat *r, const struct api_repeat_key *key, ts now,
                     const struct api_repeat_answer *answer);

#endif
