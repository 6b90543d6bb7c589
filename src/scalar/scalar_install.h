/* SPDX-License-Identifier: Apache-2.0 */
/* scalar/scalar_install: makes the functions kql_<name> in an engine, a family when a statement first names
 * one.
 *
 * The engine compiles a module when its first function is made and again whenever it starts with functions in
 * its store; so our own engine forgets them when it starts (engine_scalar), and whoever does not use them
 * pays nothing. Threads: the caller's. */
#ifndef SCALAR_SCALAR_INSTALL_H
#define SCALAR_SCALAR_INSTALL_H

#include "base/err.h"
#include "scalar/scalar.h"

/* A family's module. Made by the build from its sources. */
struct scalar_code {
    const char *family;
    const char *hash; /* of the module */
    const char *hex;  /* the module */
};

extern const struct scalar_code SCALAR_CODE[]; /* ended by one without a family */

/* The families that `sql` names and that are not in `done`, a bit each; none, mostly. */
uint64_t scalar_install_needs(uint64_t done, str sql);

/* Runs the statements that make the families `which`. Fine when an engine has them already. */
must_check enum rc scalar_install(uint64_t which, enum rc (*exec)(void *ctx, str sql, struct err *err),
                                  void *ctx, struct err *err);

#endif
