/* SPDX-License-Identifier: Apache-2.0 */
#include "http/http_server.h"

#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http_fixture.h"
#include "tests/t.h"

static const struct http_server_opts TCP = { .listen = STR_INIT("127.0.0.1:0") };

static void say(int fd, const char *text)
{
    CHECK(send(fd, text, strlen(text), MSG_NOSIGNAL) == (ssize_t)strlen(text));
}

TEST(names_and_values_of_parameters_and_the_path_are_decoded)
{
    struct fixture f;
    fixture_start(&f, NULL);
    struct http_reply r = fixture_get(&f, "/a%2Fb/c%20d?%24filter=x+eq+%27y%26z%27&n=1");

    CHECK_EQ(r.status, 200);
    CHECK_SEQ(http_reply_header(&r, S("x-path")), S("/a/b/c d"));
    CHECK_SEQ(http_reply_header(&r, S("x-raw-path")), S("/a%2Fb/c%20d"));
    CHECK_SEQ(http_reply_header(&r, S("x-filter")), S("x eq 'y&z'"));
    fixture_stop(&f);
}

TEST(a_broken_escape_is_a_bad_request)
{
    struct fixture f;
    fixture_start(&f, NULL);

    CHECK_EQ(fixture_get(&f, "/a?x=%zz").status, 400);
    CHECK_EQ(fixture_get(&f, "/a%00b").status, 400);
    fixture_stop(&f);
}

TEST(a_header_with_a_line_break_is_not_sent)
{
    struct fixture f;
    fixture_start(&f, NULL);
    struct http_reply r = fixture_get(&f, "/");

    CHECK(http_reply_header(&r, S("Injected")).p == NULL);
    CHECK(http_reply_header(&r, S("X-Split")).p == NULL);
    fixture_stop(&f);
}

TEST(cookies_and_bearer_tokens_are_found)
{
    struct fixture         f;
    struct http_reply      r;
    const struct http_pair headers[] = { { STR_INIT("Cookie"), STR_INIT("a=1; vedette_session=\"s3\"; b=2") },
                                         { STR_INIT("Authorization"), STR_INIT("bearer  tok.en ") } };
    const struct http_call call = { .headers = { headers, 2 } };
    fixture_start(&f, NULL);

    CHECK_OK(http_client_call(f.client, &call, f.arena, &r, NULL));
    CHECK_SEQ(http_reply_header(&r, S("x-cookie")), S("s3"));
    CHECK_SEQ(http_reply_header(&r, S("x-bearer")), S("tok.en"));
    fixture_stop(&f);
}

TEST(a_body_up_to_the_limit_is_taken_and_one_more_byte_is_not)
{
    struct fixture                f;
    struct http_reply             r;
    const struct http_server_opts opts = { .max_body = 100000 };
    fixture_start(&f, &opts);
    char *bytes = arena_alloc(f.arena, 100001);
    memset(bytes, 'b', 100001);

    struct http_call call = { .target = S("/e"), .body = str_make(bytes, 100000) };
    CHECK_OK(http_client_call(f.client, &call, f.arena, &r, NULL));
    CHECK_EQ(r.status, 200);
    CHECK_EQ(r.body.n, 100000);
    call.body.n++;
    CHECK_OK(http_client_call(f.client, &call, f.arena, &r, NULL));
    CHECK_EQ(r.status, 413);
    CHECK_SEQ(r.body, S("the body is over 100000 bytes"));
    fixture_stop(&f);
}

TEST(a_chunked_body_over_the_limit_is_refused_in_its_middle)
{
    struct fixture                f;
    const struct http_server_opts opts = { .max_body = 10 };
    fixture_start(&f, &opts);
    int fd = fixture_raw(&f);

    say(fd, "POST /e HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
            "chunked\r\n\r\n8\r\nabcdefgh\r\n8\r\nabcdefgh\r\n0\r\n\r\n");
    CHECK(str_starts(fixture_await(&f, fd, "\r\n"), S("HTTP/1.1 413")));
    close(fd);
    fixture_stop(&f);
}

