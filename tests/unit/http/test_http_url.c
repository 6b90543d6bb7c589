/* SPDX-License-Identifier: Apache-2.0 */
#include "http/http_url.h"

#include "tests/t.h"

TEST(parameters_keep_their_order_and_empty_values)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct http_pairs p;

    CHECK_OK(http_url_params(a, S("b=2&&a=1&flag&c=&a=3"), &p, NULL));
    CHECK_EQ(p.n, 5);
    CHECK_SEQ(p.p[0].name, S("b"));
    CHECK_SEQ(http_pairs_get(p, S("a")), S("1"));
    CHECK(http_pairs_has(p, S("flag")));
    CHECK(http_pairs_get(p, S("c")).p != NULL);
    CHECK(!http_pairs_has(p, S("d")));
}

TEST(more_parameters_than_the_limit_are_refused)
{
    AUTO(arena) a = arena_new(1 << 20);
    AUTO_STRBUF       q = STRBUF_INIT(10000);
    struct http_pairs p;

    for (int i = 0; i <= HTTP_URL_MAX_PARAMS; i++)
        strbuf_addz(&q, "a=1&");
    CHECK_EQ(http_url_params(a, strbuf_view(&q), &p, NULL), RC_LIMIT);
}

TEST(what_is_added_reads_back)
{
    AUTO(arena) a = arena_new(1 << 20);
    AUTO_STRBUF       url = STRBUF_INIT(1000);
    struct http_pairs p;

    strbuf_addz(&url, "/x");
    http_url_add(&url, S("$filter"), S("a eq 'b&c' + ä"));
    http_url_add(&url, S("n"), S("1"));
    CHECK_OK(http_url_params(a, str_from(strbuf_view(&url), 3), &p, NULL));
    CHECK_SEQ(http_pairs_get(p, S("$filter")), S("a eq 'b&c' + ä"));
    CHECK_SEQ(http_pairs_get(p, S("n")), S("1"));
}

TEST(urls_are_taken_apart)
{
    struct http_url u;

    CHECK_OK(http_url_parse(S("https://[::1]:8443/a?b"), &u, NULL));
    CHECK(u.tls);
    CHECK_SEQ(u.host, S("::1"));
    CHECK_EQ(u.port, 8443);
    CHECK_SEQ(u.path, S("/a?b"));
    CHECK_OK(http_url_parse(S("http://h"), &u, NULL));
    CHECK_EQ(u.port, 80);
    CHECK_SEQ(u.path, S("/"));
    CHECK_EQ(http_url_parse(S("ftp://h"), &u, NULL), RC_INVALID);
    CHECK_EQ(http_url_parse(S("http://h:0"), &u, NULL), RC_INVALID);
    CHECK_EQ(http_url_parse(S("http:///x"), &u, NULL), RC_INVALID);
}
