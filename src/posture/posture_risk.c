/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_risk.h"

#include "policy/policy.h"
#include "posture/posture_evidence.h"

enum { MAX_SIGNS = 64, MAX_POINTS = 1000, FACTORS_BYTES = 64 << 10, SUM_BYTES = 4096 };

struct sign {
    str                       text;
    const struct policy_def  *def;
    const struct policy_path *needs;
    size_t                    n_needs;
    bool                      affirms; /* that it does not hold says nothing */
};

struct factor {
    str          name, display_name;
    int64_t      points;
    struct sign *signs;
    size_t       n;
};

struct posture_risk_formula {
    int64_t       base[POSTURE_HIGH + 1];    /* by severity */
    int64_t       from[POSTURE_RISK_COUNT_]; /* by level: the least points of it */
    struct factor factors[POSTURE_RISK_FACTORS];
    size_t        n;
};

str posture_risk_level_name(enum posture_risk_level l)
{
    static const str names[POSTURE_RISK_COUNT_] = {
        [POSTURE_RISK_UNKNOWN] = STR_INIT("NotEvaluated"), [POSTURE_RISK_LOW] = STR_INIT("Low"),
        [POSTURE_RISK_MEDIUM] = STR_INIT("Medium"),        [POSTURE_RISK_HIGH] = STR_INIT("High"),
        [POSTURE_RISK_CRITICAL] = STR_INIT("Critical"),
    };
    return names[l];
}

/* --- reading the formula --- */

static enum rc read_points(const struct json *of, str name, int64_t *out, struct err *err)
{
    const struct json *j = json_get(of, name);

    if (!j || j->kind != JSON_INT || j->i < 0 || j->i > MAX_POINTS)
        return err_set(err, RC_INVALID, "'" STR_FMT "' is a number of points from 0 to %d", STR_ARG(name),
                       MAX_POINTS);
    *out = j->i;
    return RC_OK;
}

static enum rc read_scale(struct posture_risk_formula *f, const struct json *formula, struct err *err)
{
    const struct json *base = json_get(formula, S("severityPoints")),
                      *levels = json_get(formula, S("levels"));

    TRY(read_points(base, S("High"), &f->base[POSTURE_HIGH], err));
    TRY(read_points(base, S("Medium"), &f->base[POSTURE_MEDIUM], err));
    TRY(read_points(base, S("Low"), &f->base[POSTURE_LOW], err));
    for (int l = POSTURE_RISK_MEDIUM; l < POSTURE_RISK_COUNT_; l++)
        TRY(read_points(levels, posture_risk_level_name((enum posture_risk_level)l), &f->from[l], err));
    if (f->from[POSTURE_RISK_MEDIUM] > f->from[POSTURE_RISK_HIGH] ||
        f->from[POSTURE_RISK_HIGH] > f->from[POSTURE_RISK_CRITICAL])
        return err_set(err, RC_INVALID, "a higher level begins at more points");
    return RC_OK;
}

static enum rc read_needs(struct arena *a, const struct json *needs, struct sign *s, struct err *err)
{
    struct policy_path *paths = ARENA_ARRAY(a, struct policy_path, needs ? needs->n + 1 : 1);
    const struct json  *one;

    for (size_t i = 0; (one = json_at(needs, i)); i++) {
        if (one->kind != JSON_STRING)
            return err_set(err, RC_INVALID, "needs holds paths");
        TRY(policy_path_parse(a, one->s, &paths[s->n_needs++], err));
    }
    s->needs = paths;
    return RC_OK;
}

static enum rc read_sign(struct arena *a, const struct json *j, const struct policy_aliases *aliases,
                         struct sign *out, struct err *err)
{
    static const struct json_member audit = { STR_INIT("effect"),
                                              { .kind = JSON_STRING, .s = STR_INIT("audit") } };
    const struct json              *condition = json_get(j, S("if"));
    struct json_member             *rule = ARENA_ARRAY(a, struct json_member, 2);

