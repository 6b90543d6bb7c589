/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest_rows.h"

#include "ingest/ingest_auditd.h"
#include "ingest/ingest_sysmon.h"
#include "ingest/ingest_value.h"

/* Where senders put the time of a record, best first. */
static const str TIMES[] = {
    STR_INIT("TimeGenerated"), STR_INIT("@timestamp"), STR_INIT("Timestamp"),
    STR_INIT("timestamp"),     STR_INIT("EventTime"),  STR_INIT("eventTime"),
    STR_INIT("time"),          STR_INIT("_time"),      STR_INIT("ts"),
};

static ts record_time(const struct ingest_ctx *ctx, const struct json *record)
{
    ts time;

    for (size_t i = 0; i < sizeof TIMES / sizeof *TIMES; i++) {
        if (ingest_value_time(json_get(record, TIMES[i]), &time))
            return time;
    }
    return ctx->now;
}

/* The table that the record names, spelt as it is; STR_NONE when it names none that there can be. */
static str named_table(const struct ingest_ctx *ctx, const struct json *record)
{
    str                        type = json_str(record, S("Type"), STR_NONE);
    const struct ingest_table *known = type.n ? ingest_schema_find(ctx->schema, type) : NULL;

    if (known)
        return ingest_schema_table_name(known);
    return type.n > 3 && str_ends(type, S("_CL")) ? type : STR_NONE;
}

bool ingest_rows_sniff(const struct ingest_ctx *ctx, const struct ingest_record *record)
{
    return record->json && json_get(record->json, S("TimeGenerated")) && named_table(ctx, record->json).n > 0;
}

/* --- text of other formats inside rows --- */

/* What is wrong with the inner text is no reason to refuse the row around it. */
static enum rc forgive(enum rc rc)
{
    return rc == RC_SYNTAX || rc == RC_INVALID || rc == RC_UNSUPPORTED ? RC_OK : rc;
}

static enum rc sysmon_in_syslog(struct ingest_ctx *ctx, str message, ts time)
{
    struct ingest_winevent e;
    struct err             err;

    TRY(ingest_winevent_read_xml(ctx->arena, message, time, &e, &err));
    return e.sysmon ? ingest_sysmon_decode(ctx, &e, &err) : RC_OK;
}

enum rc ingest_rows_syslog_inner(struct ingest_ctx *ctx, const struct ingest_row *row, struct err *err)
{
    str     message = ingest_row_text(row, S("SyslogMessage"));
    str     computer = ingest_row_text(row, S("Computer"));
    str     host = ctx->host;
    enum rc rc = RC_OK;

    if (computer.n)
        ctx->host = computer;
    if (str_starts(message, S("<Event>")) && str_contains(str_slice(message, 0, 200), S("Sysmon")))
        rc = sysmon_in_syslog(ctx, message, row->time);
    else if (ingest_auditd_is(message))
        rc = ingest_auditd_line(ctx, message, err);
    ctx->host = host;
    rc = forgive(rc);
    return rc == RC_OK ? RC_OK
                       : err_set(err, rc, "the record inside of the syslog message: %s", err_meaning(rc));
}

static enum rc sysmon_in_windows_event(struct ingest_ctx *ctx, const struct json *record, struct err *err)
{
    struct ingest_winevent e;

    if (!str_contains_ci(json_str(record, S("Channel"), STR_NONE), S("sysmon")))
        return RC_OK;
    TRY(ingest_winevent_read(ctx->arena, record, ctx->now, &e, err));
    return ingest_sysmon_decode(ctx, &e, err);
}

/* The writer sets both. */
static bool is_envelope(const struct json_member *m, str table)
{
    return str_eq(m->key, S("TimeGenerated")) ||
           (str_eq(m->key, S("Type")) && m->value.kind == JSON_STRING && str_eq_ci(m->value.s, table));
}

enum rc ingest_rows_into(struct ingest_ctx *ctx, str table, const struct json *object, struct err *err)
{
    struct ingest_row row;

    ingest_row_init(&row, ctx->arena, table, record_time(ctx, object));
    for (uint32_t i = 0; i < object->n; i++) {
        if (!is_envelope(&object->members[i], table))
            ingest_row_put(&row, object->members[i].key, object->members[i].value);
    }
    TRY(ingest_row_emit(&row, &ctx->sink, err));
    if (str_eq(table, S("Syslog")))
        return ingest_rows_syslog_inner(ctx, &row, err);
    if (str_eq(table, S("WindowsEvent")))
        return sysmon_in_windows_event(ctx, object, err);
    return RC_OK;
}

enum rc ingest_rows_decode(struct ingest_ctx *ctx, const struct ingest_record *record, struct err *err)
{
    return ingest_rows_into(ctx, named_table(ctx, record->json), record->json, err);
}

bool ingest_rows_sniff_any(const struct ingest_ctx *ctx, const struct ingest_record *record)
{
    (void)ctx;
    return record->json && record->json->kind == JSON_OBJECT;
}

enum rc ingest_rows_decode_any(struct ingest_ctx *ctx, const struct ingest_record *record, struct err *err)
{
    return ingest_rows_into(ctx, ctx->table.n ? ctx->table : S("Imported_CL"), record->json, err);
}
