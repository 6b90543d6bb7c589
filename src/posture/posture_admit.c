/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_admit.h"

#include "policy/policy_set.h"
#include "posture/posture_governance.h"
#include "posture/posture_id.h"
#include "posture/posture_measure.h"
#include "posture/posture_priv.h"
#include "posture/posture_select.h"
#include "posture/posture_version.h"

enum { DEFINITION_BYTES = 64 << 20, MAX_REFERENCES = 2000, DISPLAY_NAME_MAX = 128, DESCRIPTION_MAX = 512 };

static const struct json *get(const struct posture_object *o, const char *name)
{
    const struct json *j = json_get_ci(o->properties, str_of(name));
    return j && j->kind != JSON_NULL ? j : NULL;
}

static str text(const struct posture_object *o, const char *name)
{
    const struct json *j = get(o, name);
    return j && j->kind == JSON_STRING ? j->s : STR_NONE;
}

/* Sets one member of the properties. */
static void set(struct arena *a, struct posture_object *o, const char *name, struct json value)
{
    struct json_member *members = ARENA_ARRAY(a, struct json_member, o->properties->n + 1);
    struct json        *out = ARENA_NEW(a, struct json);
    uint32_t            n = 0;

    for (uint32_t i = 0; i < o->properties->n; i++)
        if (!str_eq_ci(o->properties->members[i].key, str_of(name)))
            members[n++] = o->properties->members[i];
    members[n++] = (struct json_member) { str_of(name), value };
    *out = (struct json) { .kind = JSON_OBJECT, .n = n, .members = members };
    o->properties = out;
}

static enum rc check_lengths(const struct posture_object *o, struct err *err)
{
    str name = text(o, "displayName"), description = text(o, "description");

    if (name.n > DISPLAY_NAME_MAX)
        return err_set(err, RC_INVALID, "displayName has at most %d characters, not %zu", DISPLAY_NAME_MAX,
                       name.n);
    if (description.n > DESCRIPTION_MAX)
        return err_set(err, RC_INVALID, "description has at most %d characters, not %zu", DESCRIPTION_MAX,
                       description.n);
    return RC_OK;
}

static enum rc one_of(const struct posture_object *o, const char *name, const char *const *words,
                      struct err *err)
{
    str given = text(o, name);

    for (size_t i = 0; words[i]; i++)
        if (str_eq_ci(given, str_of(words[i])))
            return RC_OK;
    return err_set(err, RC_INVALID, "%s is %s or %s, not '" STR_FMT "'", name, words[0], words[1],
                   STR_ARG(str_slice(given, 0, 80)));
}

static enum rc check_date(const struct posture_object *o, const char *name, struct err *err)
{
    ts  t;
    str given = text(o, name);

    if (given.n && !ts_parse(given, &t))
        return err_set(err, RC_INVALID, "%s is a date and time, not '" STR_FMT "'", name,
                       STR_ARG(str_slice(given, 0, 80)));
    return RC_OK;
}

/* --- definitions --- */

static enum rc admit_definition(struct posture *p, bool builtin, struct arena *a, struct posture_object *o,
                                struct err *err)
{
    AUTO(arena) scratch = arena_new(DEFINITION_BYTES);
    const struct policy_def *def;

    if (!get(o, "policyRule"))
        return err_set(err, RC_INVALID, "a policy definition has a policyRule");
    if (policy_def_parse(scratch, o->properties, p->aliases, &def, err) != RC_OK)
        return err_wrap(err, "policy definition '" STR_FMT "'", STR_ARG(str_slice(o->key.name, 0, 100)));
    if (!builtin)
        set(a, o, "policyType", json_make_str(S("Custom")));
    if (!text(o, "mode").n)
        set(a, o, "mode", json_make_str(builtin ? S("All") : S("Indexed")));
    o->note = posture_measure_name(posture_measure_of(o->properties).on);
    return RC_OK;
}

/* --- initiatives --- */

static bool declares_group(const struct posture_object *o, str name)
{
    const struct json *groups = get(o, "policyDefinitionGroups"), *one;

    for (size_t i = 0; (one = json_at(groups, i)); i++)
        if (str_eq_ci(json_str(one, S("name"), STR_NONE), name))
            return true;
    return false;
}

