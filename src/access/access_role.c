/* SPDX-License-Identifier: Apache-2.0 */
/* The built-in roles. Names and ids are Azure's, so that scripts which know them work; what they allow
 * follows Azure's published definitions, with Vedette.Operations beside. A role added here is in docs, in `az
 * role`, and in the answer of roleDefinitions. */
#include "access/access_role.h"

/* Reading that everybody at work needs: where am I, what is there. */
#define SEE_PLACES                                                                                           \
    STR_INIT("Microsoft.Resources/subscriptions/read"),                                                      \
        STR_INIT("Microsoft.Resources/subscriptions/resources/read"),                                        \
        STR_INIT("Microsoft.Resources/subscriptions/resourceGroups/read")
#define READ_LOGS                                                                                            \
    STR_INIT("Microsoft.OperationalInsights/workspaces/read"),                                               \
        STR_INIT("Microsoft.OperationalInsights/workspaces/*/read")
#define READ_OPERATIONS                                                                                      \
    STR_INIT("Vedette.Operations/*/read"), STR_INIT("Vedette.Operations/queries/cancel/action"),             \
        STR_INIT("Vedette.Operations/views/own/action")

const struct access_role ACCESS_ROLES[] = {
    { .name = STR_INIT("Contributor"),
      .id = STR_INIT("b24988ac-6180-42a0-ab88-20f7382dd24c"),
      .doc = STR_INIT("Everything but users, principals and what they hold."),
      .example = STR_INIT("vedette principal create pipeline --role Contributor"),
      .actions = { STR_INIT("*") },
      .not_actions = { STR_INIT("Microsoft.Authorization/*/write"),
                       STR_INIT("Microsoft.Authorization/*/delete"),
                       STR_INIT("Vedette.Operations/principals/*"),
                       STR_INIT("Vedette.Operations/users/*") } },
    { .name = STR_INIT("Log Analytics Contributor"),
      .id = STR_INIT("92aaf0da-9dab-42b6-94a9-d43ce8d16293"),
      .doc = STR_INIT("Reads everything and changes workspaces and their tables."),
      .example = STR_INIT("vedette principal create retention --role 'Log Analytics Contributor'"),
      .actions = { STR_INIT("*/read"), STR_INIT("Microsoft.OperationalInsights/*"),
                   STR_INIT("Vedette.Operations/queries/cancel/action") } },
    { .name = STR_INIT("Log Analytics Reader"),
      .id = STR_INIT("73c42c96-874c-492b-b04d-ab87d138a893"),
      .doc = STR_INIT("Reads everything and runs queries."),
      .example = STR_INIT("vedette principal create dashboard --role 'Log Analytics Reader'"),
      .actions = { STR_INIT("*/read"), STR_INIT("Vedette.Operations/queries/cancel/action") } },
    { .name = STR_INIT("Microsoft Sentinel Contributor"),
      .id = STR_INIT("ab8e14d6-4a74-4a29-9ba8-549422addade"),
      .doc = STR_INIT("Incidents, rules, watchlists and queries; imports recorded logs."),
      .example = STR_INIT("vedette principal create content --role 'Microsoft Sentinel Contributor'"),
      .actions = { STR_INIT("Microsoft.SecurityInsights/*"), SEE_PLACES, READ_LOGS, READ_OPERATIONS,
                   STR_INIT("Microsoft.OperationalInsights/workspaces/savedSearches/*"),
                   STR_INIT("Vedette.Operations/import/action"),
                   STR_INIT("Microsoft.Authorization/*/read") } },
    { .name = STR_INIT("Microsoft Sentinel Reader"),
      .id = STR_INIT("8d289c81-5878-46d4-8554-54e1e3d8b5cb"),
      .doc = STR_INIT("Reads incidents, rules and watchlists, and runs queries."),
      .example = STR_INIT("vedette principal create auditor --role 'Microsoft Sentinel Reader'"),
      .actions = { STR_INIT("Microsoft.SecurityInsights/*/read"), SEE_PLACES, READ_LOGS, READ_OPERATIONS,
                   STR_INIT("Microsoft.Authorization/*/read") } },
    { .name = STR_INIT("Microsoft Sentinel Responder"),
      .id = STR_INIT("3e150937-b8fe-4cfb-8069-0eaf05ecd056"),
      .doc = STR_INIT("As Reader, and works on incidents: assigns, comments, closes, deletes."),
      .example = STR_INIT("vedette principal create soar --role 'Microsoft Sentinel Responder'"),
      .actions = { STR_INIT("Microsoft.SecurityInsights/*/read"),
                   STR_INIT("Microsoft.SecurityInsights/incidents/*"), SEE_PLACES, READ_LOGS, READ_OPERATIONS,
                   STR_INIT("Microsoft.Authorization/*/read") } },
    { .name = STR_INIT("Monitoring Metrics Publisher"),
      .id = STR_INIT("3913510d-42f4-4e42-8a64-420c390055eb"),
      .doc = STR_INIT("Sends logs, and reads none."),
      .example = STR_INIT("vedette principal create forwarder --role 'Monitoring Metrics Publisher'"),
      .actions = { STR_INIT("Microsoft.Insights/Metrics/Write"),
                   STR_INIT("Microsoft.Insights/Telemetry/Write"),
                   STR_INIT("Vedette.Operations/import/action"), SEE_PLACES } },
    { .name = STR_INIT("Owner"),
      .id = STR_INIT("8e3af657-a8ff-443c-a75c-2fe8c4bcb635"),
      .doc = STR_INIT("Everything."),
      .example = STR_INIT("vedette principal create breakglass --role Owner"),
      .actions = { STR_INIT("*") } },
    { .name = STR_INIT("Reader"),
      .id = STR_INIT("acdd72a7-3385-48ef-bd42-f606fba81ae7"),
      .doc = STR_INIT("Reads everything and changes nothing."),
      .example = STR_INIT("vedette principal create inventory --role Reader"),
      .actions = { STR_INIT("*/read") } },
    { .name = STR_INIT("Security Admin"),
      .id = STR_INIT("fb1c8493-542b-48eb-b624-b4c8fea62acd"),
      .doc = STR_INIT("Posture, alerts, incidents and policies; no users."),
      .example = STR_INIT("vedette principal create posture --role 'Security Admin'"),
      .actions = { STR_INIT("Microsoft.Security/*"), STR_INIT("Microsoft.SecurityInsights/*"),
                   STR_INIT("Microsoft.PolicyInsights/*"), STR_INIT("Microsoft.Authorization/*/read"),
                   STR_INIT("Microsoft.Authorization/policy*"), STR_INIT("Vedette.Operations/inventory/*"),
                   STR_INIT("Vedette.Operations/fixes/*"), STR_INIT("Vedette.Operations/policyLibrary/*"),
                   SEE_PLACES, READ_LOGS, READ_OPERATIONS, STR_INIT("Vedette.Operations/import/action") } },
    { .name = STR_INIT("Security Reader"),
      .id = STR_INIT("39bc4728-0917-49c7-9d2c-d95423bc2eb4"),
      .doc = STR_INIT("Reads posture, alerts, incidents and policies, and runs queries."),
      .example = STR_INIT("vedette principal create report --role 'Security Reader'"),
      .actions = { STR_INIT("Microsoft.Security/*/read"), STR_INIT("Microsoft.SecurityInsights/*/read"),
                   STR_INIT("Microsoft.PolicyInsights/*/read"), STR_INIT("Microsoft.Authorization/*/read"),
                   SEE_PLACES, READ_LOGS, READ_OPERATIONS } },
    { .name = STR_INIT("User Access Administrator"),
      .id = STR_INIT("18d7d88d-d35e-4fb5-a5c3-7773c20a72d9"),
      .doc = STR_INIT("Reads everything and manages users, principals and what they hold."),
      .example = STR_INIT("vedette principal create joiner --role 'User Access Administrator'"),
      .actions = { STR_INIT("*/read"), STR_INIT("Microsoft.Authorization/*"),
                   STR_INIT("Vedette.Operations/principals/*"), STR_INIT("Vedette.Operations/users/*") } },
    { .name = { NULL, 0 } },
};

