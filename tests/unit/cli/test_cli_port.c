/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli_port.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/auto.h"
#include "tests/t.h"

TEST(a_taken_port_names_its_owner)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t          n = sizeof to;
    char               address[64], who[64];
    struct err         err;
    AUTO_FD            fd = socket(AF_INET, SOCK_STREAM, 0);

    CHECK_EQ(bind(fd, (struct sockaddr *)&to, sizeof to), 0);
    CHECK_EQ(listen(fd, 1), 0);
    CHECK_EQ(getsockname(fd, (struct sockaddr *)&to, &n), 0);
    snprintf(address, sizeof address, "127.0.0.1:%u", ntohs(to.sin_port));
    CHECK_EQ(cli_port_check(address, CLI_PORT_LISTEN, &err), RC_CONFLICT);
    snprintf(who, sizeof who, "taken by process %ld (test_cli_port)", (long)getpid());
    CHECK(str_contains(str_of(err.text), str_of(who)));
    CHECK(str_contains(str_of(err.text), S("--listen")));

    close(auto_fd_take(&fd));
    CHECK_OK(cli_port_check(address, CLI_PORT_LISTEN, NULL));
}

TEST(an_address_of_another_machine_is_refused)
{
    struct err err;
    CHECK_EQ(cli_port_check("192.0.2.1:8443", CLI_PORT_LISTEN, &err), RC_INVALID);
    CHECK(str_contains(str_of(err.text), S("no address of this machine")));
}

TEST(syslog_needs_both_transports)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t          n = sizeof to;
    char               address[64];
    struct err         err;
    AUTO_FD            fd = socket(AF_INET, SOCK_DGRAM, 0);

    CHECK_EQ(bind(fd, (struct sockaddr *)&to, sizeof to), 0);
    CHECK_EQ(getsockname(fd, (struct sockaddr *)&to, &n), 0);
    snprintf(address, sizeof address, "127.0.0.1:%u", ntohs(to.sin_port));
    CHECK_OK(cli_port_check(address, CLI_PORT_LISTEN, NULL));
    CHECK_EQ(cli_port_check(address, CLI_PORT_SYSLOG, &err), RC_CONFLICT);
    CHECK(str_contains(str_of(err.text), S("(test_cli_port)")));
    CHECK(str_contains(str_of(err.text), S("--syslog")));
}
