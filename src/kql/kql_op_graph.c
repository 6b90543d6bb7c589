/* SPDX-License-Identifier: Apache-2.0 */
/* Graphs from tables and tables from graphs: make-graph, graph-to-table, graph-mark-components,
 * graph-where-nodes, graph-where-edges. Patterns are in kql_op_match.c. */
#include "kql/kql_build.h"
#include "kql/kql_convert.h"
#include "kql/kql_cut.h"
#include "kql/kql_graph.h"
#include "kql/kql_op.h"
#include "kql/kql_parse.h"
#include "kql/kql_share.h"

static struct kql_expr *col_expr(struct kql_binder *b, struct kql_col *col)
{
    return kql_plan_col(b->arena, col, (struct kql_span) { 0, 0 });
}

/* --- make-graph source --> target [with nodes on key, …] --- */

static bool parse_nodes(struct kql_parser *p, struct kql_node *op)
{
    do {
        struct kql_node *with = kql_parse_new(p, KQL_NODE_CLAUSE), *table = kql_parse_expr(p);
        with->text = S("with");
        kql_parse_add(p, with, table);
        if (table->kind == KQL_NODE_BAD || !kql_parse_expect(p, "on"))
            return false;
        struct kql_node *key = kql_parse_expr_column(p);
        kql_parse_add(p, with, key);
        kql_parse_add(p, op, with);
        if (key->kind == KQL_NODE_BAD)
            return false;
    } while (kql_parse_take(p, ","));
    return true;
}

/* partitioned-by column (operators on each graph) */
static bool parse_partitions(struct kql_parser *p, struct kql_node *op)
{
    struct kql_node *by = kql_parse_new(p, KQL_NODE_CLAUSE);

    by->text = S("partitioned-by");
    if (!kql_parse_expect(p, "-") || !kql_parse_expect(p, "by"))
        return false;
    struct kql_node *column = kql_parse_expr_column(p);
    kql_parse_add(p, by, column);
    if (column->kind == KQL_NODE_BAD || !kql_parse_expect(p, "("))
        return false;
    struct kql_node *pipe = kql_parse_subpipe(p);
    kql_parse_add(p, by, pipe);
    kql_parse_add(p, op, by);
    return pipe->kind != KQL_NODE_BAD && kql_parse_expect(p, ")");
}

static bool parse_make(struct kql_parser *p, struct kql_node *op)
{
    static const char *const OPTIONS[] = { "with_node_id", "hint.*", NULL };

    kql_parse_options(p, op, OPTIONS);
    struct kql_node *source = kql_parse_expr_column(p);
    kql_parse_add(p, op, source);
    if (source->kind == KQL_NODE_BAD || !kql_parse_expect(p, "-") || !kql_parse_expect(p, "-") ||
        !kql_parse_expect(p, ">"))
        return false;
    struct kql_node *target = kql_parse_expr_column(p);
    kql_parse_add(p, op, target);
    if (target->kind == KQL_NODE_BAD)
        return false;
    kql_parse_options(p, op, OPTIONS);
    if (kql_parse_take(p, "with") && !parse_nodes(p, op))
        return false;
    kql_parse_options(p, op, OPTIONS);
    return !kql_parse_take(p, "partitioned") || parse_partitions(p, op);
}

struct making {
    struct kql_binder     *b;
    const struct kql_node *op, *partition; /* the latter NULL: one graph of all */
    struct kql_expr       *value;          /* of this partition */
    struct kql_rel        *edges;          /* shared: read for the edges and for the nodes that they name */
    struct kql_col        *source, *target;
    enum kql_type          type;  /* of keys */
    VEC(struct kql_rel *) inputs; /* of the nodes: key, whether it is a row of theirs, their columns */
    VEC(kql_fields) columns;
    VEC(struct kql_col *) keys;
};

static struct kql_expr *key_of(struct making *m, const struct kql_node *node, struct kql_rel *rel)
{
    struct kql_expr *e = kql_bind_expr_in(m->b, node, rel);

    if (!e)
        return NULL;
    if (m->type == KQL_UNKNOWN)
        m->type = e->type == KQL_INT ? KQL_LONG : e->type;
    if (e->type == m->type || (e->type == KQL_INT && m->type == KQL_LONG))
        return e;
    kql_bind_error(m->b, KQL_DIAG_TYPE, node->span, "a key is " STR_FMT " here and " STR_FMT " elsewhere",
                   STR_ARG(kql_type_one(e->type)), STR_ARG(kql_type_one(m->type)));
    return NULL;
}

