/* SPDX-License-Identifier: Apache-2.0 */
#include "state/state_scopes.h"

#include "state/state_stmt.h"

static str made_guid(struct arena *a, const struct env *env)
{
    char text[GUID_TEXT_SIZE];
    return arena_str(a, guid_text(env_guid(env), text));
}

/* Of two processes that start at once, one makes the row and both read it. */
static enum rc make(struct state *s, const struct env *env, struct arena *a, struct err *err)
{
    AUTO(state_tx) tx = NULL;

    TRY(state_tx_write(s, &tx, err));
    TRY(state_stmt_run(
        tx,
        "INSERT INTO scopes VALUES (1, ?, 'Vedette', ?, 'Own machines', 'soc', 'main', ?, 'local', ?)"
        " ON CONFLICT DO NOTHING",
        STATE_ARGS(STATE_S(made_guid(a, env)), STATE_S(made_guid(a, env)), STATE_S(made_guid(a, env)),
                   STATE_I(env_now(env))),
        err));
    return state_tx_commit(tx, err);
}

static enum rc read(struct state *s, struct arena *a, struct state_scopes *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;

    TRY(state_tx_read(s, &tx, err));
    TRY(state_stmt_one(tx,
                       "SELECT tenant_id, tenant_name, subscription_id, subscription_name, resource_group,"
                       " workspace, customer_id, location, created FROM scopes WHERE id = 1",
                       STATE_NO_ARGS, &st, err));
    *out = (struct state_scopes) {
        .tenant_id = state_stmt_str_in(st, 0, a),
        .tenant_name = state_stmt_str_in(st, 1, a),
        .subscription_id = state_stmt_str_in(st, 2, a),
        .subscription_name = state_stmt_str_in(st, 3, a),
        .group = state_stmt_str_in(st, 4, a),
        .workspace = state_stmt_str_in(st, 5, a),
        .customer_id = state_stmt_str_in(st, 6, a),
        .location = state_stmt_str_in(st, 7, a),
        .created = state_stmt_i64(st, 8),
    };
    out->subscription = arena_printf(a, "/subscriptions/" STR_FMT, STR_ARG(out->subscription_id));
    out->workspace_arm = arena_printf(
        a, STR_FMT "/resourceGroups/" STR_FMT "/providers/Microsoft.OperationalInsights/workspaces/" STR_FMT,
        STR_ARG(out->subscription), STR_ARG(out->group), STR_ARG(out->workspace));
    return RC_OK;
}

enum rc state_scopes_load(struct state *s, const struct env *env, struct arena *a, struct state_scopes *out,
                          struct err *err)
{
    TRY(make(s, env, a, err));
    return read(s, a, out, err);
}
