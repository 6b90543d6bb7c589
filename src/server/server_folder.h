/* SPDX-License-Identifier: Apache-2.0 */
/* server/server_folder: the data folder: made private, locked against a second server, big enough to begin.
 *
 * The lock lives as long as the descriptor, so a killed server leaves none behind. Threads: main alone. */
#ifndef SERVER_SERVER_FOLDER_H
#define SERVER_SERVER_FOLDER_H

#include <limits.h>
#include <stdint.h>

#include "base/err.h"

struct server_folder {
    char path[PATH_MAX]; /* absolute, without links */
    int  lock;           /* held; close to let go */
};

/* Unix sockets allow 107 bytes; the longest name that we put behind the folder is /run/engine.sock. */
enum { SERVER_FOLDER_MAX_PATH = 85 };

/* Makes `dir` and its parts with mode 0700 and locks it. RC_CONFLICT: another server has it (the text names
 * its process). RC_FULL: less than `min_free` bytes are free. */
must_check enum rc server_folder_open(const char *dir, uint64_t min_free, struct server_folder *out,
                                      struct err *err);

/* Bytes that may still be written there; 0 when that cannot be told. */
uint64_t server_folder_free(const char *dir);

/* A file in the folder: "%s/%s", cut never (the folder's length is bounded). */
void server_folder_file(const struct server_folder *f, const char *name, char out[PATH_MAX]);

#endif
