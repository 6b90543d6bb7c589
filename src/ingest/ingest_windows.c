/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest_windows.h"

#include "ingest/ingest_sysmon.h"
#include "ingest/ingest_value.h"
#include "ingest/ingest_xml.h"

bool ingest_windows_sniff(const struct ingest_ctx *ctx, const struct ingest_record *record)
{
    (void)ctx;
    return record->json && ingest_winevent_is(record->json);
}

str ingest_windows_computer(const struct ingest_ctx *ctx, const struct ingest_winevent *e)
{
    str computer = ingest_winevent_part_text(e, WINEVENT_COMPUTER);

    return computer.n ? computer : ctx->host;
}

/* --- Channel Security --- */

/* These tell of the account that was acted upon; the others of the one that acted. */
static bool is_about_target(int64_t id)
{
    static const int64_t IDS[] = { 4624, 4625, 4634, 4647, 4648, 4768, 4769, 4771, 4776 };

    for (size_t i = 0; i < sizeof IDS / sizeof *IDS; i++) {
        if (IDS[i] == id)
            return true;
    }
    return false;
}

static str account_of(struct arena *a, str domain, str name)
{
    if (name.n == 0 || str_eq(name, S("-")))
        return STR_NONE;
    if (domain.n == 0 || str_eq(domain, S("-")))
        return name;
    return arena_printf(a, STR_FMT "\\" STR_FMT, STR_ARG(domain), STR_ARG(name));
}

static void put_accounts(struct ingest_row *row, const struct ingest_winevent *e)
{
    str target_name = ingest_winevent_text(e, S("TargetUserName"));
    str subject_name = ingest_winevent_text(e, S("SubjectUserName"));
    str subject = account_of(row->arena, ingest_winevent_text(e, S("SubjectDomainName")), subject_name);
    str target = account_of(row->arena, ingest_winevent_text(e, S("TargetDomainName")), target_name);
    str account = is_about_target(e->id) ? target : subject;

    ingest_row_str(row, S("SubjectAccount"), subject);
    ingest_row_str(row, S("TargetAccount"), target);
    ingest_row_str(row, S("Account"), account);
    if (account.n)
        ingest_row_str(row, S("AccountType"), str_ends(account, S("$")) ? S("Machine") : S("User"));
}

static str activity(struct arena *a, const struct ingest_winevent *e)
{
    str message = ingest_winevent_part_text(e, WINEVENT_MESSAGE);
    str line = str_trim(str_slice(message, 0, str_find_byte(message, '\n')));

    if (line.n == 0)
        return arena_printf(a, "%lld", (long long)e->id);
    return arena_printf(a, "%lld - " STR_FMT, (long long)e->id, STR_ARG(line));
}

static str logon_type_name(int64_t type)
{
    static const str NAMES[] = {
        [0] = STR_INIT("0 - System"),
        [2] = STR_INIT("2 - Interactive"),
        [3] = STR_INIT("3 - Network"),
        [4] = STR_INIT("4 - Batch"),
        [5] = STR_INIT("5 - Service"),
        [7] = STR_INIT("7 - Unlock"),
        [8] = STR_INIT("8 - NetworkCleartext"),
        [9] = STR_INIT("9 - NewCredentials"),
        [10] = STR_INIT("10 - RemoteInteractive"),
        [11] = STR_INIT("11 - CachedInteractive"),
        [12] = STR_INIT("12 - CachedRemoteInteractive"),
        [13] = STR_INIT("13 - CachedUnlock"),
    };

    return type >= 0 && type < (int64_t)(sizeof NAMES / sizeof *NAMES) ? NAMES[type] : STR_NONE;
}

static bool is_lone_dash_address(str column, const struct json *value)
{
    return str_eq(column, S("IpAddress")) && ingest_value_blank(value);
}

/* Every field that is a column goes there. What is none stands in EventData, like everything else. */
static void put_columns(const struct ingest_ctx *ctx, struct ingest_row *row, const struct ingest_winevent *e)
{
    const struct ingest_table *table = ingest_schema_find(ctx->schema, row->table);

    for (uint32_t i = 0; table && i < e->n_data; i++) {
        str column = ingest_schema_column(table, e->data[i].key);

        if (column.n && !is_lone_dash_address(column, &e->data[i].value))
            ingest_row_put(row, column, e->data[i].value);
    }
}

