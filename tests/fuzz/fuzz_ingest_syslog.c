/* SPDX-License-Identifier: Apache-2.0 */
/* A connection's bytes, cut into messages, and each taken apart. */
#include <stdlib.h>

#include "ingest/ingest_frame.h"
#include "ingest/ingest_syslog.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum rc check_row(void *ctx, const struct ingest_row *row, struct err *err)
{
    (void)ctx, (void)err;
    if (row->time < TS_MIN || row->time > TS_MAX || row->table.n == 0)
        abort();
    return RC_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(arena) a = arena_new(16 << 20);
    AUTO(ingest_schema) schema = ingest_schema_new();
    AUTO_STRBUF         lines = STRBUF_INIT(1 << 20);
    struct ingest_frame frame;
    struct ingest_ctx ctx = { .arena = a, .schema = schema, .now = SECONDS(1770000000), .utc_offset = 3600 };
    str               rest, line;

    ctx.sink.row = check_row;
    ingest_frame_init(&frame, 4096);
    ingest_frame_feed(&frame, str_make((const char *)data, size / 2), &lines);
    ingest_frame_feed(&frame, str_make((const char *)data + size / 2, size - size / 2), &lines);
    ingest_frame_finish(&frame, &lines);
    ingest_frame_done(&frame);
    rest = strbuf_view(&lines);
    while (str_split(&rest, '\n', &line)) {
        if (ingest_syslog_line(&ctx, line, NULL) == RC_OK)
            arena_reset(a);
    }
    return 0;
}
