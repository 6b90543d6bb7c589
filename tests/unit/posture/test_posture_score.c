/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_score.h"

#include <math.h>

#include "tests/t.h"

static bool near(double a, double b)
{
    return fabs(a - b) < 0.005;
}

TEST(a_control_is_worth_its_healthy_share_as_in_the_documented_example)
{
    struct posture_control_score c = posture_score_control(6, 4, 74, 100);

    CHECK(near(c.current, 0.31)); /* 6 / 78 * 4 */
    CHECK(near(c.potential, 5.69));
    CHECK(near(c.current + c.potential, 6));
    CHECK_EQ(c.other, 100);
}

TEST(a_control_without_resources_is_in_neither_sum)
{
    struct posture_score s = { 0 };

    s.controls[0] = (struct posture_control_score) { .healthy = 1, .unhealthy = 1 }; /* 10 points: 5 */
    s.controls[1] = (struct posture_control_score) { .healthy = 3, .unhealthy = 0 }; /* 8 points: 8 */
    s.controls[2] = (struct posture_control_score) { .other = 7 };
    posture_score_sum(&s);
    CHECK(near(s.max, 18));
    CHECK(near(s.current, 13));
    CHECK(near(s.percentage, 13.0 / 18));
    CHECK_EQ(s.weight, 5);
}

TEST(many_scopes_are_weighed_by_the_resources_that_count)
{
    CHECK(near(posture_score_mean((const double[]) { 1, 0 }, (const int64_t[]) { 1, 3 }, 2), 0.25));
    CHECK(posture_score_mean(NULL, NULL, 0) == 0);
}

TEST(all_controls_together_are_worth_58_points)
{
    int sum = 0;

    for (int i = 0; i < POSTURE_CONTROL_COUNT; i++) {
        sum += POSTURE_CONTROLS[i].max;
        CHECK_EQ(posture_control_find(POSTURE_CONTROLS[i].name), i);
        CHECK_EQ(posture_control_find(POSTURE_CONTROLS[i].display_name), i);
    }
    CHECK_EQ(sum, 58);
    CHECK_EQ(posture_control_find(S("none")), -1);
}
