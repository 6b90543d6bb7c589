/* SPDX-License-Identifier: Apache-2.0 */
#include "scalar/scalar_graph.h"

#include <string.h>

enum { NOWHERE = -1 };

struct edge {
    int32_t  from, to;
    uint64_t mask;
};

struct node_var {
    uint64_t needs;
};

struct edge_var {
    int32_t  from, to; /* variables */
    int      direction;
    int32_t  least, most;
    uint64_t needs, inner;
};

struct graph {
    int32_t      n_nodes, n_edges;
    uint64_t    *masks;
    struct edge *edges;
    /* Edges by the node they leave and by the node they enter: those of node n are at first[n] … first[n +
     * 1]. */
    int32_t *out_first, *out, *in_first, *in;
};

struct pattern {
    int32_t         mode, n_nodes, n_edges;
    struct node_var nodes[SCALAR_GRAPH_VARIABLES];
    struct edge_var edges[SCALAR_GRAPH_VARIABLES];
};

/* --- reading --- */

/* The next whole number of a text, whatever stands before it. */
static bool next_number(str *s, int64_t *out)
{
    size_t   i = 0;
    uint64_t v = 0;

    while (i < s->n && (s->p[i] < '0' || s->p[i] > '9'))
        i++;
    bool negative = i > 0 && i < s->n && s->p[i - 1] == '-';
    if (i == s->n)
        return false;
    for (; i < s->n && s->p[i] >= '0' && s->p[i] <= '9'; i++)
        v = v * 10 + (uint64_t)(s->p[i] - '0');
    *s = str_from(*s, i);
    *out = negative ? -(int64_t)v : (int64_t)v;
    return true;
}

static int32_t count_numbers(str s)
{
    int64_t v;
    int32_t n = 0;

    while (next_number(&s, &v))
        n++;
    return n;
}

static void *room(struct arena *a, size_t n, size_t size)
{
    return arena_try_alloc(a, (n + 1) * size);
}

/* first[n] … for each node, and the edges in that order. */
static bool index_by(struct arena *a, const struct graph *g, bool by_target, int32_t **first, int32_t **list)
{
    int32_t *f = room(a, (size_t)g->n_nodes + 1, sizeof *f), *l = room(a, (size_t)g->n_edges, sizeof *l);

    if (!f || !l)
        return false;
    memset(f, 0, ((size_t)g->n_nodes + 2) * sizeof *f);
    for (int32_t i = 0; i < g->n_edges; i++)
        f[(by_target ? g->edges[i].to : g->edges[i].from) + 1]++;
    for (int32_t i = 0; i < g->n_nodes; i++)
        f[i + 1] += f[i];
    for (int32_t i = g->n_edges; i-- > 0;) { /* from behind: each start ends up where it belongs */
        int32_t node = by_target ? g->edges[i].to : g->edges[i].from;
        l[--f[node + 1]] = i;
    }
    for (int32_t i = 0; i < g->n_nodes; i++) /* f[n + 1] is the start of n now */
        f[i] = f[i + 1];
    f[g->n_nodes] = g->n_edges;
    *first = f;
    *list = l;
    return true;
}

static bool read_graph(struct arena *a, str nodes, str edges, struct graph *g)
{
    int64_t from, to, mask;

    g->n_nodes = count_numbers(nodes);
    g->n_edges = count_numbers(edges) / 3;
    g->masks = room(a, (size_t)g->n_nodes, sizeof *g->masks);
    g->edges = room(a, (size_t)g->n_edges, sizeof *g->edges);
    if (!g->masks || !g->edges)
        return false;
    for (int32_t i = 0; i < g->n_nodes && next_number(&nodes, &mask); i++)
        g->masks[i] = (uint64_t)mask;
    for (int32_t i = 0; i < g->n_edges; i++) {
        if (!next_number(&edges, &from) || !next_number(&edges, &to) || !next_number(&edges, &mask))
            return false;
        if (from < 0 || to < 0 || from >= g->n_nodes || to >= g->n_nodes)
            return false;
        g->edges[i] = (struct edge) { (int32_t)from, (int32_t)to, (uint64_t)mask };
    }
    return index_by(a, g, false, &g->out_first, &g->out) && index_by(a, g, true, &g->in_first, &g->in);
}

