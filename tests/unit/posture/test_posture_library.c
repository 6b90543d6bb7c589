/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_library.h"

#include "base/codec.h"
#include "base/file.h"
#include "tests/t.h"
#include "tests/unit/posture/posture_fixture.h"

TEST(our_own_content_loads_whole_and_its_default_initiatives_are_assigned_once)
{
    AUTO(posture_fixture) f = posture_fixture_new_with("content/policy");
    const struct posture_plan    *plan = posture_plan_get(f->posture, f->arena);
    struct posture_library_counts counts = { 0 };

    CHECK(plan->n_assignments >= 1);
    CHECK(plan->n_units >= 200);
    for (size_t i = 0; i < plan->n_units; i++)
        CHECK_SEQ(plan->units[i]->problem, S(""));
    CHECK_OK_ERR(posture_library_folder(f->posture, "content/policy", &counts, &f->err), &f->err);
    CHECK_EQ(counts.refused, 0);
    CHECK_EQ(counts.definitions + counts.initiatives, 0);
    CHECK(counts.unchanged > 200);
}

static str gunzipped(struct arena *a, const char *name)
{
    AUTO_STRBUF text = STRBUF_INIT(256 << 20);
    str         packed;

    CHECK_OK(
        file_read(a, arena_printf(a, "%s/corpus/policy/%s", t_shared(), name).p, 64 << 20, &packed, NULL));
    CHECK_OK(codec_gunzip(&text, packed, NULL));
    return arena_str(a, strbuf_view(&text));
}

TEST(the_public_library_loads_whole_and_each_definition_says_what_it_can_be_judged_on)
{
    struct posture_library_counts counts = { 0 };
    size_t                        judged = 0;

    if (!t_shared())
        return;
    AUTO(posture_fixture) f = posture_fixture_new();
    CHECK_OK_ERR(posture_library_add(f->posture, gunzipped(f->arena, "definitions.jsonl.gz"), S("test"),
                                     &counts, &f->err),
                 &f->err);
    CHECK_OK_ERR(posture_library_add(f->posture, gunzipped(f->arena, "initiatives.jsonl.gz"), S("test"),
                                     &counts, &f->err),
                 &f->err);
    CHECK_STR(counts.first, "");
    CHECK_EQ(counts.refused, 0);
    CHECK_EQ(counts.definitions + counts.doubles, 5009 + 257 - counts.initiatives);
    CHECK_EQ(counts.definitions, 3601); /* 1,408 are there a second time, for another cloud */
    for (int i = 0; i < POSTURE_JUDGED_COUNT_; i++) {
        CHECK(counts.judged[i] > 0);
        judged += counts.judged[i];
    }
    CHECK_EQ(judged, counts.definitions);
}

TEST(what_is_not_right_is_counted_with_the_first_reason_and_the_rest_goes_in)
{
    AUTO(posture_fixture) f = posture_fixture_new();
    struct posture_library_counts counts = { 0 };

    CHECK_OK_ERR(
        posture_library_add(
            f->posture,
            S("{\"name\":\"a\",\"properties\":{\"policyRule\":{\"if\":{\"field\":\"type\",\"equals\":\"x\"},"
              "\"then\":{\"effect\":\"audit\"}}}}\n"
              "{\"name\":\"b\",\"properties\":{\"policyRule\":{\"if\":{},\"then\":{\"effect\":\"audit\"}}}}\n"
              "{\"hello\":1}\n{broken\n"),
            S("test"), &counts, &f->err),
        &f->err);
    CHECK_EQ(counts.definitions, 1);
    CHECK_EQ(counts.refused, 2);
    CHECK_EQ(counts.others, 1);
    CHECK(str_starts(str_of(counts.first), S("b: policy definition 'b'")));
}
