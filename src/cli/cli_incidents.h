/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cli_incidents: `vedette incidents [list | show N | close N | assign N]`. */
#ifndef CLI_CLI_INCIDENTS_H
#define CLI_CLI_INCIDENTS_H

#include "base/json.h"
#include "cli/cli_opts.h"
#include "cli/cli_session.h"

extern const struct cli_option CLI_INCIDENTS_OPTIONS[];

must_check enum rc cli_incidents_run(const struct cli_args *args, struct err *err);

/* The page of incidents that a filter of OData lets through; empty: all. Newest first. */
must_check enum rc cli_incidents_find(struct cli_session *s, str filter, unsigned top, struct arena *a,
                                      const struct json **list, struct err *err);

#endif
