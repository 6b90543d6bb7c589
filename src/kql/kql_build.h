/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_build: expressions made from bound arguments: calls and operators, checked, converted and folded.
 * Functions that give a pointer give NULL after a report.
 * Ownership: the arena of the binder. Threads: no state. */
#ifndef KQL_KQL_BUILD_H
#define KQL_KQL_BUILD_H

#include "kql/kql_bind.h"

/* A call by name. */
struct kql_expr *kql_build_call(struct kql_binder *b, const char *name, struct kql_span span,
                                struct kql_expr **args, size_t n);
#define KQL_CALL1(b, name, x) kql_build_call(b, name, (x)->span, (struct kql_expr *[]) { x }, 1)
#define KQL_CALL2(b, name, x, y) kql_build_call(b, name, (x)->span, (struct kql_expr *[]) { x, y }, 2)
#define KQL_CALL3(b, name, x, y, z) kql_build_call(b, name, (x)->span, (struct kql_expr *[]) { x, y, z }, 3)

/* The call of a row: arguments checked and converted, the type found, constants folded. */
struct kql_expr *kql_build_of(struct kql_binder *b, const struct kql_fn *fn, struct kql_span span,
                              struct kql_expr **args, size_t n);

/* The call of a row as it stands, without any check. Copies the array of arguments. */
struct kql_expr *kql_build_raw(struct kql_binder *b, const struct kql_fn *fn, enum kql_type type,
                               struct kql_span span, struct kql_expr *const *args, size_t n);

/* An operator by its sign, by the rules for its operands' types. */
struct kql_expr *kql_build_operator(struct kql_binder *b, str sign, struct kql_span span,
                                    struct kql_expr **args, size_t n);

#endif
