/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"
#include "cli/cli_verbs.h"
#include "tests/t.h"

static int said;

static enum rc say(const struct cli_args *args, struct err *err)
{
    (void)err;
    said = (int)args->n_words + (cli_opts_flag(args, "loud") ? 100 : 0);
    return RC_OK;
}

static enum rc refuse(const struct cli_args *args, struct err *err)
{
    (void)args;
    return err_set(err, RC_NOT_FOUND, "there is none");
}

static const struct cli_option OPTIONS[] = { { .name = "loud", .type = CLI_FLAG, .doc = "Loudly." }, { 0 } };

static const struct cli_verb VERBS[] = {
    { .name = "say",
      .usage = "WORD...",
      .doc = "Says words.",
      .example = "vedette say hello",
      .options = OPTIONS,
      .run = say },
    { .name = "refuse", .usage = "", .doc = "Refuses.", .example = "vedette refuse", .run = refuse },
    { .name = "inner",
      .usage = "",
      .doc = "Works inside.",
      .example = "vedette inner",
      .hidden = true,
      .run = refuse },
    { 0 },
};

static const struct cli_verb *const TABLES[] = { VERBS, NULL };

static int run(const char *a, const char *b, const char *c)
{
    char  program[] = "vedette";
    char *argv[] = { program, (char *)(uintptr_t)a, (char *)(uintptr_t)b, (char *)(uintptr_t)c, NULL };
    int   argc = 1 + (a != NULL) + (b != NULL) + (c != NULL);
    return cli_main(TABLES, argc, argv);
}

TEST(a_verb_runs_with_its_words_and_options)
{
    said = -1;
    CHECK_EQ(run("say", "hello", NULL), 0);
    CHECK_EQ(said, 1);
    CHECK_EQ(run("say", "--loud", "hello"), 0);
    CHECK_EQ(said, 101);
}

TEST(the_exit_status_tells_what_went_wrong)
{
    CHECK_EQ(run("refuse", NULL, NULL), err_exit_code(RC_NOT_FOUND));
    CHECK_EQ(run("sey", NULL, NULL), err_exit_code(RC_INVALID));
    CHECK_EQ(run("say", "--quietly", NULL), err_exit_code(RC_INVALID));
    CHECK_EQ(run(NULL, NULL, NULL), err_exit_code(RC_INVALID));
    CHECK_EQ(run("--version", NULL, NULL), 0);
}

TEST(help_runs_no_verb)
{
    said = -1;
    CHECK_EQ(run("say", "--help", NULL), 0);
    CHECK_EQ(run("help", "say", NULL), 0);
    CHECK_EQ(said, -1);
    CHECK_EQ(run("help", "sing", NULL), err_exit_code(RC_INVALID));
}

TEST(a_mistyped_verb_has_a_neighbour_and_a_strange_one_has_not)
{
    CHECK_SEQ(cli_nearest(TABLES, "sya"), S("say"));
    CHECK_SEQ(cli_nearest(TABLES, "refus"), S("refuse"));
    CHECK_EQ(cli_nearest(TABLES, "incidents").n, 0);
    CHECK_EQ(cli_nearest(TABLES, "inne").n, 0); /* hidden verbs are not offered */
    CHECK(cli_find(TABLES, "inner") != NULL);
}

TEST(every_row_of_the_table_is_whole)
{
    for (const struct cli_verb *v = CLI_VERBS; v->name; v++) {
        CHECK(v->doc && v->doc[0] && v->usage && v->run);
        CHECK(str_starts(str_of(v->example), S("vedette ")) &&
              str_contains(str_of(v->example), str_of(v->name)));
        for (const struct cli_verb *w = CLI_VERBS; w < v; w++)
            CHECK(strcmp(v->name, w->name) != 0);
        for (const struct cli_option *o = v->options; o && o->name; o++) {
            CHECK(o->doc && o->doc[0]);
            CHECK(o->type == CLI_FLAG || o->value);
            CHECK((o->type == CLI_CHOICE) == (o->choices != NULL));
            CHECK(!o->secret || o->env);
            CHECK(!o->initial || o->initial[0]); /* "Default: ." helps nobody */
        }
    }
}
