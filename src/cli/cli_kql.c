/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli_kql.h"

#include <unistd.h>

#include "base/env.h"
#include "base/json.h"
#include "base/mem.h"
#include "cli/cli_catalog.h"
#include "cli/cli_engine.h"
#include "cli/cli_rows.h"
#include "cli/cli_table.h"
#include "kql/kql_agg.h"
#include "kql/kql_op.h"
#include "kql/kql_plugin.h"
#include "kql/kql_result.h"

enum { LINE_MAX_BYTES = 4 << 20, ANSWER_MAX = 512 << 20 };

const struct cli_option CLI_KQL_OPTIONS[] = {
    { .name = "batch",
      .type = CLI_FLAG,
      .doc = "Read {\"id\",\"query\"} as JSON lines from standard input, answer a line each." },
    { .name = "schema",
      .type = CLI_PATH,
      .value = "FILE",
      .doc = "Tables: {\"Table\":[[\"column\",\"type\"]]}." },
    { .name = "data",
      .type = CLI_PATH,
      .value = "FILE",
      .doc = "Their rows: {\"Table\":[{\"column\":value}]}." },
    { .name = "external",
      .type = CLI_PATH,
      .value = "DIR",
      .doc = "Where externaldata finds its files: DIR/host/path for https://host/path." },
    { .name = "params",
      .type = CLI_TEXT,
      .value = "JSON",
      .doc = "Values of the query's declared parameters: {\"name\":value}." },
    { .name = "rows",
      .type = CLI_FLAG,
      .doc = "Evaluate row by row in C, as rules over streams do, with no engine." },
    { .name = "timeout",
      .type = CLI_SECONDS,
      .initial = "300",
      .min = 1,
      .max = 86400,
      .value = "SECONDS",
      .doc = "How long a query may run." },
    { .name = "time",
      .type = CLI_FLAG,
      .doc = "Say how long each compile took, in microseconds (with --batch)." },
    { 0 },
};

enum act { RUN, CHECK, EXPLAIN, FORMAT, FUNCTIONS, ACT_COUNT_ };

static const char *const ACTS[] = {
    [RUN] = "run", [CHECK] = "check", [EXPLAIN] = "explain", [FORMAT] = "format", [FUNCTIONS] = "functions"
};

struct session {
    enum act              act;
    bool                  timed, by_row;
    duration              timeout;
    struct kql_parameter *parameters;
    size_t                n_parameters;
    struct cli_catalog   *catalog;
    struct cli_engine    *engine; /* of run only */
};

/* One query from its text to its answer. */
struct job {
    struct arena      *arena;
    str                query;
    struct kql_program program;
    struct kql_row    *row; /* with --rows */
    struct kql_diags   diags;
    str                formatted;
    int64_t            nanoseconds, row_nanoseconds;
};

static enum rc compile_row(const struct kql_catalog *view, const struct kql_opts *opts, struct job *j,
                           struct err *err)
{
    TRY(kql_row_compile(view, j->query, opts, j->arena, &j->row, &j->diags, err));
    struct kql_row_columns columns = kql_row_outputs(j->row);
    j->program = (struct kql_program) { .columns = columns.p, .n_columns = columns.n };
    return RC_OK;
}

static enum rc compile(struct session *s, struct job *j, struct err *err)
{
    struct kql_catalog view = cli_catalog_view(s->catalog);
    struct kql_opts    opts = { .now = env_now(env_real()),
                                .parameters = s->parameters,
                                .n_parameters = s->n_parameters };
    int64_t            from = env_monotonic_ns(env_real());
    enum rc            rc = s->act == FORMAT ? kql_format(j->query, j->arena, &j->formatted, &j->diags, err)
                            : s->by_row      ? compile_row(&view, &opts, j, err)
                                        : kql_compile(&view, j->query, &opts, j->arena, &j->program, &j->diags, err);
    j->nanoseconds = env_monotonic_ns(env_real()) - from;
    return rc;
}

struct rows {
    const struct kql_program *program;
    struct strbuf            *out;
    bool                      any;
};

static enum rc add_row(void *ctx, str line, struct err *err)
{
    struct rows *r = ctx;
    strbuf_addz(r->out, r->any ? "," : "");
    r->any = true;
    return kql_result_row(r->program->columns, r->program->n_columns, line, KQL_RESULT_DYNAMIC_VALUE, r->out,
                          err);
}