static bool read_edge_var(str *text, const struct pattern *p, struct edge_var *e)
{
    int64_t v[7];

    for (size_t i = 0; i < 7; i++)
        if (!next_number(text, &v[i]))
            return false;
    *e = (struct edge_var) { (int32_t)v[0], (int32_t)v[1],  (int)v[2],     (int32_t)v[3],
                             (int32_t)v[4], (uint64_t)v[5], (uint64_t)v[6] };
    return v[0] >= 0 && v[1] >= 0 && v[0] < p->n_nodes && v[1] < p->n_nodes && v[3] >= 0 &&
           v[4] <= SCALAR_GRAPH_LENGTH && v[3] <= v[4];
}

static bool read_pattern(str text, struct pattern *p)
{
    int64_t mode, nodes, edges, needs;

    if (!next_number(&text, &mode) || !next_number(&text, &nodes) || !next_number(&text, &edges))
        return false;
    if (nodes < 1 || nodes > SCALAR_GRAPH_VARIABLES || edges < 0 || edges > SCALAR_GRAPH_VARIABLES)
        return false;
    *p = (struct pattern) { .mode = (int32_t)mode, .n_nodes = (int32_t)nodes, .n_edges = (int32_t)edges };
    for (int32_t i = 0; i < p->n_nodes; i++) {
        if (!next_number(&text, &needs))
            return false;
        p->nodes[i].needs = (uint64_t)needs;
    }
    for (int32_t i = 0; i < p->n_edges; i++)
        if (!read_edge_var(&text, p, &p->edges[i]))
            return false;
    return true;
}

/* --- a search --- */

struct search {
    struct arena  *arena;
    struct graph   g;
    struct pattern p;
    struct strbuf  out;
    int64_t        matches, steps;
    bool           failed;
    int32_t        bound[SCALAR_GRAPH_VARIABLES];    /* node of each variable, or NOWHERE */
    int32_t        order[SCALAR_GRAPH_VARIABLES];    /* edge variables in the order of the search … */
    bool           backward[SCALAR_GRAPH_VARIABLES]; /* … walked from `to` to `from` */
    int32_t       *edges[SCALAR_GRAPH_VARIABLES];    /* as walked */
    int32_t       *nodes[SCALAR_GRAPH_VARIABLES];    /* nodes[v][i] is where edges[v][i] led */
    int32_t        n[SCALAR_GRAPH_VARIABLES];
    uint8_t       *edge_used;
    int32_t       *node_used;
};

static bool has(uint64_t mask, uint64_t needs)
{
    return (mask & needs) == needs;
}

static bool more_steps(struct search *s)
{
    if (++s->steps > SCALAR_GRAPH_STEPS)
        s->failed = true;
    return !s->failed;
}

static void add_number(struct strbuf *out, int64_t v, bool first)
{
    if (!first)
        strbuf_addc(out, ',');
    strbuf_add_i64(out, v);
}

/* [edges],[nodes between them], in the direction in which the pattern is written. */
static void add_walk(struct search *s, int32_t place)
{
    int32_t var = s->order[place], n = s->n[var];
    bool    backward = s->backward[place];

    strbuf_addz(&s->out, ",[");
    for (int32_t i = 0; i < n; i++)
        add_number(&s->out, s->edges[var][backward ? n - 1 - i : i], i == 0);
    strbuf_addz(&s->out, "],[");
    for (int32_t i = 0; i + 1 < n; i++)
        add_number(&s->out, s->nodes[var][backward ? n - 2 - i : i], i == 0);
    strbuf_addz(&s->out, "]");
}

static void add_match(struct search *s)
{
    if (++s->matches > SCALAR_GRAPH_MATCHES || s->out.overflow) {
        s->failed = true;
        return;
    }
    strbuf_addz(&s->out, s->matches > 1 ? ",[[" : "[[");
    for (int32_t i = 0; i < s->p.n_nodes; i++)
        add_number(&s->out, s->bound[i], i == 0);
    strbuf_addz(&s->out, "]");
    for (int32_t var = 0; var < s->p.n_edges; var++)
        for (int32_t place = 0; place < s->p.n_edges; place++)
            if (s->order[place] == var)
                add_walk(s, place);
    strbuf_addz(&s->out, "]");
}

static void find_from(struct search *s, int32_t place);

