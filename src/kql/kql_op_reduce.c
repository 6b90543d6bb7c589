/* SPDX-License-Identifier: Apache-2.0 */
/* reduce: texts grouped by the words that they share. The different texts and how often each is there go to
 * one call of scalar_reduce, whose patterns come back as rows. */
#include "kql/kql_build.h"
#include "kql/kql_convert.h"
#include "kql/kql_graph.h"
#include "kql/kql_op.h"
#include "kql/kql_parse.h"
#include "kql/kql_share.h"

/* [kind=source] by expression [with threshold=0.1, characters="-_"] */
static bool parse_reduce(struct kql_parser *p, struct kql_node *op)
{
    static const char *const KINDS[] = { "kind", "hint.*", NULL }, *const OPTIONS[] = { "threshold",
                                                                                        "characters", NULL };

    kql_parse_options(p, op, KINDS);
    if (!kql_parse_expect(p, "by"))
        return false;
    struct kql_node *by = kql_parse_expr(p);
    kql_parse_add(p, op, by);
    if (by->kind == KQL_NODE_BAD)
        return false;
    if (!kql_parse_take(p, "with"))
        return true;
    size_t before = p->at;
    kql_parse_options(p, op, OPTIONS);
    return p->at > before || kql_parse_fail(p, "threshold or characters");
}

static const struct kql_agg PAIRS = { .name = "pairs",
                                      .sql = "groupArray(100001)(tuple($1,$2))",
                                      .nulls = KQL_FN_NULLS_NEVER };
static const struct kql_fn
    PATTERNS = { .name = "patterns", .hidden = true, .scalar = "reduce", .nulls = KQL_FN_NULLS_NEVER },
    TEXTS = { .name = "texts",
              .hidden = true,
              .sql = "if(throwIf(length($1) > 100000,'reduce takes at most 100000 different texts') = 0,"
                     "arrayStringConcat(arrayMap(t -> replaceAll(t.1,char(0),' '),$1),char(0)),'')",
              .nulls = KQL_FN_NULLS_NEVER },
    COUNTS = { .name = "counts",
               .hidden = true,
               .sql = "arrayStringConcat(arrayMap(t -> toString(t.2),$1),' ')",
               .nulls = KQL_FN_NULLS_NEVER },
    ROWS_OF = { .name = "rows",
                .hidden = true,
                .sql = "arrayMap((t,c) -> "
                       "(t.1,t.2,c),$1,arrayResize(JSONExtract($2,'Array(String)'),length($1)))",
                .nulls = KQL_FN_NULLS_NEVER },
    TEXT = { .name = "text", .hidden = true, .sql = "$1.1", .nulls = KQL_FN_NULLS_NEVER },
    COUNT = { .name = "count", .hidden = true, .sql = "$1.2", .nulls = KQL_FN_NULLS_NEVER },
    PATTERN = {
        .name = "pattern", .hidden = true, .sql = "if($1.3 = '','others',$1.3)", .nulls = KQL_FN_NULLS_NEVER
    };
static const struct kql_agg REPRESENTATIVE = { .name = "representative",
                                               .sql = "if(any($2) = 'others','',min($1))",
                                               .nulls = KQL_FN_NULLS_NEVER };

struct reducing {
    struct kql_binder     *b;
    const struct kql_node *op;
    struct kql_value       threshold, characters;
    struct kql_col        *text, *count, *pattern; /* of the rows of patterns */
};

static struct kql_expr *col_expr(const struct reducing *r, struct kql_col *col)
{
    return kql_plan_col(r->b->arena, col, r->op->span);
}

static bool read_options(struct reducing *r)
{
    const struct kql_node *threshold = kql_ast_option(r->op, "threshold"),
                          *characters = kql_ast_option(r->op, "characters");
    struct kql_expr *e;

    r->threshold = (struct kql_value) { .type = KQL_REAL, .r = 0.1 };
    r->characters = kql_value_string(S(""));
    if (threshold) {
        if (!(e = kql_bind_expr_in(r->b, threshold, NULL)) || !(e = kql_convert_cast(r->b, e, KQL_REAL)))
            return false;
        if (e->kind != KQL_EXPR_CONST || e->value.null || !(e->value.r >= 0 && e->value.r <= 1)) {
            kql_bind_error(r->b, KQL_DIAG_CONSTANT, threshold->span,
                           "the threshold of reduce is a number from 0 to 1");
            return false;
        }
        r->threshold = e->value;
    }
    return !characters || kql_bind_expr_const(r->b, characters, KQL_STRING, &r->characters);
}

static struct kql_col *aggregate(struct reducing *r, struct kql_rel *sum, const struct kql_agg *agg,
                                 enum kql_type type, struct kql_col *const *of, size_t n)
{
    struct kql_binder *b = r->b;
    struct kql_expr   *e = kql_plan_expr(b->arena, KQL_EXPR_AGG, type, r->op->span);
    struct kql_col    *col = kql_bind_col(b, str_of(agg->name), type, false);

    e->agg = agg;
    e->n_args = n;
    e->args = ARENA_ARRAY(b->arena, struct kql_expr *, n + 1);
    for (size_t i = 0; i < n; i++)
        e->args[i] = col_expr(r, of[i]);
    *vec_push_in(b->arena, &sum->defs) = (struct kql_def) { col, e };
    return col;
}