static void put_part(struct ingest_row *row, const struct ingest_winevent *e, enum ingest_winevent_part part,
                     str column)
{
    if (e->parts[part])
        ingest_row_put(row, column, *e->parts[part]);
}

static enum rc security_event(struct ingest_ctx *ctx, const struct ingest_winevent *e, struct err *err)
{
    struct ingest_row row;
    str               ip = ingest_winevent_text(e, S("IpAddress"));
    str               program = ingest_winevent_text(e, S("NewProcessName"));

    ingest_row_init(&row, ctx->arena, S("SecurityEvent"), e->time);
    ingest_row_str(&row, S("Computer"), ingest_windows_computer(ctx, e));
    ingest_row_i64(&row, S("EventID"), e->id);
    ingest_row_str(&row, S("Channel"), e->channel);
    put_part(&row, e, WINEVENT_PROVIDER, S("EventSourceName"));
    ingest_row_str(&row, S("Activity"), activity(ctx->arena, e));
    put_accounts(&row, e);
    ingest_row_str(&row, S("Process"),
                   ingest_value_base(program.n ? program : ingest_winevent_text(e, S("ProcessName"))));
    ingest_row_str(&row, S("IpAddress"),
                   str_eq(ip, S("-"))                ? STR_NONE
                   : str_starts_ci(ip, S("::ffff:")) ? str_from(ip, 7)
                                                     : ip);
    ingest_row_str(&row, S("LogonTypeName"),
                   logon_type_name(ingest_value_i64(ingest_winevent_data(e, S("LogonType")), -1)));
    put_part(&row, e, WINEVENT_LEVEL, S("Level"));
    put_part(&row, e, WINEVENT_TASK, S("Task"));
    put_part(&row, e, WINEVENT_KEYWORDS, S("Keywords"));
    put_part(&row, e, WINEVENT_OPCODE, S("Opcode"));
    put_part(&row, e, WINEVENT_VERSION, S("Version"));
    put_part(&row, e, WINEVENT_RECORD_ID, S("EventRecordId"));
    ingest_row_str(&row, S("EventData"), ingest_xml_event_data(ctx->arena, e->data, e->n_data));
    put_columns(ctx, &row, e);
    return ingest_row_emit(&row, &ctx->sink, err);
}

/* --- other channels --- */

enum rc ingest_windows_event(struct ingest_ctx *ctx, const struct ingest_winevent *e, struct err *err)
{
    struct ingest_row row;
    str               level_name = STR_NONE;
    int               level = ingest_winevent_level(e, &level_name);

    ingest_row_init(&row, ctx->arena, S("Event"), e->time);
    ingest_row_str(&row, S("Computer"), ingest_windows_computer(ctx, e));
    ingest_row_str(&row, S("EventLog"), e->channel);
    put_part(&row, e, WINEVENT_PROVIDER, S("Source"));
    ingest_row_i64(&row, S("EventID"), e->id);
    put_part(&row, e, WINEVENT_MESSAGE, S("RenderedDescription"));
    if (level) {
        ingest_row_i64(&row, S("EventLevel"), level);
        ingest_row_str(&row, S("EventLevelName"), level_name);
    }
    ingest_row_str(&row, S("UserName"),
                   account_of(ctx->arena, ingest_winevent_text(e, S("Domain")),
                              ingest_winevent_text(e, S("AccountName"))));
    put_part(&row, e, WINEVENT_TASK, S("EventCategory"));
    ingest_row_str(&row, S("EventData"), ingest_xml_event_data(ctx->arena, e->data, e->n_data));
    ingest_row_str(&row, S("ParameterXml"), ingest_xml_params(ctx->arena, e->data, e->n_data));
    return ingest_row_emit(&row, &ctx->sink, err);
}

enum rc ingest_windows_decode(struct ingest_ctx *ctx, const struct ingest_record *record, struct err *err)
{
    struct ingest_winevent e;

    TRY(ingest_winevent_read(ctx->arena, record->json, ctx->now, &e, err));
    if (str_eq(e.channel, S("Security")))
        return security_event(ctx, &e, err);
    if (e.sysmon)
        return ingest_sysmon_decode(ctx, &e, err);
    return ingest_windows_event(ctx, &e, err);
}
