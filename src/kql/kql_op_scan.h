/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_op_scan: row_window_session(), a function over rows in order that is a scan.
 * Ownership: the arena of the binder. Threads: no state. */
#ifndef KQL_KQL_OP_SCAN_H
#define KQL_KQL_OP_SCAN_H

#include "kql/kql_bind.h"

/* The start of the session of each row of *b->window, which is put upon the scan that finds it. `args` are
 * the value and the two distances; rows of different `restart` (or NULL) share no session. */
struct kql_expr *kql_op_scan_session(struct kql_binder *b, struct kql_span span, struct kql_expr **args,
                                     struct kql_col *restart);

#endif
