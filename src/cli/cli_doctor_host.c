/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/landlock.h>
#include <linux/netlink.h>

#include "base/file.h"
#include "cli/cli_doctor.h"
#include "cli/cli_paths.h"
#include "cli/cli_port.h"
#include "cli/cli_session.h"

enum { GIB = 1 << 30, DISK_WRONG_MIB = 256, DISK_WARNING_MIB = 2048, MEMORY_WARNING_MIB = 1500 };

static const char *data_dir(const struct cli_args *args)
{
    const char *dir = cli_opts_text(args, "data");
    return dir ? dir : cli_session_data_dir(args->arena);
}

void cli_doctor_root(const struct cli_args *args, struct cli_doctor_finding *f)
{
    (void)args;
    if (geteuid() == 0)
        cli_doctor_say(f, CLI_DOCTOR_GOOD, NULL,
                       "this is root: process starts and all log files can be taken");
    else
        cli_doctor_say(
            f, CLI_DOCTOR_WARNING, "run `vedette serve` as root to have process starts and every log file",
            "this is user %u, who sees no process starts and only some log files", (unsigned)geteuid());
}

void cli_doctor_folder(const struct cli_args *args, struct cli_doctor_finding *f)
{
    struct stat st;
    const char *dir = data_dir(args);
    if (stat(dir, &st) != 0)
        cli_doctor_say(f, CLI_DOCTOR_GOOD, NULL, "%s is not there yet; `vedette serve` makes it", dir);
    else if (st.st_uid != geteuid())
        cli_doctor_say(f, CLI_DOCTOR_WRONG,
                       "run Vedette as the folder's owner, or choose another folder with --data",
                       "%s belongs to user %u", dir, (unsigned)st.st_uid);
    else if (st.st_mode & 077)
        cli_doctor_say(f, CLI_DOCTOR_WRONG, "chmod 700 the folder", "%s can be entered by others (mode %o)",
                       dir, (unsigned)st.st_mode & 0777);
    else
        cli_doctor_say(f, CLI_DOCTOR_GOOD, NULL, "%s is private", dir);
}

/* The folder, or the nearest above it that is there. */
static const char *existing(const struct cli_args *args)
{
    char *path = (char *)(uintptr_t)arena_str(args->arena, str_of(data_dir(args))).p;
    char *slash;
    if (!path)
        return "/";
    while (!file_exists(path) && (slash = strrchr(path, '/')) && slash != path)
        *slash = 0;
    return file_exists(path) ? path : "/";
}

void cli_doctor_disk(const struct cli_args *args, struct cli_doctor_finding *f)
{
    struct statvfs st;
    const char    *dir = existing(args);
    if (statvfs(dir, &st) != 0) {
        cli_doctor_say(f, CLI_DOCTOR_WRONG, "choose another folder with --data",
                       "the room in %s cannot be told: %s", dir, strerror(errno));
        return;
    }
    uint64_t mib = (uint64_t)st.f_bavail * st.f_frsize >> 20;
    if (mib < DISK_WRONG_MIB)
        cli_doctor_say(f, CLI_DOCTOR_WRONG, "make room, or move the data folder", "%llu MiB are left in %s",
                       (unsigned long long)mib, dir);
    else if (mib < DISK_WARNING_MIB)
        cli_doctor_say(f, CLI_DOCTOR_WARNING, "make room soon: a row takes about 100 bytes",
                       "%llu MiB are left in %s", (unsigned long long)mib, dir);
    else
        cli_doctor_say(f, CLI_DOCTOR_GOOD, NULL, "%llu GiB are left in %s", (unsigned long long)(mib >> 10),
                       dir);
}

void cli_doctor_memory(const struct cli_args *args, struct cli_doctor_finding *f)
{
    (void)args;
    uint64_t mib = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE) >> 20;
    if (mib < MEMORY_WARNING_MIB)
        cli_doctor_say(f, CLI_DOCTOR_WARNING, "give the machine 2 GiB or more",
                       "the machine has %llu MiB of memory", (unsigned long long)mib);
    else
        cli_doctor_say(f, CLI_DOCTOR_GOOD, NULL, "%llu MiB of memory, %ld cores", (unsigned long long)mib,
                       sysconf(_SC_NPROCESSORS_ONLN));
}

void cli_doctor_clock(const struct cli_args *args, struct cli_doctor_finding *f)
{
    struct timex t = { 0 };
    (void)args;
    int state = adjtimex(&t);
    if (t.time.tv_sec < 1735689600) /* 2025-01-01: before this program was written */
        cli_doctor_say(f, CLI_DOCTOR_WRONG, "set the clock; rules and certificates go by it",
                       "the clock stands at %lld", (long long)t.time.tv_sec);
    else if (state == TIME_ERROR || (t.status & STA_UNSYNC))
        cli_doctor_say(
            f, CLI_DOCTOR_WARNING,
            "run a time service (systemd-timesyncd, chrony), so that logs of several machines agree",
            "nobody keeps the clock right");
    else
        cli_doctor_say(f, CLI_DOCTOR_GOOD, NULL, "the clock is kept right");
}

void cli_doctor_companions(const struct cli_args *args, struct cli_doctor_finding *f)
{
    struct cli_paths p;
    struct err       err;
    (void)args;
    if (cli_paths_find(&p, &err) != RC_OK)
        cli_doctor_say(f, CLI_DOCTOR_WRONG, "build or install Vedette again", "%s", err.text);
    else if (!p.portal[0])
        cli_doctor_say(f, CLI_DOCTOR_WARNING, "run `make portal`", "the portal's files are missing beside %s",
                       p.self);
    else
        cli_doctor_say(f, CLI_DOCTOR_GOOD, NULL, "engine, content and portal stand beside %s", p.self);
}

