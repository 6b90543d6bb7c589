/* SPDX-License-Identifier: Apache-2.0 */
/* graph-match and graph-shortest-paths.
 *
 * Conditions on one node or edge alone become bits of its mask. The search over masks and numbers is C
 * (scalar/scalar_graph.h), one call for the query; its matches become rows again, joined with what their
 * nodes and edges have. all(), any() and map() walk an edge variable's path: its elements become rows, joined
 * likewise, and are gathered by match. */
#include "kql/kql_build.h"
#include "kql/kql_convert.h"
#include "kql/kql_emit.h"
#include "kql/kql_graph.h"
#include "kql/kql_json.h"
#include "kql/kql_op.h"
#include "kql/kql_parse.h"
#include "kql/kql_share.h"
#include "scalar/scalar_graph.h"

enum { MASK_BITS = 40 };

/* --- how it is written --- */

/* What stands in the brackets of an edge: [name][*least..most] */
static bool parse_edge_inside(struct kql_parser *p, struct kql_node *edge)
{
    if (kql_parse_peek(p, 0)->kind == KQL_TOKEN_NAME && !kql_parse_name(p, &edge->text))
        return false;
    if (!kql_parse_take(p, "*"))
        return kql_parse_expect(p, "]");
    for (size_t i = 0; i < 2; i++) {
        struct kql_node *bound = kql_parse_expr(p);
        kql_parse_add(p, edge, bound);
        if (bound->kind == KQL_NODE_BAD || (i == 0 && !kql_parse_expect(p, "..")))
            return false;
    }
    return kql_parse_expect(p, "]");
}

/* -[e]-> <-[e]- -[e]- --> <-- --, as a CLAUSE edge whose value is the direction. */
static bool parse_edge(struct kql_parser *p, struct kql_node *op)
{
    struct kql_node *edge = kql_parse_new(p, KQL_NODE_CLAUSE);
    bool             left = kql_parse_take(p, "<");

    edge->names.n = 0;
    edge->text = STR_NONE;
    *vec_push_in(p->arena, &edge->names) = S("edge");
    if (!kql_parse_expect(p, "-") || (kql_parse_take(p, "[") && !parse_edge_inside(p, edge)) ||
        !kql_parse_expect(p, "-"))
        return false;
    bool right = !left && kql_parse_take(p, ">");
    edge->value = kql_value_long(left ? -1 : right ? 1 : 0);
    kql_parse_add(p, op, edge);
    return true;
}

static bool parse_vertex(struct kql_parser *p, struct kql_node *op)
{
    struct kql_node *node = kql_parse_new(p, KQL_NODE_CLAUSE);

    node->text = STR_NONE;
    *vec_push_in(p->arena, &node->names) = S("node");
    if (!kql_parse_expect(p, "("))
        return false;
    if (!kql_parse_is(p, ")") && !kql_parse_name(p, &node->text))
        return false;
    kql_parse_add(p, op, node);
    return kql_parse_expect(p, ")");
}

static bool parse_pattern(struct kql_parser *p, struct kql_node *op)
{
    do { /* a sequence: two nodes behind each other part it from the next */
        if (!parse_vertex(p, op))
            return false;
        while (kql_parse_is(p, "-") || kql_parse_is(p, "<"))
            if (!parse_edge(p, op) || !parse_vertex(p, op))
                return false;
    } while (kql_parse_take(p, ","));
    return true;
}

static bool parse_match(struct kql_parser *p, struct kql_node *op)
{
    static const char *const OPTIONS[] = { "cycles", "output", "hint.*", NULL };

    kql_parse_options(p, op, OPTIONS);
    if (!parse_pattern(p, op))
        return false;
    if (kql_parse_take(p, "where")) {
        struct kql_node *where = kql_parse_new(p, KQL_NODE_CLAUSE), *condition = kql_parse_expr(p);
        where->text = S("where");
        kql_parse_add(p, where, condition);
        kql_parse_add(p, op, where);
        if (condition->kind == KQL_NODE_BAD)
            return false;
    }
    struct kql_node *project = kql_parse_new(p, KQL_NODE_CLAUSE);
    project->text = S("project");
    if (!kql_parse_expect(p, "project") || !kql_parse_list(p, project, kql_parse_expr_named))
        return false;
    kql_parse_add(p, op, project);
    return true;
}

/* --- the pattern --- */

struct node_var {
    str      name;
    bool     used;  /* what it has is asked for */
    uint64_t needs; /* bits of the nodes' masks */
};

struct edge_var {
    str      name;
    bool     used, variable;
    int64_t  from, to, direction, least, most;
    uint64_t needs, inner;
};

enum mask_of { OF_NODE, OF_EDGE, OF_INNER };

struct mask {
    enum mask_of           of;
    size_t                 var;
    const struct kql_node *condition;
    bool                   named; /* its columns stand behind the variable's name */
};

enum walk { WALK_ALL, WALK_ANY, WALK_MAP };

