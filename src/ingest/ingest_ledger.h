/* SPDX-License-Identifier: Apache-2.0 */
/* ingest_ledger: which requests were stored already, so that a sender's repetition writes nothing.
 *
 * Remembers the token of the last INGEST_LEDGER_MAX requests and what was answered, in memory and in a file
 * that is appended to and now and then written anew. A crash may cost the last entries; the engine's own
 * deduplication then catches the repetition. A token that is being worked on makes others of the same token
 * wait. Threads: safe. */
#ifndef INGEST_INGEST_LEDGER_H
#define INGEST_INGEST_LEDGER_H

#include "base/arena.h"
#include "base/auto.h"
#include "base/err.h"
#include "base/ts.h"

enum { INGEST_LEDGER_MAX = 100000, INGEST_LEDGER_RESULT_MAX = 4096 };

struct ingest_ledger;

must_check enum rc    ingest_ledger_open(const char *path, struct ingest_ledger **out, struct err *err);
struct ingest_ledger *ingest_ledger_close(struct ingest_ledger *l);
DEFINE_AUTO(ingest_ledger, ingest_ledger_close)

/* True: the request is the caller's to do, and ends with ingest_ledger_done or _drop. False: it was stored,
 * and `result` is what was answered then. Waits while another thread works on the same token. */
bool ingest_ledger_begin(struct ingest_ledger *l, str token, struct arena *a, str *result);
void ingest_ledger_done(struct ingest_ledger *l, str token, str result);
void ingest_ledger_drop(struct ingest_ledger *l, str token);

#endif
