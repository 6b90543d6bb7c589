/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"

#include <errno.h>

#include "tests/t.h"

TEST(each_code_has_a_name_a_meaning_a_status_and_an_exit_code)
{
    for (enum rc rc = RC_OK; rc < RC_COUNT_; rc++) {
        CHECK(err_name(rc)[0] != '\0');
        CHECK(err_meaning(rc)[0] != '\0');
        CHECK(err_http_status(rc) >= 200 && err_http_status(rc) < 600);
        CHECK((rc == RC_OK) == (err_exit_code(rc) == 0));
    }
}

TEST(context_is_put_in_front_and_the_code_stays)
{
    struct err err = { 0 };
    CHECK_EQ(err_set(&err, RC_LIMIT, "at most %d", 3), RC_LIMIT);
    CHECK_EQ(err_wrap(&err, "rule %s", "x"), RC_LIMIT);
    CHECK_STR(err.text, "rule x: at most 3");
}

TEST(a_long_story_is_cut_not_overrun)
{
    struct err err = { 0 };
    char       longer[1000];
    memset(longer, 'x', sizeof longer);
    longer[sizeof longer - 1] = '\0';
    CHECK_EQ(err_set(&err, RC_INVALID, "%s", longer), RC_INVALID);
    for (int i = 0; i < 10; i++)
        CHECK_EQ(err_wrap(&err, "%s", longer), RC_INVALID);
    CHECK_EQ(strlen(err.text), sizeof err.text - 1);
}

TEST(a_full_disk_has_a_code_of_its_own)
{
    struct err err = { 0 };
    CHECK_EQ(err_errno(&err, RC_IO, ENOSPC, "spool"), RC_FULL);
    CHECK_STR(err.text, "spool: No space left on device");
    CHECK_EQ(err_errno(NULL, RC_IO, EACCES, "spool"), RC_IO);
}
