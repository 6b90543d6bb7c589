/* SPDX-License-Identifier: Apache-2.0 */
/* The inventory as ARM has it: lists, and GET, PUT, PATCH and DELETE of any resource by its id. A PUT passes
 * the assigned policies of effect deny. */
#include "api/api_handlers.h"
#include "api/api_posture.h"
#include "api/api_priv.h"
#include "posture/posture_id.h"
#include "posture/posture_resource.h"

/* Types that other handlers answer for: they are no documents of the inventory. */
static const char *const OWN[] = { "Microsoft.Authorization",      "Microsoft.PolicyInsights",
                                   "Microsoft.SecurityInsights",   "Microsoft.Security",
                                   "Microsoft.Management",         "Vedette.Operations",
                                   "Microsoft.OperationalInsights" };

static str id_of(struct api_call *c)
{
    return arena_printf(c->arena, STR_FMT "/providers/" STR_FMT STR_FMT, STR_ARG(api_posture_scope(c)),
                        STR_ARG(api_call_param(c, "namespace")), STR_ARG(api_call_param(c, "rest")));
}

static enum rc no_resource(struct api_call *c, enum rc rc, struct err *err)
{
    if (rc != RC_NOT_FOUND && rc != RC_INVALID)
        return rc;
    return api_call_fail(c, 404, "ResourceNotFound", err, "The Resource '" STR_FMT "' was not found.",
                         STR_ARG(str_slice(id_of(c), 0, 300)));
}

static enum rc check_own(struct api_call *c, struct err *err)
{
    str namespace = api_call_param(c, "namespace");

    for (size_t i = 0; i < sizeof OWN / sizeof OWN[0]; i++)
        if (str_eq_ci(str_of(OWN[i]), namespace) ||
            str_contains_ci(api_call_param(c, "rest"), S("/providers/")))
            return api_call_fail(c, 405, "MethodNotAllowed", err, "The method is not allowed here.");
    return RC_OK;
}

static enum rc answer(struct api_call *c, int status, const struct posture_resource *r, struct err *err)
{
    struct json_w w = api_call_json(c);

    json_w_raw(&w, r->text);
    api_call_etag(c, arena_printf(c->arena, "\"%lld-%lld\"", (long long)r->key, (long long)r->version));
    return api_call_done(c, status, err);
}

enum rc api_resources_get(struct api_call *c, struct err *err)
{
    struct posture_resource r;

    TRY(no_resource(c, posture_resource_get(api_posture(c), id_of(c), c->arena, &r, err), err));
    return answer(c, 200, &r, err);
}

static enum rc refused(struct api_call *c, const struct posture_resource_result *out, enum rc rc)
{
    if (rc != RC_FORBIDDEN || !out->denied.n)
        return rc;
    c->code = "RequestDisallowedByPolicy";
    c->target = posture_id_name(id_of(c));
    c->info_type = S("PolicyViolation");
    c->info = out->denied;
    return rc;
}

static enum rc put(struct api_call *c, const struct json *document, struct posture_resource_result *out,
                   struct err *err)
{
    const struct posture_resource_put p = {
        .id = id_of(c), .document = document, .source = S("arm"), .who = c->who.name, .enforce = true
    };

    TRY(refused(c, out, posture_resource_put(api_posture(c), &p, c->arena, out, err)));
    api_posture_settle(c);
    return RC_OK;
}

enum rc api_resources_put(struct api_call *c, struct err *err)
{
    const struct json             *body;
    struct posture_resource_result out = { 0 };

    TRY(check_own(c, err));
    TRY(api_call_object(c, &body, err));
    TRY(put(c, body, &out, err));
    return answer(c, out.created ? 201 : 200, &out.resource, err);
}

/* Objects are merged member by member, null takes one away: RFC 7396. */
static const struct json *patched(struct arena *a, const struct json *old, const struct json *patch,
                                  int depth)
{
    if (patch->kind != JSON_OBJECT || depth > 32)
        return patch;
    uint32_t            most = (old && old->kind == JSON_OBJECT ? old->n : 0) + patch->n, n = 0;
    struct json_member *m = ARENA_ARRAY(a, struct json_member, most + 1);
    struct json        *out = ARENA_NEW(a, struct json);
    for (uint32_t i = 0; old && old->kind == JSON_OBJECT && i < old->n; i++)
        if (!json_get(patch, old->members[i].key))
            m[n++] = old->members[i];
    for (uint32_t i = 0; i < patch->n; i++)
        if (patch->members[i].value.kind != JSON_NULL)
            m[n++] = (struct json_member) { patch->members[i].key,
                                            *patched(a, json_get(old, patch->members[i].key),
                                                     &patch->members[i].value, depth + 1) };
    *out = (struct json) { .kind = JSON_OBJECT, .n = n, .members = m };
    return out;
}

