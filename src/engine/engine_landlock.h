/* SPDX-License-Identifier: Apache-2.0 */
/* engine/engine_landlock: the kernel's Landlock rules: below the data folder everything, elsewhere reading
 * alone, no program may be started. Called once. */
#ifndef ENGINE_ENGINE_LANDLOCK_H
#define ENGINE_ENGINE_LANDLOCK_H

#include "base/err.h"

/* RC_UNSUPPORTED: the kernel has no Landlock. Needs no_new_privs. */
must_check enum rc engine_landlock_enter(const char *data, struct err *err);

#endif
