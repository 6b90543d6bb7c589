/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest_winevent.h"

#include "ingest/ingest_value.h"
#include "ingest/ingest_xml.h"

enum { DROP = WINEVENT_PART_COUNT_, DROP_OF_SYSMON, DROP_OF_TABLE, OWN_DATA };

/* Fields beside the event's own data, by all the names that collectors give them. DROP is the collector's own
 * affair. DROP_OF_SYSMON is the account that Sysmon itself runs as: of other channels it is the event's user.
 */
static const struct name_role {
    str name;
    int role;
} ROLES[] = {
    { STR_INIT("Channel"), WINEVENT_CHANNEL },
    { STR_INIT("EventID"), WINEVENT_EVENT_ID },
    { STR_INIT("SourceName"), WINEVENT_PROVIDER },
    { STR_INIT("Provider"), WINEVENT_PROVIDER },
    { STR_INIT("EventSourceName"), WINEVENT_PROVIDER },
    { STR_INIT("Hostname"), WINEVENT_COMPUTER },
    { STR_INIT("Computer"), WINEVENT_COMPUTER },
    { STR_INIT("computer_name"), WINEVENT_COMPUTER },
    { STR_INIT("Message"), WINEVENT_MESSAGE },
    { STR_INIT("Level"), WINEVENT_LEVEL },
    { STR_INIT("EventLevel"), WINEVENT_LEVEL },
    { STR_INIT("EventLevelName"), DROP },
    { STR_INIT("Severity"), WINEVENT_SEVERITY },
    { STR_INIT("TimeCreated"), WINEVENT_TIME_CREATED },
    { STR_INIT("TimeGenerated"), WINEVENT_TIME_CREATED },
    { STR_INIT("@timestamp"), WINEVENT_TIMESTAMP },
    { STR_INIT("EventTime"), WINEVENT_EVENT_TIME },
    { STR_INIT("Task"), WINEVENT_TASK },
    { STR_INIT("Keywords"), WINEVENT_KEYWORDS },
    { STR_INIT("Opcode"), WINEVENT_OPCODE },
    { STR_INIT("Version"), WINEVENT_VERSION },
    { STR_INIT("RecordNumber"), WINEVENT_RECORD_ID },
    { STR_INIT("EventRecordID"), WINEVENT_RECORD_ID },
    { STR_INIT("EventData"), WINEVENT_EVENT_DATA },
    { STR_INIT("@version"), DROP },
    { STR_INIT("tags"), DROP },
    { STR_INIT("host"), DROP },
    { STR_INIT("port"), DROP },
    { STR_INIT("SourceModuleName"), DROP },
    { STR_INIT("SourceModuleType"), DROP },
    { STR_INIT("EventReceivedTime"), DROP },
    { STR_INIT("ExecutionProcessID"), DROP },
    { STR_INIT("ThreadID"), DROP },
    { STR_INIT("SeverityValue"), DROP },
    { STR_INIT("EventTypeOrignal"), DROP },
    { STR_INIT("OpcodeValue"), DROP },
    { STR_INIT("ProviderGuid"), DROP },
    { STR_INIT("Category"), DROP },
    { STR_INIT("ERROR_EVT_UNRESOLVED"), DROP },
    { STR_INIT("TenantId"), DROP },
    { STR_INIT("Type"), DROP_OF_TABLE },
    { STR_INIT("ManagementGroupName"), DROP },
    { STR_INIT("EventOriginId"), DROP },
    { STR_INIT("AccountName"), DROP_OF_SYSMON },
    { STR_INIT("AccountType"), DROP_OF_SYSMON },
    { STR_INIT("Domain"), DROP_OF_SYSMON },
    { STR_INIT("UserID"), DROP_OF_SYSMON },
};

enum { ROLE_BUCKETS = 256, ROLE_CHAIN = 4 };

static uint8_t role_index[ROLE_BUCKETS][ROLE_CHAIN]; /* 1-based rows of ROLES */

static unsigned role_hash(str name)
{
    return name.n < 2
               ? 0
               : ((unsigned)(unsigned char)name.p[0] * 31 + (unsigned)(unsigned char)name.p[name.n / 2] * 17 +
                  (unsigned)(unsigned char)name.p[name.n - 1] + (unsigned)name.n * 7) %
                     ROLE_BUCKETS;
}

