/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_convert: which type becomes which, silently or on demand.
 * Ownership: the arena of the binder. Threads: no state. */
#ifndef KQL_KQL_CONVERT_H
#define KQL_KQL_CONVERT_H

#include "kql/kql_bind.h"

/* Converts as to…() would; the expression itself when it has the type. */
struct kql_expr *kql_convert_cast(struct kql_binder *b, struct kql_expr *e, enum kql_type type);
/* Converts without a word where the language does (int to real, dynamic to what is asked); NULL, unreported,
 * else. */
struct kql_expr *kql_convert_silently(struct kql_binder *b, struct kql_expr *e, enum kql_type type);
/* All of them to their common type; false after a report. */
bool kql_convert_unify(struct kql_binder *b, struct kql_expr **args, size_t n, enum kql_type *type);
/* Whether RE2 takes a pattern; false after a report that says where in it the fault is. */
bool kql_convert_pattern(struct kql_binder *b, str pattern, struct kql_span at);
/* Checks and converts arguments by a signature (kql_fn.args); false after a report. */
bool kql_convert_arguments(struct kql_binder *b, const char *name, const char *signature,
                           struct kql_span span, struct kql_expr **args, size_t n);

#endif
