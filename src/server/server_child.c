/* SPDX-License-Identifier: Apache-2.0 */
#include "server/server_child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/env.h"

void server_child_init(struct server_child *c, const char *name, const char *program)
{
    *c = (struct server_child) { .name = name, .program = program, .pidfd = -1, .control.fd = -1 };
    server_child_arg(c, program);
}

void server_child_arg(struct server_child *c, const char *arg)
{
    size_t n = 0;
    while (c->argv[n])
        n++;
    if (n + 1 < SERVER_CHILD_MAX_ARGS)
        c->argv[n] = arg;
}

/* Between fork and exec: only calls that are safe there. */
static void become(const struct server_child *c, char **argv, int log_fd, int control_fd, pid_t parent)
{
    sigset_t none;
    int      null = open("/dev/null", O_RDONLY | O_CLOEXEC);

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) /* it died before the call above */
        _exit(127);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setsid(); /* Ctrl-C at a terminal reaches the supervisor alone, which stops us in order */
    dup2(null, STDIN_FILENO);
    dup2(log_fd, STDOUT_FILENO);
    dup2(log_fd, STDERR_FILENO);
    if (control_fd >= 0)
        fcntl(control_fd, F_SETFD, 0);
    execv(c->program, argv);
    dprintf(STDERR_FILENO, "vedette: %s cannot be started: %s\n", c->program, strerror(errno));
    _exit(127);
}

static enum rc spawn(struct server_child *c, int log_fd, int control_fd, struct err *err)
{
    char        number[16];
    const char *argv[SERVER_CHILD_MAX_ARGS];
    pid_t       parent = getpid();

    snprintf(number, sizeof number, "%d", control_fd);
    for (size_t i = 0; i < SERVER_CHILD_MAX_ARGS; i++)
        argv[i] = c->argv[i] && strcmp(c->argv[i], "{control}") == 0 ? number : c->argv[i];
    pid_t pid = fork();
    if (pid < 0)
        return err_errno(err, RC_IO, errno, "starting %s", c->name);
    if (pid == 0)
        become(c, (char **)(uintptr_t)argv, log_fd, control_fd, parent);
    c->pid = pid;
    c->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    return RC_OK;
}

enum rc server_child_start(struct server_child *c, int log_fd, int64_t now, struct err *err)
{
    int control_fd = -1;
    if (c->controlled) {
        c->control.n = 0;
        TRY(server_control_pair(&c->control.fd, &control_fd, err));
    }
    enum rc rc = spawn(c, log_fd, control_fd, err);
    if (control_fd >= 0)
        close(control_fd);
    if (rc != RC_OK)
        return rc;
    c->state = SERVER_CHILD_STARTING;
    c->started = c->answered = now;
    c->restarts += c->starts > 0;
    c->starts++;
    return RC_OK;
}

static void describe(struct server_child *c, int status)
{
    if (WIFSIGNALED(status))
        snprintf(c->how, sizeof c->how, "killed by signal %d (%s)", WTERMSIG(status),
                 sigabbrev_np(WTERMSIG(status)));
    else
        snprintf(c->how, sizeof c->how, "ended with exit status %d", WEXITSTATUS(status));
}

bool server_child_reap(struct server_child *c, int64_t now)
{
    int status;
    if (!c->pid || waitpid(c->pid, &status, WNOHANG) != c->pid)
        return false;
    describe(c, status);
    if (c->pidfd >= 0)
        close(c->pidfd);
    if (c->control.fd >= 0)
        close(c->control.fd);
    c->pidfd = c->control.fd = -1;
    c->pid = 0;
    if (c->state == SERVER_CHILD_UP && now - c->started > SERVER_CHILD_SETTLED)
        c->wait = 0;
    c->wait = c->wait ? c->wait * 2 : SERVER_CHILD_FIRST_WAIT;
    if (c->wait > SERVER_CHILD_MAX_WAIT)
        c->wait = SERVER_CHILD_MAX_WAIT;
    c->next_start = now + c->wait;
    c->state = SERVER_CHILD_DOWN;
    return true;
}

void server_child_signal(struct server_child *c, int sig)
{
    if (c->pid)
        kill(c->pid, sig); /* not yet collected, so the number is still its own */
}

static bool wait_for(int fd, short events, int64_t until)
{
    int64_t       left = until - env_monotonic_ns(env_real());
    struct pollfd p = { .fd = fd, .events = events };
    return left > 0 && poll(&p, 1, (int)(left / 1000000) + 1) == 1;
}

static bool connected(int fd, const char *path)
{
    struct sockaddr_un to = { .sun_family = AF_UNIX };
    if (!str_to_cstr(str_of(path), to.sun_path, sizeof to.sun_path))
        return false;
    return connect(fd, (struct sockaddr *)&to, sizeof to) == 0;
}

bool server_child_asks(const struct server_child *c, int wait_ms)
{
    char    buf[64];
    int64_t until = env_monotonic_ns(env_real()) + (int64_t)wait_ms * 1000000;
    size_t  n = 0;
    AUTO_FD fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0 || !connected(fd, c->socket))
        return false;
    int len = snprintf(buf, sizeof buf, "GET %s HTTP/1.0\r\nHost: vedette\r\n\r\n", c->health);
    if (!wait_for(fd, POLLOUT, until) || send(fd, buf, (size_t)len, MSG_NOSIGNAL) != len)
        return false;
    while (n < sizeof "HTTP/1.1 200" - 1) {
        if (!wait_for(fd, POLLIN, until))
            return false;
        ssize_t got = recv(fd, buf + n, sizeof buf - n, 0);
        if (got <= 0)
            return false;
        n += (size_t)got;
    }
    return memcmp(buf + 8, " 200", 4) == 0;
}

const char *server_child_state_name(enum server_child_state s)
{
    static const char *const NAMES[] = { "down", "starting", "up", "stopping" };
    return NAMES[s];
}

uint64_t server_child_rss(pid_t pid)
{
    char               path[64];
    unsigned long long total, resident = 0;
    snprintf(path, sizeof path, "/proc/%ld/statm", (long)pid);
    FILE *f = pid ? fopen(path, "re") : NULL;
    if (!f)
        return 0;
    if (fscanf(f, "%llu %llu", &total, &resident) != 2)
        resident = 0;
    fclose(f);
    return resident * (uint64_t)sysconf(_SC_PAGESIZE);
}
