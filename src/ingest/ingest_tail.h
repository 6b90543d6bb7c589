/* SPDX-License-Identifier: Apache-2.0 */
/* ingest_tail: one log file and the place in it up to which it was read.
 *
 * Finds the place again after a rotation or a restart; see ingest_follow for the law. Threads: one at a time.
 */
#ifndef INGEST_INGEST_TAIL_H
#define INGEST_INGEST_TAIL_H

#include "base/err.h"
#include "base/strbuf.h"

enum {
    INGEST_TAIL_HEAD = 256,
    INGEST_TAIL_PIECE = 256 << 10,
    INGEST_TAIL_ROTATIONS = 16,
    /* Steps without a new line after which a file that was renamed is left: its writer goes on for a moment.
     */
    INGEST_TAIL_PATIENCE = 20,
};

struct ingest_tail {
    char    *path;
    int      fd; /* -1: there is no such file now */
    uint64_t device, inode, offset;
    uint32_t head_n;   /* bytes of the file's start that `head` stands for */
    uint64_t head;     /* a digest of them */
    unsigned idle;     /* steps without a new line since it was renamed */
    int      rotation; /* which of path, path.1, path.2 … is open: 0, 1, 2 … */
};

/* What a step did. */
enum ingest_tail_step {
    INGEST_TAIL_IDLE,      /* nothing new */
    INGEST_TAIL_TEXT,      /* `text` is whole lines */
    INGEST_TAIL_TRUNCATED, /* the file was cut and is read from its start */
    INGEST_TAIL_ROTATED,   /* the next file is open, from its start */
    INGEST_TAIL_GAP,       /* the file of the cursor is gone: what stood behind it there is lost */
};

/* Where there is no cursor: from the file's end, or its start. `step` is INGEST_TAIL_IDLE or _GAP. */
void ingest_tail_open(struct ingest_tail *t, const char *path, str cursor, bool from_end,
                      enum ingest_tail_step *step);
void ingest_tail_close(struct ingest_tail *t);

/* One step; text borrows `buf` (INGEST_TAIL_PIECE bytes and more) until the next. The place has moved behind
 * it. */
must_check enum rc ingest_tail_next(struct ingest_tail *t, struct strbuf *buf, enum ingest_tail_step *step,
                                    str *text, struct err *err);
/* The place as text. */
void ingest_tail_cursor(const struct ingest_tail *t, struct strbuf *out);

#endif
