/* SPDX-License-Identifier: Apache-2.0 */
/* Detection rules: as Sentinel lists them, and how they run. */
#include "api/api_handlers.h"
#include "api/api_priv.h"
#include "content/content_store.h"
#include "detect/detect.h"

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

static void write_properties(struct json_w *w, const struct content_rule *r)
{
    char text[TS_TEXT_SIZE];

    json_w_object(w);
    json_w_kstr(w, S("displayName"), r->name);
    json_w_kstr(w, S("description"), r->description);
    json_w_kbool(w, S("enabled"), r->enabled);
    json_w_kstr(w, S("severity"), content_rule_severity_name(r->severity));
    json_w_kstr(w, S("query"), r->query);
    json_w_kstr(w, S("queryFrequency"), duration_text_iso(r->frequency, text));
    json_w_kstr(w, S("queryPeriod"), duration_text_iso(r->period, text));
    json_w_kstr(w, S("triggerOperator"), trigger_name(r->trigger));
    json_w_ki64(w, S("triggerThreshold"), r->threshold);
    json_w_kbool(w, S("suppressionEnabled"), r->suppress);
    json_w_kstr(w, S("suppressionDuration"),
                duration_text_iso(r->suppression ? r->suppression : HOURS(5), text));
    json_w_kstrs(w, S("tactics"), r->tactics, r->n_tactics);
    json_w_kstrs(w, S("techniques"), r->techniques, r->n_techniques);
    write_mappings(w, r);
    json_w_kstr(w, S("templateVersion"), r->version);
    json_w_kstr(w, S("alertRuleTemplateName"), r->id);
    json_w_end(w);
}

static void write_rule(struct api_call *c, struct json_w *w, const struct content_rule *r)
{
    json_w_object(w);
    json_w_kstr(w, S("id"),
                arena_printf(c->arena, STR_FMT "/providers/Microsoft.SecurityInsights/alertRules/" STR_FMT,
                             STR_ARG(c->api->opts.scopes->workspace_arm), STR_ARG(r->id)));
    json_w_kstr(w, S("name"), r->id);
    json_w_kstr(w, S("type"), S("Microsoft.SecurityInsights/alertRules"));
    json_w_kstr(w, S("etag"),
                arena_printf(c->arena, "\"%.*s\"", (int)(r->hash.n < 32 ? r->hash.n : 32), r->hash.p));
    json_w_kstr(w, S("kind"), str_eq_ci(r->kind, S("NRT")) ? S("NRT") : S("Scheduled"));
    json_w_key(w, S("properties"));
    write_properties(w, r);
    json_w_end(w);
}

enum rc api_rules_list(struct api_call *c, struct err *err)
{
    AUTO(held_set) held = content_store_get(c->api->opts.content);

    struct json_w             w = api_call_list(c);
    const struct content_set *set = held ? content_store_set(held) : NULL;
    for (size_t i = 0; set && i < set->n_rules; i++)
        write_rule(c, &w, &set->rules[i]);
    return api_call_list_end(c, &w, S(""), err);
}

enum rc api_rules_get(struct api_call *c, struct err *err)
{
    AUTO(held_set) held = content_store_get(c->api->opts.content);
    const struct content_rule *r =
        held ? content_store_find(content_store_set(held), api_call_param(c, "rule")) : NULL;
    struct json_w w = api_call_json(c);

    if (!r)
        return api_call_fail(c, 404, "ResourceNotFound", err, "The alert rule '" STR_FMT "' was not found.",
                             STR_ARG(api_call_param(c, "rule")));
    write_rule(c, &w, r);
    return api_call_done(c, 200, err);
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