static enum rc check_groups(const struct posture_object *o, const struct json *reference, struct err *err)
{
    const struct json *names = json_get_ci(reference, S("groupNames")), *one;

    for (size_t i = 0; (one = json_at(names, i)); i++)
        if (one->kind != JSON_STRING || !declares_group(o, one->s))
            return err_set(err, RC_INVALID, "group '" STR_FMT "' is not among policyDefinitionGroups",
                           STR_ARG(one->kind == JSON_STRING ? one->s : S("?")));
    return RC_OK;
}

/* A range of versions is one, and takes a version that is here. */
static enum rc check_range(struct state_tx *tx, const struct posture_object *definition, str range,
                           struct arena *a, struct err *err)
{
    struct posture_object found;
    struct err            why = { 0 };

    if (!range.n)
        return RC_OK;
    TRY(posture_version_check_range(range, err));
    enum rc rc = posture_version_find(tx, definition, range, a, &found, &why);
    return rc == RC_OK ? RC_OK : err_set(err, rc == RC_NOT_FOUND ? RC_INVALID : rc, "%s", why.text);
}

/* An initiative of initiatives could lead back to itself: members are definitions and nothing else. */
static enum rc check_member(struct state_tx *tx, const struct posture_object *o, const struct json *reference,
                            struct err *err)
{
    AUTO(arena) a = arena_new(DEFINITION_BYTES);
    str                   id = json_str(reference, S("policyDefinitionId"), STR_NONE);
    struct posture_key    key;
    struct posture_object member;

    if (!id.n)
        return err_set(err, RC_INVALID, "a member of an initiative names its policyDefinitionId");
    TRY(posture_object_id_parse(id, &key, err));
    if (key.kind == POSTURE_SET)
        return err_set(err, RC_INVALID,
                       "an initiative holds definitions, not initiatives: '" STR_FMT
                       "' could lead back to this one",
                       STR_ARG(str_slice(id, 0, 200)));
    if (key.kind != POSTURE_DEFINITION)
        return err_set(err, RC_INVALID, "'" STR_FMT "' is no policy definition",
                       STR_ARG(str_slice(id, 0, 200)));
    if (posture_object_find(tx, &key, a, &member, err) != RC_OK)
        return err_set(err, RC_INVALID, "the policy definition '" STR_FMT "' could not be found",
                       STR_ARG(str_slice(id, 0, 300)));
    TRY(check_range(tx, &member, json_str(reference, S("definitionVersion"), STR_NONE), a, err));
    return check_groups(o, reference, err);
}

static str reference_of(struct arena *a, const struct json *reference, size_t i)
{
    str given = json_str(reference, S("policyDefinitionReferenceId"), STR_NONE);
    return given.n ? given : arena_printf(a, "%zu", i + 1);
}

static enum rc check_members(struct state_tx *tx, const struct posture_object *o, struct arena *a, bool whole,
                             struct err *err)
{
    const struct json *members = get(o, "policyDefinitions"), *one;
    AUTO(map) seen = map_new(MAP_NOCASE);

    for (size_t i = 0; (one = json_at(members, i)); i++) {
        str reference = reference_of(a, one, i);
        if (map_put(seen, reference, (void *)one))
            return err_set(err, RC_INVALID, "the reference id '" STR_FMT "' stands twice in the initiative",
                           STR_ARG(str_slice(reference, 0, 100)));
        if (whole && check_member(tx, o, one, err) != RC_OK)
            return err_wrap(err, "member %zu", i + 1);
    }
    return RC_OK;
}

/* The public library names some definitions that it does not hold: it is taken as it is, and what is missing
 * is told when the initiative is assigned. */
static enum rc admit_set(struct state_tx *tx, bool builtin, struct arena *a, struct posture_object *o,
                         struct err *err)
{
    const struct json *members = get(o, "policyDefinitions");

