/* SPDX-License-Identifier: Apache-2.0 */
#include "content/content_rule.h"

#include "base/guid.h"
#include "base/hash.h"
#include "base/yaml.h"
#include "content/content_entity.h"
#include "content/content_read.h"
#include "content/content_traits.h"

#define MIN_SPAN MINUTES(5)
#define MAX_SPAN DAYS(14)
#define MAX_SUPPRESSION HOURS(24)

enum { MAX_NAME = 256, MAX_TEXT = 5000, MAX_FORMAT = 5000, MAX_PROPERTIES = 20 };

struct reading {
    struct content_reader r;
    struct content_rule  *rule;
};

static const char *const SEVERITIES[CONTENT_SEVERITY_COUNT_] = { "Informational", "Low", "Medium", "High" };

static const char *const TACTICS[] = {
    "Reconnaissance",
    "ResourceDevelopment",
    "InitialAccess",
    "Execution",
    "Persistence",
    "PrivilegeEscalation",
    "DefenseEvasion",
    "CredentialAccess",
    "Discovery",
    "LateralMovement",
    "Collection",
    "Exfiltration",
    "CommandAndControl",
    "Impact",
    "PreAttack",
    "ImpairProcessControl",
    "InhibitResponseFunction",
};

static const struct {
    const char          *names[2];
    enum content_trigger trigger;
} TRIGGERS[] = {
    { { "gt", "GreaterThan" }, CONTENT_GT },
    { { "lt", "LessThan" }, CONTENT_LT },
    { { "eq", "Equal" }, CONTENT_EQ },
    { { "ne", "NotEqual" }, CONTENT_NE },
};

str content_rule_severity_name(enum content_severity s)
{
    return s < CONTENT_SEVERITY_COUNT_ ? str_of(SEVERITIES[s]) : S("Informational");
}

bool content_rule_severity_parse(str s, enum content_severity *out)
{
    for (int i = 0; i < CONTENT_SEVERITY_COUNT_; i++) {
        if (str_eq_ci(s, str_of(SEVERITIES[i]))) {
            *out = (enum content_severity)i;
            return true;
        }
    }
    return false;
}

bool content_rule_duration_parse(str s, duration *out)
{
    return content_read_duration_text(s, out);
}

/* --- one function a field --- */

static enum rc read_id(struct reading *g, const struct json *v, struct err *err)
{
    guid id;

    TRY(content_read_text(&g->r, v, 64, &g->rule->id, err));
    if (!guid_parse(g->rule->id, &id))
        return content_read_refuse(&g->r, err, "'" STR_FMT "' is no GUID", STR_ARG(g->rule->id));
    char text[GUID_TEXT_SIZE];
    g->rule->id = arena_str(g->r.arena, guid_text(id, text));
    return RC_OK;
}

static enum rc read_name(struct reading *g, const struct json *v, struct err *err)
{
    return content_read_text(&g->r, v, MAX_NAME, &g->rule->name, err);
}

static enum rc read_description(struct reading *g, const struct json *v, struct err *err)
{
    str text;
    TRY(content_read_text(&g->r, v, MAX_TEXT, &text, err));
    /* Sentinel's files put the folded text in quotes of its own. */
    g->rule->description = str_trim(str_trim_chars(str_trim(text), S("'")));
    return RC_OK;
}

static enum rc read_version(struct reading *g, const struct json *v, struct err *err)
{
    return content_read_text(&g->r, v, 40, &g->rule->version, err);
}

static enum rc read_kind(struct reading *g, const struct json *v, struct err *err)
{
    TRY(content_read_text(&g->r, v, 40, &g->rule->kind, err));
    if (!str_eq(g->rule->kind, S("Scheduled")) && !str_eq(g->rule->kind, S("NRT")))
        return content_read_refuse(&g->r, err, "Scheduled or NRT, not '" STR_FMT "'", STR_ARG(g->rule->kind));
    return RC_OK;
}

static enum rc read_enabled(struct reading *g, const struct json *v, struct err *err)
{
    return content_read_bool(&g->r, v, &g->rule->enabled, err);
}

static enum rc read_severity(struct reading *g, const struct json *v, struct err *err)
{
    str text;
    TRY(content_read_text(&g->r, v, 40, &text, err));
    if (!content_rule_severity_parse(text, &g->rule->severity))
        return content_read_refuse(&g->r, err, "High, Medium, Low or Informational, not '" STR_FMT "'",
                                   STR_ARG(text));
    return RC_OK;
}