enum rc api_resources_patch(struct api_call *c, struct err *err)
{
    const struct json             *body, *old;
    struct posture_resource        r;
    struct posture_resource_result out = { 0 };

    TRY(check_own(c, err));
    TRY(api_call_object(c, &body, err));
    TRY(no_resource(c, posture_resource_get(api_posture(c), id_of(c), c->arena, &r, err), err));
    TRY(json_parse(c->arena, r.text, &old, err));
    TRY(put(c, patched(c->arena, old, body, 0), &out, err));
    return answer(c, 200, &out.resource, err);
}

enum rc api_resources_delete(struct api_call *c, struct err *err)
{
    TRY(check_own(c, err));
    enum rc rc = posture_resource_delete(api_posture(c), id_of(c), c->who.name, err);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    api_call_empty(c, rc == RC_OK ? 200 : 204);
    return RC_OK;
}

/* --- lists --- */

/* Of $filter what clients send, joined with "and": resourceGroup, resourceType, name, location, tagName,
 * tagValue. */
struct filter {
    str group, type, name, tag, tag_value;
};

static void read_term(struct filter *f, str term)
{
    const struct {
        str  name;
        str *into;
    } rows[] = { { S("resourceGroup"), &f->group },
                 { S("resourceType"), &f->type },
                 { S("name"), &f->name },
                 { S("tagName"), &f->tag },
                 { S("tagValue"), &f->tag_value } };
    size_t eq = str_find_ci(term, S(" eq "));

    for (size_t i = 0; eq != STR_NPOS && i < sizeof rows / sizeof rows[0]; i++)
        if (str_eq_ci(str_trim(str_slice(term, 0, eq)), rows[i].name))
            *rows[i].into = str_trim_chars(str_trim(str_from(term, eq + 4)), S("'"));
}

static struct filter read_filter(struct api_call *c)
{
    struct filter f = { 0 };

    for (str rest = str_trim(api_call_query(c, "$filter")); rest.n;) {
        size_t and = str_find_ci(rest, S(" and "));
        read_term(&f, str_trim(str_slice(rest, 0, and == STR_NPOS ? rest.n : and)));
        rest = and == STR_NPOS ? STR_NONE : str_from(rest, and+5);
    }
    return f;
}

static bool passes(const struct filter *f, const struct posture_resource *r, const struct json *document)
{
    const struct json *tag = f->tag.n ? json_get_ci(json_get(document, S("tags")), f->tag) : NULL;

    if (f->name.n && !str_eq_ci(f->name, r->name))
        return false;
    if (f->tag.n && !tag)
        return false;
    return !f->tag_value.n || (tag && tag->kind == JSON_STRING && str_eq_ci(tag->s, f->tag_value));
}

static void write_row(struct json_w *w, const struct posture_resource *r, const struct json *document)
{
    static const str shown[] = { STR_INIT("kind"),     STR_INIT("tags"), STR_INIT("sku"),
                                 STR_INIT("identity"), STR_INIT("plan"), STR_INIT("managedBy") };

    api_posture_head(w, r->id, r->name, r->type);
    json_w_kstr(w, S("location"), r->location);
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
        const struct json *value = json_get_ci(document, shown[i]);
        if (value)
            api_posture_tree_value(w, shown[i], value);
    }
    json_w_ktime_known(w, S("createdTime"), r->first_seen);
    json_w_ktime_known(w, S("changedTime"), r->changed);
    json_w_kstr(w, S("provisioningState"), S("Succeeded"));
    json_w_end(w);
}

enum rc api_resources_list(struct api_call *c, struct err *err)
{
    struct filter                f = read_filter(c);
    struct posture_resource_list list = { .scope = api_posture_scope(c),
                                          .type = f.type,
                                          .after = api_call_query(c, "$skipToken") };
    struct posture_resources     found;
    const struct json           *document;

    if (f.group.n && !api_route_param(&c->match, "group").p)
        list.scope =
            arena_printf(c->arena, STR_FMT "/resourceGroups/" STR_FMT, STR_ARG(list.scope), STR_ARG(f.group));
    TRY(api_posture_top(c, &list.max, err));
    TRY(posture_resource_each(api_posture(c), &list, c->arena, &found, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < found.n; i++) {
        TRY(json_parse(c->arena, found.p[i].text, &document, err));
        if (passes(&f, &found.p[i], document))
            write_row(&w, &found.p[i], document);
    }
    return api_call_list_end(c, &w, found.next, err);
}
