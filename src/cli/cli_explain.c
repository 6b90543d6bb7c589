/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli_explain.h"

#include <stdio.h>
#include <unistd.h>

#include "base/env.h"
#include "base/file.h"
#include "policy/policy_explain.h"

enum { MAX_FILE = 64 << 20, MEMORY = 512 << 20, INDENT = 2 };

/* --- as text --- */

static void write_node(struct strbuf *out, const struct json *node, unsigned depth);

static void indent(struct strbuf *out, unsigned depth)
{
    for (unsigned i = 0; i < depth * INDENT; i++)
        strbuf_addc(out, ' ');
}

static void begin_line(struct strbuf *out, const struct json *node, unsigned depth)
{
    indent(out, depth);
    strbuf_addz(out, json_bool(node, S("holds"), false) ? "yes " : "no  ");
}

static void add_value(struct strbuf *out, const char *word, const struct json *value)
{
    strbuf_addz(out, word);
    if (value)
        json_print(out, value, 0);
    else
        strbuf_addz(out, "nothing");
}

/* `field wanted`, and what stood there instead. */
static void write_leaf(struct strbuf *out, const struct json *node)
{
    str subject =
        json_str(node, S("field"), json_str(node, S("foundFrom"), json_str(node, S("name"), S(""))));
    str kind = json_str(node, S("kind"), S(""));

    strbuf_addf(out, STR_FMT " " STR_FMT " " STR_FMT, STR_ARG(kind), STR_ARG(subject),
                STR_ARG(json_str(node, S("operator"), S(""))));
    add_value(out, " ", json_get(node, S("wanted")));
    if (json_get(node, S("elements")))
        strbuf_addf(out, ": each of %lld", (long long)json_i64(node, S("of"), 0));
    else
        add_value(out, ": found ", json_get(node, S("found")));
    if (json_get(node, S("members")))
        strbuf_addf(out, " of %lld", (long long)json_i64(node, S("of"), 0));
    strbuf_addc(out, '\n');
}

static void write_places(struct strbuf *out, const struct json *list, unsigned depth)
{
    const struct json *one;

    for (size_t i = 0; (one = json_at(list, i)); i++) {
        const struct json *value = json_get(one, S("found")), *inner = json_get(one, S("condition"));
        str                where = json_str(one, S("path"), json_str(one, S("id"), S("element")));
        begin_line(out, one, depth);
        strbuf_add(out, where);
        if (!json_get(one, S("id")))
            add_value(out, " = ", value ? value : json_get(one, S("value")));
        strbuf_addc(out, '\n');
        if (inner)
            write_node(out, inner, depth + 1);
    }
}

static void write_node(struct strbuf *out, const struct json *node, unsigned depth)
{
    const struct json *conditions = json_get(node, S("conditions")), *one;

    begin_line(out, node, depth);
    if (json_get(node, S("operator")))
        write_leaf(out, node);
    else
        strbuf_addf(out, STR_FMT "\n", STR_ARG(json_str(node, S("kind"), S(""))));
    for (size_t i = 0; (one = json_at(conditions, i)); i++)
        write_node(out, one, depth + 1);
    write_places(out, json_get(node, S("elements")), depth + 1);
    write_places(out, json_get(node, S("members")), depth + 1);
}

static void write_text(struct strbuf *out, const struct json *explanation)
{
    const struct json *related = json_get(explanation, S("related"));
    bool               matched = json_bool(explanation, S("matched"), false);
    str                effect = json_str(explanation, S("effect"), STR_NONE);

    if (effect.n)
        strbuf_addf(out, "The policy applies: " STR_FMT ".\n", STR_ARG(effect));
    else
        strbuf_addf(out, "%s\n",
                    matched ? "The condition holds and there is nothing to do."
                            : "The policy does not apply.");
    write_node(out, json_get(explanation, S("condition")), 0);
    if (!related)
        return;
    strbuf_addf(out, "related " STR_FMT ": %lld known\n", STR_ARG(json_str(related, S("type"), S(""))),
                (long long)json_i64(related, S("found"), 0));
    write_places(out, json_get(related, S("resources")), 1);
}

/* --- the files --- */

static enum rc read_json(struct arena *a, const char *path, const struct json **out, struct err *err)
{
    const char *file = str_eq(str_of(path), S("-")) ? "/dev/stdin" : path;
    str         text;

    TRY(file_read(a, file, MAX_FILE, &text, err));
    if (json_parse(a, text, out, err) != RC_OK)
        return err_wrap(err, "%s", path);
    return RC_OK;
}

static enum rc read_aliases(struct arena *a, const char *path, struct policy_aliases *table, struct err *err)
{
    str text;

    if (!path)
        return RC_OK;
    TRY(file_read(a, path, 4u * MAX_FILE, &text, err));
    return str_ends(str_of(path), S(".tsv")) ? policy_aliases_add_tsv(table, text, err)
                                             : policy_aliases_add_json(table, text, err);
}

static const struct json *inside(const struct json *j, str key)
{
    const struct json *inner = json_get_ci(j, key);
    return inner ? inner : j;
}

static enum rc explain(const struct cli_args *args, struct arena *a, const struct policy_aliases *aliases,
                       struct strbuf *out, struct err *err)
{
    const char              *parameters = cli_opts_text(args, "parameters");
    const struct json       *definition;
    const struct policy_def *def;
    struct policy_input      in = { .now = env_now(env_real()) };
    struct policy_verdict    verdict;
    struct json_w            w = json_w_make(out);

    TRY(read_json(a, args->words[1], &definition, err));
    TRY(read_json(a, args->words[2], &in.resource, err));
    if (parameters)
        TRY(read_json(a, parameters, &in.parameters, err));
    in.parameters = in.parameters ? inside(in.parameters, S("parameters")) : NULL;
    TRY(policy_def_parse(a, definition, aliases, &def, err));
    TRY(policy_eval(def, &in, a, &verdict, err));
    json_w_object(&w);
    policy_explain(def, &in, &verdict, a, &w);
    json_w_end(&w);
    return strbuf_ok(out, "the explanation", err);
}

enum rc cli_explain_run(const struct cli_args *args, struct err *err)
{
    AUTO(arena) a = arena_new(MEMORY);
    AUTO(policy_aliases) aliases = policy_aliases_new();
    AUTO_STRBUF        json = STRBUF_INIT(POLICY_EXPLAIN_BYTES), text = STRBUF_INIT(POLICY_EXPLAIN_BYTES);
    const struct json *tree;

    if (args->n_words != 3)
        return err_set(err, RC_INVALID,
                       "vedette policy explain takes a definition and a resource, two files");
    TRY(read_aliases(a, cli_opts_text(args, "alias-table"), aliases, err));
    TRY(explain(args, a, aliases, &json, err));
    if (str_eq(str_of(cli_opts_text(args, "format")), S("json"))) {
        strbuf_addc(&json, '\n');
        return file_write_all(STDOUT_FILENO, strbuf_view(&json), err);
    }
    TRY(json_parse(a, strbuf_view(&json), &tree, err));
    write_text(&text, tree);
    TRY(strbuf_ok(&text, "the explanation", err));
    return file_write_all(STDOUT_FILENO, strbuf_view(&text), err);
}
