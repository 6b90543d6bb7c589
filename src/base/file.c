/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <libgen.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/mem.h"
#include "base/strbuf.h"

static enum rc read_open(struct arena *a, int fd, const char *path, size_t max, str *out, struct err *err)
{
    struct stat st;
    if (fstat(fd, &st) != 0 || S_ISDIR(st.st_mode))
        return err_set(err, RC_IO, "%s is no file", path);
    if ((uint64_t)st.st_size > max)
        return err_set(err, RC_LIMIT, "%s has %lld bytes; at most %zu are read", path, (long long)st.st_size,
                       max);

    /* Files of /proc have size 0 and content all the same: read until the end or the maximum. */
    AUTO_STRBUF text = STRBUF_INIT(max);
    for (;;) {
        char    piece[16384];
        ssize_t n = read(fd, piece, sizeof piece);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_errno(err, RC_IO, errno, "%s", path);
        if (n == 0)
            break;
        strbuf_add(&text, str_make(piece, (size_t)n));
    }
    TRY(strbuf_ok(&text, path, err));
    str kept = arena_str(a, strbuf_view(&text));
    if (!kept.p)
        return err_set(err, RC_LIMIT, "%s needs more memory than it may use", path);
    *out = kept;
    return RC_OK;
}

enum rc file_read(struct arena *a, const char *path, size_t max, str *out, struct err *err)
{
    AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_errno(err, errno == ENOENT ? RC_NOT_FOUND : RC_IO, errno, "%s", path);
    return read_open(a, fd, path, max, out, err);
}

enum rc file_read_below(struct arena *a, const char *dir, str path, size_t max, str *out, struct err *err)
{
    char    name[PATH_MAX];
    AUTO_FD fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    for (str left = path; fd >= 0 && left.p;) {
        size_t slash = str_find_byte(left, '/');
        str    part = slash == STR_NPOS ? left : str_slice(left, 0, slash);
        left = slash == STR_NPOS ? STR_NONE : str_from(left, slash + 1);
        if (part.n == 0 || str_eq(part, S(".")) || str_eq(part, S("..")) ||
            !str_to_cstr(part, name, sizeof name))
            return err_set(err, RC_INVALID, "a path below a folder has no empty part, and no . or ..");
        int next =
            openat(fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | (left.p ? O_DIRECTORY : 0));
        int why = errno;
        close(fd);
        fd = next;
        errno = why;
    }
    if (fd < 0)
        return err_errno(err, errno == ENOENT ? RC_NOT_FOUND : RC_IO, errno, STR_FMT, STR_ARG(path));
    str_to_cstr(str_slice(path, 0, path.n < sizeof name ? path.n : sizeof name - 1), name, sizeof name);
    return read_open(a, fd, name, max, out, err);
}

enum rc file_write_all(int fd, str bytes, struct err *err)
{
    while (bytes.n) {
        ssize_t n = write(fd, bytes.p, bytes.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_errno(err, RC_IO, errno, "write");
        bytes = str_from(bytes, (size_t)n);
    }
    return RC_OK;
}

static enum rc sync_folder_of(const char *path, struct err *err)
{
    char folder[PATH_MAX];
    if (!str_to_cstr(str_of(path), folder, sizeof folder))
        return err_set(err, RC_LIMIT, "the path is too long");
    AUTO_FD fd = open(dirname(folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0)
        return err_errno(err, RC_IO, errno, "the folder of %s", path);
    return RC_OK;
}

static enum rc write_synced(const char *path, str content, mode_t mode, struct err *err)
{
    AUTO_FD fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
    if (fd < 0)
        return err_errno(err, RC_IO, errno, "%s", path);
    if (file_write_all(fd, content, err) != RC_OK)
        return err_wrap(err, "%s", path);
    if (fchmod(fd, mode) != 0 || fsync(fd) != 0)
        return err_errno(err, RC_IO, errno, "%s", path);
    return RC_OK;
}

enum rc file_write_atomic(const char *path, str content, mode_t mode, struct err *err)
{
    char beside[PATH_MAX];
    int  n = snprintf(beside, sizeof beside, "%s.%d.new", path, (int)getpid());
    if (n < 0 || (size_t)n >= sizeof beside)
        return err_set(err, RC_LIMIT, "the path is too long");
    enum rc rc = write_synced(beside, content, mode, err);
    if (rc == RC_OK && rename(beside, path) != 0)
        rc = err_errno(err, RC_IO, errno, "%s", path);
    if (rc != RC_OK) {
        unlink(beside);
        return rc;
    }
    return sync_folder_of(path, err);
}

enum rc file_mkdirs(const char *path, mode_t mode, struct err *err)
{
    char part[PATH_MAX];
    if (!str_to_cstr(str_of(path), part, sizeof part))
        return err_set(err, RC_LIMIT, "the path is too long");
    for (char *at = part + 1;; at++) {
        char c = *at;
        if (c != '/' && c != '\0')
            continue;
        *at = '\0';
        if (mkdir(part, mode) != 0 && errno != EEXIST)
            return err_errno(err, RC_IO, errno, "%s", part);
        *at = c;
        if (c == '\0')
            return RC_OK;
    }
}

bool file_exists(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0;
}

static int all_but_dots(const struct dirent *e)
{
    return !str_eq(str_of(e->d_name), S(".")) && !str_eq(str_of(e->d_name), S(".."));
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return str_cmp(str_of((*a)->d_name), str_of((*b)->d_name));
}

enum rc file_list(const char *dir, enum rc (*each)(void *ctx, const char *name, struct err *err), void *ctx,
                  struct err *err)
{
    struct dirent **entries;
    int             n = scandir(dir, &entries, all_but_dots, by_name);
    if (n < 0)
        return err_errno(err, errno == ENOENT ? RC_NOT_FOUND : RC_IO, errno, "%s", dir);
    enum rc rc = RC_OK;
    for (int i = 0; i < n; i++) {
        if (rc == RC_OK)
            rc = each(ctx, entries[i]->d_name, err);
        free(entries[i]);
    }
    free(entries);
    return rc;
}

static int remove_entry(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st;
    (void)kind;
    (void)at;
    return remove(path);
}

enum rc file_remove_tree(const char *path, struct err *err)
{
    if (nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS) != 0 && errno != ENOENT)
        return err_errno(err, RC_IO, errno, "%s", path);
    return RC_OK;
}
