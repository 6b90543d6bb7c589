/* SPDX-License-Identifier: Apache-2.0 */
/* ingest_unit: a stretch of live input, as it came, with how far each source had been read behind it.
 *
 * It is what the spool keeps on disk: a unit that is on disk will be stored, once, whatever happens to this
 * process. Its bytes are its file: a head with a token and a digest, then entries. Threads: one at a time. */
#ifndef INGEST_INGEST_UNIT_H
#define INGEST_INGEST_UNIT_H

#include "base/strbuf.h"
#include "base/ts.h"

enum { INGEST_UNIT_MAX = 16 << 20, INGEST_UNIT_FULL = 4 << 20, INGEST_UNIT_TOKEN = 32 };

/* Where text came from; as in ingest_stream_from. */
struct ingest_origin {
    str  source, address, facility;
    bool rows; /* a line may be a JSON row of any table: of our own sources alone, never of the network's or a
                  file's */
};

struct ingest_unit {
    struct strbuf bytes;
    uint64_t      texts;
};

void ingest_unit_init(struct ingest_unit *u);
void ingest_unit_done(struct ingest_unit *u);
void ingest_unit_clear(struct ingest_unit *u);

/* Whole lines, each ended by a line feed but perhaps the last. */
void ingest_unit_text(struct ingest_unit *u, const struct ingest_origin *from, ts received, str text);
/* The source has been read up to here. */
void ingest_unit_cursor(struct ingest_unit *u, str source, str cursor);
bool ingest_unit_is_empty(const struct ingest_unit *u);

/* Closes the unit under this token (INGEST_UNIT_TOKEN characters): what is to be written. */
str ingest_unit_seal(struct ingest_unit *u, str token);

/* Reads a sealed unit back. RC_CORRUPT when it is not what was sealed. Other than RC_OK from a callback ends
 * it. */
struct ingest_unit_reader {
    void *ctx;
    enum rc (*text)(void *ctx, const struct ingest_origin *from, ts received, str text, struct err *err);
    enum rc (*cursor)(void *ctx, str source, str cursor, struct err *err);
};
must_check enum rc ingest_unit_read(str sealed, str *token, const struct ingest_unit_reader *reader,
                                    struct err *err);

#endif
