/* SPDX-License-Identifier: Apache-2.0 */
#include "server/server_control.h"

#include <sys/socket.h>
#include <unistd.h>

#include "tests/t.h"

TEST(lines_arrive_whole_and_in_order)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct server_control *ours = ARENA_NEW(a, struct server_control),
                          *theirs = ARENA_NEW(a, struct server_control);
    const struct json *said;

    CHECK_OK(server_control_pair(&ours->fd, &theirs->fd, NULL));
    CHECK_EQ(server_control_next(ours, a, &said, NULL), RC_NOT_FOUND);
    CHECK(server_control_say_word(theirs, "password", S("a \"quoted\"\nsecret")));
    CHECK_EQ(send(theirs->fd, "no json\n{\"say\":\"rea", 19, 0), 19);
    CHECK_OK(server_control_next(ours, a, &said, NULL));
    CHECK_SEQ(json_str(said, S("value"), STR_NONE), S("a \"quoted\"\nsecret"));
    CHECK_EQ(server_control_next(ours, a, &said, NULL), RC_NOT_FOUND);
    CHECK_EQ(send(theirs->fd, "dy\"}\n", 5, 0), 5);
    CHECK_OK(server_control_next(ours, a, &said, NULL));
    CHECK_SEQ(json_str(said, S("say"), STR_NONE), S("ready"));
    close(theirs->fd);
    CHECK_EQ(server_control_next(ours, a, &said, NULL), RC_UNAVAILABLE);
    CHECK(!server_control_say_word(ours, "ping", STR_NONE));
    close(ours->fd);
}

TEST(a_line_without_an_end_is_bounded)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct server_control *ours = ARENA_NEW(a, struct server_control);
    const struct json     *said;
    static char            flood[SERVER_CONTROL_MAX + 10];
    int                    theirs;

    memset(flood, 'x', sizeof flood);
    CHECK_OK(server_control_pair(&ours->fd, &theirs, NULL));
    CHECK_EQ(send(theirs, flood, sizeof flood, 0), (long)sizeof flood);
    CHECK_EQ(server_control_next(ours, a, &said, NULL), RC_LIMIT);
    close(theirs);
    close(ours->fd);
}