static bool read_edges(struct making *m, struct kql_rel *in)
{
    struct kql_binder *b = m->b;
    struct kql_rel    *project = kql_bind_rel(b, KQL_REL_PROJECT, in);
    struct kql_expr   *source = key_of(m, m->op->kids.p[0], in), *target = NULL;

    if (!source || !(target = key_of(m, m->op->kids.p[1], in)))
        return false;
    m->source = kql_bind_def(b, project, S("source"), source);
    m->target = kql_bind_def(b, project, S("target"), target);
    project->order = (kql_orders) { 0 };
    project->serialized = false;
    m->edges = project;
    return true;
}

static void add_input(struct making *m, struct kql_rel *rel, struct kql_col *key, const kql_fields *columns)
{
    *vec_push_in(m->b->arena, &m->inputs) = rel;
    *vec_push_in(m->b->arena, &m->keys) = key;
    *vec_push_in(m->b->arena, &m->columns) = *columns;
}

static const struct kql_fn PAIR = {
    .name = "pair", .hidden = true, .sql = "[$1,$2]", .nulls = KQL_FN_NULLS_NEVER
};

/* Both ends of each edge, as nodes that have nothing but a key. */
static void read_ends(struct making *m)
{
    struct kql_binder *b = m->b;
    struct kql_rel    *edges = kql_share_read(b, m->edges);
    struct kql_expr   *ends[] = { col_expr(b, kql_share_col(b, edges, m->source)),
                                  col_expr(b, kql_share_col(b, edges, m->target)) };
    struct kql_expr   *both = kql_build_raw(b, &PAIR, KQL_UNKNOWN, m->op->span, ends, 2);
    struct kql_col    *key = kql_bind_col(b, S("end"), m->type, m->source->nullable || m->target->nullable);

    add_input(m, kql_graph_expand(b, edges, both, &key, NULL), key, &(kql_fields) { 0 });
}

/* The nodes of this partition, which have its column, too. */
static struct kql_rel *of_partition(struct making *m, struct kql_rel *table)
{
    const struct kql_node *column = m->partition->kids.p[0];
    struct kql_field      *f = kql_bind_find(m->b, table, column->text);

    if (!f)
        kql_bind_unknown_column(m->b, table, column->text, column->span);
    return f ? kql_cut_rows(m->b, table, f->col, m->value) : NULL;
}

static bool read_table(struct making *m, const struct kql_node *with)
{
    struct kql_binder *b = m->b;
    struct kql_rel    *table = kql_bind_table(b, with->kids.p[0]);
    if (table && m->partition)
        table = of_partition(m, table);
    struct kql_expr *key = table ? key_of(m, with->kids.p[1], table) : NULL;

    if (!key)
        return false;
    struct kql_rel *project = kql_bind_rel(b, KQL_REL_PROJECT, table);
    struct kql_col *col = kql_bind_def(b, project, S("key"), key);
    kql_fields      columns = { 0 };
    for (size_t i = 0; i < table->fields.n; i++) {
        struct kql_field f = table->fields.p[i];
        if (f.col == col) /* the key: every node has one, and no other table says otherwise */
            f.col = NULL;
        *vec_push_in(b->arena, &columns) = f;
    }
    project->order = (kql_orders) { 0 };
    add_input(m, project, col, &columns);
    return true;
}

static const struct kql_agg ANY_IF = { .name = "any_if",
                                       .sql = "anyIf($1,$2 = 1)",
                                       .nulls = KQL_FN_NULLS_MAY };

/* The rows of all inputs under each other: key, whether it is a node's row, and all columns. */
static struct kql_rel *stack(struct making *m, struct kql_col **key, struct kql_col **is_row)
{
    struct kql_binder *b = m->b;
    struct kql_rel    *all = kql_bind_rel(b, KQL_REL_UNION, NULL);
    bool               nullable = false;

