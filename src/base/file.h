/* SPDX-License-Identifier: Apache-2.0 */
/* base/file: whole files and folders, durable where it says so. Paths are NUL-ended: this is the system's
 * edge. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <sys/types.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

/* Reads all of it into the arena; RC_NOT_FOUND, RC_LIMIT above `max`. */
must_check enum rc file_read(struct arena *a, const char *path, size_t max, str *out, struct err *err);
/* The same of a path below a folder: relative, and through no link, so that it cannot lead out. */
must_check enum rc file_read_below(struct arena *a, const char *dir, str path, size_t max, str *out,
                                   struct err *err);
/* Writes beside, fsyncs, renames over, fsyncs the folder: the old content or the new, never half. */
must_check enum rc file_write_atomic(const char *path, str content, mode_t mode, struct err *err);
must_check enum rc file_write_all(int fd, str bytes, struct err *err);
must_check enum rc file_mkdirs(const char *path, mode_t mode, struct err *err);
bool               file_exists(const char *path);
/* Calls each for every entry but . and .., in order of name. */
must_check enum rc file_list(const char *dir, enum rc (*each)(void *ctx, const char *name, struct err *err),
                             void *ctx, struct err *err);
must_check enum rc file_remove_tree(const char *path, struct err *err);

#endif
