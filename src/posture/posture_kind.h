/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_kind: the kinds of objects that posture keeps beside resources: definitions, assignments,
 * exemptions, settings, … A row each: what clients call it, which codes a PUT of it answers, what it must
 * hold and what a change of it sets off. Threads: constant. */
#ifndef POSTURE_POSTURE_KIND_H
#define POSTURE_POSTURE_KIND_H

#include "base/json.h"
#include "base/str.h"

/* The numbers stand in state: they never change. */
enum posture_kind {
    POSTURE_DEFINITION = 1,
    POSTURE_SET = 2,
    POSTURE_ASSIGNMENT = 3,
    POSTURE_EXEMPTION = 4,
    POSTURE_ATTESTATION = 5,
    POSTURE_REMEDIATION = 6,
    POSTURE_GOVERNANCE_RULE = 7,
    POSTURE_GOVERNANCE_ASSIGNMENT = 8,
    POSTURE_PRICING = 9,
    POSTURE_AUTO_PROVISIONING = 10,
    POSTURE_METADATA = 11,
    POSTURE_ASSESSMENT = 12,
    POSTURE_KIND_COUNT_
};

/* What has to be done again after a change. */
enum posture_effect {
    POSTURE_EFFECT_NONE,
    POSTURE_EFFECT_PLAN,  /* compile anew and judge everything */
    POSTURE_EFFECT_SCOPE, /* compile anew and judge what is at or below the object's scope */
};

struct posture_kind_row {
    enum posture_kind   kind;
    str                 type;    /* "Microsoft.Authorization/policyAssignments" */
    unsigned short      created; /* status of a PUT that makes one; 201 or 200 */
    unsigned short      updated;
    enum posture_effect effect;
    bool                refers; /* to an assignment: listed below and above the scope */
    const char         *doc, *example;
};

/* Ended by an empty type. */
extern const struct posture_kind_row POSTURE_KINDS[];

const struct posture_kind_row *posture_kind_get(enum posture_kind kind);
/* By the type in any case, or NULL. */
const struct posture_kind_row *posture_kind_find(str type);

#endif
