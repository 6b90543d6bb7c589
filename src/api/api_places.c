/* SPDX-License-Identifier: Apache-2.0 */
/* Containers: subscriptions, resource groups, management groups. All of them are resources of the inventory,
 * too. */
#include "api/api_handlers.h"
#include "api/api_posture.h"
#include "api/api_priv.h"
#include "posture/posture_id.h"
#include "posture/posture_resource.h"

#define MANAGEMENT "/providers/Microsoft.Management/managementGroups/"

static const struct state_scopes *scopes(const struct api_call *c)
{
    return c->api->opts.scopes;
}

/* Calls write for every container of a type that the caller may see. */
static enum rc list(struct api_call *c, const char *type, str scope,
                    void (*write)(struct api_call *c, struct json_w *w, const struct posture_node *n),
                    struct err *err)
{
    const struct posture_tree *t = api_posture_tree(c);
    struct json_w              w = api_call_list(c);

    for (size_t i = 0; i < posture_tree_count(t); i++) {
        const struct posture_node *n = posture_tree_at(t, i);
        if (str_eq_ci(n->type, str_of(type)) && posture_tree_covers(t, scope, n->id) &&
            (str_starts_ci(n->id, S(MANAGEMENT)) || access_sees(&c->who, n->id)))
            write(c, &w, n);
    }
    return api_call_list_end(c, &w, S(""), err);
}

/* Puts a container as whoever asks, and waits for the tree to have it. */
static enum rc put_document(struct api_call *c, str id, const struct json *document,
                            struct posture_resource_result *out, struct err *err)
{
    const struct posture_resource_put put = {
        .id = id, .document = document, .source = S("arm"), .who = c->who.name, .enforce = true
    };

    enum rc rc = posture_resource_put(api_posture(c), &put, c->arena, out, err);
    if (rc == RC_FORBIDDEN)
        c->code = "RequestDisallowedByPolicy";
    return rc;
}

/* --- subscriptions --- */

static void write_subscription(struct api_call *c, struct json_w *w, const struct posture_node *n)
{
    const struct json *properties = json_get(n->document, S("properties"));

    json_w_object(w);
    json_w_kstr(w, S("id"), n->id);
    json_w_kstr(w, S("subscriptionId"), n->name);
    json_w_kstr(w, S("tenantId"), scopes(c)->tenant_id);
    json_w_kstr(w, S("displayName"), n->display_name);
    json_w_kstr(w, S("state"), json_str(properties, S("state"), S("Enabled")));
    json_w_key(w, S("subscriptionPolicies"));
    json_w_object(w);
    json_w_kstr(w, S("locationPlacementId"), S("Public_2014-09-01"));
    json_w_kstr(w, S("quotaId"), S("Vedette"));
    json_w_kstr(w, S("spendingLimit"), S("Off"));
    json_w_end(w);
    json_w_kstr(w, S("authorizationSource"), S("RoleBased"));
    json_w_key(w, S("managedByTenants"));
    json_w_array(w);
    json_w_end(w);
    json_w_end(w);
}

enum rc api_places_subscriptions(struct api_call *c, struct err *err)
{
    return list(c, POSTURE_TYPE_SUBSCRIPTION, S(""), write_subscription, err);
}

enum rc api_places_subscription(struct api_call *c, struct err *err)
{
    struct json_w w = api_call_json(c);

    write_subscription(c, &w, posture_tree_find(api_posture_tree(c), api_posture_scope(c)));
    return api_call_done(c, 200, err);
}

/* --- resource groups --- */

static void write_group(struct api_call *c, struct json_w *w, const struct posture_node *n)
{
    const struct json *tags = json_get(n->document, S("tags"));

    (void)c;
    api_posture_head(w, n->id, n->name, S("Microsoft.Resources/resourceGroups"));
    json_w_kstr(w, S("location"), json_str(n->document, S("location"), S("local")));
    if (tags)
        api_posture_tree_value(w, S("tags"), tags);
    json_w_key(w, S("properties"));
    json_w_object(w);
    json_w_kstr(w, S("provisioningState"), S("Succeeded"));
    json_w_end(w);
    json_w_end(w);
}

enum rc api_places_groups(struct api_call *c, struct err *err)
{
    return list(c, POSTURE_TYPE_GROUP, api_posture_scope(c), write_group, err);
}

static enum rc answer_group(struct api_call *c, str id, int status, struct err *err)
{
    const struct posture_node *n = posture_tree_find(api_posture_tree(c), id);
    struct json_w              w = api_call_json(c);

