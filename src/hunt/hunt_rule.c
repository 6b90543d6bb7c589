/* SPDX-License-Identifier: Apache-2.0 */
#include "hunt/hunt_rule.h"

#include "base/vec.h"
#include "content/content_check.h"
#include "query/query.h"

enum { COMPILE_BYTES = 192 << 20 };

DEFINE_AUTO_TYPE(held_set, struct snapshot *, snapshot_unref)

str hunt_rule_etag(struct arena *a, str hash)
{
    return arena_printf(a, "\"" STR_FMT "\"", STR_ARG(str_slice(hash, 0, 32)));
}

/* --- ARM's properties as a rule of a file: the same but for some names --- */

static const struct {
    const char *arm, *file;
} NAMES[] = {
    { "displayName", "name" },
    { "description", "description" },
    { "enabled", "enabled" },
    { "severity", "severity" },
    { "query", "query" },
    { "queryFrequency", "queryFrequency" },
    { "queryPeriod", "queryPeriod" },
    { "triggerOperator", "triggerOperator" },
    { "triggerThreshold", "triggerThreshold" },
    { "tactics", "tactics" },
    { "techniques", "relevantTechniques" },
    { "entityMappings", "entityMappings" },
    { "customDetails", "customDetails" },
    { "alertDetailsOverride", "alertDetailsOverride" },
    { "eventGroupingSettings", "eventGroupingSettings" },
    { "incidentConfiguration", "incidentConfiguration" },
    { "suppressionEnabled", "suppressionEnabled" },
    { "suppressionDuration", "suppressionDuration" },
    { "templateVersion", "version" },
};

static enum rc text_of(const struct hunt_rule_put *put, struct arena *a, str *out, struct err *err)
{
    AUTO_STRBUF   text = STRBUF_INIT(CONTENT_RULE_MAX_BYTES);
    struct json_w w = json_w_make(&text);
    bool          nrt = str_eq(put->kind, S("NRT"));

    json_w_object(&w);
    json_w_kstr(&w, S("id"), put->id);
    json_w_kstr(&w, S("kind"), put->kind);
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        const struct json *v = json_get(put->properties, str_of(NAMES[i].arm));
        bool               of_schedule = str_starts(str_of(NAMES[i].file), S("query")) && NAMES[i].file[5];
        if (!v || v->kind == JSON_NULL || (v->kind == JSON_STRING && !v->s.n) || (nrt && of_schedule) ||
            (nrt && str_starts(str_of(NAMES[i].file), S("trigger"))))
            continue;
        json_w_key(&w, str_of(NAMES[i].file));
        json_w_tree(&w, v);
    }
    json_w_end(&w);
    TRY(strbuf_ok(&text, "an alert rule", err));
    *out = arena_str(a, strbuf_view(&text));
    return RC_OK;
}

static enum rc check_query_rule(struct hunt *h, const struct hunt_rule_put *put, struct arena *a, str *text,
                                str *hash, struct err *err)
{
    AUTO(arena) scratch = arena_new(COMPILE_BYTES);
    struct content_rule rule;
    struct kql_program  program;

    TRY(text_of(put, a, text, err));
    if (content_rule_read(scratch, S("properties"), *text, &rule, err) != RC_OK ||
        content_check_rule(&rule, query_names(h->query), scratch, &program, err) != RC_OK) {
        err->rc = RC_INVALID;
        return RC_INVALID;
    }
    *hash = arena_str(a, rule.hash);
    return RC_OK;
}

static enum rc check_foreign(const struct json *props, struct err *err)
{
    const struct json *severities = json_get(props, S("severitiesFilter"));
    str                name = json_str(props, S("displayName"), S(""));

    if (!str_trim(name).n || name.n > 256)
        return err_set(err, RC_INVALID, "properties.displayName: 1 to 256 bytes");
    if (!str_trim(json_str(props, S("productFilter"), S(""))).n)
        return err_set(err, RC_INVALID,
                       "properties.productFilter: the product whose alerts become incidents");
    for (size_t i = 0; severities && severities->kind == JSON_ARRAY && i < severities->n; i++) {
        enum content_severity ignored;
        const struct json    *v = json_at(severities, i);
        if (v->kind != JSON_STRING || !content_rule_severity_parse(v->s, &ignored))
            return err_set(err, RC_INVALID,
                           "properties.severitiesFilter: High, Medium, Low or Informational");
    }
    return RC_OK;
}

/* --- keeping --- */

static struct hunt_rule of_object(const struct hunt_object *o)
{
    return (struct hunt_rule) { .object = *o,
                                .kind = json_str(o->body, S("kind"), S("Scheduled")),
                                .properties = json_get(o->body, S("properties")),
                                .deleted = json_bool(o->body, S("deleted"), false) };
}

enum rc hunt_rule_list(struct hunt *h, struct arena *a, struct hunt_rule **out, size_t *n, struct err *err)
{
    struct hunt_object *objects;

    TRY(hunt_object_list(h, HUNT_RULE_KIND, STR_NONE, a, &objects, n, err));
    *out = ARENA_ARRAY(a, struct hunt_rule, *n + 1);
    for (size_t i = 0; i < *n; i++)
        (*out)[i] = of_object(&objects[i]);
    return RC_OK;
}

static str body_of(struct arena *a, const struct hunt_rule_put *put, str text, str hash)
{
    AUTO_STRBUF   out = STRBUF_INIT(HUNT_OBJECT_BYTES);
    struct json_w w = json_w_make(&out);

    json_w_object(&w);
    json_w_kstr(&w, S("kind"), put->kind);
    json_w_key(&w, S("properties"));
    json_w_tree(&w, put->properties);
    json_w_kstr(&w, S("text"), text);
    json_w_kstr(&w, S("hash"), hash);
    json_w_end(&w);
    return arena_str(a, strbuf_view(&out));
}