__attribute__((constructor)) static void build_role_index(void)
{
    for (size_t i = 0; i < sizeof ROLES / sizeof *ROLES; i++) {
        uint8_t *chain = role_index[role_hash(ROLES[i].name)];
        int      at = 0;

        while (at < ROLE_CHAIN && chain[at])
            at++;
        if (at == ROLE_CHAIN)
            abort(); /* a new name crowds a bucket: raise ROLE_CHAIN */
        chain[at] = (uint8_t)(i + 1);
    }
}

static int role_of(str name)
{
    const uint8_t *chain = role_index[role_hash(name)];

    for (int at = 0; at < ROLE_CHAIN && chain[at]; at++) {
        if (str_eq(ROLES[chain[at] - 1].name, name))
            return ROLES[chain[at] - 1].role;
    }
    return OWN_DATA;
}

bool ingest_winevent_is(const struct json *record)
{
    const struct json *winlog = json_get(record, S("winlog")), *event;

    if (winlog)
        return json_get(winlog, S("channel")) && json_get(winlog, S("event_id"));
    event = json_get(record, S("Event"));
    if (event)
        return json_get(event, S("System")) != NULL;
    return json_get(record, S("Channel")) && json_get(record, S("EventID"));
}

/* --- the four JSON shapes --- */

struct gather {
    struct arena           *arena;
    struct ingest_winevent *e;
    struct json_member     *data;
    uint32_t                n, cap;
};

static enum rc add_data(struct gather *g, str key, struct json value, struct err *err)
{
    if (g->n == g->cap) {
        uint32_t            cap = g->cap ? g->cap * 2 : 64;
        struct json_member *data = ARENA_TRY_ARRAY(g->arena, struct json_member, cap);

        if (!data)
            return err_set(err, RC_LIMIT, "the event has over %u fields, more than fit into memory", g->n);
        if (g->n)
            memcpy(data, g->data, g->n * sizeof *data);
        g->data = data;
        g->cap = cap;
    }
    g->data[g->n++] = (struct json_member) { .key = key, .value = value };
    return RC_OK;
}

static const struct json *copy_text(struct arena *a, str s)
{
    struct json *v = ARENA_NEW(a, struct json);

    *v = json_make_str(s);
    return v;
}

/* Objects of <Data Name="…">: {"Data":[{"@Name":"x","#text":"y"}]}, or plain members. */
static enum rc add_nested(struct gather *g, const struct json *data, struct err *err)
{
    const struct json *list = json_get(data, S("Data"));

    if (list && list->kind == JSON_ARRAY) {
        for (uint32_t i = 0; i < list->n; i++) {
            str name = json_str(&list->items[i], S("@Name"), json_str(&list->items[i], S("Name"), STR_NONE));
            const struct json *value = json_get(&list->items[i], S("#text"));

            if (name.n)
                TRY(add_data(g, name, value ? *value : json_make_null(), err));
        }
        return RC_OK;
    }
    for (uint32_t i = 0; data && data->kind == JSON_OBJECT && i < data->n; i++) {
        if (str_eq(data->members[i].key, S("#attributes")) || str_starts(data->members[i].key, S("@")))
            continue;
        TRY(add_data(g, data->members[i].key, data->members[i].value, err));
    }
    return RC_OK;
}

