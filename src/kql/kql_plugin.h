/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_plugin: what `evaluate` calls, one row each. Threads: const table. */
#ifndef KQL_KQL_PLUGIN_H
#define KQL_KQL_PLUGIN_H

#include "kql/kql_bind.h"

struct kql_plugin {
    const char *name;
    /* The table that the plugin makes of `in`. `schema` has the columns written behind `:`, or is NULL. */
    struct kql_rel *(*bind)(struct kql_binder *b, const struct kql_node *call, const struct kql_node *schema,
                            struct kql_rel *in);
    const char *doc;
    const char *example;
};

extern const struct kql_plugin KQL_PLUGIN_ROWS[]; /* ended by a NULL name */

const struct kql_plugin *kql_plugin_find(str name);

#endif
