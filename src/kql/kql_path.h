/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_path: SQL for members of a dynamic: d.a["b"][0]. Threads: no state. */
#ifndef KQL_KQL_PATH_H
#define KQL_KQL_PATH_H

#include "kql/kql_emit.h"

/* The member as dynamic text; '' where there is none. */
void kql_path_emit(struct kql_emit *e, const struct kql_expr *call);
/* The member read as an SQL type straight away: kql_path_emit_as(e, call, "String"). */
void kql_path_emit_as(struct kql_emit *e, const struct kql_expr *call, const char *sql_type);
bool kql_path_is(const struct kql_expr *e);

#endif
