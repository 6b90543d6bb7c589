/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/incident_render.h"

#include "content/content_entity.h"

enum { MAX_TEXT = 1 << 20, MAX_LINK = 1024 };

/* --- what all four share --- */

static str portal_link(char *buf, size_t size, const struct incident_json_scope *scope, str id)
{
    int n = snprintf(buf, size, STR_FMT "/alerts/" STR_FMT, STR_ARG(scope->portal), STR_ARG(id));
    return str_make(buf, n > 0 && (size_t)n < size ? (size_t)n : 0);
}

/* alertDynamicProperties of the rule hold what ARM has fields for: RemediationSteps, ExtendedLinks. */
static const struct json *properties_of(struct arena *a, const struct alert *r)
{
    const struct json *doc;
    struct err         none;

    return r->properties.n && json_parse(a, r->properties, &doc, &none) == RC_OK ? doc : NULL;
}

static void add_steps(struct json_w *w, str key, const struct json *props)
{
    const struct json *v = json_get(props, S("RemediationSteps"));

    json_w_key(w, key);
    json_w_array(w);
    if (v && v->kind == JSON_STRING && v->s.n)
        json_w_str(w, v->s);
    for (size_t i = 0; v && v->kind == JSON_ARRAY && i < v->n; i++)
        if (json_at(v, i)->kind == JSON_STRING)
            json_w_str(w, json_at(v, i)->s);
    json_w_end(w);
}

/* Why the alert is as severe as it says. */
static void add_reasons(struct json_w *w, const struct incident_alert *a)
{
    AUTO_STRBUF text = STRBUF_INIT(MAX_LINK);

    strbuf_addf(&text, "rule '" STR_FMT "' rates what it found " STR_FMT, STR_ARG(a->alert.rule_name),
                STR_ARG(content_rule_severity_name(a->alert.severity)));
    json_w_key(w, S("severityReasons"));
    json_w_array(w);
    json_w_str(w, strbuf_view(&text));
    if (a->n_rows > 1) {
        strbuf_clear(&text);
        strbuf_addf(&text, "%lld result rows", (long long)a->n_rows);
        json_w_str(w, strbuf_view(&text));
    }
    json_w_end(w);
}

str incident_render_lower(struct arena *a, str word)
{
    str   copy = arena_str(a, word);
    char *p = (char *)(uintptr_t)copy.p; /* our own copy */

    for (size_t i = 0; i < copy.n; i++)
        if (p[i] >= 'A' && p[i] <= 'Z')
            p[i] = (char)(p[i] + 32);
    return copy;
}

/* --- SecurityAlert --- */

/* SecurityAlert keeps lists as text. */
static void add_texts_as_text(struct json_w *w, str key, const str *list, size_t n, bool joined)
{
    AUTO_STRBUF   text = STRBUF_INIT(MAX_TEXT);
    struct json_w inner = json_w_make(&text);

    if (!joined) {
        json_w_array(&inner);
        for (size_t i = 0; i < n; i++)
            json_w_str(&inner, list[i]);
        json_w_end(&inner);
    }
    for (size_t i = 0; joined && i < n; i++) {
        strbuf_addz(&text, i ? ", " : "");
        strbuf_add(&text, list[i]);
    }
    json_w_kstr(w, key, strbuf_view(&text));
}

static void add_properties(struct json_w *w, const struct incident_alert *a)
{
    const struct alert *r = &a->alert;
    AUTO_STRBUF         text = STRBUF_INIT(MAX_TEXT);
    struct json_w       inner = json_w_make(&text);

    json_w_object(&inner);
    json_w_kstr(&inner, S("Analytic Rule Name"), r->rule_name);
    add_texts_as_text(&inner, S("Analytic Rule Ids"), &r->rule_id, 1, false);
    json_w_kstr(&inner, S("Query"), r->query);
    json_w_ktime_known(&inner, S("Query Start Time UTC"), r->window_from);
    json_w_ktime_known(&inner, S("Query End Time UTC"), r->window_to);
    json_w_ki64(&inner, S("Search Query Results Overall Count"), a->n_rows);
    json_w_kstr(&inner, S("Custom Details"), r->details);
    json_w_end(&inner);
    json_w_kstr(w, S("ExtendedProperties"), strbuf_view(&text));
}

