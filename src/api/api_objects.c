/* SPDX-License-Identifier: Apache-2.0 */
/* Definitions, initiatives, assignments, exemptions, attestations, governance rules and settings: one set of
 * handlers for all kinds of posture_kind.h. Which kind a request is about stands in its route. */
#include "api/api_handlers.h"
#include "api/api_posture.h"
#include "posture/posture_id.h"
#include "posture/posture_measure.h"
#include "posture/posture_version.h"
#include "state/state_tx.h"

/* The route's path ends in "/providers/NAMESPACE/TYPE" or ".../TYPE/{name}". */
static const struct posture_kind_row *kind_of(const struct api_call *c)
{
    str    path = str_of(c->match.route->path);
    size_t at = 0, step;

    while ((step = str_find(str_from(path, at), S("/providers/"))) != STR_NPOS)
        at += step + 11;
    path = str_from(path, at);
    size_t name = str_find(path, S("/{"));
    return posture_kind_find(name == STR_NPOS ? path : str_slice(path, 0, name));
}

static struct posture_key key_of(struct api_call *c)
{
    return (struct posture_key) { kind_of(c)->kind, api_posture_scope(c), api_call_param(c, "name") };
}

static void write_system_data(struct json_w *w, const struct posture_object *o)
{
    json_w_key(w, S("systemData"));
    json_w_object(w);
    json_w_kstr(w, S("createdBy"), o->created_by);
    json_w_ktime_known(w, S("createdAt"), o->created);
    json_w_kstr(w, S("lastModifiedBy"), o->modified_by);
    json_w_ktime_known(w, S("lastModifiedAt"), o->modified);
    json_w_end(w);
}

static void write_measure(struct json_w *w, const struct posture_object *o)
{
    struct posture_measure m = posture_measure_of(o->properties);

    json_w_key(w, S("vedette"));
    json_w_object(w);
    json_w_kstr(w, S("judgedOn"), posture_measure_name(m.on));
    json_w_kstr(w, S("judgedOnText"), posture_measure_text(m.on));
    if (m.related.n)
        json_w_kstr(w, S("relatedType"), m.related);
    if (m.reason.n)
        json_w_kstr(w, S("reason"), m.reason);
    json_w_end(w);
}

static void write_object(struct json_w *w, const struct posture_object *o)
{
    api_posture_head(w, o->id, o->key.name, posture_kind_get(o->key.kind)->type);
    for (uint32_t i = 0; i < o->envelope->n; i++)
        api_posture_tree_value(w, o->envelope->members[i].key, &o->envelope->members[i].value);
    api_posture_tree_value(w, S("properties"), o->properties);
    if (o->key.kind == POSTURE_DEFINITION)
        write_measure(w, o);
    write_system_data(w, o);
    json_w_end(w);
}

/* --- lists --- */

/* Of $filter what clients send: atScope(), atExactScope(), and a property that equals a text. */
struct filter {
    bool at_scope, exact;
    str  property, value;
};

static struct filter read_filter(const struct api_call *c)
{
    str           text = str_trim(api_call_query(c, "$filter"));
    struct filter f = { .at_scope = str_eq_ci(text, S("atScope()")),
                        .exact = str_eq_ci(text, S("atExactScope()")) };
    size_t        eq = str_find_ci(text, S(" eq "));

    if (eq != STR_NPOS) {
        f.property = str_trim(str_slice(text, 0, eq));
        f.value = str_trim_chars(str_trim(str_from(text, eq + 4)), S("'"));
    }
    return f;
}

static bool passes(const struct filter *f, const struct posture_object *o)
{
    const struct json *in = o->properties;

    if (!f->property.n)
        return true;
    if (str_eq_ci(f->property, S("category")))
        in = json_get_ci(in, S("metadata"));
    const struct json *value = json_get_ci(in, f->property);
    return value && value->kind == JSON_STRING && str_eq_ci(value->s, f->value);
}

static bool is_defined_above(enum posture_kind kind)
{
    return kind == POSTURE_DEFINITION || kind == POSTURE_SET;
}

