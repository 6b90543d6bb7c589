/* SPDX-License-Identifier: Apache-2.0 */
/* engine/engine_ask: what a request asks of ClickHouse's HTTP interface, read from its URL and headers.
 *
 * Parameters that the interface knows are taken for what they mean, param_* are values for {name:Type}, all
 * others are settings of the query. Threads: plain data, in the request's arena. */
#ifndef ENGINE_ENGINE_ASK_H
#define ENGINE_ENGINE_ASK_H

#include "engine/engine_fault.h"
#include "engine/engine_format.h"
#include "engine/engine_pool.h"
#include "http/http_req.h"

struct engine_ask {
    str                         query; /* of the URL; the body follows it */
    str                         query_id;
    struct engine_session       session;    /* readonly: what was asked for, 0 when nothing was */
    bool                        only_reads; /* GET, or readonly was asked for */
    const struct engine_format *format;     /* when the statement names none */
    bool                        wait_end;   /* answer only when the whole result is there */
    bool                        gzip_body, gzip_reply;
    size_t                      n_params;
    const char *const *param_names, *const *param_values;
    const size_t *param_name_n, *param_value_n;
};

bool engine_ask_read(const struct http_req *req, str database, struct engine_ask *out,
                     struct engine_fault *fault);

#endif
