/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cli_facts: `vedette facts`: how this machine, or a tree that looks like one, is configured. */
#ifndef CLI_CLI_FACTS_H
#define CLI_CLI_FACTS_H

#include "cli/cli_opts.h"

extern const struct cli_option CLI_FACTS_OPTIONS[];

/* Prints the document that policies judge, {id, name, type, location, tags, properties}. */
must_check enum rc cli_facts_run(const struct cli_args *args, struct err *err);

#endif