/* The rows of a table of the answer as a JSON array of arrays. */
static enum rc run(struct session *s, struct job *j, const struct kql_program *p, struct strbuf *out,
                   struct err *err)
{
    struct tables_param      list[CLI_CATALOG_SETTINGS];
    struct tables_query_opts opts = { .settings = list,
                                      .n_settings = cli_catalog_settings(list),
                                      .max_time = s->timeout };
    struct rows              rows = { p, out, false };

    if (s->by_row)
        return cli_rows_run(j->row, s->catalog, out, &j->row_nanoseconds, err);
    TRY(cli_catalog_make(s->catalog, cli_engine_tables(s->engine), p, err));
    strbuf_addc(out, '[');
    TRY(tables_query(cli_engine_tables(s->engine), p->sql, &opts, add_row, &rows, err));
    strbuf_addc(out, ']');
    return strbuf_ok(out, "the result", err);
}

/* --- a line for a query --- */

static void write_error(struct json_w *w, const struct job *j, const struct err *err)
{
    json_w_key(w, S("error"));
    json_w_object(w);
    if (j->diags.list.n > 0) {
        const struct kql_diag *d = &j->diags.list.p[0];
        json_w_kstr(w, S("code"), kql_diag_code_name(d->code));
        json_w_kstr(w, S("message"), d->message);
        json_w_ki64(w, S("line"), d->line);
        json_w_ki64(w, S("column"), d->column);
        if (d->hint.n > 0)
            json_w_kstr(w, S("hint"), d->hint);
    } else {
        json_w_kstr(w, S("code"), str_of(err_name(err->rc)));
        json_w_kstr(w, S("message"), str_of(err->text));
    }
    json_w_end(w);
}

static void write_columns(struct json_w *w, const struct kql_program *p)
{
    json_w_key(w, S("columns"));
    json_w_array(w);
    for (size_t i = 0; i < p->n_columns; i++) {
        json_w_object(w);
        json_w_kstr(w, S("name"), p->columns[i].name);
        bool guessed = p->guessed && p->guessed[i]; /* a row program has none */
        json_w_kstr(w, S("type"), kql_type_name(guessed ? KQL_UNKNOWN : p->columns[i].type));
        json_w_end(w);
    }
    json_w_end(w);
}

static void write_table(struct session *s, struct json_w *w, const struct kql_program *p, str rows)
{
    write_columns(w, p);
    if (s->act == RUN) {
        json_w_key(w, S("rows"));
        json_w_raw(w, rows);
    }
    if (s->act == EXPLAIN) {
        json_w_kstr(w, S("plan"), p->plan);
        json_w_kstr(w, S("sql"), p->sql);
    }
}

/* Of several tables the members are those of the last; "tables" has them all, in order. */
static enum rc write_tables(struct session *s, struct json_w *w, struct job *j, struct err *err)
{
    const struct kql_program *last = &j->program;
    AUTO_STRBUF               rows = STRBUF_INIT(ANSWER_MAX);

    if (last->next) {
        json_w_key(w, S("tables"));
        json_w_array(w);
    }
    for (const struct kql_program *p = &j->program; p; last = p, p = p->next) {
        strbuf_clear(&rows);
        if (s->act == RUN)
            TRY(run(s, j, p, &rows, err));
        if (!j->program.next)
            break;
        json_w_object(w);
        json_w_kstr(w, S("name"), p->name);
        write_table(s, w, p, strbuf_view(&rows));
        json_w_end(w);
    }
    if (j->program.next)
        json_w_end(w);
    write_table(s, w, last, strbuf_view(&rows));
    return RC_OK;
}

static enum rc answer_line(struct session *s, str line, struct err *err)
{
    AUTO(arena) parsed = arena_new(LINE_MAX_BYTES * 8);
    AUTO(arena) arena = arena_new(KQL_ARENA_BYTES);
    AUTO_STRBUF        out = STRBUF_INIT(ANSWER_MAX);
    const struct json *request;
    struct err         why = { 0 };