    for (size_t i = 0; i < m->keys.n; i++)
        nullable = nullable || m->keys.p[i]->nullable;
    *key = kql_bind_col(b, S("key"), m->type, nullable || m->type != KQL_STRING);
    *is_row = kql_bind_col(b, S("row"), KQL_LONG, true);
    kql_bind_field(b, all, S("$key"), *key);
    kql_bind_field(b, all, S("$row"), *is_row);
    for (size_t i = 0; i < m->inputs.n; i++) {
        struct kql_rel  *project = kql_bind_rel(b, KQL_REL_PROJECT, m->inputs.p[i]);
        kql_sources     *sources = vec_push_in(b->arena, &all->maps);
        struct kql_expr *flag = kql_plan_const(b->arena, kql_value_long(i > 0), m->op->span);
        *vec_push_in(b->arena, sources) = (struct kql_source) { 0, m->keys.p[i] };
        *vec_push_in(b->arena, sources) = (struct kql_source) { 1, kql_bind_def(b, project, S("row"), flag) };
        for (size_t c = 0; c < m->columns.p[i].n; c++) {
            struct kql_field f = m->columns.p[i].p[c];
            if (!f.col)
                continue;
            struct kql_field *there = kql_plan_field(all, f.name);
            if (!there) {
                kql_bind_field(b, all, f.name, kql_bind_col(b, f.name, f.col->type, true));
                there = &vec_last(&all->fields);
            }
            if (there->col->type == f.col->type)
                *vec_push_in(b->arena, sources) =
                    (struct kql_source) { (size_t)(there - all->fields.p), f.col };
        }
        *vec_push_in(b->arena, &all->inputs) = project;
    }
    return all;
}

static bool is_key(const struct making *m, str name)
{
    for (size_t i = 0; i < m->columns.n; i++)
        for (size_t c = 0; c < m->columns.p[i].n; c++)
            if (str_eq(m->columns.p[i].p[c].name, name) && !m->columns.p[i].p[c].col)
                return true;
    return false;
}

/* A row for each key. What several rows of nodes say of one key is taken from any of them. */
static struct kql_rel *unite(struct making *m, struct kql_col **key)
{
    struct kql_binder *b = m->b;
    struct kql_col    *is_row;
    struct kql_rel    *all = stack(m, key, &is_row), *sum = kql_bind_rel(b, KQL_REL_SUMMARIZE, all);

    sum->fields = (kql_fields) { 0 };
    *vec_push_in(b->arena, &sum->keys) = (struct kql_def) { *key, col_expr(b, *key) };
    for (size_t i = 0; i < m->columns.n; i++)
        for (size_t c = 0; c < m->columns.p[i].n; c++) {
            str name = m->columns.p[i].p[c].name;
            if (kql_plan_field(sum, name))
                continue;
            if (is_key(m, name)) {
                kql_bind_field(b, sum, name, *key);
                continue;
            }
            struct kql_field *f = kql_plan_field(all, name);
            struct kql_expr  *any = kql_plan_expr(b->arena, KQL_EXPR_AGG, f->col->type, m->op->span);
            any->agg = &ANY_IF;
            any->n_args = 2;
            any->args = ARENA_ARRAY(b->arena, struct kql_expr *, 2);
            any->args[0] = col_expr(b, f->col);
            any->args[1] = col_expr(b, is_row);
            struct kql_col *col = kql_bind_col(b, name, f->col->type, true);
            *vec_push_in(b->arena, &sum->defs) = (struct kql_def) { col, any };
            kql_bind_field(b, sum, name, col);
        }
    return sum;
}

static struct kql_col *hashed(struct kql_binder *b, struct kql_rel *project, struct kql_col *key)
{
    struct kql_expr *e = KQL_CALL1(b, "hash", col_expr(b, key));
    return e ? kql_bind_def(b, project, S("id"), e) : NULL;
}

static struct kql_rel *graph_of(struct making *m, struct kql_rel *in)
{
    struct kql_binder     *b = m->b;
    const struct kql_node *id = kql_ast_option(m->op, "with_node_id");
    struct kql_graph_parts parts = { 0 };