    write_group(c, &w, n);
    return api_call_done(c, status, err);
}

/* HEAD answers 204 here, as `az group exists` expects. */
enum rc api_places_group(struct api_call *c, struct err *err)
{
    if (!str_eq(c->req->method, S("HEAD")))
        return answer_group(c, api_posture_scope(c), 200, err);
    api_call_empty(c, 204);
    return RC_OK;
}

static enum rc put_group(struct api_call *c, str id, const struct json *document, struct err *err)
{
    struct posture_resource_result out;

    TRY(put_document(c, id, document, &out, err));
    return answer_group(c, id, out.created ? 201 : 200, err);
}

enum rc api_places_group_put(struct api_call *c, struct err *err)
{
    const struct json *body;
    str id = arena_printf(c->arena, STR_FMT "/resourceGroups/" STR_FMT, STR_ARG(api_posture_scope(c)),
                          STR_ARG(api_call_param(c, "newGroup")));

    TRY(api_call_object(c, &body, err));
    if (!json_str(body, S("location"), STR_NONE).n)
        return api_call_fail(c, 400, "LocationRequired", err, "A resource group has a location.");
    return put_group(c, id, body, err);
}

/* The document that stands with the members of another over it. */
static const struct json *merged(struct arena *a, const struct json *old, const struct json *over)
{
    struct json_member *m = ARENA_ARRAY(a, struct json_member, old->n + over->n + 1);
    struct json        *out = ARENA_NEW(a, struct json);
    uint32_t            n = 0;

    for (uint32_t i = 0; i < old->n; i++)
        if (!json_get_ci(over, old->members[i].key))
            m[n++] = old->members[i];
    for (uint32_t i = 0; i < over->n; i++)
        m[n++] = over->members[i];
    *out = (struct json) { .kind = JSON_OBJECT, .n = n, .members = m };
    return out;
}

enum rc api_places_group_patch(struct api_call *c, struct err *err)
{
    const struct json             *body;
    const struct posture_node     *n = posture_tree_find(api_posture_tree(c), api_posture_scope(c));
    struct posture_resource_result out;

    TRY(api_call_object(c, &body, err));
    TRY(put_document(c, n->id, merged(c->arena, n->document, body), &out, err));
    return answer_group(c, n->id, 200, err);
}

enum rc api_places_group_delete(struct api_call *c, struct err *err)
{
    if (str_eq_ci(api_call_param(c, "group"), scopes(c)->group) &&
        str_eq_ci(api_call_param(c, "subscription"), scopes(c)->subscription_id))
        return api_call_fail(c, 409, "Conflict", err,
                             "The workspace stands in this resource group: it stays.");
    TRY(posture_resource_delete(api_posture(c), api_posture_scope(c), c->who.name, err));
    api_call_empty(c, 200);
    return RC_OK;
}

/* --- management groups --- */

static str group_id(struct api_call *c)
{
    return arena_printf(c->arena, MANAGEMENT STR_FMT, STR_ARG(api_call_param(c, "managementGroup")));
}

static enum rc find_management(struct api_call *c, const struct posture_node **out, struct err *err)
{
    *out = posture_tree_find(api_posture_tree(c), group_id(c));
    if (*out)
        return RC_OK;
    return api_call_fail(c, 404, "NotFound", err, "The management group '" STR_FMT "' could not be found.",
                         STR_ARG(api_call_param(c, "managementGroup")));
}

static void write_info(struct api_call *c, struct json_w *w, const struct posture_node *n)
{
    api_posture_head(w, n->id, n->name, S("Microsoft.Management/managementGroups"));
    json_w_key(w, S("properties"));
    json_w_object(w);
    json_w_kstr(w, S("tenantId"), scopes(c)->tenant_id);
    json_w_kstr(w, S("displayName"), n->display_name);
    json_w_end(w);
    json_w_end(w);
}

enum rc api_places_managements(struct api_call *c, struct err *err)
{
    return list(c, POSTURE_TYPE_MANAGEMENT_GROUP, S(""), write_info, err);
}

