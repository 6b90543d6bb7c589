/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli_policy.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/env.h"
#include "base/file.h"
#include "base/json_split.h"
#include "base/map.h"
#include "cli/cli_check.h"
#include "cli/cli_explain.h"
#include "cli/cli_posture.h"
#include "policy/policy_explain.h"

enum {
    MAX_CASE = 32 << 20,
    MAX_ALIASES = 256 << 20,
    CASE_MEMORY = 256 << 20,
    TIMED_NS = 2000000,
    TIMED_STEP = 100
};

const struct cli_option CLI_POLICY_OPTIONS[] = {
    { .name = "policies",
      .type = CLI_PATH,
      .value = "DIR",
      .doc = "check: folder of definitions; by default those that come with this program." },
    { .name = "block",
      .type = CLI_CHOICE,
      .value = "SEVERITY",
      .initial = "high",
      .choices = "none|high|medium|low",
      .doc = "check: what fails and is as severe as this makes the command fail." },
    { .name = "format",
      .type = CLI_CHOICE,
      .value = "FORMAT",
      .initial = "text",
      .choices = "text|json",
      .doc = "check and explain: how it is printed." },
    { .name = "all",
      .type = CLI_FLAG,
      .doc = "check, in JSON: also what passed, does not apply, is not measured." },
    { .name = "batch", .type = CLI_FLAG, .doc = "Read cases as JSON lines from standard input." },
    { .name = "aliases",
      .type = CLI_PATH,
      .value = "DIR",
      .initial = ".",
      .doc = "Folder of the alias files (.json, .tsv) that cases name." },
    { .name = "explain",
      .type = CLI_FLAG,
      .doc = "evaluate: add what each condition says, as \"explanation\"." },
    { .name = "alias-table",
      .type = CLI_PATH,
      .value = "FILE",
      .doc = "explain: names of properties, by type (.json, .tsv)." },
    { .name = "parameters",
      .type = CLI_PATH,
      .value = "FILE",
      .doc = "explain: the definition's parameters, a JSON object of names and values." },
    { .name = "json", .type = CLI_FLAG, .doc = "gate: print what the API answers." },
    { .name = "time",
      .type = CLI_FLAG,
      .doc = "Evaluate each case again and again for a moment; \"ns\" in the answer is what one evaluation "
             "takes." },
    { 0 },
};

struct batch {
    const char         *alias_dir;
    struct map         *tables; /* file name → struct policy_aliases */
    struct json_parser *parser;
    struct arena       *a;   /* of one case */
    struct arena       *run; /* of one evaluation that is timed */
    bool                timed, explains;
    double              ns;          /* of the last case */
    str                 explanation; /* of the last case; or empty */
};

static enum rc load_table(struct batch *b, str name, struct policy_aliases **out, struct err *err)
{
    AUTO(arena) a = arena_new(MAX_ALIASES + 4096);
    AUTO(policy_aliases) table = policy_aliases_new();
    str path = arena_printf(a, "%s/" STR_FMT, b->alias_dir, STR_ARG(name)), text;
    if (str_find_byte(name, '/') != STR_NPOS || str_starts(name, S(".")))
        return err_set(err, RC_INVALID, "aliases names a file of the folder, not '" STR_FMT "'",
                       STR_ARG(name));
    TRY(file_read(a, path.p, MAX_ALIASES, &text, err));
    if (str_ends(name, S(".tsv")))
        TRY(policy_aliases_add_tsv(table, text, err));
    else
        TRY(policy_aliases_add_json(table, text, err));
    *out = TAKE(table);
    return RC_OK;
}

static enum rc find_table(struct batch *b, str name, const struct policy_aliases **out, struct err *err)
{
    struct policy_aliases *table = name.n ? map_find(b->tables, name) : NULL;
    if (name.n && !table) {
        if (load_table(b, name, &table, err) != RC_OK)
            return err_wrap(err, "aliases " STR_FMT, STR_ARG(name));
        map_put(b->tables, name, table);
    }
    *out = table;
    return RC_OK;
}

/* A document given as JSON or as a text that holds it. */
static enum rc unwrap(struct batch *b, const struct json *j, const struct json **out, struct err *err)
{
    if (j->kind == JSON_STRING)
        return json_parser_parse(b->parser, b->a, j->s, out, err);
    *out = j;
    return RC_OK;
}

