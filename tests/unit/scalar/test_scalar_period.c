/* SPDX-License-Identifier: Apache-2.0 */
#include "scalar/scalar_period.h"

#include <math.h>

#include "tests/t.h"

/* The series of Kusto's documentation: a period of 14 places that scores 0.84, and none of 10. */
static const char TRAFFIC[] = "[80,139,87,110,68,54,50,51,53,133,86,141,97,156,94,149,95,140,77,61,50,54,47,"
                              "133,72,152,94,148,105,162,101,"
                              "160,87,63,53,55,54,151,103,189,108,183,113,175,113,178,90,71,62,62,65,165,109,"
                              "181,115,182,121,178,114,170]";

TEST(a_period_scores_as_in_the_manual)
{
    struct arena             *a = arena_new(1 << 22);
    struct scalar_array       s;
    struct scalar_period_view view;
    struct scalar_period      found[3];

    CHECK(scalar_array_read(a, str_of(TRAFFIC), &s) && scalar_period_look(a, &s, &view));
    CHECK_EQ(scalar_period_find(&view, 0, 50, found, 3), 1);
    CHECK_EQ(found[0].places, 14);
    CHECK(fabs(found[0].score - 0.84) < 0.005);
    CHECK(fabs(scalar_period_score(&view, 14) - 0.84) < 0.005);
    CHECK(scalar_period_score(&view, 10) == 0 && scalar_period_score(&view, 3) == 0);
    CHECK(scalar_period_score(&view, 30) == 0 && scalar_period_score(&view, NAN) == 0);
    CHECK_EQ(scalar_period_find(&view, 15, 50, found, 3), 0);
    arena_free(a);
}

TEST(a_period_that_shows_once_more_only_is_none)
{
    struct arena             *a = arena_new(1 << 22);
    struct scalar_array       s;
    struct scalar_period_view view;
    struct scalar_period      found[1];

    CHECK(scalar_array_read(a, S("[1,3,5,2,4,6,1,3,5,2,4,6]"), &s) && scalar_period_look(a, &s, &view));
    CHECK_EQ(scalar_period_find(&view, 0, 12, found, 1), 0);
    arena_free(a);
}

TEST(what_never_changes_or_is_empty_has_no_period)
{
    static const char *const TEXTS[] = { "[]", "[5]", "[1,1,1,1,1,1,1,1,1,1,1,1]",
                                         "[null,null,null,null,null]" };
    struct scalar_period     found[1];

    for (size_t i = 0; i < sizeof TEXTS / sizeof TEXTS[0]; i++) {
        struct arena             *a = arena_new(1 << 22);
        struct scalar_array       s;
        struct scalar_period_view view;
        CHECK(scalar_array_read(a, str_of(TEXTS[i]), &s) && scalar_period_look(a, &s, &view));
        CHECK_EQ(scalar_period_find(&view, 0, 12, found, 1), 0);
        arena_free(a);
    }
}