void incident_render_log(struct json_w *w, const struct incident_json_scope *scope,
                         const struct incident_alert *a)
{
    const struct alert *r = &a->alert;
    AUTO(arena) scratch = arena_new(8 << 20);
    AUTO_STRBUF   steps = STRBUF_INIT(MAX_TEXT);
    struct json_w inner = json_w_make(&steps);
    char          link[MAX_LINK];

    json_w_object(&inner);
    add_steps(&inner, S("s"), properties_of(scratch, r));
    json_w_end(&inner);
    json_w_object(w);
    json_w_ktime_known(w, S("TimeGenerated"), a->updated);
    json_w_kstr(w, S("SystemAlertId"), r->id);
    json_w_kstr(w, S("VendorOriginalId"), r->id);
    json_w_kstr(w, S("DisplayName"), r->display_name);
    json_w_kstr(w, S("AlertName"), r->display_name);
    json_w_kstr(w, S("AlertType"), r->rule_id);
    json_w_kstr(w, S("AlertSeverity"), content_rule_severity_name(r->severity));
    json_w_kstr(w, S("Description"), r->description);
    json_w_kstr(w, S("ProviderName"), r->provider);
    json_w_kstr(w, S("VendorName"), r->vendor);
    json_w_kstr(w, S("ProductName"), r->product);
    json_w_kstr(w, S("ProductComponentName"), r->component);
    json_w_ktime_known(w, S("StartTime"), r->start);
    json_w_ktime_known(w, S("EndTime"), r->end);
    json_w_ktime_known(w, S("ProcessingEndTime"), a->updated);
    json_w_kstr(w, S("CompromisedEntity"), r->compromised);
    json_w_kstr(w, S("AlertLink"), portal_link(link, sizeof link, scope, r->id));
    json_w_kstr(w, S("RemediationSteps"), str_slice(strbuf_view(&steps), sizeof "{\"s\":" - 1, steps.n - 1));
    json_w_kstr(w, S("Entities"), r->entities);
    add_properties(w, a);
    add_texts_as_text(w, S("Tactics"), r->tactics, r->n_tactics, true);
    add_texts_as_text(w, S("Techniques"), r->techniques, r->n_techniques, false);
    json_w_kbool(w, S("IsIncident"), false);
    json_w_kstr(w, S("Status"), a->status);
    json_w_kstr(w, S("WorkspaceSubscriptionId"), scope->subscription);
    json_w_kstr(w, S("WorkspaceResourceGroup"), scope->group);
    json_w_end(w);
}

/* --- ARM --- */

/* Each thing with its properties in ARM's names, and its type, which clients read first. */
static void add_arm_entities(struct json_w *w, struct arena *scratch, const struct alert *r)
{
    const struct json *list;
    struct err         none;

    json_w_key(w, S("entities"));
    json_w_array(w);
    if (json_parse(scratch, r->entities, &list, &none) != RC_OK)
        list = NULL;
    for (size_t i = 0; list && list->kind == JSON_ARRAY && i < list->n; i++) {
        const struct json           *e = json_at(list, i);
        const struct content_entity *type = content_entity_of_type(json_str(e, S("Type"), S("")));
        if (!type)
            continue;
        json_w_object(w);
        json_w_kstr(w, S("$id"), json_str(e, S("$id"), S("")));
        for (const struct content_entity_field *f = type->fields; f->name.n; f++)
            if (f->arm.n && json_get(e, f->name))
                json_w_kstr(w, f->arm, json_str(e, f->name, S("")));
        json_w_kstr(w, S("type"), type->type);
        json_w_end(w);
    }
    json_w_end(w);
}

