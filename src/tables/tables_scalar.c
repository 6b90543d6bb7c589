/* SPDX-License-Identifier: Apache-2.0 */
/* The functions kql_<name> in a ClickHouse of somebody else's: vedette-engine makes them by itself. */
#include "scalar/scalar_install.h"
#include "tables/tables_priv.h"

static enum rc exec(void *ctx, str sql, struct err *err)
{
    return tables_exec(ctx, sql, err);
}

static enum rc make_locked(struct tables *t, str sql, struct err *err)
{
    uint64_t needs = scalar_install_needs(t->scalars, sql);

    TRY(scalar_install(needs, exec, t, err));
    t->scalars |= needs;
    return RC_OK;
}

enum rc tables_scalar_need(struct tables *t, str sql, struct err *err)
{
    if (!t->remote || !scalar_install_needs(t->scalars, sql))
        return RC_OK;
    pthread_mutex_lock(&t->making);
    enum rc rc = make_locked(t, sql, err);
    pthread_mutex_unlock(&t->making);
    return rc;
}