    if (!read_edges(m, in))
        return NULL;
    read_ends(m);
    for (size_t i = 2; i < m->op->kids.n; i++)
        if (m->op->kids.p[i] != m->partition && !read_table(m, m->op->kids.p[i]))
            return NULL;
    struct kql_rel *nodes = unite(m, &parts.key);
    parts.nodes = kql_bind_rel(b, KQL_REL_PROJECT, nodes);
    parts.node_id = hashed(b, parts.nodes, parts.key);
    if (id)
        kql_bind_field(b, parts.nodes, id->text, parts.key);
    struct kql_rel *edges = kql_share_read(b, m->edges);
    parts.source = kql_share_col(b, edges, m->source);
    parts.target = kql_share_col(b, edges, m->target);
    parts.edges = kql_bind_rel(b, KQL_REL_PROJECT, edges);
    parts.source_id = hashed(b, parts.edges, parts.source);
    parts.target_id = hashed(b, parts.edges, parts.target);
    return parts.node_id && parts.target_id ? kql_graph_make(b, &parts) : NULL;
}

static struct kql_rel *graph_of_part(void *arg, struct kql_binder *b, struct kql_rel *rows,
                                     struct kql_expr *value)
{
    const struct kql_node *op = arg;
    struct making m = { .b = b, .op = op, .partition = kql_ast_clause(op, "partitioned-by"), .value = value };
    struct kql_rel *graph = graph_of(&m, rows),
                   *out = graph ? kql_bind_operators(b, m.partition->kids.p[1], graph) : NULL;

    if (out && out->kind == KQL_REL_GRAPH) {
        kql_bind_error(b, KQL_DIAG_TABULAR, op->span, "what is done with each graph ends with a table");
        kql_diag_hint(b->diags, "graph-to-table or graph-match make a table of it");
        return NULL;
    }
    return out;
}

static struct kql_rel *bind_make(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    struct making          m = { .b = b, .op = op };
    const struct kql_node *partition = kql_ast_clause(op, "partitioned-by");

    if (!partition)
        return graph_of(&m, in);
    struct kql_expr *key = kql_bind_expr_in(b, partition->kids.p[0], in);
    return key ? kql_cut_each(b, op, in, (struct kql_cut) { key, true, graph_of_part, (void *)op }) : NULL;
}

/* --- graph-to-table nodes|edges [as name] [with_…_id=name], … --- */

static bool parse_part(struct kql_parser *p, struct kql_node *op)
{
    struct kql_node *part = kql_parse_new(p, KQL_NODE_CLAUSE);

    if (kql_parse_take(p, "nodes"))
        part->text = S("nodes");
    else if (kql_parse_take(p, "edges"))
        part->text = S("edges");
    else
        return kql_parse_fail(p, "nodes or edges");
    if (kql_parse_take(p, "as")) {
        struct kql_node *name = kql_parse_new(p, KQL_NODE_NAME);
        if (!kql_parse_name(p, &name->text))
            return false;
        kql_parse_add(p, part, name);
    }
    while (kql_parse_is(p, "with_node_id") || kql_parse_is(p, "with_source_id") ||
           kql_parse_is(p, "with_target_id")) {
        struct kql_node *option = kql_parse_new(p, KQL_NODE_OPTION), *value;
        p->at++;
        if (!kql_parse_expect(p, "="))
            return false;
        value = kql_parse_new(p, KQL_NODE_NAME);
        if (!kql_parse_name(p, &value->text))
            return false;
        kql_parse_add(p, option, value);
        *vec_push_in(p->arena, &part->options) = option;
    }
    kql_parse_add(p, op, part);
    return true;
}

static bool parse_to_table(struct kql_parser *p, struct kql_node *op)
{
    do
        if (!parse_part(p, op))
            return false;
    while (kql_parse_take(p, ","));
    return true;
}

static void put_first(struct kql_binder *b, struct kql_rel *rel, const struct kql_node *part,
                      const char *option, struct kql_col *col)
{
    const struct kql_node *name = kql_ast_option(part, option);

    if (name)
        kql_bind_field(b, rel, name->text, col);
}

static struct kql_rel *part_table(struct kql_binder *b, const struct kql_graph *g,
                                  const struct kql_node *part)
{
    bool            nodes = str_eq(part->text, S("nodes"));
    struct kql_rel *reader = kql_share_read(b, nodes ? g->nodes : g->edges);
    struct kql_rel *out = kql_bind_rel(b, KQL_REL_PROJECT, reader);

    out->fields = (kql_fields) { 0 };
    if (nodes) {
        put_first(b, out, part, "with_node_id", kql_share_col(b, reader, g->node_id));
    } else {
        put_first(b, out, part, "with_source_id", kql_share_col(b, reader, g->source_id));
        put_first(b, out, part, "with_target_id", kql_share_col(b, reader, g->target_id));
    }
    for (size_t i = 0; i < reader->fields.n; i++)
        kql_bind_field(b, out, kql_bind_unused_name(b, out, reader->fields.p[i].name),
                       reader->fields.p[i].col);
    return out;
}

