/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/detect_run.h"

#include "kql/kql_result.h"

enum { MAX_ROW_BYTES = 4 << 20 };

static enum rc compile(const struct detect_logs *logs, str query, const struct kql_opts *opts,
                       struct arena *a, struct kql_program *out, struct err *err)
{
    struct kql_diags diags = kql_diag_begin(a, query);
    enum rc          rc = kql_compile(logs->catalog, query, opts, a, out, &diags, err);

    if (rc != RC_OK && diags.list.n) {
        const struct kql_diag *d = &diags.list.p[0];
        return err_set(err, rc, "query: line %u, column %u: " STR_FMT " (" STR_FMT ")", d->line, d->column,
                       STR_ARG(d->message), STR_ARG(kql_diag_code_name(d->code)));
    }
    return rc;
}

enum rc detect_run_tables(const struct detect_logs *logs, const struct content_rule *rule, struct arena *a,
                          const str **tables, size_t *n, struct err *err)
{
    struct kql_program program;
    struct kql_opts    opts = { .now = ts_from_unix(1700000000, 0) };

    TRY(compile(logs, rule->query, &opts, a, &program, err));
    *tables = program.tables;
    *n = program.n_tables;
    return RC_OK;
}

struct taking {
    struct detect_result     *result;
    const struct kql_program *program;
    struct strbuf             text;
    bool                      full;
};

static enum rc take_row(void *arg, str line, struct err *err)
{
    struct taking *t = arg;

    if (t->result->rows.n >= DETECT_RUN_MAX_ROWS) {
        t->full = true;
        return err_set(err, RC_LIMIT, "over %d result rows", DETECT_RUN_MAX_ROWS);
    }
    strbuf_clear(&t->text);
    TRY(kql_result_row(t->program->columns, t->program->n_columns, line, KQL_RESULT_DYNAMIC_VALUE, &t->text,
                       err));
    TRY(strbuf_ok(&t->text, "a result row", err));
    return detect_row_add(&t->result->rows, strbuf_view(&t->text), err);
}

enum rc detect_run_window(const struct detect_logs *logs, const struct detect_run *run, struct arena *a,
                          struct detect_result *out, struct err *err)
{
    struct kql_program *program = ARENA_NEW(a, struct kql_program);
    struct kql_opts     opts = {
            .now = run->window.to,
            .has_time = true,
            .time_from = run->window.from,
            .time_to = run->window.to,
            .has_ingested = true,
            .ingested_from = run->ingested.from,
            .ingested_to = run->ingested.to,
    };
    struct taking t = { .result = out, .program = program, .text = STRBUF_INIT(MAX_ROW_BYTES) };

    *out = (struct detect_result) { 0 };
    TRY(compile(logs, run->rule->query, &opts, a, program, err));
    for (size_t i = 0; i < program->n_tables; i++)
        TRY(logs->ensure(logs->ctx, program->tables[i], err));
    out->table = program->n_tables ? program->tables[0] : STR_NONE;
    out->rows = (struct detect_rows) {
        .rule = run->rule,
        .columns = program->columns,
        .n_columns = program->n_columns,
        .window = run->window,
        .arena = a,
    };
    enum rc rc = logs->query(logs->ctx, program->sql, take_row, &t, err);
    strbuf_done(&t.text);
    out->truncated = t.full;
    return t.full ? RC_OK : rc;
}
