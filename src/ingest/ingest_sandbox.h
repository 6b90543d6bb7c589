/* SPDX-License-Identifier: Apache-2.0 */
/* ingest_sandbox: what the intake process gives up once its sockets are open.
 *
 * It parses what strangers send, so it keeps no right that reading logs does not need: capabilities but
 * CAP_DAC_READ_SEARCH (log files of other users) and, where process starts are read, CAP_SYS_PTRACE (their
 * programs) go; new programs, mounts, modules, tracing and the like are refused by seccomp, in every thread.
 * Each layer that could not be had is logged. Call before any thread is started. */
#ifndef INGEST_INGEST_SANDBOX_H
#define INGEST_INGEST_SANDBOX_H

#include <stdbool.h>

struct ingest_sandbox_opts {
    bool reads_processes;
    bool foreign_folder; /* its own folder belongs to another user: CAP_DAC_OVERRIDE must stay */
};

void ingest_sandbox_enter(struct ingest_sandbox_opts opts);

#endif
