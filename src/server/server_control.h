/* SPDX-License-Identifier: Apache-2.0 */
/* server/server_control: what supervisor and server tell each other, JSON lines over an inherited socket.
 *
 * to the server   {"say":"begin","adminPassword":"…"}            once, first
 *                 {"say":"processes","value":[{"name",…}]}       at every change
 *                 {"say":"ended","name":"engine","how":"killed by signal 9","restarts":1,"waitMs":100}
 *                 {"say":"ping"}                                  answered with alive
 * to the supervisor {"say":"ready"}  {"say":"alive"}
 *                 {"say":"password","value":"…"}                  the one made up for admin
 *
 * So no secret stands in an argument list, an environment or a log. A line has at most SERVER_CONTROL_MAX
 * bytes. Threads: one reads; writes are whole lines, any thread. */
#ifndef SERVER_SERVER_CONTROL_H
#define SERVER_SERVER_CONTROL_H

#include "base/arena.h"
#include "base/json.h"

enum { SERVER_CONTROL_MAX = 16384 };

struct server_control {
    int    fd; /* -1: nobody there, what is said is dropped */
    size_t n;
    char   buf[SERVER_CONTROL_MAX];
};

/* Both ends, close-on-exec; the supervisor's does not block. */
must_check enum rc server_control_pair(int *ours, int *childs, struct err *err);

/* One line; false when the other end is gone or too slow to read. */
bool server_control_say(const struct server_control *c, str line);
bool server_control_say_word(const struct server_control *c, const char *say, str value);

/* The next whole line, parsed into the arena. RC_NOT_FOUND: none yet (a blocking end waits instead);
 * RC_UNAVAILABLE: the other end is gone; RC_LIMIT: a line was lost, too long or for want of memory. What is
 * no JSON is passed over. */
must_check enum rc server_control_next(struct server_control *c, struct arena *a, const struct json **out,
                                       struct err *err);
/* A whole line has been read already: the next call will not wait. */
bool server_control_pending(const struct server_control *c);

#endif
