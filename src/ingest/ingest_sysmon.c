/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest_sysmon.h"

#include "ingest/ingest_value.h"
#include "ingest/ingest_windows.h"

/* What becomes of a field. */
enum take {
    COPY,    /* to the column named */
    KEEP,    /* under the name given, which is no column: into AdditionalFields */
    PATH,    /* FolderPath and FileName */
    ACTOR,   /* the acting process's path: InitiatingProcessFolderPath and -FileName */
    ACCOUNT, /* AccountDomain and AccountName */
    ACTOR_ACCOUNT,
    HASHES,
    NUMBER, /* decimal or 0x… to a number */
    REGISTRY_KEY,
    REGISTRY_VALUE, /* the key, and the value's name behind the last \ */
    PROTOCOL,
    PIPE,
    GRANTED_ACCESS,
};

struct field {
    str       name;
    enum take take;
    str       column;
};

struct event {
    int                 id;
    str                 table, action;
    const struct field *fields; /* ended by an empty name */
};

#define F(name_, take_, column_)                                                                             \
    {                                                                                                        \
        STR_INIT(name_), take_, STR_INIT(column_)                                                            \
    }
#define ACTING(image, pid, process_guid)                                                                     \
    F(image, ACTOR, ""), F(pid, NUMBER, "InitiatingProcessId"),                                              \
        F(process_guid, COPY, "InitiatingProcessUniqueId")
#define ACTING_USUAL ACTING("Image", "ProcessId", "ProcessGuid"), F("User", ACTOR_ACCOUNT, "")
#define END                                                                                                  \
    {                                                                                                        \
        STR_INIT(""), COPY, STR_INIT("")                                                                     \
    }

static const struct field PROCESS[] = {
    F("Image", PATH, ""),
    F("CommandLine", COPY, "ProcessCommandLine"),
    F("ProcessId", NUMBER, "ProcessId"),
    F("ProcessGuid", COPY, "ProcessUniqueId"),
    F("IntegrityLevel", COPY, "ProcessIntegrityLevel"),
    F("User", ACCOUNT, ""),
    F("LogonId", NUMBER, "LogonId"),
    F("Hashes", HASHES, ""),
    F("OriginalFileName", COPY, "ProcessVersionInfoOriginalFileName"),
    F("Description", COPY, "ProcessVersionInfoFileDescription"),
    F("Product", COPY, "ProcessVersionInfoProductName"),
    F("Company", COPY, "ProcessVersionInfoCompanyName"),
    F("FileVersion", COPY, "ProcessVersionInfoProductVersion"),
    ACTING("ParentImage", "ParentProcessId", "ParentProcessGuid"),
    F("ParentCommandLine", COPY, "InitiatingProcessCommandLine"),
    F("ParentUser", ACTOR_ACCOUNT, ""),
    END,
};
static const struct field FILE_TIME[] = { F("TargetFilename", PATH, ""), ACTING_USUAL, END };
static const struct field NETWORK_OUT[] = {
    ACTING_USUAL,
    F("Protocol", PROTOCOL, ""),
    F("SourceIp", COPY, "LocalIP"),
    F("SourcePort", NUMBER, "LocalPort"),
    F("DestinationIp", COPY, "RemoteIP"),
    F("DestinationPort", NUMBER, "RemotePort"),
    F("DestinationHostname", COPY, "RemoteUrl"),
    END,
};
static const struct field NETWORK_IN[] = {
    ACTING_USUAL,
    F("Protocol", PROTOCOL, ""),
    F("SourceIp", COPY, "RemoteIP"),
    F("SourcePort", NUMBER, "RemotePort"),
    F("DestinationIp", COPY, "LocalIP"),
    F("DestinationPort", NUMBER, "LocalPort"),
    END,
};
static const struct field PROCESS_END[] = {
    F("Image", PATH, ""),
    F("ProcessId", NUMBER, "ProcessId"),
    F("ProcessGuid", KEEP, "ProcessGuid"),
    F("User", ACCOUNT, ""),
    END,
};
static const struct field DRIVER[] = { F("ImageLoaded", PATH, ""), F("Hashes", HASHES, ""), END };
static const struct field IMAGE[] = { F("ImageLoaded", PATH, ""), F("Hashes", HASHES, ""), ACTING_USUAL,
                                      END };
