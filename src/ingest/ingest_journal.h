/* SPDX-License-Identifier: Apache-2.0 */
/* ingest_journal: systemd's journal, from where it was left, as rows of Syslog.
 *
 * At the very first start it is read from its end. Threads: one of its own, until ingest_core_stop. */
#ifndef INGEST_INGEST_JOURNAL_H
#define INGEST_INGEST_JOURNAL_H

#include "ingest/ingest_live.h"

struct ingest_journal;

/* True where systemd keeps a journal, now. */
bool ingest_journal_is_there(void);

must_check enum rc     ingest_journal_start(struct ingest_core *core, struct ingest_live *live,
                                            struct ingest_spool *spool, struct ingest_journal **out,
                                            struct err *err);
struct ingest_journal *ingest_journal_stop(struct ingest_journal *j);
DEFINE_AUTO(ingest_journal, ingest_journal_stop)

#endif
