/* SPDX-License-Identifier: Apache-2.0 */
/* Tenant, locations, and the providers with their types. */
#include "api/api_handlers.h"
#include "api/api_priv.h"

static const struct state_scopes *scopes(const struct api_call *c)
{
    return c->api->opts.scopes;
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
