/* SPDX-License-Identifier: Apache-2.0 */
/* One record: JSON through all decoders, anything else as the XML of an event. */
#include <stdlib.h>

#include "ingest/ingest_decoder.h"
#include "ingest/ingest_windows.h"
#include "ingest/ingest_winevent.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum rc check_row(void *ctx, const struct ingest_row *row, struct err *err)
{
    (void)ctx, (void)err;
    for (uint32_t i = 0; i < row->n; i++) {
        if (row->fields[i].value.kind == JSON_STRING && row->fields[i].value.s.n == 0)
            abort(); /* rows keep no empty text */
    }
    return RC_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(arena) a = arena_new(64 << 20);
    AUTO(ingest_schema) schema = ingest_schema_new();
    struct ingest_ctx      ctx = { .arena = a, .schema = schema, .now = SECONDS(1770000000) };
    struct ingest_record   record = { .text = str_make((const char *)data, size) };
    struct ingest_winevent e;
    enum rc                rc;

    ingest_schema_table_add(ingest_schema_add(schema, S("SecurityEvent")), S("TargetUserName"));
    ingest_schema_add(schema, S("Syslog"));
    ingest_schema_add(schema, S("WindowsEvent"));
    ctx.sink.row = check_row;
    if (json_parse(a, record.text, &record.json, NULL) == RC_OK)
        rc = ingest_decoder_run(&ctx, &record, NULL);
    else
        rc = ingest_winevent_read_xml(a, record.text, ctx.now, &e, NULL);
    return rc == RC_OK && size == SIZE_MAX ? 1 : 0;
}
