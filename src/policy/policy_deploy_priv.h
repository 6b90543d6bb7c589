/* SPDX-License-Identifier: Apache-2.0 */
/* What the functions of deployment templates read. Private to policy. */
#ifndef POLICY_POLICY_DEPLOY_PRIV_H
#define POLICY_POLICY_DEPLOY_PRIV_H

#include "policy/policy_expr.h"

struct policy_deploy_scope {
    const struct json            *variables;           /* of the template, or NULL */
    const struct policy_template *worked;              /* the same, compiled; NULL: none */
    unsigned                      depth;               /* of variables that ask for variables */
    int64_t                       copy;                /* the turn of a copy, from 0; -1: in none */
    str                           subscription, group; /* ids of the place */
    const char                   *unknown; /* a function that was called and that only a cloud can answer */
};

enum { POLICY_DEPLOY_VARIABLE_DEPTH = 32 };

#endif