/* A node takes its variable, when it may, and the search goes on with the next edge variable. */
static void arrive(struct search *s, int32_t place, int32_t node)
{
    const struct edge_var *e = &s->p.edges[s->order[place]];
    int32_t                target = s->backward[place] ? e->from : e->to;

    if (s->bound[target] != NOWHERE) {
        if (s->bound[target] == node && s->p.mode != SCALAR_GRAPH_CYCLES_NONE)
            find_from(s, place + 1);
        return;
    }
    if (!has(s->g.masks[node], s->p.nodes[target].needs))
        return;
    if (s->p.mode == SCALAR_GRAPH_CYCLES_NONE && s->node_used[node] > 0)
        return;
    s->bound[target] = node;
    s->node_used[node]++;
    find_from(s, place + 1);
    s->node_used[node]--;
    s->bound[target] = NOWHERE;
}

static void walk_on(struct search *s, int32_t place, int32_t node);

static void take_edge(struct search *s, int32_t place, int32_t edge, int32_t to)
{
    int32_t                var = s->order[place], n = s->n[var];
    const struct edge_var *e = &s->p.edges[var];

    if (!more_steps(s) || !has(s->g.edges[edge].mask, e->needs))
        return;
    if (s->p.mode != SCALAR_GRAPH_CYCLES_ALL && s->edge_used[edge])
        return;
    s->edges[var][n] = edge;
    s->nodes[var][n] = to;
    s->n[var] = n + 1;
    s->edge_used[edge]++;
    if (n + 1 >= e->least)
        arrive(s, place, to);
    bool between = n + 1 < e->most && has(s->g.masks[to], e->inner) &&
                   (s->p.mode != SCALAR_GRAPH_CYCLES_NONE || s->node_used[to] == 0);
    if (between) {
        s->node_used[to]++;
        walk_on(s, place, to);
        s->node_used[to]--;
    }
    s->edge_used[edge]--;
    s->n[var] = n;
}

/* All edges by which an edge variable may go on from a node. An edge to the node itself is taken once. */
static void walk_on(struct search *s, int32_t place, int32_t node)
{
    const struct edge_var *e = &s->p.edges[s->order[place]];
    int                    direction = s->backward[place] ? -e->direction : e->direction;
    const struct graph    *g = &s->g;

    for (int32_t i = g->out_first[node]; direction >= 0 && i < g->out_first[node + 1] && !s->failed; i++)
        take_edge(s, place, g->out[i], g->edges[g->out[i]].to);
    for (int32_t i = g->in_first[node]; direction <= 0 && i < g->in_first[node + 1] && !s->failed; i++)
        if (direction < 0 || g->edges[g->in[i]].from != node)
            take_edge(s, place, g->in[i], g->edges[g->in[i]].from);
}

static void find_from(struct search *s, int32_t place)
{
    if (s->failed)
        return;
    if (place == s->p.n_edges) {
        add_match(s);
        return;
    }
    const struct edge_var *e = &s->p.edges[s->order[place]];
    int32_t                node = s->bound[s->backward[place] ? e->to : e->from];
    s->n[s->order[place]] = 0;
    if (e->least == 0)
        arrive(s, place, node);
    walk_on(s, place, node);
}

/* --- the order: from the variable of the fewest candidates along edge variables that touch what is bound ---
 */

static int32_t rarest(const struct search *s)
{
    int64_t best = INT64_MAX;
    int32_t at = 0;

    for (int32_t v = 0; v < s->p.n_nodes; v++) {
        int64_t n = 0;
        for (int32_t i = 0; i < s->g.n_nodes; i++)
            n += has(s->g.masks[i], s->p.nodes[v].needs);
        if (n < best) {
            best = n;
            at = v;
        }
    }
    return at;
}

static bool make_order(struct search *s, int32_t start)
{
    bool seen[SCALAR_GRAPH_VARIABLES] = { 0 }, taken[SCALAR_GRAPH_VARIABLES] = { 0 };

    seen[start] = true;
    for (int32_t place = 0; place < s->p.n_edges; place++) {
        int32_t pick = NOWHERE;
        for (int32_t i = 0; i < s->p.n_edges && pick == NOWHERE; i++)
            if (!taken[i] && (seen[s->p.edges[i].from] || seen[s->p.edges[i].to]))
                pick = i;
        if (pick == NOWHERE)
            return false;
        taken[pick] = true;
        s->order[place] = pick;
        s->backward[place] = !seen[s->p.edges[pick].from];
        seen[s->p.edges[pick].from] = seen[s->p.edges[pick].to] = true;
    }
    for (int32_t i = 0; i < s->p.n_nodes; i++)
        if (!seen[i])
            return false;
    return true;
}

