/* SPDX-License-Identifier: Apache-2.0 */
/* Microsoft.Security: scores, controls, assessments, compliance. */
#include "api/api_posture.h"

#include "api/api_handlers.h"
#include "api/api_priv.h"
#include "posture/posture_arm.h"
#include "posture/posture_compliance.h"
#include "posture/posture_id.h"
#include "posture/posture_pdf.h"

#define SETTLE SECONDS(3)
#define SCORE "ascScore"

struct posture *api_posture(const struct api_call *c)
{
    return c->api->opts.posture;
}

const struct posture_plan *api_posture_plan(struct api_call *c)
{
    return posture_plan_get(api_posture(c), c->arena);
}

const struct posture_tree *api_posture_tree(struct api_call *c)
{
    return posture_tree_get(api_posture(c), c->arena);
}

str api_posture_scope(struct api_call *c)
{
    str subscription = api_route_param(&c->match, "subscription"),
        group = api_route_param(&c->match, "group"), scope = api_route_param(&c->match, "scope");

    if (scope.p)
        return posture_id_trim(scope);
    if (!subscription.p)
        return S("");
    if (!group.p)
        return arena_printf(c->arena, "/subscriptions/" STR_FMT, STR_ARG(subscription));
    return arena_printf(c->arena, "/subscriptions/" STR_FMT "/resourceGroups/" STR_FMT, STR_ARG(subscription),
                        STR_ARG(group));
}

enum rc api_posture_top(struct api_call *c, size_t *out, struct err *err)
{
    str     top = api_call_query(c, "$top");
    int64_t n = POSTURE_MAX_PAGE;

    if (top.n && (!str_to_i64(top, &n) || n < 1))
        return api_call_fail(c, 400, "BadRequest", err, "$top is a number from 1 on, not '" STR_FMT "'.",
                             STR_ARG(str_slice(top, 0, 40)));
    *out = n > POSTURE_MAX_PAGE ? POSTURE_MAX_PAGE : (size_t)n;
    return RC_OK;
}

void api_posture_head(struct json_w *w, str id, str name, str type)
{
    json_w_object(w);
    json_w_kstr(w, S("id"), id);
    json_w_kstr(w, S("name"), name);
    json_w_kstr(w, S("type"), type);
}

void api_posture_tree_value(struct json_w *w, str key, const struct json *j)
{
    AUTO_STRBUF text = STRBUF_INIT(POSTURE_MAX_OBJECT);

    json_print(&text, j, 0);
    json_w_key(w, key);
    json_w_raw(w, strbuf_view(&text));
}

void api_posture_settle(struct api_call *c)
{
    (void)posture_settle(api_posture(c), SETTLE);
}

static enum rc not_found(struct api_call *c, const char *what, str name, struct err *err)
{
    return api_call_fail(c, 404, "ResourceNotFound", err, "The %s '" STR_FMT "' could not be found.", what,
                         STR_ARG(str_slice(name, 0, 200)));
}

static void close(struct json_w *w)
{
    json_w_end(w); /* properties */
    json_w_end(w);
}

/* --- scores --- */

static str score_id(struct api_call *c)
{
    return arena_printf(c->arena, STR_FMT "/providers/Microsoft.Security/secureScores/" SCORE,
                        STR_ARG(api_posture_scope(c)));
}

static enum rc read_score(struct api_call *c, struct posture_score *out, struct err *err)
{
    struct posture_score_scope *scopes;
    size_t                      n;

    TRY(posture_score_scopes(api_posture(c), api_posture_scope(c), c->arena, &scopes, &n, err));
    *out = n ? scopes[0].score : (struct posture_score) { 0 };
    return RC_OK;
}

static void write_score(struct api_call *c, struct json_w *w, const struct posture_score *s)
{
    api_posture_head(w, score_id(c), S(SCORE), S("Microsoft.Security/secureScores"));
    json_w_key(w, S("properties"));
    json_w_object(w);
    posture_arm_score(w, S("ASC score"), s);
    close(w);
}

enum rc api_posture_scores(struct api_call *c, struct err *err)
{
    struct posture_score s;

    TRY(read_score(c, &s, err));
    struct json_w w = api_call_list(c);
    write_score(c, &w, &s);
    return api_call_list_end(c, &w, S(""), err);
}

