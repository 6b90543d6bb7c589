/* SPDX-License-Identifier: Apache-2.0 */
/* host/host_read: files below the root folder, and why some could not be read. Paths are as on the machine,
 * with a slash in front; links are followed as if the root were /. Only regular files are opened, so nothing
 * waits. */
#ifndef HOST_HOST_READ_H
#define HOST_HOST_READ_H

#include <sys/stat.h>

#include "host/host_priv.h"

enum host_seen {
    HOST_ABSENT, /* there is no such file */
    HOST_READ,
    HOST_REFUSED /* it is there and cannot be read: noted, the fact must be left out */
};

void host_read_gap(struct host *h, const char *fact, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* `out` is empty unless HOST_READ. `fact` is the field that misses when the file is refused. */
enum host_seen host_read_text(struct host *h, const char *fact, const char *path, str *out);
/* As host_read_text, into another arena. */
enum host_seen host_read_text_in(struct host *h, struct arena *a, const char *fact, const char *path,
                                 str *out);
/* The first line, trimmed; empty when there is none. For files of /proc and /sys. */
str            host_read_line(struct host *h, const char *path);
bool           host_read_exists(struct host *h, const char *path);
enum host_seen host_read_stat(struct host *h, const char *path, bool follow, struct stat *out);
/* The text of a symbolic link; empty when there is none. */
str host_read_link(struct host *h, const char *path);
int host_read_open(struct host *h, const char *path, int flags); /* -1 with errno */

struct host_names {
    str   *v;
    size_t n;
};
/* Names in a folder, in order, without those that begin with a dot. Ended by NUL each. */
enum host_seen host_read_list(struct host *h, const char *fact, const char *path, struct host_names *out);

/* The files of drop-in folders that end in `suffix`: of the same name the one in the folder named first, in
 * order of their names, as systemd, sysctl and modprobe take them. Whole paths. */
enum host_seen host_read_dropins(struct host *h, const char *fact, const char *const *dirs,
                                 const char *suffix, struct host_names *out);

const char *host_read_path(struct host *h, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