/* Of several parts the first is the result; those with a name can be named in the statements behind. */
static struct kql_rel *bind_to_table(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    const struct kql_graph *g = kql_graph_of(b, in, op->span);
    struct kql_rel         *first = NULL;

    for (size_t i = 0; g && i < op->kids.n; i++) {
        struct kql_rel *table = part_table(b, g, op->kids.p[i]);
        if (op->kids.p[i]->kids.n > 0)
            *vec_push_in(b->arena, &b->named) =
                (struct kql_scope) { .name = op->kids.p[i]->kids.p[0]->text, .rel = table };
        if (!first)
            first = table;
    }
    return first;
}

/* --- graph-mark-components --- */

static bool parse_mark(struct kql_parser *p, struct kql_node *op)
{
    static const char *const OPTIONS[] = { "kind", "with_component_id", NULL };
    kql_parse_options(p, op, OPTIONS);
    return true;
}

static const struct kql_fn LIST = {
    .name = "list", .hidden = true, .sql = "JSONExtract($1,'Array(Int64)')", .nulls = KQL_FN_NULLS_NEVER
};
static const struct kql_fn COMPONENTS = {
    .name = "components", .hidden = true, .scalar = "graph_components", .nulls = KQL_FN_NULLS_NEVER
};

static struct kql_expr *less_one(struct kql_binder *b, struct kql_col *col)
{
    struct kql_expr *one = kql_plan_const(b->arena, kql_value_long(1), (struct kql_span) { 0, 0 });
    return KQL_CALL2(b, "-", col_expr(b, col), one);
}

/* A row of each component's number and the place of its node, from 0. */
static struct kql_rel *components(struct kql_binder *b, const struct kql_graph *g, bool strong,
                                  struct kql_col **number, struct kql_col **place)
{
    struct kql_span  span = { 0, 0 };
    struct kql_rel  *nodes = kql_share_read(b, g->nodes), *edges = kql_share_read(b, g->edges), *left, *right;
    struct kql_expr *ends[] = { less_one(b, kql_share_col(b, edges, g->source)),
                                less_one(b, kql_share_col(b, edges, g->target)) };
    struct kql_expr *none[] = { kql_plan_const(b->arena, kql_value_long(0), span) };
    struct kql_col  *n = kql_graph_text(b, nodes, kql_share_col(b, nodes, g->node), none, 1, &left);
    struct kql_col  *e = kql_graph_text(b, edges, kql_share_col(b, edges, g->edge), ends, 2, &right);
    struct kql_rel  *both = kql_bind_rel(b, KQL_REL_PROJECT, kql_graph_beside(b, left, right));
    struct kql_expr *args[] = { col_expr(b, n), col_expr(b, e),
                                kql_plan_const(b->arena, kql_value_long(strong), span) };
    struct kql_expr *call = kql_build_raw(b, &COMPONENTS, KQL_DYNAMIC, span, args, 3);
    struct kql_col  *json = kql_bind_def(b, both, S("components"), call);
    struct kql_expr *text = col_expr(b, json), *list = kql_build_raw(b, &LIST, KQL_UNKNOWN, span, &text, 1);

    *number = kql_bind_col(b, S("component"), KQL_LONG, false);
    return kql_graph_expand(b, both, list, number, place);
}

