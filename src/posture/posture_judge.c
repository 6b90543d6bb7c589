/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_judge.h"

#include "base/vec.h"
#include "posture/posture_assessment.h"
#include "posture/posture_evidence.h"
#include "posture/posture_explain.h"
#include "posture/posture_id.h"
#include "posture/posture_related.h"
#include "posture/posture_select.h"

static const struct {
    str status, cause, compliance;
} STATES[POSTURE_STATE_COUNT_] = {
    [POSTURE_HEALTHY] = { STR_INIT("Healthy"), STR_INIT(""), STR_INIT("Compliant") },
    [POSTURE_UNHEALTHY] = { STR_INIT("Unhealthy"), STR_INIT(""), STR_INIT("NonCompliant") },
    [POSTURE_EXEMPT] = { STR_INIT("NotApplicable"), STR_INIT("Exempt"), STR_INIT("Exempt") },
    [POSTURE_NOT_APPLICABLE] = { STR_INIT("NotApplicable"), STR_INIT("NotApplicable"),
                                 STR_INIT("NotApplicable") },
    [POSTURE_UNATTESTED] = { STR_INIT("NotApplicable"), STR_INIT("AwaitsAttestation"), STR_INIT("Unknown") },
    [POSTURE_NOT_MEASURED] = { STR_INIT("NotApplicable"), STR_INIT("NotMeasured"), STR_INIT("NotMeasured") },
};

str posture_state_status(enum posture_state s)
{
    return STATES[s].status;
}

str posture_state_cause(enum posture_state s)
{
    return STATES[s].cause;
}

str posture_state_compliance(enum posture_state s)
{
    return STATES[s].compliance;
}

/* What one run shares over the units. */
struct run {
    const struct posture_judging *j;
    const struct posture_subject *s;
    struct arena                 *a;
    const struct posture_node    *place;
    str                           location;
    bool                          indexed; /* has tags or a location: policies of mode Indexed look at it */
    struct json_member            context[4];
};

/* --- what a policy may ask of the place --- */

static const struct json *subscription_json(struct run *r)
{
    str                        id = posture_id_subscription(r->s->id);
    const struct posture_node *n = id.n ? posture_tree_find(r->j->tree, id) : NULL;
    struct json_member        *m = ARENA_ARRAY(r->a, struct json_member, 4);
    struct json               *out = ARENA_NEW(r->a, struct json);

    if (!n)
        return NULL;
    m[0] = (struct json_member) { S("id"), json_make_str(n->id) };
    m[1] = (struct json_member) { S("subscriptionId"), json_make_str(n->name) };
    m[2] = (struct json_member) { S("displayName"), json_make_str(n->display_name) };
    m[3] = (struct json_member) {
        S("tenantId"), json_make_str(posture_id_name(
                           posture_tree_root(r->j->tree) ? posture_tree_root(r->j->tree)->id : STR_NONE))
    };
    *out = (struct json) { .kind = JSON_OBJECT, .n = 4, .members = m };
    return out;
}

static void make_context(struct run *r)
{
    static const struct json   nothing = { .kind = JSON_NULL };
    str                        group = posture_id_group(r->s->id);
    const struct posture_node *n = group.n ? posture_tree_find(r->j->tree, group) : NULL;
    const struct json         *subscription = subscription_json(r);

    r->context[0] = (struct json_member) { S("subscription"), subscription ? *subscription : nothing };
    r->context[1] = (struct json_member) { S("resourceGroup"), n ? *n->document : nothing };
    r->context[2] = (struct json_member) { S("requestContext"), r->j->request ? *r->j->request : nothing };
}

/* --- may this unit look at this resource at all? --- */

static bool is_excluded(const struct run *r, const struct posture_assignment *s)
{
    const struct json *one;

    for (size_t i = 0; (one = json_at(s->not_scopes, i)); i++)
        if (one->kind == JSON_STRING && posture_tree_covers(r->j->tree, one->s, r->s->id))
            return true;
    return false;
}

