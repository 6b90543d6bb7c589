/* SPDX-License-Identifier: Apache-2.0 */
/* incident/incident_search: keeps the full-text index true.
 *
 * Triggers (migration 065) note each text that has changed; whoever changes incidents, alerts or comments
 * calls incident_search_settle before the transaction is committed. Threads: inside the caller's transaction.
 */
#ifndef INCIDENT_INCIDENT_SEARCH_H
#define INCIDENT_INCIDENT_SEARCH_H

#include "state/state_tx.h"

must_check enum rc incident_search_settle(struct state_tx *tx, struct err *err);

#endif