enum rc api_objects_list(struct api_call *c, struct err *err)
{
    struct filter              f = read_filter(c);
    enum posture_kind          kind = kind_of(c)->kind;
    bool                       everywhere = kind == POSTURE_ASSIGNMENT || kind == POSTURE_EXEMPTION;
    struct posture_object_list list = { .kind = kind,
                                        .scope = api_posture_scope(c),
                                        .after = api_call_query(c, "$skipToken"),
                                        .above = !f.exact && (everywhere || is_defined_above(kind)),
                                        .below = !f.exact && !f.at_scope && !is_defined_above(kind) };
    struct posture_objects     found;

    TRY(api_posture_top(c, &list.max, err));
    TRY(posture_object_each(api_posture(c), &list, c->arena, &found, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < found.n; i++)
        if (passes(&f, &found.v[i]))
            write_object(&w, &found.v[i]);
    return api_call_list_end(c, &w, found.next, err);
}

/* --- one --- */

static enum rc answer(struct api_call *c, int status, const struct posture_object *o, struct err *err)
{
    struct json_w w = api_call_json(c);

    write_object(&w, o);
    return api_call_done(c, status, err);
}

static const char *not_found_code(enum posture_kind kind)
{
    switch (kind) {
    case POSTURE_DEFINITION:
        return "PolicyDefinitionNotFound";
    case POSTURE_SET:
        return "PolicySetDefinitionNotFound";
    case POSTURE_ASSIGNMENT:
        return "PolicyAssignmentNotFound";
    case POSTURE_EXEMPTION:
        return "PolicyExemptionNotFound";
    default:
        return "ResourceNotFound";
    }
}

static enum rc with_code(struct api_call *c, enum posture_kind kind, enum rc rc)
{
    if (rc == RC_NOT_FOUND)
        c->code = not_found_code(kind);
    return rc;
}

/* $expand=LatestDefinitionVersion, EffectiveDefinitionVersion: what of the definition stands, and what is
 * judged by. */
static enum rc expand_versions(struct api_call *c, struct posture_object *o, struct err *err)
{
    str                   given = api_call_query(c, "$expand");
    struct posture_key    key;
    struct posture_object definition, effective;
    struct json_member   *members = ARENA_ARRAY(c->arena, struct json_member, o->properties->n + 2);
    struct json          *out = ARENA_NEW(c->arena, struct json);
    uint32_t              n = o->properties->n;

    if (o->key.kind != POSTURE_ASSIGNMENT || !str_contains_ci(given, S("DefinitionVersion")))
        return RC_OK;
    TRY(posture_object_id_parse(json_str(o->properties, S("policyDefinitionId"), STR_NONE), &key, err));
    TRY(posture_object_get(api_posture(c), &key, c->arena, &definition, err));
    TRY(posture_version_choose(api_posture(c), &definition,
                               json_str(o->properties, S("definitionVersion"), STR_NONE), c->arena,
                               &effective, err));
    memcpy(members, o->properties->members, n * sizeof *members);
    if (str_contains_ci(given, S("Latest")))
        members[n++] = (struct json_member) { S("latestDefinitionVersion"),
                                              json_make_str(posture_version_of(&definition)) };
    if (str_contains_ci(given, S("Effective")))
        members[n++] = (struct json_member) { S("effectiveDefinitionVersion"),
                                              json_make_str(posture_version_of(&effective)) };
    *out = (struct json) { .kind = JSON_OBJECT, .n = n, .members = members };
    o->properties = out;
    return RC_OK;
}

enum rc api_objects_get(struct api_call *c, struct err *err)
{
    struct posture_key    key = key_of(c);
    struct posture_object o;

    TRY(with_code(c, key.kind, posture_object_get(api_posture(c), &key, c->arena, &o, err)));
    TRY(expand_versions(c, &o, err));
    return answer(c, 200, &o, err);
}

static enum rc put(struct api_call *c, bool patch, struct posture_object *out, struct err *err)
{
    struct posture_object_put p = { .key = key_of(c), .who = c->who.name, .patch = patch };

    TRY(api_call_object(c, &p.body, err));
    TRY(with_code(c, p.key.kind, posture_object_put(api_posture(c), &p, c->arena, out, err)));
    api_posture_settle(c);
    return RC_OK;
}

enum rc api_objects_put(struct api_call *c, struct err *err)
{
    struct posture_object          o;
    const struct posture_kind_row *kind = kind_of(c);

