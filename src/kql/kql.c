/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql.h"

#include "kql/kql_bind.h"
#include "kql/kql_emit.h"
#include "kql/kql_opt.h"
#include "kql/kql_parse.h"

const struct kql_setting KQL_SETTINGS[] = {
    { "prefer_column_name_to_alias", "1" },
    { "join_use_nulls", "0" },
    { "enable_materialized_cte", "1" },
    { "date_time_output_format", "iso" },
    { "output_format_json_quote_64bit_integers", "0" },
    { "output_format_json_quote_denormals", "1" },
    { "output_format_json_quote_decimals", "0" },
    { "output_format_json_escape_forward_slashes", "0" },
    { "allow_simdjson", "1" },
    { "max_query_size", "16777216" },
    { "max_ast_elements", "500000" },
    { "max_expanded_ast_elements", "5000000" },
    { "webassembly_udf_max_fuel", "20000000" }, /* module scalar: some 10 s in one call */
    { "webassembly_udf_max_memory", "1073741824" },
    { "webassembly_udf_max_input_block_size", "8192" },
    { "optimize_or_like_chain",
      "0" }, /* it loses aggregates: min(x) LIKE 'a' OR min(x) LIKE 'b' is a fault */
    { "query_plan_max_optimizations_to_apply", "1000000" }, /* union * of a thousand tables */
    { NULL, NULL },
};

/* What templates call the parameters of their lambdas: a column of such a name gets another in the SQL,
 * because the engine would take the one for the other. */
static const char *const LAMBDA_NAMES[] = { "a", "acc", "c",  "d",  "f",  "g",  "i", "k", "kv",
                                            "m", "p",   "r",  "s",  "t",  "u",  "v", "w", "x",
                                            "y", "#a",  "#c", "#o", "#t", "#x", NULL };

static enum rc refused(struct kql_diags *diags, struct err *err)
{
    const struct kql_diag *d = &diags->list.p[0];
    enum rc rc = d->code == KQL_DIAG_SYNTAX || d->code == KQL_DIAG_LITERAL ? RC_SYNTAX : RC_INVALID;
    return err_set(err, rc, "line %u, column %u: " STR_FMT, d->line, d->column, STR_ARG(d->message));
}

static void describe(struct arena *a, const struct kql_binder *b, const struct kql_named_answer *answer,
                     struct kql_program *out)
{
    const struct kql_rel *rel = answer->rel;
    struct kql_column    *columns = ARENA_ARRAY(a, struct kql_column, rel->fields.n + 1);
    bool                 *guessed = ARENA_ARRAY(a, bool, rel->fields.n + 1);
    AUTO_STRBUF           plan = STRBUF_INIT(1 << 18);

    for (size_t i = 0; i < rel->fields.n; i++) {
        const struct kql_col *col = rel->fields.p[i].col;
        columns[i] =
            (struct kql_column) { rel->fields.p[i].name, col->type == KQL_UNKNOWN ? KQL_DYNAMIC : col->type };
        guessed[i] = col->guess.n > 0 || col->type == KQL_UNKNOWN;
    }
    out->columns = columns;
    out->guessed = guessed;
    out->n_columns = rel->fields.n;
    out->tables = b->tables_read.p;
    out->n_tables = b->tables_read.n;
    out->render = answer->render;
    out->name = answer->name;
    kql_plan_print(&plan, rel, 0);
    out->plan = arena_str(a, strbuf_view(&plan));
}

enum rc kql_bind_text(struct kql_binder *b, str query, kql_answers *out, struct err *err)
{
    const struct kql_limits *limits = &b->opts->limits;
    struct kql_diags        *diags = b->diags;
    size_t                   bytes = limits->query_bytes > 0 ? limits->query_bytes : KQL_LIMIT_QUERY_BYTES;

    *diags = kql_diag_begin(b->arena, query);
    if (query.n > bytes) {
        kql_diag_add(diags, KQL_DIAG_LIMIT, (struct kql_span) { 0, 0 },
                     "a query has at most %zu bytes, and this one has %zu", bytes, query.n);
        return refused(diags, err);
    }
    b->max_depth = limits->nesting > 0 ? limits->nesting : KQL_LIMIT_NESTING;
    struct kql_node *block = kql_parse_query(b->arena, query, b->max_depth, diags);
    if (kql_diag_any(diags))
        return refused(diags, err);
    b->max_expansion = limits->expansion > 0 ? limits->expansion : KQL_LIMIT_EXPANSION;
    b->max_memory = arena_used(b->arena);
    b->max_memory += limits->memory > 0 ? limits->memory : KQL_LIMIT_MEMORY;
    b->names = map_new_in(b->arena, MAP_CASE);
    for (const char *const *name = LAMBDA_NAMES; *name; name++)
        (void)kql_bind_col(b, str_of(*name), KQL_UNKNOWN, false);
    b->tables = map_new_in(b->arena, MAP_CASE);
    kql_bind_query(b, block, out);
    if (kql_diag_any(diags))
        return refused(diags, err);
    for (size_t i = 0; i < out->n; i++) {
        kql_opt_bound(b->arena, out->p[i].rel);
        kql_opt_prune(out->p[i].rel);
    }
    return RC_OK;
}

enum rc kql_compile(const struct kql_catalog *catalog, str query, const struct kql_opts *opts,
                    struct arena *arena, struct kql_program *out, struct kql_diags *diags, struct err *err)
{
    struct kql_binder   b = { .arena = arena, .diags = diags, .catalog = catalog, .opts = opts };
    kql_answers         answers = { 0 };
    struct kql_program *next = NULL;

    TRY(kql_bind_text(&b, query, &answers, err));
    for (size_t i = answers.n; i-- > 0;) {
        struct kql_program *program = ARENA_NEW(arena, struct kql_program);
        TRY(kql_emit_query(arena, opts, answers.p[i].rel, &program->sql, err));
        describe(arena, &b, &answers.p[i], program);
        program->next = next;
        next = program;
    }
    *out = *next;
    return RC_OK;
}
