/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_risk.h"

#include "base/file.h"
#include "posture/posture_arm.h"
#include "posture/posture_library.h"
#include "tests/t.h"
#include "tests/unit/posture/posture_fixture.h"

static const struct json *parsed(struct arena *a, const char *text)
{
    const struct json *j = NULL;
    struct err         err = { 0 };

    CHECK_OK_ERR(json_parse(a, str_of(text), &j, &err), &err);
    return j;
}

static const struct json *from_file(struct arena *a, const char *path)
{
    const struct json *j = NULL;
    str                text;

    CHECK_OK(file_read(a, path, 4 << 20, &text, NULL));
    CHECK_OK(json_parse(a, text, &j, NULL));
    return j;
}

static const struct posture_risk_formula *shipped(struct arena *a)
{
    const struct posture_risk_formula *f = NULL;
    struct err                         err = { 0 };

    CHECK_OK_ERR(posture_risk_read(a, from_file(a, "content/policy/risk.json"), NULL, &f, &err), &err);
    return f;
}

static struct posture_risk found(struct arena *a, const struct posture_risk_formula *f,
                                 const struct json *resource)
{
    const struct policy_input in = { .resource = resource };
    struct posture_risk       r;

    posture_risk_find(f, &in, json_str(resource, S("type"), S("")), a, &r);
    return r;
}

/* Each case names the factors that are known; "Absent", or the text of the sign that holds. */
static void check_case(struct arena *a, const struct posture_risk_formula *f, const struct json *c,
                       struct map *seen)
{
    struct posture_risk r = found(a, f, json_get(c, S("resource")));
    const struct json  *wanted = json_get(c, S("factors")), *one;

    CHECK_EQ(r.known, wanted->n > 0);
    const struct json *factors = r.known ? parsed(a, arena_printf(a, STR_FMT, STR_ARG(r.factors)).p) : NULL;
    for (size_t i = 0; (one = json_at(factors, i)); i++) {
        str is = json_str(one, S("because"), json_str(one, S("state"), STR_NONE));
        CHECK_SEQ(is, json_str(wanted, json_str(one, S("name"), STR_NONE), S("NotEvaluated")));
        if (json_get(one, S("because"))) {
            CHECK(json_get(one, S("evidence")) != NULL);
            map_put(seen, is, seen);
        }
    }
}

TEST(each_sign_of_the_shipped_formula_holds_for_a_resource_that_has_it_and_says_why)
{
    AUTO(arena) a = arena_new(64 << 20);
    AUTO(map) seen = map_new(MAP_CASE);
    const struct posture_risk_formula *f = shipped(a);
    const struct json                 *cases = from_file(a, "tests/golden/risk.json"), *one, *sign;
    const struct json *factors = json_get(from_file(a, "content/policy/risk.json"), S("factors"));

    for (size_t i = 0; (one = json_at(cases, i)); i++)
        check_case(a, f, one, seen);
    for (size_t i = 0; (one = json_at(factors, i)); i++)
        for (size_t k = 0; (sign = json_at(json_get(one, S("signs")), k)); k++)
            CHECK(map_has(seen, json_str(sign, S("text"), S("?"))));
}

TEST(the_level_is_the_severity_and_the_factors_added_up)
{
    AUTO(arena) a = arena_new(64 << 20);
    const struct posture_risk_formula *f = shipped(a);
    struct posture_risk                r = found(
                       a, f,
                       parsed(a, "{\"type\":\"Test.Things/things\",\"tags\":{\"exposure\":\"internet\",\"env\":\"prod\"}}"));
    struct posture_risk none = found(a, f, parsed(a, "{\"type\":\"Test.Things/things\",\"tags\":{}}"));

    CHECK_EQ(r.points, 45);
    CHECK_EQ(posture_risk_rate(f, POSTURE_HIGH, &r).level, POSTURE_RISK_CRITICAL);
    CHECK_EQ(posture_risk_rate(f, POSTURE_MEDIUM, &r).level, POSTURE_RISK_HIGH);
    CHECK_EQ(posture_risk_rate(f, POSTURE_LOW, &r).level, POSTURE_RISK_MEDIUM);
    CHECK_SEQ(
        posture_risk_sum(a, f, POSTURE_HIGH, &r),
        S("40 for severity High + 30 InternetExposure + 15 BusinessCriticality = 85: Critical, from 80"));
    CHECK_EQ(posture_risk_rate(f, POSTURE_HIGH, &none).level, POSTURE_RISK_UNKNOWN);
    CHECK_EQ(posture_risk_rate(NULL, POSTURE_HIGH, &r).level, POSTURE_RISK_UNKNOWN);
}

