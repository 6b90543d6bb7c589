/* SPDX-License-Identifier: Apache-2.0 */
#include "http/http_sse.h"

#include <sys/socket.h>
#include <unistd.h>

#include "http_fixture.h"
#include "tests/t.h"

static int listen_in(struct fixture *f)
{
    static const char ASK[] = "GET /events HTTP/1.1\r\nHost: x\r\n\r\n";
    int               fd = fixture_raw(f);

    CHECK(send(fd, ASK, sizeof ASK - 1, MSG_NOSIGNAL) > 0);
    return fd;
}

TEST(what_is_published_reaches_every_listener)
{
    struct fixture f;
    fixture_start(&f, NULL);
    int a = listen_in(&f), b = listen_in(&f);

    CHECK(str_contains(fixture_await(&f, a, ": open"), S("text/event-stream")));
    CHECK(str_contains(fixture_await(&f, b, ": open"), S(": open")));
    http_sse_publish(f.hub, S("incident"), S("{\"id\":1}"));
    CHECK(str_contains(fixture_await(&f, a, "1}\n\n"), S("event: incident\ndata: {\"id\":1}\n\n")));
    CHECK(str_contains(fixture_await(&f, b, "1}\n\n"), S("data: {\"id\":1}\n\n")));
    close(a);
    close(b);
    fixture_stop(&f);
}

TEST(a_silent_stream_beats_and_one_listener_too_many_is_refused)
{
    struct fixture f;
    fixture_start(&f, NULL);
    int a = listen_in(&f), b = listen_in(&f);

    CHECK_SOON(http_sse_listeners(f.hub) == 2);
    CHECK_EQ(fixture_get(&f, "/events").status, 429);
    CHECK(str_contains(fixture_await(&f, a, ": still here"), S(": still here")));
    close(a);
    close(b);
    fixture_stop(&f);
}

TEST(a_listener_that_left_is_forgotten_and_closing_ends_the_streams)
{
    struct fixture f;
    fixture_start(&f, NULL);
    int a = listen_in(&f), b = listen_in(&f);

    CHECK_SOON(http_sse_listeners(f.hub) == 2);
    close(a);
    CHECK_SOON(http_sse_listeners(f.hub) == 1); /* seen at the heartbeat's write */
    http_sse_close(f.hub);
    CHECK(str_ends(fixture_await(&f, b, "0\r\n\r\n"), S("0\r\n\r\n")));
    close(b);
    fixture_stop(&f);
}