    TRY(put(c, false, &o, err));
    return answer(c, o.is_new ? kind->created : kind->updated, &o, err);
}

enum rc api_objects_patch(struct api_call *c, struct err *err)
{
    struct posture_object o;

    TRY(put(c, true, &o, err));
    return answer(c, 200, &o, err);
}

enum rc api_objects_delete(struct api_call *c, struct err *err)
{
    struct posture_key    key = key_of(c);
    struct posture_object o;

    enum rc rc = posture_object_delete(api_posture(c), &key, c->arena, &o, err);
    if (rc == RC_NOT_FOUND) {
        api_call_empty(c, api_route_code_ok(c->match.route, 204) ? 204 : 200);
        return RC_OK;
    }
    TRY(rc);
    api_posture_settle(c);
    return answer(c, 200, &o, err);
}

/* --- versions of definitions and initiatives --- */

static void write_version(struct api_call *c, struct json_w *w, const struct posture_object *o)
{
    str version = posture_version_of(o);

    api_posture_head(
        w, arena_printf(c->arena, STR_FMT "/versions/" STR_FMT, STR_ARG(o->id), STR_ARG(version)), version,
        arena_printf(c->arena, STR_FMT "/versions", STR_ARG(posture_kind_get(o->key.kind)->type)));
    api_posture_tree_value(w, S("properties"), o->properties);
    write_system_data(w, o);
    json_w_end(w);
}

static enum rc read_versions(struct api_call *c, struct posture_versions *out, struct err *err)
{
    struct posture_key    key = key_of(c);
    struct posture_object o;

    TRY(with_code(c, key.kind, posture_object_get(api_posture(c), &key, c->arena, &o, err)));
    return posture_version_list(api_posture(c), &o, c->arena, out, err);
}

enum rc api_objects_versions(struct api_call *c, struct err *err)
{
    struct posture_versions all;

    TRY(read_versions(c, &all, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < all.n; i++)
        write_version(c, &w, &all.v[i]);
    return api_call_list_end(c, &w, S(""), err);
}

static enum rc answer_version(struct api_call *c, int status, const struct posture_object *o, struct err *err)
{
    struct json_w w = api_call_json(c);

    write_version(c, &w, o);
    return api_call_done(c, status, err);
}

enum rc api_objects_version(struct api_call *c, struct err *err)
{
    struct posture_versions all;
    str                     wanted = api_call_param(c, "version");

    TRY(read_versions(c, &all, err));
    for (size_t i = 0; i < all.n; i++)
        if (str_eq_ci(posture_version_of(&all.v[i]), wanted))
            return answer_version(c, 200, &all.v[i], err);
    return api_call_fail(c, 404, "PolicyDefinitionVersionNotFound", err,
                         "'" STR_FMT "' has no version '" STR_FMT "'.", STR_ARG(api_call_param(c, "name")),
                         STR_ARG(str_slice(wanted, 0, 60)));
}

enum rc api_objects_version_put(struct api_call *c, struct err *err)
{
    struct posture_object_put p = { .key = key_of(c), .who = c->who.name };
    struct posture_object     o;

    TRY(api_call_object(c, &p.body, err));
    TRY(posture_version_put(api_posture(c), &p, api_call_param(c, "version"), c->arena, &o, err));
    api_posture_settle(c);
    return answer_version(c, o.is_new ? 201 : 200, &o, err);
}

enum rc api_objects_version_delete(struct api_call *c, struct err *err)
{
    struct posture_key key = key_of(c);

