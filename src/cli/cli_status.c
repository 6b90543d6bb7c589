/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli_status.h"

#include "cli/cli_session.h"
#include "cli/cli_table.h"

const struct cli_option CLI_STATUS_OPTIONS[] = {
    { .name = "json", .type = CLI_FLAG, .doc = "Print what the API answers." },
    { 0 },
};

static enum rc ask(struct cli_session *s, str target, const struct json **out, struct err *err)
{
    struct cli_answer answer = { 0 };
    TRY(cli_session_call(s, &(struct cli_call) { .target = target }, s->arena, &answer, err));
    *out = answer.json;
    return RC_OK;
}

static void print_body(const struct json *j)
{
    AUTO_STRBUF out = STRBUF_INIT(64u << 20);
    json_print(&out, j, 2);
    printf(STR_FMT "\n", STR_ARG(strbuf_view(&out)));
}

static str number(struct arena *a, int64_t n)
{
    return arena_printf(a, "%lld", (long long)n);
}

static void print_processes(struct arena *a, const struct json *list)
{
    static const struct cli_table_column HEADS[] = { { STR_INIT("Process"), false },
                                                     { STR_INIT("Pid"), true },
                                                     { STR_INIT("State"), false },
                                                     { STR_INIT("Restarts"), true },
                                                     { STR_INIT("MiB"), true } };
    enum { N = sizeof HEADS / sizeof HEADS[0] };
    size_t n = list ? list->n : 0;
    str   *cells = ARENA_ARRAY(a, str, n * N + 1);

    for (size_t i = 0; i < n; i++) {
        const struct json *p = &list->items[i];
        cells[i * N] = json_str(p, S("name"), STR_NONE);
        cells[i * N + 1] = number(a, json_i64(p, S("pid"), 0));
        cells[i * N + 2] = json_str(p, S("state"), STR_NONE);
        cells[i * N + 3] = number(a, json_i64(p, S("restarts"), 0));
        cells[i * N + 4] = number(a, json_i64(p, S("rssBytes"), 0) >> 20);
    }
    cli_table_print(stdout, &(struct cli_table) { HEADS, N, cells, n }, cli_table_terminal());
}

static void print_warnings(const struct json *list)
{
    for (uint32_t i = 0; list && i < list->n; i++)
        printf("%s%s" STR_FMT "%s\n  " STR_FMT "\n", i ? "" : "\n", cli_table_style("\033[33m"),
               STR_ARG(json_str(&list->items[i], S("text"), STR_NONE)), cli_table_style("\033[0m"),
               STR_ARG(json_str(&list->items[i], S("remedy"), STR_NONE)));
}

enum rc cli_status_run(const struct cli_args *args, struct err *err)
{
    AUTO_SESSION       s = { 0 };
    const struct json *answer = NULL;

    TRY(cli_session_open(args, &s, err));
    TRY(cli_session_workspace(&s, err));
    TRY(ask(&s, S("{ws}/providers/Vedette.Operations/status?api-version=2026-11-01"), &answer, err));
    if (cli_opts_flag(args, "json")) {
        print_body(answer);
        return RC_OK;
    }
    const struct json *p = json_get(answer, S("properties"));
    int64_t            up = json_i64(p, S("uptimeSeconds"), 0);
    printf("Vedette " STR_FMT " at " STR_FMT ", up %lld h %02lld min\n\n",
           STR_ARG(json_str(p, S("version"), STR_NONE)), STR_ARG(s.url), (long long)(up / 3600),
           (long long)(up / 60 % 60));
    print_processes(s.arena, json_get(p, S("processes")));
    printf("\nAll rows ingested before " STR_FMT " can be seen.\n",
           STR_ARG(json_str(p, S("watermark"), S("?"))));
    print_warnings(json_get(p, S("warnings")));
    return RC_OK;
}

enum rc cli_status_rules(const struct cli_args *args, struct err *err)
{
    static const struct cli_table_column HEADS[] = { { STR_INIT("Severity"), false },
                                                     { STR_INIT("Rule"), false },
                                                     { STR_INIT("Last run"), false },
                                                     { STR_INIT("Alerts 24 h"), true },
                                                     { STR_INIT("Result"), false } };
    enum { N = sizeof HEADS / sizeof HEADS[0] };
    AUTO_SESSION       s = { 0 };
    const struct json *answer = NULL;

    TRY(cli_session_open(args, &s, err));
    TRY(cli_session_workspace(&s, err));
    TRY(ask(&s, S("{ws}/providers/Vedette.Operations/rules?api-version=2026-11-01"), &answer, err));
    if (cli_opts_flag(args, "json")) {
        print_body(answer);
        return RC_OK;
    }
    const struct json *list = json_get(answer, S("value"));
    size_t             n = list ? list->n : 0;
    str               *cells = ARENA_ARRAY(s.arena, str, n * N + 1);
    for (size_t i = 0; i < n; i++) {
        const struct json *r = &list->items[i];
        cells[i * N] = json_str(r, S("severity"), STR_NONE);
        cells[i * N + 1] = json_str(r, S("name"), STR_NONE);
        cells[i * N + 2] = str_slice(json_str(r, S("lastRun"), STR_NONE), 0, 19);
        cells[i * N + 3] = number(s.arena, json_i64(r, S("alerts24h"), 0));
        cells[i * N + 4] =
            json_bool(r, S("enabled"), true) ? json_str(r, S("lastResult"), STR_NONE) : S("switched off");
    }
    cli_table_print(stdout, &(struct cli_table) { HEADS, N, cells, n }, cli_table_terminal());
    return RC_OK;
}
