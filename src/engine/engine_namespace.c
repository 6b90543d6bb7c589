/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/engine_namespace.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"

enum { PATH_SIZE = 8192 };

/* What stays beside the data folder. Libraries are mapped already; these are for what glibc loads late. */
static const char *const KEPT[] = {
    "/lib64/ld-linux-x86-64.so.2",
    "/lib/x86_64-linux-gnu/libc.so.6",
    "/lib/x86_64-linux-gnu/libgcc_s.so.1",
    "/dev/null",
    "/dev/urandom",
    "/proc/meminfo",
    "/proc/cpuinfo",
    "/proc/stat",
    "/proc/uptime",
    "/proc/loadavg",
    "/proc/filesystems",
    "/proc/mounts",
    "/proc/sys/vm/overcommit_memory",
    "/proc/sys/vm/max_map_count",
    "/proc/sys/kernel/pid_max",
    "/proc/sys/kernel/threads-max",
    "/sys/devices/system/cpu/online",
    "/sys/devices/system/cpu/possible",
};

/* --- entering --- */

static enum rc write_id_map(const char *file, unsigned id, struct err *err)
{
    char    line[64];
    int     n = snprintf(line, sizeof line, "%u %u 1\n", id, id);
    AUTO_FD fd = open(file, O_WRONLY | O_CLOEXEC);

    if (fd < 0 || write(fd, line, (size_t)n) != n)
        return err_errno(err, RC_FORBIDDEN, errno, "%s", file);
    return RC_OK;
}

/* A user namespace in which this user is himself: it gives the right to the other two. */
static enum rc enter_as_user(struct err *err)
{
    unsigned uid = getuid(), gid = getgid();

    if (unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET) < 0)
        return err_errno(err, RC_FORBIDDEN, errno,
                         "no user namespace (run as root, or set kernel.unprivileged_userns_clone=1)");
    TRY(write_id_map("/proc/self/uid_map", uid, err));
    AUTO_FD fd = open("/proc/self/setgroups", O_WRONLY | O_CLOEXEC);
    if (fd >= 0 && write(fd, "deny", 4) != 4)
        return err_errno(err, RC_FORBIDDEN, errno, "/proc/self/setgroups");
    return write_id_map("/proc/self/gid_map", gid, err);
}

enum rc engine_namespace_enter(struct err *err)
{
    if (geteuid() == 0 && unshare(CLONE_NEWNS | CLONE_NEWNET) == 0)
        return RC_OK;
    return enter_as_user(err);
}

bool engine_namespace_is_cut_off(void)
{
    char    text[4096];
    AUTO_FD fd = open("/proc/self/net/dev", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text);
    size_t  lines = 0;

    for (ssize_t i = 0; i < n; i++)
        lines += text[i] == '\n';
    return lines == 3; /* two of head, and lo */
}

/* --- the tree --- */

static enum rc make_parents(char *path, struct err *err)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        int rc = mkdir(path, 0755);
        *slash = '/';
        if (rc < 0 && errno != EEXIST)
            return err_errno(err, RC_IO, errno, "%s", path);
    }
    return RC_OK;
}

/* `source` must not have been covered by a mount: callers hand in /proc/self/fd/N. */
static enum rc bind(const char *source, char *target, bool folder, bool writable, struct err *err)
{
    TRY(make_parents(target, err));
    if (folder) {
        if (mkdir(target, 0755) < 0 && errno != EEXIST)
            return err_errno(err, RC_IO, errno, "%s", target);
    } else {
        AUTO_FD fd = open(target, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
        if (fd < 0)
            return err_errno(err, RC_IO, errno, "%s", target);
    }
    if (mount(source, target, NULL, MS_BIND, NULL) < 0)
        return err_errno(err, RC_IO, errno, "mounting %s", target);
    unsigned long flags =
        MS_BIND | MS_REMOUNT | MS_NOSUID | (folder && writable ? MS_NODEV : 0) | (writable ? 0 : MS_RDONLY);
    (void)mount(NULL, target, NULL, flags, NULL); /* a locked flag of the mount below may forbid it */
    return RC_OK;
}

/* What the machine lacks is left out. */
static enum rc keep(const char *root, const char *path, struct err *err)
{
    char        source[64], target[PATH_SIZE];
    struct stat st;
    AUTO_FD     fd = open(path, O_PATH | O_CLOEXEC);

    if (fd < 0 || fstat(fd, &st) < 0)
        return RC_OK;
    (void)snprintf(source, sizeof source, "/proc/self/fd/%d", fd);
    (void)snprintf(target, sizeof target, "%s%s", root, path);
    return bind(source, target, false, S_ISCHR(st.st_mode), err);
}

/* Of /proc this process alone: another's would show its environment, and its root. */
static enum rc keep_self(const char *root, struct err *err)
{
    char source[64], target[PATH_SIZE], link[PATH_SIZE];

    (void)snprintf(source, sizeof source, "/proc/%d", (int)getpid());
    (void)snprintf(target, sizeof target, "%s%s", root, source);
    TRY(bind(source, target, true, true, err));
    (void)snprintf(link, sizeof link, "%s/proc/self", root);
    if (symlink(source + strlen("/proc/"), link) < 0)
        return err_errno(err, RC_IO, errno, "%s", link);
    return RC_OK;
}

static enum rc build(const char *root, int data_fd, const char *data, struct err *err)
{
    char source[64], target[PATH_SIZE];

    (void)snprintf(source, sizeof source, "/proc/self/fd/%d", data_fd);
    (void)snprintf(target, sizeof target, "%s%s", root, data);
    TRY(bind(source, target, true, true, err));
    TRY(keep_self(root, err));
    for (size_t i = 0; i < sizeof KEPT / sizeof KEPT[0]; i++)
        TRY(keep(root, KEPT[i], err));
    return RC_OK;
}

static enum rc pivot(const char *root, struct err *err)
{
    if (chdir(root) < 0 || syscall(SYS_pivot_root, ".", ".") < 0 || umount2(".", MNT_DETACH) < 0 ||
        chdir("/") < 0)
        return err_errno(err, RC_IO, errno, "changing the root");
    if (mount(NULL, "/", NULL, MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV, "size=1m") < 0)
        return err_errno(err, RC_IO, errno, "making the root read-only");
    return RC_OK;
}

enum rc engine_namespace_files(const char *data, struct err *err)
{
    /* The mount point of the new root is hidden by it; the data folder is opened before, it may lie below. */
    const char *root = file_exists("/tmp") ? "/tmp" : "/run";
    AUTO_FD     data_fd = -1;

    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
        return err_errno(err, RC_IO, errno, "a private file tree");
    data_fd = open(data, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (data_fd < 0)
        return err_errno(err, RC_IO, errno, "%s", data);
    if (mount("vedette-engine", root, "tmpfs", MS_NOSUID | MS_NODEV, "size=1m,mode=0755") < 0)
        return err_errno(err, RC_IO, errno, "a memory file system on %s", root);
    TRY(build(root, data_fd, data, err));
    return pivot(root, err);
}
