/* SPDX-License-Identifier: Apache-2.0 */
/* state/state_setting: small named values that modules keep (cursors, marks, switches). Threads: as state. */
#ifndef STATE_STATE_SETTING_H
#define STATE_STATE_SETTING_H

#include "base/arena.h"
#include "state/state_tx.h"

/* RC_NOT_FOUND when it was never set. */
must_check enum rc state_setting_get(struct state_tx *tx, str name, struct arena *a, str *out,
                                     struct err *err);
must_check enum rc state_setting_put(struct state_tx *tx, str name, str value, struct err *err);

#endif