static bool concerns(const struct run *r, const struct posture_unit *u)
{
    const struct posture_assignment *s = u->assignment;
    struct posture_select            what = { r->s->type, r->location, u->reference };

    return posture_tree_covers(r->j->tree, s->object.key.scope, r->s->id) && !is_excluded(r, s) &&
           (!s->selectors || posture_select_any(s->selectors, &what));
}

/* Mode Indexed looks at what has a location and tags: no containers, no settings below resources. */
static bool is_of_mode(const struct run *r, const struct posture_check *c)
{
    str mode = c->def ? policy_def_mode(c->def) : STR_NONE;
    return r->indexed || !str_eq_ci(mode, S("Indexed"));
}

static const struct posture_exemption *exempted(const struct run *r, const struct posture_unit *u)
{
    const struct posture_assignment *s = u->assignment;
    struct posture_select            what = { r->s->type, r->location, u->reference };

    for (size_t i = 0; i < s->n_exemptions; i++) {
        const struct posture_exemption *e = &s->exemptions[i];
        if ((!e->expires || e->expires > r->j->now) && posture_select_listed(e->references, u->reference) &&
            posture_tree_covers(r->j->tree, e->scope, r->s->id) &&
            (!e->selectors || posture_select_any(e->selectors, &what)))
            return e;
    }
    return NULL;
}

/* --- one unit --- */

static bool is_related_effect(str effect)
{
    return str_eq_ci(effect, S("auditIfNotExists")) || str_eq_ci(effect, S("deployIfNotExists"));
}

static void attested(const struct run *r, const struct posture_unit *u, const struct policy_verdict *v,
                     struct posture_finding *f)
{
    const struct posture_assignment  *s = u->assignment;
    const struct posture_attestation *best = NULL;
    str                               state = json_str(v->details, S("defaultState"), S("Unknown"));

    for (size_t i = 0; i < s->n_attestations; i++) {
        const struct posture_attestation *t = &s->attestations[i];
        if ((!t->expires || t->expires > r->j->now) && str_eq_ci(t->reference, u->reference) &&
            posture_tree_covers(r->j->tree, t->scope, r->s->id) && (!best || t->scope.n > best->scope.n))
            best = t; /* the nearest scope speaks */
    }
    if (best)
        state = best->state;
    f->state = str_eq_ci(state, S("Compliant"))      ? POSTURE_HEALTHY
               : str_eq_ci(state, S("NonCompliant")) ? POSTURE_UNHEALTHY
                                                     : POSTURE_UNATTESTED;
    f->cause =
        best ? arena_printf(r->a, "attested by " STR_FMT, STR_ARG(best->id)) : S("nobody has attested it");
}

static void conclude(const struct run *r, const struct posture_unit *u, const struct policy_verdict *v,
                     struct posture_finding *f)
{
    str effect = v->effect.n ? v->effect : u->effect;

    f->effect = effect;
    f->details = v->details;
    if (str_eq_ci(effect, S("manual")) && v->matched) {
        attested(r, u, v, f);
    } else if (is_related_effect(effect) || str_eq_ci(effect, S("manual"))) {
        f->state = !v->matched ? 0 : v->effect.n ? POSTURE_UNHEALTHY : POSTURE_HEALTHY;
        if (v->effect.n && is_related_effect(effect))
            f->evidence =
                posture_evidence_text(r->a, &v->evidence, json_str(v->details, S("type"), STR_NONE));
    } else if (!str_eq_ci(effect, S("denyAction")) && !str_eq_ci(effect, S("disabled"))) {
        f->state = v->effect.n ? POSTURE_UNHEALTHY : POSTURE_HEALTHY;
        if (v->effect.n)
            f->evidence = posture_evidence_text(r->a, &v->evidence, STR_NONE);
    }
}

/* A fact that was not collected: nothing can be said of it. */
static str missing_fact(const struct run *r, const struct posture_check *c)
{
    for (size_t i = 0; i < c->n_needs; i++) {
        const struct json *found = policy_path_get(&c->needs[i], 0, r->s->document);
        if (!found || found->kind == JSON_NULL)
            return c->need_texts[i];
    }
    return STR_NONE;
}

