/* SPDX-License-Identifier: Apache-2.0 */
/* Vedette.Operations of posture: import of what others export, the library of policies, the gate before
 * resources are made, Kubernetes' admission webhook, versions of a resource, history of the score. */
#include "api/api_handlers.h"
#include "api/api_posture.h"
#include "api/api_priv.h"
#include "inventory/inventory.h"
#include "posture/posture_arm.h"
#include "posture/posture_assessment.h"
#include "posture/posture_change.h"
#include "posture/posture_gate.h"
#include "posture/posture_id.h"
#include "posture/posture_library.h"
#include "posture/posture_resource.h"
#include "posture/posture_whatif.h"

enum { IMPORT_BYTES = 2000 << 20, MAX_REFUSED = 100 };

static void free_arena(void *p)
{
    arena_free(p);
}

/* Big things live in an arena of their own, until the end of the call. */
static struct arena *big_arena(struct api_call *c)
{
    struct arena *a = arena_new(IMPORT_BYTES);
    arena_defer(c->arena, free_arena, a);
    return a;
}

static struct inventory_opts place_of(struct api_call *c)
{
    str subscription = http_req_param(c->req, S("subscription")), group = http_req_param(c->req, S("group"));

    return (struct inventory_opts) { .subscription =
                                         subscription.n ? subscription : c->api->opts.scopes->subscription_id,
                                     .group = group.n ? group : c->api->opts.scopes->group,
                                     .location = http_req_param(c->req, S("location")) };
}

static enum rc read_inventory(struct api_call *c, struct arena *a, struct inventory *out, struct err *err)
{
    const struct inventory_opts place = place_of(c);
    struct err                  why = { 0 };

    enum rc rc = inventory_read(a, c->body, &place, out, &why);
    if (rc == RC_OK)
        return RC_OK;
    return api_call_fail(c, rc == RC_LIMIT ? 413 : 400, "InvalidRequestContent", err, "%s", why.text);
}

/* --- import --- */

struct refusals {
    const struct posture_resource_put *puts;
    struct arena                      *a;
    struct {
        str id, reason;
    } list[MAX_REFUSED];
    size_t n, all;
};

static void refused(void *ctx, size_t i, const struct err *why)
{
    struct refusals *r = ctx;

    if (r->n < MAX_REFUSED) {
        r->list[r->n].id = r->puts[i].id;
        r->list[r->n++].reason = arena_str(r->a, str_of(why->text));
    }
    r->all++;
}

static void write_counts(struct json_w *w, const struct inventory *in, const struct posture_resource_many *m,
                         const struct refusals *r)
{
    json_w_object(w);
    json_w_kstr(w, S("format"), in->format);
    json_w_ki64(w, S("read"), (int64_t)in->n);
    json_w_ki64(w, S("created"), (int64_t)m->created);
    json_w_ki64(w, S("changed"), (int64_t)m->changed);
    json_w_ki64(w, S("unchanged"), (int64_t)m->same);
    json_w_ki64(w, S("skipped"), (int64_t)in->skipped);
    json_w_ki64(w, S("refused"), (int64_t)r->all);
    json_w_key(w, S("refusals"));
    json_w_array(w);
    for (size_t i = 0; i < r->n; i++) {
        json_w_object(w);
        json_w_kstr(w, S("id"), r->list[i].id);
        json_w_kstr(w, S("reason"), r->list[i].reason);
        json_w_end(w);
    }
    json_w_end(w);
    json_w_end(w);
}

enum rc api_inventory_import(struct api_call *c, struct err *err)
{
    struct arena                *a = big_arena(c);
    struct inventory             in = { 0 };
    struct refusals             *r = ARENA_NEW(a, struct refusals);
    struct posture_resource_many many = { .ctx = r, .refused = refused };
    str                          source = http_req_param(c->req, S("source"));