static const struct field REMOTE_THREAD[] = {
    F("TargetImage", PATH, ""),
    F("TargetProcessId", NUMBER, "ProcessId"),
    ACTING("SourceImage", "SourceProcessId", "SourceProcessGuid"),
    F("SourceUser", ACTOR_ACCOUNT, ""),
    F("TargetUser", ACCOUNT, ""),
    END,
};
static const struct field ACTING_ONLY[] = { ACTING_USUAL, END };
static const struct field PROCESS_ACCESS[] = {
    F("TargetImage", PATH, ""),
    F("TargetProcessId", NUMBER, "ProcessId"),
    ACTING("SourceImage", "SourceProcessId", "SourceProcessGUID"),
    F("SourceUser", ACTOR_ACCOUNT, ""),
    F("TargetUser", ACCOUNT, ""),
    F("GrantedAccess", GRANTED_ACCESS, ""),
    END,
};
static const struct field FILE_CREATED[] = { F("TargetFilename", PATH, ""), F("Hash", HASHES, ""),
                                             F("Hashes", HASHES, ""), ACTING_USUAL, END };
static const struct field REGISTRY[] = { F("TargetObject", REGISTRY_KEY, "RegistryKey"), ACTING_USUAL, END };
static const struct field REGISTRY_OF_VALUE[] = {
    F("TargetObject", REGISTRY_VALUE, ""),
    F("Details", COPY, "RegistryValueData"),
    ACTING_USUAL,
    END,
};
static const struct field REGISTRY_RENAME[] = {
    F("TargetObject", REGISTRY_KEY, "PreviousRegistryKey"),
    F("NewName", REGISTRY_KEY, "RegistryKey"),
    ACTING_USUAL,
    END,
};
static const struct field NAMED_PIPE[] = { F("PipeName", PIPE, ""), ACTING_USUAL, END };
static const struct field WMI[] = { F("User", ACTOR_ACCOUNT, ""), END };
static const struct field DNS[] = {
    F("QueryName", COPY, "RemoteUrl"),
    F("QueryResults", KEEP, "DnsQueryResult"),
    ACTING_USUAL,
    END,
};
static const struct field TAMPERING[] = {
    F("Image", PATH, ""),
    F("Type", KEEP, "TamperType"),
    F("ProcessId", NUMBER, "ProcessId"),
    F("User", ACCOUNT, ""),
    END,
};

static const struct event EVENTS[] = {
    { 1, STR_INIT("DeviceProcessEvents"), STR_INIT("ProcessCreated"), PROCESS },
    { 2, STR_INIT("DeviceEvents"), STR_INIT("FileTimestampModificationEvent"), FILE_TIME },
    { 3, STR_INIT("DeviceNetworkEvents"), STR_INIT("ConnectionSuccess"), NETWORK_OUT },
    { 5, STR_INIT("DeviceEvents"), STR_INIT("ProcessTerminated"), PROCESS_END },
    { 6, STR_INIT("DeviceEvents"), STR_INIT("DriverLoad"), DRIVER },
    { 7, STR_INIT("DeviceImageLoadEvents"), STR_INIT("ImageLoaded"), IMAGE },
    { 8, STR_INIT("DeviceEvents"), STR_INIT("CreateRemoteThreadApiCall"), REMOTE_THREAD },
    { 9, STR_INIT("DeviceEvents"), STR_INIT("RawAccessRead"), ACTING_ONLY },
    { 10, STR_INIT("DeviceEvents"), STR_INIT("OpenProcessApiCall"), PROCESS_ACCESS },
    { 11, STR_INIT("DeviceFileEvents"), STR_INIT("FileCreated"), FILE_CREATED },
    { 12, STR_INIT("DeviceRegistryEvents"), STR_INIT("RegistryKeyCreated"), REGISTRY },
    { 13, STR_INIT("DeviceRegistryEvents"), STR_INIT("RegistryValueSet"), REGISTRY_OF_VALUE },
    { 14, STR_INIT("DeviceRegistryEvents"), STR_INIT("RegistryKeyRenamed"), REGISTRY_RENAME },
    { 15, STR_INIT("DeviceFileEvents"), STR_INIT("FileCreated"), FILE_CREATED },
    { 17, STR_INIT("DeviceEvents"), STR_INIT("NamedPipeEvent"), NAMED_PIPE },
    { 18, STR_INIT("DeviceEvents"), STR_INIT("NamedPipeEvent"), NAMED_PIPE },
    { 19, STR_INIT("DeviceEvents"), STR_INIT("WmiFilterEvent"), WMI },
    { 20, STR_INIT("DeviceEvents"), STR_INIT("WmiConsumerEvent"), WMI },
    { 21, STR_INIT("DeviceEvents"), STR_INIT("WmiBindEventFilterToConsumer"), WMI },
    { 22, STR_INIT("DeviceEvents"), STR_INIT("DnsQueryResponse"), DNS },
    { 23, STR_INIT("DeviceFileEvents"), STR_INIT("FileDeleted"), FILE_CREATED },
    { 24, STR_INIT("DeviceEvents"), STR_INIT("ClipboardChanged"), ACTING_ONLY },
    { 25, STR_INIT("DeviceEvents"), STR_INIT("ProcessTampering"), TAMPERING },
    { 26, STR_INIT("DeviceFileEvents"), STR_INIT("FileDeleted"), FILE_CREATED },
};

