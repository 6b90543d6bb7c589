/* SPDX-License-Identifier: Apache-2.0 */
/* hunt/hunt_stream: queries that go on running (livestream), and the rows that came of them.
 *
 * A stream looks every so often at what was ingested since it was started, below the watermark, so that no
 * row is missed however late its events are. A query that judges each row for itself looks at the new rows
 * only; any other looks at all since the start, and gives those of its rows that it has not given before.
 * Rows and how far it has looked are one transaction: a kill repeats nothing. The newest HUNT_STREAM_KEPT
 * rows stay.
 *
 * Limits: HUNT_STREAM_OF_USER running ones a user, HUNT_STREAM_RUNNING together, HUNT_STREAM_MAX in all; the
 * next is RC_LIMIT. Threads: one of its own; all functions are safe from any. */
#ifndef HUNT_HUNT_STREAM_H
#define HUNT_HUNT_STREAM_H

#include "hunt/hunt.h"
#include "query/query.h"

enum {
    HUNT_STREAM_OF_USER = 5,
    HUNT_STREAM_RUNNING = 25,
    HUNT_STREAM_MAX = 200,
    HUNT_STREAM_KEPT = 1000,
    HUNT_STREAM_BURST = 500, /* rows taken of one look */
};
#define HUNT_STREAM_SOONEST SECONDS(5)
#define HUNT_STREAM_LATEST HOURS(1)
#define HUNT_STREAM_USUAL SECONDS(30)

struct hunt_streams;

struct hunt_stream {
    str                    id, etag, title, query, status, error; /* status: Running, Paused */
    duration               every;
    struct incident_person owner;
    ts                     started, looked_to, modified, last_run;
    str                    columns; /* JSON */
    int64_t                n_rows;  /* that came so far: the last one's seq */
    int64_t                version;
    str                    request;
};

struct hunt_stream_row {
    int64_t seq;
    ts      time; /* when it came */
    str     row;  /* a JSON array */
};

struct hunt_stream_opts {
    struct hunt *hunt; /* borrowed */
    enum rc (*watermark)(void *ctx, ts *out, struct err *err);
    void *watermark_ctx;
    /* From the stream's thread, after rows have been kept; texts for the call. May be NULL. */
    void (*tell)(void *ctx, const struct hunt_stream *s, const struct hunt_stream_row *rows, size_t n);
    void *tell_ctx;
};

must_check enum rc   hunt_stream_open(const struct hunt_stream_opts *opts, struct hunt_streams **out,
                                      struct err *err);
struct hunt_streams *hunt_stream_close(struct hunt_streams *s);

must_check enum rc hunt_stream_list(struct hunt *h, struct arena *a, struct hunt_stream **out, size_t *n,
                                    struct err *err);
must_check enum rc hunt_stream_get(struct hunt *h, str id, struct arena *a, struct hunt_stream *out,
                                   struct err *err);
/* Those with a greater seq than `after`, oldest first, at most `top`. */
struct hunt_stream_page {
    int64_t                 after;
    size_t                  top;
    struct hunt_stream_row *rows; /* the answer */
    size_t                  n;
};
must_check enum rc hunt_stream_rows(struct hunt *h, str id, struct hunt_stream_page *page, struct arena *a,
                                    struct err *err);

struct hunt_stream_put {
    str                      id;
    const struct json       *properties; /* title, query, status, everySeconds; what is absent stays */
    str                      if_match;
    const struct access_who *who;
    str                      request;
};
/* Another query starts it anew: its rows go. RC_INVALID: a query that does not compile, with the place. */
must_check enum rc hunt_stream_put(struct hunt_streams *s, const struct hunt_stream_put *put, struct arena *a,
                                   struct hunt_stream *out, bool *created, struct err *err);
must_check enum rc hunt_stream_delete(struct hunt *h, str id, struct err *err);

#endif