static void check_refused(const char *formula, const char *why)
{
    AUTO(arena) a = arena_new(1 << 20);
    const struct posture_risk_formula *f = NULL;
    struct err                         err = { 0 };

    CHECK_EQ(posture_risk_read(a, parsed(a, formula), NULL, &f, &err), RC_INVALID);
    CHECK_STR(err.text, why);
    CHECK(f == NULL);
}

#define SCALE                                                                                                \
    "\"severityPoints\":{\"High\":40,\"Medium\":20,\"Low\":5},\"levels\":{\"Critical\":80,\"High\":55,"      \
    "\"Medium\":25}"

TEST(a_formula_that_cannot_be_is_refused_with_its_place)
{
    check_refused("{}", "'High' is a number of points from 0 to 1000");
    check_refused("{\"severityPoints\":{\"High\":4,\"Medium\":2,\"Low\":1},\"levels\":{\"Critical\":1,"
                  "\"High\":5,\"Medium\":2}}",
                  "a higher level begins at more points");
    check_refused("{" SCALE ",\"factors\":[{\"name\":\"x\",\"points\":1,\"signs\":[{\"text\":\"t\"}]}]}",
                  "factor 1: a sign has a text and an if");
}

static const char *thing(struct posture_fixture *f, const char *tags)
{
    const char *id = posture_fixture_thing(f, "a");

    posture_fixture_put(f, id,
                        arena_printf(f->arena, "{\"tags\":{%s},\"properties\":{\"open\":true}}", tags).p);
    return id;
}

static str level(struct posture_fixture *f, const char *scope)
{
    const struct posture_assessment_list l = { .scope = str_of(scope), .control = -1 };
    struct posture_assessments           out;

    CHECK_OK_ERR(posture_assessment_each(f->posture, posture_plan_get(f->posture, f->arena), &l, f->arena,
                                         &out, &f->err),
                 &f->err);
    CHECK_EQ(out.n, 1);
    return posture_risk_level_name(posture_risk_rate(out.p[0].formula, POSTURE_HIGH, &out.p[0].risk).level);
}

static void check_tally(struct posture_fixture *f, enum posture_risk_level level, int64_t factors)
{
    struct posture_tallies t;

    CHECK_OK(posture_assessment_tally(f->posture, posture_plan_get(f->posture, f->arena), S(""), f->arena, &t,
                                      &f->err));
    CHECK_EQ(t.n, 1);
    for (int l = 0; l < POSTURE_RISK_COUNT_; l++)
        CHECK_EQ(t.p[0].risks[l], l == (int)level);
    CHECK_EQ(t.p[0].factors, factors);
}

TEST(a_change_of_the_resource_or_of_the_formula_moves_the_risk_of_its_findings)
{
    AUTO(posture_fixture) f = posture_fixture_new();
    struct posture_library_counts counts = { 0 };
    const char                   *dir = arena_printf(f->arena, "%s/content", f->dir).p;
    const char                   *file = arena_printf(f->arena, "%s/risk.json", dir).p;
    str                           text;

    CHECK_OK(file_mkdirs(dir, 0700, NULL));
    posture_fixture_define(f, "closed", "mfa", "{\"field\":\"properties.open\",\"equals\":true}");
    posture_fixture_assign(f, "base", "closed", FIXTURE_SUB);
    CHECK_SEQ(level(f, thing(f, "\"env\":\"prod\"")), S("NotEvaluated"));

    CHECK_OK(file_read(f->arena, "content/policy/risk.json", 4 << 20, &text, NULL));
    CHECK_OK(file_write_atomic(file, text, 0600, NULL));
    CHECK_OK_ERR(posture_library_folder(f->posture, dir, &counts, &f->err), &f->err);
    CHECK_EQ(counts.refused, 0);
    posture_settle(f->posture, SECONDS(5));
    CHECK_SEQ(level(f, FIXTURE_SUB), S("High"));
    check_tally(f, POSTURE_RISK_HIGH, 8);

    CHECK_SEQ(level(f, thing(f, "\"env\":\"prod\",\"exposure\":\"internet\"")), S("Critical"));
    check_tally(f, POSTURE_RISK_CRITICAL, 9);
    CHECK_SEQ(level(f, thing(f, "\"env\":\"test\"")), S("NotEvaluated"));

    CHECK_OK(file_write_atomic(file, S("{}"), 0600, NULL));
    CHECK_OK_ERR(posture_library_folder(f->posture, dir, &counts, &f->err), &f->err);
    CHECK_EQ(counts.refused, 1);
    CHECK_SEQ(level(f, thing(f, "\"env\":\"prod\"")), S("High"));
}