static enum rc read_span(struct reading *g, const struct json *v, duration *out, struct err *err)
{
    TRY(content_read_duration(&g->r, v, out, err));
    if (*out < MIN_SPAN || *out > MAX_SPAN)
        return content_read_refuse(&g->r, err, "5 minutes to 14 days");
    return RC_OK;
}

static enum rc read_frequency(struct reading *g, const struct json *v, struct err *err)
{
    return read_span(g, v, &g->rule->frequency, err);
}

static enum rc read_period(struct reading *g, const struct json *v, struct err *err)
{
    return read_span(g, v, &g->rule->period, err);
}

static enum rc read_operator(struct reading *g, const struct json *v, struct err *err)
{
    str text;
    TRY(content_read_text(&g->r, v, 40, &text, err));
    for (size_t i = 0; i < sizeof TRIGGERS / sizeof *TRIGGERS; i++) {
        if (str_eq_ci(text, str_of(TRIGGERS[i].names[0])) || str_eq_ci(text, str_of(TRIGGERS[i].names[1]))) {
            g->rule->trigger = TRIGGERS[i].trigger;
            return RC_OK;
        }
    }
    return content_read_refuse(&g->r, err, "gt, lt, eq or ne, not '" STR_FMT "'", STR_ARG(text));
}

static enum rc read_threshold(struct reading *g, const struct json *v, struct err *err)
{
    TRY(content_read_int(&g->r, v, &g->rule->threshold, err));
    if (g->rule->threshold < 0 || g->rule->threshold > 10000)
        return content_read_refuse(&g->r, err, "0 to 10,000, not %lld", (long long)g->rule->threshold);
    return RC_OK;
}

static bool tactic_known(str t)
{
    for (size_t i = 0; i < sizeof TACTICS / sizeof *TACTICS; i++)
        if (str_eq(t, str_of(TACTICS[i])))
            return true;
    return false;
}

static enum rc read_tactics(struct reading *g, const struct json *v, struct err *err)
{
    TRY(content_read_texts(&g->r, v, &g->rule->tactics, &g->rule->n_tactics, err));
    for (size_t i = 0; i < g->rule->n_tactics; i++)
        if (!tactic_known(g->rule->tactics[i]))
            return content_read_refuse(&g->r, err,
                                       "'" STR_FMT "' is no tactic: they are written as in "
                                       "CredentialAccess",
                                       STR_ARG(g->rule->tactics[i]));
    return RC_OK;
}

/* T1110, T1110.001; T0855 of the matrix for industrial systems. */
static bool technique_shaped(str t)
{
    for (size_t i = 1; i < t.n; i++)
        if (i == 5 ? t.p[i] != '.' : t.p[i] < '0' || t.p[i] > '9')
            return false;
    return (t.n == 5 || t.n == 9) && t.p[0] == 'T';
}

static enum rc read_techniques(struct reading *g, const struct json *v, struct err *err)
{
    TRY(content_read_texts(&g->r, v, &g->rule->techniques, &g->rule->n_techniques, err));
    for (size_t i = 0; i < g->rule->n_techniques; i++)
        if (!technique_shaped(g->rule->techniques[i]))
            return content_read_refuse(&g->r, err, "'" STR_FMT "' is no technique: T1110 or T1110.001",
                                       STR_ARG(g->rule->techniques[i]));
    return RC_OK;
}

static enum rc read_query(struct reading *g, const struct json *v, struct err *err)
{
    str text;
    TRY(content_read_text(&g->r, v, CONTENT_RULE_MAX_QUERY, &text, err));
    if (!str_trim(text).n)
        return content_read_refuse(&g->r, err, "1 to %d characters, not 0", CONTENT_RULE_MAX_QUERY);
    struct content_traits t = content_traits_of(text);
    g->rule->query = text;
    g->rule->row_wise = t.row_wise;
    g->rule->uses_now = t.uses_now;
    g->rule->unions = t.unions;
    g->rule->monotone = t.monotone;
    return RC_OK;
}

static enum rc read_identifier(struct reading *g, const struct content_entity *e, const struct json *v,
                               struct content_identifier *out, struct err *err)
{
    str name = json_str(v, S("identifier"), STR_NONE), column = json_str(v, S("columnName"), STR_NONE);

