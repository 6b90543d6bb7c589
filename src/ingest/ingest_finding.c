/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest_finding.h"

#include "base/strbuf.h"
#include "ingest/ingest_value.h"

enum { MAX_TEXT = 64 * 1024, MAX_THINGS = 100, OCSF_SECURITY = 2001, OCSF_DETECTION = 2004 };

/* --- things, in SecurityAlert's form --- */

struct things {
    struct json_w w;
    unsigned      n;
};

struct field {
    const char *name;
    str         value;
};

/* One thing of up to four identifiers; without a value it is none. */
static void add_thing(struct things *t, const char *type, const struct field *fields, size_t n)
{
    char   id[16];
    size_t said = 0;

    for (size_t i = 0; i < n; i++)
        said += fields[i].value.n > 0;
    if (!said || t->n >= MAX_THINGS)
        return;
    (void)snprintf(id, sizeof id, "%u", ++t->n);
    json_w_object(&t->w);
    json_w_kstr(&t->w, S("$id"), str_of(id));
    for (size_t i = 0; i < n; i++)
        if (fields[i].value.n)
            json_w_kstr(&t->w, str_of(fields[i].name), fields[i].value);
    json_w_kstr(&t->w, S("Type"), str_of(type));
    json_w_end(&t->w);
}

#define THING(t, type, ...)                                                                                  \
    add_thing(t, type, (const struct field[]) { __VA_ARGS__ },                                               \
              sizeof((const struct field[]) { __VA_ARGS__ }) / sizeof(struct field))

static str at(const struct json *j, const char *path)
{
    const struct json *v = json_path(j, str_of(path));
    return v && v->kind == JSON_STRING ? v->s : STR_NONE;
}

/* --- Graph --- */

static void graph_thing(struct things *t, const struct json *e)
{
    str type = json_str(e, S("@odata.type"), STR_NONE); /* its dot is no step */

    if (json_get(e, S("deviceDnsName")))
        THING(t, "host", { "HostName", at(e, "deviceDnsName") });
    if (str_ends(type, S("ipEvidence")))
        THING(t, "ip", { "Address", at(e, "ipAddress") });
    if (str_ends(type, S("urlEvidence")))
        THING(t, "url", { "Url", at(e, "url") });
    if (json_get(e, S("userAccount")))
        THING(t, "account", { "Name", at(e, "userAccount.accountName") },
              { "NTDomain", at(e, "userAccount.domainName") }, { "Sid", at(e, "userAccount.userSid") },
              { "AadUserId", at(e, "userAccount.azureAdUserId") });
    if (json_get(e, S("fileDetails")))
        THING(t, "file", { "Name", at(e, "fileDetails.fileName") },
              { "Directory", at(e, "fileDetails.filePath") });
    if (str_ends(type, S("processEvidence")))
        THING(t, "process", { "CommandLine", at(e, "processCommandLine") });
}

static void graph_row(struct ingest_row *row, const struct json *j, struct things *things)
{
    const struct json *evidence = json_get(j, S("evidence"));
    str                original = at(j, "providerAlertId");

    ingest_row_str(row, S("VendorOriginalId"), original.n ? original : at(j, "id"));
    ingest_row_str(row, S("SystemAlertId"), at(j, "id"));
    ingest_row_str(row, S("DisplayName"), at(j, "title"));
    ingest_row_str(row, S("Description"), at(j, "description"));
    ingest_row_str(row, S("ProductName"),
                   at(j, "productName").n ? at(j, "productName") : at(j, "serviceSource"));
    ingest_row_str(row, S("ProviderName"), at(j, "serviceSource"));
    ingest_row_str(row, S("ProductComponentName"), at(j, "detectionSource"));
    ingest_row_str(row, S("VendorName"), S("Microsoft"));
    ingest_row_str(row, S("AlertType"), at(j, "alertPolicyId"));
    ingest_row_str(row, S("Tactics"), at(j, "category"));
    ingest_row_str(row, S("Techniques"), ingest_value_text(row->arena, json_get(j, S("mitreTechniques"))));
    ingest_row_str(row, S("StartTime"), at(j, "firstActivityDateTime"));
    ingest_row_str(row, S("EndTime"), at(j, "lastActivityDateTime"));
    ingest_row_str(row, S("RemediationSteps"), at(j, "recommendedActions"));
    ingest_row_str(row, S("AlertLink"), at(j, "alertWebUrl"));
    ingest_row_str(row, S("Status"), str_eq(at(j, "status"), S("resolved")) ? S("Resolved") : S("New"));
    for (uint32_t i = 0; evidence && evidence->kind == JSON_ARRAY && i < evidence->n; i++)
        graph_thing(things, json_at(evidence, i));
}

