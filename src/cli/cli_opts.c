/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli_opts.h"

#include <assert.h>
#include <errno.h>

#include "base/utf8.h"

/* A row and the place of its value. */
struct found {
    const struct cli_option *row;
    size_t                   at;
};

static struct found find(const struct cli_args *args, str name)
{
    size_t at = 0;
    for (size_t t = 0; t < CLI_MAX_TABLES && args->tables[t]; t++) {
        for (const struct cli_option *row = args->tables[t]; row->name; row++, at++) {
            assert(at < CLI_MAX_OPTIONS);
            if (str_eq(name, str_of(row->name)))
                return (struct found) { row, at };
        }
    }
    return (struct found) { NULL, 0 };
}

static bool choice_holds(const char *choices, str value)
{
    str rest = str_of(choices), part;
    while (str_split(&rest, '|', &part)) {
        if (str_eq(part, value))
            return true;
    }
    return false;
}

static enum rc check_number(const struct cli_option *row, const char *value, struct err *err)
{
    int64_t     n;
    const char *unit = row->type == CLI_SECONDS ? " seconds" : "";
    if (!str_to_i64(str_of(value), &n))
        return err_set(err, RC_INVALID, "--%s takes a whole number%s, not \"%s\"", row->name,
                       row->type == CLI_SECONDS ? " of seconds" : "", value);
    if (n < row->min || n > row->max)
        return err_set(err, RC_INVALID, "--%s is from %lld to %lld%s, not %lld", row->name,
                       (long long)row->min, (long long)row->max, unit, (long long)n);
    return RC_OK;
}

static enum rc check_value(const struct cli_option *row, const char *value, struct err *err)
{
    char     host[256];
    uint16_t port;
    switch (row->type) {
    case CLI_INT:
    case CLI_SECONDS:
        return check_number(row, value, err);
    case CLI_CHOICE:
        if (!choice_holds(row->choices, str_of(value)))
            return err_set(err, RC_INVALID, "--%s is one of %s, not \"%s\"", row->name, row->choices, value);
        return RC_OK;
    case CLI_ADDRESS:
        if (cli_opts_address(value, host, sizeof host, &port, err) != RC_OK)
            return err_wrap(err, "--%s", row->name);
        return RC_OK;
    case CLI_TEXT:
    case CLI_PATH:
        if (!value[0])
            return err_set(err, RC_INVALID, "--%s is empty; it takes %s", row->name, row->value);
        return RC_OK;
    case CLI_FLAG:
        return RC_OK;
    }
    return RC_OK;
}

static bool is_true(const char *value)
{
    str s = str_of(value);
    return str_eq(s, S("1")) || str_eq_ci(s, S("yes")) || str_eq_ci(s, S("true")) || str_eq_ci(s, S("on"));
}

static enum rc from_environment(struct cli_args *args, struct err *err)
{
    size_t at = 0;
    for (size_t t = 0; t < CLI_MAX_TABLES && args->tables[t]; t++) {
        for (const struct cli_option *row = args->tables[t]; row->name; row++, at++) {
            const char *value = row->env ? getenv(row->env) : NULL;
            args->values[at] = row->initial;
            if (!value || !value[0] || (row->type == CLI_FLAG && !is_true(value)))
                continue;
            if (check_value(row, value, err) != RC_OK)
                return err_wrap(err, "%s", row->env);
            args->values[at] = value;
            args->given[at] = true;
        }
    }
    return RC_OK;
}

/* `word` begins with two dashes; *at is moved on when the value is a word of its own. */
static enum rc take_option(struct cli_args *args, const char *word, int argc, char **argv, int *at,
                           struct err *err)
{
    const char  *equals = strchr(word, '=');
    str          name = equals ? str_make(word + 2, (size_t)(equals - word) - 2) : str_of(word + 2);
    struct found f = find(args, name);

    if (!f.row || f.row->secret)
        return err_set(err, RC_INVALID, "there is no option --" STR_FMT "; --help lists them", STR_ARG(name));
    if (f.row->type == CLI_FLAG) {
        if (equals)
            return err_set(err, RC_INVALID, "--%s takes no value", f.row->name);
        args->values[f.at] = "1";
    } else if (equals) {
        args->values[f.at] = equals + 1;
    } else {
        if (*at + 1 >= argc)
            return err_set(err, RC_INVALID, "--%s takes a value: %s", f.row->name, f.row->value);
        args->values[f.at] = argv[++*at];
    }
    args->given[f.at] = true;
    return check_value(f.row, args->values[f.at], err);
}

static enum rc check_required(const struct cli_args *args, struct err *err)
{
    size_t at = 0;
    for (size_t t = 0; t < CLI_MAX_TABLES && args->tables[t]; t++) {
        for (const struct cli_option *row = args->tables[t]; row->name; row++, at++) {
            if (row->required && !args->values[at])
                return err_set(err, RC_INVALID, "--%s %s is missing: %s", row->name, row->value, row->doc);
        }
    }
    return RC_OK;
}