    if (!members || members->kind != JSON_ARRAY || (!members->n && !builtin))
        return err_set(err, RC_INVALID, "an initiative has policyDefinitions, an array with members");
    if (members->n > MAX_REFERENCES)
        return err_set(err, RC_LIMIT, "an initiative holds at most %d definitions, not %u", MAX_REFERENCES,
                       members->n);
    TRY(check_members(tx, o, a, !builtin, err));
    if (!builtin)
        set(a, o, "policyType", json_make_str(S("Custom")));
    return RC_OK;
}

/* --- assignments --- */

/* Each parameter is declared, and each declared one has a value. */
static enum rc check_parameters(const struct posture_object *o, const struct posture_object *definition,
                                struct err *err)
{
    const struct json *given = get(o, "parameters"), *declared = get(definition, "parameters");

    for (uint32_t i = 0; given && given->kind == JSON_OBJECT && i < given->n; i++)
        if (!json_get_ci(declared, given->members[i].key))
            return err_set(err, RC_INVALID, "the parameter '" STR_FMT "' is not declared by '" STR_FMT "'",
                           STR_ARG(given->members[i].key), STR_ARG(definition->key.name));
    for (uint32_t i = 0; declared && declared->kind == JSON_OBJECT && i < declared->n; i++)
        if (!json_get_ci(&declared->members[i].value, S("defaultValue")) &&
            !json_get_ci(given, declared->members[i].key))
            return err_set(err, RC_INVALID, "the parameter '" STR_FMT "' has no default and is not given",
                           STR_ARG(declared->members[i].key));
    return RC_OK;
}

static enum rc admit_assignment(struct posture *p, struct state_tx *tx, struct arena *a,
                                struct posture_object *o, struct err *err)
{
    AUTO(snapshot) held = snapshot_get(p->tree);
    struct posture_key    key;
    struct posture_object definition;
    str                   id = text(o, "policyDefinitionId");

    if (!id.n)
        return err_set(err, RC_INVALID, "an assignment names its policyDefinitionId");
    if (o->key.name.n > 64)
        return err_set(err, RC_INVALID, "an assignment's name has at most 64 bytes, not %zu", o->key.name.n);
    TRY(posture_object_id_parse(id, &key, err));
    if (key.kind != POSTURE_DEFINITION && key.kind != POSTURE_SET)
        return err_set(err, RC_INVALID, "'" STR_FMT "' is neither a definition nor an initiative",
                       STR_ARG(str_slice(id, 0, 200)));
    TRY(posture_object_find(tx, &key, a, &definition, err));
    TRY(check_range(tx, &definition, text(o, "definitionVersion"), a, err));
    TRY(posture_select_check(get(o, "resourceSelectors"), get(o, "overrides"), err));
    if (!posture_tree_covers(snapshot_value(held), key.scope, o->key.scope))
        return err_set(err, RC_INVALID,
                       "'" STR_FMT "' is defined elsewhere and cannot be assigned at this scope",
                       STR_ARG(str_slice(id, 0, 300)));
    TRY(check_parameters(o, &definition, err));
    if (!text(o, "enforcementMode").n)
        set(a, o, "enforcementMode", json_make_str(S("Default")));
    TRY(one_of(o, "enforcementMode", (const char *const[]) { "Default", "DoNotEnforce", NULL }, err));
    set(a, o, "scope", json_make_str(o->key.scope));
    return RC_OK;
}

/* --- exemptions, attestations, remediations --- */

static bool has_reference(const struct posture_object *assigned, str reference, struct arena *a)
{
    const struct json *members = get(assigned, "policyDefinitions"), *one;

    for (size_t i = 0; (one = json_at(members, i)); i++)
        if (str_eq_ci(reference_of(a, one, i), reference))
            return true;
    return false;
}

static enum rc find_assigned(struct state_tx *tx, const struct posture_object *o, struct arena *a,
                             struct posture_object *assignment, struct posture_object *assigned,
                             struct err *err)
{
    str id = text(o, "policyAssignmentId");

    if (!id.n)
        return err_set(err, RC_INVALID, "policyAssignmentId must be given");
    if (posture_object_find_id(tx, id, a, assignment, err) != RC_OK)
        return err_set(err, RC_INVALID, "The policy assignment '" STR_FMT "' could not be found.",
                       STR_ARG(str_slice(id, 0, 300)));
    return posture_object_find_id(tx, text(assignment, "policyDefinitionId"), a, assigned, err);
}

