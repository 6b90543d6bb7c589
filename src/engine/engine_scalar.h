/* SPDX-License-Identifier: Apache-2.0 */
/* engine/engine_scalar: the functions kql_<name> of module scalar, made when a statement first names one.
 *
 * The statement that names it first waits until the engine has compiled the family (a second for 45 KB); the
 * others do not. Threads: `need` is safe from any thread. */
#ifndef ENGINE_ENGINE_SCALAR_H
#define ENGINE_ENGINE_SCALAR_H

#include "engine/engine_chdb.h"

struct engine_scalar;

/* Takes away what an earlier run left in the store under `data`: the engine would compile all of it before it
 * opens. Call it before the store is opened. */
must_check enum rc engine_scalar_forget(const char *data, struct err *err);

struct engine_scalar *engine_scalar_new(const struct engine_chdb *db, int argc, char **argv); /* borrowed */
struct engine_scalar *engine_scalar_free(struct engine_scalar *s);

must_check enum rc engine_scalar_need(struct engine_scalar *s, str sql, struct err *err);

#endif
