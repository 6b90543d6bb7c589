/* SPDX-License-Identifier: Apache-2.0 */
/* ingest_frame: cuts the bytes of one syslog connection into messages (RFC 6587).
 *
 * "17 <34>1 …" is a counted frame; anything else is a line ended by a line feed or NUL. Which it is is
 * decided anew at each message. Line feeds inside of a counted message become #012, so that it stays one
 * line. Threads: one at a time. */
#ifndef INGEST_INGEST_FRAME_H
#define INGEST_INGEST_FRAME_H

#include "base/strbuf.h"

struct ingest_frame {
    size_t        max;
    struct strbuf part;    /* of a message that is not whole yet */
    uint64_t      left;    /* bytes to come of a counted frame */
    bool          counted; /* inside of one */
    uint64_t      cut;     /* messages that lost their end */
    bool          cutting; /* the present message is one of them */
};

void ingest_frame_init(struct ingest_frame *f, size_t max);
void ingest_frame_done(struct ingest_frame *f);
/* Appends the whole messages to `out`, each followed by a line feed. */
void ingest_frame_feed(struct ingest_frame *f, str bytes, struct strbuf *out);
/* The connection is over: what is left is a message. */
void ingest_frame_finish(struct ingest_frame *f, struct strbuf *out);
/* One message as a line: without line feeds in it or at its end. */
void ingest_frame_line(str message, struct strbuf *out);

#endif
