/* SPDX-License-Identifier: Apache-2.0 */
/* Detection rules: as Sentinel lists them, and how they run. */
#include "api/api_by.h"
#include "api/api_handlers.h"
#include "api/api_priv.h"
#include "detect/detect.h"
#include "hunt/hunt_rule.h"

DEFINE_AUTO_TYPE(held_set, struct snapshot *, snapshot_unref)

static str trigger_name(enum content_trigger t)
{
    switch (t) {
    case CONTENT_LT:
        return S("LessThan");
    case CONTENT_EQ:
        return S("Equal");
    case CONTENT_NE:
        return S("NotEqual");
    default:
        return S("GreaterThan");
    }
}

static void write_mappings(struct json_w *w, const struct content_rule *r)
{
    json_w_key(w, S("entityMappings"));
    json_w_array(w);
    for (size_t i = 0; i < r->n_mappings; i++) {
        const struct content_mapping *m = &r->mappings[i];
        json_w_object(w);
        json_w_kstr(w, S("entityType"), m->type);
        json_w_key(w, S("fieldMappings"));
        json_w_array(w);
        for (size_t k = 0; k < m->n_ids; k++) {
            json_w_object(w);
            json_w_kstr(w, S("identifier"), m->ids[k].identifier);
            json_w_kstr(w, S("columnName"), m->ids[k].column);
            json_w_end(w);
        }
        json_w_end(w);
        json_w_end(w);
    }
    json_w_end(w);
}

static void write_details(struct json_w *w, str key, const struct content_detail *list, size_t n)
{
    if (!n)
        return;
    json_w_key(w, key);
    json_w_object(w);
    for (size_t i = 0; i < n; i++)
        json_w_kstr(w, list[i].key, list[i].column);
    json_w_end(w);
}

static void write_override(struct json_w *w, const struct content_override *o)
{
    if (!o->name_format.n && !o->description_format.n && !o->severity_column.n && !o->tactics_column.n &&
        !o->n_properties)
        return;
    json_w_key(w, S("alertDetailsOverride"));
    json_w_object(w);
    if (o->name_format.n)
        json_w_kstr(w, S("alertDisplayNameFormat"), o->name_format);
    if (o->description_format.n)
        json_w_kstr(w, S("alertDescriptionFormat"), o->description_format);
    if (o->severity_column.n)
        json_w_kstr(w, S("alertSeverityColumnName"), o->severity_column);
    if (o->tactics_column.n)
        json_w_kstr(w, S("alertTacticsColumnName"), o->tactics_column);
    if (o->n_properties) {
        json_w_key(w, S("alertDynamicProperties"));
        json_w_array(w);
        for (size_t i = 0; i < o->n_properties; i++) {
            json_w_object(w);
            json_w_kstr(w, S("alertProperty"), o->properties[i].key);
            json_w_kstr(w, S("value"), o->properties[i].column);
            json_w_end(w);
        }
        json_w_end(w);
    }
    json_w_end(w);
}

static void write_incidents(struct json_w *w, const struct content_incidents *i)
{
    char text[TS_TEXT_SIZE];

    json_w_key(w, S("incidentConfiguration"));
    json_w_object(w);
    json_w_kbool(w, S("createIncident"), i->create);
    json_w_key(w, S("groupingConfiguration"));
    json_w_object(w);
    json_w_kbool(w, S("enabled"), i->grouping);
    json_w_kbool(w, S("reopenClosedIncident"), i->reopen_closed);
    json_w_kstr(w, S("lookbackDuration"), duration_text_iso(i->lookback ? i->lookback : HOURS(5), text));
    json_w_kstr(w, S("matchingMethod"), str_eq(i->matching, S("AnyEntity")) ? S("AllEntities") : i->matching);
    json_w_end(w);
    json_w_end(w);
}

static bool is_nrt(const struct content_rule *r)
{
    return str_eq_ci(r->kind, S("NRT"));
}

