/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/engine_probe.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/json.h"
#include "engine/engine_namespace.h"

/* A try returns 0 when it got what it must not get, else the errno of the refusal. */

static int open_path(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC, 0600);
    if (fd < 0)
        return errno;
    close(fd);
    return 0;
}

static int read_passwd(void)
{
    return open_path("/etc/passwd", O_RDONLY);
}

static int write_outside(void)
{
    return open_path("/vedette-probe", O_WRONLY | O_CREAT);
}

/* Process 1, or the parent when that is it: either shows another's memory and root. */
static int read_other_process(void)
{
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/%d/environ", (int)getppid());
    return open_path(path, O_RDONLY);
}

static int inet_socket(void)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return errno;
    close(fd);
    return 0;
}

static int list_root(void)
{
    return open_path("/", O_RDONLY | O_DIRECTORY);
}

/* Sockets are refused by another layer; what this one promises is that there is nothing to reach. */
static int see_network(void)
{
    return engine_namespace_is_cut_off() ? ENETUNREACH : 0;
}

static int start_program(void)
{
    char *argv[] = { NULL };
    char *envp[] = { NULL };

    execve("/proc/self/exe", argv, envp); /* a program that is there, whatever the file tree */
    return errno;
}

static int make_process(void)
{
    pid_t pid = fork();

    if (pid < 0)
        return errno;
    if (pid == 0)
        _exit(0);
    waitpid(pid, NULL, 0);
    return 0;
}

static int trace(void)
{
    return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) < 0 ? errno : 0;
}

static int signal_parent(void)
{
    return kill(getppid(), 0) < 0 ? errno : 0;
}

static int mount_something(void)
{
    return mount("none", "/proc", "tmpfs", 0, NULL) < 0 ? errno : 0;
}

static int new_namespace(void)
{
    return unshare(CLONE_NEWUSER) < 0 ? errno : 0;
}

static int ring(void)
{
    return syscall(SYS_io_uring_setup, 1, NULL) < 0 ? errno : 0;
}

static const struct {
    const char       *what;
    enum engine_layer layer; /* the one that refuses */
    int (*try)(void);
    int expect; /* 0: any refusal; else the errno by which that layer is known */
} TRIES[] = {
    { "read /etc/passwd", ENGINE_LAYER_FILES, read_passwd, ENOENT },
    { "write outside of the data folder", ENGINE_LAYER_FILES, write_outside, 0 },
    { "read another process's environment", ENGINE_LAYER_FILES, read_other_process, ENOENT },
    { "list the root folder", ENGINE_LAYER_LANDLOCK, list_root, EACCES },
    { "see a network device", ENGINE_LAYER_NETWORK, see_network, ENETUNREACH },
    { "open a socket", ENGINE_LAYER_SYSCALLS, inet_socket, EPERM },
    { "start a program", ENGINE_LAYER_SYSCALLS, start_program, EPERM },
    { "make a process", ENGINE_LAYER_SYSCALLS, make_process, EPERM },
    { "trace its parent", ENGINE_LAYER_SYSCALLS, trace, EPERM },
    { "signal its parent", ENGINE_LAYER_SYSCALLS, signal_parent, EPERM },
    { "mount a file system", ENGINE_LAYER_SYSCALLS, mount_something, EPERM },
    { "make a namespace", ENGINE_LAYER_SYSCALLS, new_namespace, EPERM },
    { "set up a ring of system calls", ENGINE_LAYER_SYSCALLS, ring, EPERM },
};

static void *nothing(void *arg)
{
    return arg;
}

/* What the store needs must still work. */
static bool still_works(const char *data)
{
    char      path[4200];
    pthread_t thread;

    (void)snprintf(path, sizeof path, "%s/.probe", data);
    if (open_path(path, O_WRONLY | O_CREAT) != 0 || unlink(path) < 0 ||
        open_path("/dev/null", O_WRONLY) != 0 || open_path("/proc/self/status", O_RDONLY) != 0 ||
        pthread_create(&thread, NULL, nothing, NULL) != 0)
        return false;
    return pthread_join(thread, NULL) == 0;
}

bool engine_probe(const struct engine_sandbox *s, const char *data, struct strbuf *out)
{
    struct json_w w = json_w_make(out);
    bool          fine = still_works(data);

    json_w_object(&w);
    json_w_kbool(&w, S("works"), fine);
    json_w_key(&w, S("tries"));
    json_w_array(&w);
    for (size_t i = 0; i < sizeof TRIES / sizeof TRIES[0]; i++) {
        int  error = TRIES[i].try();
        bool refused = error != 0 && (TRIES[i].expect == 0 || TRIES[i].expect == error);
        bool on = s->layers[TRIES[i].layer].on;
        fine = fine && (refused || !on);
        json_w_object(&w);
        json_w_kstr(&w, S("what"), str_of(TRIES[i].what));
        json_w_kstr(&w, S("layer"), str_of(engine_sandbox_name(TRIES[i].layer)));
        json_w_kbool(&w, S("promised"), on);
        json_w_kbool(&w, S("refused"), refused);
        json_w_kstr(&w, S("how"), str_of(error ? strerrorname_np(error) : "done"));
        json_w_end(&w);
    }
    json_w_end(&w);
    json_w_end(&w);
    return fine;
}
