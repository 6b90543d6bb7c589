/* SPDX-License-Identifier: Apache-2.0 */
/* ingest_follow: log files that others write, read as they grow, without loss or repetition.
 *
 * A file is known by its device, inode and a digest of its first bytes. Renamed and made anew (logrotate's
 * usual way): the old one is read to its end, then the new one. Copied and truncated: read from its start
 * again. Over a restart the place is kept in a cursor; what was rotated meanwhile is found beside it (NAME.1,
 * NAME.2 …) and read. What cannot be found any more is a row of Health. Files that exist at the very first
 * start are read from their end. Threads: one of its own; it ends with ingest_core_stop, before
 * ingest_follow_stop. */
#ifndef INGEST_INGEST_FOLLOW_H
#define INGEST_INGEST_FOLLOW_H

#include "ingest/ingest_live.h"

/* A file to follow, below the folder; ended by an empty name. */
struct ingest_follow_file {
    str  name, doc;
    bool in_journal; /* systemd's journal has the same */
};

extern const struct ingest_follow_file INGEST_FOLLOW_FILES[];

struct ingest_follow;

struct ingest_follow_opts {
    const char *folder;
    bool        skip_journal; /* leave out what the journal has */
};

must_check enum rc    ingest_follow_start(struct ingest_core *core, struct ingest_live *live,
                                          struct ingest_spool *spool, const struct ingest_follow_opts *opts,
                                          struct ingest_follow **out, struct err *err);
struct ingest_follow *ingest_follow_stop(struct ingest_follow *f);
DEFINE_AUTO(ingest_follow, ingest_follow_stop)

#endif