static bool begin(struct search *s, const struct scalar_value *argv)
{
    if (!read_pattern(argv[0].s, &s->p) || !read_graph(s->arena, argv[1].s, argv[2].s, &s->g))
        return false;
    s->edge_used = room(s->arena, (size_t)s->g.n_edges, 1);
    s->node_used = room(s->arena, (size_t)s->g.n_nodes, sizeof *s->node_used);
    if (!s->edge_used || !s->node_used)
        return false;
    memset(s->edge_used, 0, (size_t)s->g.n_edges);
    memset(s->node_used, 0, (size_t)s->g.n_nodes * sizeof *s->node_used);
    for (int32_t i = 0; i < s->p.n_edges; i++) {
        s->edges[i] = room(s->arena, (size_t)s->p.edges[i].most, sizeof(int32_t));
        s->nodes[i] = room(s->arena, (size_t)s->p.edges[i].most, sizeof(int32_t));
        if (!s->edges[i] || !s->nodes[i])
            return false;
    }
    for (int32_t i = 0; i < s->p.n_nodes; i++)
        s->bound[i] = NOWHERE;
    strbuf_init(&s->out, SCALAR_MAX_TEXT);
    strbuf_addc(&s->out, '[');
    return true;
}

static void finish(struct search *s, struct scalar_value *out)
{
    strbuf_addc(&s->out, ']');
    if (!s->failed)
        scalar_give(s->arena, &s->out, out);
    strbuf_done(&s->out);
}

void scalar_graph_match(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    struct search s = { .arena = a };

    if (!begin(&s, argv))
        return;
    int32_t start = rarest(&s);
    s.failed = !make_order(&s, start);
    for (int32_t node = 0; node < s.g.n_nodes && !s.failed; node++) {
        if (!has(s.g.masks[node], s.p.nodes[start].needs))
            continue;
        s.bound[start] = node;
        s.node_used[node]++;
        find_from(&s, 0);
        s.node_used[node]--;
        s.bound[start] = NOWHERE;
    }
    finish(&s, out);
}

/* --- shortest paths: a walk in breadth over (edge variable, edges it has taken, node) --- */

struct layers {
    struct search *s;
    int32_t        base[SCALAR_GRAPH_VARIABLES + 1]; /* of each edge variable among the counts */
    int32_t       *distance;                         /* of each state, or NOWHERE */
    int32_t       *queue;
    int32_t        n_queue;
    int32_t        source;
};

static int32_t state_of(const struct layers *l, int32_t var, int32_t count, int32_t node)
{
    return (l->base[var] + count) * l->s->g.n_nodes + node;
}

static void reach(struct layers *l, int32_t state, int32_t distance)
{
    if (l->distance[state] != NOWHERE)
        return;
    l->distance[state] = distance;
    l->queue[l->n_queue++] = state;
}

static int32_t var_of(const struct layers *l, int32_t state)
{
    int32_t row = state / l->s->g.n_nodes, var = 0;

    while (var < l->s->p.n_edges && row >= l->base[var + 1])
        var++;
    return var;
}

/* Whether a walk may stand on `node` with `count` edges of `var` taken and take one more. */
static bool may_pass(const struct search *s, int32_t var, int32_t count, int32_t node)
{
    const struct edge_var *e = &s->p.edges[var];
    return count < e->most && (count == 0 || has(s->g.masks[node], e->inner));
}

static bool may_end(const struct search *s, int32_t var, int32_t count, int32_t node)
{
    const struct edge_var *e = &s->p.edges[var];
    return count >= e->least && has(s->g.masks[node], s->p.nodes[e->to].needs);
}

static void spread_to(struct layers *l, int32_t var, int32_t count, int32_t edge, int32_t node,
                      int32_t distance)
{
    if (more_steps(l->s) && has(l->s->g.edges[edge].mask, l->s->p.edges[var].needs))
        reach(l, state_of(l, var, count, node), distance);
}

static void spread(struct layers *l, int32_t state)
{
    struct search      *s = l->s;
    const struct graph *g = &s->g;
    int32_t             var = var_of(l, state), node = state % g->n_nodes, d = l->distance[state];

    if (var == s->p.n_edges)
        return;
    int32_t count = state / g->n_nodes - l->base[var];
    int     direction = s->p.edges[var].direction;
    if (may_end(s, var, count, node)) /* the next variable begins here, at no cost */
        reach(l, state_of(l, var + 1, 0, node), d);
    if (!may_pass(s, var, count, node))
        return;
    for (int32_t i = g->out_first[node]; direction >= 0 && i < g->out_first[node + 1]; i++)
        spread_to(l, var, count + 1, g->out[i], g->edges[g->out[i]].to, d + 1);
    for (int32_t i = g->in_first[node]; direction <= 0 && i < g->in_first[node + 1]; i++)
        spread_to(l, var, count + 1, g->in[i], g->edges[g->in[i]].from, d + 1);
}