/* all(e, …), any(e, …), map(e, …), and map(inner_nodes(e), …): a column of the match. */
struct walking {
    enum walk              kind;
    size_t                 var;
    bool                   inner, bound;
    const struct kql_node *body;
    str                    name; /* of the column */
    struct kql_col        *col;
};

struct matching {
    struct kql_binder      *b;
    const struct kql_node  *op;
    const struct kql_graph *g;
    bool                    shortest, degrees;
    struct node_var         nodes[SCALAR_GRAPH_VARIABLES];
    struct edge_var         edges[SCALAR_GRAPH_VARIABLES];
    size_t                  n_nodes, n_edges;
    VEC(struct mask) masks;
    VEC(const struct kql_node *) rest; /* conditions that are no masks */
    VEC(struct walking) walks;
    struct kql_col *match, *id; /* of the rows of matches: the match as arrays, its number */
};

static bool is_clause(const struct kql_node *n, const char *kind)
{
    return n->kind == KQL_NODE_CLAUSE && n->names.n > 0 && str_eq(n->names.p[0], str_of(kind));
}

static bool too_many(struct matching *x, const struct kql_node *at)
{
    kql_bind_error(x->b, KQL_DIAG_LIMIT, at->span, "a pattern has at most %d nodes and as many edges",
                   SCALAR_GRAPH_VARIABLES);
    return false;
}

/* The variable of a node in the pattern; an anonymous one is always another. */
static bool add_node(struct matching *x, const struct kql_node *n, size_t *var)
{
    for (*var = 0; *var < x->n_nodes; (*var)++)
        if (n->text.n > 0 && str_eq(x->nodes[*var].name, n->text))
            return true;
    if (x->n_nodes == SCALAR_GRAPH_VARIABLES)
        return too_many(x, n);
    x->nodes[x->n_nodes++].name = n->text;
    return true;
}

static bool bound_of(struct matching *x, const struct kql_node *n, int64_t *out)
{
    struct kql_value v;

    if (!kql_bind_expr_const(x->b, n, KQL_LONG, &v))
        return false;
    if (v.null || v.i < 0 || v.i > SCALAR_GRAPH_LENGTH) {
        kql_bind_error(x->b, KQL_DIAG_LIMIT, n->span, "an edge variable stands for 0 to %d edges",
                       SCALAR_GRAPH_LENGTH);
        return false;
    }
    *out = v.i;
    return true;
}

static bool add_edge(struct matching *x, const struct kql_node *n, size_t from, size_t to)
{
    struct edge_var *e = &x->edges[x->n_edges];

    if (x->n_edges == SCALAR_GRAPH_VARIABLES)
        return too_many(x, n);
    for (size_t i = 0; i < x->n_edges && n->text.n > 0; i++)
        if (str_eq(x->edges[i].name, n->text)) {
            kql_bind_error(x->b, KQL_DIAG_SYNTAX, n->span, "two edges are called \"" STR_FMT "\"",
                           STR_ARG(n->text));
            return false;
        }
    *e = (struct edge_var) { .name = n->text, .from = (int64_t)from, .to = (int64_t)to };
    e->direction = n->value.i;
    e->least = e->most = 1;
    e->variable = n->kids.n > 0;
    x->n_edges++;
    return !e->variable || (bound_of(x, n->kids.p[0], &e->least) && bound_of(x, n->kids.p[1], &e->most));
}

static bool read_pattern(struct matching *x)
{
    const struct kql_node *edge = NULL;
    size_t                 before = 0, var = 0, sequences = 0;

    for (size_t i = 0; i < x->op->kids.n; i++) {
        const struct kql_node *n = x->op->kids.p[i];
        if (is_clause(n, "edge"))
            edge = n;
        if (!is_clause(n, "node"))
            continue;
        if (!add_node(x, n, &var) || (edge && !add_edge(x, edge, before, var)))
            return false;
        sequences += edge == NULL;
        edge = NULL;
        before = var;
    }
    if (x->shortest && (sequences != 1 || x->n_edges == 0)) {
        kql_bind_error(x->b, KQL_DIAG_SYNTAX, x->op->span,
                       "graph-shortest-paths takes one sequence with an edge in it");
        return false;
    }
    return true;
}

/* Every sequence must share a node with those before it. */
static bool is_connected(struct matching *x)
{
    bool seen[SCALAR_GRAPH_VARIABLES] = { true }, more = true;

    while (more) {
        more = false;
        for (size_t i = 0; i < x->n_edges; i++)
            if (seen[x->edges[i].from] != seen[x->edges[i].to])
                more = seen[x->edges[i].from] = seen[x->edges[i].to] = true;
    }
    for (size_t i = 0; i < x->n_nodes; i++)
        if (!seen[i]) {
            kql_bind_error(x->b, KQL_DIAG_SYNTAX, x->op->span, "the sequences of a pattern must share nodes");
            return false;
        }
    return true;
}

/* --- what conditions speak of --- */

static bool node_named(const struct matching *x, str name, size_t *var)
{
    for (*var = 0; *var < x->n_nodes; (*var)++)
        if (name.n > 0 && str_eq(x->nodes[*var].name, name))
            return true;
    return false;
}