/* What the host answers when asked for related resources: the responses in turn. */
struct responses {
    const struct json *list;
    size_t             next;
};

static const struct json *next_response(void *ctx, const struct json *details, struct arena *a)
{
    struct responses  *r = ctx;
    const struct json *response = json_get(json_at(r->list, r->next++), S("response"));
    struct json       *array = ARENA_NEW(a, struct json);
    (void)details;
    if (response && response->kind == JSON_ARRAY)
        return response;
    *array =
        (struct json) { .kind = JSON_ARRAY, .n = response && response->kind != JSON_NULL, .items = response };
    return array;
}

/* The context of the case, with request_context in its place. */
static const struct json *context_of(struct batch *b, const struct json *kase)
{
    const struct json *context = json_get(kase, S("context")),
                      *request = json_get(kase, S("request_context"));
    struct json_member *members = ARENA_ARRAY(b->a, struct json_member, (context ? context->n : 0) + 1);
    struct json        *out = ARENA_NEW(b->a, struct json);
    if (!request || (context && context->kind != JSON_OBJECT))
        return context;
    *out = (struct json) { .kind = JSON_OBJECT, .n = context ? context->n : 0, .members = members };
    if (context && context->n)
        memcpy(members, context->members, context->n * sizeof *members);
    members[out->n++] = (struct json_member) { .key = S("requestContext"), .value = *request };
    return out;
}

/* The mean over as many runs as fit into a moment, the arena's reset with them. */
static enum rc measure(struct batch *b, const struct policy_def *def, const struct policy_input *in,
                       struct responses *responses, struct err *err)
{
    int64_t               began = env_monotonic_ns(env_real()), now = began;
    size_t                n = 0;
    struct policy_verdict verdict;

    for (; now - began < TIMED_NS; n += TIMED_STEP) {
        for (int i = 0; i < TIMED_STEP; i++) {
            arena_reset(b->run);
            responses->next = 0;
            TRY(policy_eval(def, in, b->run, &verdict, err));
        }
        now = env_monotonic_ns(env_real());
    }
    responses->next = 0;
    b->ns = (double)(now - began) / (double)n;
    return RC_OK;
}

static enum rc explain(struct batch *b, const struct policy_def *def, const struct policy_input *in,
                       const struct policy_verdict *verdict, struct err *err)
{
    AUTO_STRBUF   text = STRBUF_INIT(POLICY_EXPLAIN_BYTES);
    struct json_w w = json_w_make(&text);

    json_w_object(&w);
    policy_explain(def, in, verdict, b->a, &w);
    json_w_end(&w);
    TRY(strbuf_ok(&text, "the explanation", err));
    b->explanation = arena_str(b->a, strbuf_view(&text));
    return RC_OK;
}

static enum rc judge(struct batch *b, const struct json *kase, struct policy_verdict *out, struct err *err)
{
    const struct policy_aliases *aliases = NULL;
    const struct policy_def     *def = NULL;
    const struct json           *source = json_get(kase, S("policy_definition")), *document;
    bool                         only_parse = str_eq(json_str(kase, S("kind"), STR_NONE), S("parse"));
    struct responses             responses = { .list = json_get(kase, S("host_await")) };
    if (!source)
        source = json_get(kase, S("policy_rule"));
    if (!source)
        return err_set(err, RC_INVALID, "a case has policy_rule or policy_definition");
    TRY(find_table(b, json_str(kase, S("aliases"), STR_NONE), &aliases, err));
    TRY(unwrap(b, source, &document, err));
    TRY(policy_def_parse(b->a, document, aliases, &def, err));
    if (only_parse)
        return RC_OK;
    struct policy_input in = { .resource = json_get(kase, S("resource")),
                               .parameters = json_get(kase, S("parameters")),
                               .context = context_of(b, kase),
                               .api_version = json_str(kase, S("api_version"), STR_NONE),
                               .related = { .ctx = &responses, .find = next_response },
                               .now = env_now(env_real()) };
    if (b->timed)
        TRY(measure(b, def, &in, &responses, err));
    TRY(policy_eval(def, &in, b->a, out, err));
    responses.next = 0;
    return b->explains ? explain(b, def, &in, out, err) : RC_OK;
}

