/* SPDX-License-Identifier: Apache-2.0 */
/* state/state_scopes: the tenant, subscription, resource group and workspace of this installation.
 *
 * Made at the first start, never changed after. Threads: plain data once loaded. */
#ifndef STATE_STATE_SCOPES_H
#define STATE_STATE_SCOPES_H

#include "base/arena.h"
#include "base/env.h"
#include "state/state.h"

struct state_scopes {
    str tenant_id, tenant_name;
    str subscription_id, subscription_name;
    str group, workspace, location;
    str customer_id;   /* the workspace id that log clients use */
    str subscription;  /* ARM id: /subscriptions/{id} */
    str workspace_arm; /* ARM id of the workspace */
    ts  created;
};

/* Texts live in the arena. */
must_check enum rc state_scopes_load(struct state *s, const struct env *env, struct arena *a,
                                     struct state_scopes *out, struct err *err);

#endif
