/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_scalar: emitter: calls of functions of module scalar, which the engine runs as WebAssembly.
 *
 * A row of the function table with `.scalar` and no SQL is emitted by it; it is also for emitters that want
 * to put such a call into theirs. The engine wants the exact types, so every argument is cast. Threads: no
 * state. */
#ifndef KQL_KQL_SCALAR_H
#define KQL_KQL_SCALAR_H

#include "kql/kql_emit.h"

/* kql_<name>(arguments). What the call leaves out at the end is given as missing (scalar.h). Null when an
 * argument is, but for texts, which are then empty. */
void kql_scalar_emit(struct kql_emit *e, const char *name, struct kql_expr *const *args, size_t n);

#endif
