/* SPDX-License-Identifier: Apache-2.0 */
/* server/server_verbs: the verbs that are processes of their own: serve, and the two that it starts. */
#ifndef SERVER_SERVER_VERBS_H
#define SERVER_SERVER_VERBS_H

#include "cli/cli.h"

extern const struct cli_verb SERVER_VERBS[];

#endif
