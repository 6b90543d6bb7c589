/* SPDX-License-Identifier: Apache-2.0 */
#include "http/http_client.h"

#include <pthread.h>
#include <unistd.h>

#include "http_fixture.h"
#include "tests/t.h"

static bool after_three(void *ctx)
{
    return ++*(int *)ctx > 3;
}

TEST(a_reply_over_the_limit_is_refused)
{
    struct fixture    f;
    struct http_reply r;
    struct err        err;
    struct http_call  call = { .target = S("/count?n=1000"), .max_reply = 1000 };
    fixture_start(&f, NULL);

    CHECK_OK_ERR(http_client_call(f.client, &call, f.arena, &r, &err), &err);
    call.max_reply = 999;
    CHECK_EQ(http_client_call(f.client, &call, f.arena, &r, &err), RC_LIMIT);
    CHECK_STR(err.text, "the reply is over 999 bytes");
    fixture_stop(&f);
}

TEST(a_call_ends_in_time_or_when_it_is_cancelled)
{
    struct fixture    f;
    struct http_reply r;
    int               asked = 0;
    struct http_call  call = { .target = S("/sleep"), .wait = MILLIS(200) };
    fixture_start(&f, NULL);

    CHECK_EQ(http_client_call(f.client, &call, f.arena, &r, NULL), RC_TIMEOUT);
    call.wait = SECONDS(20);
    call.cancelled = after_three;
    call.cancel_ctx = &asked;
    CHECK_EQ(http_client_call(f.client, &call, f.arena, &r, NULL), RC_CANCELLED);
    call.cancelled = NULL;
    call.idle = MILLIS(200);
    CHECK_EQ(http_client_call(f.client, &call, f.arena, &r, NULL), RC_TIMEOUT);
    fixture_stop(&f);
}

TEST(nobody_listening_is_unavailable)
{
    struct http_client *c = NULL;
    struct http_reply   r;
    struct err          err;
    AUTO(arena) a = arena_new(1 << 20);
    const struct http_client_opts opts = { .unix_socket = S("/tmp/vedette-there-is-none") };
    const struct http_call        call = { 0 };

    CHECK_OK(http_client_new(&opts, &c, NULL));
    CHECK_EQ(http_client_call(c, &call, a, &r, &err), RC_UNAVAILABLE);
    http_client_free(c);
}

TEST(a_connection_is_used_again)
{
    struct fixture          f;
    struct http_server_opts opts = { .listen = S("localhost:0") };
    fixture_start(&f, &opts);

    for (int i = 0; i < 20; i++)
        CHECK_EQ(fixture_get(&f, "/").status, 200);
    CHECK_EQ(http_server_connections(f.server), 1);
    fixture_stop(&f);
}

static void *many(void *arg)
{
    struct fixture *f = arg;
    AUTO(arena) a = arena_new(8 << 20);

    for (int i = 0; i < 100; i++) {
        struct http_call  call = { .target = S("/e"), .body = S("{\"a\":1}") };
        struct http_reply r = { 0 };
        CHECK_OK(http_client_call(f->client, &call, a, &r, NULL));
        CHECK_SEQ(r.body, S("{\"a\":1}"));
        arena_reset(a);
    }
    return NULL;
}

TEST(threads_share_a_client)
{
    struct fixture f;
    pthread_t      threads[4];
    fixture_start(&f, NULL);

    for (int i = 0; i < 4; i++)
        CHECK_EQ(pthread_create(&threads[i], NULL, many, &f), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    fixture_stop(&f); /* a client has its answer a moment before the server calls the request ended */
    CHECK_EQ(f.ended, 400);
}