static str graph_severity(const struct json *j)
{
    str s = at(j, "severity");

    return str_eq_ci(s, S("high"))     ? S("High")
           : str_eq_ci(s, S("medium")) ? S("Medium")
           : str_eq_ci(s, S("low"))    ? S("Low")
                                       : S("Informational");
}

/* --- OCSF --- */

static void ocsf_observable(struct things *t, const struct json *o)
{
    str value = at(o, "value");

    switch (json_i64(o, S("type_id"), 0)) {
    case 1:
        THING(t, "host", { "HostName", value });
        break;
    case 2:
        THING(t, "ip", { "Address", value });
        break;
    case 4:
        THING(t, "account", { "Name", value });
        break;
    case 6:
        THING(t, "url", { "Url", value });
        break;
    case 7:
        THING(t, "file", { "Name", value });
        break;
    case 8:
        THING(t, "filehash", { "Value", value });
        break;
    default:
        break;
    }
}

static void ocsf_evidence(struct things *t, const struct json *e)
{
    THING(t, "host", { "HostName", at(e, "device.hostname") });
    THING(t, "account", { "Name", at(e, "actor.user.name") }, { "NTDomain", at(e, "actor.user.domain") },
          { "Sid", at(e, "actor.user.uid") });
    THING(t, "ip", { "Address", at(e, "src_endpoint.ip") });
    THING(t, "ip", { "Address", at(e, "dst_endpoint.ip") });
    THING(t, "process", { "CommandLine", at(e, "process.cmd_line") });
    THING(t, "file", { "Name", at(e, "file.name") }, { "Directory", at(e, "file.parent_folder") });
}

static void each(struct things *t, const struct json *list,
                 void (*take)(struct things *, const struct json *))
{
    for (uint32_t i = 0; list && list->kind == JSON_ARRAY && i < list->n; i++)
        take(t, json_at(list, i));
}

/* Names without blanks, as SecurityAlert has tactics. */
static str attacks(struct arena *a, const struct json *list, const char *path)
{
    AUTO_STRBUF out = STRBUF_INIT(4096);

    for (uint32_t i = 0; list && list->kind == JSON_ARRAY && i < list->n; i++) {
        str name = at(json_at(list, i), path);
        if (!name.n)
            continue;
        strbuf_addz(&out, out.n ? ", " : "");
        for (size_t k = 0; k < name.n; k++)
            if (name.p[k] != ' ')
                strbuf_addc(&out, name.p[k]);
    }
    return arena_str(a, strbuf_view(&out));
}

static void ocsf_time(struct ingest_row *row, str column, const struct json *v)
{
    ts t;

    if (v && ingest_value_time(v, &t))
        ingest_row_time(row, column, t);
}

