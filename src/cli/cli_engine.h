/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cli_engine: a vedette-engine of one's own, on a temporary folder that goes with it.
 * Threads: one at a time. */
#ifndef CLI_CLI_ENGINE_H
#define CLI_CLI_ENGINE_H

#include "tables/tables.h"

struct cli_engine;

/* Starts the engine beside this program and waits until it answers. */
must_check enum rc cli_engine_start(struct cli_engine **out, struct err *err);
struct tables     *cli_engine_tables(struct cli_engine *e);
/* Stops the process and removes its folder. */
struct cli_engine *cli_engine_stop(struct cli_engine *e);
DEFINE_AUTO(cli_engine, cli_engine_stop)

#endif
