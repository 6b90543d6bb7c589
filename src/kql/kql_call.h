/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_call: lets, and calls of what lets and saved functions define: their bodies are bound anew at each
 * call. Ownership: the arena of the binder. Threads: no state. */
#ifndef KQL_KQL_CALL_H
#define KQL_KQL_CALL_H

#include "kql/kql_bind.h"

/* Takes a let, set or declare into the scope. False when the statement is none of these. */
bool kql_call_statement(struct kql_binder *b, const struct kql_node *statement);

/* Whether a lambda gives a table. */
bool kql_call_is_tabular(struct kql_binder *b, const struct kql_scope *lambda);

/* A lambda called for a table or a scalar. `first` is the table that `invoke` puts before the arguments, or
 * NULL. */
struct kql_rel  *kql_call_table(struct kql_binder *b, const struct kql_scope *lambda,
                                const struct kql_node *call, struct kql_rel *first);
struct kql_expr *kql_call_scalar(struct kql_binder *b, const struct kql_scope *lambda,
                                 const struct kql_node *call);

/* A saved function of the catalog. */
struct kql_rel *kql_call_saved(struct kql_binder *b, const struct kql_node *call, struct kql_rel *first);

/* The rows of a watchlist; with an empty alias the aliases that there are. */
struct kql_rel *kql_call_watchlist(struct kql_binder *b, const struct kql_node *node, str alias);

/* materialize(T), table("T"), _GetWatchlist('x'), a lambda or a saved function. */
struct kql_rel *kql_call_tabular(struct kql_binder *b, const struct kql_node *call);

#endif
