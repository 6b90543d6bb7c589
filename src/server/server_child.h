/* SPDX-License-Identifier: Apache-2.0 */
/* server/server_child: one process under the supervisor: started, watched, started again with back-off,
 * stopped.
 *
 * A child dies with the supervisor (PR_SET_PDEATHSIG), reads nothing, and writes its log to one descriptor.
 * Times are monotonic nanoseconds of the caller's clock. Threads: the supervisor's one. */
#ifndef SERVER_SERVER_CHILD_H
#define SERVER_SERVER_CHILD_H

#include <sys/types.h>

#include "server/server_control.h"

enum server_child_state { SERVER_CHILD_DOWN, SERVER_CHILD_STARTING, SERVER_CHILD_UP, SERVER_CHILD_STOPPING };

#define SERVER_CHILD_FIRST_WAIT INT64_C(100000000) /* 0.1 s */
#define SERVER_CHILD_MAX_WAIT INT64_C(30000000000) /* 30 s */
#define SERVER_CHILD_SETTLED INT64_C(10000000000)  /* up that long: the back-off begins anew */

enum { SERVER_CHILD_MAX_ARGS = 48, SERVER_CHILD_HOW = 64 };

struct server_child {
    const char *name;
    const char *program;
    const char
        *argv[SERVER_CHILD_MAX_ARGS]; /* ended by NULL; {control} is replaced by the descriptor's number */
    const char *socket;               /* asked GET `health` on; NULL: it says "ready" on its control socket */
    const char *health;
    bool        controlled;

    enum server_child_state state;
    pid_t                   pid;   /* 0 when down */
    int                     pidfd; /* -1 when down */
    struct server_control   control;
    unsigned                restarts;
    unsigned                starts;
    int64_t                 started, answered; /* last start, last sign of life */
    int64_t                 next_start;
    int64_t                 wait;                  /* before the next start */
    bool                    ever_up;               /* since the supervisor began */
    char                    how[SERVER_CHILD_HOW]; /* it ended last */
};

void               server_child_init(struct server_child *c, const char *name, const char *program);
void               server_child_arg(struct server_child *c, const char *arg); /* borrowed */
must_check enum rc server_child_start(struct server_child *c, int log_fd, int64_t now, struct err *err);
/* True when it has ended: collected, described in `how`, and due again at next_start. */
bool server_child_reap(struct server_child *c, int64_t now);
void server_child_signal(struct server_child *c, int sig);
/* Asks its health socket, at most `wait_ms`. A child without one is asked by control and answers later. */
bool server_child_asks(const struct server_child *c, int wait_ms);

const char *server_child_state_name(enum server_child_state s);
uint64_t    server_child_rss(pid_t pid); /* resident bytes, 0 when it is gone */

#endif