    TRY(read_inventory(c, a, &in, err));
    struct posture_resource_put *puts = ARENA_ARRAY(a, struct posture_resource_put, in.n + 1);
    for (size_t i = 0; i < in.n; i++)
        puts[i] = (struct posture_resource_put) { .id = json_str(in.v[i], S("id"), S("")),
                                                  .document = in.v[i],
                                                  .source = source.n ? source : in.format,
                                                  .who = c->who.name };
    *r = (struct refusals) { .puts = puts, .a = a };
    TRY(posture_resource_put_many(api_posture(c), puts, in.n, &many, err));
    api_posture_settle(c);
    struct json_w w = api_call_json(c);
    write_counts(&w, &in, &many, r);
    return api_call_done(c, 200, err);
}

/* --- the library --- */

static void write_library(struct json_w *w, const struct posture_library_counts *k)
{
    json_w_object(w);
    json_w_ki64(w, S("definitions"), (int64_t)k->definitions);
    json_w_ki64(w, S("initiatives"), (int64_t)k->initiatives);
    json_w_ki64(w, S("unchanged"), (int64_t)k->unchanged);
    json_w_ki64(w, S("doubles"), (int64_t)k->doubles);
    json_w_ki64(w, S("refused"), (int64_t)k->refused);
    json_w_ki64(w, S("others"), (int64_t)k->others);
    json_w_kstr(w, S("firstRefusal"), str_of(k->first));
    json_w_key(w, S("judgedOn"));
    json_w_object(w);
    for (int i = 0; i < POSTURE_JUDGED_COUNT_; i++)
        json_w_ki64(w, posture_measure_name((enum posture_judged)i), (int64_t)k->judged[i]);
    json_w_end(w);
    json_w_end(w);
}

enum rc api_inventory_library(struct api_call *c, struct err *err)
{
    struct posture_library_counts counts = { 0 };

    TRY(posture_library_add(api_posture(c), c->body, c->who.name, &counts, err));
    struct json_w w = api_call_json(c);
    write_library(&w, &counts);
    return api_call_done(c, 200, err);
}

enum rc api_inventory_aliases(struct api_call *c, struct err *err)
{
    size_t n;

    TRY(posture_library_aliases(api_posture(c), c->body, &n, err));
    struct json_w w = api_call_json(c);
    json_w_object(&w);
    json_w_ki64(&w, S("aliases"), (int64_t)n);
    json_w_end(&w);
    return api_call_done(c, 200, err);
}

/* --- the gate --- */

enum rc api_inventory_gate(struct api_call *c, struct err *err)
{
    struct arena       *a = big_arena(c);
    struct inventory    in = { 0 };
    struct posture_gate g;

    TRY(read_inventory(c, a, &in, err));
    TRY(posture_gate_check(api_posture(c), in.v, in.n, a, &g, err));
    struct json_w w = api_call_json(c);
    json_w_object(&w);
    json_w_kstr(&w, S("format"), in.format);
    posture_gate_write(&w, &g);
    json_w_end(&w);
    return api_call_done(c, 200, err);
}

/* Kubernetes shows at most so many warnings of so many letters. */
enum { MAX_WARNINGS = 20, MAX_WARNING = 240 };

static void write_review(struct json_w *w, str version, str uid, const struct posture_gate *g)
{
    size_t warnings = 0;

    json_w_object(w);
    json_w_kstr(w, S("apiVersion"), version);
    json_w_kstr(w, S("kind"), S("AdmissionReview"));
    json_w_key(w, S("response"));
    json_w_object(w);
    json_w_kstr(w, S("uid"), uid);
    json_w_kbool(w, S("allowed"), g->denied == 0);
    for (size_t i = 0; i < g->n && g->denied; i++) {
        if (!g->p[i].denied)
            continue;
        json_w_key(w, S("status"));
        json_w_object(w);
        json_w_ki64(w, S("code"), 403);
        json_w_kstr(w, S("message"), g->p[i].message);
        json_w_end(w);
        break;
    }
    json_w_key(w, S("warnings"));
    json_w_array(w);
    for (size_t i = 0; i < g->n && warnings < MAX_WARNINGS; i++, warnings++)
        json_w_str(w, str_slice(g->p[i].message, 0, MAX_WARNING));
    json_w_end(w);
    json_w_end(w);
    json_w_end(w);
}