static void write_verdict(struct batch *b, struct strbuf *out, str id, enum rc rc,
                          const struct policy_verdict *v, const struct err *err)
{
    struct json_w w = json_w_make(out);
    json_w_object(&w);
    json_w_kstr(&w, S("id"), id);
    if (b->timed && rc == RC_OK)
        json_w_kdouble(&w, S("ns"), b->ns);
    if (rc != RC_OK) {
        json_w_key(&w, S("error"));
        json_w_object(&w);
        json_w_kstr(&w, S("code"), str_of(err_name(rc)));
        json_w_kstr(&w, S("message"), str_of(err->text));
        json_w_end(&w);
    } else {
        json_w_key(&w, S("effect"));
        if (v->effect.n)
            json_w_str(&w, v->effect);
        else
            json_w_null(&w);
        if (v->effect.n && v->details) {
            json_w_key(&w, S("details"));
            json_w_tree(&w, v->details);
        }
        if (b->explanation.n) {
            json_w_key(&w, S("explanation"));
            json_w_raw(&w, b->explanation);
        }
    }
    json_w_end(&w);
    strbuf_addc(out, '\n');
}

static enum rc take_case(void *ctx, str text, uint64_t line, struct err *err)
{
    struct batch         *b = ctx;
    struct policy_verdict verdict = { 0 };
    struct err            story = { 0 };
    const struct json    *kase = NULL;
    AUTO_STRBUF           out = STRBUF_INIT(CASE_MEMORY);
    char                  where[32];

    arena_reset(b->a);
    b->explanation = STR_NONE;
    snprintf(where, sizeof where, "line %llu", (unsigned long long)line);
    enum rc rc = json_parser_parse(b->parser, b->a, text, &kase, &story);
    str     id = json_str(kase, S("id"), str_of(where));
    if (rc == RC_OK)
        rc = judge(b, kase, &verdict, &story);
    write_verdict(b, &out, id, rc, &verdict, &story);
    TRY(strbuf_ok(&out, "a verdict", err));
    return file_write_all(STDOUT_FILENO, strbuf_view(&out), err);
}

static enum rc refuse_case(void *ctx, str start, uint64_t line, str reason, struct err *err)
{
    (void)ctx;
    (void)start;
    return err_set(err, RC_INVALID, "case on line %llu: " STR_FMT, (unsigned long long)line, STR_ARG(reason));
}

static enum rc read_cases(struct batch *b, struct err *err)
{
    AUTO(json_split)
    split = json_split_new(
        (struct json_split_sink) { .ctx = b, .document = take_case, .refused = refuse_case }, MAX_CASE);
    char piece[65536];
    for (;;) {
        ssize_t n = read(STDIN_FILENO, piece, sizeof piece);
        if (n < 0)
            return err_errno(err, RC_IO, errno, "standard input");
        if (n == 0)
            return json_split_finish(split, err);
        TRY(json_split_feed(split, str_make(piece, (size_t)n), err));
    }
}

enum rc cli_policy_run(const struct cli_args *args, struct err *err)
{
    struct batch b = { .alias_dir = cli_opts_text(args, "aliases"),
                       .timed = cli_opts_flag(args, "time"),
                       .explains = cli_opts_flag(args, "explain") };
    if (args->n_words && str_eq(str_of(args->words[0]), S("gate")))
        return cli_posture_gate(args, err);
    if (args->n_words && str_eq(str_of(args->words[0]), S("check")))
        return cli_check_run(args, err);
    if (args->n_words && str_eq(str_of(args->words[0]), S("explain")))
        return cli_explain_run(args, err);
    if (args->n_words != 1 || !str_eq(str_of(args->words[0]), S("evaluate")))
        return err_set(
            err, RC_INVALID,
            "vedette policy takes 'check', 'gate', 'explain' or 'evaluate'; see vedette help policy");
    if (!cli_opts_flag(args, "batch"))
        return err_set(err, RC_INVALID, "vedette policy evaluate reads cases with --batch");

    b.tables = map_new(MAP_CASE);
    b.parser = json_parser_new();
    b.a = arena_new(CASE_MEMORY);
    b.run = arena_new(CASE_MEMORY);
    enum rc         rc = read_cases(&b, err);
    struct map_iter it = { 0 };
    while (map_next(b.tables, &it))
        policy_aliases_free(it.value);
    map_free(b.tables);
    json_parser_free(b.parser);
    arena_free(b.a);
    arena_free(b.run);
    return rc;
}