    if (json_parse(parsed, line, &request, err) != RC_OK)
        return err_wrap(err, "a line of the batch");
    struct job    j = { .arena = arena, .query = json_str(request, S("query"), STR_NONE) };
    struct json_w w = json_w_make(&out);
    json_w_object(&w);
    json_w_kstr(&w, S("id"), json_str(request, S("id"), STR_NONE));
    enum rc       rc = compile(s, &j, &why);
    struct json_w head = w;
    size_t        begun = out.n;
    if (rc == RC_OK && s->act == FORMAT)
        json_w_kstr(&w, S("query"), j.formatted);
    else if (rc == RC_OK)
        rc = write_tables(s, &w, &j, &why);
    if (rc != RC_OK) { /* what was written of an answer goes */
        strbuf_truncate(&out, begun);
        w = head;
        write_error(&w, &j, &why);
    }
    if (s->timed)
        json_w_kdouble(&w, S("micros"), (double)j.nanoseconds / 1000);
    if (s->timed && s->by_row)
        json_w_ki64(&w, S("row_nanos"), j.row_nanoseconds);
    json_w_end(&w);
    strbuf_addc(&out, '\n');
    TRY(strbuf_ok(&out, "the answer", err));
    fwrite(out.p, 1, out.n, stdout);
    (void)fflush(stdout); /* who asks over a pipe may wait for it */
    return rc == RC_UNAVAILABLE ? err_set(err, rc, "%s", why.text) : RC_OK;
}

static enum rc batch(struct session *s, struct err *err)
{
    char   *line = NULL;
    size_t  room = 0;
    ssize_t n;
    enum rc rc = RC_OK;

    while (rc == RC_OK && (n = getline(&line, &room, stdin)) >= 0) {
        str text = str_trim(str_make(line, (size_t)n));
        if (text.n > LINE_MAX_BYTES)
            rc = err_set(err, RC_LIMIT, "a line of the batch has at most %d bytes", LINE_MAX_BYTES);
        else if (text.n > 0)
            rc = answer_line(s, text, err);
    }
    free(line);
    return rc;
}

/* --- for people --- */

static void print_diags(const struct job *j)
{
    for (size_t i = 0; i < j->diags.list.n; i++) {
        const struct kql_diag *d = &j->diags.list.p[i];
        (void)fprintf(stderr, "%u:%u: " STR_FMT " [" STR_FMT "]\n", d->line, d->column, STR_ARG(d->message),
                      STR_ARG(kql_diag_code_name(d->code)));
        if (d->hint.n > 0)
            (void)fprintf(stderr, "    " STR_FMT "\n", STR_ARG(d->hint));
    }
}

static enum rc print_rows(const struct kql_program *p, str text, struct err *err)
{
    AUTO(arena) a = arena_new(ANSWER_MAX * (size_t)2);
    const struct json *rows;

    TRY(json_parse(a, text, &rows, err));
    struct cli_table_column *columns = ARENA_ARRAY(a, struct cli_table_column, p->n_columns + 1);
    str                     *cells = ARENA_ARRAY(a, str, p->n_columns * rows->n + 1);
    for (size_t i = 0; i < p->n_columns; i++)
        columns[i] = (struct cli_table_column) { p->columns[i].name, kql_type_is_number(p->columns[i].type) };
    for (size_t r = 0; r < rows->n; r++)
        for (size_t i = 0; i < p->n_columns; i++)
            cells[r * p->n_columns + i] = cli_table_cell(a, json_at(&rows->items[r], i));
    cli_table_print(stdout, &(struct cli_table) { columns, p->n_columns, cells, rows->n },
                    cli_table_terminal());
    return RC_OK;
}

static enum rc print_table(struct session *s, struct job *j, const struct kql_program *p, struct err *err)
{
    AUTO_STRBUF rows = STRBUF_INIT(ANSWER_MAX);

    if (s->act == RUN) {
        TRY(run(s, j, p, &rows, err));
        return print_rows(p, strbuf_view(&rows), err);
    }
    if (s->act == EXPLAIN)
        printf(STR_FMT "\n" STR_FMT "\n", STR_ARG(p->plan), STR_ARG(p->sql));
    for (size_t i = 0; s->act == CHECK && i < p->n_columns; i++)
        printf(STR_FMT ": " STR_FMT "\n", STR_ARG(p->columns[i].name),
               STR_ARG(kql_type_name(p->columns[i].type)));
    return RC_OK;
}

static enum rc one(struct session *s, str query, struct err *err)
{
    AUTO(arena) arena = arena_new(KQL_ARENA_BYTES);
    struct job j = { .arena = arena, .query = query };
    enum rc    rc = compile(s, &j, err);

    if (rc != RC_OK) {
        print_diags(&j);
        return rc;
    }
    if (s->act == FORMAT)
        printf(STR_FMT "\n", STR_ARG(j.formatted));
    for (const struct kql_program *p = &j.program; s->act != FORMAT && p; p = p->next) {
        if (j.program.next)
            printf("%s-- " STR_FMT "\n", p == &j.program ? "" : "\n", STR_ARG(p->name));
        TRY(print_table(s, &j, p, err));
    }
    return RC_OK;
}

