/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_arm.h"

enum { MEMBER_MAX = 4096 };

#include <math.h>

#include "posture/posture_id.h"

double posture_arm_round(double v)
{
    return round(v * 100) / 100;
}

str posture_arm_assessment_id(struct arena *a, str resource, str name)
{
    return arena_printf(a, STR_FMT "/providers/Microsoft.Security/assessments/" STR_FMT, STR_ARG(resource),
                        STR_ARG(name));
}

/* Texts by name is what clients read of additionalData. */
static void add_members(struct json_w *w, const struct json *value)
{
    for (uint32_t i = 0; value->kind == JSON_OBJECT && i < value->n; i++) {
        AUTO_STRBUF        text = STRBUF_INIT(MEMBER_MAX);
        const struct json *one = &value->members[i].value;
        if (one->kind == JSON_STRING) {
            json_w_kstr(w, value->members[i].key, one->s);
            continue;
        }
        json_print(&text, one, 0);
        if (!text.overflow)
            json_w_kstr(w, value->members[i].key, strbuf_view(&text));
    }
}

static void add_details(struct json_w *w, const struct posture_assessment *x,
                        const struct posture_subassessment *s)
{
    json_w_key(w, S("resourceDetails"));
    json_w_object(w);
    json_w_kstr(w, S("source"), S("Azure"));
    json_w_kstr(w, S("id"), x->resource_id);
    json_w_end(w);
    json_w_key(w, S("additionalData"));
    json_w_object(w);
    json_w_kstr(w, S("assessedResourceType"), x->resource_type);
    json_w_kstr(w, S("path"), s->path);
    add_members(w, s->value);
    json_w_end(w);
}

void posture_arm_subassessment(struct json_w *w, const struct posture_assessment *x,
                               const struct posture_subassessment *s)
{
    const struct posture_check *check = x->unit->check;
    AUTO_STRBUF                 name = STRBUF_INIT(MEMBER_MAX);

    strbuf_addf(&name, STR_FMT ": " STR_FMT,
                STR_ARG(json_str(check->properties, S("displayName"), check->name)), STR_ARG(s->title));
    json_w_kstr(w, S("id"), s->title);
    json_w_kstr(w, S("displayName"), strbuf_view(&name));
    json_w_key(w, S("status"));
    json_w_object(w);
    json_w_kstr(w, S("code"), S("Unhealthy"));
    json_w_kstr(w, S("severity"), posture_severity_name(check->severity));
    json_w_end(w);
    json_w_kstr(w, S("remediation"), json_str(check->metadata, S("remediation"), S("")));
    json_w_kstr(w, S("impact"), json_str(check->properties, S("description"), S("")));
    json_w_kstr(w, S("category"), json_str(check->metadata, S("category"), S("")));
    json_w_kstr(w, S("description"), json_str(check->properties, S("description"), S("")));
    json_w_ktime_known(w, S("timeGenerated"), x->since);
    add_details(w, x, s);
}

str posture_arm_subassessment_id(struct arena *a, str resource, str assessment, str name)
{
    return arena_printf(a, STR_FMT "/subAssessments/" STR_FMT,
                        STR_ARG(posture_arm_assessment_id(a, resource, assessment)), STR_ARG(name));
}

static void copy(struct json_w *w, const struct posture_check *c, const char *name)
{
    const struct json *value = json_get_ci(c->metadata, str_of(name));

    if (!value || value->kind == JSON_NULL)
        return;
    json_w_key(w, str_of(name));
    json_w_tree(w, value);
}

static str category_of(const struct posture_check *c)
{
    return json_str(c->metadata, S("category"), STR_NONE);
}

