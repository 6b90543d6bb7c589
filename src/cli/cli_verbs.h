/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cli_verbs: the table of verbs that speak to a server, or to nobody. */
#ifndef CLI_CLI_VERBS_H
#define CLI_CLI_VERBS_H

#include "cli/cli.h"

extern const struct cli_verb CLI_VERBS[];

#endif