static void ocsf_row(struct ingest_row *row, const struct json *j, struct things *things)
{
    const struct json *info =
        json_get(j, S("finding_info")) ? json_get(j, S("finding_info")) : json_get(j, S("finding"));
    const struct json *list =
        json_get(info, S("attacks")) ? json_get(info, S("attacks")) : json_get(j, S("attacks"));
    int64_t status = json_i64(j, S("status_id"), 1);

    ingest_row_str(row, S("VendorOriginalId"), at(info, "uid"));
    ingest_row_str(row, S("DisplayName"), at(info, "title"));
    ingest_row_str(row, S("Description"), at(info, "desc").n ? at(info, "desc") : at(j, "message"));
    ingest_row_str(row, S("ProductName"), at(j, "metadata.product.name"));
    ingest_row_str(row, S("VendorName"), at(j, "metadata.product.vendor_name"));
    ingest_row_str(row, S("ProductComponentName"), at(j, "metadata.product.feature.name"));
    ingest_row_str(row, S("AlertType"),
                   at(info, "analytic.uid").n ? at(info, "analytic.uid") : at(info, "analytic.name"));
    ingest_row_str(row, S("Tactics"), attacks(row->arena, list, "tactic.name"));
    ingest_row_str(row, S("Techniques"), attacks(row->arena, list, "technique.uid"));
    ingest_row_str(row, S("AlertLink"), at(info, "src_url"));
    ingest_row_str(row, S("RemediationSteps"), at(j, "remediation.desc"));
    ingest_row_str(row, S("Status"), status == 4 ? S("Resolved") : status == 3 ? S("Dismissed") : S("New"));
    ocsf_time(row, S("StartTime"), json_get(info, S("first_seen_time")));
    ocsf_time(row, S("EndTime"), json_get(info, S("last_seen_time")));
    each(things, json_get(j, S("evidences")), ocsf_evidence);
    each(things, json_get(j, S("observables")), ocsf_observable);
}

static str ocsf_severity(const struct json *j)
{
    static const char *const WORDS[] = { "Informational", "Informational", "Low", "Medium",
                                         "High",          "High",          "High" };
    int64_t                  id = json_i64(j, S("severity_id"), 0);

    return str_of(WORDS[id >= 0 && id <= 6 ? id : 0]);
}

/* --- the decoder --- */

static bool is_ocsf(const struct json *j)
{
    int64_t class = json_i64(j, S("class_uid"), 0);

    return (class == OCSF_DETECTION || class == OCSF_SECURITY) && json_get(j, S("metadata")) &&
           (json_get(j, S("finding_info")) || json_get(j, S("finding")));
}

static bool is_graph(const struct json *j)
{
    return str_ends(json_str(j, S("@odata.type"), STR_NONE), S("microsoft.graph.security.alert")) ||
           (json_get(j, S("providerAlertId")) && json_get(j, S("serviceSource")) && json_get(j, S("title")));
}

bool ingest_finding_sniff(const struct ingest_ctx *ctx, const struct ingest_record *record)
{
    (void)ctx;
    return record->json && record->json->kind == JSON_OBJECT &&
           (is_ocsf(record->json) || is_graph(record->json));
}

enum rc ingest_finding_decode(struct ingest_ctx *ctx, const struct ingest_record *record, struct err *err)
{
    AUTO_STRBUF        text = STRBUF_INIT(MAX_TEXT);
    struct things      things = { json_w_make(&text), 0 };
    const struct json *j = record->json;
    bool               graph = !is_ocsf(j);
    struct ingest_row  row;
    ts                 time = ctx->now;

    if (!ingest_value_time(json_get(j, graph ? S("lastUpdateDateTime") : S("time")), &time) &&
        !ingest_value_time(json_get(j, S("createdDateTime")), &time))
        time = ctx->now;
    ingest_row_init(&row, ctx->arena, S("SecurityAlert"), time);
    json_w_array(&things.w);
    ingest_row_str(&row, S("AlertSeverity"), graph ? graph_severity(j) : ocsf_severity(j));
    if (graph)
        graph_row(&row, j, &things);
    else
        ocsf_row(&row, j, &things);
    json_w_end(&things.w);
    TRY(strbuf_ok(&text, "the things that the alert names", err));
    ingest_row_str(&row, S("Entities"), arena_str(ctx->arena, strbuf_view(&text)));
    ingest_row_str(&row, S("AlertName"), ingest_row_text(&row, S("DisplayName")));
    return ingest_row_emit(&row, &ctx->sink, err);
}
