/* SPDX-License-Identifier: Apache-2.0 */
/* http/http_gzip: a stream that is the gzip form of another stream. Threads: one at a time. */
#ifndef HTTP_HTTP_GZIP_H
#define HTTP_HTTP_GZIP_H

#include "http/http_res.h"

/* Takes `inner`: its done is called by the new stream's done. */
struct http_stream http_gzip_stream(struct http_stream inner);

#endif
