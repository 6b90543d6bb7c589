/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of an audit log, one stream. */
#include <stdlib.h>

#include "ingest/ingest_auditd.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum rc check_row(void *ctx, const struct ingest_row *row, struct err *err)
{
    (void)ctx, (void)err;
    if (row->time < TS_MIN || row->time > TS_MAX)
        abort();
    return RC_OK;
}

static void add_columns(struct ingest_schema *schema)
{
    static const char *const NAMES[] = { "a0",  "a1",  "exe", "comm", "cmd", "path",
                                         "key", "pid", "uid", "user", "op" };
    struct ingest_table     *t = ingest_schema_add(schema, S("LinuxAuditLog"));

    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        ingest_schema_table_add(t, str_of(NAMES[i]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(arena) a = arena_new(16 << 20);
    AUTO(ingest_schema) schema = ingest_schema_new();
    AUTO(ingest_auditd) audit = ingest_auditd_new();
    struct ingest_ctx ctx = { .arena = a, .schema = schema, .audit = audit, .now = SECONDS(1770000000) };
    str               rest = str_make((const char *)data, size), line;

    add_columns(schema);
    ctx.sink.row = check_row;
    while (str_split(&rest, '\n', &line)) {
        if (ingest_auditd_line(&ctx, line, NULL) != RC_OK)
            continue;
        arena_reset(a);
    }
    if (ingest_auditd_flush(&ctx, NULL) != RC_OK)
        abort();
    return 0;
}
