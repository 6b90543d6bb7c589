/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli_opts.h"

#include <unistd.h>

#include "tests/t.h"

static const struct cli_option TABLE[] = {
    { .name = "data", .type = CLI_PATH, .value = "DIR", .env = "T_DATA", .doc = "Where." },
    { .name = "top",
      .type = CLI_INT,
      .value = "N",
      .initial = "50",
      .min = 1,
      .max = 100,
      .doc = "How many." },
    { .name = "format",
      .type = CLI_CHOICE,
      .value = "F",
      .initial = "table",
      .choices = "table|json",
      .doc = "How." },
    { .name = "wait", .type = CLI_FLAG, .env = "T_WAIT", .doc = "Wait." },
    { .name = "password",
      .type = CLI_TEXT,
      .value = "P",
      .env = "T_PASSWORD",
      .secret = true,
      .doc = "Secret." },
    { .name = "listen", .type = CLI_ADDRESS, .value = "A", .doc = "Where." },
    { 0 },
};

/* Splits `line` at blanks and parses it. */
static enum rc parse(struct arena *a, const char *line, struct cli_args *out, struct err *err)
{
    char *argv[16];
    int   argc = 0;
    str   rest = str_of(line), word;
    while (str_split(&rest, ' ', &word)) {
        argv[argc] = (char *)(uintptr_t)arena_str(a, word).p;
        CHECK(argv[argc++] != NULL);
    }
    *out = (struct cli_args) { .tables = { TABLE }, .arena = a };
    return cli_opts_parse(out, argc, argv, err);
}

TEST(options_and_words_mix)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct cli_args args;

    CHECK_OK(parse(a, "one --top 7 --wait two --format=json -- --three", &args, NULL));
    CHECK_EQ(args.n_words, 3);
    CHECK_STR(args.words[2], "--three");
    CHECK_EQ(cli_opts_int(&args, "top"), 7);
    CHECK(cli_opts_flag(&args, "wait"));
    CHECK_STR(cli_opts_text(&args, "format"), "json");
    CHECK(cli_opts_text(&args, "data") == NULL);
}

TEST(defaults_hold_and_are_not_given)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct cli_args args;

    CHECK_OK(parse(a, "-", &args, NULL));
    CHECK_STR(args.words[0], "-");
    CHECK_EQ(cli_opts_int(&args, "top"), 50);
    CHECK(!cli_opts_given(&args, "top"));
}

TEST(the_command_line_wins_over_the_environment)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct cli_args args;

    setenv("T_DATA", "/env", 1);
    setenv("T_WAIT", "0", 1);
    setenv("T_PASSWORD", "hush", 1);
    CHECK_OK(parse(a, "", &args, NULL));
    CHECK_STR(cli_opts_text(&args, "data"), "/env");
    CHECK(!cli_opts_flag(&args, "wait"));
    CHECK_STR(cli_opts_text(&args, "password"), "hush");
    CHECK_OK(parse(a, "--data /line", &args, NULL));
    CHECK_STR(cli_opts_text(&args, "data"), "/line");
    unsetenv("T_DATA");
    unsetenv("T_WAIT");
    unsetenv("T_PASSWORD");
}

TEST(a_wrong_value_is_refused_with_its_bounds)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct cli_args args;
    struct err      err;

    CHECK_EQ(parse(a, "--top 101", &args, &err), RC_INVALID);
    CHECK_STR(err.text, "--top is from 1 to 100, not 101");
    CHECK_EQ(parse(a, "--top many", &args, &err), RC_INVALID);
    CHECK_EQ(parse(a, "--format xml", &args, &err), RC_INVALID);
    CHECK_STR(err.text, "--format is one of table|json, not \"xml\"");
    CHECK_EQ(parse(a, "--top", &args, &err), RC_INVALID);
    CHECK_EQ(parse(a, "--wait=1", &args, &err), RC_INVALID);
    CHECK_EQ(parse(a, "-x", &args, &err), RC_INVALID);
    CHECK_EQ(parse(a, "--listen localhost", &args, &err), RC_INVALID);
}

TEST(a_secret_has_no_place_on_the_command_line)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct cli_args args;
    struct err      err;

    CHECK_EQ(parse(a, "--password hush", &args, &err), RC_INVALID);
    CHECK(!str_contains(str_of(err.text), S("hush")));
}

TEST(addresses_are_split)
{
    char     host[64];
    uint16_t port;

    CHECK_OK(cli_opts_address("localhost:8443", host, sizeof host, &port, NULL));
    CHECK_STR(host, "localhost");
    CHECK_EQ(port, 8443);
    CHECK_OK(cli_opts_address("[::1]:80", host, sizeof host, &port, NULL));
    CHECK_STR(host, "::1");
    CHECK_EQ(cli_opts_address("::1:80", host, sizeof host, &port, NULL), RC_INVALID);
    CHECK_EQ(cli_opts_address("host:0", host, sizeof host, &port, NULL), RC_INVALID);
    CHECK_EQ(cli_opts_address("host:65536", host, sizeof host, &port, NULL), RC_INVALID);
    CHECK_EQ(cli_opts_address(":80", host, sizeof host, &port, NULL), RC_INVALID);
}

/* Standard input for the calls of one test. */
static void type(const char *text)
{
    FILE *to = tmpfile();
    CHECK(to != NULL);
    CHECK_EQ(fwrite(text, 1, strlen(text), to), strlen(text));
    rewind(to);
    CHECK(dup2(fileno(to), STDIN_FILENO) >= 0);
    (void)fclose(to);
    clearerr(stdin);
}

TEST(a_query_is_the_last_word_or_standard_input)
{
    AUTO(arena) a = arena_new(1 << 16);
    const char     *words[] = { "run", "T | count", "more" }, *dash[] = { "-" };
    struct cli_args args = { .words = words, .n_words = 2, .arena = a };
    str             query = STR_NONE;
    struct err      err = { 0 };

    CHECK_OK(cli_opts_query(&args, 1, 100, &query, &err));
    CHECK_SEQ(query, S("T | count"));
    args.n_words = 3;
    CHECK_EQ(cli_opts_query(&args, 1, 100, &query, &err), RC_INVALID);
    args.n_words = 1;
    CHECK_EQ(cli_opts_query(&args, 1, 100, &query, &err), RC_INVALID);

    args = (struct cli_args) { .words = dash, .n_words = 1, .arena = a };
    type("T | take 5");
    CHECK_OK(cli_opts_query(&args, 0, 10, &query, &err));
    CHECK_SEQ(query, S("T | take 5"));
    type("T | take 55");
    CHECK_EQ(cli_opts_query(&args, 0, 10, &query, &err), RC_LIMIT);
    CHECK_STR(err.text, "a query has at most 10 bytes");
}