static const struct event *event_find(int64_t id)
{
    for (size_t i = 0; i < sizeof EVENTS / sizeof *EVENTS; i++) {
        if (EVENTS[i].id == id)
            return &EVENTS[i];
    }
    return NULL;
}

/* --- what depends on the event --- */

/* Key or value, made or deleted: the event says so, unless its collector wrote over EventType. */
static void registry_variant(const struct ingest_winevent *e, struct event *event)
{
    static const struct {
        str                 type, action;
        const struct field *fields;
    } KINDS[] = {
        { STR_INIT("CreateKey"), STR_INIT("RegistryKeyCreated"), REGISTRY },
        { STR_INIT("DeleteKey"), STR_INIT("RegistryKeyDeleted"), REGISTRY },
        { STR_INIT("DeleteValue"), STR_INIT("RegistryValueDeleted"), REGISTRY_OF_VALUE },
    };
    str type = ingest_winevent_text(e, S("EventType"));

    event->action = S("RegistryKeyChanged");
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        if (str_eq(type, KINDS[i].type)) {
            event->action = KINDS[i].action;
            event->fields = KINDS[i].fields;
        }
    }
}

static void settle_variant(const struct ingest_winevent *e, struct event *event)
{
    if (e->id == 12)
        registry_variant(e, event);
    if (e->id == 3 && str_eq_ci(ingest_winevent_text(e, S("Initiated")), S("false"))) {
        event->action = S("InboundConnectionAccepted");
        event->fields = NETWORK_IN;
    }
}

/* --- taking fields --- */

static void put_hashes(struct ingest_row *row, str hashes)
{
    static const struct {
        str  prefix, column;
        bool lower;
    } KINDS[] = {
        { STR_INIT("SHA1="), STR_INIT("SHA1"), true },
        { STR_INIT("MD5="), STR_INIT("MD5"), true },
        { STR_INIT("SHA256="), STR_INIT("SHA256"), true },
        { STR_INIT("IMPHASH="), STR_INIT("IMPHASH"), false },
    };
    str part;

    while (str_split(&hashes, ',', &part)) {
        for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
            if (str_starts(part, KINDS[i].prefix)) {
                str value = str_from(part, KINDS[i].prefix.n);

                ingest_row_str(row, KINDS[i].column,
                               KINDS[i].lower ? ingest_value_lower(row->arena, value) : value);
            }
        }
    }
}

/* HKLM\… as Defender writes it. */
static str registry_path(struct arena *a, str path)
{
    static const struct {
        str sysmon, defender;
    } ROOTS[] = {
        { STR_INIT("HKLM\\"), STR_INIT("HKEY_LOCAL_MACHINE\\") },
        { STR_INIT("HKU\\"), STR_INIT("HKEY_CURRENT_USER\\") },
        { STR_INIT("HKCR\\"), STR_INIT("HKEY_CLASSES_ROOT\\") },
    };

    for (size_t i = 0; i < sizeof ROOTS / sizeof *ROOTS; i++) {
        if (str_starts(path, ROOTS[i].sysmon)) {
            str rest = str_from(path, ROOTS[i].sysmon.n);

            return arena_printf(a, STR_FMT STR_FMT, STR_ARG(ROOTS[i].defender), STR_ARG(rest));
        }
    }
    return path;
}

static void put_registry_value(struct ingest_row *row, str object)
{
    str    path = registry_path(row->arena, object);
    size_t at = str_rfind_byte(path, '\\');

    if (at == STR_NPOS) {
        ingest_row_str(row, S("RegistryKey"), path);
        return;
    }
    ingest_row_str(row, S("RegistryKey"), str_slice(path, 0, at));
    ingest_row_str(row, S("RegistryValueName"), str_from(path, at + 1));
}

