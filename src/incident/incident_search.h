/* SPDX-License-Identifier: Apache-2.0 */
/* incident/incident_search: keeps the full-text index true, and finds incidents in it.
 *
 * Triggers (migration 070) note each text that has changed; whoever changes incidents, alerts or comments
 * calls incident_search_settle before the transaction is committed. A document's number holds that of its
 * incident, so that finding reads the index and nothing else.
 *
 * Each word may stand in any document of an incident. Of a rare word all incidents are found at once; a
 * common one's list, which runs from the newest incident to the oldest, is read only as far as is asked for,
 * so that a page costs about as much whether 100 incidents hold its words or 100,000. Threads: inside the
 * caller's transaction. */
#ifndef INCIDENT_INCIDENT_SEARCH_H
#define INCIDENT_INCIDENT_SEARCH_H

#include "base/arena.h"
#include "state/state_tx.h"

enum { INCIDENT_SEARCH_WORDS = 16, INCIDENT_SEARCH_FEW = 2000 };

must_check enum rc incident_search_settle(struct state_tx *tx, struct err *err);

struct incident_search;

/* The incidents that hold every word. */
must_check enum rc      incident_search_open(struct state_tx *tx, const str *words, size_t n, struct arena *a,
                                             struct incident_search **out, struct err *err);
struct incident_search *incident_search_free(struct incident_search *s);
DEFINE_AUTO(incident_search, incident_search_free)

/* True when a word is rare: then these, at most INCIDENT_SEARCH_FEW, are the incidents, their numbers
 * falling. */
bool incident_search_few(const struct incident_search *s, const int64_t **numbers, size_t *n);
/* Cheapest when it is asked for falling numbers. */
must_check enum rc incident_search_holds(struct incident_search *s, int64_t number, bool *out,
                                         struct err *err);

#endif
