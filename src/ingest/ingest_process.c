/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest_process.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/netlink.h>
#include <pthread.h>
#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/json.h"
#include "base/log.h"
#include "base/mem.h"
#include "ingest/ingest_value.h"

enum {
    CPUS = 1024,
    RECEIVE_BUFFER = 8 << 20,
    COMMAND_MAX = 32 << 10,
    PATH_SIZE = 4096,
    ROW_MAX = 256 << 10,
    REPORT_SECONDS = 60,
    NEVER = -1,
};

struct ingest_process {
    struct ingest_core *core;
    struct ingest_live *live;
    pthread_t           thread;
    bool                runs;
    int                 fd;
    int64_t             sequence[CPUS]; /* of the last message of each processor; the kernel counts them so */
    struct strbuf       text;
    uint64_t            reported;
    int64_t             reported_at;
};

/* --- /proc --- */

struct process {
    int  pid, parent;
    bool exists;
    int  uid, euid;
    long loginuid, tty;
    str  exe, command, cwd;
};

static str read_whole(struct arena *a, const char *proc, int pid, const char *name, size_t max)
{
    char    path[PATH_SIZE], *buf = arena_try_alloc(a, max);
    size_t  n = 0;
    ssize_t got = 1;

    snprintf(path, sizeof path, "%s/%d/%s", proc, pid, name);
    AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0 || !buf)
        return STR_NONE;
    while (n < max && (got = read(fd, buf + n, max - n)) > 0)
        n += (size_t)got;
    return str_make(buf, n);
}

static str read_target(struct arena *a, const char *proc, int pid, const char *name)
{
    char    path[PATH_SIZE], target[PATH_SIZE];
    ssize_t n;
    str     text;

    snprintf(path, sizeof path, "%s/%d/%s", proc, pid, name);
    n = readlink(path, target, sizeof target);
    text = n > 0 ? str_make(target, (size_t)n) : STR_NONE;
    if (str_ends(text, S(" (deleted)")))
        text.n -= 10;
    return text.n ? arena_str(a, text) : STR_NONE;
}

/* Arguments lie one behind the other, each ended by NUL. */
static str command_line(struct arena *a, str raw)
{
    AUTO_STRBUF line = STRBUF_INIT(2 * COMMAND_MAX);
    str         argument;

    while (raw.n && raw.p[raw.n - 1] == '\0')
        raw.n--;
    while (str_split(&raw, '\0', &argument))
        ingest_value_add_argument(&line, argument);
    return arena_str(a, strbuf_view(&line));
}

/* "Uid:\t1000\t1000\t…": the numbers behind a name in /proc/PID/status. */
static bool status_numbers(str status, str name, long *out, int n)
{
    size_t  at = str_find(status, name);
    str     line, word;
    int     got = 0;
    int64_t v;

    if (at == STR_NPOS)
        return false;
    line = str_from(status, at + name.n);
    line = str_slice(line, 0, str_find_byte(line, '\n'));
    while (got < n && str_split(&line, '\t', &word)) {
        if (str_to_i64(str_trim(word), &v))
            out[got++] = (long)v;
    }
    return got == n;
}

/* The seventh field of stat, counted behind the name in parentheses, which may hold anything. */
static long read_tty(str stat)
{
    size_t  close = str_rfind_byte(stat, ')');
    str     rest = close == STR_NPOS ? STR_NONE : str_from(stat, close + 2), word;
    int64_t v = 0;

    for (int i = 3; i <= 7 && str_split(&rest, ' ', &word); i++) {
        if (i == 7 && !str_to_i64(word, &v))
            v = 0;
    }
    return (long)v;
}

/* What goes first is read first: exe and command line tell the most. */
static struct process read_process(struct arena *a, const char *proc, int pid)
{
    struct process p = { .pid = pid, .loginuid = NEVER };
    str            status, text;
    long           numbers[2];
    int64_t        loginuid;

    p.exe = read_target(a, proc, pid, "exe");
    p.command = command_line(a, read_whole(a, proc, pid, "cmdline", COMMAND_MAX));
    status = read_whole(a, proc, pid, "status", 8192);
    if (status_numbers(status, S("\nPPid:"), numbers, 1))
        p.parent = (int)numbers[0];
    if (status_numbers(status, S("\nUid:"), numbers, 2)) {
        p.exists = true;
        p.uid = (int)numbers[0];
        p.euid = (int)numbers[1];
    }
    p.cwd = read_target(a, proc, pid, "cwd");
    text = str_trim(read_whole(a, proc, pid, "loginuid", 32));
    if (str_to_i64(text, &loginuid) && loginuid != UINT32_MAX)
        p.loginuid = (long)loginuid;
    p.tty = read_tty(read_whole(a, proc, pid, "stat", 4096));
    return p;
}

static str user_name(struct arena *a, int uid)
{
    struct passwd entry, *found = NULL;
    char          buf[4096];

    if (getpwuid_r((uid_t)uid, &entry, buf, sizeof buf, &found) == 0 && found)
        return arena_str(a, str_of(found->pw_name));
    return arena_printf(a, "%d", uid);
}

