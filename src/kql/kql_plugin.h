/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_plugin: what `evaluate` calls, one row each. Threads: const tables. */
#ifndef KQL_KQL_PLUGIN_H
#define KQL_KQL_PLUGIN_H

#include "kql/kql_bind.h"

struct kql_plugin {
    const char *name;
    /* The table that the plugin makes of `in`. `schema` has the columns written behind `:`, or is NULL. */
    struct kql_rel *(*bind)(struct kql_binder *b, const struct kql_node *call, const struct kql_node *schema,
                            struct kql_rel *in);
    /* A plugin written in the language itself: its arguments and its text (kql_plugin_library.h). */
    const char *args, *body;
    const char *doc;
    const char *example; /* a query */
    const char *yields;  /* its rows as JSON; NULL when they differ from run to run */
};

extern const struct kql_plugin KQL_PLUGINS_COLUMNS[]; /* kql_plugin_columns.c: bag_unpack, pivot */
extern const struct kql_plugin KQL_PLUGINS_LOOKUP[];  /* kql_plugin_lookup.c: ipv4_lookup and its kin */
extern const struct kql_plugin KQL_PLUGINS_MINE[];    /* kql_plugin_mine.c: autocluster, basket, … */
extern const struct kql_plugin KQL_PLUGINS_TIME[];    /* kql_plugin_time.c: activity, sessions, windows */
extern const struct kql_plugin KQL_PLUGINS_ROWS[]; /* kql_plugin_rows.c: narrow, rows_near, sequences, … */

const struct kql_plugin *kql_plugin_find(str name);
/* Walks all rows of all families: start with NULL, ends with NULL. */
const struct kql_plugin *kql_plugin_next(const struct kql_plugin *plugin);
/* Why a plugin of the language is not here; NULL for any other name. */
const char *kql_plugin_refusal(str name);

/* The argument of that name, or the one at that place. NULL when it is not given. */
const struct kql_node *kql_plugin_argument(const struct kql_node *call, const char *name, size_t position);
/* Its constant text; none when it is not given. */
str kql_plugin_text(struct kql_binder *b, const struct kql_node *call, const char *name, size_t position);

#endif
