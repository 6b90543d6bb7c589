/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_json: values as JSON text in SQL, and JSONPath. Threads: no state. */
#ifndef KQL_KQL_JSON_H
#define KQL_KQL_JSON_H

#include "kql/kql_bind.h"
#include "kql/kql_emit.h"

/* The value of any type as an element of JSON: quoted, or null. */
void kql_json_emit(struct kql_emit *e, const struct kql_expr *x);
/* extract_json('$.a[0]', text [, typeof(…)]) */
struct kql_expr *kql_json_bind_extract(struct kql_binder *b, const struct kql_fn *fn,
                                       const struct kql_node *node, struct kql_expr **args, size_t n);

#endif