    if (!name.n || !column.n)
        return content_read_refuse(&g->r, err, "a field mapping has identifier and columnName");
    const struct content_entity_field *f = content_entity_field(e, name);
    if (!f)
        return content_read_refuse(&g->r, err, STR_FMT " has no identifier '" STR_FMT "'", STR_ARG(e->name),
                                   STR_ARG(name));
    *out = (struct content_identifier) { f->name, arena_str(g->r.arena, column) };
    return RC_OK;
}

static enum rc read_mapping(struct reading *g, const struct json *v, struct content_mapping *out,
                            struct err *err)
{
    str                          type = json_str(v, S("entityType"), STR_NONE);
    const struct json           *fields = json_get(v, S("fieldMappings"));
    const struct content_entity *e = content_entity_find(type);

    if (!e)
        return content_read_refuse(&g->r, err, "'" STR_FMT "' is no entity type", STR_ARG(type));
    if (!fields || fields->kind != JSON_ARRAY || fields->n < 1 || fields->n > CONTENT_RULE_MAX_IDENTIFIERS)
        return content_read_refuse(&g->r, err, STR_FMT ": 1 to %d fieldMappings", STR_ARG(type),
                                   CONTENT_RULE_MAX_IDENTIFIERS);
    out->type = e->name;
    for (; out->n_ids < fields->n; out->n_ids++)
        TRY(read_identifier(g, e, json_at(fields, out->n_ids), &out->ids[out->n_ids], err));
    return RC_OK;
}

static enum rc read_mappings(struct reading *g, const struct json *v, struct err *err)
{
    if (v->kind == JSON_NULL)
        return RC_OK;
    if (v->kind != JSON_ARRAY)
        return content_read_refuse(&g->r, err, "a list is expected");
    if (v->n > CONTENT_RULE_MAX_MAPPINGS)
        return content_read_refuse(&g->r, err, "at most %d, not %u", CONTENT_RULE_MAX_MAPPINGS, v->n);
    for (size_t i = 0; i < v->n; i++)
        TRY(read_mapping(g, json_at(v, i), &g->rule->mappings[g->rule->n_mappings++], err));
    return RC_OK;
}

static enum rc read_details(struct reading *g, const struct json *v, struct err *err)
{
    if (v->kind == JSON_NULL)
        return RC_OK;
    if (v->kind != JSON_OBJECT)
        return content_read_refuse(&g->r, err, "pairs of key and column are expected");
    if (v->n > CONTENT_RULE_MAX_DETAILS)
        return content_read_refuse(&g->r, err, "at most %d, not %u", CONTENT_RULE_MAX_DETAILS, v->n);
    for (size_t i = 0; i < v->n; i++) {
        struct content_detail *d = &g->rule->details[g->rule->n_details++];
        d->key = arena_str(g->r.arena, v->members[i].key);
        TRY(content_read_text(&g->r, &v->members[i].value, MAX_NAME, &d->column, err));
    }
    return RC_OK;
}

static enum rc read_properties(struct reading *g, const struct json *v, struct err *err)
{
    struct content_override *o = &g->rule->override;

    if (!v || v->kind == JSON_NULL)
        return RC_OK;
    if (v->kind != JSON_ARRAY || v->n > MAX_PROPERTIES)
        return content_read_refuse(&g->r, err, "alertDynamicProperties: a list of at most %d",
                                   MAX_PROPERTIES);
    o->properties = ARENA_ARRAY(g->r.arena, struct content_detail, v->n + 1);
    for (; o->n_properties < v->n; o->n_properties++) {
        const struct json *p = json_at(v, o->n_properties);
        str name = json_str(p, S("alertProperty"), STR_NONE), column = json_str(p, S("value"), STR_NONE);
        if (!name.n || !column.n)
            return content_read_refuse(&g->r, err, "alertDynamicProperties: alertProperty and value");
        o->properties[o->n_properties] =
            (struct content_detail) { arena_str(g->r.arena, name), arena_str(g->r.arena, column) };
    }
    return RC_OK;
}

