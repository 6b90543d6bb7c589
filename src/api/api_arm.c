/* SPDX-License-Identifier: Apache-2.0 */
/* Places: tenant, subscription, resource group, providers, and the resources in them. */
#include "api/api_handlers.h"
#include "api/api_priv.h"

static const struct state_scopes *scopes(const struct api_call *c)
{
    return c->api->opts.scopes;
}

static void write_subscription(struct json_w *w, const struct state_scopes *s)
{
    json_w_object(w);
    json_w_kstr(w, S("id"), s->subscription);
    json_w_kstr(w, S("subscriptionId"), s->subscription_id);
    json_w_kstr(w, S("tenantId"), s->tenant_id);
    json_w_kstr(w, S("displayName"), s->subscription_name);
    json_w_kstr(w, S("state"), S("Enabled"));
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

enum rc api_arm_subscriptions(struct api_call *c, struct err *err)
{
    struct json_w w = api_call_list(c);
    if (access_sees(&c->who, scopes(c)->subscription))
        write_subscription(&w, scopes(c));
    return api_call_list_end(c, &w, S(""), err);
}

enum rc api_arm_subscription(struct api_call *c, struct err *err)
{
    struct json_w w = api_call_json(c);
    write_subscription(&w, scopes(c));
    return api_call_done(c, 200, err);
}

enum rc api_arm_tenants(struct api_call *c, struct err *err)
{
    struct json_w w = api_call_list(c);
    json_w_object(&w);
    json_w_kstr(&w, S("id"), arena_printf(c->arena, "/tenants/" STR_FMT, STR_ARG(scopes(c)->tenant_id)));
    json_w_kstr(&w, S("tenantId"), scopes(c)->tenant_id);
    json_w_kstr(&w, S("tenantCategory"), S("Home"));
    json_w_kstr(&w, S("displayName"), scopes(c)->tenant_name);
    json_w_kstr(&w, S("tenantType"), S("AAD"));
    json_w_end(&w);
    return api_call_list_end(c, &w, S(""), err);
}

/* One place: these machines. */
enum rc api_arm_locations(struct api_call *c, struct err *err)
{
    struct json_w w = api_call_list(c);
    json_w_object(&w);
    json_w_kstr(&w, S("id"),
                arena_printf(c->arena, STR_FMT "/locations/" STR_FMT, STR_ARG(scopes(c)->subscription),
                             STR_ARG(scopes(c)->location)));
    json_w_kstr(&w, S("name"), scopes(c)->location);
    json_w_kstr(&w, S("displayName"), S("Own machines"));
    json_w_kstr(&w, S("regionalDisplayName"), S("Own machines"));
    json_w_key(&w, S("metadata"));
    json_w_object(&w);
    json_w_kstr(&w, S("regionType"), S("Physical"));
    json_w_kstr(&w, S("regionCategory"), S("Recommended"));
    json_w_end(&w);
    json_w_end(&w);
    return api_call_list_end(c, &w, S(""), err);
}

static void write_group(struct api_call *c, struct json_w *w)
{
    json_w_object(w);
    json_w_kstr(w, S("id"),
                arena_printf(c->arena, STR_FMT "/resourceGroups/" STR_FMT, STR_ARG(scopes(c)->subscription),
                             STR_ARG(scopes(c)->group)));
    json_w_kstr(w, S("name"), scopes(c)->group);
    json_w_kstr(w, S("type"), S("Microsoft.Resources/resourceGroups"));
    json_w_kstr(w, S("location"), scopes(c)->location);
    json_w_key(w, S("properties"));
    json_w_object(w);
    json_w_kstr(w, S("provisioningState"), S("Succeeded"));
    json_w_end(w);
    json_w_end(w);
}

enum rc api_arm_groups(struct api_call *c, struct err *err)
{
    struct json_w w = api_call_list(c);
    write_group(c, &w);
    return api_call_list_end(c, &w, S(""), err);
}

/* HEAD answers 204 here, as `az group exists` expects. */
enum rc api_arm_group(struct api_call *c, struct err *err)
{
    struct json_w w = api_call_json(c);

    if (str_eq(c->req->method, S("HEAD"))) {
        api_call_empty(c, 204);
        return RC_OK;
    }
    write_group(c, &w);
    return api_call_done(c, 200, err);
}

/* --- providers: the types that exist here; newest api-version first --- */

static const struct provider {
    const char *name;
    const char *types[10];
    const char *versions[4];
} PROVIDERS[] = {
    { "Microsoft.Authorization",
      { "roleAssignments", "roleDefinitions" },
      { "2022-04-01", "2020-04-01-preview", "2018-01-01-preview" } },
    { "Microsoft.HybridCompute", { "machines" }, { "2022-12-27", "2022-03-10" } },
    { "Microsoft.Insights", { "dataCollectionRules" }, { "2023-01-01", "2021-11-01-preview" } },
    { "Microsoft.Management", { "managementGroups" }, { "2021-04-01" } },
    { "Microsoft.OperationalInsights",
      { "workspaces", "workspaces/tables" },
      { "2022-10-01", "2021-12-01-preview" } },
    { "Microsoft.Resources",
      { "subscriptions", "resourceGroups", "tenants" },
      { "2022-12-01", "2021-04-01" } },
    { "Microsoft.Security", { "locations" }, { "2022-03-01", "2015-06-01-preview" } },
    { "Microsoft.SecurityInsights",
      { "incidents", "incidents/comments", "alertRules", "onboardingStates", "watchlists", "bookmarks",
        "automationRules" },
      { "2022-12-01-preview", "2022-09-01-preview" } },
    { "Vedette.Operations",
      { "overview", "events", "schema", "status", "rules", "import", "principals", "users" },
      { "2026-11-01" } },
    { NULL, { NULL }, { NULL } },
};

static const struct provider *find_provider(str name)
{
    for (const struct provider *p = PROVIDERS; p->name; p++)
        if (str_eq_ci(str_of(p->name), name))
            return p;
    return NULL;
}

static void write_type(struct api_call *c, struct json_w *w, const struct provider *p, const char *type)
{
    json_w_object(w);
    json_w_kstr(w, S("resourceType"), str_of(type));
    json_w_key(w, S("locations"));
    json_w_array(w);
    json_w_str(w, scopes(c)->location);
    json_w_end(w);
    json_w_key(w, S("apiVersions"));
    json_w_array(w);
    for (size_t i = 0; p->versions[i]; i++)
        json_w_str(w, str_of(p->versions[i]));
    json_w_end(w);
    json_w_end(w);
}

static void write_provider(struct api_call *c, struct json_w *w, const struct provider *p)
{
    json_w_object(w);
    json_w_kstr(w, S("id"),
                arena_printf(c->arena, STR_FMT "/providers/%s", STR_ARG(scopes(c)->subscription), p->name));
    json_w_kstr(w, S("namespace"), str_of(p->name));
    json_w_kstr(w, S("registrationPolicy"), S("RegistrationFree"));
    json_w_kstr(w, S("registrationState"), S("Registered"));
    json_w_key(w, S("resourceTypes"));
    json_w_array(w);
    for (size_t i = 0; p->types[i]; i++)
        write_type(c, w, p, p->types[i]);
    json_w_end(w);
    json_w_end(w);
}

enum rc api_arm_providers(struct api_call *c, struct err *err)
{
    struct json_w w = api_call_list(c);
    for (const struct provider *p = PROVIDERS; p->name; p++)
        write_provider(c, &w, p);
    return api_call_list_end(c, &w, S(""), err);
}

enum rc api_arm_provider(struct api_call *c, struct err *err)
{
    const struct provider *p = find_provider(api_call_param(c, "namespace"));
    struct json_w          w = api_call_json(c);

    if (!p)
        return api_call_fail(c, 404, "InvalidResourceNamespace", err,
                             "The resource namespace '" STR_FMT "' is invalid.",
                             STR_ARG(api_call_param(c, "namespace")));
    write_provider(c, &w, p);
    return api_call_done(c, 200, err);
}

/* Everything is registered: saying so again changes nothing. */
enum rc api_arm_provider_register(struct api_call *c, struct err *err)
{
    return api_arm_provider(c, err);
}

/* --- resources --- */

/* Of $filter: "resourceGroup eq 'soc'" and "resourceType eq 'X'", which az sends; an empty one is none. */
static bool is_wanted(const struct api_call *c)
{
    str filter = str_trim(api_call_query(c, "$filter"));
    if (!filter.n)
        return true;
    if (str_starts_ci(filter, S("resourceGroup eq ")))
        return str_eq_ci(str_trim_chars(str_from(filter, 17), S("'")), scopes(c)->group);
    if (str_starts_ci(filter, S("resourceType eq ")))
        return str_eq_ci(str_trim_chars(str_from(filter, 16), S("'")),
                         S("Microsoft.OperationalInsights/workspaces"));
    return true;
}

enum rc api_arm_resources(struct api_call *c, struct err *err)
{
    struct json_w w = api_call_list(c);

    if (is_wanted(c)) {
        json_w_object(&w);
        json_w_kstr(&w, S("id"), scopes(c)->workspace_arm);
        json_w_kstr(&w, S("name"), scopes(c)->workspace);
        json_w_kstr(&w, S("type"), S("Microsoft.OperationalInsights/workspaces"));
        json_w_kstr(&w, S("location"), scopes(c)->location);
        json_w_end(&w);
    }
    return api_call_list_end(c, &w, S(""), err);
}

/* The root group alone: it holds the subscription. */
enum rc api_arm_management_groups(struct api_call *c, struct err *err)
{
    struct json_w w = api_call_list(c);

    json_w_object(&w);
    json_w_kstr(&w, S("id"),
                arena_printf(c->arena, "/providers/Microsoft.Management/managementGroups/" STR_FMT,
                             STR_ARG(scopes(c)->tenant_id)));
    json_w_kstr(&w, S("type"), S("Microsoft.Management/managementGroups"));
    json_w_kstr(&w, S("name"), scopes(c)->tenant_id);
    json_w_key(&w, S("properties"));
    json_w_object(&w);
    json_w_kstr(&w, S("tenantId"), scopes(c)->tenant_id);
    json_w_kstr(&w, S("displayName"), S("Tenant Root Group"));
    json_w_end(&w);
    json_w_end(&w);
    return api_call_list_end(c, &w, S(""), err);
}