/* An object that is deleted is not looked at; one of a kind that nobody judges is let in. */
enum rc api_inventory_admission(struct api_call *c, struct err *err)
{
    const struct json          *body, *request, *document = NULL;
    const struct inventory_opts place = place_of(c);
    struct posture_gate         g = { 0 };

    TRY(api_call_object(c, &body, err));
    request = json_get(body, S("request"));
    if (!request || !json_str(request, S("uid"), STR_NONE).n)
        return api_call_fail(c, 400, "BadRequest", err,
                             "The body is no AdmissionReview: it has no request with a uid.");
    const struct json *object = json_get(request, S("object"));
    if (object && object->kind == JSON_OBJECT) {
        struct err why;
        enum rc    rc = inventory_kube_resource(c->arena, object, &place, &document, &why);
        if (rc != RC_OK && rc != RC_UNSUPPORTED)
            return api_call_fail(c, 400, "BadRequest", err, "The object cannot be read: %s", why.text);
    }
    if (document)
        TRY(posture_gate_check(api_posture(c), &document, 1, c->arena, &g, err));
    struct json_w w = api_call_json(c);
    write_review(&w, json_str(body, S("apiVersion"), S("admission.k8s.io/v1")),
                 json_str(request, S("uid"), S("")), &g);
    return api_call_done(c, 200, err);
}

/* --- versions and history --- */

static enum rc write_version(struct json_w *w, struct arena *a, const struct posture_resource *r,
                             const struct posture_resource *before, struct err *err)
{
    const struct json     *is, *was = NULL;
    struct posture_changes changes;

    TRY(json_parse(a, r->text, &is, err));
    if (before)
        TRY(json_parse(a, before->text, &was, err));
    changes = posture_change_find(a, was, is);
    json_w_object(w);
    json_w_ki64(w, S("version"), r->version);
    json_w_ktime_known(w, S("time"), r->changed);
    json_w_kstr(w, S("source"), r->source);
    json_w_key(w, S("changes"));
    json_w_raw(w, before ? posture_change_json(a, &changes) : S("{}"));
    json_w_key(w, S("document"));
    json_w_raw(w, r->text);
    json_w_end(w);
    return RC_OK;
}

/* ?id=…: the versions that are kept, the newest first, each with what it changed. */
enum rc api_inventory_versions(struct api_call *c, struct err *err)
{
    struct posture_resources found;
    str                      id = http_req_param(c->req, S("id"));

    if (!id.n)
        return api_call_fail(c, 400, "BadRequest", err, "The parameter id names a resource.");
    TRY(posture_resource_versions(api_posture(c), id, c->arena, &found, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < found.n; i++)
        TRY(write_version(&w, c->arena, &found.p[i], i + 1 < found.n ? &found.p[i + 1] : NULL, err));
    return api_call_list_end(c, &w, S(""), err);
}

enum rc api_inventory_score_history(struct api_call *c, struct err *err)
{
    struct posture_score_point *points;
    size_t                      n;
    str                         days = http_req_param(c->req, S("days"));
    int64_t                     back = 90;

    if (days.n && (!str_to_i64(days, &back) || back < 1 || back > 3650))
        return api_call_fail(c, 400, "BadRequest", err, "days is 1 to 3650.");
    TRY(posture_score_history(api_posture(c), c->api->opts.scopes->subscription_id,
                              env_now(c->api->opts.env) - DAYS(1) * back, c->arena, &points, &n, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < n; i++) {
        json_w_object(&w);
        json_w_ktime_known(&w, S("time"), points[i].time);
        json_w_kdouble(&w, S("current"), posture_arm_round(points[i].current));
        json_w_kdouble(&w, S("max"), points[i].max);
        json_w_kdouble(&w, S("percentage"), points[i].max > 0 ? points[i].current / points[i].max : 0);
        json_w_ki64(&w, S("weight"), points[i].weight);
        json_w_end(&w);
    }
    return api_call_list_end(c, &w, S(""), err);
}

/* How much there is, and whether all of it is judged by the policies as they are now. */
enum rc api_inventory_status(struct api_call *c, struct err *err)
{
    struct posture_figures f;