static void add_arm_properties(struct json_w *w, const struct incident_alert *a)
{
    char count[24];

    (void)snprintf(count, sizeof count, "%lld", (long long)a->n_rows);
    json_w_key(w, S("extendedProperties"));
    json_w_object(w);
    json_w_kstr(w, S("Analytic Rule Name"), a->alert.rule_name);
    json_w_kstr(w, S("Query"), a->alert.query);
    json_w_kstr(w, S("Search Query Results Overall Count"), str_of(count));
    json_w_kstr(w, S("Custom Details"), a->alert.details);
    if (a->suppressed_by.n)
        json_w_kstr(w, S("Suppression Rule"), a->suppressed_by);
    json_w_end(w);
}

/* ARM knows Active where others say New. */
static str arm_status(str status)
{
    return str_eq(status, S("New")) ? S("Active") : status;
}

void incident_render_arm(struct json_w *w, const struct incident_json_scope *scope,
                         const struct incident_alert *a)
{
    const struct alert *r = &a->alert;
    AUTO(arena) scratch = arena_new(32 << 20);
    char link[MAX_LINK];
    str  id = arena_printf(scratch,
                           "/subscriptions/" STR_FMT "/resourceGroups/" STR_FMT
                           "/providers/Microsoft.Security/locations/local/alerts/" STR_FMT,
                           STR_ARG(scope->subscription), STR_ARG(scope->group), STR_ARG(r->id));

    json_w_object(w);
    json_w_kstr(w, S("id"), id);
    json_w_kstr(w, S("name"), r->id);
    json_w_kstr(w, S("type"), S("Microsoft.Security/Locations/alerts"));
    json_w_key(w, S("properties"));
    json_w_object(w);
    json_w_kstr(w, S("version"), S("2022-01-01"));
    json_w_kstr(w, S("alertType"), r->rule_id);
    json_w_kstr(w, S("systemAlertId"), r->id);
    json_w_kstr(w, S("productComponentName"), r->component);
    json_w_kstr(w, S("alertDisplayName"), r->display_name);
    json_w_kstr(w, S("description"), r->description);
    json_w_kstr(w, S("severity"), content_rule_severity_name(r->severity));
    add_reasons(w, a);
    json_w_kstr(w, S("intent"), incident_json_intent(r));
    json_w_ktime_known(w, S("startTimeUtc"), r->start);
    json_w_ktime_known(w, S("endTimeUtc"), r->end);
    json_w_ktime_known(w, S("timeGeneratedUtc"), r->generated);
    json_w_ktime_known(w, S("processingEndTimeUtc"), a->updated);
    json_w_key(w, S("resourceIdentifiers"));
    json_w_array(w);
    json_w_object(w);
    json_w_kstr(w, S("type"), S("LogAnalytics"));
    json_w_kstr(w, S("workspaceSubscriptionId"), scope->subscription);
    json_w_kstr(w, S("workspaceResourceGroup"), scope->group);
    json_w_end(w);
    json_w_end(w);
    add_steps(w, S("remediationSteps"), properties_of(scratch, r));
    json_w_kstr(w, S("vendorName"), r->vendor);
    json_w_kstr(w, S("productName"), r->product);
    json_w_kstr(w, S("status"), arm_status(a->status));
    json_w_kstr(w, S("alertUri"), portal_link(link, sizeof link, scope, r->id));
    json_w_kstr(w, S("compromisedEntity"), r->compromised);
    json_w_kbool(w, S("isIncident"), false);
    json_w_kstr(w, S("correlationKey"), a->incident);
    if (a->incident_number)
        json_w_ki64(w, S("incidentNumber"), a->incident_number); /* ours */
    json_w_kstrs(w, S("techniques"), r->techniques, r->n_techniques);
    json_w_kstrs(w, S("tactics"), r->tactics, r->n_tactics); /* ours: intent names one alone */
    add_arm_entities(w, scratch, r);
    add_arm_properties(w, a);
    json_w_end(w);
    json_w_end(w);
}

/* --- Graph --- */

static const char *const GRAPH_STATUS[][2] = {
    { "New", "new" },
    { "InProgress", "inProgress" },
    { "Resolved", "resolved" },
    { "Dismissed", "resolved" },
};

static const char *const GRAPH_CLASSIFICATION[][2] = {
    { "TruePositive", "truePositive" },
    { "BenignPositive", "informationalExpectedActivity" },
    { "FalsePositive", "falsePositive" },
    { "Undetermined", "unknown" },
};