static enum rc read_winlog(struct gather *g, const struct json *record, struct err *err)
{
    static const struct {
        str                       name;
        enum ingest_winevent_part part;
    } PARTS[] = {
        { STR_INIT("channel"), WINEVENT_CHANNEL },        { STR_INIT("event_id"), WINEVENT_EVENT_ID },
        { STR_INIT("provider_name"), WINEVENT_PROVIDER }, { STR_INIT("computer_name"), WINEVENT_COMPUTER },
        { STR_INIT("keywords"), WINEVENT_KEYWORDS },      { STR_INIT("opcode"), WINEVENT_OPCODE },
        { STR_INIT("version"), WINEVENT_VERSION },        { STR_INIT("record_id"), WINEVENT_RECORD_ID },
    };
    const struct json *winlog = json_get(record, S("winlog"));

    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++)
        g->e->parts[PARTS[i].part] = json_get(winlog, PARTS[i].name);
    if (!g->e->parts[WINEVENT_COMPUTER])
        g->e->parts[WINEVENT_COMPUTER] = json_path(record, S("host.name"));
    g->e->parts[WINEVENT_LEVEL] = json_path(record, S("log.level"));
    g->e->parts[WINEVENT_TIMESTAMP] = json_get(record, S("@timestamp"));
    g->e->parts[WINEVENT_MESSAGE] = json_get(record, S("message"));
    TRY(add_nested(g, json_get(winlog, S("event_data")), err));
    return add_nested(g, json_get(winlog, S("user_data")), err);
}

/* Windows' own elements, as XML and as JSON that was made of it; an empty attribute means the text. */
static const struct {
    str                       element, attribute;
    enum ingest_winevent_part part;
} SYSTEM_PARTS[] = {
    { STR_INIT("Channel"), STR_INIT(""), WINEVENT_CHANNEL },
    { STR_INIT("EventID"), STR_INIT(""), WINEVENT_EVENT_ID },
    { STR_INIT("Provider"), STR_INIT("Name"), WINEVENT_PROVIDER },
    { STR_INIT("Computer"), STR_INIT(""), WINEVENT_COMPUTER },
    { STR_INIT("TimeCreated"), STR_INIT("SystemTime"), WINEVENT_TIME_CREATED },
    { STR_INIT("Level"), STR_INIT(""), WINEVENT_LEVEL },
    { STR_INIT("Task"), STR_INIT(""), WINEVENT_TASK },
    { STR_INIT("Keywords"), STR_INIT(""), WINEVENT_KEYWORDS },
    { STR_INIT("Opcode"), STR_INIT(""), WINEVENT_OPCODE },
    { STR_INIT("Version"), STR_INIT(""), WINEVENT_VERSION },
    { STR_INIT("EventRecordID"), STR_INIT(""), WINEVENT_RECORD_ID },
    { STR_INIT("Message"), STR_INIT(""), WINEVENT_MESSAGE },
};

/* A value of System: itself, or what stands in its attributes under `attribute`, or its text. */
static const struct json *system_value(const struct json *system, str name, str attribute)
{
    const struct json *v = json_get(system, name), *inner;

    if (!v || v->kind != JSON_OBJECT)
        return v;
    inner = json_get(json_get(v, S("#attributes")), attribute);
    if (!inner)
        inner = json_get(v, attribute);
    if (!inner)
        inner = json_get(v, S("#text"));
    for (uint32_t i = 0; !inner && i < v->n; i++) {
        if (v->members[i].key.n && str_eq(str_from(v->members[i].key, 1), attribute))
            inner = &v->members[i].value; /* "@Name" */
    }
    return inner;
}

static enum rc read_system(struct gather *g, const struct json *event, struct err *err)
{
    const struct json *system = json_get(event, S("System"));

    for (size_t i = 0; i < sizeof SYSTEM_PARTS / sizeof *SYSTEM_PARTS; i++)
        g->e->parts[SYSTEM_PARTS[i].part] =
            system_value(system, SYSTEM_PARTS[i].element, SYSTEM_PARTS[i].attribute);
    g->e->parts[WINEVENT_MESSAGE] = json_path(event, S("RenderingInfo.Message"));
    TRY(add_nested(g, json_get(event, S("EventData")), err));
    return add_nested(g, json_get(event, S("UserData")), err);
}

static bool is_sysmon(str channel)
{
    return str_contains_ci(channel, S("sysmon"));
}

/* EventData of a WindowsEvent row: an object, or text that holds one. */
static enum rc add_event_data(struct gather *g, const struct json *v, struct err *err)
{
    const struct json *parsed;

    if (v->kind == JSON_STRING && str_starts(str_trim(v->s), S("{"))) {
        TRY(json_parse(g->arena, v->s, &parsed, err));
        v = parsed;
    }
    if (v->kind == JSON_OBJECT)
        return add_nested(g, v, err);
    return RC_OK;
}