static enum rc read_override(struct reading *g, const struct json *v, struct err *err)
{
    struct content_override *o = &g->rule->override;
    const struct {
        str    name;
        str   *to;
        size_t max;
    } texts[] = {
        { S("alertDisplayNameFormat"), &o->name_format, MAX_NAME },
        { S("alertDescriptionFormat"), &o->description_format, MAX_FORMAT },
        { S("alertSeverityColumnName"), &o->severity_column, MAX_NAME },
        { S("alertTacticsColumnName"), &o->tactics_column, MAX_NAME },
    };

    if (v->kind == JSON_NULL)
        return RC_OK;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const struct json *t = json_get(v, texts[i].name);
        if (t && t->kind != JSON_NULL)
            TRY(content_read_text(&g->r, t, texts[i].max, texts[i].to, err));
    }
    return read_properties(g, json_get(v, S("alertDynamicProperties")), err);
}

static enum rc read_grouping(struct reading *g, const struct json *v, struct err *err)
{
    str kind = json_str(v, S("aggregationKind"), S("SingleAlert"));

    if (str_eq_ci(kind, S("AlertPerResult")))
        g->rule->grouping = CONTENT_ALERT_PER_RESULT;
    else if (!str_eq_ci(kind, S("SingleAlert")))
        return content_read_refuse(
            &g->r, err, "aggregationKind: SingleAlert or AlertPerResult, not '" STR_FMT "'", STR_ARG(kind));
    return RC_OK;
}

static enum rc read_suppress(struct reading *g, const struct json *v, struct err *err)
{
    return content_read_bool(&g->r, v, &g->rule->suppress, err);
}

static enum rc read_suppression(struct reading *g, const struct json *v, struct err *err)
{
    TRY(content_read_duration(&g->r, v, &g->rule->suppression, err));
    if (g->rule->suppression < MIN_SPAN || g->rule->suppression > MAX_SUPPRESSION)
        return content_read_refuse(&g->r, err, "5 minutes to 24 hours");
    return RC_OK;
}

static enum rc read_incidents(struct reading *g, const struct json *v, struct err *err)
{
    struct content_incidents *i = &g->rule->incidents;
    const struct json        *group = json_get(v, S("groupingConfiguration"));
    const struct json        *lookback = json_get(group, S("lookbackDuration"));

    i->create = json_bool(v, S("createIncident"), true);
    i->grouping = json_bool(group, S("enabled"), true);
    i->reopen_closed = json_bool(group, S("reopenClosedIncident"), false);
    i->matching = arena_str(g->r.arena, json_str(group, S("matchingMethod"), S("AnyEntity")));
    if (lookback && lookback->kind != JSON_NULL) {
        TRY(content_read_duration(&g->r, lookback, &i->lookback, err));
        if (i->lookback < MIN_SPAN || i->lookback > DAYS(7))
            return content_read_refuse(&g->r, err, "lookbackDuration: 5 minutes to 7 days");
    }
    return RC_OK;
}

static enum rc read_connectors(struct reading *g, const struct json *v, struct err *err)
{
    AUTO_STRBUF text = STRBUF_INIT(CONTENT_RULE_MAX_BYTES);

    json_print(&text, v, 0);
    TRY(strbuf_ok(&text, "requiredDataConnectors", err));
    g->rule->connectors = arena_str(g->r.arena, strbuf_view(&text));
    return RC_OK;
}

/* Carried by Sentinel's files, of no meaning to a run. */
static enum rc read_nothing(struct reading *g, const struct json *v, struct err *err)
{
    (void)g;
    (void)v;
    (void)err;
    return RC_OK;
}

enum need { OPTIONAL, SCHEDULED, ALWAYS }; /* SCHEDULED: by rules of that kind */