static bool trace(struct layers *l, int32_t var, int32_t count, int32_t node);

/* One edge back: the state before it is a step nearer to the source. */
static bool trace_edge(struct layers *l, int32_t var, int32_t count, int32_t node, int32_t edge, int32_t from)
{
    struct search *s = l->s;
    int32_t        before = l->distance[state_of(l, var, count - 1, from)];

    if (!more_steps(s) || before == NOWHERE || before + 1 != l->distance[state_of(l, var, count, node)] ||
        !has(s->g.edges[edge].mask, s->p.edges[var].needs) || !may_pass(s, var, count - 1, from))
        return false;
    s->edges[var][count - 1] = edge;
    s->nodes[var][count - 1] = node;
    return trace(l, var, count - 1, from);
}

/* Walks back from a state to the source; each arrival is a match. True: one is enough, and it is there. */
static bool trace(struct layers *l, int32_t var, int32_t count, int32_t node)
{
    struct search      *s = l->s;
    const struct graph *g = &s->g;

    if (s->failed)
        return true;
    if (count == 0 && var == 0) {
        if (node != l->source)
            return false;
        add_match(s);
        return s->p.mode == SCALAR_GRAPH_ANY;
    }
    if (count == 0) { /* where the variable before ended */
        const struct edge_var *e = &s->p.edges[var - 1];
        s->bound[e->to] = node;
        for (int32_t n = e->least; n <= e->most; n++) {
            if (l->distance[state_of(l, var - 1, n, node)] != l->distance[state_of(l, var, 0, node)])
                continue;
            s->n[var - 1] = n;
            if (trace(l, var - 1, n, node))
                return true;
        }
        return false;
    }
    int direction = s->p.edges[var].direction;
    for (int32_t i = g->in_first[node]; direction >= 0 && i < g->in_first[node + 1]; i++)
        if (trace_edge(l, var, count, node, g->in[i], g->edges[g->in[i]].from))
            return true;
    for (int32_t i = g->out_first[node]; direction <= 0 && i < g->out_first[node + 1]; i++)
        if ((direction < 0 || g->edges[g->out[i]].to != node) &&
            trace_edge(l, var, count, node, g->out[i], g->edges[g->out[i]].to))
            return true;
    return false;
}

static void shortest_from(struct layers *l, int32_t source, int32_t n_states)
{
    struct search *s = l->s;

    for (int32_t i = 0; i < n_states; i++)
        l->distance[i] = NOWHERE;
    l->n_queue = 0;
    l->source = source;
    s->bound[s->p.edges[0].from] = source;
    reach(l, state_of(l, 0, 0, source), 0);
    for (int32_t i = 0; i < l->n_queue && !s->failed; i++)
        spread(l, l->queue[i]);
    for (int32_t node = 0; node < s->g.n_nodes && !s->failed; node++)
        if (l->distance[state_of(l, s->p.n_edges, 0, node)] != NOWHERE)
            trace(l, s->p.n_edges, 0, node);
}

void scalar_graph_shortest(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    struct search s = { .arena = a };
    struct layers l = { .s = &s };

    if (!begin(&s, argv))
        return;
    for (int32_t i = 0; i < s.p.n_edges; i++) {
        l.base[i + 1] = l.base[i] + s.p.edges[i].most + 1;
        s.order[i] = i;
    }
    size_t states = ((size_t)l.base[s.p.n_edges] + 1) * (size_t)s.g.n_nodes;
    l.distance = states < INT32_MAX ? room(a, states, sizeof *l.distance) : NULL;
    l.queue = l.distance ? room(a, states, sizeof *l.queue) : NULL;
    s.failed = !l.queue || s.p.n_edges == 0;
    for (int32_t node = 0; node < s.g.n_nodes && !s.failed; node++)
        if (has(s.g.masks[node], s.p.nodes[s.p.edges[0].from].needs))
            shortest_from(&l, node, (int32_t)states);
    finish(&s, out);
}

/* --- components --- */

static int32_t root_of(int32_t *parent, int32_t node)
{
    while (parent[node] != node) {
        parent[node] = parent[parent[node]];
        node = parent[node];
    }
    return node;
}