static void write_schedule(struct json_w *w, const struct content_rule *r)
{
    char text[TS_TEXT_SIZE];

    json_w_kstr(w, S("queryFrequency"), duration_text_iso(r->frequency, text));
    json_w_kstr(w, S("queryPeriod"), duration_text_iso(r->period, text));
    json_w_kstr(w, S("triggerOperator"), trigger_name(r->trigger));
    json_w_ki64(w, S("triggerThreshold"), r->threshold);
}

/* What a rule and its template have in common. */
static void write_common(struct json_w *w, const struct content_rule *r)
{
    json_w_kstr(w, S("displayName"), r->name);
    json_w_kstr(w, S("description"), r->description);
    json_w_kstr(w, S("severity"), content_rule_severity_name(r->severity));
    json_w_kstr(w, S("query"), r->query);
    write_schedule(w, r); /* of NRT rules too: how they run here */
    json_w_kstrs(w, S("tactics"), r->tactics, r->n_tactics);
    json_w_kstrs(w, S("techniques"), r->techniques, r->n_techniques);
    write_mappings(w, r);
    write_details(w, S("customDetails"), r->details, r->n_details);
    write_override(w, &r->override);
    json_w_key(w, S("eventGroupingSettings"));
    json_w_object(w);
    json_w_kstr(w, S("aggregationKind"),
                r->grouping == CONTENT_SINGLE_ALERT ? S("SingleAlert") : S("AlertPerResult"));
    json_w_end(w);
}

/* `own`: what is kept of it; NULL when it comes from a file. */
static void write_properties(struct json_w *w, const struct content_rule *r, const struct hunt_rule *own)
{
    char text[TS_TEXT_SIZE];

    json_w_object(w);
    write_common(w, r);
    json_w_kbool(w, S("enabled"), r->enabled);
    json_w_kbool(w, S("suppressionEnabled"), r->suppress);
    json_w_kstr(w, S("suppressionDuration"),
                duration_text_iso(r->suppression ? r->suppression : HOURS(5), text));
    write_incidents(w, &r->incidents);
    str template = own ? json_str(own->properties, S("alertRuleTemplateName"), S("")) : r->id;
    if (template.n)
        json_w_kstr(w, S("alertRuleTemplateName"), template);
    json_w_kstr(w, S("templateVersion"), r->version);
    if (own)
        json_w_ktime(w, S("lastModifiedUtc"), own->object.modified);
    json_w_end(w);
}

static void write_head(struct api_call *c, struct json_w *w, const char *type, str id)
{
    json_w_kstr(w, S("id"),
                arena_printf(c->arena, STR_FMT "/providers/Microsoft.SecurityInsights/%s/" STR_FMT,
                             STR_ARG(c->api->opts.scopes->workspace_arm), type, STR_ARG(id)));
    json_w_kstr(w, S("name"), id);
    json_w_kstr(w, S("type"), arena_printf(c->arena, "Microsoft.SecurityInsights/%s", type));
}

static void write_rule(struct api_call *c, struct json_w *w, const struct content_rule *r,
                       const struct hunt_rule *own)
{
    json_w_object(w);
    write_head(c, w, "alertRules", r->id);
    json_w_kstr(w, S("etag"), hunt_rule_etag(c->arena, r->hash));
    json_w_kstr(w, S("kind"), is_nrt(r) ? S("NRT") : S("Scheduled"));
    json_w_key(w, S("properties"));
    write_properties(w, r, own);
    json_w_end(w);
}

/* A rule about alerts of other products: nothing runs it but their arrival. */
static void write_foreign(struct api_call *c, struct json_w *w, const struct hunt_rule *own)
{
    json_w_object(w);
    write_head(c, w, "alertRules", own->object.name);
    json_w_kstr(w, S("etag"), own->object.etag);
    json_w_kstr(w, S("kind"), own->kind);
    json_w_key(w, S("properties"));
    json_w_object(w);
    for (size_t i = 0; i < own->properties->n; i++) {
        if (str_eq(own->properties->members[i].key, S("lastModifiedUtc")))
            continue;
        json_w_key(w, own->properties->members[i].key);
        json_w_tree(w, &own->properties->members[i].value);
    }
    json_w_ktime(w, S("lastModifiedUtc"), own->object.modified);
    json_w_end(w);
    json_w_end(w);
}

