/* SPDX-License-Identifier: Apache-2.0 */
/* ingest_decoder: turns one record of a stranger into rows of log tables.
 *
 * A record is a JSON document or a line of text. INGEST_DECODERS is asked from the top: the first row whose
 * `sniff` says yes decodes it. content/schemas/README.md says which field goes into which column; the
 * decoders are that page in C. To add one: its file, its row, its sample in tests/unit/ingest. Threads: a
 * context belongs to one thread, the schema in it is shared. */
#ifndef INGEST_INGEST_DECODER_H
#define INGEST_INGEST_DECODER_H

#include "ingest/ingest_row.h"
#include "ingest/ingest_schema.h"

struct ingest_audit;

/* One record as it came: a JSON document or, when `json` is NULL, a line. */
struct ingest_record {
    const struct json *json;
    str                text;
};

/* What decoding a record may draw on. All is borrowed. */
struct ingest_ctx {
    struct arena               *arena; /* of the record: reset by the caller between records */
    const struct ingest_schema *schema;
    struct ingest_sink          sink;
    struct ingest_audit        *audit; /* what auditd's records of this stream have told so far */
    ts                          now;  /* of arrival: for records without a time, and for the year of a line */
    str                         host; /* of the sender, for records that name none */
    str                         address;    /* of the sender, or empty */
    str                         table;      /* for records that name none; empty: Imported_CL */
    str                         facility;   /* for lines that carry none; empty: user */
    str                         tag;        /* ProcessName of lines that carry none */
    int                         utc_offset; /* seconds east of UTC of lines without a zone */
};

struct ingest_decoder {
    str name;
    str doc;
    bool (*sniff)(const struct ingest_ctx *ctx, const struct ingest_record *record);
    enum rc (*decode)(struct ingest_ctx *ctx, const struct ingest_record *record, struct err *err);
    str example; /* a record that it takes */
};

extern const struct ingest_decoder INGEST_DECODERS[]; /* ended by a row without a name */

/* The decoder for the record; NULL when none takes it. */
const struct ingest_decoder *ingest_decoder_find(const struct ingest_ctx    *ctx,
                                                 const struct ingest_record *record);

/* RC_UNSUPPORTED when no decoder takes it; else what the decoder says. Rows may have gone to the sink before
 * a failure: the caller takes them back. */
must_check enum rc ingest_decoder_run(struct ingest_ctx *ctx, const struct ingest_record *record,
                                      struct err *err);

#endif