static str translate(const char *const table[][2], size_t n, str word, int from)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq_ci(word, str_of(table[i][from])))
            return str_of(table[i][1 - from]);
    return STR_NONE;
}

#define TRANSLATE(table, word, from) translate((table), sizeof(table) / sizeof *(table), (word), (from))

str incident_render_graph_status(str status)
{
    return TRANSLATE(GRAPH_STATUS, status, 0);
}

str incident_render_graph_classification(str arm)
{
    return TRANSLATE(GRAPH_CLASSIFICATION, arm, 0);
}

str incident_render_arm_classification(str graph)
{
    return TRANSLATE(GRAPH_CLASSIFICATION, graph, 1);
}

/* What Graph calls each type of thing, and where its properties go. */
static const struct graph_evidence {
    const char *type, *evidence, *inner; /* inner: the object that holds the properties; NULL: the evidence */
    const char *fields[6][2];            /* ours, Graph's */
} EVIDENCE[] = {
    { "Account",
      "userEvidence",
      "userAccount",
      { { "Name", "accountName" },
        { "NTDomain", "domainName" },
        { "Sid", "userSid" },
        { "AadUserId", "azureAdUserId" },
        { "DisplayName", "displayName" },
        { "CloudAppAccountId", "resourceId" } } },
    { "AzureResource", "azureResourceEvidence", NULL, { { "ResourceId", "resourceId" } } },
    { "CloudApplication",
      "cloudApplicationEvidence",
      NULL,
      { { "Name", "displayName" }, { "AppId", "appId" }, { "InstanceName", "instanceName" } } },
    { "DNS", "dnsEvidence", NULL, { { "DomainName", "domainName" } } },
    { "File", "fileEvidence", "fileDetails", { { "Name", "fileName" }, { "Directory", "filePath" } } },
    { "FileHash", "fileHashEvidence", NULL, { { "Algorithm", "algorithm" }, { "Value", "value" } } },
    { "Host",
      "deviceEvidence",
      NULL,
      { { "HostName", "hostName" },
        { "DnsDomain", "dnsDomain" },
        { "NTDomain", "ntDomain" },
        { "OSFamily", "osPlatform" },
        { "AzureID", "azureResourceId" } } },
    { "IoTDevice",
      "iotDeviceEvidence",
      NULL,
      { { "DeviceId", "deviceId" },
        { "DeviceName", "deviceName" },
        { "Manufacturer", "manufacturer" },
        { "Model", "model" },
        { "MacAddress", "macAddress" } } },
    { "IP", "ipEvidence", NULL, { { "Address", "ipAddress" } } },
    { "MailCluster", "mailClusterEvidence", NULL, { { "Query", "query" }, { "MailCount", "emailCount" } } },
    { "MailMessage",
      "analyzedMessageEvidence",
      NULL,
      { { "Recipient", "recipientEmailAddress" },
        { "Subject", "subject" },
        { "NetworkMessageId", "networkMessageId" },
        { "SenderIP", "senderIp" } } },
    { "Mailbox",
      "mailboxEvidence",
      NULL,
      { { "MailboxPrimaryAddress", "primaryAddress" }, { "DisplayName", "displayName" }, { "Upn", "upn" } } },
    { "Malware", "malwareEvidence", NULL, { { "Name", "name" }, { "Category", "category" } } },
    { "Process",
      "processEvidence",
      NULL,
      { { "CommandLine", "processCommandLine" },
        { "ProcessId", "processIdText" },
        { "CreationTimeUtc", "processCreationDateTime" } } },
    { "RegistryKey", "registryKeyEvidence", NULL, { { "Key", "registryKey" }, { "Hive", "registryHive" } } },
    { "RegistryValue",
      "registryValueEvidence",
      NULL,
      { { "Name", "registryValueName" },
        { "Value", "registryValue" },
        { "ValueType", "registryValueType" } } },
    { "SecurityGroup",
      "securityGroupEvidence",
      NULL,
      { { "DistinguishedName", "displayName" }, { "SID", "sid" }, { "ObjectGuid", "securityGroupId" } } },
    { "SubmissionMail",
      "submissionMailEvidence",
      NULL,
      { { "NetworkMessageId", "networkMessageId" },
        { "Recipient", "recipient" },
        { "Subject", "subject" },
        { "Submitter", "submitter" },
        { "SubmissionId", "submissionId" } } },
    { "URL", "urlEvidence", NULL, { { "Url", "url" } } },
};