struct kept {
    struct hunt_rule *p;
    size_t            n;
};

static enum rc kept_rules(struct api_call *c, struct kept *out, struct err *err)
{
    return c->api->opts.hunt ? hunt_rule_list(c->api->opts.hunt, c->arena, &out->p, &out->n, err) : RC_OK;
}

static const struct hunt_rule *kept_of(const struct kept *k, str id)
{
    for (size_t i = 0; i < k->n; i++)
        if (str_eq_ci(k->p[i].object.name, id))
            return &k->p[i];
    return NULL;
}

static bool is_foreign(const struct hunt_rule *own)
{
    return own && !own->deleted && str_eq(own->kind, S(HUNT_RULE_FOREIGN));
}

enum rc api_rules_list(struct api_call *c, struct err *err)
{
    AUTO(held_set) held = content_store_get(c->api->opts.content);
    const struct content_set *set = held ? content_store_set(held) : NULL;
    struct kept               kept = { 0 };

    TRY(kept_rules(c, &kept, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; set && i < set->n_rules; i++)
        write_rule(c, &w, &set->rules[i], kept_of(&kept, set->rules[i].id));
    for (size_t i = 0; i < kept.n; i++)
        if (is_foreign(&kept.p[i]))
            write_foreign(c, &w, &kept.p[i]);
    return api_call_list_end(c, &w, S(""), err);
}

static enum rc answer_rule(struct api_call *c, str id, int status, struct err *err)
{
    AUTO(held_set) held = content_store_get(c->api->opts.content);
    char                       name[GUID_TEXT_SIZE];
    guid                       g;
    struct kept                kept = { 0 };
    const struct content_rule *r;

    if (guid_parse(id, &g))
        id = arena_str(c->arena, guid_text(g, name));
    TRY(kept_rules(c, &kept, err));
    const struct hunt_rule *own = kept_of(&kept, id);
    r = held ? content_store_find(content_store_set(held), id) : NULL;
    struct json_w w = api_call_json(c);
    if (is_foreign(own))
        write_foreign(c, &w, own);
    else if (r)
        write_rule(c, &w, r, own);
    else
        return api_call_fail(c, 404, "ResourceNotFound", err, "The alert rule '" STR_FMT "' was not found.",
                             STR_ARG(str_slice(id, 0, 64)));
    api_call_etag(c, r && !is_foreign(own) ? hunt_rule_etag(c->arena, r->hash) : own->object.etag);
    return api_call_done(c, status, err);
}

enum rc api_rules_get(struct api_call *c, struct err *err)
{
    return answer_rule(c, api_call_param(c, "rule"), 200, err);
}

enum rc api_rules_put(struct api_call *c, struct err *err)
{
    const struct json *body;
    struct hunt_rule   out;
    bool               created;

    TRY(api_call_object(c, &body, err));
    const struct hunt_rule_put put = { .id = api_call_param(c, "rule"),
                                       .kind = json_str(body, S("kind"), S("")),
                                       .properties = json_get(body, S("properties")),
                                       .if_match = api_call_if_match(c),
                                       .by = api_by_of(c) };
    TRY(hunt_rule_put(c->api->opts.hunt, &put, c->arena, &out, &created, err));
    detect_wake(c->api->opts.detect);
    return answer_rule(c, put.id, created ? 201 : 200, err);
}

enum rc api_rules_delete(struct api_call *c, struct err *err)
{
    struct incident_by by = api_by_of(c);
    enum rc            rc = hunt_rule_delete(c->api->opts.hunt, api_call_param(c, "rule"), &by, err);

