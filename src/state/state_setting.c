/* SPDX-License-Identifier: Apache-2.0 */
#include "state/state_setting.h"

#include "state/state_stmt.h"

enum rc state_setting_get(struct state_tx *tx, str name, struct arena *a, str *out, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    TRY(state_stmt_one(tx, "SELECT value FROM settings WHERE name = ?", STATE_ARGS(STATE_S(name)), &st, err));
    *out = state_stmt_str_in(st, 0, a);
    return RC_OK;
}

enum rc state_setting_put(struct state_tx *tx, str name, str value, struct err *err)
{
    return state_stmt_run(
        tx, "INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        STATE_ARGS(STATE_S(name), STATE_S(value)), err);
}
