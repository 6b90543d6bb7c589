/* SPDX-License-Identifier: Apache-2.0 */
/* incident/incident_word: words as the full-text index holds them.
 *
 * An address in dotted form (10.1.2.3) is, to the index, four numbers that half of all documents hold; so it
 * also gets it as one word, 10x1x2x3. What people search is the beginning of a word: where few words of the
 * index begin like it they are named one by one, since lists of whole words can be read as far as one needs,
 * while FTS5 puts the list of a beginning together as a whole first. Threads: inside the caller's
 * transaction. */
#ifndef INCIDENT_INCIDENT_WORD_H
#define INCIDENT_INCIDENT_WORD_H

#include "base/arena.h"
#include "base/strbuf.h"
#include "state/state_tx.h"

/* Adds a blank and the one-word form of each address of the text. */
void incident_word_addresses(struct strbuf *out, str text);

/* What FTS5 is to match for documents that hold a word which begins with `word`; empty when there are none.
 */
must_check enum rc incident_word_match(struct state_tx *tx, str word, struct arena *a, str *out,
                                       struct err *err);

#endif
