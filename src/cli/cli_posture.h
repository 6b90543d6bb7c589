/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cli_posture: `vedette posture` (score, import), `vedette policy gate`, `vedette content import`. */
#ifndef CLI_CLI_POSTURE_H
#define CLI_CLI_POSTURE_H

#include "cli/cli_opts.h"

extern const struct cli_option CLI_POSTURE_OPTIONS[];
extern const struct cli_option CLI_POSTURE_CONTENT_OPTIONS[];

/* posture: the score and what it is made of; posture import FILE...: exports of others into the inventory. */
must_check enum rc cli_posture_run(const struct cli_args *args, struct err *err);
/* policy gate FILE: RC_FORBIDDEN when a policy would refuse one of the file's resources. */
must_check enum rc cli_posture_gate(const struct cli_args *args, struct err *err);
/* content import azure-policy PATH...: the public library of definitions and initiatives, and tables of
 * aliases. */
must_check enum rc cli_posture_content(const struct cli_args *args, struct err *err);

#endif
