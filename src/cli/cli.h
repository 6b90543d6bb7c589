/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cli: the verbs of `vedette`, their help, and how one is picked.
 *
 * To add a verb: write its run function, add its row to CLI_VERBS (cli/cli_verbs.c), run `make check`.
 * docs/cli.md and `vedette help` read the same rows. A verb answers with a code and a story; the story is
 * printed once, on standard error, and the code becomes the exit status (base/rc.def). Verbs speak to the
 * server over HTTP only. Threads: main alone. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "cli/cli_opts.h"

struct cli_verb {
    const char              *name;
    const char              *usage;   /* what stands behind the name: "[--wait] FILE..." */
    const char              *doc;     /* first sentence: the line in the list of verbs */
    const char              *example; /* a whole command */
    const struct cli_option *options; /* may be NULL */
    bool                     remote;  /* takes the options of a connection too (--url, --ca, --data) */
    bool                     hidden;
    enum rc (*run)(const struct cli_args *args, struct err *err);
}; /* a row without a name ends a table */

/* Picks the verb out of the tables (ended by NULL), parses, runs; returns the exit status. */
int cli_main(const struct cli_verb *const *tables, int argc, char **argv);

/* NULL when there is none; hidden verbs are found too. */
const struct cli_verb *cli_find(const struct cli_verb *const *tables, const char *name);
/* The nearest visible name; empty when none is near. */
str cli_nearest(const struct cli_verb *const *tables, const char *name);

#endif
