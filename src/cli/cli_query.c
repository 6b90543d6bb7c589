/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli_query.h"

#include <unistd.h>

#include "cli/cli_table.h"

enum { BODY_MAX = 1 << 20, QUERY_MAX = 1 << 18, CSV_MAX = 1 << 30 };

const struct cli_option CLI_QUERY_OPTIONS[] = {
    { .name = "format",
      .type = CLI_CHOICE,
      .value = "FORMAT",
      .initial = "table",
      .choices = "table|json|csv",
      .doc = "How rows are printed." },
    { .name = "timespan",
      .type = CLI_TEXT,
      .value = "SPAN",
      .doc = "Only rows whose TimeGenerated is in it: P1D, PT6H, or FROM/TO in ISO 8601." },
    { 0 },
};

/* Puts where a query is wrong before what is wrong; the first finding counts. */
static enum rc tell_place(const struct json *answer, enum rc rc, struct err *err)
{
    const struct json *e = json_path(answer, S("error.innererror"));
    int64_t            line = 0, column = 0;
    for (; e; e = json_get(e, S("innererror"))) {
        line = json_i64(e, S("line"), line);
        column = json_i64(e, S("pos"), column);
    }
    return line ? err_wrap(err, "line %lld, column %lld", (long long)line, (long long)column) : rc;
}

enum rc cli_query_ask(struct cli_session *s, str kql, str timespan, const struct json **tables,
                      struct err *err)
{
    AUTO_STRBUF       body = STRBUF_INIT(BODY_MAX);
    struct json_w     w = json_w_make(&body);
    struct cli_answer answer = { 0 };

    json_w_object(&w);
    json_w_kstr(&w, S("query"), kql);
    if (timespan.n)
        json_w_kstr(&w, S("timespan"), timespan);
    json_w_end(&w);
    TRY(strbuf_ok(&body, "the query", err));
    enum rc rc = cli_session_call(s,
                                  &(struct cli_call) { .target = S("/v1/workspaces/main/query"),
                                                       .body = strbuf_view(&body),
                                                       .wait = MINUTES(11) },
                                  s->arena, &answer, err);
    if (rc != RC_OK)
        return tell_place(answer.json, rc, err);
    *tables = json_get(answer.json, S("tables"));
    if (!json_at(*tables, 0))
        return err_set(err, RC_INTERNAL, "the answer has no table");
    /* Rows that came before the engine gave up are shown, and that they are not all is said. */
    str partial = json_str(json_get(answer.json, S("error")), S("message"), STR_NONE);
    if (partial.n)
        fprintf(stderr, "vedette query: the answer is not whole: " STR_FMT "\n", STR_ARG(partial));
    return RC_OK;
}

static bool is_number(str type)
{
    return str_eq(type, S("long")) || str_eq(type, S("int")) || str_eq(type, S("real")) ||
           str_eq(type, S("decimal"));
}

static struct cli_table as_table(struct arena *a, const struct json *table)
{
    const struct json       *columns = json_get(table, S("columns")), *rows = json_get(table, S("rows"));
    size_t                   n = columns ? columns->n : 0, n_rows = rows ? rows->n : 0;
    struct cli_table_column *heads = ARENA_ARRAY(a, struct cli_table_column, n + 1);
    str                     *cells = ARENA_ARRAY(a, str, n * n_rows + 1);

    for (size_t c = 0; c < n; c++)
        heads[c] = (struct cli_table_column) { json_str(&columns->items[c], S("name"), STR_NONE),
                                               is_number(json_str(&columns->items[c], S("type"), STR_NONE)) };
    for (size_t r = 0; r < n_rows; r++) {
        for (size_t c = 0; c < n; c++)
            cells[r * n + c] = cli_table_cell(a, json_at(&rows->items[r], c));
    }
    return (struct cli_table) { heads, n, cells, n_rows };
}

static void print_csv(const struct cli_table *t)
{
    AUTO_STRBUF out = STRBUF_INIT(CSV_MAX);
    for (size_t c = 0; c < t->n_columns; c++) {
        strbuf_addz(&out, c ? "," : "");
        cli_table_csv(&out, t->columns[c].name);
    }
    strbuf_addz(&out, "\r\n");
    for (size_t i = 0; i < t->n_rows * t->n_columns; i++) {
        strbuf_addz(&out, i % t->n_columns ? "," : "");
        cli_table_csv(&out, t->cells[i]);
        if (i % t->n_columns == t->n_columns - 1) {
            strbuf_addz(&out, "\r\n");
            fwrite(out.p, 1, out.n, stdout);
            strbuf_clear(&out);
        }
    }
    fwrite(out.p, 1, out.n, stdout);
}

/* One object a row, a line each: what jq reads. */
static void print_json(const struct json *table)
{
    const struct json *columns = json_get(table, S("columns")), *rows = json_get(table, S("rows"));
    for (size_t r = 0; rows && r < rows->n; r++) {
        AUTO_STRBUF   out = STRBUF_INIT(CSV_MAX);
        struct json_w w = json_w_make(&out);
        json_w_object(&w);
        for (size_t c = 0; columns && c < columns->n; c++) {
            const struct json *cell = json_at(&rows->items[r], c);
            json_w_key(&w, json_str(&columns->items[c], S("name"), STR_NONE));
            json_w_tree(&w, cell ? cell : &(struct json) { .kind = JSON_NULL });
        }
        json_w_end(&w);
        strbuf_addc(&out, '\n');
        fwrite(out.p, 1, out.n, stdout);
    }
}

static void print_table(const struct cli_args *args, str format, const struct json *table)
{
    struct cli_table t = as_table(args->arena, table);

    if (str_eq(format, S("json"))) {
        print_json(table);
    } else if (str_eq(format, S("csv"))) {
        print_csv(&t);
    } else {
        cli_table_print(stdout, &t, cli_table_terminal());
        if (cli_table_terminal())
            printf("%s%zu row%s%s\n", cli_table_style("\033[2m"), t.n_rows, t.n_rows == 1 ? "" : "s",
                   cli_table_style("\033[0m"));
    }
}

/* Several tables follow each other, an empty line between them. */
enum rc cli_query_run(const struct cli_args *args, struct err *err)
{
    AUTO_SESSION       s = { 0 };
    const struct json *tables = NULL;
    str                text, format = str_of(cli_opts_text(args, "format"));
    const char        *timespan = cli_opts_text(args, "timespan");

    TRY(cli_opts_query(args, 0, QUERY_MAX, &text, err));
    TRY(cli_session_open(args, &s, err));
    TRY(cli_query_ask(&s, text, str_of(timespan), &tables, err));
    for (uint32_t i = 0; i < tables->n; i++) {
        if (i > 0)
            printf("\n");
        print_table(args, format, &tables->items[i]);
    }
    return RC_OK;
}