static const struct {
    const char *name;
    enum rc (*read)(struct reading *g, const struct json *v, struct err *err);
    enum need need;
} FIELDS[] = {
    { "id", read_id, ALWAYS },
    { "name", read_name, ALWAYS },
    { "description", read_description, OPTIONAL },
    { "version", read_version, OPTIONAL },
    { "kind", read_kind, OPTIONAL },
    { "enabled", read_enabled, OPTIONAL },
    { "severity", read_severity, ALWAYS },
    { "requiredDataConnectors", read_connectors, OPTIONAL },
    { "queryFrequency", read_frequency, SCHEDULED },
    { "queryPeriod", read_period, SCHEDULED },
    { "triggerOperator", read_operator, SCHEDULED },
    { "triggerThreshold", read_threshold, SCHEDULED },
    { "tactics", read_tactics, OPTIONAL },
    { "relevantTechniques", read_techniques, OPTIONAL },
    { "techniques", read_techniques, OPTIONAL },
    { "query", read_query, ALWAYS },
    { "entityMappings", read_mappings, OPTIONAL },
    { "customDetails", read_details, OPTIONAL },
    { "alertDetailsOverride", read_override, OPTIONAL },
    { "eventGroupingSettings", read_grouping, OPTIONAL },
    { "suppressionEnabled", read_suppress, OPTIONAL },
    { "suppressionDuration", read_suppression, OPTIONAL },
    { "incidentConfiguration", read_incidents, OPTIONAL },
    { "sentinelEntitiesMappings", read_nothing, OPTIONAL },
    { "status", read_nothing, OPTIONAL },
    { "tags", read_nothing, OPTIONAL },
    { "metadata", read_nothing, OPTIONAL },
    { "alertRuleTemplateName", read_nothing, OPTIONAL },
    { "subTechniques", read_nothing, OPTIONAL },
};

enum { N_FIELDS = sizeof FIELDS / sizeof *FIELDS };

static size_t field_find(str name)
{
    for (size_t i = 0; i < N_FIELDS; i++)
        if (str_eq(name, str_of(FIELDS[i].name)))
            return i;
    return N_FIELDS;
}

static enum rc read_fields(struct reading *g, const struct json *doc, struct err *err)
{
    for (size_t i = 0; i < doc->n; i++) {
        size_t f = field_find(doc->members[i].key);
        g->r.field = doc->members[i].key;
        if (f == N_FIELDS)
            return content_read_refuse(&g->r, err, "no such field");
        TRY(FIELDS[f].read(g, &doc->members[i].value, err));
    }
    g->r.field = STR_NONE;
    return RC_OK;
}

static enum rc check_whole(struct reading *g, const struct json *doc, struct err *err)
{
    const struct content_rule *rule = g->rule;
    bool                       scheduled = str_eq(rule->kind, S("Scheduled"));

    for (size_t i = 0; i < N_FIELDS; i++)
        if ((FIELDS[i].need == ALWAYS || (FIELDS[i].need == SCHEDULED && scheduled)) &&
            !json_get(doc, str_of(FIELDS[i].name)))
            return content_read_refuse(&g->r, err, "the field %s is missing", FIELDS[i].name);
    g->r.field = S("queryFrequency");
    if (rule->frequency > rule->period)
        return content_read_refuse(&g->r, err,
                                   "above queryPeriod: rows between two runs would never be seen");
    g->r.field = S("suppressionDuration");
    if (rule->suppress && !rule->suppression)
        return content_read_refuse(&g->r, err, "needed with suppressionEnabled");
    return RC_OK;
}

static str digest(struct arena *a, str bytes)
{
    char               hex[65];
    struct hash_sha256 h = hash_sha256(bytes);

    hash_hex(h.bytes, sizeof h.bytes, hex);
    return arena_str(a, str_of(hex));
}

enum rc content_rule_read(struct arena *a, str file, str yaml, struct content_rule *out, struct err *err)
{
    const struct json  *doc;
    struct content_rule rule = {
        .kind = S("Scheduled"),
        .version = S("1.0.0"),
        .enabled = true,
        .frequency = MIN_SPAN, /* an NRT rule names neither */
        .period = HOURS(1),
        .incidents = { .create = true, .grouping = true, .lookback = HOURS(5), .matching = S("AnyEntity") },
        .file = arena_str(a, file),
        .text = arena_str(a, yaml),
        .hash = digest(a, yaml),
    };
    struct reading g = { .r = { .arena = a, .file = rule.file, .text = yaml }, .rule = &rule };

    if (yaml.n > CONTENT_RULE_MAX_BYTES)
        return err_set(err, RC_LIMIT, STR_FMT ": a rule has at most %d bytes, not %zu", STR_ARG(file),
                       CONTENT_RULE_MAX_BYTES, yaml.n);
    if (yaml_parse(a, yaml, &doc, err) != RC_OK)
        return err_wrap(err, STR_FMT, STR_ARG(file));
    if (doc->kind != JSON_OBJECT)
        return content_read_refuse(&g.r, err, "a rule is a mapping of fields");
    TRY(read_fields(&g, doc, err));
    TRY(check_whole(&g, doc, err));
    *out = rule;
    return RC_OK;
}