static bool edge_named(const struct matching *x, str name, size_t *var)
{
    for (*var = 0; *var < x->n_edges; (*var)++)
        if (name.n > 0 && str_eq(x->edges[*var].name, name))
            return true;
    return false;
}

static bool is_call(const struct kql_node *n, const char *name)
{
    return n->kind == KQL_NODE_CALL && str_eq(n->text, str_of(name));
}

/* all(e, …), any(e, …), map(e, …), with e an edge variable or inner_nodes of one. */
static bool is_walk(const struct matching *x, const struct kql_node *n, struct walking *out)
{
    const struct kql_node *of = n->kids.n == 2 ? n->kids.p[0] : NULL;

    if (!of || (!is_call(n, "all") && !is_call(n, "any") && !is_call(n, "map")))
        return false;
    *out = (struct walking) { .kind = is_call(n, "all")   ? WALK_ALL
                                      : is_call(n, "any") ? WALK_ANY
                                                          : WALK_MAP,
                              .body = n->kids.p[1] };
    out->inner = is_call(of, "inner_nodes") && of->kids.n == 1;
    if (out->inner)
        of = of->kids.p[0];
    return of->kind == KQL_NODE_NAME && edge_named(x, of->text, &out->var);
}

static bool is_degree(const struct kql_node *n)
{
    return is_call(n, "node_degree_in") || is_call(n, "node_degree_out") || is_call(n, "node_id");
}

struct mentions {
    uint64_t nodes, edges;
    bool     walks;
};

static void find_mentions(const struct matching *x, const struct kql_node *n, struct mentions *m)
{
    struct walking         walk;
    size_t                 var;
    const struct kql_node *base = n->kind == KQL_NODE_PATH         ? n->kids.p[0]
                                  : is_degree(n) && n->kids.n == 1 ? n->kids.p[0]
                                                                   : NULL;

    m->walks = m->walks || is_walk(x, n, &walk);
    if (base && base->kind == KQL_NODE_NAME && node_named(x, base->text, &var))
        m->nodes |= UINT64_C(1) << var;
    else if (base && base->kind == KQL_NODE_NAME && edge_named(x, base->text, &var))
        m->edges |= UINT64_C(1) << var;
    for (size_t i = 0; i < n->kids.n; i++)
        if (n->kids.p[i])
            find_mentions(x, n->kids.p[i], m);
}

static bool add_mask(struct matching *x, struct mask mask)
{
    size_t bits = 0;

    for (size_t i = 0; i < x->masks.n; i++)
        bits += (x->masks.p[i].of == OF_EDGE) == (mask.of == OF_EDGE);
    if (bits >= MASK_BITS)
        return false;
    *vec_push_in(x->b->arena, &x->masks) = mask;
    return true;
}

static bool is_single(uint64_t set, size_t *at)
{
    *at = (size_t)(set ? __builtin_ctzll(set) : 0);
    return set && (set & (set - 1)) == 0;
}

/* A condition on one node or one edge is a mask, and so is one that all elements of a path must meet. */
static bool becomes_mask(struct matching *x, const struct kql_node *n)
{
    struct mentions m = { 0 };
    struct walking  walk;
    size_t          var;

    if (is_walk(x, n, &walk) && walk.kind == WALK_ALL) {
        find_mentions(x, walk.body, &m);
        return !m.nodes && !m.edges && !m.walks &&
               add_mask(x, (struct mask) { walk.inner ? OF_INNER : OF_EDGE, walk.var, walk.body, false });
    }
    find_mentions(x, n, &m);
    if (m.walks)
        return false;
    if (!m.edges && is_single(m.nodes, &var))
        return add_mask(x, (struct mask) { OF_NODE, var, n, true });
    return !m.nodes && is_single(m.edges, &var) && add_mask(x, (struct mask) { OF_EDGE, var, n, true });
}

static void sort_conditions(struct matching *x, const struct kql_node *n)
{
    if (n->kind == KQL_NODE_BINARY && str_eq(n->text, S("and"))) {
        for (size_t i = 0; i < n->kids.n; i++)
            sort_conditions(x, n->kids.p[i]);
    } else if (!becomes_mask(x, n)) {
        *vec_push_in(x->b->arena, &x->rest) = n;
    }
}

/* --- conditions and projections as the columns that they will be: walks become names of columns, degrees
 * become members of their node --- */

static struct kql_node *name_node(struct matching *x, const struct kql_node *at, str name)
{
    return kql_ast_new(x->b->arena, KQL_NODE_NAME, at->span, name);
}

static const struct kql_node *rewritten(struct matching *x, const struct kql_node *n, bool in_walk);

static const struct kql_node *walk_column(struct matching *x, const struct kql_node *at, struct walking walk)
{
    walk.name = arena_printf(x->b->arena, "$walk%zu", x->walks.n);
    walk.body = rewritten(x, walk.body, true);
    *vec_push_in(x->b->arena, &x->walks) = walk;
    return name_node(x, at, walk.name);
}