/* NXLog's EventType says how Windows classed the event; Sysmon has a field of the same name that says what
 * was done. */
static bool is_collectors_type(const struct json_member *m)
{
    static const str CLASSES[] = { STR_INIT("INFO"),     STR_INIT("WARNING"),       STR_INIT("ERROR"),
                                   STR_INIT("DEBUG"),    STR_INIT("AUDIT_SUCCESS"), STR_INIT("AUDIT_FAILURE"),
                                   STR_INIT("CRITICAL"), STR_INIT("VERBOSE") };

    if (!str_eq(m->key, S("EventType")) || m->value.kind != JSON_STRING)
        return false;
    for (size_t i = 0; i < sizeof CLASSES / sizeof *CLASSES; i++) {
        if (str_eq(m->value.s, CLASSES[i]))
            return true;
    }
    return false;
}

static enum rc read_flat(struct gather *g, const struct json *record, struct err *err)
{
    bool sysmon = is_sysmon(json_str(record, S("Channel"), STR_NONE));
    bool is_row = json_get(record, S("TimeGenerated")) != NULL;

    for (uint32_t i = 0; i < record->n; i++) {
        const struct json_member *m = &record->members[i];
        int                       role = role_of(m->key);

        if (role < WINEVENT_PART_COUNT_) {
            if (!g->e->parts[role])
                g->e->parts[role] = &m->value;
            continue;
        }
        if (role == DROP || (role == DROP_OF_SYSMON && sysmon) || (role == DROP_OF_TABLE && is_row) ||
            is_collectors_type(m))
            continue;
        TRY(add_data(g, m->key, m->value, err));
    }
    if (g->e->parts[WINEVENT_EVENT_DATA])
        TRY(add_event_data(g, g->e->parts[WINEVENT_EVENT_DATA], err));
    return RC_OK;
}

/* --- what all shapes share --- */

static str spell_channel(str channel)
{
    static const str KNOWN[] = { STR_INIT("Security"), STR_INIT("System"), STR_INIT("Application") };

    for (size_t i = 0; i < sizeof KNOWN / sizeof *KNOWN; i++) {
        if (str_eq_ci(channel, KNOWN[i]))
            return KNOWN[i];
    }
    return channel;
}

static void settle_time(struct ingest_winevent *e, ts now)
{
    const struct json *utc = ingest_winevent_data(e, S("UtcTime"));

    e->timed = ingest_value_time(e->parts[WINEVENT_TIME_CREATED], &e->time) ||
               ingest_value_time(e->parts[WINEVENT_TIMESTAMP], &e->time) ||
               ingest_value_time(e->parts[WINEVENT_EVENT_TIME], &e->time) || ingest_value_time(utc, &e->time);
    if (!e->timed)
        e->time = now;
}

static enum rc settle(struct gather *g, ts now, struct err *err)
{
    struct ingest_winevent *e = g->e;

    e->data = g->data;
    e->n_data = g->n;
    e->channel = spell_channel(ingest_winevent_part_text(e, WINEVENT_CHANNEL));
    e->id = ingest_value_i64(e->parts[WINEVENT_EVENT_ID], -1);
    if (e->channel.n == 0)
        return err_set(err, RC_INVALID, "the Windows event names no Channel");
    if (e->id < 0 || e->id > INT32_MAX)
        return err_set(err, RC_INVALID, "the Windows event has no EventID that is a number");
    e->sysmon = is_sysmon(e->channel);
    settle_time(e, now);
    return RC_OK;
}

enum rc ingest_winevent_read(struct arena *a, const struct json *record, ts now, struct ingest_winevent *out,
                             struct err *err)
{
    struct gather      g = { .arena = a, .e = out };
    const struct json *event = json_get(record, S("Event"));

    *out = (struct ingest_winevent) { 0 };
    if (json_get(record, S("winlog")))
        TRY(read_winlog(&g, record, err));
    else if (event && json_get(event, S("System")))
        TRY(read_system(&g, event, err));
    else
        TRY(read_flat(&g, record, err));
    return settle(&g, now, err);
}

