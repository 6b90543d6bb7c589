/* SPDX-License-Identifier: Apache-2.0 */
/* ingest: the intake process. It listens, decodes, normalises and writes batches of rows to the engine.
 *
 * Serves DIR/run/intake.sock (docs/ingest.md lists its routes), follows the host's journal, log files and
 * process starts, and listens for syslog where it is told to. A row is acknowledged after the engine has
 * committed it. Keeps its cursors, ledger and spool in DIR/intake/ and opens nothing else of DIR but run/ and
 * snapshots/.
 *
 * Memory is bounded by `memory_max`: beyond it senders are told to wait (429, 503, a closed TCP window) and
 * followers pause. Threads: called once, from the process's only thread; returns when SIGTERM or SIGINT came
 * and what was accepted has been committed or spooled. */
#ifndef INGEST_INGEST_H
#define INGEST_INGEST_H

#include "base/env.h"
#include "base/err.h"

struct ingest_opts {
    const char *data_dir;    /* DIR of the supervisor, absolute */
    const char *schemas_dir; /* content/schemas */
    const char *engine;      /* its socket's path or http URL; NULL: DIR/run/engine.sock */
    const char *log_dir;     /* the host's log files; NULL: they are not followed. Usually "/var/log" */
    bool journal; /* follow systemd's journal where there is one; files of /var/log that repeat it are then
                     left out */
    bool        processes;  /* take process starts from the kernel; needs CAP_NET_ADMIN, a warning without */
    const char *syslog;     /* ADDR:PORT to take syslog on, UDP and TCP; NULL: not at all */
    unsigned    workers;    /* decoding threads; 0: one a core, at most 8 */
    size_t      memory_max; /* 0: 512 MiB */
    uint64_t    spool_max;  /* bytes on disk while the engine is away; 0: 4 GiB */
    const struct env *env;  /* NULL: the real one */
};

must_check enum rc ingest_run(const struct ingest_opts *opts, struct err *err);

#endif
