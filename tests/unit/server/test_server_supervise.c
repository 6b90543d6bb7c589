/* SPDX-License-Identifier: Apache-2.0 */
#include "server/server_supervise.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "base/file.h"
#include "tests/t.h"

/* Answers 200 to everybody on a unix socket and writes to a diary when it comes and goes. */
#define FAKE_PART                                                                                            \
    "import signal, socket, sys\n"                                                                           \
    "name, path, diary = sys.argv[1:4]\n"                                                                    \
    "def note(what): open(diary, 'a').write(f'{name} {what}\\n')\n"                                          \
    "def end(*_): note('ends'); sys.exit(0)\n"                                                               \
    "signal.signal(signal.SIGTERM, end)\n"                                                                   \
    "s = socket.socket(socket.AF_UNIX); s.bind(path); s.listen(); note('comes')\n"                           \
    "while True:\n"                                                                                          \
    "    c, _ = s.accept(); c.recv(999); c.sendall(b'HTTP/1.1 200 OK\\r\\n\\r\\n'); c.close()\n"

struct world {
    char                    dir[64], diary[96], socket[96], log[96];
    struct server_supervise s;
    int                     ready;
};

static void on_ready(void *ctx, const char *password)
{
    struct world *w = ctx;
    w->ready++;
    CHECK_STR(password, "made up");
    kill(getpid(), SIGTERM); /* blocked: the supervisor reads it */
}

static void open_world(struct world *w)
{
    *w = (struct world) { .ready = 0 };
    snprintf(w->dir, sizeof w->dir, "/tmp/test_server_supervise.XXXXXX");
    CHECK(t_folder(w->dir) != NULL);
    snprintf(w->diary, sizeof w->diary, "%s/diary", w->dir);
    snprintf(w->socket, sizeof w->socket, "%s/part.sock", w->dir);
    snprintf(w->log, sizeof w->log, "%s/log", w->dir);
    w->s.log_fd = open(w->log, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    w->s.log_path = w->log;
    w->s.watchdog = SECONDS(60);
    w->s.ctx = w;
    w->s.ready = on_ready;
}

static void close_world(struct world *w)
{
    close(w->s.log_fd);
    CHECK_OK(file_remove_tree(w->dir, NULL));
}

static void add_part(struct world *w)
{
    struct server_child *c = &w->s.children[w->s.n++];
    server_child_init(c, "part", "/usr/bin/python3");
    server_child_arg(c, "-c");
    server_child_arg(c, FAKE_PART);
    server_child_arg(c, "part");
    server_child_arg(c, w->socket);
    server_child_arg(c, w->diary);
    c->socket = w->socket;
    c->health = "/health";
}

/* Reads the first line it is told, tells a password and that it is ready, and waits for the end. */
static void add_server(struct world *w, const char *script)
{
    struct server_child *c = &w->s.children[w->s.n++];
    server_child_init(c, "server", "/bin/sh");
    server_child_arg(c, "-c");
    server_child_arg(c, script);
    server_child_arg(c, "sh");
    server_child_arg(c, "{control}");
    server_child_arg(c, w->diary);
    c->controlled = true;
}

TEST(parts_come_in_order_and_go_in_reverse)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct world *w = ARENA_NEW(a, struct world);
    struct err    err = { 0 };
    str           diary;

    open_world(w);
    add_part(w);
    add_server(w, "read told <&$1; echo \"$told\" >> $2; trap 'echo server ends >> $2; exit 0' TERM;"
                  "echo '{\"say\":\"password\",\"value\":\"made up\"}' >&$1; echo '{\"say\":\"ready\"}' >&$1;"
                  "while :; do sleep 0.05; done");
    CHECK_OK_ERR(server_supervise_run(&w->s, &err), &err);
    CHECK_EQ(w->ready, 1);
    CHECK_OK(file_read(a, w->diary, 4096, &diary, NULL));
    CHECK_SEQ(diary, S("part comes\n{\"say\":\"begin\"}\nserver ends\npart ends\n"));
    close_world(w);
}

TEST(a_start_that_cannot_succeed_is_given_up_with_the_last_words)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct world *w = ARENA_NEW(a, struct world);
    struct err    err = { 0 };

    open_world(w);
    add_server(w, "echo 'the library is missing' >&2; exit 3");
    CHECK_EQ(server_supervise_run(&w->s, &err), RC_UNAVAILABLE);
    CHECK_STR(err.text, "the server ended with exit status 3 before it was ready, 3 times; its last words: "
                        "the library is missing");
    CHECK_EQ(w->ready, 0);
    close_world(w);
}
