/* SPDX-License-Identifier: Apache-2.0 */
/* state/state_tx: transactions.
 *
 *     AUTO(state_tx) tx = NULL;
 *     TRY(state_tx_write(state, &tx, err));
 *     TRY(state_stmt_run(tx, "UPDATE users SET name = ? WHERE id = ?", STATE_ARGS(STATE_S(name),
 * STATE_S(id)), err)); return state_tx_commit(tx, err);
 *
 * A write waits for the one before it, at most STATE_TX_WAIT. A read sees one moment and blocks nobody. What
 * was not committed when the scope ends is rolled back. Never hold one over a call to the network. Threads: a
 * transaction belongs to the thread that began it, and a thread holds one at a time. */
#ifndef STATE_STATE_TX_H
#define STATE_STATE_TX_H

#include "base/ts.h"
#include "state/state.h"

#define STATE_TX_WAIT SECONDS(10) /* then RC_UNAVAILABLE */

struct state_tx;

must_check enum rc state_tx_read(struct state *s, struct state_tx **out, struct err *err);
must_check enum rc state_tx_write(struct state *s, struct state_tx **out, struct err *err);
/* On success the change is on disk. Either way only state_tx_free may follow. */
must_check enum rc state_tx_commit(struct state_tx *tx, struct err *err);
struct state_tx   *state_tx_free(struct state_tx *tx); /* rolls back what was not committed */
DEFINE_AUTO(state_tx, state_tx_free)

#endif