static enum rc check_score_name(struct api_call *c, struct err *err)
{
    str name = api_call_param(c, "score");
    return str_eq_ci(name, S(SCORE)) ? RC_OK : not_found(c, "secure score", name, err);
}

enum rc api_posture_score(struct api_call *c, struct err *err)
{
    struct posture_score s;

    TRY(check_score_name(c, err));
    TRY(read_score(c, &s, err));
    struct json_w w = api_call_json(c);
    write_score(c, &w, &s);
    return api_call_done(c, 200, err);
}

static void write_control_definition(struct json_w *w, int control, const struct posture_plan *plan)
{
    char id[200];
    int  n = snprintf(id, sizeof id, "/providers/Microsoft.Security/secureScoreControlDefinitions/" STR_FMT,
                      STR_ARG(POSTURE_CONTROLS[control].name));

    api_posture_head(w, str_make(id, (size_t)n), POSTURE_CONTROLS[control].name,
                     S("Microsoft.Security/secureScoreControlDefinitions"));
    json_w_key(w, S("properties"));
    json_w_object(w);
    posture_arm_control_definition(w, control, plan);
    close(w);
}

static void write_control(struct api_call *c, struct json_w *w, int control,
                          const struct posture_control_score *score)
{
    str id = arena_printf(c->arena, STR_FMT "/secureScoreControls/" STR_FMT, STR_ARG(score_id(c)),
                          STR_ARG(POSTURE_CONTROLS[control].name));

    api_posture_head(w, id, POSTURE_CONTROLS[control].name,
                     S("Microsoft.Security/secureScores/secureScoreControls"));
    json_w_key(w, S("properties"));
    json_w_object(w);
    posture_arm_control_score(w, control, score);
    if (str_eq_ci(api_call_query(c, "$expand"), S("definition"))) {
        json_w_key(w, S("definition"));
        write_control_definition(w, control, api_posture_plan(c));
    }
    close(w);
}

enum rc api_posture_controls(struct api_call *c, struct err *err)
{
    struct posture_score s;

    if (api_route_param(&c->match, "score").p)
        TRY(check_score_name(c, err));
    TRY(read_score(c, &s, err));
    struct json_w w = api_call_list(c);
    for (int i = 0; i < POSTURE_CONTROL_COUNT; i++)
        write_control(c, &w, i, &s.controls[i]);
    return api_call_list_end(c, &w, S(""), err);
}

enum rc api_posture_control_definitions(struct api_call *c, struct err *err)
{
    const struct posture_plan *plan = api_posture_plan(c);
    struct json_w              w = api_call_list(c);

    for (int i = 0; i < POSTURE_CONTROL_COUNT; i++)
        write_control_definition(&w, i, plan);
    return api_call_list_end(c, &w, S(""), err);
}

/* --- assessments --- */

static bool is_expanded(const struct api_call *c, str what)
{
    return str_contains_ci(api_call_query(c, "$expand"), what);
}

static void write_assessment(struct api_call *c, struct json_w *w, const struct posture_assessment *x)
{
    const struct posture_check *check = x->unit->check;

    api_posture_head(w, posture_arm_assessment_id(c->arena, x->resource_id, check->name), check->name,
                     S("Microsoft.Security/assessments"));
    json_w_key(w, S("properties"));
    json_w_object(w);
    posture_arm_assessment(w, x);
    if (is_expanded(c, S("metadata"))) {
        json_w_key(w, S("metadata"));
        json_w_object(w);
        posture_arm_metadata(w, check);
        json_w_end(w);
    }
    close(w);
}

/* Assessments that others made (az security assessment create) stand behind ours, on the last page. */
static enum rc write_foreign(struct api_call *c, struct json_w *w, struct err *err)
{
    const struct posture_object_list list = { .kind = POSTURE_ASSESSMENT,
                                              .scope = api_posture_scope(c),
                                              .below = true };
    struct posture_objects           found;

    TRY(posture_object_each(api_posture(c), &list, c->arena, &found, err));
    for (size_t i = 0; i < found.n; i++) {
        api_posture_head(w, found.v[i].id, found.v[i].key.name, S("Microsoft.Security/assessments"));
        api_posture_tree_value(w, S("properties"), found.v[i].properties);
        json_w_end(w);
    }
    return RC_OK;
}

