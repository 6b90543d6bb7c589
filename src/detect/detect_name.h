/* SPDX-License-Identifier: Apache-2.0 */
/* detect/detect_name: takes the names of things apart and tells which of them identify anything.
 *
 * Threads: no state. */
#ifndef DETECT_DETECT_NAME_H
#define DETECT_DETECT_NAME_H

#include "base/arena.h"

struct detect_entity;

/* FullName and joined names are split into their parts, empty values go, addresses are brought to one form.
 */
void detect_name_settle(struct arena *a, struct detect_entity *e);

/* Nothing but a name that every machine has: SYSTEM, root, NETWORK SERVICE … */
bool detect_name_builtin(const struct detect_entity *e);

enum { DETECT_NAME_IDENTITIES = 4 };

/* The identities by which two alerts are known to speak of one thing, the strongest first; none for what is
 * on every machine (127.0.0.1) or has but a bare name. Returns how many. `rank` gets how telling they are: 3
 * account, 2 host, 1 address. */
size_t detect_name_identities(struct arena *a, const struct detect_entity *e, str out[DETECT_NAME_IDENTITIES],
                              int *rank);

#endif