static struct kql_rel *grouped(struct reducing *r, struct kql_rel *in, struct kql_col *by)
{
    struct kql_rel *sum = kql_bind_rel(r->b, KQL_REL_SUMMARIZE, in);

    sum->fields = (kql_fields) { 0 };
    sum->order = (kql_orders) { 0 };
    sum->serialized = false;
    if (by)
        *vec_push_in(r->b->arena, &sum->keys) = (struct kql_def) { by, col_expr(r, by) };
    return sum;
}

static struct kql_col *element(struct reducing *r, struct kql_rel *rel, const struct kql_fn *fn,
                               enum kql_type type, struct kql_col *of)
{
    struct kql_expr *x = col_expr(r, of), *e = kql_build_raw(r->b, fn, type, r->op->span, &x, 1);
    e->nullable = false;
    return kql_bind_def(r->b, rel, str_of(fn->name), e);
}

/* A row for each different text: the text, how often it is there, its pattern. */
static struct kql_rel *patterns(struct reducing *r, struct kql_rel *in, struct kql_col *value)
{
    struct kql_binder *b = r->b;
    struct kql_rel    *counted = grouped(r, in, value), *all = grouped(r, counted, NULL);
    struct kql_col    *pair[] = { value, aggregate(r, counted, kql_agg_find(S("count")), KQL_LONG, NULL, 0) };
    struct kql_rel    *call = kql_bind_rel(b, KQL_REL_PROJECT, all), *rows;
    struct kql_expr   *pairs = col_expr(r, aggregate(r, all, &PAIRS, KQL_UNKNOWN, pair, 2));
    struct kql_expr   *args[] = { kql_plan_const(b->arena, r->threshold, r->op->span),
                                  kql_plan_const(b->arena, r->characters, r->op->span),
                                  kql_build_raw(b, &TEXTS, KQL_STRING, r->op->span, &pairs, 1),
                                  kql_build_raw(b, &COUNTS, KQL_STRING, r->op->span, &pairs, 1) };
    struct kql_expr   *json = kql_build_raw(b, &PATTERNS, KQL_DYNAMIC, r->op->span, args, 4);
    struct kql_expr   *both[] = { pairs, col_expr(r, kql_bind_def(b, call, S("patterns"), json)) };
    struct kql_col    *row = kql_bind_col(b, S("row"), KQL_DYNAMIC, false);

    rows =
        kql_graph_expand(b, call, kql_build_raw(b, &ROWS_OF, KQL_UNKNOWN, r->op->span, both, 2), &row, NULL);
    rows = kql_bind_rel(b, KQL_REL_PROJECT, rows);
    r->text = element(r, rows, &TEXT, KQL_STRING, row);
    r->count = element(r, rows, &COUNT, KQL_LONG, row);
    r->pattern = element(r, rows, &PATTERN, KQL_STRING, row);
    return rows;
}

/* kind=source: the rows as they are, each with its pattern. */
static struct kql_rel *with_pattern(struct reducing *r, struct kql_rel *in, struct kql_col *value)
{
    struct kql_binder *b = r->b;
    struct kql_rel    *rows = kql_share_read(b, in), *texts = kql_share_read(b, in);
    struct kql_rel    *found = patterns(r, texts, kql_share_col(b, texts, value));
    struct kql_rel    *out = kql_bind_rel(
           b, KQL_REL_PROJECT, kql_graph_join(b, rows, kql_share_col(b, rows, value), found, r->text));

    kql_bind_field(b, out, kql_bind_unused_name(b, out, S("Pattern")), r->pattern);
    return out;
}

static struct kql_rel *bind_reduce(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    struct reducing        r = { .b = b, .op = op };
    const struct kql_node *kind = kql_ast_option(op, "kind");
    struct kql_expr       *by = kql_bind_expr_in(b, op->kids.p[0], in);

    if (!by || !(by = kql_convert_cast(b, by, KQL_STRING)) || !read_options(&r))
        return NULL;
    if (kind && !str_eq(kind->text, S("source"))) {
        kql_bind_error(b, KQL_DIAG_SYNTAX, kind->span, "reduce is of kind source, or of none");
        return NULL;
    }
    struct kql_rel *texts = kql_bind_rel(b, KQL_REL_PROJECT, in);
    texts->order = (kql_orders) { 0 };
    texts->serialized = false;
    struct kql_col *value = kql_bind_def(b, texts, S("text"), by);
    if (kind)
        return with_pattern(&r, texts, value);
    struct kql_rel *found = patterns(&r, texts, value), *sum = grouped(&r, found, r.pattern);
    struct kql_col *of[] = { r.text, r.pattern };
    kql_bind_field(b, sum, S("Pattern"), r.pattern);
    kql_bind_field(b, sum, S("Count"), aggregate(&r, sum, kql_agg_find(S("sum")), KQL_LONG, &r.count, 1));
    kql_bind_field(b, sum, S("Representative"), aggregate(&r, sum, &REPRESENTATIVE, KQL_STRING, of, 2));
    return sum;
}

const struct kql_op KQL_OPS_REDUCE[] = {
    { .name = "reduce",
      .parse = parse_reduce,
      .bind = bind_reduce,
      .doc = "Groups texts by the words that many of them share, with * for the others.",
      .example = "range x from 1 to 10 step 1 | project s = strcat('user ', x, ' left') | reduce by s" },
    { 0 },
};