enum rc cli_opts_parse(struct cli_args *args, int argc, char **argv, struct err *err)
{
    bool only_words = false;

    args->words = ARENA_ARRAY(args->arena, const char *, (size_t)argc + 1);
    args->n_words = 0;
    TRY(from_environment(args, err));
    for (int i = 0; i < argc; i++) {
        const char *word = argv[i];
        if (only_words || word[0] != '-' || !word[1])
            args->words[args->n_words++] = word;
        else if (strcmp(word, "--") == 0)
            only_words = true;
        else if (word[1] != '-')
            return err_set(err, RC_INVALID, "there is no option %s; options begin with two dashes", word);
        else
            TRY(take_option(args, word, argc, argv, &i, err));
    }
    return check_required(args, err);
}

const char *cli_opts_text(const struct cli_args *args, const char *name)
{
    struct found f = find(args, str_of(name));
    assert(f.row);
    return args->values[f.at];
}

int64_t cli_opts_int(const struct cli_args *args, const char *name)
{
    int64_t     n = 0;
    const char *text = cli_opts_text(args, name);
    if (text) {
        bool whole = str_to_i64(str_of(text), &n);
        assert(whole); /* checked when it was parsed */
    }
    return n;
}

bool cli_opts_flag(const struct cli_args *args, const char *name)
{
    return cli_opts_text(args, name) != NULL;
}

duration cli_opts_seconds(const struct cli_args *args, const char *name)
{
    return SECONDS(cli_opts_int(args, name));
}

bool cli_opts_given(const struct cli_args *args, const char *name)
{
    struct found f = find(args, str_of(name));
    assert(f.row);
    return args->given[f.at];
}

enum rc cli_opts_query(const struct cli_args *args, size_t at, size_t max, str *out, struct err *err)
{
    if (args->n_words <= at)
        return err_set(err, RC_INVALID, "the query is missing; - reads it from standard input");
    if (args->n_words > at + 1)
        return err_set(err, RC_INVALID, "the query is one argument: put it in quotes");
    *out = str_of(args->words[at]);
    if (strcmp(args->words[at], "-") != 0)
        return RC_OK;

    char  *text = arena_alloc(args->arena, max + 1);
    size_t n = fread(text, 1, max + 1, stdin);
    if (ferror(stdin))
        return err_errno(err, RC_IO, errno, "standard input");
    if (n > max)
        return err_set(err, RC_LIMIT, "a query has at most %zu bytes", max);
    *out = str_make(text, n);
    return RC_OK;
}

enum rc cli_opts_address(const char *text, char *host, size_t host_size, uint16_t *port, struct err *err)
{
    str      all = str_of(text);
    size_t   colon = str_rfind_byte(all, ':');
    uint64_t n;
    if (colon == STR_NPOS)
        return err_set(err, RC_INVALID, "an address is HOST:PORT, not \"%s\"", text);

    str name = str_slice(all, 0, colon);
    if (str_starts(name, S("[")) && str_ends(name, S("]")))
        name = str_slice(name, 1, name.n - 1);
    else if (str_find_byte(name, ':') != STR_NPOS)
        return err_set(err, RC_INVALID, "an IPv6 address stands in brackets: [" STR_FMT "]", STR_ARG(name));
    if (!str_to_u64(str_from(all, colon + 1), &n) || n < 1 || n > 65535)
        return err_set(err, RC_INVALID, "a port is a number from 1 to 65535, not \"" STR_FMT "\"",
                       STR_ARG(str_from(all, colon + 1)));
    if (!name.n || !str_to_cstr(name, host, host_size))
        return err_set(err, RC_INVALID, "an address is HOST:PORT, not \"%s\"", text);
    *port = (uint16_t)n;
    return RC_OK;
}

static void help_row(struct strbuf *out, const struct cli_option *row)
{
    char left[64];
    if (row->secret)
        snprintf(left, sizeof left, "  (%s)", row->env);
    else
        snprintf(left, sizeof left, "  --%s%s%s", row->name, row->value ? " " : "",
                 row->value ? row->value : "");
    strbuf_addf(out, "%-28s %s", left, row->doc);
    if (row->choices)
        strbuf_addf(out, " One of %s.", row->choices);
    if (row->initial)
        strbuf_addf(out, " Default: %s.", row->initial);
    if (row->env && !row->secret)
        strbuf_addf(out, " [%s]", row->env);
    strbuf_addc(out, '\n');
}

void cli_opts_help(struct strbuf *out, const struct cli_option *table)
{
    for (const struct cli_option *row = table; row && row->name; row++) {
        if (!row->hidden)
            help_row(out, row);
    }
}