static const struct kql_node *degree_column(struct matching *x, const struct kql_node *n)
{
    str    field = arena_printf(x->b->arena, "$" STR_FMT, STR_ARG(n->text));
    size_t var;

    x->degrees = x->degrees || !str_eq(n->text, S("node_id"));
    if (n->kids.n == 0)
        return name_node(x, n, field);
    if (n->kids.p[0]->kind == KQL_NODE_NAME && node_named(x, n->kids.p[0]->text, &var))
        x->nodes[var].used = true;
    struct kql_node *path = kql_ast_new(x->b->arena, KQL_NODE_PATH, n->span, field);
    kql_ast_add(x->b->arena, path, n->kids.p[0]);
    return path;
}

static const struct kql_node *rewritten(struct matching *x, const struct kql_node *n, bool in_walk)
{
    struct walking walk;
    size_t         var;

    if (!in_walk && is_walk(x, n, &walk))
        return walk_column(x, n, walk);
    if (is_degree(n) && n->kids.n < 2)
        return degree_column(x, n);
    if (n->kind == KQL_NODE_PATH && n->kids.p[0]->kind == KQL_NODE_NAME) {
        if (node_named(x, n->kids.p[0]->text, &var))
            x->nodes[var].used = true;
        if (edge_named(x, n->kids.p[0]->text, &var) && !x->edges[var].variable)
            x->edges[var].used = true;
        else if (edge_named(x, n->kids.p[0]->text, &var) && !in_walk)
            return walk_column(
                x, n, (struct walking) { .kind = WALK_MAP, .var = var, .body = name_node(x, n, n->text) });
    }
    struct kql_node *copy = kql_ast_new(x->b->arena, n->kind, n->span, n->text);
    *copy = *n;
    memset(&copy->kids, 0, sizeof copy->kids);
    for (size_t i = 0; i < n->kids.n; i++)
        *vec_push_in(x->b->arena, &copy->kids) =
            n->kids.p[i] ? (struct kql_node *)rewritten(x, n->kids.p[i], in_walk) : NULL;
    return copy;
}

/* --- reading nodes and edges --- */

static struct kql_expr *col_expr(struct matching *x, struct kql_col *col)
{
    return kql_plan_col(x->b->arena, col, x->op->span);
}

static struct kql_expr *number_expr(struct matching *x, int64_t v)
{
    return kql_plan_const(x->b->arena, kql_value_long(v), x->op->span);
}

struct elements {
    struct kql_rel *rel; /* with the user's columns as fields, and $node_id and its kin */
    struct kql_col *number;
};

/* How many edges each node has at one end. */
static struct kql_rel *with_degree(struct matching *x, struct kql_rel *nodes, struct kql_col *node,
                                   struct kql_col *end, const char *name)
{
    struct kql_binder *b = x->b;
    struct kql_rel  *edges = kql_share_read(b, x->g->edges), *sum = kql_bind_rel(b, KQL_REL_SUMMARIZE, edges);
    struct kql_expr *count = kql_plan_expr(b->arena, KQL_EXPR_AGG, KQL_LONG, x->op->span);
    struct kql_col  *key = kql_share_col(b, edges, end), *col = kql_bind_col(b, S("degree"), KQL_LONG, false);

    count->agg = kql_agg_find(S("count"));
    sum->fields = (kql_fields) { 0 };
    *vec_push_in(b->arena, &sum->keys) = (struct kql_def) { key, col_expr(x, key) };
    *vec_push_in(b->arena, &sum->defs) = (struct kql_def) { col, count };
    struct kql_rel *join = kql_graph_join_left(b, nodes, node, sum, key);
    kql_bind_field(b, join, str_of(name), col);
    return join;
}

static struct elements read_nodes(struct matching *x)
{
    struct kql_rel *rel = kql_share_read(x->b, x->g->nodes);
    struct elements e = { rel, kql_share_col(x->b, rel, x->g->node) };

    kql_bind_field(x->b, rel, S("$node_id"), kql_share_col(x->b, rel, x->g->node_id));
    if (x->degrees) {
        e.rel = with_degree(x, e.rel, e.number, x->g->target, "$node_degree_in");
        e.rel = with_degree(x, e.rel, e.number, x->g->source, "$node_degree_out");
    }
    return e;
}

static struct elements read_edges(struct matching *x)
{
    struct kql_rel *rel = kql_share_read(x->b, x->g->edges);
    return (struct elements) { rel, kql_share_col(x->b, rel, x->g->edge) };
}

/* --- masks and the search --- */

/* Bit by bit: each condition that holds adds its own. */
static void emit_mask(struct kql_emit *e, const struct kql_expr *call)
{
    char text[60];

    kql_emit_addz(e, "toInt64(0");
    for (size_t i = 0; i < call->n_args; i++) {
        kql_emit_addz(e, " + if(ifNull(");
        kql_emit_expr(e, call->args[i]);
        snprintf(text, sizeof text, ",false),toInt64(%lld),toInt64(0))", (long long)(INT64_C(1) << i));
        kql_emit_addz(e, text);
    }
    kql_emit_addz(e, ")");
}

