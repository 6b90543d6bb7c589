/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli_simulate.h"

#include "base/yaml.h"
#include "tests/t.h"

static const struct json *yaml(struct arena *a, const char *text)
{
    const struct json *j = NULL;
    CHECK_OK(yaml_parse(a, str_of(text), &j, NULL));
    return j;
}

TEST(placeholders_are_filled_and_unknown_ones_refused)
{
    AUTO(arena) a = arena_new(1 << 20);
    AUTO_STRBUF               out = STRBUF_INIT(1024);
    struct err                err;
    struct cli_simulate_words words = {
        .host = S("web1"), .dir = S("/tmp/x"), .n = 3, .variables = yaml(a, "attacker: 203.0.113.77")
    };

    CHECK_OK(cli_simulate_fill(&words, S("{host} {n} {attacker} {dir}/y {\"json\":{}}"), &out, NULL));
    CHECK_SEQ(strbuf_view(&out), S("web1 3 203.0.113.77 /tmp/x/y {\"json\":{}}"));
    CHECK_EQ(cli_simulate_fill(&words, S("{victim}"), &out, &err), RC_INVALID);
    CHECK_STR(err.text, "there is no placeholder {victim}");
}

TEST(a_log_step_is_a_syslog_message)
{
    AUTO(arena) a = arena_new(1 << 20);
    AUTO_STRBUF               out = STRBUF_INIT(1024);
    struct cli_simulate_words words = { .host = S("web1"), .n = 1 };

    CHECK_OK(cli_simulate_syslog(
        &words, yaml(a, "facility: auth\nseverity: info\nprocess: sshd\npid: 7\nmessage: Failed {n}\n"), &out,
        NULL));
    CHECK(str_starts(strbuf_view(&out), S("<38>1 20")));
    CHECK(str_ends(strbuf_view(&out), S("Z web1 sshd 7 - - Failed 1\n")));
    CHECK_EQ(cli_simulate_syslog(&words, yaml(a, "facility: nowhere\nmessage: x\n"), &out, NULL), RC_INVALID);
}

TEST(only_the_harmless_is_let_through)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct err err;

    CHECK_OK(cli_simulate_check(yaml(a, "name: x\ntitle: X\nsteps:\n- say: s\n  run: {program: /bin/true}\n"),
                                NULL));
    CHECK_EQ(
        cli_simulate_check(yaml(a, "name: x\ntitle: X\nsteps:\n- say: s\n  run: {program: /bin/rm}\n"), &err),
        RC_INVALID);
    CHECK(str_starts(str_of(err.text), S("step 1: ")));
    CHECK_EQ(cli_simulate_check(yaml(a, "name: x\ntitle: X\nsteps:\n- say: s\n"), &err), RC_INVALID);
    CHECK_EQ(cli_simulate_check(yaml(a, "name: x\ntitle: X\nsteps:\n- log: {message: m}\n"), &err),
             RC_INVALID);
    CHECK_EQ(cli_simulate_check(
                 yaml(a, "name: x\ntitle: X\nsteps:\n- say: s\n  log: {message: m, times: 2000}\n"), &err),
             RC_LIMIT);
    CHECK_EQ(cli_simulate_check(yaml(a, "name: x\ntitle: X\n"), &err), RC_INVALID);
}
