/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cli_opts: the options of a verb as rows, read from the command line and the environment.
 *
 *     --name VALUE, --name=VALUE, --flag; `--` ends the options; everything else is an argument.
 *
 * The command line wins over the environment, the environment over the default. Every value is checked
 * against its row before the verb runs. Threads: a parsed set is read-only. */
#ifndef CLI_CLI_OPTS_H
#define CLI_CLI_OPTS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/strbuf.h"
#include "base/ts.h"

enum cli_option_type { CLI_FLAG, CLI_TEXT, CLI_PATH, CLI_INT, CLI_SECONDS, CLI_CHOICE, CLI_ADDRESS };

struct cli_option {
    const char          *name; /* without the dashes; NULL ends a table */
    enum cli_option_type type;
    const char          *value;    /* how help calls the value: "DIR" */
    const char          *initial;  /* the default as text; NULL: none */
    int64_t              min, max; /* CLI_INT and CLI_SECONDS */
    const char          *choices;  /* CLI_CHOICE: "table|json|csv" */
    const char          *env;      /* the variable that sets it too */
    const char          *doc;
    bool required, hidden, secret; /* a secret has no place on a command line: environment only */
};

enum { CLI_MAX_OPTIONS = 64, CLI_MAX_TABLES = 3 };

/* What the user gave to a verb. */
struct cli_args {
    const struct cli_option *tables[CLI_MAX_TABLES];  /* ended by NULL when fewer */
    const char              *values[CLI_MAX_OPTIONS]; /* in the order of the rows, table after table */
    bool                     given[CLI_MAX_OPTIONS];  /* by the user, not by default */
    const char             **words;                   /* the arguments */
    size_t                   n_words;
    struct arena            *arena; /* lives as long as the verb runs */
};

/* Parses argv (behind the verb's name) against args->tables; words and values borrow argv and the
 * environment. RC_INVALID names the option, its bounds and the value. */
must_check enum rc cli_opts_parse(struct cli_args *args, int argc, char **argv, struct err *err);

/* The value of a row, which must exist: asking for another name is our bug. */
const char *cli_opts_text(const struct cli_args *args, const char *name); /* NULL when not set */
int64_t     cli_opts_int(const struct cli_args *args, const char *name);  /* 0 when not set */
bool        cli_opts_flag(const struct cli_args *args, const char *name);
duration    cli_opts_seconds(const struct cli_args *args, const char *name);
bool        cli_opts_given(const struct cli_args *args, const char *name);

/* The query of a verb: the last word, which is number `at`, or what standard input has when it is "-".
 * RC_LIMIT above `max` bytes. */
must_check enum rc cli_opts_query(const struct cli_args *args, size_t at, size_t max, str *out,
                                  struct err *err);

/* Splits "localhost:8443", "[::1]:8443" or "*:8443"; the host without brackets lands in `host`. */
must_check enum rc cli_opts_address(const char *text, char *host, size_t host_size, uint16_t *port,
                                    struct err *err);

/* The rows as help shows them, two columns, defaults and variables named. */
void cli_opts_help(struct strbuf *out, const struct cli_option *table);

#endif