static enum rc admit_exemption(struct state_tx *tx, struct arena *a, struct posture_object *o,
                               struct err *err)
{
    struct posture_object assignment, assigned;
    const struct json    *references = get(o, "policyDefinitionReferenceIds"), *one;

    TRY(find_assigned(tx, o, a, &assignment, &assigned, err));
    TRY(one_of(o, "exemptionCategory", (const char *const[]) { "Waiver", "Mitigated", NULL }, err));
    TRY(check_lengths(o, err));
    TRY(check_date(o, "expiresOn", err));
    TRY(posture_select_check(get(o, "resourceSelectors"), NULL, err));
    for (size_t i = 0; (one = json_at(references, i)); i++)
        if (one->kind != JSON_STRING || !has_reference(&assigned, one->s, a))
            return err_set(err, RC_INVALID,
                           "the assignment has no policy with the reference id '" STR_FMT "'",
                           STR_ARG(one->kind == JSON_STRING ? str_slice(one->s, 0, 100) : S("?")));
    return RC_OK;
}

static enum rc admit_attestation(struct state_tx *tx, struct arena *a, struct posture_object *o,
                                 struct err *err)
{
    struct posture_object assignment, assigned;
    char                  now[TS_TEXT_SIZE];
    str                   reference = text(o, "policyDefinitionReferenceId");

    TRY(find_assigned(tx, o, a, &assignment, &assigned, err));
    if (!text(o, "complianceState").n)
        set(a, o, "complianceState", json_make_str(S("Unknown")));
    if (!str_eq_ci(text(o, "complianceState"), S("Unknown")))
        TRY(one_of(o, "complianceState", (const char *const[]) { "Compliant", "NonCompliant", NULL }, err));
    if (reference.n && !has_reference(&assigned, reference, a))
        return err_set(err, RC_INVALID, "the assignment has no policy with the reference id '" STR_FMT "'",
                       STR_ARG(str_slice(reference, 0, 100)));
    if (!reference.n && assigned.key.kind == POSTURE_SET)
        return err_set(err, RC_INVALID,
                       "the assignment is of an initiative: policyDefinitionReferenceId says which of "
                       "its policies is attested");
    TRY(check_date(o, "expiresOn", err));
    TRY(check_date(o, "assessmentDate", err));
    set(a, o, "provisioningState", json_make_str(S("Succeeded")));
    set(a, o, "lastComplianceStateChangeAt", json_make_str(arena_str(a, ts_text(o->modified, now))));
    return RC_OK;
}

static enum rc admit_remediation(struct state_tx *tx, struct arena *a, struct posture_object *o,
                                 struct err *err)
{
    struct posture_object assignment, assigned;
    str                   reference = text(o, "policyDefinitionReferenceId");
    char                  now[TS_TEXT_SIZE];

    TRY(find_assigned(tx, o, a, &assignment, &assigned, err));
    if (reference.n && !has_reference(&assigned, reference, a))
        return err_set(err, RC_INVALID, "the assignment has no policy with the reference id '" STR_FMT "'",
                       STR_ARG(str_slice(reference, 0, 100)));
    if (!text(o, "provisioningState").n)
        set(a, o, "provisioningState", json_make_str(S("Evaluating")));
    if (!text(o, "createdOn").n)
        set(a, o, "createdOn", json_make_str(arena_str(a, ts_text(o->created, now))));
    return RC_OK;
}

/* --- settings --- */

static enum rc admit_metadata(struct arena *a, struct posture_object *o, struct err *err)
{
    if (!text(o, "displayName").n)
        return err_set(err, RC_INVALID, "assessment metadata has a displayName");
    TRY(one_of(o, "severity", (const char *const[]) { "Low", "High", "Medium", NULL }, err));
    set(a, o, "assessmentType", json_make_str(S("CustomerManaged")));
    return RC_OK;
}

static enum rc admit_assessment(const struct posture_object *o, struct err *err)
{
    str code = json_str(get(o, "status"), S("code"), STR_NONE);

