/* SPDX-License-Identifier: Apache-2.0 */
#include "host/host_version.h"
#include "tests/t.h"

static int sign(int n)
{
    return (n > 0) - (n < 0);
}

TEST(versions_sort_as_debian_sorts_them)
{
    /* Each is below the next. */
    static const char *const RISING[] = { "0~rc1",         "0",        "1.0~beta1~svc1",
                                          "1.0~beta1",     "1.0",      "1.0-1",
                                          "1.0-1+deb12u1", "1.0-1.1",  "1.0-2",
                                          "1.0a",          "1.0+git1", "1.2",
                                          "1.10",          "1:0.1",    "2:0" };
    size_t                   n = sizeof RISING / sizeof RISING[0];
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++) {
            int want = (i > k) - (i < k);
            CHECK_EQ(sign(host_version_cmp(str_of(RISING[i]), str_of(RISING[k]))), want);
        }
    CHECK_EQ(host_version_cmp(S("0:1.00"), S("1.0")), 0);
}
