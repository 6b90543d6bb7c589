/* SPDX-License-Identifier: Apache-2.0 */
/* content/content_read: takes typed values out of a YAML tree and says what is wrong in words with a place.
 *
 * The first thing wrong ends the reading. Messages begin with file and line of the top-level field.
 * Ownership: texts go to the reader's arena. Threads: one reader each. */
#ifndef CONTENT_CONTENT_READ_H
#define CONTENT_CONTENT_READ_H

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/ts.h"

struct content_reader {
    struct arena *arena;
    str           file, text; /* for messages */
    str           field;      /* the top-level field being read */
};

/* RC_INVALID: "file:line: field: message". */
enum rc content_read_refuse(const struct content_reader *r, struct err *err, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* A scalar as text (numbers and truths are printed); at most `max` bytes. */
must_check enum rc content_read_text(const struct content_reader *r, const struct json *v, size_t max,
                                     str *out, struct err *err);
must_check enum rc content_read_bool(const struct content_reader *r, const struct json *v, bool *out,
                                     struct err *err);
must_check enum rc content_read_int(const struct content_reader *r, const struct json *v, int64_t *out,
                                    struct err *err);
must_check enum rc content_read_duration(const struct content_reader *r, const struct json *v, duration *out,
                                         struct err *err);
/* A list of texts; null is empty. */
must_check enum rc content_read_texts(const struct content_reader *r, const struct json *v, const str **out,
                                      size_t *n, struct err *err);

/* 5m, 1h, 7d, 30s; PT5M, P1D; 00:05:00, 1.00:00:00. */
bool content_read_duration_text(str s, duration *out);

#endif
