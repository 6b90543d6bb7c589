/* SPDX-License-Identifier: Apache-2.0 */
/* api/api_streams: tells who listens that rows of a livestream have come. Threads: as hunt_stream_opts.tell.
 */
#ifndef API_API_STREAMS_H
#define API_API_STREAMS_H

#include "hunt/hunt_stream.h"

/* `api` is a struct api. */
void api_streams_tell(void *api, const struct hunt_stream *s, const struct hunt_stream_row *rows, size_t n);

#endif