static void write_children(struct json_w *w, const struct posture_tree *t, const struct posture_node *of,
                           bool deep, int depth)
{
    json_w_key(w, S("children"));
    json_w_array(w);
    for (size_t i = 0; i < posture_tree_count(t); i++) {
        const struct posture_node *n = posture_tree_at(t, i);
        bool                       group = str_eq_ci(n->type, S(POSTURE_TYPE_MANAGEMENT_GROUP));
        if (n->parent != of || str_eq_ci(n->type, S(POSTURE_TYPE_GROUP)))
            continue;
        json_w_object(w);
        json_w_kstr(w, S("type"), group ? S("Microsoft.Management/managementGroups") : S("/subscriptions"));
        json_w_kstr(w, S("id"), n->id);
        json_w_kstr(w, S("name"), n->name);
        json_w_kstr(w, S("displayName"), n->display_name);
        if (deep && group && depth < 8)
            write_children(w, t, n, deep, depth + 1);
        json_w_end(w);
    }
    json_w_end(w);
}

static void write_details(struct json_w *w, const struct posture_node *n)
{
    json_w_key(w, S("details"));
    json_w_object(w);
    json_w_ki64(w, S("version"), 1);
    if (n->parent) {
        json_w_key(w, S("parent"));
        json_w_object(w);
        json_w_kstr(w, S("id"), n->parent->id);
        json_w_kstr(w, S("name"), n->parent->name);
        json_w_kstr(w, S("displayName"), n->parent->display_name);
        json_w_end(w);
    }
    json_w_end(w);
}

static enum rc answer_management(struct api_call *c, str id, struct err *err)
{
    const struct posture_tree *t = api_posture_tree(c);
    const struct posture_node *n = posture_tree_find(t, id);
    struct json_w              w = api_call_json(c);

    api_posture_head(&w, n->id, n->name, S("Microsoft.Management/managementGroups"));
    json_w_key(&w, S("properties"));
    json_w_object(&w);
    json_w_kstr(&w, S("tenantId"), scopes(c)->tenant_id);
    json_w_kstr(&w, S("displayName"), n->display_name);
    write_details(&w, n);
    if (str_contains_ci(api_call_query(c, "$expand"), S("children")))
        write_children(&w, t, n, str_eq_ci(api_call_query(c, "$recurse"), S("true")), 0);
    json_w_end(&w);
    json_w_end(&w);
    return api_call_done(c, 200, err);
}

enum rc api_places_management(struct api_call *c, struct err *err)
{
    const struct posture_node *n;

    TRY(find_management(c, &n, err));
    return answer_management(c, n->id, err);
}

static struct json_member text_member(str key, str value)
{
    return (struct json_member) { key, json_make_str(value) };
}

/* PUT and PATCH: display name and parent; a parent below the group itself would make a ring. */
enum rc api_places_management_put(struct api_call *c, struct err *err)
{
    const struct json         *properties = json_get(c->json, S("properties"));
    const struct json         *parent_of = json_get(json_get(properties, S("details")), S("parent"));
    const struct posture_tree *t = api_posture_tree(c);
    str                        id = group_id(c), name = api_call_param(c, "managementGroup");
    str given = json_str(parent_of, S("id"), json_str(properties, S("parentGroupId"), STR_NONE));
    const struct posture_node *old = posture_tree_find(t, id);
    str shown = json_str(properties, S("displayName"), json_str(c->json, S("displayName"), STR_NONE));
    struct posture_resource_result out;

    if (given.n && (!posture_tree_find(t, given) || posture_tree_covers(t, id, given)))
        return api_call_fail(c, 400, "BadRequest", err,
                             "'" STR_FMT "' cannot be the parent of '" STR_FMT "'.",
                             STR_ARG(str_slice(given, 0, 150)), STR_ARG(str_slice(name, 0, 100)));
    if (!given.n)
        given = old && old->parent ? old->parent->id : posture_tree_root(t)->id;
    const struct json_member m[] = { text_member(S("displayName"), shown.n ? shown
                                                                   : old   ? old->display_name
                                                                           : name),
                                     text_member(S("tenantId"), scopes(c)->tenant_id),
                                     text_member(S("parent"), given) };
    const struct json_member outer = { S("properties"), { .kind = JSON_OBJECT, .n = 3, .members = m } };
    const struct json        document = { .kind = JSON_OBJECT, .n = 1, .members = &outer };
    TRY(put_document(c, id, &document, &out, err));
    return answer_management(c, id, err);
}

enum rc api_places_management_delete(struct api_call *c, struct err *err)
{
    const struct posture_tree *t = api_posture_tree(c);
    const struct posture_node *n = posture_tree_find(t, group_id(c));