static const struct kql_fn MASK = {
    .name = "mask", .hidden = true, .emit = emit_mask, .nulls = KQL_FN_NULLS_NEVER
};

static struct kql_expr *mask_of(struct matching *x, const struct mask *m, struct kql_rel *rel)
{
    struct kql_binder          *b = x->b;
    const struct kql_named_row *rows = b->rows;
    str                         name = m->of == OF_NODE ? x->nodes[m->var].name : x->edges[m->var].name;
    struct kql_named_row        row = { name, rel, rows };
    struct kql_rel              nothing = { .kind = KQL_REL_ONE };

    b->row = m->named ? &nothing : rel;
    b->rows = m->named ? &row : rows;
    struct kql_expr *e = kql_bind_expr_condition(b, rewritten(x, m->condition, true));
    b->row = NULL;
    b->rows = rows;
    return e;
}

/* The masks of nodes or of edges, as an expression over `rel`. NULL after a report. */
static struct kql_expr *masks_of(struct matching *x, bool edges, struct kql_rel *rel)
{
    struct kql_expr *args[MASK_BITS];
    size_t           n = 0;

    for (size_t i = 0; i < x->masks.n; i++) {
        const struct mask *m = &x->masks.p[i];
        if ((m->of == OF_EDGE) != edges)
            continue;
        uint64_t bit = UINT64_C(1) << n;
        if (!(args[n++] = mask_of(x, m, rel)))
            return NULL;
        if (m->of == OF_NODE)
            x->nodes[m->var].needs |= bit;
        else if (m->of == OF_EDGE)
            x->edges[m->var].needs |= bit;
        else
            x->edges[m->var].inner |= bit;
    }
    return kql_build_raw(x->b, &MASK, KQL_LONG, x->op->span, args, n);
}

static bool mode_of(struct matching *x, int64_t *mode)
{
    static const char *const CYCLES[] = { "all", "unique_edges", "none", NULL }, *const OUTPUTS[] = { "any",
                                                                                                      "all",
                                                                                                      NULL };
    const struct kql_node *option = kql_ast_option(x->op, x->shortest ? "output" : "cycles");

    *mode = x->shortest ? SCALAR_GRAPH_ANY : SCALAR_GRAPH_CYCLES_UNIQUE_EDGES;
    if (!option)
        return true;
    for (size_t i = 0; (x->shortest ? OUTPUTS : CYCLES)[i]; i++)
        if (str_eq(option->text, str_of((x->shortest ? OUTPUTS : CYCLES)[i]))) {
            *mode = (int64_t)i;
            return true;
        }
    kql_bind_error(x->b, KQL_DIAG_SYNTAX, option->span,
                   x->shortest ? "the output of graph-shortest-paths is any or all"
                               : "cycles are all, unique_edges or none");
    return false;
}

static struct kql_expr *spec_of(struct matching *x, int64_t mode)
{
    AUTO_STRBUF spec = STRBUF_INIT(1 << 14);

    strbuf_addf(&spec, "%d %zu %zu", (int)mode, x->n_nodes, x->n_edges);
    for (size_t i = 0; i < x->n_nodes; i++)
        strbuf_addf(&spec, " %llu", (unsigned long long)x->nodes[i].needs);
    for (size_t i = 0; i < x->n_edges; i++) {
        const struct edge_var *e = &x->edges[i];
        strbuf_addf(&spec, ", %d %d %d %d %d %llu %llu", (int)e->from, (int)e->to, (int)e->direction,
                    (int)e->least, (int)e->most, (unsigned long long)e->needs, (unsigned long long)e->inner);
    }
    return kql_plan_const(x->b->arena, kql_value_string(arena_str(x->b->arena, strbuf_view(&spec))),
                          x->op->span);
}

#define MATCHES                                                                                              \
    "if(throwIf($1 = '','the graph has more than a million matches, or the search for them takes too "       \
    "long') = 0,JSONExtract($1,'Array(Array(Array(Int64)))'),[])"

static const struct kql_fn
    SEARCH = { .name = "graph_match", .hidden = true, .scalar = "graph_match", .nulls = KQL_FN_NULLS_NEVER },
    SHORTEST = { .name = "graph_shortest",
                 .hidden = true,
                 .scalar = "graph_shortest",
                 .nulls = KQL_FN_NULLS_NEVER },
    ARRAYS = { .name = "matches", .hidden = true, .sql = MATCHES, .nulls = KQL_FN_NULLS_NEVER },
    PATH = { .name = "path", .hidden = true, .sql = "$1[$2]", .nulls = KQL_FN_NULLS_NEVER },
    NODE = { .name = "node", .hidden = true, .sql = "$1[1][$2] + toInt64(1)", .nulls = KQL_FN_NULLS_NEVER },
    EDGE = { .name = "edge", .hidden = true, .sql = "$1[$2][1] + toInt64(1)", .nulls = KQL_FN_NULLS_NEVER },
    NEXT = { .name = "next", .hidden = true, .sql = "$1 + toInt64(1)", .nulls = KQL_FN_NULLS_NEVER };