/* The effect that an override of the assignment asks for, if one does, and the parameters with it. */
static const struct json *overridden(const struct run *r, const struct posture_unit *u, str *effect)
{
    struct posture_select what = { r->s->type, r->location, u->reference };
    str                   value = posture_select_override(u->assignment->overrides, &what);

    if (value.n)
        *effect = value;
    if (!value.n || !u->effect_parameter.n)
        return u->parameters;
    struct json_member *members = ARENA_ARRAY(r->a, struct json_member, u->parameters->n + 1);
    struct json        *out = ARENA_NEW(r->a, struct json);
    uint32_t            n = 0;
    for (uint32_t i = 0; i < u->parameters->n; i++)
        if (!str_eq_ci(u->parameters->members[i].key, u->effect_parameter))
            members[n++] = u->parameters->members[i];
    members[n++] = (struct json_member) { u->effect_parameter, json_make_str(value) };
    *out = (struct json) { .kind = JSON_OBJECT, .n = n, .members = members };
    return out;
}

static struct policy_input input_of(struct run *r, const struct posture_unit *u,
                                    const struct json *parameters, struct posture_related *related)
{
    struct json *context = ARENA_NEW(r->a, struct json);

    r->context[3] = (struct json_member) { S("policy"), *u->policy };
    *context = (struct json) { .kind = JSON_OBJECT, .n = 4, .members = r->context };
    *related = (struct posture_related) { .tx = r->j->tx, .subject = r->s };
    return (struct policy_input) { .resource = r->s->document,
                                   .parameters = parameters,
                                   .context = context,
                                   .api_version = json_str(r->s->document, S("apiVersion"), STR_NONE),
                                   .related = { related, posture_related_find },
                                   .now = r->j->now,
                                   .elements = r->j->elements };
}

/* Does the check have what it needs to speak of this resource? */
static bool may_judge(struct run *r, const struct posture_unit *u, struct posture_finding *f)
{
    const struct posture_check *c = u->check;
    struct policy_input         in = { .resource = r->s->document, .now = r->j->now };
    struct policy_verdict       applies;
    str                         fact;

    if (u->problem.n) {
        *f = (struct posture_finding) { .unit = u, .state = POSTURE_NOT_MEASURED, .cause = u->problem };
        return false;
    }
    fact = missing_fact(r, c);
    if (fact.n) {
        f->state = POSTURE_NOT_MEASURED;
        f->cause = arena_printf(r->a, "the fact '" STR_FMT "' was not collected", STR_ARG(fact));
        return false;
    }
    if (c->applies && policy_eval(c->applies, &in, r->a, &applies, NULL) == RC_OK && !applies.matched) {
        f->state = POSTURE_NOT_APPLICABLE;
        f->cause = json_str(c->metadata, S("appliesIfText"), S("it does not concern this resource"));
        return false;
    }
    return true;
}

static struct posture_finding judge_unit(struct run *r, const struct posture_unit *u)
{
    struct posture_finding          f = { .unit = u, .effect = u->effect };
    const struct posture_exemption *e = exempted(r, u);
    struct posture_related          related;
    struct policy_verdict           v;
    struct err                      why = { 0 };

    if (!may_judge(r, u, &f))
        return f;
    str                forced = STR_NONE;
    const struct json *parameters = u->assignment->overrides ? overridden(r, u, &forced) : u->parameters;
    if (forced.n)
        f.effect = forced;
    if (str_eq_ci(f.effect, S("disabled")))
        return f;
    struct policy_input in = input_of(r, u, parameters, &related);
    if (policy_eval(u->check->def, &in, r->a, &v, &why) != RC_OK) {
        f.state = POSTURE_NOT_MEASURED;
        f.cause = arena_str(r->a, str_of(why.text));
        return f;
    }
    if (forced.n && v.effect.n)
        v.effect = forced;       /* of a rule that has its effect from no parameter, too */
    struct posture_unit as = *u; /* with the effect in force */
    as.effect = f.effect;
    conclude(r, &as, &v, &f);
    if (f.state == POSTURE_UNHEALTHY && related.unknown.n) {
        f.state = POSTURE_NOT_MEASURED;
        f.cause = arena_printf(r->a, "no resource of type '" STR_FMT "' is known in this subscription",
                               STR_ARG(related.unknown));
    }
    if (f.state && e) {
        f.state = POSTURE_EXEMPT;
        f.cause = arena_printf(r->a, STR_FMT ": " STR_FMT, STR_ARG(e->category),
                               STR_ARG(e->reason.n ? e->reason : e->id));
    }
    return f;
}