    out->text = json_str(j, S("text"), STR_NONE);
    out->affirms = json_bool(j, S("affirmsOnly"), false);
    if (!out->text.n || !condition)
        return err_set(err, RC_INVALID, "a sign has a text and an if");
    rule[0] = (struct json_member) { S("if"), *condition };
    rule[1] = (struct json_member) { S("then"), { .kind = JSON_OBJECT, .n = 1, .members = &audit } };
    const struct json whole = { .kind = JSON_OBJECT, .n = 2, .members = rule };
    if (policy_def_parse(a, &whole, aliases, &out->def, err) != RC_OK)
        return err_wrap(err, "sign '" STR_FMT "'", STR_ARG(str_slice(out->text, 0, 60)));
    return read_needs(a, json_get(j, S("needs")), out, err);
}

static enum rc read_factor(struct arena *a, const struct json *j, const struct policy_aliases *aliases,
                           struct factor *out, struct err *err)
{
    const struct json *signs = json_get(j, S("signs")), *one;

    out->name = json_str(j, S("name"), STR_NONE);
    out->display_name = json_str(j, S("displayName"), out->name);
    if (!out->name.n || !signs || signs->kind != JSON_ARRAY || signs->n > MAX_SIGNS)
        return err_set(err, RC_INVALID, "a factor has a name and at most %d signs", MAX_SIGNS);
    TRY(read_points(j, S("points"), &out->points, err));
    out->signs = ARENA_ARRAY(a, struct sign, signs->n + 1);
    for (; (one = json_at(signs, out->n)); out->n++) {
        out->signs[out->n] = (struct sign) { 0 };
        TRY(read_sign(a, one, aliases, &out->signs[out->n], err));
    }
    return RC_OK;
}

enum rc posture_risk_read(struct arena *a, const struct json *formula, const struct policy_aliases *aliases,
                          const struct posture_risk_formula **out, struct err *err)
{
    struct posture_risk_formula *f = ARENA_NEW(a, struct posture_risk_formula);
    const struct json           *factors = json_get(formula, S("factors")), *one;

    *f = (struct posture_risk_formula) { 0 };
    TRY(read_scale(f, formula, err));
    for (; (one = json_at(factors, f->n)); f->n++) {
        if (f->n == POSTURE_RISK_FACTORS)
            return err_set(err, RC_LIMIT, "a formula has at most %d factors", POSTURE_RISK_FACTORS);
        if (read_factor(a, one, aliases, &f->factors[f->n], err) != RC_OK)
            return err_wrap(err, "factor %zu", f->n + 1);
    }
    *out = f;
    return RC_OK;
}

size_t posture_risk_factor_count(const struct posture_risk_formula *f)
{
    return f ? f->n : 0;
}

str posture_risk_factor_name(const struct posture_risk_formula *f, size_t i)
{
    return f->factors[i].name;
}

/* --- a resource --- */

static bool concerns(const struct sign *s, str type)
{
    const str *types;
    size_t     n = policy_def_types(s->def, &types);

    for (size_t i = 0; i < n; i++)
        if (str_eq_ci(types[i], type))
            return true;
    return !n;
}

static bool has_needs(const struct sign *s, const struct json *document)
{
    for (size_t i = 0; i < s->n_needs; i++) {
        const struct json *found = policy_path_get(&s->needs[i], 0, document);
        if (!found || found->kind == JSON_NULL)
            return false;
    }
    return true;
}

/* The first sign that holds, and its evidence; `known` when one at least could tell. */
static const struct sign *find_sign(const struct factor *f, const struct policy_input *in, str type,
                                    struct arena *a, struct policy_verdict *verdict, bool *known)
{
    for (size_t i = 0; i < f->n; i++) {
        const struct sign *s = &f->signs[i];
        if (!concerns(s, type) || !has_needs(s, in->resource) ||
            policy_eval(s->def, in, a, verdict, NULL) != RC_OK)
            continue;
        if (verdict->matched) {
            *known = true;
            return s;
        }
        *known |= !s->affirms;
    }
    return NULL;
}