static void weak_roots(const struct graph *g, int32_t *root)
{
    for (int32_t i = 0; i < g->n_nodes; i++)
        root[i] = i;
    for (int32_t i = 0; i < g->n_edges; i++) {
        int32_t x = root_of(root, g->edges[i].from), y = root_of(root, g->edges[i].to);
        root[x < y ? y : x] = x < y ? x : y;
    }
    for (int32_t i = 0; i < g->n_nodes; i++)
        root[i] = root_of(root, i);
}

/* Tarjan's algorithm with a stack of its own: a path may be as long as the graph. */
struct strong {
    const struct graph *g;
    int32_t            *number, *low, *next, *path, *open, *root; /* by node; path and open are stacks */
    int32_t             n_path, n_open, count;
};

static void enter(struct strong *t, int32_t node)
{
    t->number[node] = t->low[node] = t->count++;
    t->next[node] = t->g->out_first[node];
    t->path[t->n_path++] = node;
    t->open[t->n_open++] = node;
}

static void leave(struct strong *t, int32_t node)
{
    t->n_path--;
    if (t->n_path > 0 && t->low[node] < t->low[t->path[t->n_path - 1]])
        t->low[t->path[t->n_path - 1]] = t->low[node];
    if (t->low[node] != t->number[node])
        return;
    for (int32_t member = NOWHERE; member != node;) {
        member = t->open[--t->n_open];
        t->root[member] = node;
    }
}

static bool strong_roots(struct arena *a, const struct graph *g, int32_t *root)
{
    int32_t      *all = room(a, (size_t)g->n_nodes, 5 * sizeof *all), n = g->n_nodes;
    struct strong t = { .g = g, .root = root };

    if (!all)
        return false;
    t.number = all, t.low = all + n, t.next = all + 2 * n, t.path = all + 3 * n, t.open = all + 4 * n;
    for (int32_t i = 0; i < n; i++)
        t.number[i] = root[i] = NOWHERE;
    for (int32_t start = 0; start < n; start++) {
        if (t.number[start] == NOWHERE)
            enter(&t, start);
        while (t.n_path > 0) {
            int32_t node = t.path[t.n_path - 1];
            if (t.next[node] == g->out_first[node + 1]) {
                leave(&t, node);
                continue;
            }
            int32_t to = g->edges[g->out[t.next[node]++]].to;
            if (t.number[to] == NOWHERE)
                enter(&t, to);
            else if (root[to] == NOWHERE && t.number[to] < t.low[node])
                t.low[node] = t.number[to];
        }
    }
    return true;
}

static bool read_ends(struct arena *a, str nodes, str edges, struct graph *g)
{
    int64_t from, to;

    g->n_nodes = count_numbers(nodes);
    g->n_edges = count_numbers(edges) / 2;
    g->edges = room(a, (size_t)g->n_edges, sizeof *g->edges);
    for (int32_t i = 0; g->edges && i < g->n_edges; i++) {
        if (!next_number(&edges, &from) || !next_number(&edges, &to))
            return false;
        if (from < 0 || to < 0 || from >= g->n_nodes || to >= g->n_nodes)
            return false;
        g->edges[i] = (struct edge) { .from = (int32_t)from, .to = (int32_t)to };
    }
    return g->edges && index_by(a, g, false, &g->out_first, &g->out);
}

/* Numbers from 0, in the order of the components' first nodes. */
void scalar_graph_components(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    struct strbuf text = STRBUF_INIT(SCALAR_MAX_TEXT);
    struct graph  g = { 0 };
    int32_t       count = 0;

    if (!read_ends(a, argv[0].s, argv[1].s, &g))
        return;
    int32_t *root = room(a, (size_t)g.n_nodes, sizeof *root),
            *number = room(a, (size_t)g.n_nodes, sizeof *root);
    if (!root || !number)
        return;
    if (argv[2].i == 0 || argv[2].i == SCALAR_MISSING)
        weak_roots(&g, root);
    else if (!strong_roots(a, &g, root))
        return;
    for (int32_t i = 0; i < g.n_nodes; i++)
        number[i] = NOWHERE;
    strbuf_addc(&text, '[');
    for (int32_t i = 0; i < g.n_nodes; i++) {
        if (number[root[i]] == NOWHERE)
            number[root[i]] = count++;
        add_number(&text, number[root[i]], i == 0);
    }
    strbuf_addc(&text, ']');
    scalar_give(a, &text, out);
    strbuf_done(&text);
}
