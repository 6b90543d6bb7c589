/* SPDX-License-Identifier: Apache-2.0 */
/* content/content_check: a rule against the tables it would run on.
 *
 * Threads: no state. */
#ifndef CONTENT_CONTENT_CHECK_H
#define CONTENT_CONTENT_CHECK_H

#include "content/content_rule.h"
#include "kql/kql.h"

/* Compiles the query against the catalog as a run would. `tables` gets the base tables that it reads.
 * RC_SYNTAX, RC_INVALID: the first diagnostic with line and column. Columns that mappings, details or
 * overrides name and the query does not give are RC_INVALID. */
must_check enum rc content_check_rule(const struct content_rule *r, const struct kql_catalog *catalog,
                                      struct arena *a, struct kql_program *out, struct err *err);

#endif
