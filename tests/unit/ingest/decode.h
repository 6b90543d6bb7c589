/* SPDX-License-Identifier: Apache-2.0 */
/* Decodes text with the real schemas and prints the rows, for the tests of decoders. */
#ifndef TESTS_UNIT_INGEST_DECODE_H
#define TESTS_UNIT_INGEST_DECODE_H

#include "ingest/ingest_decoder.h"

struct decode_result {
    struct strbuf out; /* a line a row: TABLE time {fields} */
    unsigned      rows, refused;
};

/* The schemas of content/schemas, read once. */
const struct ingest_schema *decode_schema(void);
/* JSON documents or lines, each through INGEST_DECODERS; a record that is refused prints "REFUSED code: why".
 */
void decode_text(str text, ts now, struct decode_result *r);
void decode_done(struct decode_result *r);
/* One record, its rows as decode_text prints them. */
void decode_check(str record, str expected, const char *file, int line);

#define DECODES(record, expected) decode_check(str_of(record), str_of(expected), __FILE__, __LINE__)

#endif