static void put_account(struct ingest_row *row, str account, bool actor)
{
    str domain, name;

    ingest_value_account(account, &domain, &name);
    ingest_row_str(row, actor ? S("InitiatingProcessAccountDomain") : S("AccountDomain"), domain);
    ingest_row_str(row, actor ? S("InitiatingProcessAccountName") : S("AccountName"), name);
}

static void put_granted_access(struct ingest_row *row, str access)
{
    int64_t n;

    ingest_row_str(row, S("GrantedAccess"), access);
    if (ingest_value_number(access, &n))
        ingest_row_i64(row, S("DesiredAccess"), n);
}

static void put_protocol(struct ingest_row *row, str protocol)
{
    str known = str_eq_ci(protocol, S("tcp"))   ? S("Tcp")
                : str_eq_ci(protocol, S("udp")) ? S("Udp")
                                                : protocol;

    ingest_row_str(row, S("Protocol"), known);
}

static void put_number(struct ingest_row *row, const struct field *f, const struct json *value)
{
    int64_t n = ingest_value_i64(value, INT64_MIN);

    if (n != INT64_MIN)
        ingest_row_i64(row, f->column, n);
    else
        ingest_row_put(row, f->name, *value); /* no number: kept as it came */
}

static void take_field(struct ingest_row *row, const struct field *f, const struct json *value)
{
    str text = ingest_value_text(row->arena, value);

    switch (f->take) {
    case COPY:
    case KEEP:
        ingest_row_put(row, f->column, *value);
        break;
    case PATH:
        ingest_row_str(row, S("FolderPath"), text);
        ingest_row_str(row, S("FileName"), ingest_value_base(text));
        break;
    case ACTOR:
        ingest_row_str(row, S("InitiatingProcessFolderPath"), text);
        ingest_row_str(row, S("InitiatingProcessFileName"), ingest_value_base(text));
        break;
    case ACCOUNT:
    case ACTOR_ACCOUNT:
        put_account(row, text, f->take == ACTOR_ACCOUNT);
        break;
    case HASHES:
        put_hashes(row, text);
        break;
    case NUMBER:
        put_number(row, f, value);
        break;
    case REGISTRY_KEY:
        ingest_row_str(row, f->column, registry_path(row->arena, text));
        break;
    case REGISTRY_VALUE:
        put_registry_value(row, text);
        break;
    case PROTOCOL:
        put_protocol(row, text);
        break;
    case PIPE:
        ingest_row_str(row, S("PipeName"),
                       arena_printf(row->arena, "\\Device\\NamedPipe" STR_FMT, STR_ARG(text)));
        break;
    case GRANTED_ACCESS:
        put_granted_access(row, text);
        break;
    }
}

static const struct field *field_find(const struct field *fields, str name)
{
    for (const struct field *f = fields; f->name.n; f++) {
        if (str_eq(f->name, name))
            return f;
    }
    return NULL;
}

static void put_extras(struct ingest_row *row, const struct ingest_winevent *e)
{
    if (e->id == 17 || e->id == 18)
        ingest_row_str(row, S("FileOperation"), e->id == 17 ? S("File created") : S("File opened"));
    if (e->id == 22)
        ingest_row_str(row, S("DnsQueryString"), ingest_winevent_text(e, S("QueryName")));
}

enum rc ingest_sysmon_decode(struct ingest_ctx *ctx, const struct ingest_winevent *e, struct err *err)
{
    const struct event *known = event_find(e->id);
    struct event        event;
    struct ingest_row   row;

    if (!known)
        return ingest_windows_event(ctx, e, err);
    event = *known;
    settle_variant(e, &event);
    ingest_row_init(&row, ctx->arena, event.table, e->time);
    ingest_row_str(&row, S("DeviceName"), ingest_windows_computer(ctx, e));
    ingest_row_str(&row, S("ActionType"), event.action);
    put_extras(&row, e);
    for (uint32_t i = 0; i < e->n_data; i++) {
        const struct field *f = field_find(event.fields, e->data[i].key);

        if (f && !ingest_value_blank(&e->data[i].value))
            take_field(&row, f, &e->data[i].value);
    }
    for (uint32_t i = 0; i < e->n_data; i++) {
        if (!field_find(event.fields, e->data[i].key) && !ingest_value_blank(&e->data[i].value))
            ingest_row_put(&row, e->data[i].key, e->data[i].value);
    }
    return ingest_row_emit(&row, &ctx->sink, err);
}
