/* SPDX-License-Identifier: Apache-2.0 */
/* engine/engine_format: what a format of ClickHouse's looks like on the wire.
 *
 * libchdb hands a result out in blocks and writes each as if it were a whole answer: the head of a format
 * that has one stands in every block, and a JSON document is closed behind each. So a format is streamed
 * plain, streamed with the later heads taken off, or not streamed at all. Threads: constant data. */
#ifndef ENGINE_ENGINE_FORMAT_H
#define ENGINE_ENGINE_FORMAT_H

#include "base/str.h"

enum engine_format_shape {
    ENGINE_FORMAT_ROWS,   /* blocks can be put one behind the other */
    ENGINE_FORMAT_LINES,  /* `head` lines of names and types stand before the rows */
    ENGINE_FORMAT_BINARY, /* RowBinaryWithNames(AndTypes): a count and `head` times as many texts */
    ENGINE_FORMAT_WHOLE,  /* one document: has to be written in one go */
};

struct engine_format {
    const char              *name;
    const char              *type; /* Content-Type */
    enum engine_format_shape shape;
    unsigned                 head;
};

extern const struct engine_format ENGINE_FORMAT[]; /* ends with a NULL name */

/* NULL: not one of ClickHouse's that we know. Names are case-sensitive, as they are there. */
const struct engine_format *engine_format_find(str name);
/* How many bytes of a block are its head. */
size_t engine_format_head(const struct engine_format *f, str block);

#endif