static str explained(struct run *r, const struct posture_unit *u)
{
    struct posture_related related;
    str                    forced = STR_NONE;

    if (!u->check->def)
        return STR_NONE;
    const struct json  *parameters = u->assignment->overrides ? overridden(r, u, &forced) : u->parameters;
    struct policy_input in = input_of(r, u, parameters, &related);
    in.elements = NULL;
    return posture_explain_text(u->check, &in, r->a);
}

/* What of the resource makes a finding on it worse: the same for all units. */
static void weigh(struct run *r, struct posture_findings *out)
{
    const struct json         context = { .kind = JSON_OBJECT, .n = 3, .members = r->context };
    const struct policy_input in = { .resource = r->s->document, .context = &context, .now = r->j->now };

    if (!posture_id_is_container(r->s->type))
        posture_risk_find(r->j->plan->risk, &in, r->s->type, r->a, &out->risk);
}

static struct run run_of(const struct posture_judging *j, const struct posture_subject *s, struct arena *a)
{
    struct run r = { .j = j, .s = s, .a = a, .location = json_str(s->document, S("location"), STR_NONE) };
    const struct json *tags = json_get(s->document, S("tags"));

    r.indexed = !posture_id_is_container(s->type) && (r.location.n || (tags && tags->kind == JSON_OBJECT));
    make_context(&r);
    return r;
}

static void judge_list(struct run *r, const struct posture_units *list, struct posture_findings *out)
{
    for (size_t i = 0; list && i < list->n; i++) {
        const struct posture_unit *u = list->p[i];
        if (!concerns(r, u) || !is_of_mode(r, u->check))
            continue;
        struct posture_finding f = judge_unit(r, u);
        if (f.state)
            *vec_push_in(r->a, out) = f;
    }
}

struct posture_judging posture_judge_begin(struct posture *p, struct state_tx *tx, struct arena *a)
{
    return (struct posture_judging) {
        .plan = posture_plan_get(p, a), .tree = posture_tree_get(p, a), .tx = tx, .now = env_now(p->opts.env)
    };
}

void posture_judge(const struct posture_judging *j, const struct posture_subject *s, struct arena *a,
                   struct posture_findings *out)
{
    struct run r = run_of(j, s, a);

    *out = (struct posture_findings) { 0 };
    judge_list(&r, map_find(j->plan->by_type, s->type), out);
    judge_list(&r, &j->plan->any, out);
    weigh(&r, out);
}

struct posture_finding posture_judge_one(const struct posture_judging *j, const struct posture_unit *u,
                                         const struct posture_subject *s, struct arena *a)
{
    struct run             r = run_of(j, s, a);
    struct posture_finding f = judge_unit(&r, u);

    if (j->explain)
        f.explanation = explained(&r, u);
    return f;
}

enum rc posture_judge_deployment(const struct posture_judging *j, const struct posture_unit *u,
                                 const struct posture_subject *s, struct arena *a,
                                 struct policy_deployment *out, struct err *err)
{
    struct run             r = run_of(j, s, a);
    struct posture_related related;
    str                    forced = STR_NONE;

    if (!u->check->def || !policy_deploy_has(u->check->def))
        return err_set(err, RC_UNSUPPORTED, "the policy has no deployment");
    const struct json  *parameters = u->assignment->overrides ? overridden(&r, u, &forced) : u->parameters;
    struct policy_input in = input_of(&r, u, parameters, &related);
    return policy_deploy(u->check->def, &in, a, out, err);
}
