/* SPDX-License-Identifier: Apache-2.0 */
/* engine/engine_read: runs a statement that is not an INSERT with data, and answers with its result.
 *
 * A result is streamed where its format allows. An exception before the first byte is a status and a text;
 * later ones end the answer as ClickHouse 25.11 does: a block "__exception__ … __exception__" under the tag
 * of the header X-ClickHouse-Exception-Tag, and the connection breaks off without its last chunk. Threads:
 * one a request. */
#ifndef ENGINE_ENGINE_READ_H
#define ENGINE_ENGINE_READ_H

#include "engine/engine.h"
#include "engine/engine_ask.h"
#include "engine/engine_sql.h"
#include "http/http_res.h"

bool engine_read_answer(const struct engine *e, const struct http_req *req, const struct engine_ask *ask,
                        const struct engine_sql *sql, struct http_res *res, struct engine_fault *fault);

struct engine_totals {
    uint64_t rows_read, bytes_read, rows_written, bytes_written, rows, bytes;
    int64_t  elapsed_ns;
};

/* The header X-ClickHouse-Summary. */
void engine_read_summary(struct http_res *res, const struct engine_totals *t);

#endif