    enum rc rc = posture_version_delete(api_posture(c), &key, api_call_param(c, "version"), c->who.name,
                                        c->arena, err);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    api_posture_settle(c);
    api_call_empty(c, rc == RC_OK ? 200 : 204);
    return RC_OK;
}

/* --- settings that are there before anybody set them --- */

static const char *const PLANS[] = { "VirtualMachines",
                                     "SqlServers",
                                     "AppServices",
                                     "StorageAccounts",
                                     "SqlServerVirtualMachines",
                                     "KubernetesService",
                                     "ContainerRegistry",
                                     "KeyVaults",
                                     "Dns",
                                     "Arm",
                                     "OpenSourceRelationalDatabases",
                                     "CosmosDbs",
                                     "Containers",
                                     "CloudPosture" };

/* There are no plans to buy here: everything is on. */
static void write_plan(struct api_call *c, struct json_w *w, str name, const struct posture_object *set)
{
    str id = arena_printf(c->arena, STR_FMT "/providers/Microsoft.Security/pricings/" STR_FMT,
                          STR_ARG(api_posture_scope(c)), STR_ARG(name));

    api_posture_head(w, id, name, S("Microsoft.Security/pricings"));
    json_w_key(w, S("properties"));
    json_w_object(w);
    json_w_kstr(w, S("pricingTier"),
                set ? json_str(set->properties, S("pricingTier"), S("Standard")) : S("Standard"));
    json_w_kstr(w, S("freeTrialRemainingTime"), S("PT0S"));
    json_w_end(w);
    json_w_end(w);
}

static const struct posture_object *find_set(const struct posture_objects *all, str name)
{
    for (size_t i = 0; i < all->n; i++)
        if (str_eq_ci(all->v[i].key.name, name))
            return &all->v[i];
    return NULL;
}

static enum rc read_set(struct api_call *c, enum posture_kind kind, struct posture_objects *out,
                        struct err *err)
{
    const struct posture_object_list list = { .kind = kind, .scope = api_posture_scope(c) };
    return posture_object_each(api_posture(c), &list, c->arena, out, err);
}

enum rc api_objects_pricings(struct api_call *c, struct err *err)
{
    struct posture_objects set;

    TRY(read_set(c, POSTURE_PRICING, &set, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < sizeof PLANS / sizeof PLANS[0]; i++)
        write_plan(c, &w, str_of(PLANS[i]), find_set(&set, str_of(PLANS[i])));
    return api_call_list_end(c, &w, S(""), err);
}

enum rc api_objects_pricing(struct api_call *c, struct err *err)
{
    str                    name = api_call_param(c, "name");
    struct posture_objects set;

    TRY(read_set(c, POSTURE_PRICING, &set, err));
    for (size_t i = 0; i < sizeof PLANS / sizeof PLANS[0]; i++) {
        if (!str_eq_ci(str_of(PLANS[i]), name))
            continue;
        struct json_w w = api_call_json(c);
        write_plan(c, &w, str_of(PLANS[i]), find_set(&set, name));
        return api_call_done(c, 200, err);
    }
    return api_call_fail(c, 404, "ResourceNotFound", err, "There is no plan '" STR_FMT "'.",
                         STR_ARG(str_slice(name, 0, 100)));
}

static void write_provisioning(struct api_call *c, struct json_w *w, const struct posture_objects *set)
{
    const struct posture_object *o = find_set(set, S("default"));
    str id = arena_printf(c->arena, STR_FMT "/providers/Microsoft.Security/autoProvisioningSettings/default",
                          STR_ARG(api_posture_scope(c)));

    api_posture_head(w, id, S("default"), S("Microsoft.Security/autoProvisioningSettings"));
    json_w_key(w, S("properties"));
    json_w_object(w);
    json_w_kstr(w, S("autoProvision"), o ? json_str(o->properties, S("autoProvision"), S("Off")) : S("Off"));
    json_w_end(w);
    json_w_end(w);
}

enum rc api_objects_provisionings(struct api_call *c, struct err *err)
{
    struct posture_objects set;

    TRY(read_set(c, POSTURE_AUTO_PROVISIONING, &set, err));
    struct json_w w = api_call_list(c);
    write_provisioning(c, &w, &set);
    return api_call_list_end(c, &w, S(""), err);
}

enum rc api_objects_provisioning(struct api_call *c, struct err *err)
{
    struct posture_objects set;

    if (!str_eq_ci(api_call_param(c, "name"), S("default")))
        return api_call_fail(c, 404, "ResourceNotFound", err, "The one setting is called 'default'.");
    TRY(read_set(c, POSTURE_AUTO_PROVISIONING, &set, err));
    struct json_w w = api_call_json(c);
    write_provisioning(c, &w, &set);
    return api_call_done(c, 200, err);
}
