/* SPDX-License-Identifier: Apache-2.0 */
/* policy/policy_deploy: the deployment of a deployIfNotExists rule, worked out: the resources that its
 * template would make, with ids, as ARM works them out: parameters, variables, conditions, copies, children,
 * nested deployments. What only a cloud can answer (reference, keys of accounts) is RC_UNSUPPORTED with its
 * name.
 *
 * Limits: POLICY_DEPLOY_RESOURCES, nested deployments POLICY_DEPLOY_DEPTH deep. Threads: as policy_eval. */
#ifndef POLICY_POLICY_DEPLOY_H
#define POLICY_POLICY_DEPLOY_H

#include "policy/policy.h"

enum { POLICY_DEPLOY_RESOURCES = 800, POLICY_DEPLOY_DEPTH = 5 };

struct policy_deployed {
    str                id;
    const struct json *document; /* id, name, type and what the template says beside them */
};
struct policy_deployment {
    struct policy_deployed *p;
    size_t                  n, cap;
};

bool policy_deploy_has(const struct policy_def *d); /* the rule says what to deploy */
/* `in->context` says which subscription and resource group the resource stands in: {"id", …} each. */
must_check enum rc policy_deploy(const struct policy_def *d, const struct policy_input *in, struct arena *a,
                                 struct policy_deployment *out, struct err *err);

#endif
