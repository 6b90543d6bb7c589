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

    CHECK(str_contains(fixture_drain(&f, a, 100), S("text/event-stream")));
    CHECK(str_contains(fixture_drain(&f, b, 100), S(": open")));
    http_sse_publish(f.hub, S("incident"), S("{\"id\":1}"));
    CHECK(str_contains(fixture_drain(&f, a, 100), S("event: incident\ndata: {\"id\":1}\n\n")));
    CHECK(str_contains(fixture_drain(&f, b, 100), S("data: {\"id\":1}\n\n")));
    close(a);
    close(b);
    fixture_stop(&f);
}

TEST(a_silent_stream_beats_and_one_listener_too_many_is_refused)
{
    struct fixture f;
    fixture_start(&f, NULL);
    int a = listen_in(&f), b = listen_in(&f);

    usleep(100000);
    CHECK_EQ(http_sse_listeners(f.hub), 2);
    CHECK_EQ(fixture_get(&f, "/events").status, 429);
    usleep(400000);
    CHECK(str_contains(fixture_drain(&f, a, 10), S(": still here")));
    close(a);
    close(b);
    fixture_stop(&f);
}

TEST(a_listener_that_left_is_forgotten_and_closing_ends_the_streams)
{
    struct fixture f;
    fixture_start(&f, NULL);
    int a = listen_in(&f), b = listen_in(&f);

    usleep(100000);
    close(a);
    for (int i = 0; i < 100 && http_sse_listeners(f.hub) > 1; i++)
        usleep(20000); /* seen at the heartbeat's write */
    CHECK_EQ(http_sse_listeners(f.hub), 1);
    http_sse_close(f.hub);
    CHECK(str_ends(fixture_drain(&f, b, 1000), S("0\r\n\r\n")));
    close(b);
    fixture_stop(&f);
}