/* A row for each match: x->match and x->id. */
static struct kql_rel *search(struct matching *x)
{
    struct kql_binder *b = x->b;
    struct elements    nodes = read_nodes(x), edges = read_edges(x);
    struct kql_expr   *of_nodes[] = { masks_of(x, false, nodes.rel) }, *of_edges[3];
    struct kql_rel    *left, *right;
    int64_t            mode;

    of_edges[0] =
        KQL_CALL2(b, "-", col_expr(x, kql_share_col(b, edges.rel, x->g->source)), number_expr(x, 1));
    of_edges[1] =
        KQL_CALL2(b, "-", col_expr(x, kql_share_col(b, edges.rel, x->g->target)), number_expr(x, 1));
    of_edges[2] = masks_of(x, true, edges.rel);
    if (!of_nodes[0] || !of_edges[2] || !mode_of(x, &mode))
        return NULL;
    struct kql_col  *n = kql_graph_text(b, nodes.rel, nodes.number, of_nodes, 1, &left);
    struct kql_col  *e = kql_graph_text(b, edges.rel, edges.number, of_edges, 3, &right);
    struct kql_rel  *both = kql_bind_rel(b, KQL_REL_PROJECT, kql_graph_beside(b, left, right));
    struct kql_expr *args[] = { spec_of(x, mode), col_expr(x, n), col_expr(x, e) };
    struct kql_expr *call =
        kql_build_raw(b, x->shortest ? &SHORTEST : &SEARCH, KQL_DYNAMIC, x->op->span, args, 3);
    struct kql_expr *json = col_expr(x, kql_bind_def(b, both, S("matches"), call));
    struct kql_expr *arrays = kql_build_raw(b, &ARRAYS, KQL_UNKNOWN, x->op->span, &json, 1);
    x->match = kql_bind_col(b, S("match"), KQL_DYNAMIC, false);
    return kql_graph_expand(b, both, arrays, &x->match, &x->id);
}

/* --- matches with what their nodes and edges have --- */

static void add_members(struct matching *x, struct kql_rel *rel, str var, const struct kql_rel *of)
{
    for (size_t i = 0; i < of->fields.n; i++)
        kql_bind_field(
            x->b, rel,
            arena_printf(x->b->arena, STR_FMT "." STR_FMT, STR_ARG(var), STR_ARG(of->fields.p[i].name)),
            of->fields.p[i].col);
}

static struct kql_rel *join_member(struct matching *x, struct kql_rel *rel, const struct kql_fn *place,
                                   int64_t at, struct elements of, str var)
{
    struct kql_expr *args[] = { col_expr(x, x->match), number_expr(x, at) };
    struct kql_rel  *project = kql_bind_rel(x->b, KQL_REL_PROJECT, rel);
    struct kql_expr *number = kql_build_raw(x->b, place, KQL_LONG, x->op->span, args, 2);

    number->nullable = false;
    struct kql_col *col = kql_bind_def(x->b, project, S("at"), number);
    struct kql_rel *join = kql_graph_join(x->b, project, col, of.rel, of.number);
    struct kql_rel *out = kql_bind_rel(x->b, KQL_REL_PROJECT, join);
    add_members(x, out, var, of.rel);
    return out;
}

/* Where the edges of an edge variable stand in a match; the nodes between them stand behind. */
static int64_t place_of_path(size_t var, bool inner)
{
    return 2 + 2 * (int64_t)var + inner;
}

static struct kql_rel *with_members(struct matching *x, struct kql_rel *matches)
{
    struct kql_rel *rel = kql_bind_rel(x->b, KQL_REL_PROJECT, matches);

    rel->fields = (kql_fields) { 0 };
    kql_bind_field(x->b, rel, S("$match"), x->match);
    kql_bind_field(x->b, rel, S("$id"), x->id);
    for (size_t i = 0; i < x->n_nodes; i++)
        if (x->nodes[i].used)
            rel = join_member(x, rel, &NODE, (int64_t)i + 1, read_nodes(x), x->nodes[i].name);
    for (size_t i = 0; i < x->n_edges; i++)
        if (x->edges[i].used)
            rel = join_member(x, rel, &EDGE, place_of_path(i, false), read_edges(x), x->edges[i].name);
    return rel;
}

/* The members of each variable under its name, from fields called variable.member. */
static void see_members(struct matching *x, const struct kql_rel *rel)
{
    struct kql_binder *b = x->b;

    for (size_t i = 0; i < x->n_nodes + x->n_edges; i++) {
        bool node = i < x->n_nodes;
        str  var = node ? x->nodes[i].name : x->edges[i - x->n_nodes].name;
        if (!(node ? x->nodes[i].used : x->edges[i - x->n_nodes].used))
            continue;
        struct kql_named_row *row = ARENA_NEW(b->arena, struct kql_named_row);
        str                   prefix = arena_printf(b->arena, STR_FMT ".", STR_ARG(var));
        *row = (struct kql_named_row) { var, kql_bind_rel(b, KQL_REL_ONE, NULL), b->rows };
        for (size_t f = 0; f < rel->fields.n; f++)
            if (str_starts(rel->fields.p[f].name, prefix))
                kql_bind_field(b, row->row, str_from(rel->fields.p[f].name, prefix.n), rel->fields.p[f].col);
        b->rows = row;
    }
}