void posture_arm_metadata(struct json_w *w, const struct posture_check *c)
{
    str description = json_str(c->properties, S("description"), S(""));

    json_w_kstr(w, S("displayName"), json_str(c->properties, S("displayName"), c->name));
    json_w_kstr(w, S("assessmentType"),
                str_eq_ci(json_str(c->properties, S("policyType"), STR_NONE), S("Custom")) ? S("CustomPolicy")
                                                                                           : S("BuiltIn"));
    json_w_kstr(w, S("policyDefinitionId"), c->id);
    json_w_kstr(w, S("description"), description);
    json_w_kstr(w, S("remediationDescription"), json_str(c->metadata, S("remediation"), description));
    json_w_kstr(w, S("severity"), posture_severity_name(c->severity));
    json_w_kbool(w, S("preview"), c->preview);
    if (!json_get_ci(c->metadata, S("categories"))) {
        json_w_key(w, S("categories"));
        json_w_array(w);
        json_w_str(w, S("Compute"));
        json_w_end(w);
    }
    for (const char *const *name = (const char *const[]) { "categories", "userImpact", "implementationEffort",
                                                           "threats", "tactics", "techniques", NULL };
         *name; name++)
        copy(w, c, *name);
    json_w_kstr(w, S("policyCategory"), category_of(c));
    if (c->control >= 0) {
        json_w_kstr(w, S("securityControl"), POSTURE_CONTROLS[c->control].display_name);
        json_w_ki64(w, S("securityControlPoints"), POSTURE_CONTROLS[c->control].max);
    }
    json_w_kstr(w, S("judgedOn"), posture_measure_name(c->measure.on));
    if (c->problem.n || c->measure.reason.n)
        json_w_kstr(w, S("notMeasuredReason"), c->problem.n ? c->problem : c->measure.reason);
    json_w_kbool(w, S("hasFix"), json_get_ci(c->metadata, S("fix")) != NULL);
}

static void write_status(struct json_w *w, const struct posture_assessment *x)
{
    str cause = posture_state_cause(x->state);

    json_w_key(w, S("status"));
    json_w_object(w);
    json_w_kstr(w, S("code"), posture_state_status(x->state));
    if (cause.n)
        json_w_kstr(w, S("cause"), cause);
    if (x->cause.n)
        json_w_kstr(w, S("description"), x->cause);
    json_w_ktime_known(w, S("firstEvaluationDate"), x->first);
    json_w_ktime_known(w, S("statusChangeDate"), x->since);
    json_w_end(w);
}

/* Clients read additionalData as texts by name; evidence goes whole under its own name. */
static void write_evidence(struct json_w *w, const struct posture_assessment *x)
{
    json_w_key(w, S("additionalData"));
    json_w_object(w);
    json_w_kstr(w, S("policyAssignmentId"), x->unit->assignment->object.id);
    json_w_kstr(w, S("policyDefinitionReferenceId"), x->unit->reference);
    if (x->evidence.n)
        json_w_kstr(w, S("evidence"), x->evidence);
    json_w_end(w);
    if (x->evidence.n) {
        json_w_key(w, S("evidence"));
        json_w_raw(w, x->evidence);
    }
}

void posture_arm_factors(struct json_w *w, const struct posture_risk_formula *f, int64_t present)
{
    json_w_key(w, S("riskFactors"));
    json_w_array(w);
    for (size_t i = 0; i < posture_risk_factor_count(f); i++)
        if (present & (int64_t)1 << i)
            json_w_str(w, posture_risk_factor_name(f, i));
    json_w_end(w);
}

static void write_risk(struct json_w *w, const struct posture_assessment *x)
{
    enum posture_severity      severity = x->unit->check->severity;
    struct posture_risk_rating rating = posture_risk_rate(x->formula, severity, &x->risk);
    AUTO(arena) a = arena_new(16 << 10);

    json_w_key(w, S("risk"));
    json_w_object(w);
    json_w_kstr(w, S("level"), posture_risk_level_name(rating.level));
    json_w_kbool(w, S("isContextualRisk"), rating.level != POSTURE_RISK_UNKNOWN);
    posture_arm_factors(w, x->formula, x->risk.present);
    json_w_kstr(w, S("arithmetic"), posture_risk_sum(a, x->formula, severity, &x->risk));
    if (rating.level != POSTURE_RISK_UNKNOWN) {
        json_w_ki64(w, S("severityPoints"), rating.base);
        json_w_ki64(w, S("factorPoints"), rating.points);
        json_w_ki64(w, S("points"), rating.total);
        json_w_key(w, S("factors"));
        json_w_raw(w, x->risk.factors);
    }
    json_w_end(w);
}

