/* SPDX-License-Identifier: Apache-2.0 */
#include "host/host_read.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MAX_GAPS = 1000, PATH_ROOM = 4096 };

void host_read_gap(struct host *h, const char *fact, const char *fmt, ...)
{
    char    text[512];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    for (size_t i = 0; i < h->gaps.n; i++)
        if (str_eq(h->gaps.p[i].fact, str_of(fact)))
            return;
    if (h->gaps.n < MAX_GAPS)
        *vec_push_in(h->a, &h->gaps) = (struct host_gap) { .fact = arena_str(h->a, str_of(fact)),
                                                           .reason = arena_str(h->a, str_of(text)) };
}

const char *host_read_path(struct host *h, const char *fmt, ...)
{
    char    text[PATH_ROOM];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    /* A path that does not fit is one that does not exist. */
    str kept = arena_str(h->a, n < 0 || n >= PATH_ROOM ? S("/\1") : str_of(text));
    return kept.p ? kept.p : "/\1";
}

/* The kernel keeps the look-up below the root: a link to /etc of a made-up tree ends in the tree. */
int host_read_open(struct host *h, const char *path, int flags)
{
    struct open_how how = { .flags = (uint64_t)(unsigned)(flags | O_CLOEXEC), .resolve = RESOLVE_IN_ROOT };
    long fd = syscall(SYS_openat2, h->root, path[0] == '/' && path[1] ? path + 1 : ".", &how, sizeof how);
    if (fd < 0 && errno == ENOSYS && !h->opts->root)
        fd = open(path, flags | O_CLOEXEC);
    return (int)fd;
}

static enum host_seen refuse(struct host *h, const char *fact, const char *path, int number)
{
    if (number == ENOENT || number == ENOTDIR)
        return HOST_ABSENT;
    if (fact)
        host_read_gap(h, fact, "%s: %s", path, strerror(number));
    return HOST_REFUSED;
}

static enum host_seen take(struct host *h, struct arena *a, int fd, const char *fact, const char *path,
                           str *out)
{
    AUTO_STRBUF text = STRBUF_INIT(HOST_MAX_FILE + 65536);
    for (;;) {
        char   *room = strbuf_room(&text, 65536);
        ssize_t n = room ? read(fd, room, 65536) : 0;
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return refuse(h, fact, path, errno);
        if (n == 0)
            break;
        strbuf_added(&text, (size_t)n);
    }
    str kept = text.overflow ? STR_NONE : arena_str(a, strbuf_view(&text));
    if (!kept.p) {
        if (fact)
            host_read_gap(h, fact, "%s has more than %d bytes", path, HOST_MAX_FILE);
        return HOST_REFUSED;
    }
    *out = kept;
    return HOST_READ;
}

enum host_seen host_read_text_in(struct host *h, struct arena *a, const char *fact, const char *path,
                                 str *out)
{
    struct stat st;
    *out = STR_NONE;
    AUTO_FD fd = host_read_open(h, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return refuse(h, fact, path, errno);
    if (fstat(fd, &st) != 0)
        return refuse(h, fact, path, errno);
    if (!S_ISREG(st.st_mode))
        return HOST_ABSENT;
    return take(h, a, fd, fact, path, out);
}

enum host_seen host_read_text(struct host *h, const char *fact, const char *path, str *out)
{
    return host_read_text_in(h, h->a, fact, path, out);
}

str host_read_line(struct host *h, const char *path)
{
    str text, line = STR_NONE;
    if (host_read_text(h, NULL, path, &text) == HOST_READ && str_split(&text, '\n', &line))
        return str_trim(line);
    return STR_NONE;
}

bool host_read_exists(struct host *h, const char *path)
{
    struct stat st;
    return host_read_stat(h, path, true, &st) == HOST_READ;
}

enum host_seen host_read_stat(struct host *h, const char *path, bool follow, struct stat *out)
{
    AUTO_FD fd = host_read_open(h, path, O_PATH | (follow ? 0 : O_NOFOLLOW));
    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR ? HOST_ABSENT : HOST_REFUSED;
    return fstat(fd, out) == 0 ? HOST_READ : HOST_REFUSED;
}

str host_read_link(struct host *h, const char *path)
{
    char    text[PATH_ROOM];
    AUTO_FD fd = host_read_open(h, path, O_PATH | O_NOFOLLOW);
    ssize_t n = fd < 0 ? -1 : readlinkat(fd, "", text, sizeof text);
    return n > 0 ? arena_str(h->a, str_make(text, (size_t)n)) : STR_NONE;
}

static int by_text(const void *a, const void *b)
{
    return str_cmp(*(const str *)a, *(const str *)b);
}

enum host_seen host_read_list(struct host *h, const char *fact, const char *path, struct host_names *out)
{
    VEC(str) names = { 0 };
    AUTO_FD fd = host_read_open(h, path, O_RDONLY | O_DIRECTORY);
    *out = (struct host_names) { 0 };
    if (fd < 0)
        return refuse(h, fact, path, errno);
    DIR *dir = fdopendir(fd);
    if (!dir)
        return refuse(h, fact, path, errno);
    fd = -1;
    for (struct dirent *e; (e = readdir(dir)) && names.n < HOST_MAX_LIST;) {
        str name = e->d_name[0] == '.' ? STR_NONE : arena_str(h->a, str_of(e->d_name));
        if (name.p)
            *vec_push_in(h->a, &names) = name;
    }
    closedir(dir);
    if (names.n)
        qsort(names.p, names.n, sizeof *names.p, by_text);
    *out = (struct host_names) { .v = names.p, .n = names.n };
    return HOST_READ;
}

static int by_name(const void *a, const void *b)
{
    str x = *(const str *)a, y = *(const str *)b;
    return str_cmp(str_from(x, str_rfind_byte(x, '/') + 1), str_from(y, str_rfind_byte(y, '/') + 1));
}

static bool named(const str *paths, size_t n, str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(str_from(paths[i], str_rfind_byte(paths[i], '/') + 1), name))
            return true;
    return false;
}

enum host_seen host_read_dropins(struct host *h, const char *fact, const char *const *dirs,
                                 const char *suffix, struct host_names *out)
{
    VEC(str) paths = { 0 };
    *out = (struct host_names) { 0 };
    for (; *dirs; dirs++) {
        struct host_names names;
        size_t            before = paths.n;
        if (host_read_list(h, fact, *dirs, &names) == HOST_REFUSED)
            return HOST_REFUSED;
        for (size_t i = 0; i < names.n && paths.n < HOST_MAX_LIST; i++)
            if (str_ends(names.v[i], str_of(suffix)) && !named(paths.p, before, names.v[i]))
                *vec_push_in(h->a, &paths) = str_of(host_read_path(h, "%s/%s", *dirs, names.v[i].p));
    }
    if (paths.n)
        qsort(paths.p, paths.n, sizeof *paths.p, by_name);
    *out = (struct host_names) { .v = paths.p, .n = paths.n };
    return paths.n ? HOST_READ : HOST_ABSENT;
}
