/* SPDX-License-Identifier: Apache-2.0 */
/* An access on a state of its own, with a clock that tests move. */
#ifndef TESTS_ACCESS_FIXTURE_H
#define TESTS_ACCESS_FIXTURE_H

#include "access/access.h"
#include "access/access_user.h"

#define FIXTURE_PASSWORD S("correct horse battery")
#define FIXTURE_TENANT S("11111111-1111-1111-1111-111111111111")

struct access_fixture {
    struct arena   *arena;
    struct state   *state;
    struct access  *access;
    struct env_fake env;
    char            dir[64];
    int             audited; /* rows that the sink got */
    char            last_audit[128];
};

struct access_fixture *access_fixture_new(str first_password);
struct access_fixture *access_fixture_free(struct access_fixture *f);
DEFINE_AUTO(access_fixture, access_fixture_free)
void access_fixture_reopen(struct access_fixture *f); /* as after a restart */

#endif
