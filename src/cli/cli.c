/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

#include "base/near.h"
#include "cli/cli_session.h"

enum { ARENA_MAX = 1 << 30, HELP_MAX = 1 << 16 };

/* The first sentence of a doc: what the list of verbs shows. */
static str first_sentence(const char *doc)
{
    str    all = str_of(doc);
    size_t end = str_find(all, S(". "));
    return end == STR_NPOS ? str_trim_chars(all, S(".")) : str_slice(all, 0, end);
}

static void print_verbs(FILE *to, const struct cli_verb *const *tables)
{
    fprintf(to, "Vedette %s: an open, self-hosted security operations platform.\n\nUsage: vedette VERB …\n\n",
            VEDETTE_VERSION);
    for (size_t t = 0; tables[t]; t++) {
        for (const struct cli_verb *v = tables[t]; v->name; v++) {
            str doc = first_sentence(v->doc);
            if (!v->hidden)
                fprintf(to, "  %-11s " STR_FMT "\n", v->name, STR_ARG(doc));
        }
    }
    fprintf(to, "\n`vedette help VERB` says more. Begin with `vedette serve --data DIR`.\n");
}

static void print_verb(FILE *to, const struct cli_verb *v)
{
    AUTO_STRBUF out = STRBUF_INIT(HELP_MAX);
    strbuf_addf(&out, "vedette %s %s\n\n%s\n", v->name, v->usage, v->doc);
    if (v->options && v->options->name) {
        strbuf_addz(&out, "\nOptions:\n");
        cli_opts_help(&out, v->options);
    }
    if (v->remote) {
        strbuf_addz(&out, "\nConnection:\n");
        cli_opts_help(&out, CLI_SESSION_OPTIONS);
    }
    strbuf_addf(&out, "\nExample:\n  %s\n", v->example);
    fwrite(out.p, 1, out.n, to);
}

const struct cli_verb *cli_find(const struct cli_verb *const *tables, const char *name)
{
    for (size_t t = 0; tables[t]; t++) {
        for (const struct cli_verb *v = tables[t]; v->name; v++) {
            if (strcmp(v->name, name) == 0)
                return v;
        }
    }
    return NULL;
}

str cli_nearest(const struct cli_verb *const *tables, const char *name)
{
    struct near near = { .wanted = str_of(name) };
    for (size_t t = 0; tables[t]; t++) {
        for (const struct cli_verb *v = tables[t]; v->name; v++) {
            if (!v->hidden)
                near_offer(&near, str_of(v->name));
        }
    }
    return near.best;
}

static int unknown_verb(const struct cli_verb *const *tables, const char *name)
{
    str near = cli_nearest(tables, name);
    fprintf(stderr, "vedette: there is no verb \"%s\"%s" STR_FMT "%s; `vedette help` lists them\n", name,
            near.n ? "; did you mean \"" : "", STR_ARG(near), near.n ? "\"?" : "");
    return err_exit_code(RC_INVALID);
}

static int help(const struct cli_verb *const *tables, const char *name)
{
    const struct cli_verb *v = name ? cli_find(tables, name) : NULL;
    if (!name) {
        print_verbs(stdout, tables);
        return 0;
    }
    if (!v)
        return unknown_verb(tables, name);
    print_verb(stdout, v);
    return 0;
}

static bool wants_help(int argc, char **argv)
{
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    }
    return false;
}

static int run(const struct cli_verb *v, int argc, char **argv)
{
    AUTO(arena) arena = arena_new(ARENA_MAX);
    struct err      err = { 0 };
    struct cli_args args = { .arena = arena };
    size_t          n = 0;

    if (v->options)
        args.tables[n++] = v->options;
    if (v->remote)
        args.tables[n++] = CLI_SESSION_OPTIONS;
    enum rc rc = cli_opts_parse(&args, argc, argv, &err);
    if (rc == RC_OK)
        rc = v->run(&args, &err);
    fflush(stdout);
    if (rc != RC_OK)
        fprintf(stderr, "vedette %s: %s\n", v->name, err.text);
    return err_exit_code(rc);
}

int cli_main(const struct cli_verb *const *tables, int argc, char **argv)
{
    if (argc < 2) {
        print_verbs(stderr, tables);
        return err_exit_code(RC_INVALID);
    }
    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "version") == 0) {
        printf("vedette %s\n", VEDETTE_VERSION);
        return 0;
    }
    if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return help(tables, argc > 2 ? argv[2] : NULL);

    const struct cli_verb *v = cli_find(tables, argv[1]);
    if (!v)
        return unknown_verb(tables, argv[1]);
    if (wants_help(argc - 2, argv + 2)) {
        print_verb(stdout, v);
        return 0;
    }
    return run(v, argc - 2, argv + 2);
}
