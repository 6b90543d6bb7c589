/* SPDX-License-Identifier: Apache-2.0 */
/* incident/incident_search: keeps the full-text index true, and finds incidents in it.
 *
 * Triggers (migration 070) note each text that has changed; whoever changes incidents, alerts or comments
 * calls incident_search_settle before the transaction is committed. A document's number holds that of its
 * incident, so that finding reads the index and nothing else. Threads: inside the caller's transaction. */
#ifndef INCIDENT_INCIDENT_SEARCH_H
#define INCIDENT_INCIDENT_SEARCH_H

#include "base/arena.h"
#include "state/state_tx.h"

must_check enum rc incident_search_settle(struct state_tx *tx, struct err *err);

struct incident_search_found {
    int64_t *numbers; /* of incidents, rising, each once */
    size_t   n;
};
/* The incidents that hold every word, each in whichever of their documents; words as FTS5 takes them. */
must_check enum rc incident_search_find(struct state_tx *tx, const str *words, size_t n, struct arena *a,
                                        struct incident_search_found *out, struct err *err);
bool               incident_search_holds(const struct incident_search_found *found, int64_t number);

#endif