/* --- XML --- */

static enum rc take_element(void *ctx, const struct ingest_xml_element *x, const str *path, struct err *err)
{
    struct gather *g = ctx;

    if (x->depth < 2)
        return RC_OK;
    if (str_eq(path[x->depth - 1], S("System")) || str_eq(path[x->depth - 1], S("RenderingInfo"))) {
        for (size_t i = 0; i < sizeof SYSTEM_PARTS / sizeof *SYSTEM_PARTS; i++) {
            if (str_eq(x->name, SYSTEM_PARTS[i].element) && !g->e->parts[SYSTEM_PARTS[i].part])
                g->e->parts[SYSTEM_PARTS[i].part] = copy_text(
                    g->arena, SYSTEM_PARTS[i].attribute.n ? ingest_xml_attribute(x, SYSTEM_PARTS[i].attribute)
                                                          : x->text);
        }
        return RC_OK;
    }
    if (str_eq(path[1], S("EventData")) && str_eq(x->name, S("Data"))) {
        str name = ingest_xml_attribute(x, S("Name"));

        return add_data(g, name.n ? name : S("Data"), json_make_str(x->text), err);
    }
    if (str_eq(path[1], S("UserData")) && x->depth > 2)
        return add_data(g, x->name, json_make_str(x->text), err);
    return RC_OK;
}

enum rc ingest_winevent_read_xml(struct arena *a, str xml, ts now, struct ingest_winevent *out,
                                 struct err *err)
{
    struct gather g = { .arena = a, .e = out };
    struct err    broken;
    enum rc       rc;

    *out = (struct ingest_winevent) { 0 };
    rc = ingest_xml_read(a, xml, take_element, &g, &broken);
    /* Syslog daemons cut long messages off: what was whole before the cut is taken, if it tells the event. */
    if (rc != RC_OK && !(rc == RC_SYNTAX && out->parts[WINEVENT_EVENT_ID] && g.n))
        return err_set(err, rc, "%s", broken.text);
    return settle(&g, now, err);
}

/* --- reading it --- */

const struct json *ingest_winevent_data(const struct ingest_winevent *e, str name)
{
    for (uint32_t i = 0; i < e->n_data; i++) {
        if (str_eq(e->data[i].key, name))
            return &e->data[i].value;
    }
    return NULL;
}

str ingest_winevent_text(const struct ingest_winevent *e, str name)
{
    const struct json *v = ingest_winevent_data(e, name);

    return v && v->kind == JSON_STRING ? v->s : STR_NONE;
}

str ingest_winevent_part_text(const struct ingest_winevent *e, enum ingest_winevent_part part)
{
    const struct json *v = e->parts[part];

    return v && v->kind == JSON_STRING ? v->s : STR_NONE;
}

int ingest_winevent_level(const struct ingest_winevent *e, str *name)
{
    static const str NAMES[] = { STR_INIT("Information"), STR_INIT("Critical"),    STR_INIT("Error"),
                                 STR_INIT("Warning"),     STR_INIT("Information"), STR_INIT("Verbose") };
    static const struct {
        str word;
        int level;
    } WORDS[] = { { STR_INIT("CRITICAL"), 1 }, { STR_INIT("ERROR"), 2 },       { STR_INIT("WARNING"), 3 },
                  { STR_INIT("INFO"), 4 },     { STR_INIT("INFORMATION"), 4 }, { STR_INIT("DEBUG"), 5 },
                  { STR_INIT("VERBOSE"), 5 } };
    int64_t n = ingest_value_i64(e->parts[WINEVENT_LEVEL], -1);
    str word = ingest_winevent_part_text(e, e->parts[WINEVENT_LEVEL] ? WINEVENT_LEVEL : WINEVENT_SEVERITY);

    for (size_t i = 0; n < 0 && i < sizeof WORDS / sizeof *WORDS; i++) {
        if (str_eq_ci(word, WORDS[i].word))
            n = WORDS[i].level;
    }
    if (n < 0 || n > 5)
        return 0;
    *name = NAMES[n];
    return n ? (int)n : 4; /* 0 is "log always", which Windows shows as information */
}
