/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cli_simulate: `vedette simulate [NAME…]`: plays the harmless attacks of content/simulations.
 *
 * Log lines and records go to the server by the import route; processes are short-lived copies of /bin/sh,
 * /bin/true or /bin/sleep in a private folder that is removed at the end, also when interrupted. The format
 * stands in content/simulations/README.md. Threads: main alone. */
#ifndef CLI_CLI_SIMULATE_H
#define CLI_CLI_SIMULATE_H

#include "base/json.h"
#include "cli/cli_opts.h"

extern const struct cli_option CLI_SIMULATE_OPTIONS[];

must_check enum rc cli_simulate_run(const struct cli_args *args, struct err *err);

/* What {name} stands for. */
struct cli_simulate_words {
    str     host, user, dir;
    int64_t n;     /* of the repetition */
    int64_t octet; /* 1 to 254, another one each second: plays follow each other from new addresses */
    const struct json *variables;
};

/* The text with its placeholders filled in. RC_INVALID names one that is not known. */
must_check enum rc cli_simulate_fill(const struct cli_simulate_words *words, str text, struct strbuf *out,
                                     struct err *err);
/* One syslog message of RFC 5424 from a `log` step. */
must_check enum rc cli_simulate_syslog(const struct cli_simulate_words *words, const struct json *log,
                                       struct strbuf *out, struct err *err);
/* Is the file in the format? RC_INVALID says what is not. */
must_check enum rc cli_simulate_check(const struct json *simulation, struct err *err);

#endif