void posture_arm_assessment(struct json_w *w, const struct posture_assessment *x)
{
    const struct posture_check *c = x->unit->check;

    json_w_kstr(w, S("displayName"), json_str(c->properties, S("displayName"), c->name));
    json_w_key(w, S("resourceDetails"));
    json_w_object(w);
    json_w_kstr(w, S("source"), S("Azure"));
    json_w_kstr(w, S("id"), x->resource_id);
    json_w_kstr(w, S("resourceType"), x->resource_type);
    json_w_kstr(w, S("resourceName"), posture_id_name(x->resource_id));
    json_w_kstr(w, S("inventorySource"), x->source);
    json_w_end(w);
    write_status(w, x);
    write_evidence(w, x);
    if (x->state == POSTURE_UNHEALTHY)
        write_risk(w, x);
    if (!x->due)
        return;
    json_w_key(w, S("governance"));
    json_w_object(w);
    json_w_kstr(w, S("owner"), x->owner);
    json_w_ktime_known(w, S("dueDate"), x->due);
    json_w_kbool(w, S("isOverdue"), x->overdue);
    json_w_kbool(w, S("isGracePeriod"), x->in_grace);
    json_w_end(w);
}

void posture_arm_score(struct json_w *w, str display_name, const struct posture_score *s)
{
    json_w_kstr(w, S("displayName"), display_name);
    json_w_key(w, S("score"));
    json_w_object(w);
    json_w_kdouble(w, S("max"), s->max);
    json_w_kdouble(w, S("current"), posture_arm_round(s->current));
    json_w_kdouble(w, S("percentage"), round(s->percentage * 10000) / 10000);
    json_w_end(w);
    json_w_ki64(w, S("weight"), s->weight);
}

void posture_arm_control_score(struct json_w *w, int control, const struct posture_control_score *c)
{
    double max = POSTURE_CONTROLS[control].max;

    json_w_kstr(w, S("displayName"), POSTURE_CONTROLS[control].display_name);
    json_w_key(w, S("score"));
    json_w_object(w);
    json_w_kdouble(w, S("max"), max);
    json_w_kdouble(w, S("current"), posture_arm_round(c->current));
    json_w_kdouble(w, S("percentage"), max > 0 ? round(c->current / max * 10000) / 10000 : 0);
    json_w_end(w);
    json_w_ki64(w, S("healthyResourceCount"), c->healthy);
    json_w_ki64(w, S("unhealthyResourceCount"), c->unhealthy);
    json_w_ki64(w, S("notApplicableResourceCount"), c->other);
    json_w_ki64(w, S("weight"), c->healthy + c->unhealthy);
    json_w_kdouble(w, S("potentialIncrease"), posture_arm_round(c->potential));
}

void posture_arm_control_definition(struct json_w *w, int control, const struct posture_plan *plan)
{
    struct map_iter it = { 0 };

    json_w_kstr(w, S("displayName"), POSTURE_CONTROLS[control].display_name);
    json_w_kstr(w, S("description"), POSTURE_CONTROLS[control].doc);
    json_w_ki64(w, S("maxScore"), POSTURE_CONTROLS[control].max);
    json_w_key(w, S("source"));
    json_w_object(w);
    json_w_kstr(w, S("sourceType"), S("BuiltIn"));
    json_w_end(w);
    json_w_key(w, S("assessmentDefinitions"));
    json_w_array(w);
    while (map_next(plan->checks, &it)) {
        const struct posture_check *c = it.value;
        char                        id[128];
        if (c->control != control)
            continue;
        int n = snprintf(id, sizeof id, "/providers/Microsoft.Security/assessmentMetadata/" STR_FMT,
                         STR_ARG(str_slice(c->name, 0, 64)));
        json_w_object(w);
        json_w_kstr(w, S("id"), str_make(id, (size_t)n));
        json_w_end(w);
    }
    json_w_end(w);
}