static const struct graph_evidence *evidence_of(str type)
{
    for (size_t i = 0; i < sizeof EVIDENCE / sizeof *EVIDENCE; i++)
        if (str_eq(type, str_of(EVIDENCE[i].type)))
            return &EVIDENCE[i];
    return NULL;
}

static void add_evidence(struct json_w *w, const struct json *e, ts created)
{
    const struct content_entity *type = content_entity_of_type(json_str(e, S("Type"), S("")));
    const struct graph_evidence *g = type ? evidence_of(type->name) : NULL;
    char                         odata[128];

    if (!g)
        return;
    (void)snprintf(odata, sizeof odata, "#microsoft.graph.security.%s", g->evidence);
    json_w_object(w);
    json_w_kstr(w, S("@odata.type"), str_of(odata));
    json_w_ktime(w, S("createdDateTime"), created);
    json_w_kstr(w, S("verdict"), S("suspicious"));
    json_w_kstr(w, S("remediationStatus"), S("none"));
    json_w_kstrs(w, S("roles"), NULL, 0);
    json_w_kstrs(w, S("tags"), NULL, 0);
    if (g->inner) {
        json_w_key(w, str_of(g->inner));
        json_w_object(w);
    }
    for (size_t i = 0; i < 6 && g->fields[i][0]; i++)
        if (json_get(e, str_of(g->fields[i][0])))
            json_w_kstr(w, str_of(g->fields[i][1]), json_str(e, str_of(g->fields[i][0]), S("")));
    if (str_eq(type->name, S("Account")) && json_get(e, S("UPNSuffix"))) {
        AUTO_STRBUF upn = STRBUF_INIT(MAX_LINK);
        strbuf_addf(&upn, STR_FMT "@" STR_FMT, STR_ARG(json_str(e, S("Name"), S(""))),
                    STR_ARG(json_str(e, S("UPNSuffix"), S(""))));
        json_w_kstr(w, S("userPrincipalName"), strbuf_view(&upn));
    }
    if (g->inner)
        json_w_end(w);
    json_w_end(w);
}

static void add_all_evidence(struct json_w *w, struct arena *scratch, const struct alert *r)
{
    const struct json *list;
    struct err         none;

    json_w_key(w, S("evidence"));
    json_w_array(w);
    if (json_parse(scratch, r->entities, &list, &none) == RC_OK)
        for (size_t i = 0; list->kind == JSON_ARRAY && i < list->n; i++)
            add_evidence(w, json_at(list, i), r->generated);
    json_w_end(w);
}

static void add_or_null(struct json_w *w, str key, str v)
{
    json_w_key(w, key);
    if (v.n)
        json_w_str(w, v);
    else
        json_w_null(w);
}

static void add_details(struct json_w *w, struct arena *scratch, const struct alert *r)
{
    const struct json *doc;
    struct err         none;

    json_w_key(w, S("customDetails"));
    if (r->details.n && json_parse(scratch, r->details, &doc, &none) == RC_OK)
        json_w_tree(w, doc);
    else
        json_w_null(w);
}

