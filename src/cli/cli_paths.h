/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cli_paths: the companions of this program, found from where it stands itself.
 *
 * build/bin/vedette has build/{bin,lib,share}; an installed PREFIX/bin/vedette has PREFIX/bin,
 * PREFIX/lib/vedette and PREFIX/share/vedette. Nothing is looked up on PATH. Threads: safe. */
#ifndef CLI_CLI_PATHS_H
#define CLI_CLI_PATHS_H

#include <limits.h>

#include "base/err.h"

struct cli_paths {
    char self[PATH_MAX];    /* this program */
    char engine[PATH_MAX];  /* vedette-engine beside it */
    char content[PATH_MAX]; /* rules, schemas, simulations */
    char portal[PATH_MAX];  /* the portal's files; empty when they are not there */
};

/* RC_NOT_FOUND names what is missing and where it was looked for. */
must_check enum rc cli_paths_find(struct cli_paths *out, struct err *err);

#endif
