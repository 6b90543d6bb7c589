/* SPDX-License-Identifier: Apache-2.0 */
/* Terraform plans (`terraform show -json`): what would be there after the plan. Resources of the azurerm
 * provider are given the names that ARM has for the attributes of MAPPED; azapi resources are ARM's already,
 * Kubernetes manifests are read as such. All others keep their attributes under the type Terraform/<type>.
 * Values that the plan calls sensitive stay behind. */
#include "inventory/inventory_priv.h"

enum { MAX_DOCUMENT = 8 << 20, MAX_MODULES = 32 };

enum form {
    AS_IS,
    ENABLED /* true → "Enabled", false → "Disabled" */
};

/* In order of `to` within a type: neighbours share the objects around them. */
static const struct mapped {
    const char *type, *from, *to;
    enum form   form;
} MAPPED[] = {
    { "azurerm_app_service", "https_only", "properties.httpsOnly", AS_IS },
    { "azurerm_container_registry", "admin_enabled", "properties.adminUserEnabled", AS_IS },
    { "azurerm_container_registry", "public_network_access_enabled", "properties.publicNetworkAccess",
      ENABLED },
    { "azurerm_container_registry", "sku", "sku.name", AS_IS },
    { "azurerm_cosmosdb_account", "local_authentication_disabled", "properties.disableLocalAuth", AS_IS },
    { "azurerm_cosmosdb_account", "public_network_access_enabled", "properties.publicNetworkAccess",
      ENABLED },
    { "azurerm_key_vault", "purge_protection_enabled", "properties.enablePurgeProtection", AS_IS },
    { "azurerm_key_vault", "enable_rbac_authorization", "properties.enableRbacAuthorization", AS_IS },
    { "azurerm_key_vault", "network_acls.0.default_action", "properties.networkAcls.defaultAction", AS_IS },
    { "azurerm_key_vault", "public_network_access_enabled", "properties.publicNetworkAccess", ENABLED },
    { "azurerm_key_vault", "soft_delete_retention_days", "properties.softDeleteRetentionInDays", AS_IS },
    { "azurerm_kubernetes_cluster", "private_cluster_enabled",
      "properties.apiServerAccessProfile.enablePrivateCluster", AS_IS },
    { "azurerm_kubernetes_cluster", "local_account_disabled", "properties.disableLocalAccounts", AS_IS },
    { "azurerm_kubernetes_cluster", "role_based_access_control_enabled", "properties.enableRBAC", AS_IS },
    { "azurerm_linux_virtual_machine", "size", "properties.hardwareProfile.vmSize", AS_IS },
    { "azurerm_linux_virtual_machine", "disable_password_authentication",
      "properties.osProfile.linuxConfiguration.disablePasswordAuthentication", AS_IS },
    { "azurerm_linux_virtual_machine", "encryption_at_host_enabled",
      "properties.securityProfile.encryptionAtHost", AS_IS },
    { "azurerm_linux_web_app", "client_certificate_enabled", "properties.clientCertEnabled", AS_IS },
    { "azurerm_linux_web_app", "https_only", "properties.httpsOnly", AS_IS },
    { "azurerm_linux_web_app", "public_network_access_enabled", "properties.publicNetworkAccess", ENABLED },
    { "azurerm_linux_web_app", "site_config.0.ftps_state", "properties.siteConfig.ftpsState", AS_IS },
    { "azurerm_linux_web_app", "site_config.0.minimum_tls_version", "properties.siteConfig.minTlsVersion",
      AS_IS },
    { "azurerm_linux_web_app", "site_config.0.remote_debugging_enabled",
      "properties.siteConfig.remoteDebuggingEnabled", AS_IS },
    { "azurerm_mssql_server", "minimum_tls_version", "properties.minimalTlsVersion", AS_IS },
    { "azurerm_mssql_server", "public_network_access_enabled", "properties.publicNetworkAccess", ENABLED },
    { "azurerm_network_security_rule", "access", "properties.access", AS_IS },
    { "azurerm_network_security_rule", "destination_port_range", "properties.destinationPortRange", AS_IS },
    { "azurerm_network_security_rule", "direction", "properties.direction", AS_IS },
    { "azurerm_network_security_rule", "protocol", "properties.protocol", AS_IS },
    { "azurerm_network_security_rule", "source_address_prefix", "properties.sourceAddressPrefix", AS_IS },
    { "azurerm_redis_cache", "non_ssl_port_enabled", "properties.enableNonSslPort", AS_IS },
    { "azurerm_redis_cache", "minimum_tls_version", "properties.minimumTlsVersion", AS_IS },
    { "azurerm_redis_cache", "public_network_access_enabled", "properties.publicNetworkAccess", ENABLED },
    { "azurerm_storage_account", "account_kind", "kind", AS_IS },
    { "azurerm_storage_account", "allow_nested_items_to_be_public", "properties.allowBlobPublicAccess",
      AS_IS },
    { "azurerm_storage_account", "shared_access_key_enabled", "properties.allowSharedKeyAccess", AS_IS },
    { "azurerm_storage_account", "infrastructure_encryption_enabled",
      "properties.encryption.requireInfrastructureEncryption", AS_IS },
    { "azurerm_storage_account", "min_tls_version", "properties.minimumTlsVersion", AS_IS },
    { "azurerm_storage_account", "network_rules.0.default_action", "properties.networkAcls.defaultAction",
      AS_IS },
    { "azurerm_storage_account", "public_network_access_enabled", "properties.publicNetworkAccess", ENABLED },
    { "azurerm_storage_account", "https_traffic_only_enabled", "properties.supportsHttpsTrafficOnly", AS_IS },
};
enum { N_MAPPED = sizeof MAPPED / sizeof MAPPED[0] };

