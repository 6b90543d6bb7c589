/* SPDX-License-Identifier: Apache-2.0 */
#include "server/server_child.h"

#include <signal.h>
#include <unistd.h>

#include "base/env.h"
#include "tests/t.h"

static int64_t now(void)
{
    return env_monotonic_ns(env_real());
}

static void shell(struct server_child *c, const char *script)
{
    server_child_init(c, "test", "/bin/sh");
    server_child_arg(c, "-c");
    server_child_arg(c, script);
}

TEST(a_child_that_ends_is_due_again_later_each_time)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct server_child *c = ARENA_NEW(a, struct server_child);
    int64_t              want = SERVER_CHILD_FIRST_WAIT;

    shell(c, "exit 3");
    for (int i = 0; i < 3; i++, want *= 2) {
        CHECK_OK(server_child_start(c, STDERR_FILENO, now(), NULL));
        CHECK_SOON(server_child_reap(c, now()));
        CHECK_STR(c->how, "ended with exit status 3");
        CHECK_EQ(c->state, SERVER_CHILD_DOWN);
        CHECK_EQ(c->wait, want);
        CHECK_EQ(c->restarts, i);
    }
    c->wait = SERVER_CHILD_MAX_WAIT;
    CHECK_OK(server_child_start(c, STDERR_FILENO, now(), NULL));
    CHECK_SOON(server_child_reap(c, now()));
    CHECK_EQ(c->wait, SERVER_CHILD_MAX_WAIT);
}

TEST(the_back_off_begins_anew_after_a_good_while)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct server_child *c = ARENA_NEW(a, struct server_child);

    shell(c, "exec sleep 30");
    c->wait = SERVER_CHILD_MAX_WAIT;
    CHECK_OK(server_child_start(c, STDERR_FILENO, now() - SERVER_CHILD_SETTLED * 2, NULL));
    c->state = SERVER_CHILD_UP;
    server_child_signal(c, SIGKILL);
    CHECK_SOON(server_child_reap(c, now()));
    CHECK_STR(c->how, "killed by signal 9 (KILL)");
    CHECK_EQ(c->wait, SERVER_CHILD_FIRST_WAIT);
}

TEST(a_controlled_child_speaks_through_its_end)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct server_child *c = ARENA_NEW(a, struct server_child);
    const struct json   *said = NULL;

    shell(c, "echo '{\"say\":\"ready\"}' >&$1; exec sleep 30");
    server_child_arg(c, "sh");
    server_child_arg(c, "{control}");
    c->controlled = true;
    CHECK_OK(server_child_start(c, STDERR_FILENO, now(), NULL));
    CHECK_SOON(server_control_next(&c->control, a, &said, NULL) == RC_OK);
    CHECK_SEQ(json_str(said, S("say"), STR_NONE), S("ready"));
    CHECK(server_child_rss(c->pid) > 0);
    server_child_signal(c, SIGTERM);
    CHECK_SOON(server_child_reap(c, now()));
    CHECK_EQ(server_child_rss(c->pid), 0);
}

TEST(a_program_that_is_not_there_ends_at_once)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct server_child *c = ARENA_NEW(a, struct server_child);
    server_child_init(c, "test", "/nonexistent/program");
    CHECK_OK(server_child_start(c, STDERR_FILENO, now(), NULL));
    CHECK_SOON(server_child_reap(c, now()));
    CHECK_STR(c->how, "ended with exit status 127");
}