/* A rule in force, or a template of the folders. */
static bool ships(struct hunt *h, str id, bool in_force, struct arena *a, str *hash)
{
    AUTO(held_set) held = content_store_get(h->content);
    const struct content_set *set = held ? content_store_set(held) : NULL;
    size_t                    n = !set ? 0 : in_force ? set->n_rules : set->n_templates;

    for (size_t i = 0; i < n; i++) {
        const struct content_rule *r = in_force ? &set->rules[i] : &set->templates[i];
        if (!str_eq_ci(r->id, id))
            continue;
        *hash = arena_str(a, r->hash);
        return true;
    }
    return false;
}

/* What the client saw: of a rule that is kept its hash, else that of the rule that ships. */
static enum rc may_change(struct hunt *h, struct state_tx *tx, const struct hunt_rule_put *put,
                          struct arena *a, bool *there, struct err *err)
{
    const struct hunt_object_key key = { .kind = HUNT_RULE_KIND, .name = put->id };
    struct hunt_object           was = { 0 };
    struct err                   why = { 0 };
    str                          hash = STR_NONE;
    enum rc                      rc = hunt_object_find(tx, &key, a, &was, &why);

    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return err_set(err, rc, "%s", why.text);
    if (rc == RC_NOT_FOUND)
        *there = ships(h, put->id, true, a, &hash);
    else
        *there = !json_bool(was.body, S("deleted"), false);
    if (rc == RC_OK && put->by.request.n && str_eq(put->by.request, was.request))
        return RC_OK; /* the request that made it: hunt_object_store answers it again */
    if (rc == RC_OK)
        hash = json_str(was.body, S("hash"), S(""));
    str is = !*there ? STR_NONE : hash.n ? hunt_rule_etag(a, hash) : was.etag;
    return hunt_may_change(put->if_match, is, err);
}

static enum rc keep(struct hunt *h, const struct hunt_rule_put *put, str body, struct arena *a,
                    struct hunt_object *out, bool *created, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    const struct hunt_object_put object = {
        .key = { .kind = HUNT_RULE_KIND, .name = put->id }, .body = body, .by = put->by, .max = HUNT_RULE_MAX
    };
    bool there, is_new;

    TRY(state_tx_write(h->state, &tx, err));
    TRY(may_change(h, tx, put, a, &there, err));
    TRY(hunt_object_store(h, tx, &object, a, out, &is_new, err));
    *created = !there;
    return state_tx_commit(tx, err);
}

enum rc hunt_rule_put(struct hunt *h, const struct hunt_rule_put *put, struct arena *a, struct hunt_rule *out,
                      bool *created, struct err *err)
{
    struct hunt_rule_put copy = *put;
    struct hunt_object   object;
    str                  text = STR_NONE, hash = STR_NONE;
    guid                 id;
    char                 name[GUID_TEXT_SIZE];

    if (!guid_parse(put->id, &id))
        return err_set(err, RC_INVALID, "an alert rule's name is a GUID, not '" STR_FMT "'",
                       STR_ARG(str_slice(put->id, 0, 64)));
    copy.id = arena_str(a, guid_text(id, name));
    if (!put->properties || put->properties->kind != JSON_OBJECT)
        return err_set(err, RC_INVALID, "the body has no properties");
    if (str_eq(put->kind, S("Scheduled")) || str_eq(put->kind, S("NRT")))
        TRY(check_query_rule(h, &copy, a, &text, &hash, err));
    else if (str_eq(put->kind, S(HUNT_RULE_FOREIGN)))
        TRY(check_foreign(put->properties, err));
    else
        return err_set(err, RC_INVALID, "kind: Scheduled, NRT or " HUNT_RULE_FOREIGN ", not '" STR_FMT "'",
                       STR_ARG(str_slice(put->kind, 0, 64)));
    TRY(keep(h, &copy, body_of(a, &copy, text, hash), a, &object, created, err));
    *out = of_object(&object);
    return hunt_rule_enforce(h, err);
}

enum rc hunt_rule_delete(struct hunt *h, str id, const struct incident_by *by, struct err *err)
{
    AUTO(arena) a = arena_new(16 << 20);
    struct hunt_rule_put         put = { .id = id, .by = *by };
    const struct hunt_object_key key = { .kind = HUNT_RULE_KIND, .name = id };
    struct hunt_object           object;
    bool                         there = false, created;
    str                          hash;

    {
        AUTO(state_tx) tx = NULL;
        TRY(state_tx_read(h->state, &tx, err));
        TRY(may_change(h, tx, &put, a, &there, err));
    }
    if (!there)
        return err_set(err, RC_NOT_FOUND, "there is no alert rule '" STR_FMT "'",
                       STR_ARG(str_slice(id, 0, 64)));
    if (ships(h, id, false, a, &hash))
        TRY(keep(h, &put, S("{\"deleted\":true}"), a, &object, &created, err));
    else
        TRY(hunt_object_delete(h, &key, STR_NONE, err));
    return hunt_rule_enforce(h, err);
}

enum rc hunt_rule_enforce(struct hunt *h, struct err *err)
{
    AUTO(arena) a = arena_new(256 << 20);
    VEC(struct content_store_own) own = { 0 };
    struct hunt_rule *list;
    size_t            n;

    TRY(hunt_rule_list(h, a, &list, &n, err));
    for (size_t i = 0; i < n; i++)
        if (!str_eq(list[i].kind, S(HUNT_RULE_FOREIGN)))
            *vec_push_in(a, &own) =
                (struct content_store_own) { list[i].object.name,
                                             json_str(list[i].object.body, S("text"), S("")) };
    return content_store_overlay(h->content, own.p, own.n, err);
}