static const struct {
    const char *terraform, *arm;
} TYPES[] = {
    { "azurerm_app_service", "Microsoft.Web/sites" },
    { "azurerm_container_registry", "Microsoft.ContainerRegistry/registries" },
    { "azurerm_cosmosdb_account", "Microsoft.DocumentDB/databaseAccounts" },
    { "azurerm_key_vault", "Microsoft.KeyVault/vaults" },
    { "azurerm_kubernetes_cluster", "Microsoft.ContainerService/managedClusters" },
    { "azurerm_linux_virtual_machine", "Microsoft.Compute/virtualMachines" },
    { "azurerm_linux_web_app", "Microsoft.Web/sites" },
    { "azurerm_mssql_server", "Microsoft.Sql/servers" },
    { "azurerm_network_security_rule", "Microsoft.Network/networkSecurityGroups/securityRules" },
    { "azurerm_redis_cache", "Microsoft.Cache/Redis" },
    { "azurerm_storage_account", "Microsoft.Storage/storageAccounts" },
};

struct plan {
    const struct inventory_opts *opts;
    struct arena                *a;
    struct inventory            *out;
};

bool inventory_terraform_fits(const struct json *document)
{
    return json_path(document, S("planned_values.root_module")) && json_get(document, S("format_version"));
}

static str arm_type(str type)
{
    for (size_t i = 0; i < sizeof TYPES / sizeof TYPES[0]; i++)
        if (str_eq(type, str_of(TYPES[i].terraform)))
            return str_of(TYPES[i].arm);
    return STR_NONE;
}

static void write_value(struct json_w *w, const struct json *value, enum form form)
{
    if (form == ENABLED && value->kind == JSON_BOOL)
        json_w_str(w, value->b ? S("Enabled") : S("Disabled"));
    else
        json_w_tree(w, value);
}

static size_t shared_start(str a, str b)
{
    size_t start = 0;
    for (size_t i = 0; i < a.n && i < b.n && a.p[i] == b.p[i]; i++)
        if (a.p[i] == '.')
            start = i + 1;
    return start;
}

static void close_to(struct json_w *w, str before, size_t start)
{
    for (size_t i = start; i < before.n; i++)
        if (before.p[i] == '.')
            json_w_end(w);
}

/* The attributes of the table, nested as ARM nests them. */
static void write_mapped(struct json_w *w, str type, const struct json *values)
{
    str before = STR_NONE;
    for (size_t i = 0; i < N_MAPPED; i++) {
        const struct json *value =
            str_eq(type, str_of(MAPPED[i].type)) ? json_path(values, str_of(MAPPED[i].from)) : NULL;
        str to = str_of(MAPPED[i].to), part;
        if (!value || value->kind == JSON_NULL)
            continue;
        size_t start = shared_start(before, to);
        close_to(w, before, start);
        str rest = str_from(to, start);
        while (str_find_byte(rest, '.') != STR_NPOS && str_split(&rest, '.', &part)) {
            json_w_key(w, part);
            json_w_object(w);
        }
        json_w_key(w, rest);
        write_value(w, value, MAPPED[i].form);
        before = to;
    }
    close_to(w, before, 0);
}

static bool is_sensitive(const struct json *marks, str key)
{
    const struct json *mark = json_get(marks, key);
    if (!mark)
        return false;
    return mark->kind == JSON_BOOL ? mark->b : mark->n > 0;
}

static void write_values(struct json_w *w, const struct json *resource)
{
    const struct json *values = json_get(resource, S("values")),
                      *marks = json_get(resource, S("sensitive_values"));
    for (size_t i = 0; i < values->n; i++) {
        if (is_sensitive(marks, values->members[i].key))
            continue;
        json_w_key(w, values->members[i].key);
        json_w_tree(w, &values->members[i].value);
    }
}

