/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_kind.h"

#include <assert.h>

const struct posture_kind_row POSTURE_KINDS[] = {
    { .kind = POSTURE_DEFINITION,
      .type = STR_INIT("Microsoft.Authorization/policyDefinitions"),
      .created = 201,
      .updated = 201,
      .effect = POSTURE_EFFECT_PLAN,
      .doc = "A policy definition: what is wrong, and what follows.",
      .example = "az policy definition create -n tls12 --rules @rule.json --mode All" },
    { .kind = POSTURE_SET,
      .type = STR_INIT("Microsoft.Authorization/policySetDefinitions"),
      .created = 201,
      .updated = 200,
      .effect = POSTURE_EFFECT_PLAN,
      .doc = "An initiative: definitions under one name, put under controls.",
      .example = "az policy set-definition create -n baseline --definitions @members.json" },
    { .kind = POSTURE_ASSIGNMENT,
      .type = STR_INIT("Microsoft.Authorization/policyAssignments"),
      .created = 201,
      .updated = 201,
      .effect = POSTURE_EFFECT_SCOPE,
      .doc = "A definition or initiative at work at a scope.",
      .example = "az policy assignment create -n base --policy tls12 --scope /subscriptions/…" },
    { .kind = POSTURE_EXEMPTION,
      .type = STR_INIT("Microsoft.Authorization/policyExemptions"),
      .created = 201,
      .updated = 200,
      .effect = POSTURE_EFFECT_SCOPE,
      .refers = true,
      .doc = "What an assignment shall not judge: waived, or mitigated otherwise.",
      .example = "az policy exemption create -n old-web --policy-assignment ID --exemption-category Waiver" },
    { .kind = POSTURE_ATTESTATION,
      .type = STR_INIT("Microsoft.PolicyInsights/attestations"),
      .created = 201,
      .updated = 200,
      .effect = POSTURE_EFFECT_SCOPE,
      .refers = true,
      .doc = "What a person answers for a manual policy.",
      .example = "az rest --method put --url /subscriptions/…/attestations/a1?api-version=2022-09-01 --body "
                 "@a.json" },
    { .kind = POSTURE_REMEDIATION,
      .type = STR_INIT("Microsoft.PolicyInsights/remediations"),
      .created = 201,
      .updated = 200,
      .refers = true,
      .doc = "A fix of resources that do not comply, and how far it went.",
      .example = "az policy remediation create -n r1 --policy-assignment base" },
    { .kind = POSTURE_GOVERNANCE_RULE,
      .type = STR_INIT("Microsoft.Security/governanceRules"),
      .created = 201,
      .updated = 200,
      .effect = POSTURE_EFFECT_SCOPE,
      .doc = "Who answers for recommendations, and until when.",
      .example =
          "az rest --method put --url /subscriptions/…/governanceRules/r1?api-version=2022-01-01-preview …" },
    { .kind = POSTURE_GOVERNANCE_ASSIGNMENT,
      .type = STR_INIT("Microsoft.Security/governanceAssignments"),
      .created = 201,
      .updated = 200,
      .effect = POSTURE_EFFECT_SCOPE,
      .doc = "Owner and due date of one recommendation on one resource.",
      .example = "az rest --method put --url "
                 "…/assessments/…/governanceAssignments/…?api-version=2022-01-01-preview" },
    { .kind = POSTURE_PRICING,
      .type = STR_INIT("Microsoft.Security/pricings"),
      .created = 200,
      .updated = 200,
      .doc = "A plan. All plans are on; the object is kept for policies and clients that ask for it.",
      .example = "az security pricing show -n VirtualMachines" },
    { .kind = POSTURE_AUTO_PROVISIONING,
      .type = STR_INIT("Microsoft.Security/autoProvisioningSettings"),
      .created = 200,
      .updated = 200,
      .doc = "Whether agents are installed unasked.",
      .example = "az security auto-provisioning-setting update -n default --auto-provision On" },
    { .kind = POSTURE_METADATA,
      .type = STR_INIT("Microsoft.Security/assessmentMetadata"),
      .created = 200,
      .updated = 200,
      .doc = "A recommendation of one's own.",
      .example =
          "az security assessment-metadata create -n GUID --display-name x --severity High --description y" },
    { .kind = POSTURE_ASSESSMENT,
      .type = STR_INIT("Microsoft.Security/assessments"),
      .created = 201,
      .updated = 200,
      .doc = "The verdict of somebody else's check on a resource.",
      .example = "az security assessment create -n GUID --status-code Healthy --assessed-resource-id ID" },
    { .type = { NULL, 0 } },
};

const struct posture_kind_row *posture_kind_get(enum posture_kind kind)
{
    for (const struct posture_kind_row *r = POSTURE_KINDS; r->type.n; r++)
        if (r->kind == kind)
            return r;
    assert(kind == 0); /* every kind has a row */
    return NULL;
}

const struct posture_kind_row *posture_kind_find(str type)
{
    for (const struct posture_kind_row *r = POSTURE_KINDS; r->type.n; r++)
        if (str_eq_ci(r->type, type))
            return r;
    return NULL;
}
