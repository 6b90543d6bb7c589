/* SPDX-License-Identifier: Apache-2.0 */
/* api/api_bookmarks: bookmarks in ARM's shape, for whoever lists them. Threads: as the call. */
#ifndef API_API_BOOKMARKS_H
#define API_API_BOOKMARKS_H

#include "api/api_priv.h"
#include "incident/incident_bookmark.h"

/* As a bookmark, or as an entity of kind Bookmark, which is how incidents list them. */
void api_bookmarks_write(struct json_w *w, const struct api_call *c, const struct incident_bookmark *b,
                         bool as_entity);

#endif