    detect_wake(c->api->opts.detect);
    return api_call_deleted(c, rc);
}

/* --- templates --- */

static size_t made_of(const struct kept *kept, str template)
{
    size_t n = 0;

    for (size_t i = 0; i < kept->n; i++)
        n += !kept->p[i].deleted &&
             str_eq_ci(json_str(kept->p[i].properties, S("alertRuleTemplateName"), S("")), template);
    return n;
}

/* A rule that ships is its template's first rule, unless it was deleted or made one's own. */
static void write_template(struct api_call *c, struct json_w *w, const struct content_rule *r,
                           const struct kept *kept)
{
    size_t n = made_of(kept, r->id) + !kept_of(kept, r->id);

    json_w_object(w);
    write_head(c, w, "alertRuleTemplates", r->id);
    json_w_kstr(w, S("kind"), is_nrt(r) ? S("NRT") : S("Scheduled"));
    json_w_key(w, S("properties"));
    json_w_object(w);
    write_common(w, r);
    json_w_ki64(w, S("alertRulesCreatedByTemplateCount"), (int64_t)n);
    json_w_kstr(w, S("status"), n ? S("Installed") : S("Available"));
    json_w_kstr(w, S("version"), r->version);
    json_w_key(w, S("requiredDataConnectors"));
    json_w_raw(w, r->connectors.n ? r->connectors : S("[]"));
    json_w_end(w);
    json_w_end(w);
}

enum rc api_rules_templates(struct api_call *c, struct err *err)
{
    AUTO(held_set) held = content_store_get(c->api->opts.content);
    const struct content_set *set = held ? content_store_set(held) : NULL;
    struct kept               kept = { 0 };

    TRY(kept_rules(c, &kept, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; set && i < set->n_templates; i++)
        write_template(c, &w, &set->templates[i], &kept);
    return api_call_list_end(c, &w, S(""), err);
}

enum rc api_rules_template(struct api_call *c, struct err *err)
{
    AUTO(held_set) held = content_store_get(c->api->opts.content);
    const struct content_set *set = held ? content_store_set(held) : NULL;
    str                       id = api_call_param(c, "template");
    struct kept               kept = { 0 };

    TRY(kept_rules(c, &kept, err));
    for (size_t i = 0; set && i < set->n_templates; i++) {
        if (!str_eq_ci(set->templates[i].id, id))
            continue;
        struct json_w w = api_call_json(c);
        write_template(c, &w, &set->templates[i], &kept);
        return api_call_done(c, 200, err);
    }
    return api_call_fail(c, 404, "ResourceNotFound", err,
                         "The alert rule template '" STR_FMT "' was not found.",
                         STR_ARG(str_slice(id, 0, 64)));
}

/* A file that cannot be used is listed with its reason: a rule that is missing must not go unseen. */
static void write_status(struct json_w *w, const struct detect_rule_status *s)
{
    json_w_object(w);
    json_w_kstr(w, S("id"), s->id);
    json_w_kstr(w, S("name"), s->name.n ? s->name : s->file);
    json_w_kstr(w, S("description"), s->description);
    json_w_kstr(w, S("severity"), content_rule_severity_name(s->severity));
    json_w_kbool(w, S("enabled"), s->enabled);
    json_w_kbool(w, S("usable"), s->usable);
    json_w_kstr(w, S("kind"), s->kind);
    json_w_kstr(w, S("version"), s->version);
    json_w_kstr(w, S("file"), s->file);
    json_w_kstr(w, S("query"), s->query);
    json_w_kstrs(w, S("tactics"), s->tactics, s->n_tactics);
    json_w_kstrs(w, S("techniques"), s->techniques, s->n_techniques);
    json_w_ktime(w, S("lastRun"), s->last_run);
    json_w_kstr(w, S("lastResult"), s->last_result);
    json_w_ktime(w, S("lookedTo"), s->looked_to);
    json_w_ki64(w, S("spansLeft"), (int64_t)s->spans_left);
    json_w_ki64(w, S("alerts24h"), s->alerts_24h);
    json_w_end(w);
}

enum rc api_rules_status(struct api_call *c, struct err *err)
{
    struct detect_rule_status *list;
    size_t                     n;

    TRY(detect_status(c->api->opts.detect, c->arena, &list, &n, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < n; i++)
        write_status(&w, &list[i]);
    return api_call_list_end(c, &w, S(""), err);
}
