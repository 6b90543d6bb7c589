/* SPDX-License-Identifier: Apache-2.0 */
#include "server/server_intake.h"

#include "base/log.h"
#include "ingest/ingest.h"

const struct cli_option SERVER_INTAKE_OPTIONS[] = {
    { .name = "data",
      .type = CLI_PATH,
      .value = "DIR",
      .required = true,
      .doc = "The supervisor's data folder." },
    { .name = "content", .type = CLI_PATH, .value = "DIR", .required = true, .doc = "Rules and schemas." },
    { .name = "no-host-sources", .type = CLI_FLAG, .doc = "Follow nothing of this machine." },
    { .name = "host-logs",
      .type = CLI_PATH,
      .value = "DIR",
      .initial = "/var/log",
      .doc = "This machine's log files." },
    { .name = "syslog", .type = CLI_ADDRESS, .value = "ADDR:PORT", .doc = "Take syslog there." },
    { 0 },
};

enum rc server_intake_run(const struct cli_args *args, struct err *err)
{
    bool follow = !cli_opts_flag(args, "no-host-sources");
    str  schemas = arena_printf(args->arena, "%s/schemas", cli_opts_text(args, "content"));

    log_init("intake", LOG_INFO);
    return ingest_run(&(struct ingest_opts) { .data_dir = cli_opts_text(args, "data"),
                                              .schemas_dir = schemas.p,
                                              .log_dir = follow ? cli_opts_text(args, "host-logs") : NULL,
                                              .journal = follow,
                                              .processes = follow,
                                              .syslog = cli_opts_text(args, "syslog") },
                      err);
}
