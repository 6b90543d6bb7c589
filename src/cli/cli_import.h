/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cli_import: `vedette import FILE…`: recorded logs of any size into a running server.
 *
 * Files are cut into pieces of a few MB (cli_chunk), several of which are under way at a time. Each carries
 * a token made of the file's identity, the piece's place and its content: sent again, after a lost connection
 * or by running the same command again, it is taken once. Threads: the reader and CLI_IMPORT_SENDERS senders.
 */
#ifndef CLI_CLI_IMPORT_H
#define CLI_CLI_IMPORT_H

#include "cli/cli_opts.h"
#include "cli/cli_session.h"

extern const struct cli_option CLI_IMPORT_OPTIONS[];

must_check enum rc cli_import_run(const struct cli_args *args, struct err *err);

/* What the server acknowledged. */
enum { CLI_IMPORT_MAX_TABLES = 256, CLI_IMPORT_SENDERS = 2 };

struct cli_import_count {
    char     table[130];
    uint64_t rows;
};

struct cli_import_counts {
    struct cli_import_count tables[CLI_IMPORT_MAX_TABLES];
    size_t                  n;
    uint64_t                rows, refused, repeated;
};

/* Adds one answer: {"rows":{"SecurityEvent":123},"refused":4,"duplicate":false}. */
void cli_import_add(struct cli_import_counts *c, const struct json *answer);

/* Sends one piece. `token` is 36 characters. */
must_check enum rc cli_import_send(struct cli_session *s, str source, str records, str token, struct arena *a,
                                   const struct json **answer, struct err *err);

/* Waits until every rule has looked at all that was there when this was called. */
must_check enum rc cli_import_wait_judged(struct cli_session *s, duration patience, struct err *err);

#endif