/* Terminals of people, by the kernel's numbers: 136 and up are pts. */
static str tty_name(struct arena *a, long tty)
{
    long major = tty >> 8 & 0xfff, minor = (tty & 0xff) | (tty >> 12 & 0xfff00);

    if (major >= 136 && major <= 143)
        return arena_printf(a, "pts/%ld", minor + (major - 136) * 256);
    return major == 4 ? arena_printf(a, "tty%ld", minor) : STR_NONE;
}

static void put(struct json_w *w, str key, str value)
{
    if (value.n)
        json_w_kstr(w, key, value);
}

static void put_parent(struct json_w *w, struct arena *a, const char *proc, int pid)
{
    struct process parent = read_process(a, proc, pid), grand;

    json_w_ki64(w, S("InitiatingProcessId"), pid);
    if (!parent.exists)
        return;
    put(w, S("InitiatingProcessFolderPath"), parent.exe);
    put(w, S("InitiatingProcessFileName"), ingest_value_base(parent.exe));
    put(w, S("InitiatingProcessCommandLine"), parent.command);
    put(w, S("InitiatingProcessAccountName"), user_name(a, parent.euid));
    json_w_ki64(w, S("InitiatingProcessParentId"), parent.parent);
    grand = parent.parent > 0 ? read_process(a, proc, parent.parent) : (struct process) { 0 };
    put(w, S("InitiatingProcessParentFileName"), ingest_value_base(grand.exe));
}

bool ingest_process_row(const char *proc, int pid, ts now, str host, struct strbuf *out)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct process p = read_process(a, proc, pid);
    struct json_w  w = json_w_make(out);
    char           buf[TS_TEXT_SIZE];

    if (!p.exists || (p.exe.n == 0 && p.command.n == 0))
        return false;
    json_w_object(&w);
    json_w_kstr(&w, S("Type"), S("DeviceProcessEvents"));
    json_w_kstr(&w, S("TimeGenerated"), ts_text(now, buf));
    json_w_kstr(&w, S("DeviceName"), host);
    json_w_kstr(&w, S("ActionType"), S("ProcessCreated"));
    put(&w, S("FolderPath"), p.exe);
    put(&w, S("FileName"), ingest_value_base(p.exe));
    put(&w, S("ProcessCommandLine"), p.command);
    json_w_ki64(&w, S("ProcessId"), pid);
    put(&w, S("AccountName"), user_name(a, p.euid));
    if (p.parent > 0)
        put_parent(&w, a, proc, p.parent);
    json_w_ki64(&w, S("uid"), p.uid);
    json_w_ki64(&w, S("euid"), p.euid);
    if (p.loginuid != NEVER)
        json_w_ki64(&w, S("loginuid"), p.loginuid);
    put(&w, S("cwd"), p.cwd);
    put(&w, S("tty"), tty_name(a, p.tty));
    json_w_end(&w);
    strbuf_addc(out, '\n');
    return true;
}

/* --- the kernel's messages --- */

static enum rc subscribe(int fd, struct err *err)
{
    enum { SIZE = NLMSG_LENGTH(sizeof(struct cn_msg) + sizeof(enum proc_cn_mcast_op)) };
    char                        ask[NLMSG_ALIGN(SIZE)] __attribute__((aligned(NLMSG_ALIGNTO))) = { 0 };
    struct nlmsghdr            *head = (struct nlmsghdr *)ask;
    struct cn_msg              *message = NLMSG_DATA(head);
    const enum proc_cn_mcast_op what = PROC_CN_MCAST_LISTEN;

    head->nlmsg_len = SIZE;
    head->nlmsg_pid = (uint32_t)getpid();
    head->nlmsg_type = NLMSG_DONE;
    message->id.idx = CN_IDX_PROC;
    message->id.val = CN_VAL_PROC;
    message->len = sizeof what;
    memcpy(message->data, &what, sizeof what);
    if (send(fd, ask, SIZE, 0) != SIZE)
        return err_errno(err, RC_FORBIDDEN, errno, "the kernel's process connector");
    return RC_OK;
}

enum rc ingest_process_open(struct ingest_core *core, struct ingest_process **out, struct err *err)
{
    AUTO(ingest_process) p = MEM_NEW(struct ingest_process);
    struct sockaddr_nl at = { .nl_family = AF_NETLINK, .nl_groups = CN_IDX_PROC };
    struct timeval     wait = { .tv_usec = 200000 };
    int                size = RECEIVE_BUFFER;

