/* SPDX-License-Identifier: Apache-2.0 */
/* partition: a pipeline over the rows of each key. Where all of its operators keep to their parts
 * (kql_rel.part) it is one pass over the rows. Else, and where the pipeline has a table of its own in braces,
 * the catalog is asked for the values of the key, and the answer is the union of the pipeline for each of
 * them. */
#include "kql/kql_cut.h"
#include "kql/kql_op.h"
#include "kql/kql_parse.h"

static bool parse_partition(struct kql_parser *p, struct kql_node *op)
{
    static const char *const OPTIONS[] = { "hint.*", NULL };

    kql_parse_options(p, op, OPTIONS);
    if (!kql_parse_expect(p, "by"))
        return false;
    struct kql_node *key = kql_parse_expr_column(p);
    kql_parse_add(p, op, key);
    if (key->kind == KQL_NODE_BAD)
        return false;
    bool braces = kql_parse_take(p, "{");
    if (!braces && !kql_parse_expect(p, "("))
        return false;
    struct kql_node *pipe = braces ? kql_parse_pipe(p) : kql_parse_subpipe(p);
    kql_parse_add(p, op, pipe);
    return pipe->kind != KQL_NODE_BAD && kql_parse_expect(p, braces ? "}" : ")");
}

/* Operators whose rows can no longer be told apart by their part. */
static bool mixes_parts(const struct kql_node *pipe)
{
    static const char *const MIXING[] = { "as",     "evaluate",    "invoke",     "make-graph",
                                          "reduce", "sample",      "find",       "sample-distinct",
                                          "search", "top-hitters", "top-nested", "union" };

    for (size_t i = 1; i < pipe->kids.n; i++)
        for (size_t k = 0; k < sizeof MIXING / sizeof MIXING[0]; k++)
            if (strcmp(pipe->kids.p[i]->op->name, MIXING[k]) == 0)
                return true;
    return false;
}

static struct kql_rel *in_one_pass(struct kql_binder *b, const struct kql_node *pipe, struct kql_rel *in,
                                   struct kql_expr *key)
{
    struct kql_rel *parted = kql_bind_rel(b, KQL_REL_PROJECT, in);

    parted->part = (kql_cols) { 0 };
    *vec_push_in(b->arena, &parted->part) = kql_bind_def(b, parted, S("part"), key);
    parted->order = (kql_orders) { 0 };
    parted->serialized = false;
    struct kql_rel *sub = kql_bind_operators(b, pipe, parted);
    if (!sub)
        return NULL;
    struct kql_rel *out = kql_bind_rel(b, KQL_REL_PROJECT, sub);
    out->part = in->part;
    out->order = (kql_orders) { 0 };
    out->serialized = false;
    return out;
}

struct partitioning {
    const struct kql_node *key, *pipe;
};

/* The pipeline over the rows of one key, or over its own table. */
static struct kql_rel *one_part(void *arg, struct kql_binder *b, struct kql_rel *rows, struct kql_expr *value)
{
    const struct partitioning *p = arg;

    if (rows)
        return kql_bind_operators(b, p->pipe, rows);
    const struct kql_scope *scope = b->scope;
    kql_bind_scope_add(b, (struct kql_scope) { .name = p->key->text, .expr = value, .key = true });
    struct kql_rel *rel = kql_bind_table(b, p->pipe);
    b->scope = scope;
    return rel;
}

static struct kql_rel *bind_partition(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    struct partitioning p = { .key = op->kids.p[0], .pipe = op->kids.p[1] };
    struct kql_expr    *key = kql_bind_expr_in(b, p.key, in);
    bool                own_table = p.pipe->kind != KQL_NODE_PIPE || p.pipe->kids.p[0];

    if (!key)
        return NULL;
    if (!own_table && !mixes_parts(p.pipe))
        return in_one_pass(b, p.pipe, in, key);
    return kql_cut_each(b, op, in, (struct kql_cut) { key, !own_table, one_part, &p });
}

const struct kql_op KQL_OPS_PARTITION[] = {
    { .name = "partition",
      .parse = parse_partition,
      .bind = bind_partition,
      .doc = "A pipeline over the rows of each key, or for each key in braces.",
      .example = "datatable(k:string, v:long)['a', 1, 'a', 2, 'b', 3] | partition by k (top 1 by v)" },
    { 0 },
};
