/* SPDX-License-Identifier: Apache-2.0 */
/* api/api_explore: what the routes about things share: their query by id, the span asked for, running it.
 *
 * Threads: as the call. */
#ifndef API_API_EXPLORE_H
#define API_API_EXPLORE_H

#include "api/api_priv.h"
#include "content/content_explore.h"
#include "incident/incident_explore.h"

/* The content's queries, or none. */
size_t                        api_explore_count(const struct api_call *c);
const struct content_explore *api_explore_at(const struct api_call *c, size_t i);
const struct content_explore *api_explore_find(const struct api_call *c, str id); /* NULL */

/* startTime and endTime of `from`; without them the week up to now. */
must_check enum rc api_explore_span(struct api_call *c, const struct json *from, ts *start, ts *end,
                                    struct err *err);
struct api_explore_asked {
    const struct content_explore *what;
    str                           entity;
    ts                            from, to;
};
must_check enum rc api_explore_run(struct api_call *c, const struct api_explore_asked *asked,
                                   struct incident_explore_result *out, struct err *err);
/* {"id","title","description","kind","query",…} */
void api_explore_write(struct json_w *w, const struct content_explore *x);

#endif