static void write_factor(struct json_w *w, const struct factor *f, const struct sign *s, bool known)
{
    json_w_kstr(w, S("name"), f->name);
    json_w_kstr(w, S("displayName"), f->display_name);
    json_w_ki64(w, S("points"), f->points);
    json_w_kstr(w, S("state"), s ? S("Present") : known ? S("Absent") : S("NotEvaluated"));
    if (s)
        json_w_kstr(w, S("because"), s->text);
}

void posture_risk_find(const struct posture_risk_formula *f, const struct policy_input *in, str type,
                       struct arena *a, struct posture_risk *out)
{
    AUTO_STRBUF   text = STRBUF_INIT(FACTORS_BYTES);
    struct json_w w = json_w_make(&text);

    *out = (struct posture_risk) { 0 };
    json_w_array(&w);
    for (size_t i = 0; f && i < f->n; i++) {
        struct policy_verdict verdict;
        bool                  known = false;
        const struct sign    *s = find_sign(&f->factors[i], in, type, a, &verdict, &known);
        json_w_object(&w);
        write_factor(&w, &f->factors[i], s, known);
        if (s) {
            str evidence = posture_evidence_text(a, &verdict.evidence, STR_NONE);
            if (evidence.n) {
                json_w_key(&w, S("evidence"));
                json_w_raw(&w, evidence);
            }
            out->points += f->factors[i].points;
            out->present |= (int64_t)1 << i;
        }
        json_w_end(&w);
        out->known |= known;
    }
    json_w_end(&w);
    if (out->known && !text.overflow)
        out->factors = arena_str(a, strbuf_view(&text));
}

struct posture_risk posture_risk_row(const struct state_stmt *st, int column, struct arena *a)
{
    if (state_stmt_is_null(st, column))
        return (struct posture_risk) { 0 };
    return (struct posture_risk) { .points = state_stmt_i64(st, column),
                                   .present = state_stmt_i64(st, column + 1),
                                   .known = true,
                                   .factors = state_stmt_str_in(st, column + 2, a) };
}

/* --- a finding --- */

struct posture_risk_rating posture_risk_rate(const struct posture_risk_formula *f, enum posture_severity s,
                                             const struct posture_risk *r)
{
    struct posture_risk_rating out = { 0 };

    if (!f || !r->known)
        return out;
    out.base = f->base[s];
    out.points = r->points;
    out.total = out.base + out.points;
    out.level = POSTURE_RISK_LOW;
    for (int l = POSTURE_RISK_MEDIUM; l < POSTURE_RISK_COUNT_; l++)
        if (out.total >= f->from[l])
            out.level = (enum posture_risk_level)l;
    return out;
}

str posture_risk_sum(struct arena *a, const struct posture_risk_formula *f, enum posture_severity s,
                     const struct posture_risk *r)
{
    static const char *const   severities[] = { "", "Low", "Medium", "High" };
    struct posture_risk_rating rating = posture_risk_rate(f, s, r);
    AUTO_STRBUF                out = STRBUF_INIT(SUM_BYTES);
    str                        level = posture_risk_level_name(rating.level);

    if (rating.level == POSTURE_RISK_UNKNOWN)
        return S("no factor is known of this resource");
    strbuf_addf(&out, "%lld for severity %s", (long long)rating.base, severities[s]);
    for (size_t i = 0; i < f->n; i++)
        if (r->present & (int64_t)1 << i)
            strbuf_addf(&out, " + %lld " STR_FMT, (long long)f->factors[i].points,
                        STR_ARG(f->factors[i].name));
    strbuf_addf(&out, " = %lld: " STR_FMT ", from %lld", (long long)rating.total, STR_ARG(level),
                (long long)f->from[rating.level]);
    return arena_str(a, strbuf_view(&out));
}
