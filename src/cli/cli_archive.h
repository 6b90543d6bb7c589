/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cli_archive: the files inside a file: itself, what .gz (.zst .xz .bz2) hides, what .zip and .tar hold.
 *
 * Everything is streamed: a file of any size costs one buffer. A file inside an archive that is gzip itself
 * is unpacked too. What a name of an entry says about paths is ignored: nothing is written. Threads: one
 * each. */
#ifndef CLI_CLI_ARCHIVE_H
#define CLI_CLI_ARCHIVE_H

#include "base/err.h"
#include "base/str.h"

struct cli_archive_sink {
    void *ctx;
    enum rc (*begin)(void *ctx, str name, struct err *err);  /* a file begins */
    enum rc (*piece)(void *ctx, str bytes, struct err *err); /* its next bytes */
    enum rc (*end)(void *ctx, struct err *err);
    void (*progress)(void *ctx, uint64_t bytes); /* of the outer file, read so far; may be NULL */
};

/* `path` NULL is standard input. RC_NOT_FOUND, RC_CORRUPT (with what was wrong), or what the sink answered.
 */
must_check enum rc cli_archive_read(const char *path, const struct cli_archive_sink *sink, struct err *err);

#endif