static struct kql_rel *bind_mark(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    const struct kql_graph *g = kql_graph_of(b, in, op->span);
    const struct kql_node *kind = kql_ast_option(op, "kind"), *name = kql_ast_option(op, "with_component_id");
    struct kql_graph      *marked = ARENA_NEW(b->arena, struct kql_graph);
    struct kql_col        *number, *place;

    if (!g)
        return NULL;
    if (kind && !str_eq(kind->text, S("weak")) && !str_eq(kind->text, S("strong"))) {
        kql_bind_error(b, KQL_DIAG_SYNTAX, kind->span, "components are of kind weak or strong");
        return NULL;
    }
    *marked = *g;
    struct kql_rel *rows = components(b, g, kind && str_eq(kind->text, S("strong")), &number, &place);
    struct kql_rel *nodes = kql_bind_rel(b, KQL_REL_PROJECT, kql_share_read(b, g->nodes));
    struct kql_rel *reader = nodes->inputs.p[0];
    marked->node = kql_share_col(b, reader, g->node);
    marked->node_id = kql_share_col(b, reader, g->node_id);
    struct kql_col *at = kql_bind_def(b, nodes, S("at"), less_one(b, marked->node));
    marked->nodes = kql_bind_rel(b, KQL_REL_PROJECT, kql_graph_join(b, nodes, at, rows, place));
    str field = name ? name->text : S("ComponentId");
    if (kql_plan_field(marked->nodes, field)) {
        kql_bind_error(b, KQL_DIAG_DUPLICATE_COLUMN, op->span, "nodes have a column \"" STR_FMT "\" already",
                       STR_ARG(field));
        return NULL;
    }
    kql_bind_field(b, marked->nodes, field, number);
    struct kql_rel *out = kql_bind_rel(b, KQL_REL_GRAPH, NULL);
    out->graph = marked;
    return out;
}

/* --- graph-where-nodes, graph-where-edges --- */

static bool parse_condition(struct kql_parser *p, struct kql_node *op)
{
    struct kql_node *condition = kql_parse_expr(p);
    kql_parse_add(p, op, condition);
    return condition->kind != KQL_NODE_BAD;
}

static struct kql_rel *filtered(struct kql_binder *b, struct kql_rel *reader,
                                const struct kql_node *condition)
{
    struct kql_rel *filter = kql_bind_rel(b, KQL_REL_FILTER, reader);

    b->row = reader;
    filter->pred = kql_bind_expr_condition(b, condition);
    b->row = NULL;
    return filter->pred ? filter : NULL;
}

/* The graph again, numbered anew: an edge stays when both of its nodes do. */
static struct kql_rel *bind_where(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    const struct kql_graph *g = kql_graph_of(b, in, op->span);
    bool                    of_nodes = strcmp(op->op->name, "graph-where-nodes") == 0;

    if (!g)
        return NULL;
    struct kql_rel        *nodes = kql_share_read(b, g->nodes), *edges = kql_share_read(b, g->edges);
    struct kql_graph_parts parts = {
        .nodes = of_nodes ? filtered(b, nodes, op->kids.p[0]) : nodes,
        .edges = of_nodes ? edges : filtered(b, edges, op->kids.p[0]),
        .key = kql_share_col(b, nodes, g->node),
        .source = kql_share_col(b, edges, g->source),
        .target = kql_share_col(b, edges, g->target),
        .node_id = kql_share_col(b, nodes, g->node_id),
        .source_id = kql_share_col(b, edges, g->source_id),
        .target_id = kql_share_col(b, edges, g->target_id),
    };
    return parts.nodes && parts.edges ? kql_graph_make(b, &parts) : NULL;
}

#define GRAPH "datatable(a:string, b:string)['x', 'y', 'y', 'z'] | make-graph a --> b with_node_id=id | "

const struct kql_op KQL_OPS_GRAPH[] = {
    { .name = "make-graph",
      .parse = parse_make,
      .bind = bind_make,
      .doc = "A graph of a table of edges, and of tables of nodes.",
      .example = GRAPH "graph-to-table nodes" },
    { .name = "graph-to-table",
      .parse = parse_to_table,
      .bind = bind_to_table,
      .doc = "The nodes or the edges of a graph as a table.",
      .example = GRAPH "graph-to-table edges with_source_id=from" },
    { .name = "graph-mark-components",
      .parse = parse_mark,
      .bind = bind_mark,
      .doc = "Numbers the parts of a graph that hang together, as a column of its nodes.",
      .example = GRAPH "graph-mark-components | graph-to-table nodes" },
    { .name = "graph-where-nodes",
      .parse = parse_condition,
      .bind = bind_where,
      .doc = "The nodes for which a condition is true, and the edges between them.",
      .example = GRAPH "graph-where-nodes id != 'x' | graph-to-table edges" },
    { .name = "graph-where-edges",
      .parse = parse_condition,
      .bind = bind_where,
      .doc = "The edges for which a condition is true, and all nodes.",
      .example = GRAPH "graph-where-edges a != 'x' | graph-to-table edges" },
    { 0 },
};
