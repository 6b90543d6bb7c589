/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_subassessment.h"

#include "tests/t.h"
#include "tests/unit/posture/posture_fixture.h"

#define DOORS                                                                                                \
    "{\"count\":{\"field\":\"properties.doors[*]\",\"where\":{\"field\":\"properties.doors[*].open\","       \
    "\"equals\":true}},\"greater\":0}"

static struct posture_subassessments found(struct posture_fixture *f, const char *definition)
{
    const struct posture_plan           *plan = posture_plan_get(f->posture, f->arena);
    const struct posture_assessment_list l = { .scope = S(FIXTURE_SUB),
                                               .definition = str_of(definition),
                                               .control = -1 };
    struct posture_assessments           all;
    struct posture_subassessments        out;

    CHECK_OK_ERR(posture_assessment_each(f->posture, plan, &l, f->arena, &all, &f->err), &f->err);
    CHECK_EQ(all.n, 1);
    CHECK_OK_ERR(posture_subassessment_of(f->posture, plan, &all.p[0], f->arena, &out, &f->err), &f->err);
    return out;
}

static void put(struct posture_fixture *f, const char *doors)
{
    posture_fixture_put(f, posture_fixture_thing(f, "a"),
                        arena_printf(f->arena, "{\"properties\":{\"doors\":[%s]}}", doors).p);
}

TEST(each_element_that_the_rule_counted_is_a_finding_with_a_lasting_name)
{
    AUTO(posture_fixture) f = posture_fixture_new();

    posture_fixture_define(f, "doors", "mfa", DOORS);
    posture_fixture_assign(f, "base", "doors", FIXTURE_SUB);
    put(f, "{\"name\":\"front\",\"open\":true},{\"name\":\"back\",\"open\":false},{\"name\":\"side\","
           "\"open\":true}");
    struct posture_subassessments s = found(f, "doors");
    CHECK_EQ(s.n, 2);
    CHECK_SEQ(s.p[0].title, S("front"));
    CHECK_SEQ(s.p[0].path, S("properties.doors[0]"));
    CHECK_SEQ(s.p[1].title, S("side"));
    CHECK_SEQ(s.p[1].path, S("properties.doors[2]"));
    CHECK(!str_eq(s.p[0].name, s.p[1].name));

    put(f, "{\"name\":\"side\",\"open\":true},{\"name\":\"side\",\"open\":true}");
    struct posture_subassessments t = found(f, "doors");
    CHECK_EQ(t.n, 2);
    CHECK_SEQ(t.p[0].name, s.p[1].name);
    CHECK(!str_eq(t.p[0].name, t.p[1].name));
    put(f, "{\"name\":\"side\",\"open\":false}");
    CHECK_EQ(found(f, "doors").n, 0);
}

TEST(elements_that_are_not_to_blame_are_no_findings)
{
    AUTO(posture_fixture) f = posture_fixture_new();

    posture_fixture_define(f, "few", "mfa", "{\"count\":{\"field\":\"properties.doors[*]\"},\"less\":5}");
    posture_fixture_define(f, "not", "mfa",
                           "{\"not\":{\"count\":{\"field\":\"properties.doors[*]\"},\"greater\":5}}");
    posture_fixture_define(
        f, "other", "mfa",
        "{\"anyOf\":[{\"allOf\":[" DOORS
        ",{\"field\":\"name\",\"equals\":\"b\"}]},{\"field\":\"name\",\"equals\":\"a\"}]}");
    posture_fixture_assign(f, "few", "few", FIXTURE_SUB);
    posture_fixture_assign(f, "not", "not", FIXTURE_SUB);
    posture_fixture_assign(f, "other", "other", FIXTURE_SUB);
    put(f, "{\"name\":\"front\",\"open\":true}");
    CHECK_STR(posture_fixture_status(f, posture_fixture_thing(f, "a"), "other"), "Unhealthy");
    CHECK_EQ(found(f, "few").n, 0);
    CHECK_EQ(found(f, "not").n, 0);
    CHECK_EQ(found(f, "other").n, 0);
}