TEST(expect_continue_is_answered_before_the_body_comes)
{
    struct fixture                f;
    const struct http_server_opts opts = { .max_body = 10 };
    fixture_start(&f, &opts);
    int fd = fixture_raw(&f);

    say(fd, "POST /e HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
    CHECK(str_starts(fixture_await(&f, fd, "\r\n\r\n"), S("HTTP/1.1 100")));
    say(fd, "hello");
    CHECK(str_ends(fixture_await(&f, fd, "hello"), S("hello")));
    close(fd);
    fd = fixture_raw(&f);
    say(fd, "POST /e HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\n");
    CHECK(str_starts(fixture_await(&f, fd, "\r\n"), S("HTTP/1.1 413")));
    close(fd);
    fixture_stop(&f);
}

TEST(a_refusal_in_begin_does_not_read_the_body)
{
    struct fixture    f;
    struct http_call  call = { .target = S("/forbidden"), .body = S("secret") };
    struct http_reply r;
    fixture_start(&f, NULL);

    CHECK_OK(http_client_call(f.client, &call, f.arena, &r, NULL));
    CHECK_EQ(r.status, 403);
    fixture_stop(&f);
}

TEST(headers_too_large_are_answered_431)
{
    struct fixture                f;
    const struct http_server_opts opts = { .max_header_bytes = 2000 };
    fixture_start(&f, &opts);
    struct http_reply r;
    char              big[4000];
    memset(big, 'h', sizeof big);
    const struct http_pair header = { S("X-Big"), str_make(big, sizeof big) };
    const struct http_call call = { .headers = { &header, 1 } };

    CHECK_OK(http_client_call(f.client, &call, f.arena, &r, NULL));
    CHECK_EQ(r.status, 431);
    fixture_stop(&f);
}

TEST(a_client_that_drips_its_headers_is_cut_off)
{
    struct fixture          f;
    struct http_server_opts opts = TCP;
    opts.header_wait = MILLIS(400);
    fixture_start(&f, &opts);
    int fd = fixture_raw(&f);

    say(fd, "GET / HTTP/1.1\r\nHo");
    str got = fixture_drain(&f, fd, 10000); /* returns at once when the server closes */
    CHECK_EQ(got.n, 0);
    char c;
    CHECK_EQ(recv(fd, &c, 1, MSG_DONTWAIT), 0);
    close(fd);
    fixture_stop(&f);
}

TEST(more_connections_than_allowed_are_closed)
{
    struct fixture          f;
    struct http_server_opts opts = TCP;
    opts.max_connections = 2;
    fixture_start(&f, &opts);
    int fds[3];

    for (int i = 0; i < 3; i++)
        fds[i] = fixture_raw(&f);
    char c;
    CHECK_EQ(recv(fds[2], &c, 1, 0), 0);
    CHECK(http_server_connections(f.server) <= 2);
    for (int i = 0; i < 3; i++)
        close(fds[i]);
    fixture_stop(&f);
}

static void *get_sleep(void *arg)
{
    struct http_reply r = fixture_get(arg, "/sleep");
    CHECK_EQ(r.status, 200);
    return NULL;
}

TEST(a_handler_longer_than_the_idle_time_still_answers)
{
    struct fixture          f;
    struct http_server_opts opts = TCP;
    opts.idle_wait = SECONDS(1);
    fixture_start(&f, &opts);

    CHECK_EQ(fixture_get(&f, "/sleep").status, 200);
    fixture_stop(&f);
}

TEST(stopping_waits_for_requests_under_way)
{
    struct fixture f;
    pthread_t      thread;
    fixture_start(&f, NULL);

    CHECK_EQ(pthread_create(&thread, NULL, get_sleep, &f), 0);
    CHECK_SOON(f.begun == 1);
    http_server_stop(f.server, SECONDS(10));
    pthread_join(thread, NULL);
    CHECK_EQ(f.ended, 1);
    CHECK_EQ(f.unsent, 0);
    fixture_stop(&f);
}

TEST(a_handler_can_see_that_its_client_left)
{
    struct fixture f;
    fixture_start(&f, NULL);
    int fd = fixture_raw(&f);

    say(fd, "GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK_SOON(f.begun == 1);
    close(fd);
    CHECK_SOON(f.ended == 1);
    CHECK(f.saw_gone);
    fixture_stop(&f);
}

TEST(a_taken_port_and_a_taken_socket_are_conflicts)
{
    struct fixture            f, g;
    struct http_server       *second = NULL;
    const struct http_handler none = { 0 };
    struct err                err;
    char                      listen[96];
    fixture_start(&f, &TCP);
    fixture_start(&g, NULL);

    (void)snprintf(listen, sizeof listen, "127.0.0.1:%d", http_server_port(f.server));
    struct http_server_opts opts = { .listen = str_of(listen) };
    CHECK_EQ(http_server_new(&opts, &none, &second, &err), RC_CONFLICT);
    CHECK(str_ends(str_of(err.text), S("is taken by another program: stop it or listen elsewhere")));
    (void)snprintf(listen, sizeof listen, "unix:%s/s", g.dir);
    opts.listen = str_of(listen);
    CHECK_EQ(http_server_new(&opts, &none, &second, &err), RC_CONFLICT);
    fixture_stop(&f);
    fixture_stop(&g);
}

TEST(pieces_of_a_body_go_to_the_sink)
{
    struct fixture    f;
    struct http_reply r;
    fixture_start(&f, NULL);
    char *bytes = arena_alloc(f.arena, 3000000);

    struct http_call call = { .target = S("/sink"), .body = str_make(bytes, 3000000) };
    CHECK_OK(http_client_call(f.client, &call, f.arena, &r, NULL));
    CHECK_EQ(f.sunk, 3000000);
    call.target = S("/sink?refuse");
    CHECK_OK(http_client_call(f.client, &call, f.arena, &r, NULL));
    CHECK_EQ(r.status, 400);
    CHECK_SEQ(r.body, S("the sink refuses"));
    CHECK(f.sunk < 4000000);
    fixture_stop(&f);
}

TEST(a_stream_is_sent_whole_and_gzipped_when_asked)
{
    struct fixture    f;
    struct http_reply r;
    fixture_start(&f, NULL);

    CHECK_EQ(fixture_get(&f, "/count?n=5000000").body.n, 5000000);
    struct http_call call = { .target = S("/count?n=5000000"), .gzip = true };
    CHECK_OK(http_client_call(f.client, &call, f.arena, &r, NULL));
    CHECK_SEQ(http_reply_header(&r, S("Content-Encoding")), S("gzip"));
    CHECK_EQ(r.body.n, 5000000);
    CHECK(r.body.p[4999999] == 'x');
    fixture_stop(&f);
}

TEST(a_stream_that_breaks_off_is_no_whole_answer)
{
    struct fixture         f;
    struct http_reply      r;
    const struct http_call call = { .target = S("/count?n=5000000&fail=1") };
    fixture_start(&f, NULL);

    CHECK_EQ(http_client_call(f.client, &call, f.arena, &r, NULL), RC_UNAVAILABLE);
    fixture_stop(&f);
}