void incident_render_graph(struct json_w *w, const struct incident_json_scope *scope,
                           const struct incident_alert *a)
{
    const struct alert *r = &a->alert;
    AUTO(arena) scratch = arena_new(32 << 20);
    char link[MAX_LINK];
    bool resolved = str_eq(incident_render_graph_status(a->status), S("resolved"));

    json_w_kstr(w, S("id"), r->id);
    json_w_kstr(w, S("providerAlertId"), r->id);
    json_w_kstr(w, S("title"), r->display_name);
    json_w_kstr(w, S("description"), r->description);
    json_w_kstr(w, S("severity"), incident_render_lower(scratch, content_rule_severity_name(r->severity)));
    json_w_kstr(w, S("status"), incident_render_graph_status(a->status));
    add_or_null(w, S("classification"), a->classification);
    add_or_null(w, S("determination"), a->determination);
    add_or_null(w, S("assignedTo"), a->assigned);
    add_or_null(w, S("category"), r->n_tactics ? r->tactics[0] : STR_NONE);
    json_w_kstrs(w, S("mitreTechniques"), r->techniques, r->n_techniques);
    json_w_kstr(w, S("serviceSource"), S("unknownFutureValue"));
    json_w_kstr(w, S("detectionSource"), S("customDetection"));
    json_w_kstr(w, S("detectorId"), r->rule_id);
    add_or_null(w, S("productName"), r->product);
    json_w_ktime(w, S("createdDateTime"), r->generated);
    json_w_ktime(w, S("firstActivityDateTime"), r->start);
    json_w_ktime(w, S("lastActivityDateTime"), r->end);
    json_w_ktime(w, S("lastUpdateDateTime"), a->updated);
    json_w_ktime(w, S("resolvedDateTime"), resolved ? a->updated : 0);
    add_or_null(w, S("incidentId"),
                a->incident_number ? arena_printf(scratch, "%lld", (long long)a->incident_number) : STR_NONE);
    add_or_null(w, S("incidentWebUrl"),
                a->incident_number ? arena_printf(scratch, STR_FMT "/incidents/%lld", STR_ARG(scope->portal),
                                                  (long long)a->incident_number)
                                   : STR_NONE);
    json_w_kstr(w, S("alertWebUrl"), portal_link(link, sizeof link, scope, r->id));
    json_w_kstrs(w, S("systemTags"), NULL, 0);
    add_details(w, scratch, r);
    add_all_evidence(w, scratch, r);
}

/* --- OCSF --- */

static int64_t ocsf_time(ts t)
{
    return t / (TS_PER_SECOND / 1000);
}

static int64_t ocsf_status(str status)
{
    static const struct {
        const char *status;
        int64_t     id;
    } ids[] = { { "New", 1 }, { "InProgress", 2 }, { "Dismissed", 3 }, { "Resolved", 4 } };

    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        if (str_eq(status, str_of(ids[i].status)))
            return ids[i].id;
    return 0;
}

/* Observables: type_id by what they are. */
static const struct {
    const char *type, *field, *name;
    int         type_id;
} OBSERVABLES[] = {
    { "Host", "HostName", "device.hostname", 1 },    { "IP", "Address", "src_endpoint.ip", 2 },
    { "Account", "Name", "actor.user.name", 4 },     { "Mailbox", "MailboxPrimaryAddress", "email.to", 5 },
    { "URL", "Url", "url.url_string", 6 },           { "File", "Name", "file.name", 7 },
    { "FileHash", "Value", "file.hashes.value", 8 }, { "Process", "CommandLine", "process.cmd_line", 13 },
    { "DNS", "DomainName", "query.hostname", 1 },    { "AzureResource", "ResourceId", "resource.uid", 10 },
};

static void add_observables(struct json_w *w, struct arena *scratch, const struct alert *r)
{
    const struct json *list;
    struct err         none;

    json_w_key(w, S("observables"));
    json_w_array(w);
    if (json_parse(scratch, r->entities, &list, &none) != RC_OK)
        list = NULL;
    for (size_t i = 0; list && list->kind == JSON_ARRAY && i < list->n; i++) {
        const struct content_entity *type =
            content_entity_of_type(json_str(json_at(list, i), S("Type"), S("")));
        for (size_t k = 0; type && k < sizeof OBSERVABLES / sizeof *OBSERVABLES; k++) {
            str v = json_str(json_at(list, i), str_of(OBSERVABLES[k].field), S(""));
            if (!str_eq(type->name, str_of(OBSERVABLES[k].type)) || !v.n)
                continue;
            json_w_object(w);
            json_w_kstr(w, S("name"), str_of(OBSERVABLES[k].name));
            json_w_ki64(w, S("type_id"), OBSERVABLES[k].type_id);
            json_w_kstr(w, S("value"), v);
            json_w_end(w);
        }
    }
    json_w_end(w);
}

