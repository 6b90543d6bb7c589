/* SPDX-License-Identifier: Apache-2.0 */
/* ingest_process: every process that starts on this machine, from the kernel's process connector.
 *
 * The kernel says which process replaced its program; what it is stands in /proc and is read at once. A
 * process that is gone by then is counted as missed, as are messages that the kernel dropped (its counters
 * show gaps); once a minute at most, losses are a row of Health. Needs CAP_NET_ADMIN to open, and the first
 * pid and network namespaces; CAP_SYS_PTRACE to see other users' programs. Threads: one of its own, until
 * ingest_core_stop. */
#ifndef INGEST_INGEST_PROCESS_H
#define INGEST_INGEST_PROCESS_H

#include "ingest/ingest_live.h"

struct ingest_process;

/* RC_FORBIDDEN without the right to; RC_UNSUPPORTED where there is no connector. */
must_check enum rc ingest_process_open(struct ingest_core *core, struct ingest_process **out,
                                       struct err *err);
must_check enum rc ingest_process_start(struct ingest_process *p, struct ingest_live *live, struct err *err);
struct ingest_process *ingest_process_stop(struct ingest_process *p);
DEFINE_AUTO(ingest_process, ingest_process_stop)

/* The row of DeviceProcessEvents for a process, as JSON and a line feed; false when it is gone. `proc` is
 * /proc. */
bool ingest_process_row(const char *proc, int pid, ts now, str host, struct strbuf *out);

#endif