enum rc api_posture_assessments(struct api_call *c, struct err *err)
{
    struct posture_assessment_list list = { .scope = api_posture_scope(c),
                                            .control = -1,
                                            .after = api_call_query(c, "$skipToken") };
    struct posture_assessments     found;

    TRY(api_posture_top(c, &list.max, err));
    TRY(posture_assessment_each(api_posture(c), api_posture_plan(c), &list, c->arena, &found, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < found.n; i++)
        write_assessment(c, &w, &found.p[i]);
    if (!found.next.n)
        TRY(write_foreign(c, &w, err));
    return api_call_list_end(c, &w, found.next, err);
}

enum rc api_posture_assessment(struct api_call *c, struct err *err)
{
    struct posture_assessment_list list = {
        .scope = api_posture_scope(c), .definition = api_call_param(c, "name"), .control = -1, .max = 1
    };
    struct posture_assessments found;
    const struct posture_key   key = { POSTURE_ASSESSMENT, list.scope, list.definition };
    struct posture_object      foreign;

    TRY(posture_assessment_each(api_posture(c), api_posture_plan(c), &list, c->arena, &found, err));
    if (found.n && str_eq_ci(found.p[0].resource_id, list.scope)) {
        struct json_w w = api_call_json(c);
        write_assessment(c, &w, &found.p[0]);
        return api_call_done(c, 200, err);
    }
    if (posture_object_get(api_posture(c), &key, c->arena, &foreign, err) != RC_OK)
        return not_found(c, "assessment", list.definition, err);
    struct json_w w = api_call_json(c);
    api_posture_head(&w, foreign.id, foreign.key.name, S("Microsoft.Security/assessments"));
    api_posture_tree_value(&w, S("properties"), foreign.properties);
    json_w_end(&w);
    return api_call_done(c, 200, err);
}

/* --- assessment metadata --- */

static void write_metadata(struct api_call *c, struct json_w *w, const struct posture_check *check)
{
    str id = arena_printf(c->arena, "/providers/Microsoft.Security/assessmentMetadata/" STR_FMT,
                          STR_ARG(check->name));

    api_posture_head(w, id, check->name, S("Microsoft.Security/assessmentMetadata"));
    json_w_key(w, S("properties"));
    json_w_object(w);
    posture_arm_metadata(w, check);
    close(w);
}

static enum rc write_foreign_metadata(struct api_call *c, struct json_w *w, struct err *err)
{
    const struct posture_object_list list = { .kind = POSTURE_METADATA,
                                              .scope = api_posture_scope(c),
                                              .below = true };
    struct posture_objects           found;

    TRY(posture_object_each(api_posture(c), &list, c->arena, &found, err));
    for (size_t i = 0; i < found.n; i++) {
        api_posture_head(w, found.v[i].id, found.v[i].key.name, S("Microsoft.Security/assessmentMetadata"));
        api_posture_tree_value(w, S("properties"), found.v[i].properties);
        json_w_end(w);
    }
    return RC_OK;
}

enum rc api_posture_metadata(struct api_call *c, struct err *err)
{
    const struct posture_plan *plan = api_posture_plan(c);
    struct json_w              w = api_call_list(c);
    struct map_iter            it = { 0 };

    while (map_next(plan->checks, &it))
        write_metadata(c, &w, it.value);
    TRY(write_foreign_metadata(c, &w, err));
    return api_call_list_end(c, &w, S(""), err);
}

enum rc api_posture_metadata_one(struct api_call *c, struct err *err)
{
    str                         name = api_call_param(c, "name");
    const struct posture_check *check = map_find(api_posture_plan(c)->checks, name);
    const struct posture_key    key = { POSTURE_METADATA, api_posture_scope(c), name };
    struct posture_object       foreign;
    struct json_w               w;