    if (!n) {
        api_call_empty(c, 204);
        return RC_OK;
    }
    if (n == posture_tree_root(t))
        return api_call_fail(c, 409, "Conflict", err, "The root group stays.");
    for (size_t i = 0; i < posture_tree_count(t); i++)
        if (posture_tree_at(t, i)->parent == n)
            return api_call_fail(c, 409, "Conflict", err, "The management group '" STR_FMT "' is not empty.",
                                 STR_ARG(n->name));
    TRY(posture_resource_delete(api_posture(c), n->id, c->who.name, err));
    api_call_empty(c, 204);
    return RC_OK;
}

static void write_descendant(struct json_w *w, const struct posture_node *n)
{
    bool group = str_eq_ci(n->type, S(POSTURE_TYPE_MANAGEMENT_GROUP));

    api_posture_head(w, n->id, n->name,
                     group ? S("Microsoft.Management/managementGroups") : S("/subscriptions"));
    json_w_key(w, S("properties"));
    json_w_object(w);
    json_w_kstr(w, S("displayName"), n->display_name);
    if (n->parent) {
        json_w_key(w, S("parent"));
        json_w_object(w);
        json_w_kstr(w, S("id"), n->parent->id);
        json_w_end(w);
    }
    json_w_end(w);
    json_w_end(w);
}

static enum rc list_below(struct api_call *c, const struct posture_node *of, bool subscriptions_only,
                          struct err *err)
{
    const struct posture_tree *t = api_posture_tree(c);
    struct json_w              w = api_call_list(c);

    for (size_t i = 0; i < posture_tree_count(t); i++) {
        const struct posture_node *n = posture_tree_at(t, i);
        bool                       is_subscription = str_eq_ci(n->type, S(POSTURE_TYPE_SUBSCRIPTION));
        if (n == of || str_eq_ci(n->type, S(POSTURE_TYPE_GROUP)) ||
            (of && !posture_tree_covers(t, of->id, n->id)) ||
            (subscriptions_only && (!is_subscription || n->parent != of)))
            continue;
        write_descendant(&w, n);
    }
    return api_call_list_end(c, &w, S(""), err);
}

enum rc api_places_descendants(struct api_call *c, struct err *err)
{
    const struct posture_node *n;

    TRY(find_management(c, &n, err));
    return list_below(c, n, false, err);
}

enum rc api_places_entities(struct api_call *c, struct err *err)
{
    return list_below(c, NULL, false, err);
}

enum rc api_places_management_subscriptions(struct api_call *c, struct err *err)
{
    const struct posture_node *n;

    TRY(find_management(c, &n, err));
    return list_below(c, n, true, err);
}

static enum rc move_subscription(struct api_call *c, str parent, const struct posture_node **out,
                                 struct err *err)
{
    const struct posture_node     *n = posture_tree_find(api_posture_tree(c), api_posture_scope(c));
    const struct json             *properties = json_get(n->document, S("properties"));
    const struct json_member       one[] = { text_member(S("parent"), parent) };
    const struct json              over = { .kind = JSON_OBJECT, .n = 1, .members = one };
    struct posture_resource_result result;

    const struct json       *moved = properties ? merged(c->arena, properties, &over) : &over;
    const struct json_member outer = { S("properties"), *moved };
    const struct json        whole = { .kind = JSON_OBJECT, .n = 1, .members = &outer };
    TRY(put_document(c, n->id, merged(c->arena, n->document, &whole), &result, err));
    *out = posture_tree_find(api_posture_tree(c), n->id);
    return RC_OK;
}

static enum rc answer_subscription(struct api_call *c, const struct posture_node *n, struct err *err)
{
    struct json_w w = api_call_json(c);

    write_descendant(&w, n);
    return api_call_done(c, 200, err);
}

enum rc api_places_management_subscription(struct api_call *c, struct err *err)
{
    const struct posture_node *group, *n = posture_tree_find(api_posture_tree(c), api_posture_scope(c));

    TRY(find_management(c, &group, err));
    if (n->parent != group)
        return api_call_fail(c, 404, "NotFound", err,
                             "The subscription stands under another management group.");
    return answer_subscription(c, n, err);
}

enum rc api_places_management_subscription_put(struct api_call *c, struct err *err)
{
    const struct posture_node *group, *n;

    TRY(find_management(c, &group, err));
    TRY(move_subscription(c, group->id, &n, err));
    return answer_subscription(c, n, err);
}

/* What leaves a group falls back to the root. */
enum rc api_places_management_subscription_delete(struct api_call *c, struct err *err)
{
    const struct posture_node *n;

    TRY(move_subscription(c, posture_tree_root(api_posture_tree(c))->id, &n, err));
    api_call_empty(c, 200);
    return RC_OK;
}