static void add_attacks(struct json_w *w, const struct alert *r)
{
    json_w_key(w, S("attacks"));
    json_w_array(w);
    for (size_t i = 0; i < r->n_tactics || i < r->n_techniques; i++) {
        json_w_object(w);
        if (i < r->n_tactics) {
            json_w_key(w, S("tactic"));
            json_w_object(w);
            json_w_kstr(w, S("name"), r->tactics[i]);
            json_w_end(w);
        }
        if (i < r->n_techniques) {
            json_w_key(w, S("technique"));
            json_w_object(w);
            json_w_kstr(w, S("uid"), r->techniques[i]);
            json_w_end(w);
        }
        json_w_end(w);
    }
    json_w_end(w);
}

static void add_finding(struct json_w *w, const struct incident_json_scope *scope, const struct alert *r)
{
    char link[MAX_LINK];

    json_w_key(w, S("finding_info"));
    json_w_object(w);
    json_w_kstr(w, S("uid"), r->id);
    json_w_kstr(w, S("title"), r->display_name);
    json_w_kstr(w, S("desc"), r->description);
    json_w_kstr(w, S("src_url"), portal_link(link, sizeof link, scope, r->id));
    json_w_ki64(w, S("created_time"), ocsf_time(r->generated));
    json_w_ki64(w, S("first_seen_time"), ocsf_time(r->start));
    json_w_ki64(w, S("last_seen_time"), ocsf_time(r->end));
    json_w_key(w, S("analytic"));
    json_w_object(w);
    json_w_kstr(w, S("uid"), r->rule_id);
    json_w_kstr(w, S("name"), r->rule_name);
    json_w_kstr(w, S("version"), r->rule_version);
    json_w_kstr(w, S("type"), S("Rule"));
    json_w_ki64(w, S("type_id"), 1);
    json_w_end(w);
    add_attacks(w, r);
    json_w_end(w);
}

void incident_render_ocsf(struct json_w *w, const struct incident_json_scope *scope,
                          const struct incident_alert *a)
{
    static const int64_t severity[CONTENT_SEVERITY_COUNT_] = {
        [CONTENT_INFORMATIONAL] = 1, [CONTENT_LOW] = 2, [CONTENT_MEDIUM] = 3, [CONTENT_HIGH] = 4
    };
    const struct alert *r = &a->alert;
    AUTO(arena) scratch = arena_new(32 << 20);
    int64_t activity = ocsf_status(a->status) >= 3 ? 3 : a->updated > r->generated ? 2 : 1;

    json_w_object(w);
    json_w_ki64(w, S("category_uid"), 2);
    json_w_kstr(w, S("category_name"), S("Findings"));
    json_w_ki64(w, S("class_uid"), 2004);
    json_w_kstr(w, S("class_name"), S("Detection Finding"));
    json_w_ki64(w, S("activity_id"), activity);
    json_w_ki64(w, S("type_uid"), 200400 + activity);
    json_w_ki64(w, S("time"), ocsf_time(a->updated));
    json_w_ki64(w, S("severity_id"), r->severity < CONTENT_SEVERITY_COUNT_ ? severity[r->severity] : 0);
    json_w_kstr(w, S("severity"), content_rule_severity_name(r->severity));
    json_w_ki64(w, S("status_id"), ocsf_status(a->status));
    json_w_kstr(w, S("status"), a->status);
    json_w_ki64(w, S("count"), a->n_rows);
    json_w_kbool(w, S("is_alert"), true);
    json_w_kstr(w, S("message"), r->display_name);
    json_w_key(w, S("metadata"));
    json_w_object(w);
    json_w_kstr(w, S("version"), S("1.3.0"));
    json_w_kstr(w, S("uid"), r->id);
    json_w_key(w, S("product"));
    json_w_object(w);
    json_w_kstr(w, S("name"), r->product);
    json_w_kstr(w, S("vendor_name"), r->vendor);
    json_w_end(w);
    json_w_end(w);
    add_finding(w, scope, r);
    add_observables(w, scratch, r);
    json_w_end(w);
}
