/* SPDX-License-Identifier: Apache-2.0 */
#include "state/state_scopes.h"

#include <unistd.h>

#include "base/file.h"
#include "state/state_setting.h"
#include "tests/t.h"

TEST(names_are_made_at_the_first_start_and_stay)
{
    char dir[] = "/tmp/vedette-scopes-XXXXXX", path[64];
    CHECK(t_folder(dir) != NULL);
    snprintf(path, sizeof path, "%s/state.db", dir);

    AUTO(arena) a = arena_new(1 << 20);
    struct state_scopes first, second;
    guid                g;
    {
        AUTO(state) s = NULL;
        CHECK_OK(state_open(path, &s, NULL));
        CHECK_OK(state_scopes_load(s, env_real(), a, &first, NULL));
    }
    AUTO(state) s = NULL;
    CHECK_OK(state_open(path, &s, NULL));
    CHECK_EQ(state_migrated(s), 0);
    CHECK_OK(state_scopes_load(s, env_real(), a, &second, NULL));

    CHECK(guid_parse(first.tenant_id, &g) && guid_parse(first.subscription_id, &g) &&
          guid_parse(first.customer_id, &g));
    CHECK(!str_eq(first.tenant_id, first.subscription_id));
    CHECK_SEQ(second.tenant_id, first.tenant_id);
    CHECK_SEQ(second.workspace_arm, first.workspace_arm);
    CHECK(str_starts(first.workspace_arm, first.subscription));
    CHECK(str_ends(first.workspace_arm,
                   S("/resourceGroups/soc/providers/Microsoft.OperationalInsights/workspaces/main")));
    CHECK_OK(file_remove_tree(dir, NULL));
}

TEST(a_setting_is_what_was_put_last)
{
    char dir[] = "/tmp/vedette-scopes-XXXXXX", path[64];
    CHECK(t_folder(dir) != NULL);
    snprintf(path, sizeof path, "%s/state.db", dir);
    AUTO(arena) a = arena_new(1 << 20);
    AUTO(state) s = NULL;
    AUTO(state_tx) tx = NULL;
    str v;

    CHECK_OK(state_open(path, &s, NULL));
    CHECK_OK(state_tx_write(s, &tx, NULL));
    CHECK_EQ(state_setting_get(tx, S("mark"), a, &v, NULL), RC_NOT_FOUND);
    CHECK_OK(state_setting_put(tx, S("mark"), S("1"), NULL));
    CHECK_OK(state_setting_put(tx, S("mark"), S("2"), NULL));
    CHECK_OK(state_setting_get(tx, S("mark"), a, &v, NULL));
    CHECK_SEQ(v, S("2"));
    CHECK_OK(state_tx_commit(tx, NULL));
    CHECK_OK(file_remove_tree(dir, NULL));
}
