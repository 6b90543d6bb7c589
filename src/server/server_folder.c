/* SPDX-License-Identifier: Apache-2.0 */
#include "server/server_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"

static const char *const PARTS[] = { "engine", "intake", "log", "run", "snapshots", "state", "tls" };

/* A killed server's children hold no lock but may take a moment to go; a second server is told soon enough.
 */
enum { LOCK_TRIES = 20, LOCK_PAUSE_MS = 50 };

static enum rc make_private(const char *path, struct err *err)
{
    struct stat st;
    TRY(file_mkdirs(path, 0700, err));
    if (stat(path, &st) != 0)
        return err_errno(err, RC_IO, errno, "%s", path);
    if (st.st_uid != geteuid())
        return err_set(
            err, RC_FORBIDDEN,
            "%s belongs to user %u, and this is user %u; run as that user or choose another folder", path,
            (unsigned)st.st_uid, (unsigned)geteuid());
    if ((st.st_mode & 077) != 0 && chmod(path, 0700) != 0)
        return err_errno(err, RC_IO, errno, "%s cannot be made private", path);
    return RC_OK;
}

static long holder(int fd)
{
    char    text[32] = { 0 };
    int64_t pid = 0;
    ssize_t n = pread(fd, text, sizeof text - 1, 0);
    if (n <= 0 || !str_to_i64(str_trim(str_of(text)), &pid))
        return 0;
    return (long)pid;
}

static enum rc take_lock(struct server_folder *f, struct err *err)
{
    char    path[PATH_MAX], text[32];
    AUTO_FD fd = -1;

    server_folder_file(f, "lock", path);
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return err_errno(err, RC_IO, errno, "%s", path);
    for (int i = 0; flock(fd, LOCK_EX | LOCK_NB) != 0; i++) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return err_errno(err, RC_IO, errno, "%s cannot be locked", path);
        if (i == LOCK_TRIES)
            return err_set(
                err, RC_CONFLICT,
                "%s is in use by process %ld; stop that one (kill %ld) or choose another folder with --data",
                f->path, holder(fd), holder(fd));
        usleep(LOCK_PAUSE_MS * 1000);
    }
    int n = snprintf(text, sizeof text, "%ld\n", (long)getpid());
    if (ftruncate(fd, 0) != 0 || pwrite(fd, text, (size_t)n, 0) != n)
        return err_errno(err, RC_IO, errno, "%s", path);
    f->lock = auto_fd_take(&fd);
    return RC_OK;
}

enum rc server_folder_open(const char *dir, uint64_t min_free, struct server_folder *out, struct err *err)
{
    struct server_folder f = { .lock = -1 };
    char                 part[PATH_MAX];

    TRY(make_private(dir, err));
    if (!realpath(dir, f.path))
        return err_errno(err, RC_IO, errno, "%s", dir);
    if (strlen(f.path) > SERVER_FOLDER_MAX_PATH)
        return err_set(err, RC_LIMIT, "the path of the data folder has %zu bytes; its sockets allow %d: %s",
                       strlen(f.path), SERVER_FOLDER_MAX_PATH, f.path);
    uint64_t left = server_folder_free(f.path);
    if (left < min_free)
        return err_set(
            err, RC_FULL,
            "%s has %llu MiB left and needs %llu to start; make room, or choose another folder with --data",
            f.path, (unsigned long long)(left >> 20), (unsigned long long)(min_free >> 20));
    TRY(take_lock(&f, err));
    for (size_t i = 0; i < sizeof PARTS / sizeof PARTS[0]; i++) {
        server_folder_file(&f, PARTS[i], part);
        enum rc rc = make_private(part, err);
        if (rc != RC_OK) {
            close(f.lock);
            return rc;
        }
    }
    *out = f;
    return RC_OK;
}

uint64_t server_folder_free(const char *dir)
{
    struct statvfs st;
    if (statvfs(dir, &st) != 0)
        return 0;
    return (uint64_t)st.f_bavail * st.f_frsize;
}

void server_folder_file(const struct server_folder *f, const char *name, char out[PATH_MAX])
{
    snprintf(out, PATH_MAX, "%.*s/%.*s", SERVER_FOLDER_MAX_PATH, f->path, 512, name);
}
