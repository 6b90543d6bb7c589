/* SPDX-License-Identifier: Apache-2.0 */
#include "http/http_exchange.h"

#include <unistd.h>

#include "http_fixture.h"
#include "tests/t.h"

TEST(a_body_is_written_and_a_reply_read_piece_by_piece)
{
    struct fixture                f;
    struct http_exchange         *x = NULL;
    struct http_reply             head;
    struct err                    err;
    const struct http_call        call = { .method = S("POST"), .target = S("/echo"), .has_body = true };
    const struct http_server_opts opts = { .max_body = 64 << 20 };
    fixture_start(&f, &opts);
    char *piece = arena_alloc(f.arena, 100000), *got = arena_alloc(f.arena, 70000);
    memset(piece, 'p', 100000);

    CHECK_OK_ERR(http_exchange_open(f.client, &call, &x, &err), &err);
    for (int i = 0; i < 50; i++)
        CHECK_OK_ERR(http_exchange_write(x, str_make(piece, 100000), &err), &err);
    CHECK_OK_ERR(http_exchange_finish(x, &head, &err), &err);
    CHECK_EQ(head.status, 200);
    size_t n, total = 0;
    do {
        CHECK_OK_ERR(http_exchange_read(x, got, 70000, &n, &err), &err);
        total += n;
    } while (n);
    CHECK_EQ(total, 5000000);
    http_exchange_free(x);
    fixture_stop(&f);
}

TEST(leaving_in_the_middle_of_a_reply_closes_the_stream)
{
    struct fixture         f;
    struct http_exchange  *x = NULL;
    struct http_reply      head;
    char                   buf[100];
    size_t                 n;
    const struct http_call call = { .target = S("/count?n=900000000") };
    fixture_start(&f, NULL);

    CHECK_OK(http_exchange_open(f.client, &call, &x, NULL));
    CHECK_OK(http_exchange_finish(x, &head, NULL));
    CHECK_OK(http_exchange_read(x, buf, sizeof buf, &n, NULL));
    CHECK_EQ(n, 100);
    http_exchange_free(x);
    CHECK_SOON(f.unsent == 1);
    fixture_stop(&f);
}

TEST(an_answer_before_the_body_is_sent_is_seen)
{
    struct fixture         f;
    struct http_exchange  *x = NULL;
    struct http_reply      head;
    struct err             err;
    const struct http_call call = { .method = S("POST"), .target = S("/forbidden"), .has_body = true };
    fixture_start(&f, NULL);
    char *piece = arena_alloc(f.arena, 1 << 20);

    CHECK_OK(http_exchange_open(f.client, &call, &x, NULL));
    for (int i = 0; i < 8; i++)
        CHECK_OK_ERR(http_exchange_write(x, str_make(piece, 1 << 20), &err), &err);
    CHECK_OK_ERR(http_exchange_finish(x, &head, &err), &err);
    CHECK_EQ(head.status, 403);
    http_exchange_free(x);
    fixture_stop(&f);
}