    TRY(posture_assessment_figures(api_posture(c), &f, err));
    struct json_w w = api_call_json(c);
    json_w_object(&w);
    json_w_kbool(&w, S("settled"), posture_settle(api_posture(c), 0));
    json_w_ki64(&w, S("generation"), (int64_t)posture_generation(api_posture(c)));
    json_w_ki64(&w, S("resources"), f.resources);
    json_w_ki64(&w, S("policies"), f.units);
    json_w_ki64(&w, S("verdicts"), f.verdicts);
    json_w_ki64(&w, S("unhealthy"), f.unhealthy);
    json_w_ki64(&w, S("notMeasured"), f.unmeasured);
    json_w_end(&w);
    return api_call_done(c, 200, err);
}

enum { MAX_PLANNED = 500 };

/* {"fixes": [{"assessment", "resourceIds"?}]}: the score when these were healthy. */
enum rc api_inventory_whatif(struct api_call *c, struct err *err)
{
    const struct json          *body, *one;
    struct posture_whatif_fix  *fixes = ARENA_ARRAY(c->arena, struct posture_whatif_fix, MAX_PLANNED);
    struct posture_score_scope *now;
    struct posture_score        then;
    size_t                      n = 0, fixed, scopes;

    TRY(api_call_object(c, &body, err));
    for (size_t i = 0; (one = json_at(json_get(body, S("fixes")), i)) && n < MAX_PLANNED; i++)
        fixes[n++] = (struct posture_whatif_fix) { .definition = json_str(one, S("assessment"), S("")),
                                                   .resources = json_get(one, S("resourceIds")) };
    TRY(posture_score_scopes(api_posture(c), c->api->opts.scopes->subscription, c->arena, &now, &scopes,
                             err));
    TRY(posture_whatif_score(api_posture(c), c->api->opts.scopes->subscription_id, fixes, n, &then, &fixed,
                             err));
    struct json_w w = api_call_json(c);
    json_w_object(&w);
    json_w_ki64(&w, S("fixed"), (int64_t)fixed);
    json_w_key(&w, S("now"));
    json_w_object(&w);
    posture_arm_score(&w, S("now"), &now[0].score);
    json_w_end(&w);
    json_w_key(&w, S("then"));
    json_w_object(&w);
    posture_arm_score(&w, S("then"), &then);
    json_w_end(&w);
    json_w_end(&w);
    return api_call_done(c, 200, err);
}

/* --- recommendations --- */

/* The worst level of its unhealthy resources, how many are at each, and what makes them so. */
static void write_risks(struct json_w *w, const struct posture_tally *t,
                        const struct posture_risk_formula *formula)
{
    enum posture_risk_level worst = POSTURE_RISK_UNKNOWN;

    json_w_key(w, S("risk"));
    json_w_object(w);
    for (int l = POSTURE_RISK_LOW; l < POSTURE_RISK_COUNT_; l++)
        if (t->risks[l])
            worst = (enum posture_risk_level)l;
    json_w_kstr(w, S("level"), posture_risk_level_name(worst));
    posture_arm_factors(w, formula, t->factors);
    json_w_key(w, S("resources"));
    json_w_object(w);
    for (int l = POSTURE_RISK_COUNT_ - 1; l >= 0; l--)
        json_w_ki64(w, posture_risk_level_name((enum posture_risk_level)l), t->risks[l]);
    json_w_end(w);
    json_w_end(w);
}

static void write_tally(struct json_w *w, const struct posture_tally *t, const struct posture_score *score,
                        const struct posture_risk_formula *formula)
{
    static const str            names[POSTURE_STATE_COUNT_] = { [POSTURE_HEALTHY] = STR_INIT("healthy"),
                                                                [POSTURE_UNHEALTHY] = STR_INIT("unhealthy"),
                                                                [POSTURE_EXEMPT] = STR_INIT("exempt"),
                                                                [POSTURE_NOT_APPLICABLE] = STR_INIT("notApplicable"),
                                                                [POSTURE_UNATTESTED] = STR_INIT("awaitsAttestation"),
                                                                [POSTURE_NOT_MEASURED] = STR_INIT("notMeasured") };
    const struct posture_check *c = t->check;
    bool                        counts = c->control >= 0 && !c->preview;

    json_w_object(w);
    json_w_kstr(w, S("name"), c->name);
    posture_arm_metadata(w, c);
    json_w_key(w, S("resources"));
    json_w_object(w);
    for (int s = 1; s < POSTURE_STATE_COUNT_; s++)
        json_w_ki64(w, names[s], t->n[s]);
    json_w_end(w);
    if (t->n[POSTURE_UNHEALTHY])
        write_risks(w, t, formula);
    json_w_ktime_known(w, S("lastChange"), t->since);
    /* What the control would gain when all of it were fixed: more than one recommendation may be in the way.
     */
    json_w_kdouble(
        w, S("controlPotentialIncrease"),
        counts && t->n[POSTURE_UNHEALTHY] ? posture_arm_round(score->controls[c->control].potential) : 0);
    json_w_end(w);
}

static enum rc own_score(struct api_call *c, struct posture_score *out, struct err *err)
{
    struct posture_score_scope *scopes;
    size_t                      n;