    p->core = core;
    strbuf_init(&p->text, 4 << 20);
    for (int i = 0; i < CPUS; i++)
        p->sequence[i] = NEVER;
    p->fd = socket(PF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_CONNECTOR);
    if (p->fd < 0)
        return err_errno(err, RC_UNSUPPORTED, errno, "the kernel's process connector");
    if (bind(p->fd, (struct sockaddr *)&at, sizeof at) != 0)
        return err_errno(err, errno == EPERM ? RC_FORBIDDEN : RC_UNSUPPORTED, errno,
                         "the kernel's process connector");
    if (setsockopt(p->fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) != 0)
        setsockopt(p->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    setsockopt(p->fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    TRY(subscribe(p->fd, err));
    *out = TAKE(p);
    return RC_OK;
}

/* A gap in a processor's numbers is as many messages as the kernel dropped there. Most would have been forks
 * and exits, but it is not known which: they all count. */
static void note_sequence(struct ingest_process *p, uint32_t cpu, uint32_t sequence)
{
    int64_t *last = &p->sequence[cpu % CPUS];
    uint32_t gap = *last == NEVER ? 0 : sequence - (uint32_t)*last - 1;

    if (gap > 0 && gap < UINT32_MAX / 2)
        ingest_stats_add(p->core->stats, INGEST_STATS_PROCESS_LOST, gap);
    *last = sequence;
}

static void take_start(struct ingest_process *p, int pid)
{
    if (ingest_process_row("/proc", pid, env_now(p->core->env), p->core->host, &p->text))
        ingest_stats_add(p->core->stats, INGEST_STATS_PROCESS_STARTS, 1);
    else
        ingest_stats_add(p->core->stats, INGEST_STATS_PROCESS_LOST, 1);
}

static void take_message(struct ingest_process *p, const struct nlmsghdr *head, size_t n)
{
    const struct cn_msg     *message = NLMSG_DATA(head);
    const struct proc_event *event = (const void *)message->data;

    if (!NLMSG_OK(head, n) || head->nlmsg_len < NLMSG_LENGTH(sizeof *message + sizeof *event) ||
        message->id.idx != CN_IDX_PROC || message->id.val != CN_VAL_PROC || event->what == PROC_EVENT_NONE)
        return;
    note_sequence(p, event->cpu, message->seq);
    /* A thread that replaces the program becomes the process. */
    if (event->what == PROC_EVENT_EXEC && event->event_data.exec.process_pid != getpid())
        take_start(p, event->event_data.exec.process_tgid);
}

static void hand_on(struct ingest_process *p)
{
    struct ingest_origin from = { .source = S("processes"), .rows = true };
    uint64_t             n = 0;

    for (size_t i = 0; i < p->text.n; i++)
        n += p->text.p[i] == '\n';
    if (n && !ingest_live_text(p->live, &from, strbuf_view(&p->text), STR_NONE, STR_NONE, false))
        ingest_stats_add(p->core->stats, INGEST_STATS_PROCESS_LOST, n);
    strbuf_clear(&p->text);
}

static void report_losses(struct ingest_process *p)
{
    uint64_t                  lost = ingest_stats_get(p->core->stats, INGEST_STATS_PROCESS_LOST);
    int64_t                   now = env_monotonic_ns(p->core->env);
    struct ingest_live_health h = { .source = S("processes"),
                                    .code = S("PROCESS_LOST"),
                                    .lost = lost - p->reported };

    if (lost == p->reported || now - p->reported_at < REPORT_SECONDS * INT64_C(1000000000))
        return;
    h.rows = ingest_stats_get(p->core->stats, INGEST_STATS_PROCESS_STARTS);
    h.reason = S("Processes ended before they could be read, or the kernel dropped messages.");
    h.remedy = S("Let auditd record execve too (rule: -a always,exit -S execve): it misses none.");
    ingest_live_health(p->live, &h);
    p->reported = lost;
    p->reported_at = now;
}

static void *run(void *arg)
{
    struct ingest_process *p = arg;

    while (!ingest_core_stopping(p->core)) {
        char    buf[8192] __attribute__((aligned(NLMSG_ALIGNTO)));
        ssize_t n = recv(p->fd, buf, sizeof buf, 0);

        /* As long as more is there, it is read: the processes it tells of may be gone in a moment. */
        for (int burst = 0; n > 0 && burst < 256 && p->text.n + ROW_MAX < p->text.max; burst++) {
            take_message(p, (const struct nlmsghdr *)buf, (size_t)n);
            n = recv(p->fd, buf, sizeof buf, MSG_DONTWAIT);
        }
        if (n > 0)
            take_message(p, (const struct nlmsghdr *)buf, (size_t)n);
        hand_on(p);
        report_losses(p);
    }
    return NULL;
}

/* --- life --- */

enum rc ingest_process_start(struct ingest_process *p, struct ingest_live *live, struct err *err)
{
    p->live = live;
    p->runs = pthread_create(&p->thread, NULL, run, p) == 0;
    return p->runs ? RC_OK : err_set(err, RC_INTERNAL, "no thread could be started to take process starts");
}

struct ingest_process *ingest_process_stop(struct ingest_process *p)
{
    if (!p)
        return NULL;
    if (p->runs)
        pthread_join(p->thread, NULL);
    auto_fd_close(&p->fd);
    strbuf_done(&p->text);
    return mem_free(p);
}
