/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cli_chunk: cuts a stream of log data into pieces of whole records, to be sent each on its own.
 *
 * A piece is large because each costs a commit for every table that it has rows of. The first bytes decide:
 * lines (JSON lines and plain text) are cut at line ends and not looked into; arrays, pretty-printed objects
 * and {"Records":[…]} go through base/json_split, a record a line. The same input gives the same pieces,
 * however it was fed. A record over CLI_CHUNK_MAX_RECORD is cut to its beginning, so that the server refuses
 * it with a reason and keeps that. Memory: two pieces and one record. Threads: one at a time. */
#ifndef CLI_CLI_CHUNK_H
#define CLI_CLI_CHUNK_H

#include "base/auto.h"
#include "base/err.h"
#include "base/str.h"

enum { CLI_CHUNK_TARGET = 32 << 20, CLI_CHUNK_MAX_RECORD = 32 << 20, CLI_CHUNK_REFUSED = 64 << 10 };

struct cli_chunk;

/* `emit` gets whole records; `number` counts the pieces of this stream from 0. */
struct cli_chunk *cli_chunk_new(enum rc (*emit)(void *ctx, str records, uint64_t number, struct err *err),
                                void *ctx);
struct cli_chunk *cli_chunk_free(struct cli_chunk *c);
DEFINE_AUTO(cli_chunk, cli_chunk_free)

must_check enum rc cli_chunk_feed(struct cli_chunk *c, str bytes, struct err *err);
must_check enum rc cli_chunk_finish(struct cli_chunk *c, struct err *err);

#endif