    if (!str_eq(code, S("Healthy")) && !str_eq(code, S("Unhealthy")) && !str_eq(code, S("NotApplicable")))
        return err_set(err, RC_INVALID,
                       "status.code is Healthy, Unhealthy or NotApplicable, not '" STR_FMT "'",
                       STR_ARG(str_slice(code, 0, 80)));
    return RC_OK;
}

enum rc posture_admit_object(struct posture *p, struct state_tx *tx, bool builtin, struct arena *a,
                             struct posture_object *o, struct err *err)
{
    switch (o->key.kind) {
    case POSTURE_DEFINITION:
        return admit_definition(p, builtin, a, o, err);
    case POSTURE_SET:
        return admit_set(tx, builtin, a, o, err);
    case POSTURE_ASSIGNMENT:
        return admit_assignment(p, tx, a, o, err);
    case POSTURE_EXEMPTION:
        return admit_exemption(tx, a, o, err);
    case POSTURE_ATTESTATION:
        return admit_attestation(tx, a, o, err);
    case POSTURE_REMEDIATION:
        return admit_remediation(tx, a, o, err);
    case POSTURE_GOVERNANCE_RULE:
        return posture_governance_read(o, a, &(struct posture_rule) { 0 }, err);
    case POSTURE_GOVERNANCE_ASSIGNMENT:
        return posture_governance_read_assigned(o, &(struct posture_assigned) { 0 }, err);
    case POSTURE_PRICING:
        return one_of(o, "pricingTier", (const char *const[]) { "Free", "Standard", NULL }, err);
    case POSTURE_AUTO_PROVISIONING:
        return one_of(o, "autoProvision", (const char *const[]) { "On", "Off", NULL }, err);
    case POSTURE_METADATA:
        return admit_metadata(a, o, err);
    case POSTURE_ASSESSMENT:
        return admit_assessment(o, err);
    default:
        return RC_OK;
    }
}

/* --- deleting --- */

static enum rc count_users(struct state_tx *tx, const struct posture_object *o, int64_t *out, struct err *err)
{
    AUTO(state_stmt) st = NULL;

    TRY(state_stmt_one(
        tx,
        "SELECT (SELECT count(*) FROM posture_objects WHERE kind = ?2 AND"
        " json_extract(properties, '$.policyDefinitionId') = ?1 COLLATE NOCASE) +"
        " (SELECT count(*) FROM posture_objects o, json_each(o.properties, '$.policyDefinitions') m"
        " WHERE o.kind = ?3 AND json_extract(m.value, '$.policyDefinitionId') = ?1 COLLATE NOCASE)",
        STATE_ARGS(STATE_S(o->id), STATE_I(POSTURE_ASSIGNMENT), STATE_I(POSTURE_SET)), &st, err));
    *out = state_stmt_i64(st, 0);
    return RC_OK;
}

enum rc posture_admit_delete(struct state_tx *tx, const struct posture_object *o, struct err *err)
{
    int64_t users = 0;

    if (o->key.kind == POSTURE_DEFINITION || o->key.kind == POSTURE_SET) {
        if (!str_eq_ci(text(o, "policyType"), S("Custom")))
            return err_set(err, RC_FORBIDDEN, "'" STR_FMT "' is built in and cannot be deleted",
                           STR_ARG(o->key.name));
        TRY(count_users(tx, o, &users, err));
        if (users)
            return err_set(err, RC_CONFLICT, "'" STR_FMT "' is used by %lld assignments or initiatives",
                           STR_ARG(o->key.name), (long long)users);
    }
    if (o->key.kind != POSTURE_ASSIGNMENT)
        return RC_OK;
    return state_stmt_run(tx,
                          "DELETE FROM posture_objects WHERE kind IN (?, ?, ?) AND"
                          " json_extract(properties, '$.policyAssignmentId') = ? COLLATE NOCASE",
                          STATE_ARGS(STATE_I(POSTURE_EXEMPTION), STATE_I(POSTURE_ATTESTATION),
                                     STATE_I(POSTURE_REMEDIATION), STATE_S(o->id)),
                          err);
}
