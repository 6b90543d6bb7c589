/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_plan: the assigned policies, compiled: what concerns a resource of a type, with its
 * parameters, exclusions, exemptions and attestations. An immutable snapshot. Threads: read-only once built.
 */
#ifndef POSTURE_POSTURE_PLAN_H
#define POSTURE_POSTURE_PLAN_H

#include "base/map.h"
#include "policy/policy.h"
#include "policy/policy_path.h"
#include "posture/posture_measure.h"
#include "posture/posture_object.h"
#include "posture/posture_tree.h"

enum { POSTURE_MAX_UNITS = 50000, POSTURE_PLAN_BYTES = 1 << 30 };

enum posture_severity { POSTURE_LOW = 1, POSTURE_MEDIUM, POSTURE_HIGH };

/* What a definition says beside its rule: a recommendation, an assessment's metadata. */
struct posture_check {
    str                       name, id; /* of the definition */
    str                       version;
    const struct json        *properties;
    const struct json        *metadata;
    const struct policy_def  *def; /* NULL: it does not compile; `problem` says why */
    str                       problem;
    enum posture_severity     severity;
    int                       control; /* index into POSTURE_CONTROLS; -1: none */
    bool                      preview;
    struct posture_measure    measure;
    const struct policy_path *needs; /* with their texts */
    const str                *need_texts;
    size_t                    n_needs;
    const struct policy_def  *applies; /* NULL: always */
};

struct posture_exemption {
    str                id, category, reason;
    str                scope;
    const struct json *references; /* array or NULL: all */
    const struct json *selectors;
    ts                 expires; /* 0: never */
};

struct posture_attestation {
    str id, scope, reference, state; /* Compliant, NonCompliant, Unknown */
    ts  expires;
};

struct posture_assignment {
    struct posture_object object;
    str                   display_name;
    str                   version; /* the range of the definition or initiative that is asked for, or empty */
    const struct json    *not_scopes, *selectors, *overrides;
    bool                  enforced;
    const struct json    *values;     /* {name: value} */
    str                set, set_name; /* id and name of the initiative; empty when a definition is assigned */
    const struct json *set_properties;
    struct posture_exemption   *exemptions;
    size_t                      n_exemptions;
    struct posture_attestation *attestations;
    size_t                      n_attestations;
};

struct posture_unit {
    int64_t                          key; /* in posture_units */
    const struct posture_assignment *assignment;
    const struct posture_check      *check;
    str                              reference;
    const struct json               *parameters; /* {name: value} */
    const struct json               *groups;     /* names of the initiative's groups, an array, or NULL */
    str                              problem;    /* why it cannot be judged; empty when it can */
    str                effect;           /* "audit", "manual", …; empty when it depends on the resource */
    str                effect_parameter; /* its name, when the effect is one */
    const struct json *policy;           /* what policy() answers */
};

struct posture_units {
    const struct posture_unit **p;
    size_t                      n, cap;
};

struct posture_rule;
struct posture_risk_formula;

struct posture_plan {
    struct arena               *arena;
    struct map                 *checks;  /* name → struct posture_check, of all assigned definitions */
    struct map                 *by_type; /* type → struct posture_units */
    struct posture_units        any;     /* that name no type */
    struct map                 *by_key;  /* key as text → struct posture_unit */
    struct posture_unit       **units;
    size_t                      n_units;
    struct posture_assignment **assignments;
    size_t                      n_assignments;
    struct posture_rule        *rules; /* of governance, those that are on */
    size_t                      n_rules;
    struct map                 *assigned;           /* id of an assessment → struct posture_assigned */
    bool                        grace;              /* one of them gives a grace period */
    const struct posture_risk_formula *risk;        /* NULL: there is none */
    struct map                        *related;     /* type asked for by …IfNotExists → itself */
    ts                                 next_expiry; /* of an exemption or attestation; 0: none */
};

/* Builds from state. Units that are new get their keys in `tx`, a write. */
must_check enum rc   posture_plan_build(struct posture *p, struct state_tx *tx, struct posture_plan **out,
                                        struct err *err);
struct posture_plan *posture_plan_free(struct posture_plan *plan);
DEFINE_AUTO(posture_plan, posture_plan_free)

/* A unit that is in no plan, of a definition's properties and {"name": {"value": v}}: for trying it. What is
 * wrong with the definition is the unit's problem. */
const struct posture_unit *posture_plan_unit_of(struct posture *p, const struct json *properties,
                                                const struct json *parameters, struct arena *a);

const struct posture_unit *posture_plan_unit(const struct posture_plan *plan,
                                             int64_t                    key); /* NULL: no longer */

#endif
