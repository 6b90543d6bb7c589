/* SPDX-License-Identifier: Apache-2.0 */
#include "notify/notify_conf.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "tests/t.h"

static enum rc read_text(struct arena *a, const char *text, mode_t mode, struct notify_conf *out,
                         struct err *err)
{
    char    path[] = "/tmp/notify-XXXXXX";
    int     fd = mkstemp(path);
    enum rc rc;

    CHECK(fd >= 0);
    CHECK_OK(file_write_atomic(path, str_of(text), mode, NULL));
    CHECK(chmod(path, mode) == 0);
    rc = notify_conf_read(a, path, out, err);
    (void)close(fd);
    (void)unlink(path);
    return rc;
}

TEST(a_whole_file_is_read)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct notify_conf c = { 0 };
    struct err         err = { 0 };

    CHECK_OK_ERR(
        read_text(a,
                  "server: mail.example.org:465\nsecurity: tls\nfrom: v@example.org\nuser: u\npassword: "
                  "p\nca: /c.pem\ndigest: weekly\n",
                  0600, &c, &err),
        &err);
    CHECK(c.there);
    CHECK_EQ(c.server.security, HTTP_MAIL_TLS);
    CHECK(str_eq(c.server.password, S("p")));
    CHECK_EQ(c.digest, DAYS(7));
}

TEST(without_a_file_nothing_is_configured)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct notify_conf c = { .there = true };

    CHECK_OK(notify_conf_read(a, "/tmp/there-is-no-such-file", &c, NULL));
    CHECK(!c.there);
}

TEST(what_would_leak_or_mislead_is_refused)
{
    static const struct {
        const char *text;
        mode_t      mode;
        enum rc     rc;
    } ROWS[] = {
        { "server: m:25\nfrom: v@example.org\nuser: u\npassword: p\n", 0644, RC_FORBIDDEN },
        { "server: m:25\nfrom: v@example.org\nsecurity: none\nuser: u\npassword: p\n", 0600, RC_INVALID },
        { "server: m:25\nfrom: v@example.org\nsecurity: maybe\n", 0600, RC_INVALID },
        { "server: u:p@m:25\nfrom: v@example.org\n", 0600, RC_INVALID },
        { "server: m:25\nfrom: nobody\n", 0600, RC_INVALID },
        { "server: m:25\nfrom: v@example.org\ndigest: hourly\n", 0600, RC_INVALID },
        { "server: m:25\nfrom: v@example.org\nsmtpd: yes\n", 0600, RC_INVALID },
        { "from: v@example.org\n", 0600, RC_INVALID },
    };
    AUTO(arena) a = arena_new(1 << 20);
    struct notify_conf c;
    struct err         err = { 0 };

    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++)
        CHECK_EQ(read_text(a, ROWS[i].text, ROWS[i].mode, &c, &err), ROWS[i].rc);
}

TEST(an_address_holds_nothing_that_ends_a_header)
{
    CHECK(notify_conf_address(S("a.b+c@example.org")));
    CHECK(!notify_conf_address(S("a@b@c")));
    CHECK(!notify_conf_address(S("a@example.org\r\nBcc: x@y.z")));
    CHECK(!notify_conf_address(S("<a@example.org>")));
    CHECK(!notify_conf_address(S("@example.org")));
    CHECK(!notify_conf_address(S("a@")));
}
