/* SPDX-License-Identifier: Apache-2.0 */
/* base/json_split: cuts a stream of bytes into JSON documents without parsing them.
 *
 * Takes JSON lines, a top-level array (its elements are the documents) and an object that wraps one in its
 * first member ({"Records":[…]}; also records, value, events, Events, logs). Which one it is is decided by
 * the first bytes. Memory is bounded by `max_document`; a longer or broken document is handed out as refused
 * with a reason and the splitter goes on behind it (lines) or at the next element (arrays). Threads: one at a
 * time. */
#ifndef BASE_JSON_SPLIT_H
#define BASE_JSON_SPLIT_H

#include "base/auto.h"
#include "base/err.h"
#include "base/str.h"

struct json_split;

struct json_split_sink {
    void *ctx;
    /* A document (not yet parsed), with the number of its first line. Return other than RC_OK to stop. */
    enum rc (*document)(void *ctx, str text, uint64_t line, struct err *err);
    enum rc (*refused)(void *ctx, str text_start, uint64_t line, str reason, struct err *err);
    /* May be NULL. A line that looks like one whole document, not looked into: saying that it is *taken*
     * spares its bytes the walk. Otherwise it comes again by the usual way. */
    enum rc (*whole_line)(void *ctx, str text, uint64_t line, bool *taken, struct err *err);
};

struct json_split *json_split_new(struct json_split_sink sink, size_t max_document);
struct json_split *json_split_free(struct json_split *s);
DEFINE_AUTO(json_split, json_split_free)

must_check enum rc json_split_feed(struct json_split *s, str bytes, struct err *err);
must_check enum rc json_split_finish(struct json_split *s, struct err *err); /* the end of the stream */

#endif
