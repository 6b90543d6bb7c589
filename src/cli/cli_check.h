/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cli_check: `vedette policy check`: resources that are about to be, or that somebody exported, against
 * policies, without a server. For pipelines: the exit code says whether they may pass. */
#ifndef CLI_CLI_CHECK_H
#define CLI_CLI_CHECK_H

#include "cli/cli_opts.h"

/* Reads the files that args->words names from number 1 on (- is standard input), in any form that inventory
 * knows, and prints what fails. RC_FORBIDDEN when something fails that is as severe as --block says. */
must_check enum rc cli_check_run(const struct cli_args *args, struct err *err);

#endif