static enum rc find_act(const struct cli_args *args, enum act *out, struct err *err)
{
    for (int i = 0; args->n_words > 0 && i < ACT_COUNT_; i++)
        if (strcmp(args->words[0], ACTS[i]) == 0) {
            *out = (enum act)i;
            return RC_OK;
        }
    return err_set(err, RC_INVALID, "what to do is one of run, check, explain, format, functions");
}

static void print_row(const char *kind, const char *name, const char *doc, const char *example,
                      const char *yields)
{
    AUTO_STRBUF   out = STRBUF_INIT(1 << 16);
    struct json_w w = json_w_make(&out);

    json_w_object(&w);
    json_w_kstr(&w, S("kind"), str_of(kind));
    json_w_kstr(&w, S("name"), str_of(name));
    json_w_kstr(&w, S("doc"), str_of(doc));
    json_w_kstr(&w, S("example"), str_of(example));
    if (yields)
        json_w_kstr(&w, S("yields"), str_of(yields));
    json_w_end(&w);
    printf("%s\n", out.p);
}

/* What the language has, a line each: for documentation, completion and the test that runs every example. */
static enum rc print_tables(void)
{
    for (const struct kql_op *op = kql_op_next(NULL); op; op = kql_op_next(op))
        print_row("operator", op->name, op->doc, op->example, NULL);
    for (const struct kql_fn *fn = kql_fn_next(NULL); fn; fn = kql_fn_next(fn))
        print_row(fn->hidden   ? "helper"
                  : fn->window ? "window"
                               : "function",
                  fn->name, fn->doc, fn->example, fn->yields);
    for (const struct kql_agg *agg = kql_agg_next(NULL); agg; agg = kql_agg_next(agg))
        print_row("aggregate", agg->name, agg->doc, agg->example, agg->yields);
    for (const struct kql_plugin *row = kql_plugin_next(NULL); row; row = kql_plugin_next(row))
        print_row("plugin", row->name, row->doc, row->example, row->yields);
    return RC_OK;
}

/* {"name": value}: a string by its text, anything else by its JSON. */
static enum rc read_params(struct session *s, const char *text, struct arena *arena, struct err *err)
{
    const struct json *object;

    if (!text)
        return RC_OK;
    if (json_parse(arena, str_of(text), &object, err) != RC_OK)
        return err_wrap(err, "--params");
    if (object->kind != JSON_OBJECT)
        return err_set(err, RC_INVALID, "--params: an object with a member for each parameter is wanted");
    s->parameters = ARENA_ARRAY(arena, struct kql_parameter, object->n + 1);
    for (uint32_t i = 0; i < object->n; i++) {
        const struct json *value = &object->members[i].value;
        AUTO_STRBUF        out = STRBUF_INIT(LINE_MAX_BYTES);
        if (value->kind == JSON_STRING)
            strbuf_add(&out, value->s);
        else
            json_print(&out, value, 0);
        s->parameters[s->n_parameters++] =
            (struct kql_parameter) { object->members[i].key, arena_str(arena, strbuf_view(&out)) };
    }
    return RC_OK;
}

enum rc cli_kql_run(const struct cli_args *args, struct err *err)
{
    AUTO(cli_catalog) catalog = cli_catalog_new();
    AUTO(cli_engine) engine = NULL;
    AUTO(arena) arena = arena_new(LINE_MAX_BYTES * (size_t)8);
    struct session s = { .catalog = catalog,
                         .timed = cli_opts_flag(args, "time"),
                         .timeout = cli_opts_seconds(args, "timeout"),
                         .by_row = cli_opts_flag(args, "rows") };

    TRY(find_act(args, &s.act, err));
    if (s.act == FUNCTIONS)
        return print_tables();
    TRY(read_params(&s, cli_opts_text(args, "params"), arena, err));
    if (cli_opts_text(args, "schema"))
        TRY(cli_catalog_schema(catalog, cli_opts_text(args, "schema"), err));
    if (cli_opts_text(args, "data"))
        TRY(cli_catalog_data(catalog, cli_opts_text(args, "data"), err));
    cli_catalog_external(catalog, cli_opts_text(args, "external"));
    if (s.act == RUN && !s.by_row)
        TRY(cli_engine_start(&engine, err));
    s.engine = engine;
    if (engine)
        cli_catalog_ask(catalog, cli_engine_tables(engine));
    if (cli_opts_flag(args, "batch"))
        return batch(&s, err);
    str query = STR_NONE;
    TRY(cli_opts_query(args, 1, LINE_MAX_BYTES, &query, err));
    return one(&s, query, err);
}
