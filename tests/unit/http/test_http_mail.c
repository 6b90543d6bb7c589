/* SPDX-License-Identifier: Apache-2.0 */
#include "http/http_mail.h"

#include "base/strbuf.h"
#include "tests/t.h"

static const str TO[] = { STR_INIT("a@example.org"), STR_INIT("b@example.org") };

TEST(nothing_in_a_subject_or_a_text_becomes_a_header_or_the_end)
{
    AUTO_STRBUF             out = STRBUF_INIT(1 << 20);
    struct http_mail_server server = { .host = S("localhost:25"), .from = S("v@example.org") };
    struct http_mail        mail = { .to = TO,
                                     .n_to = 2,
                                     .subject = S("ü\r\nBcc: x@example.org"),
                                     .text = S("\r\n.\r\nMAIL FROM:<x>\r\n"),
                                     .id = S("1@example.org"),
                                     .date = ts_from_unix(1767323045, 0) };

    http_mail_print(&server, &mail, &out);
    str text = strbuf_view(&out);
    CHECK(str_find(text, S("Bcc:")) == STR_NPOS);
    CHECK(str_find(text, S("MAIL FROM")) == STR_NPOS);
    CHECK(str_find(text, S("\r\n.\r\n")) == STR_NPOS);
    CHECK(str_contains(text, S("Subject: =?UTF-8?B?")));
    CHECK(str_contains(text, S("To: <a@example.org>,\r\n <b@example.org>\r\n")));
    CHECK(str_contains(text, S("Date: Fri, 02 Jan 2026 03:04:05 +0000\r\n")));
}

TEST(no_line_is_longer_than_mail_allows_and_words_hold_whole_characters)
{
    AUTO_STRBUF out = STRBUF_INIT(1 << 20), subject = STRBUF_INIT(4096), body = STRBUF_INIT(100000);
    struct http_mail_server server = { .host = S("localhost:25"), .from = S("v@example.org") };

    for (int i = 0; i < 60; i++)
        strbuf_addz(&subject, "日本");
    for (int i = 0; i < 50000; i++)
        strbuf_addc(&body, 'x');
    struct http_mail mail = { .to = TO,
                              .n_to = 1,
                              .subject = strbuf_view(&subject),
                              .text = strbuf_view(&body),
                              .id = S("1@example.org") };
    http_mail_print(&server, &mail, &out);
    str rest = strbuf_view(&out), line;
    while (str_split(&rest, '\n', &line)) {
        CHECK(line.n <= 78);
        if (str_starts(line, S("Subject: ")) || str_starts(line, S(" =?UTF-8?B?")))
            CHECK_EQ((str_find(line, S("?=")) - str_find(line, S("B?")) - 2) % 4, 0);
    }
}

TEST(a_password_goes_over_tls_or_nowhere)
{
    struct http_mail_server server = { .host = S("localhost:1"),
                                       .security = HTTP_MAIL_PLAIN,
                                       .from = S("v@example.org"),
                                       .user = S("u"),
                                       .password = S("p") };
    struct http_mail        mail = { .to = TO, .n_to = 1, .subject = S("s"), .text = S("t"), .id = S("i") };
    struct err              err = { 0 };

    CHECK_EQ(http_mail_send(&server, &mail, &err), RC_INVALID);
    server.user = server.password = STR_NONE;
    CHECK_EQ(http_mail_send(&server, &mail, &err), RC_UNAVAILABLE); /* nobody listens there */
}
