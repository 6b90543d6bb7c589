/* SPDX-License-Identifier: Apache-2.0 */
/* A server with a handful of routes for the tests of this folder, and a raw socket to it. */
#ifndef TESTS_UNIT_HTTP_HTTP_FIXTURE_H
#define TESTS_UNIT_HTTP_HTTP_FIXTURE_H

#include "http/http_client.h"
#include "http/http_server.h"
#include "http/http_sse.h"

struct fixture {
    struct http_server *server;
    struct http_client *client;
    struct http_sse    *hub;
    struct arena       *arena;
    char                dir[64];
    _Atomic unsigned    begun, ended, unsent, sunk;
    _Atomic bool        saw_gone;
};

/* `with` may be NULL: the server listens on a unix socket in a folder of its own. */
void fixture_start(struct fixture *f, const struct http_server_opts *with);
void fixture_stop(struct fixture *f);
/* One request with the fixture's client. */
struct http_reply fixture_get(struct fixture *f, const char *target);
/* A connected descriptor to the fixture's TCP port or socket. */
int fixture_raw(struct fixture *f);
/* All that arrives until the other side closes or `ms` have gone; into the fixture's arena. */
str fixture_drain(struct fixture *f, int fd, int ms);
/* What arrives up to that text, or in ten seconds, or until the other side closes. */
str fixture_await(struct fixture *f, int fd, const char *text);

#endif
