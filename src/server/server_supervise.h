/* SPDX-License-Identifier: Apache-2.0 */
/* server/server_supervise: keeps engine, intake and server running, in that order up and in reverse down.
 *
 * A child is first started when the one before it is up; after that each is started again on its own, after
 * 0.1 s, twice as long each time, at most 30 s. One that gives no sign of life for `watchdog` is killed. A
 * child that ends three times before all were up once ends the start: the reason is what it logged last.
 * Threads: one, the caller's; it blocks until SIGTERM, SIGINT or SIGHUP. */
#ifndef SERVER_SERVER_SUPERVISE_H
#define SERVER_SERVER_SUPERVISE_H

#include "base/ts.h"
#include "server/server_child.h"

enum { SERVER_SUPERVISE_CHILDREN = 3, SERVER_SUPERVISE_TRIES = 3 };

struct server_supervise {
    struct server_child
                children[SERVER_SUPERVISE_CHILDREN]; /* in order of start; the last one is controlled */
    size_t      n;
    int         log_fd;
    const char *log_path;       /* to quote from; NULL: standard error */
    const char *admin_password; /* wanted for the first start; NULL: one is made up. Wiped once told */
    duration    watchdog;
    void       *ctx;
    /* All are up for the first time. `password` is the one made up, or NULL. */
    void (*ready)(void *ctx, const char *password);
    /* Once a day; true when the last child must be started anew (a certificate was renewed). */
    bool (*daily)(void *ctx);
};

must_check enum rc server_supervise_run(struct server_supervise *s, struct err *err);

#endif