/* Tries it where it cannot hurt: in a child. */
static bool can_unshare(int flags)
{
    int   status;
    pid_t pid = fork();
    if (pid == 0)
        _exit(unshare(flags) == 0 ? 0 : 1);
    return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void cli_doctor_namespaces(const struct cli_args *args, struct cli_doctor_finding *f)
{
    (void)args;
    if (can_unshare(CLONE_NEWNS | CLONE_NEWNET) || can_unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET))
        cli_doctor_say(f, CLI_DOCTOR_GOOD, NULL, "the engine gets file systems and a network of its own");
    else
        cli_doctor_say(f, CLI_DOCTOR_WARNING,
                       "run as root, or allow user namespaces (sysctl kernel.unprivileged_userns_clone=1)",
                       "the engine shares the machine's file systems and network: %s", strerror(EPERM));
}

void cli_doctor_seccomp(const struct cli_args *args, struct cli_doctor_finding *f)
{
    (void)args;
    if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0 && file_exists("/proc/sys/kernel/seccomp/actions_avail"))
        cli_doctor_say(f, CLI_DOCTOR_GOOD, NULL, "system calls of the engine are filtered");
    else
        cli_doctor_say(f, CLI_DOCTOR_WARNING, "use a kernel with CONFIG_SECCOMP_FILTER",
                       "this kernel has no seccomp filters");
}

void cli_doctor_landlock(const struct cli_args *args, struct cli_doctor_finding *f)
{
    (void)args;
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version > 0)
        cli_doctor_say(f, CLI_DOCTOR_GOOD, NULL, "Landlock %ld limits the engine's files once more", version);
    else
        cli_doctor_say(f, CLI_DOCTOR_WARNING,
                       "a kernel of 5.13 or later, booted with lsm=landlock, has it; namespaces and seccomp "
                       "stand without it",
                       "this kernel has no Landlock");
}

void cli_doctor_journal(const struct cli_args *args, struct cli_doctor_finding *f)
{
    bool persistent = access("/var/log/journal", R_OK | X_OK) == 0,
         volatile_one = access("/run/log/journal", R_OK | X_OK) == 0;
    (void)args;
    if (persistent || volatile_one)
        cli_doctor_say(f, CLI_DOCTOR_GOOD, NULL, "the journal in %s can be read",
                       persistent ? "/var/log/journal" : "/run/log/journal");
    else if (access("/var/log/auth.log", R_OK) == 0 || access("/var/log/syslog", R_OK) == 0)
        cli_doctor_say(f, CLI_DOCTOR_GOOD, NULL, "no journal here; the files of /var/log are followed");
    else
        cli_doctor_say(f, CLI_DOCTOR_WARNING,
                       "run as root or in group systemd-journal and adm, or install rsyslog; else nothing of "
                       "this machine's log is seen",
                       "neither a journal nor /var/log/auth.log or syslog can be read");
}

static int subscribe(void)
{
    enum proc_cn_mcast_op op = PROC_CN_MCAST_LISTEN;
    struct cn_msg         msg = { .id = { CN_IDX_PROC, CN_VAL_PROC }, .len = sizeof op };
    char                  ask[NLMSG_LENGTH(sizeof msg + sizeof op)] = { 0 };
    struct nlmsghdr       head = { .nlmsg_len = sizeof ask, .nlmsg_type = NLMSG_DONE };
    struct sockaddr_nl    us = { .nl_family = AF_NETLINK, .nl_groups = CN_IDX_PROC };
    AUTO_FD               fd = socket(PF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_CONNECTOR);

    memcpy(ask, &head, sizeof head);
    memcpy(ask + NLMSG_HDRLEN, &msg, sizeof msg);
    memcpy(ask + NLMSG_HDRLEN + sizeof msg, &op, sizeof op);
    if (fd < 0 || bind(fd, (struct sockaddr *)&us, sizeof us) != 0 ||
        send(fd, ask, sizeof ask, 0) != (ssize_t)sizeof ask)
        return errno;
    return 0;
}

void cli_doctor_processes(const struct cli_args *args, struct cli_doctor_finding *f)
{
    int e = subscribe();
    (void)args;
    if (!e)
        cli_doctor_say(f, CLI_DOCTOR_GOOD, NULL, "the kernel tells of process starts");
    else
        cli_doctor_say(f, CLI_DOCTOR_WARNING,
                       "run as root in the machine's own network namespace (not in a container)",
                       "the kernel's process connector cannot be used: %s", strerror(e));
}

/* A port that a Vedette has is as good as a free one: whether it is healthy is another check. */
static bool is_usable(const char *address, enum cli_port_use use, struct err *err)
{
    return cli_port_check(address, use, err) == RC_OK || str_contains(str_of(err->text), S("(vedette)"));
}

void cli_doctor_ports(const struct cli_args *args, struct cli_doctor_finding *f)
{
    const char *listen = cli_opts_text(args, "listen"), *syslog = cli_opts_text(args, "syslog");
    struct err  err = { 0 };

    if (!is_usable(listen, CLI_PORT_LISTEN, &err) || (syslog && !is_usable(syslog, CLI_PORT_SYSLOG, &err)))
        cli_doctor_say(f, CLI_DOCTOR_WRONG,
                       "name the address that you use with --listen or --syslog, here and to `vedette serve`",
                       "%s", err.text);
    else if (err.text[0])
        cli_doctor_say(f, CLI_DOCTOR_GOOD, NULL, "Vedette listens at %s%s%s", listen, syslog ? " and " : "",
                       syslog ? syslog : "");
    else
        cli_doctor_say(f, CLI_DOCTOR_GOOD, NULL, "%s%s%s %s free", listen, syslog ? " and " : "",
                       syslog ? syslog : "", syslog ? "are" : "is");
}