    if (check) {
        w = api_call_json(c);
        write_metadata(c, &w, check);
        return api_call_done(c, 200, err);
    }
    if (posture_object_get(api_posture(c), &key, c->arena, &foreign, err) != RC_OK)
        return not_found(c, "assessment metadata", name, err);
    w = api_call_json(c);
    api_posture_head(&w, foreign.id, name, S("Microsoft.Security/assessmentMetadata"));
    api_posture_tree_value(&w, S("properties"), foreign.properties);
    json_w_end(&w);
    return api_call_done(c, 200, err);
}

/* --- compliance --- */

static str standard_id(struct api_call *c, const struct posture_standard *s)
{
    return arena_printf(c->arena,
                        STR_FMT "/providers/Microsoft.Security/regulatoryComplianceStandards/" STR_FMT,
                        STR_ARG(api_posture_scope(c)), STR_ARG(s->name));
}

static void write_counts(struct json_w *w, const char *const *names, const size_t *by_state)
{
    for (int i = 0; i < POSTURE_COMPLIANT_COUNT_; i++)
        json_w_ki64(w, str_of(names[i]), (int64_t)by_state[i]);
}

static void write_standard(struct api_call *c, struct json_w *w, const struct posture_standard *s)
{
    api_posture_head(w, standard_id(c, s), s->name, S("Microsoft.Security/regulatoryComplianceStandards"));
    json_w_key(w, S("properties"));
    json_w_object(w);
    json_w_kstr(w, S("state"), posture_compliance_name(s->state));
    write_counts(w,
                 (const char *const[]) { "passedControls", "failedControls", "skippedControls",
                                         "unsupportedControls" },
                 s->by_state);
    json_w_kstr(w, S("displayName"), s->title);
    json_w_kstr(w, S("description"), s->description);
    json_w_kstr(w, S("policySetDefinitionId"), s->set);
    close(w);
}

static void write_control_state(struct api_call *c, struct json_w *w, const struct posture_standard *s,
                                const struct posture_compliance_control *k)
{
    str id = arena_printf(c->arena, STR_FMT "/regulatoryComplianceControls/" STR_FMT,
                          STR_ARG(standard_id(c, s)), STR_ARG(k->name));

    api_posture_head(w, id, k->name,
                     S("Microsoft.Security/regulatoryComplianceStandards/regulatoryComplianceControls"));
    json_w_key(w, S("properties"));
    json_w_object(w);
    json_w_kstr(w, S("description"), k->title);
    json_w_kstr(w, S("details"), k->description);
    json_w_kstr(w, S("category"), k->category);
    json_w_kstr(w, S("state"), posture_compliance_name(k->state));
    write_counts(w,
                 (const char *const[]) { "passedAssessments", "failedAssessments", "skippedAssessments",
                                         "unsupportedAssessments" },
                 k->by_state);
    close(w);
}

static void write_check_state(struct api_call *c, struct json_w *w, const struct posture_standard *s,
                              const struct posture_compliance_control *k,
                              const struct posture_compliance_check   *x)
{
    const struct posture_check *check = x->tally->check;
    str                         id = arena_printf(c->arena,
                                                  STR_FMT "/regulatoryComplianceControls/" STR_FMT
                                                          "/regulatoryComplianceAssessments/" STR_FMT,
                                                  STR_ARG(standard_id(c, s)), STR_ARG(k->name), STR_ARG(check->name));

    api_posture_head(w, id, check->name,
                     S("Microsoft.Security/regulatoryComplianceStandards/regulatoryComplianceControls/"
                       "regulatoryComplianceAssessments"));
    json_w_key(w, S("properties"));
    json_w_object(w);
    json_w_kstr(w, S("description"), json_str(check->properties, S("displayName"), check->name));
    json_w_kstr(w, S("assessmentType"), S("Assessment"));
    json_w_kstr(w, S("assessmentDetailsLink"),
                arena_printf(c->arena, "/providers/Microsoft.Security/assessmentMetadata/" STR_FMT,
                             STR_ARG(check->name)));
    json_w_kstr(w, S("state"), posture_compliance_name(x->state));
    json_w_kstr(w, S("severity"), posture_severity_name(check->severity));
    json_w_ki64(w, S("passedResources"), x->passed);
    json_w_ki64(w, S("failedResources"), x->failed);
    json_w_ki64(w, S("skippedResources"), x->skipped + x->manual);
    json_w_ki64(w, S("unsupportedResources"), x->unmeasured);
    json_w_ki64(w, S("awaitsAttestationResources"), x->manual);
    close(w);
}

static enum rc read_standards(struct api_call *c, struct posture_standards *out, struct err *err)
{
    return posture_compliance_of(api_posture(c), api_posture_scope(c), c->arena, out, err);
}

static enum rc find_standard(struct api_call *c, const struct posture_standard **out, struct err *err)
{
    struct posture_standards *all = ARENA_NEW(c->arena, struct posture_standards);