    TRY(posture_score_scopes(api_posture(c), c->api->opts.scopes->subscription, c->arena, &scopes, &n, err));
    *out = n ? scopes[0].score : (struct posture_score) { 0 };
    return RC_OK;
}

/* One row a check, with how many resources are in which state; ?scope, by default everything. */
enum rc api_inventory_recommendations(struct api_call *c, struct err *err)
{
    struct posture_tallies tallies;
    struct posture_score   score;

    TRY(own_score(c, &score, err));
    TRY(posture_assessment_tally(api_posture(c), api_posture_plan(c), http_req_param(c->req, S("scope")),
                                 c->arena, &tallies, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < tallies.n; i++)
        write_tally(&w, &tallies.p[i], &score, api_posture_plan(c)->risk);
    return api_call_list_end(c, &w, S(""), err);
}

static int state_of(str word)
{
    for (int s = 1; s < POSTURE_STATE_COUNT_; s++)
        if (str_eq_ci(word, posture_state_status((enum posture_state)s)) ||
            (posture_state_cause((enum posture_state)s).n &&
             str_eq_ci(word, posture_state_cause((enum posture_state)s))))
            return s;
    return 0;
}

/* The resources of one check; ?state=Unhealthy, ?scope, ?control=…: with name "all", those of a control. */
enum rc api_inventory_recommendation(struct api_call *c, struct err *err)
{
    str  name = api_call_param(c, "name"), control = http_req_param(c->req, S("control"));
    bool all = str_eq(name, S("all"));
    struct posture_assessment_list list = { .scope = http_req_param(c->req, S("scope")),
                                            .definition = all ? S("") : name,
                                            .control = control.n ? posture_control_find(control) : -1,
                                            .state = state_of(http_req_param(c->req, S("state"))),
                                            .after = api_call_query(c, "$skipToken") };
    struct posture_assessments     found;

    TRY(api_posture_top(c, &list.max, err));
    TRY(posture_assessment_each(api_posture(c), api_posture_plan(c), &list, c->arena, &found, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < found.n; i++) {
        const struct posture_assessment *x = &found.p[i];
        api_posture_head(&w, posture_arm_assessment_id(c->arena, x->resource_id, x->unit->check->name),
                         x->unit->check->name, S("Microsoft.Security/assessments"));
        json_w_key(&w, S("properties"));
        json_w_object(&w);
        posture_arm_assessment(&w, x);
        json_w_end(&w);
        json_w_end(&w);
    }
    return api_call_list_end(c, &w, found.next, err);
}