/* --- walks --- */

static void emit_map(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_addz(e, "concat('[',arrayStringConcat(arrayMap(t -> t.2,arraySort(t -> t.1,groupArray(tuple(");
    kql_emit_expr(e, call->args[1]);
    kql_emit_addz(e, ",assumeNotNull(");
    kql_json_emit(e, call->args[0]);
    kql_emit_addz(e, "))))),','),']')");
}

/* A match without elements has no row in a walk, and a false or an empty text where it is joined: hence all()
 * is asked as whether one fails. */
static const struct kql_agg FAILS = { .name = "fails",
                                      .sql = "max(NOT ifNull($1,false))",
                                      .nulls = KQL_FN_NULLS_NEVER },
                            HOLDS = { .name = "holds",
                                      .sql = "max(ifNull($1,false))",
                                      .nulls = KQL_FN_NULLS_NEVER },
                            LISTS = { .name = "lists", .emit = emit_map, .nulls = KQL_FN_NULLS_NEVER };
static const struct kql_fn
    NONE_FAILS = { .name = "none_fails", .hidden = true, .sql = "NOT $1", .nulls = KQL_FN_NULLS_NEVER },
    LIST = { .name = "list", .hidden = true, .sql = "if($1 = '','[]',$1)", .nulls = KQL_FN_NULLS_NEVER };

static bool add_walk(struct matching *x, struct kql_rel *sum, struct walking *w, struct kql_col *place)
{
    struct kql_binder *b = x->b;
    bool               map = w->kind == WALK_MAP;
    struct kql_expr   *body = map ? kql_bind_expr(b, w->body) : kql_bind_expr_condition(b, w->body);
    struct kql_expr *call = kql_plan_expr(b->arena, KQL_EXPR_AGG, map ? KQL_DYNAMIC : KQL_BOOL, x->op->span);

    if (!body)
        return false;
    call->agg = map ? &LISTS : w->kind == WALK_ALL ? &FAILS : &HOLDS;
    call->n_args = map ? 2 : 1;
    call->args = ARENA_ARRAY(b->arena, struct kql_expr *, 2);
    call->args[0] = body;
    call->args[1] = col_expr(x, place);
    w->col = kql_bind_col(b, S("walk"), call->type, false);
    w->bound = true;
    *vec_push_in(b->arena, &sum->defs) = (struct kql_def) { w->col, call };
    return true;
}

/* All walks over the edges of a variable, or over the nodes between them, by match. */
static struct kql_rel *walk(struct matching *x, struct kql_rel *def, size_t var, bool inner,
                            struct kql_col **id)
{
    struct kql_binder          *b = x->b;
    struct kql_rel             *base = kql_share_read(b, def), *row = b->row;
    const struct kql_named_row *rows = b->rows;
    struct kql_expr            *args[] = { col_expr(x, kql_plan_field(base, S("$match"))->col),
                                           number_expr(x, place_of_path(var, inner)) };
    struct kql_col             *at = kql_bind_col(b, S("at"), KQL_LONG, false), *place;
    struct kql_expr            *path = kql_build_raw(b, &PATH, KQL_UNKNOWN, x->op->span, args, 2);
    struct kql_rel  *steps = kql_bind_rel(b, KQL_REL_PROJECT, kql_graph_expand(b, base, path, &at, &place));
    struct elements  of = inner ? read_nodes(x) : read_edges(x);
    struct kql_expr *from = col_expr(x, at),
                    *number = kql_build_raw(b, &NEXT, KQL_LONG, x->op->span, &from, 1);

    number->nullable = false;
    struct kql_col *key = kql_bind_def(b, steps, S("at"), number);
    struct kql_rel *sum =
        kql_bind_rel(b, KQL_REL_SUMMARIZE, kql_graph_join(b, steps, key, of.rel, of.number));
    bool ok = true;
    *id = kql_plan_field(base, S("$id"))->col;
    sum->fields = (kql_fields) { 0 };
    *vec_push_in(b->arena, &sum->keys) = (struct kql_def) { *id, col_expr(x, *id) };
    see_members(x, base);
    b->row = of.rel;
    for (size_t i = 0; i < x->walks.n; i++)
        if (x->walks.p[i].var == var && x->walks.p[i].inner == inner)
            ok = add_walk(x, sum, &x->walks.p[i], place) && ok;
    b->row = row;
    b->rows = rows;
    return ok ? sum : NULL;
}

static void name_walks(struct matching *x, struct kql_rel *rel, size_t var, bool inner)
{
    for (size_t i = 0; i < x->walks.n; i++) {
        const struct walking *w = &x->walks.p[i];
        if (w->var != var || w->inner != inner)
            continue;
        struct kql_expr *e = col_expr(x, w->col);
        if (w->kind != WALK_ANY)
            e = kql_build_raw(x->b, w->kind == WALK_ALL ? &NONE_FAILS : &LIST, e->type, x->op->span, &e, 1);
        kql_bind_field(x->b, rel, w->name, kql_bind_def(x->b, rel, w->name, e));
    }
}