    TRY(read_standards(c, all, err));
    *out = posture_compliance_find(all, api_call_param(c, "standard"));
    return *out ? RC_OK : not_found(c, "standard", api_call_param(c, "standard"), err);
}

static enum rc find_control(struct api_call *c, const struct posture_standard **standard,
                            const struct posture_compliance_control **out, struct err *err)
{
    TRY(find_standard(c, standard, err));
    *out = posture_compliance_control_find(*standard, api_call_param(c, "control"));
    return *out ? RC_OK : not_found(c, "control", api_call_param(c, "control"), err);
}

enum rc api_posture_standards(struct api_call *c, struct err *err)
{
    struct posture_standards all;

    TRY(read_standards(c, &all, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < all.n; i++)
        write_standard(c, &w, &all.p[i]);
    return api_call_list_end(c, &w, S(""), err);
}

enum rc api_posture_standard(struct api_call *c, struct err *err)
{
    const struct posture_standard *s;

    TRY(find_standard(c, &s, err));
    struct json_w w = api_call_json(c);
    write_standard(c, &w, s);
    return api_call_done(c, 200, err);
}

/* ?format=csv, which is what comes unasked, or pdf. */
enum rc api_posture_standard_export(struct api_call *c, struct err *err)
{
    const struct posture_standard *s;
    struct posture_report          report;
    str                            format = http_req_param(c->req, S("format"));
    bool                           pdf = str_eq_ci(format, S("pdf"));
    AUTO_STRBUF                    text = STRBUF_INIT(API_CALL_MAX_ANSWER);

    if (format.n && !pdf && !str_eq_ci(format, S("csv")))
        return api_call_fail(c, 400, "BadRequest", err, "format is csv or pdf, not '" STR_FMT "'.",
                             STR_ARG(str_slice(format, 0, 40)));
    TRY(find_standard(c, &s, err));
    TRY(posture_report_of(api_posture(c), s, api_posture_scope(c), c->arena, &report, err));
    if (pdf)
        TRY(posture_pdf_write(&report, c->arena, &text, err));
    else
        posture_report_csv(&text, &report, c->arena);
    TRY(strbuf_ok(&text, "the export", err));
    http_res_headerf(c->res, "Content-Disposition", "attachment; filename=\"" STR_FMT ".%s\"",
                     STR_ARG(s->name), pdf ? "pdf" : "csv");
    api_call_text(c, 200, pdf ? S("application/pdf") : S("text/csv; charset=utf-8"),
                  arena_str(c->arena, strbuf_view(&text)));
    return RC_OK;
}

enum rc api_posture_standard_controls(struct api_call *c, struct err *err)
{
    const struct posture_standard *s;

    TRY(find_standard(c, &s, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < s->n; i++)
        write_control_state(c, &w, s, &s->controls[i]);
    return api_call_list_end(c, &w, S(""), err);
}

enum rc api_posture_standard_control(struct api_call *c, struct err *err)
{
    const struct posture_standard           *s;
    const struct posture_compliance_control *k;

    TRY(find_control(c, &s, &k, err));
    struct json_w w = api_call_json(c);
    write_control_state(c, &w, s, k);
    return api_call_done(c, 200, err);
}

enum rc api_posture_standard_checks(struct api_call *c, struct err *err)
{
    const struct posture_standard           *s;
    const struct posture_compliance_control *k;

    TRY(find_control(c, &s, &k, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < k->n; i++)
        write_check_state(c, &w, s, k, &k->checks[i]);
    return api_call_list_end(c, &w, S(""), err);
}

enum rc api_posture_standard_check(struct api_call *c, struct err *err)
{
    const struct posture_standard           *s;
    const struct posture_compliance_control *k;
    str                                      name = api_call_param(c, "check");

    TRY(find_control(c, &s, &k, err));
    for (size_t i = 0; i < k->n; i++) {
        if (!str_eq_ci(k->checks[i].tally->check->name, name))
            continue;
        struct json_w w = api_call_json(c);
        write_check_state(c, &w, s, k, &k->checks[i]);
        return api_call_done(c, 200, err);
    }
    return not_found(c, "assessment", name, err);
}