static void write_head(const struct plan *p, struct json_w *w, const struct json *values, str type, str name)
{
    str group = json_str(values, S("resource_group_name"), p->opts->group.n ? p->opts->group : S("default"));
    str parent = json_str(values, S("parent_id"), STR_NONE);
    AUTO_STRBUF id = STRBUF_INIT(8192);
    if (str_starts_ci(parent, S("/subscriptions/")))
        strbuf_addf(&id, STR_FMT "/providers/" STR_FMT "/" STR_FMT, STR_ARG(parent), STR_ARG(type),
                    STR_ARG(name));
    else
        strbuf_addf(&id,
                    "/subscriptions/" STR_FMT "/resourceGroups/" STR_FMT "/providers/" STR_FMT "/" STR_FMT,
                    STR_ARG(p->opts->subscription), STR_ARG(group), STR_ARG(type), STR_ARG(name));
    json_w_kstr(w, S("id"), strbuf_view(&id));
    json_w_kstr(w, S("name"), name);
    json_w_kstr(w, S("type"), type);
    json_w_kstr(w, S("location"),
                json_str(values, S("location"), p->opts->location.n ? p->opts->location : S("global")));
    const struct json *tags = json_get(values, S("tags"));
    json_w_key(w, S("tags"));
    json_w_object(w);
    for (size_t i = 0; tags && tags->kind == JSON_OBJECT && i < tags->n; i++)
        if (tags->members[i].value.kind == JSON_STRING)
            json_w_kstr(w, tags->members[i].key, tags->members[i].value.s);
    json_w_end(w);
}

/* type "Microsoft.X/y@2023-01-01", body as an object or as its text. */
static enum rc take_azapi(const struct plan *p, const struct json *values, struct err *err)
{
    str typed = json_str(values, S("type"), STR_NONE), type = str_slice(typed, 0, str_find_byte(typed, '@'));
    const struct json *body = json_get(values, S("body"));
    AUTO_STRBUF        text = STRBUF_INIT(MAX_DOCUMENT);
    struct json_w      w = json_w_make(&text);
    if (body && body->kind == JSON_STRING)
        TRY(json_parse(p->a, body->s, &body, err));
    json_w_object(&w);
    write_head(p, &w, values, type, json_str(values, S("name"), STR_NONE));
    for (size_t i = 0; body && body->kind == JSON_OBJECT && i < body->n; i++) {
        json_w_key(&w, body->members[i].key);
        json_w_tree(&w, &body->members[i].value);
    }
    json_w_end(&w);
    return inventory_add_text(p->a, p->out, &text, err);
}

static enum rc take_other(const struct plan *p, const struct json *resource, str type, struct err *err)
{
    const struct json *values = json_get(resource, S("values"));
    str arm = arm_type(type), name = json_str(values, S("name"), json_str(resource, S("name"), STR_NONE));
    AUTO_STRBUF   text = STRBUF_INIT(MAX_DOCUMENT);
    struct json_w w = json_w_make(&text);
    json_w_object(&w);
    write_head(p, &w, values, arm.n ? arm : arena_printf(p->a, "Terraform/" STR_FMT, STR_ARG(type)), name);
    if (arm.n) {
        write_mapped(&w, type, values);
    } else {
        json_w_key(&w, S("properties"));
        json_w_object(&w);
        write_values(&w, resource);
        json_w_end(&w);
    }
    json_w_key(&w, S("terraformAddress"));
    json_w_str(&w, json_str(resource, S("address"), STR_NONE));
    json_w_end(&w);
    return inventory_add_text(p->a, p->out, &text, err);
}

static enum rc take_resource(const struct plan *p, const struct json *resource, struct err *err)
{
    const struct json *values = json_get(resource, S("values")), *manifest = json_get(values, S("manifest")),
                      *document;
    str  type = json_str(resource, S("type"), STR_NONE);
    bool managed = str_eq(json_str(resource, S("mode"), S("managed")), S("managed"));
    if (!managed || type.n == 0 || !values || values->kind != JSON_OBJECT ||
        inventory_deeper(values, JSON_W_MAX_DEPTH - 8)) {
        p->out->skipped++;
        return RC_OK;
    }
    if (str_eq(type, S("azapi_resource")))
        return take_azapi(p, values, err);
    if (str_eq(type, S("kubernetes_manifest")) && manifest) {
        TRY(inventory_kube_resource(p->a, manifest, p->opts, &document, err));
        return inventory_add(p->a, p->out, document, err);
    }
    return take_other(p, resource, type, err);
}

static enum rc take_module(const struct plan *p, const struct json *module, unsigned depth, struct err *err)
{
    const struct json *resources = json_get(module, S("resources")),
                      *children = json_get(module, S("child_modules"));
    if (depth > MAX_MODULES)
        return err_set(err, RC_LIMIT, "modules of a plan are nested more than %d times", MAX_MODULES);
    for (size_t i = 0; json_at(resources, i); i++)
        TRY(take_resource(p, json_at(resources, i), err));
    for (size_t i = 0; json_at(children, i); i++)
        TRY(take_module(p, json_at(children, i), depth + 1, err));
    return RC_OK;
}

enum rc inventory_terraform_read(struct arena *a, const struct json *document,
                                 const struct inventory_opts *opts, struct inventory *out, struct err *err)
{
    struct plan p = { .opts = opts, .a = a, .out = out };
    return take_module(&p, json_path(document, S("planned_values.root_module")), 0, err);
}