const struct access_role *access_role_find(str name_or_id)
{
    size_t slash = str_rfind_byte(name_or_id, '/');
    str    last = slash == STR_NPOS ? name_or_id : str_from(name_or_id, slash + 1);

    for (const struct access_role *r = ACCESS_ROLES; r->name.n; r++)
        if (str_eq_ci(r->name, last) || str_eq_ci(r->id, last))
            return r;
    return NULL;
}

/* '*' matches any text, slashes too. Linear: the last star is the only place to go back to. */
static bool glob(str pattern, str text)
{
    size_t p = 0, t = 0, star = STR_NPOS, back = 0;

    while (t < text.n) {
        if (p < pattern.n && pattern.p[p] == '*') {
            star = p++;
            back = t;
        } else if (p < pattern.n && str_eq_ci(str_slice(pattern, p, p + 1), str_slice(text, t, t + 1))) {
            p++;
            t++;
        } else if (star != STR_NPOS) {
            p = star + 1;
            t = ++back;
        } else {
            return false;
        }
    }
    while (p < pattern.n && pattern.p[p] == '*')
        p++;
    return p == pattern.n;
}

static bool any_matches(const str *patterns, size_t max, str action)
{
    for (size_t i = 0; i < max && patterns[i].n; i++)
        if (glob(patterns[i], action))
            return true;
    return false;
}

bool access_role_allows(const struct access_role *role, str action)
{
    return any_matches(role->actions, ACCESS_ROLE_MAX_ACTIONS, action) &&
           !any_matches(role->not_actions, sizeof role->not_actions / sizeof role->not_actions[0], action);
}

bool access_role_scope_covers(str held, str scope)
{
    while (held.n > 0 && held.p[held.n - 1] == '/')
        held.n--;
    if (held.n == 0)
        return true; /* "/" */
    if (!str_starts_ci(scope, held))
        return false;
    return scope.n == held.n || scope.p[held.n] == '/';
}
