/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli_doctor.h"
#include "cli/cli_session.h"
#include "tests/t.h"

/* Runs a check as the verb would, with a data folder that is not there and a port that nobody listens on. */
static void run(const struct cli_doctor_check *c, struct cli_doctor_finding *f)
{
    AUTO(arena) a = arena_new(1 << 28);
    char            data[] = "--data=/nonexistent/vedette", url[] = "--url=https://127.0.0.1:1";
    char           *argv[] = { data, url };
    struct cli_args args = { .tables = { CLI_DOCTOR_OPTIONS, CLI_SESSION_OPTIONS }, .arena = a };
    CHECK_OK(cli_opts_parse(&args, 2, argv, NULL));
    c->run(&args, f);
}

TEST(every_check_says_what_and_a_bad_one_what_to_do)
{
    for (const struct cli_doctor_check *c = CLI_DOCTOR_CHECKS; c->name; c++) {
        struct cli_doctor_finding f = { .what = STRBUF_INIT(2048), .remedy = STRBUF_INIT(2048) };
        CHECK(c->doc && c->doc[0] && c->example && c->example[0]);
        run(c, &f);
        CHECK(f.what.n > 0);
        CHECK((f.verdict == CLI_DOCTOR_GOOD) == (f.remedy.n == 0));
        strbuf_done(&f.what);
        strbuf_done(&f.remedy);
    }
}
