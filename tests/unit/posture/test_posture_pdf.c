/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_pdf.h"

#include "tests/t.h"
#include "tests/unit/posture/posture_fixture.h"

#define SET FIXTURE_SUB "/providers/Microsoft.Authorization/policySetDefinitions/house"

/* A standard of one control whose texts are what a hostile definition might hold. */
static struct posture_report house(struct posture_fixture *f, const char *title)
{
    struct posture_standards all;
    struct posture_report    r;

    posture_fixture_define(f, "closed", "mfa", "{\"field\":\"properties.open\",\"equals\":true}");
    posture_fixture_object(
        f, SET,
        arena_printf(
            f->arena,
            "{\"properties\":{\"displayName\":\"%s\",\"policyDefinitionGroups\":[{\"name\":\"D\"}],"
            "\"policyDefinitions\":[{\"policyDefinitionId\":\"" FIXTURE_SUB
            "/providers/Microsoft.Authorization/policyDefinitions/closed\",\"groupNames\":[\"D\"]}]}}",
            title)
            .p);
    posture_fixture_object(f, FIXTURE_SUB "/providers/Microsoft.Authorization/policyAssignments/house",
                           "{\"properties\":{\"policyDefinitionId\":\"" SET "\"}}");
    for (int i = 0; i < 8; i++)
        posture_fixture_put(f, posture_fixture_thing(f, arena_printf(f->arena, "t%d", i).p),
                            "{\"properties\":{\"open\":true}}");
    CHECK_OK_ERR(posture_compliance_of(f->posture, S(FIXTURE_SUB), f->arena, &all, &f->err), &f->err);
    CHECK_EQ(all.n, 1);
    struct posture_standard *kept = ARENA_NEW(f->arena, struct posture_standard);
    *kept = all.p[0];
    CHECK_OK_ERR(posture_report_of(f->posture, kept, S(FIXTURE_SUB), f->arena, &r, &f->err), &f->err);
    return r;
}

TEST(a_report_names_some_of_those_that_fail_with_what_was_found)
{
    AUTO(posture_fixture) f = posture_fixture_new();
    AUTO_STRBUF                csv = STRBUF_INIT(1 << 20);
    struct posture_report      r = house(f, "=cmd()");
    struct posture_assessments s = posture_report_samples(&r, &r.standard->controls[0].checks[0]);

    CHECK_EQ(s.n, POSTURE_REPORT_SAMPLES);
    CHECK_SEQ(posture_report_evidence(&s.p[0], f->arena),
              S("properties.open: found true, minded when equals true"));
    posture_report_csv(&csv, &r, f->arena);
    CHECK(str_contains(strbuf_view(&csv), S("\"'=cmd()\",\"D\"")));
    CHECK(str_contains(strbuf_view(&csv), S("\"0\",\"8\",\"0\",\"0\",\"0\",\"" FIXTURE_SUB "\"")));
}

static void check_pdf(const char *title)
{
    AUTO(posture_fixture) f = posture_fixture_new();
    AUTO_STRBUF           out = STRBUF_INIT(16 << 20);
    struct posture_report r = house(f, title);

    CHECK_OK_ERR(posture_pdf_write(&r, f->arena, &out, &f->err), &f->err);
    CHECK(str_starts(strbuf_view(&out), S("%PDF-")));
    CHECK(str_contains(str_from(strbuf_view(&out), out.n - 32), S("%%EOF")));
}

TEST(pages_are_made_of_any_text)
{
    check_pdf("Hausordnung für Türen – Правила");
    check_pdf("a\\u0000b\\nc\\ttab\\u202e");
    char word[1200] = { 0 }; /* no blank to break at, and longer than a line is kept */
    for (size_t i = 0; i + 3 < sizeof word; i += 2)
        memcpy(word + i, "\xC3\xBC", 2);
    check_pdf(word);
}

TEST(a_report_that_grows_over_its_limit_is_refused)
{
    AUTO(posture_fixture) f = posture_fixture_new();
    AUTO_STRBUF           out = STRBUF_INIT(1000);
    struct posture_report r = house(f, "house");

    CHECK_EQ(posture_pdf_write(&r, f->arena, &out, &f->err), RC_LIMIT);
}
