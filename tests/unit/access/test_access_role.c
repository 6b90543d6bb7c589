/* SPDX-License-Identifier: Apache-2.0 */
#include "access/access_role.h"

#include "base/guid.h"
#include "tests/t.h"

TEST(every_role_has_name_id_doc_and_example_and_they_are_sorted)
{
    str before = S("");
    for (const struct access_role *r = ACCESS_ROLES; r->name.n; r++) {
        guid g;
        CHECK(guid_parse(r->id, &g));
        CHECK(r->doc.n > 10);
        CHECK(str_starts(r->example, S("vedette principal create ")) && str_contains(r->example, r->name));
        CHECK(r->actions[0].n > 0);
        CHECK(str_cmp(before, r->name) < 0);
        CHECK(access_role_find(r->name) == r);
        CHECK(access_role_find(r->id) == r);
        before = r->name;
    }
}

TEST(a_role_is_found_in_any_case_and_by_its_arm_id)
{
    const struct access_role *reader = access_role_find(S("reader"));
    CHECK(reader != NULL);
    CHECK(access_role_find(S("/subscriptions/x/providers/Microsoft.Authorization/roleDefinitions/"
                             "ACDD72A7-3385-48ef-bd42-f606fba81ae7")) == reader);
    CHECK(access_role_find(S("Root")) == NULL);
    CHECK(access_role_find(S("")) == NULL);
}

TEST(each_role_may_do_what_it_says_and_no_more)
{
    static const struct {
        const char *role, *action;
        bool        may;
    } rows[] = {
        { "Owner", "Vedette.Operations/users/write", true },
        { "Contributor", "Microsoft.SecurityInsights/incidents/write", true },
        { "Contributor", "Vedette.Operations/users/write", false },
        { "Contributor", "Vedette.Operations/principals/read", false },
        { "Contributor", "Microsoft.Authorization/roleAssignments/write", false },
        { "Reader", "Microsoft.SecurityInsights/incidents/read", true },
        { "Reader", "Microsoft.SecurityInsights/incidents/write", false },
        { "Reader", "Microsoft.OperationalInsights/workspaces/query/read", true },
        { "Microsoft Sentinel Reader", "Microsoft.SecurityInsights/incidents/comments/read", true },
        { "Microsoft Sentinel Reader", "Microsoft.SecurityInsights/incidents/comments/write", false },
        { "Microsoft Sentinel Reader", "Microsoft.OperationalInsights/workspaces/query/read", true },
        { "Microsoft Sentinel Reader", "Vedette.Operations/import/action", false },
        { "Microsoft Sentinel Responder", "Microsoft.SecurityInsights/incidents/write", true },
        { "Microsoft Sentinel Responder", "Microsoft.SecurityInsights/incidents/comments/write", true },
        { "Microsoft Sentinel Responder", "Microsoft.SecurityInsights/alertRules/write", false },
        { "Microsoft Sentinel Contributor", "Microsoft.SecurityInsights/alertRules/write", true },
        { "Microsoft Sentinel Contributor", "Vedette.Operations/users/write", false },
        { "Monitoring Metrics Publisher", "Microsoft.Insights/Telemetry/Write", true },
        { "Monitoring Metrics Publisher", "Microsoft.OperationalInsights/workspaces/query/read", false },
        { "Monitoring Metrics Publisher", "Microsoft.SecurityInsights/incidents/read", false },
        { "Security Reader", "Microsoft.Security/assessments/read", true },
        { "Security Reader", "Microsoft.Security/assessments/write", false },
        { "User Access Administrator", "Vedette.Operations/principals/write", true },
        { "User Access Administrator", "Microsoft.SecurityInsights/incidents/write", false },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (access_role_allows(access_role_find(str_of(rows[i].role)), str_of(rows[i].action)) !=
            rows[i].may) {
            printf("%s: %s\n", rows[i].role, rows[i].action);
            CHECK(false);
        }
}

TEST(actions_are_compared_without_case_and_whole)
{
    const struct access_role *reader = access_role_find(S("Reader"));
    CHECK(access_role_allows(reader, S("microsoft.security/X/READ")));
    CHECK(!access_role_allows(reader, S("Microsoft.Security/x/readall")));
    CHECK(!access_role_allows(reader, S("read")));
    CHECK(!access_role_allows(reader, S("")));
}

TEST(a_scope_covers_what_is_below_it_by_whole_segments)
{
    CHECK(access_role_scope_covers(S("/"), S("/subscriptions/a")));
    CHECK(access_role_scope_covers(S("/"), S("/")));
    CHECK(access_role_scope_covers(S("/subscriptions/a"), S("/subscriptions/A/resourceGroups/soc")));
    CHECK(access_role_scope_covers(S("/subscriptions/a/"), S("/subscriptions/a")));
    CHECK(!access_role_scope_covers(S("/subscriptions/a"), S("/subscriptions/ab")));
    CHECK(!access_role_scope_covers(S("/subscriptions/a/resourceGroups/soc"), S("/subscriptions/a")));
    CHECK(!access_role_scope_covers(S("/subscriptions/a"), S("/")));
}
