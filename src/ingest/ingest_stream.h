/* SPDX-License-Identifier: Apache-2.0 */
/* ingest_stream: bytes of one sender in, rows of log tables out.
 *
 * Cuts the bytes into records, decodes each and hands its rows to batches. A record that cannot be taken is a
 * row of IngestErrors, with where it stood and why, and the stream goes on. A record's rows are taken all or
 * none. Memory: one record (INGEST_STREAM_MAX_RECORD), what it becomes, and the batches. Threads: one at a
 * time. */
#ifndef INGEST_INGEST_STREAM_H
#define INGEST_INGEST_STREAM_H

#include "ingest/ingest_batches.h"
#include "ingest/ingest_unit.h"

enum {
    INGEST_STREAM_MAX_RECORD = 8 << 20,
    INGEST_STREAM_MAX_LINE = 1 << 20,
    INGEST_STREAM_RAW_MAX = 32 << 10, /* of a refused record that is kept */
};

enum ingest_stream_kind {
    INGEST_STREAM_RECORDS, /* JSON or lines, as the first byte says: recordings */
    INGEST_STREAM_LINES,   /* lines, each an audit record or else syslog; JSON only from who may give rows */
    INGEST_STREAM_ROWS,    /* JSON objects, all for `table`: the Logs Ingestion API */
};

struct ingest_stream_opts {
    enum ingest_stream_kind kind;
    str                     source; /* for IngestErrors */
    str                     token;  /* the unit's; names its batches */
    str                     table;  /* ROWS: of every record; RECORDS: of those that name none */
    str                     host, address, facility;
    ts                      now;       /* 0: the clock */
    size_t                  max_bytes; /* of batches; 0: 64 MiB */
};

struct ingest_stream;

struct ingest_stream *ingest_stream_new(struct ingest_core *core, const struct ingest_stream_opts *opts);
struct ingest_stream *ingest_stream_free(struct ingest_stream *s);
DEFINE_AUTO(ingest_stream, ingest_stream_free)

/* Other than RC_OK: the unit cannot be stored now (the engine), or RC_INVALID: ROWS got what is no array of
 * objects. */
must_check enum rc ingest_stream_feed(struct ingest_stream *s, str bytes, struct err *err);
/* One line of a LINES stream, with what is known of where it came from. */
must_check enum rc ingest_stream_line(struct ingest_stream *s, str line, struct err *err);
/* What the next lines come from; borrowed until changed. Empty values are those of the options. */
void ingest_stream_from(struct ingest_stream *s, const struct ingest_origin *from, ts now);
/* The end: everything is on disk when this is RC_OK. */
must_check enum rc ingest_stream_finish(struct ingest_stream *s, struct err *err);

uint64_t ingest_stream_records(const struct ingest_stream *s);
uint64_t ingest_stream_refused(const struct ingest_stream *s);
/* {"rows":{"SecurityEvent":123},"refused":4,"duplicate":false} */
void ingest_stream_result(const struct ingest_stream *s, struct strbuf *out);

#endif