/* The matches with a column for each walk. */
static struct kql_rel *with_walks(struct matching *x, struct kql_rel *def)
{
    struct kql_rel *rel = kql_share_read(x->b, def);
    struct kql_col *id = kql_plan_field(rel, S("$id"))->col, *of;

    for (size_t i = 0; i < x->walks.n; i++) {
        struct walking *w = &x->walks.p[i];
        if (w->bound)
            continue;
        size_t          var = w->var;
        bool            inner = w->inner;
        struct kql_rel *walked = walk(x, def, var, inner, &of);
        if (!walked)
            return NULL;
        rel = kql_bind_rel(x->b, KQL_REL_PROJECT, kql_graph_join_left(x->b, rel, id, walked, of));
        name_walks(x, rel, var, inner);
    }
    return rel;
}

/* --- the result --- */

struct rewriting {
    VEC(const struct kql_node *) conditions, items;
};

static struct kql_rel *filtered(struct matching *x, const struct rewriting *r, struct kql_rel *rel)
{
    for (size_t i = 0; i < r->conditions.n; i++) {
        struct kql_rel *filter = kql_bind_rel(x->b, KQL_REL_FILTER, rel);
        x->b->row = rel;
        filter->pred = kql_bind_expr_condition(x->b, r->conditions.p[i]);
        if (!filter->pred)
            return NULL;
        rel = filter;
    }
    return rel;
}

static struct kql_rel *projected(struct matching *x, const struct rewriting *r, struct kql_rel *rel)
{
    struct kql_binder     *b = x->b;
    const struct kql_node *items = kql_ast_clause(x->op, "project");
    struct kql_rel        *project = kql_bind_rel(b, KQL_REL_PROJECT, rel);
    bool                   ok = true;

    project->fields = (kql_fields) { 0 };
    project->order = (kql_orders) { 0 };
    b->row = rel;
    for (size_t i = 0; i < items->kids.n; i++) {
        str              name = kql_bind_name(b, items->kids.p[i]);
        struct kql_expr *e = kql_bind_expr(b, r->items.p[i]);
        ok = ok && e;
        if (!e)
            continue;
        if (name.n == 0)
            name = kql_bind_unused_name(b, project, S("Column1"));
        kql_bind_field(b, project, kql_bind_unused_name(b, project, name), kql_bind_def(b, project, name, e));
    }
    return ok ? project : NULL;
}

static void rewrite(struct matching *x, struct rewriting *r)
{
    const struct kql_node *items = kql_ast_clause(x->op, "project");

    for (size_t i = 0; i < x->rest.n; i++)
        *vec_push_in(x->b->arena, &r->conditions) = rewritten(x, x->rest.p[i], false);
    for (size_t i = 0; i < items->kids.n; i++) {
        const struct kql_node *item = items->kids.p[i];
        *vec_push_in(x->b->arena, &r->items) =
            rewritten(x, item->kind == KQL_NODE_NAMED ? item->kids.p[0] : item, false);
    }
    for (size_t i = 0; i < x->masks.n; i++) /* for degrees alone */
        (void)rewritten(x, x->masks.p[i].condition, true);
}

static struct kql_rel *bind_match(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    struct matching             x = { .b = b, .op = op, .g = kql_graph_of(b, in, op->span) };
    const struct kql_node      *where = kql_ast_clause(op, "where");
    const struct kql_named_row *rows = b->rows;
    struct rewriting            r = { 0 };

    x.shortest = strcmp(op->op->name, "graph-shortest-paths") == 0;
    if (!x.g || !read_pattern(&x) || !is_connected(&x))
        return NULL;
    if (where)
        sort_conditions(&x, where->kids.p[0]);
    rewrite(&x, &r);
    struct kql_rel *rel = search(&x);
    if (!rel)
        return NULL;
    rel = with_members(&x, rel);
    if (x.walks.n > 0)
        rel = with_walks(&x, rel);
    if (!rel)
        return NULL;
    see_members(&x, rel);
    rel = filtered(&x, &r, rel);
    if (rel)
        rel = projected(&x, &r, rel);
    b->row = NULL;
    b->rows = rows;
    return rel;
}

#define GRAPH "datatable(a:string, b:string)['x', 'y', 'y', 'z'] | make-graph a --> b with_node_id=id | "

const struct kql_op KQL_OPS_MATCH[] = {
    { .name = "graph-match",
      .parse = parse_match,
      .bind = bind_match,
      .doc = "The places in a graph where a pattern of nodes and edges fits.",
      .example = GRAPH "graph-match (n)-[e*1..3]->(m) where n.id == 'x' project m.id, via = map(e, a)" },
    { .name = "graph-shortest-paths",
      .parse = parse_match,
      .bind = bind_match,
      .doc = "The shortest paths between nodes of a graph.",
      .example = GRAPH "graph-shortest-paths (n)-[e*1..3]->(m) where n.id == 'x' project m.id" },
    { 0 },
};
