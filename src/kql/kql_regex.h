/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_regex: whether a pattern is one that RE2 takes, by which the engine matches: so that a mistake is
 * told with its place before anything runs. It knows RE2's grammar, not its memory: what is too large as a
 * whole it lets pass, and the names behind \p. Pure functions; time grows with the pattern's length. */
#ifndef KQL_KQL_REGEX_H
#define KQL_KQL_REGEX_H

#include "base/str.h"

struct kql_regex {
    size_t      groups; /* that capture */
    const char *fault;  /* NULL when there is none */
    size_t      at;     /* where in the pattern the fault is, in bytes */
};

struct kql_regex kql_regex_look(str pattern);
/* The number of the group of that name, from 1; 0 when there is none. */
size_t kql_regex_group(str pattern, str name);

#endif
