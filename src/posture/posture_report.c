/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_report.h"

#include "base/vec.h"

enum { MAX_PAGES = 100, VALUE_TEXT = 200, IDS_TEXT = 8192 };

/* --- gathering --- */

static bool is_of_standard(const struct posture_report *r, const struct posture_check *c)
{
    for (size_t i = 0; i < r->standard->n; i++)
        for (size_t k = 0; k < r->standard->controls[i].n; k++)
            if (r->standard->controls[i].checks[k].tally->check == c)
                return true;
    return false;
}

/* One list for each failing check of the standard; the rest has none. */
static void prepare(struct posture_report *r, struct arena *a)
{
    for (size_t i = 0; i < r->standard->n; i++) {
        const struct posture_compliance_control *c = &r->standard->controls[i];
        for (size_t k = 0; k < c->n; k++)
            if (c->checks[k].failed && !map_has(r->samples, c->checks[k].tally->check->name))
                map_put(r->samples, c->checks[k].tally->check->name,
                        ARENA_NEW(a, struct posture_assessments));
    }
}

static size_t keep(struct posture_report *r, const struct posture_assessments *page, struct arena *a)
{
    size_t full = 0;

    for (size_t i = 0; i < page->n; i++) {
        struct posture_assessments *list = map_find(r->samples, page->p[i].unit->check->name);
        if (!list || list->n == POSTURE_REPORT_SAMPLES || !is_of_standard(r, page->p[i].unit->check))
            continue;
        *vec_push_in(a, list) = page->p[i];
        full += list->n == POSTURE_REPORT_SAMPLES;
    }
    return full;
}

enum rc posture_report_of(struct posture *p, const struct posture_standard *standard, str scope,
                          struct arena *a, struct posture_report *out, struct err *err)
{
    struct posture_report          r = { .standard = standard,
                                         .scope = scope,
                                         .tenant = p->opts.tenant,
                                         .time = env_now(p->opts.env),
                                         .samples = map_new_in(a, MAP_NOCASE) };
    struct posture_assessment_list list = { .scope = scope, .control = -1, .state = POSTURE_UNHEALTHY };
    struct posture_assessments     page = { 0 };
    size_t                         full = 0;

    prepare(&r, a);
    for (int i = 0; i < MAX_PAGES && full < map_count(r.samples) && (i == 0 || page.next.n); i++) {
        list.after = page.next;
        TRY(posture_assessment_each(p, posture_plan_get(p, a), &list, a, &page, err));
        full += keep(&r, &page, a);
    }
    *out = r;
    return RC_OK;
}

struct posture_assessments posture_report_samples(const struct posture_report           *r,
                                                  const struct posture_compliance_check *c)
{
    const struct posture_assessments *found = map_find(r->samples, c->tally->check->name);
    return found ? *found : (struct posture_assessments) { 0 };
}

static str short_text(const struct json *value, struct arena *a)
{
    AUTO_STRBUF text = STRBUF_INIT(VALUE_TEXT * 4);

    if (!value)
        return S("nothing");
    if (value->kind == JSON_STRING)
        return str_slice(value->s, 0, VALUE_TEXT);
    json_print(&text, value, 0);
    return arena_str(a, str_slice(strbuf_view(&text), 0, VALUE_TEXT));
}

str posture_report_evidence(const struct posture_assessment *x, struct arena *a)
{
    const struct json *e;

    if (!x->evidence.n || json_parse(a, x->evidence, &e, NULL) != RC_OK)
        return STR_NONE;
    str path = json_str(e, S("path"), STR_NONE), missing = json_str(e, S("missing"), STR_NONE);
    if (!path.n)
        return arena_printf(a, "missing: " STR_FMT, STR_ARG(missing));
    return arena_printf(a, STR_FMT ": found " STR_FMT ", minded when " STR_FMT " " STR_FMT, STR_ARG(path),
                        STR_ARG(short_text(json_get(e, S("found")), a)),
                        STR_ARG(json_str(e, S("operator"), S(""))),
                        STR_ARG(short_text(json_get(e, S("wanted")), a)));
}

/* --- CSV --- */

/* A cell that a spreadsheet would take for a formula gets an apostrophe in front. */
static void cell(struct strbuf *out, str text, bool last)
{
    bool formula = text.n && (text.p[0] == '=' || text.p[0] == '+' || text.p[0] == '-' || text.p[0] == '@');

    strbuf_addz(out, formula ? "\"'" : "\"");
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '"')
            strbuf_addc(out, '"');
        strbuf_addc(out, text.p[i]);
    }
    strbuf_addz(out, last ? "\"\r\n" : "\",");
}

static str ids_of(const struct posture_assessments *list, struct arena *a)
{
    AUTO_STRBUF text = STRBUF_INIT(IDS_TEXT * POSTURE_REPORT_SAMPLES);

    for (size_t i = 0; i < list->n; i++) {
        if (i)
            strbuf_addz(&text, " ");
        strbuf_add(&text, list->p[i].resource_id);
    }
    return arena_str(a, strbuf_view(&text));
}

static void counts(struct strbuf *out, const struct posture_compliance_check *k)
{
    const int64_t numbers[] = { k ? k->passed : 0, k ? k->failed : 0, k ? k->skipped : 0,
                                k ? k->unmeasured : 0, k ? k->manual : 0 };
    char text[24];

    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        int n = snprintf(text, sizeof text, "%lld", (long long)numbers[i]);
        cell(out, str_make(text, (size_t)n), false);
    }
}

static void line(struct strbuf *out, const struct posture_report *r,
                 const struct posture_compliance_control *c, const struct posture_compliance_check *k,
                 struct arena *a)
{
    const struct posture_check      *check = k ? k->tally->check : NULL;
    const struct posture_assessments failing =
        k ? posture_report_samples(r, k) : (struct posture_assessments) { 0 };
    char now[TS_TEXT_SIZE];

    cell(out, r->standard->title, false);
    cell(out, c->name, false);
    cell(out, c->title, false);
    cell(out, posture_compliance_name(c->state), false);
    cell(out, check ? check->name : S(""), false);
    cell(out, check ? json_str(check->properties, S("displayName"), check->name) : S(""), false);
    cell(out, check ? posture_severity_name(check->severity) : S(""), false);
    cell(out, k ? posture_compliance_name(k->state) : S(""), false);
    counts(out, k);
    cell(out, r->scope.n ? r->scope : r->tenant, false);
    cell(out, ts_text(r->time, now), false);
    cell(out, ids_of(&failing, a), false);
    cell(out, failing.n ? posture_report_evidence(&failing.p[0], a) : S(""), true);
}

void posture_report_csv(struct strbuf *out, const struct posture_report *r, struct arena *a)
{
    const struct posture_standard *s = r->standard;

    strbuf_addz(out,
                "standard,control,title,controlState,assessment,displayName,severity,state,passed,failed,"
                "notApplicable,notMeasured,awaitsAttestation,scope,time,failingResources,evidence\r\n");
    for (size_t i = 0; i < s->n; i++) {
        if (!s->controls[i].n)
            line(out, r, &s->controls[i], NULL, a);
        for (size_t k = 0; k < s->controls[i].n; k++)
            line(out, r, &s->controls[i], &s->controls[i].checks[k], a);
    }
}
