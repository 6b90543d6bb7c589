/* SPDX-License-Identifier: Apache-2.0 */
/* server/server_registry: `vedette registry`, the const tables of the API as JSON. Threads: main alone. */
#ifndef SERVER_SERVER_REGISTRY_H
#define SERVER_SERVER_REGISTRY_H

#include "cli/cli_opts.h"

must_check enum rc server_registry_run(const struct cli_args *args, struct err *err);

#endif
