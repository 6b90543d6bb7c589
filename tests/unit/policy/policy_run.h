/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a definition given as text over a document given as text. */
#ifndef TESTS_POLICY_RUN_H
#define TESTS_POLICY_RUN_H

#include "policy/policy.h"

/* The effect, "" for none, or "! message" when refused. Lives in the arena. */
str policy_run(struct arena *a, const char *definition, const char *resource,
               const struct policy_aliases *aliases);
/* The same for {"if": condition, "then": {"effect": "audit"}}: "audit", "" or "! message". */
str policy_run_if(struct arena *a, const char *condition, const char *resource);

#endif
