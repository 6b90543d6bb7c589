/* SPDX-License-Identifier: Apache-2.0 */
#include "scalar/scalar_geo_graph.h"

#include "scalar/scalar_geo_cell.h"

#define SAME 4e-15 /* radians */

struct edge {
    uint32_t from, to;
    uint32_t side; /* of the first or the second operand */
    uint32_t id;   /* in the order of the input */
    /* A cap that holds it: most pairs of edges are told apart by theirs. */
    struct vec middle;
    double     half;
};

struct cut {
    uint32_t edge, vertex;
    double   at; /* from the edge's start */
};

/* A piece of edges, once: from the vertex of the lower number to the other. */
struct piece {
    uint32_t low, high;
    int      net[2];   /* edges from low to high less those back, of each side */
    bool     there[2]; /* any edge of that side */
    uint32_t id;       /* the lowest */
    bool     back;     /* the edge of that number goes from high to low */
};

struct graph {
    struct arena           *arena;
    struct geo_line         vertices;
    struct edge            *edges;
    size_t                  n_edges;
    struct cut             *cuts;
    size_t                  n_cuts, room_cuts;
    struct piece           *pieces;
    size_t                  n_pieces;
    const struct geo_lines *sides[2];
};

/* --- sorting: a heap, for any array --- */

typedef bool less_fn(const void *ctx, const void *a, const void *b);

static void swap(char *a, char *b, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        char c = a[i];
        a[i] = b[i];
        b[i] = c;
    }
}

static void sort(void *array, size_t n, size_t size, less_fn *less, const void *ctx)
{
    char *p = array;

    for (size_t end = n, start = n / 2; end > 1;) {
        if (start > 0)
            start--;
        else
            swap(p, p + --end * size, size);
        for (size_t root = start, kid; (kid = 2 * root + 1) < end; root = kid) {
            if (kid + 1 < end && less(ctx, p + kid * size, p + (kid + 1) * size))
                kid++;
            if (!less(ctx, p + root * size, p + kid * size))
                break;
            swap(p + root * size, p + kid * size, size);
        }
    }
}

/* --- edges and where they meet --- */

static bool add_edges(struct graph *g, const struct geo_lines *lines, uint32_t side, bool closed)
{
    for (size_t l = 0; l < lines->n; l++) {
        const struct geo_line *line = &lines->p[l];
        uint32_t               first = (uint32_t)g->vertices.n;
        for (size_t i = 0; i < line->n; i++)
            if (!scalar_geo_shape_add(g->arena, &g->vertices, line->p[i]))
                return false;
        for (size_t i = 0; i + !closed < line->n; i++) {
            uint32_t   next = i + 1 < line->n ? (uint32_t)i + 1 : 0;
            struct vec middle = vec_unit(vec_add(line->p[i].v, line->p[next].v));
            g->edges[g->n_edges] =
                (struct edge) { first + (uint32_t)i,  first + next, side,
                                (uint32_t)g->n_edges, middle,       vec_distance(middle, line->p[i].v) };
            g->n_edges++;
        }
    }
    g->sides[side] = lines;
    return true;
}

static size_t points_of(const struct geo_lines *lines)
{
    size_t n = 0;
    for (size_t i = 0; lines && i < lines->n; i++)
        n += lines->p[i].n;
    return n;
}

static struct vec at(const struct graph *g, uint32_t vertex)
{
    return g->vertices.p[vertex].v;
}

static bool cut(struct graph *g, const struct edge *e, uint32_t vertex)
{
    if (g->n_cuts == g->room_cuts) {
        size_t      room = g->room_cuts ? g->room_cuts * 2 : 256;
        struct cut *more = ARENA_TRY_ARRAY(g->arena, struct cut, room);
        if (!more)
            return false;
        if (g->n_cuts > 0)
            memcpy(more, g->cuts, g->n_cuts * sizeof *more);
        g->cuts = more;
        g->room_cuts = room;
    }
    g->cuts[g->n_cuts++] =
        (struct cut) { (uint32_t)(e - g->edges), vertex, vec_distance(at(g, e->from), at(g, vertex)) };
    return true;
}

static bool is_near(struct vec a, struct vec b)
{
    return vec_distance(a, b) < SAME;
}

/* A vertex on an edge, but not at its ends. */
static bool lies_on(const struct graph *g, uint32_t vertex, const struct edge *e)
{
    struct vec a = at(g, e->from), b = at(g, e->to), p = at(g, vertex), n = vec_normal(a, b);

    return fabs(vec_dot(n, p)) <= SAME * vec_norm(n) && vec_dot(vec_cross(n, a), p) > 0 &&
           vec_dot(vec_cross(b, n), p) > 0 && !is_near(a, p) && !is_near(b, p);
}

static bool crosses(const struct graph *g, const struct edge *e, const struct edge *f, struct vec *out)
{
    struct vec a = at(g, e->from), b = at(g, e->to), c = at(g, f->from), d = at(g, f->to);
    struct vec n = vec_normal(a, b), m = vec_normal(c, d);
    bool       left = vec_dot(n, c) > 0; /* c of the first edge, as b is of the second where they cross */

    if ((vec_dot(n, d) > 0) == left || (vec_dot(m, b) > 0) != left || (vec_dot(m, a) > 0) == left)
        return false;
    struct vec x = vec_unit(vec_cross(n, m));
    *out = vec_dot(x, vec_add(a, b)) < 0 ? vec_scale(x, -1) : x;
    return true;
}

static bool far_apart(const struct edge *e, const struct edge *f)
{
    struct vec way = vec_sub(e->middle, f->middle);
    double     near = e->half + f->half + 2 * SAME;

    return vec_dot(way, way) > near * near;
}

static bool cut_pair(struct graph *g, const struct edge *e, const struct edge *f)
{
    const struct edge *pair[] = { e, f };
    bool               touch = false;
    struct vec         x;

    if (far_apart(e, f))
        return true;
    for (int i = 0; i < 2; i++) {
        uint32_t ends[] = { pair[!i]->from, pair[!i]->to };
        for (int k = 0; k < 2; k++) {
            bool on = lies_on(g, ends[k], pair[i]);
            touch = touch || on || is_near(at(g, ends[k]), at(g, pair[i]->from)) ||
                    is_near(at(g, ends[k]), at(g, pair[i]->to));
            if (on && !cut(g, pair[i], ends[k]))
                return false;
        }
    }
    if (touch || !crosses(g, e, f, &x))
        return true;
    uint32_t vertex = (uint32_t)g->vertices.n;
    return scalar_geo_shape_add(g->arena, &g->vertices, scalar_geo_shape_point(x)) && cut(g, e, vertex) &&
           cut(g, f, vertex);
}

static bool cut_all(struct graph *g)
{
    for (size_t i = 0; i < g->n_edges; i++)
        for (size_t j = i + 1; j < g->n_edges; j++)
            if (g->edges[i].side != g->edges[j].side && !cut_pair(g, &g->edges[i], &g->edges[j]))
                return false;
    return true;
}

/* --- vertices that are one --- */

static bool less_x(const void *ctx, const void *a, const void *b)
{
    const struct geo_point *p = ctx;
    return p[*(const uint32_t *)a].v.x < p[*(const uint32_t *)b].v.x;
}

/* For each vertex the lowest number of those that are it. */
static uint32_t *merged(struct graph *g)
{
    size_t    n = g->vertices.n;
    uint32_t *order = ARENA_TRY_ARRAY(g->arena, uint32_t, n), *of = ARENA_TRY_ARRAY(g->arena, uint32_t, n);

    if (!order || !of)
        return NULL;
    for (uint32_t i = 0; i < n; i++)
        order[i] = of[i] = i;
    sort(order, n, sizeof *order, less_x, g->vertices.p);
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n && at(g, order[j]).x - at(g, order[i]).x < SAME; j++) {
            uint32_t a = of[order[i]], b = of[order[j]];
            if (is_near(at(g, order[i]), at(g, order[j])))
                of[order[i]] = of[order[j]] = a < b ? a : b;
        }
    for (uint32_t i = 0; i < n; i++)
        while (of[i] != of[of[i]])
            of[i] = of[of[i]];
    return of;
}

/* --- pieces --- */

static bool less_cut(const void *ctx, const void *a, const void *b)
{
    const struct cut *x = a, *y = b;
    (void)ctx;
    return x->edge != y->edge ? x->edge < y->edge : x->at < y->at;
}

static bool less_piece(const void *ctx, const void *a, const void *b)
{
    const struct piece *x = a, *y = b;
    (void)ctx;
    return x->low != y->low ? x->low < y->low : x->high != y->high ? x->high < y->high : x->id < y->id;
}

static bool less_id(const void *ctx, const void *a, const void *b)
{
    const struct piece *x = a, *y = b;
    (void)ctx;
    return x->id < y->id;
}

static void add_piece(struct graph *g, const struct edge *e, uint32_t from, uint32_t to)
{
    bool         back = from > to;
    struct piece p = { back ? to : from, back ? from : to, { 0 }, { false }, e->id, back };

    if (from == to)
        return;
    p.net[e->side] = back ? -1 : 1;
    p.there[e->side] = true;
    g->pieces[g->n_pieces++] = p;
}

/* Equal pieces become one. Numbers are of edges, so pieces of one edge share it; they stay in the edge's
 * order because each is numbered anew by its place. */
static bool make_pieces(struct graph *g, uint32_t *of)
{
    size_t c = 0, kept = 0;

    g->pieces = ARENA_TRY_ARRAY(g->arena, struct piece, g->n_edges + g->n_cuts + 1);
    if (!g->pieces || !of)
        return false;
    sort(g->cuts, g->n_cuts, sizeof *g->cuts, less_cut, NULL);
    for (size_t i = 0; i < g->n_edges; i++) {
        uint32_t from = of[g->edges[i].from];
        for (; c < g->n_cuts && g->cuts[c].edge == i; c++) {
            add_piece(g, &g->edges[i], from, of[g->cuts[c].vertex]);
            from = of[g->cuts[c].vertex];
        }
        add_piece(g, &g->edges[i], from, of[g->edges[i].to]);
    }
    sort(g->pieces, g->n_pieces, sizeof *g->pieces, less_piece, NULL);
    for (size_t i = 0; i < g->n_pieces; i++) {
        struct piece *p = &g->pieces[i], *last = kept > 0 ? &g->pieces[kept - 1] : NULL;
        if (!last || last->low != p->low || last->high != p->high) {
            g->pieces[kept++] = *p;
            continue;
        }
        for (int s = 0; s < 2; s++) {
            last->net[s] += p->net[s];
            last->there[s] = last->there[s] || p->there[s];
        }
    }
    g->n_pieces = kept;
    return true;
}

static bool build(struct graph *g, struct arena *a, const struct geo_lines *first, bool closed1,
                  const struct geo_lines *second, bool closed2)
{
    size_t n = points_of(first) + points_of(second);

    *g = (struct graph) { .arena = a };
    if (n > SCALAR_GEO_EDGES_MAX || !(g->edges = ARENA_TRY_ARRAY(a, struct edge, n + 1)))
        return false;
    return add_edges(g, first, 0, closed1) && (!second || add_edges(g, second, 1, closed2)) && cut_all(g) &&
           make_pieces(g, merged(g));
}

static bool is_inside(const struct graph *g, int side, const struct piece *p)
{
    return scalar_geo_shape_winding(g->sides[side], vec_unit(vec_add(at(g, p->low), at(g, p->high)))) > 0;
}

/* --- putting rings together --- */

struct half {
    uint32_t from, to, id;
    uint64_t cell; /* of its start */
    bool     used;
};

static bool less_half(const void *ctx, const void *a, const void *b)
{
    const struct half *x = a, *y = b;
    (void)ctx;
    return x->cell != y->cell ? x->cell < y->cell : x->from != y->from ? x->from < y->from : x->to < y->to;
}

/* How far to turn right from the way back to `from`, to look at `to`. */
static double turn(const struct graph *g, uint32_t from, uint32_t here, uint32_t to)
{
    struct vec v = at(g, here), a = at(g, from), b = at(g, to);
    double     left = atan2(vec_dot(v, vec_cross(vec_sub(a, v), vec_sub(b, v))),
                            vec_dot(a, b) - vec_dot(a, v) * vec_dot(b, v));
    return left >= 0 ? 2 * M_PI - left : -left;
}

/* The unused edge that bounds the same side: the first to the right of the way back. */
static struct half *next_of(const struct graph *g, struct half *halves, size_t n, const struct half *h)
{
    struct half *best = NULL;
    double       least = 0;

    for (size_t i = 0; i < n; i++) {
        if (halves[i].used || halves[i].from != h->to)
            continue;
        double by = turn(g, h->from, h->to, halves[i].to);
        if (!best || by < least) {
            best = &halves[i];
            least = by;
        }
    }
    return best;
}

/* A ring begins behind the edge of the highest number, so that an input ring keeps its first point; of
 * several such edges in a row, the last; of several rows, the first. */
static size_t start_of(struct half *const *path, size_t n)
{
    size_t pos = 0;
    bool   gap = false;

    for (size_t i = 1; i < n; i++) {
        if (path[i]->id < path[pos]->id) {
            gap = true;
        } else if (path[i]->id > path[pos]->id || !gap) {
            pos = i;
            gap = false;
        }
    }
    return (pos + 1) % n;
}

struct rings {
    struct geo_lines *out;
    uint32_t         *firsts; /* the number of each ring's first edge */
};

/* Rings come in the order of their first edges. */
static bool add_ring(struct graph *g, struct half *const *path, size_t n, struct rings *rings)
{
    struct geo_line   ring = { 0 };
    struct geo_lines *out = rings->out;
    size_t            start = start_of(path, n);

    if (n < 3)
        return true;
    for (size_t i = 0; i < n; i++)
        if (!scalar_geo_shape_add(g->arena, &ring, g->vertices.p[path[(start + i) % n]->from]))
            return false;
    if (!scalar_geo_shape_push(g->arena, out, ring))
        return false;
    size_t at_ring = out->n - 1;
    for (; at_ring > 0 && rings->firsts[at_ring - 1] > path[start]->id; at_ring--) {
        out->p[at_ring] = out->p[at_ring - 1];
        rings->firsts[at_ring] = rings->firsts[at_ring - 1];
    }
    out->p[at_ring] = ring;
    rings->firsts[at_ring] = path[start]->id;
    return true;
}

/* Walks on until a vertex is met again: what lies between is a ring. */
static bool walk(struct graph *g, struct half *halves, size_t n, struct half **path, struct rings *rings)
{
    size_t length = 0;

    for (struct half *h = path[0]; h; h = next_of(g, halves, n, h)) {
        h->used = true;
        path[length++] = h;
        size_t back = length;
        while (back > 0 && path[back - 1]->from != h->to)
            back--;
        if (back == 0)
            continue;
        if (!add_ring(g, path + back - 1, length - (back - 1), rings))
            return false;
        length = back - 1;
        if (length == 0)
            return true;
        h = path[length - 1];
    }
    return true;
}

static bool assemble(struct graph *g, struct half *halves, size_t n, struct geo_lines *out)
{
    struct half **path = ARENA_TRY_ARRAY(g->arena, struct half *, n + 1);
    struct rings  rings = { out, ARENA_TRY_ARRAY(g->arena, uint32_t, n + 1) };

    if (!path || !rings.firsts)
        return false;
    for (size_t i = 0; i < n; i++)
        halves[i].cell = scalar_geo_cell_of(at(g, halves[i].from));
    sort(halves, n, sizeof *halves, less_half, NULL);
    for (size_t i = 0; i < n; i++) {
        path[0] = &halves[i];
        if (!halves[i].used && !walk(g, halves, n, path, &rings))
            return false;
    }
    return true;
}

/* --- putting lines together --- */

/* Pieces in the order of the input; a line ends where another way leads on or none does. */
static bool join(struct graph *g, const bool *kept, struct geo_lines *out)
{
    size_t        n = 0, nv = g->vertices.n;
    struct piece *p = ARENA_TRY_ARRAY(g->arena, struct piece, g->n_pieces + 1);
    uint32_t *ins = ARENA_TRY_ARRAY(g->arena, uint32_t, nv), *outs = ARENA_TRY_ARRAY(g->arena, uint32_t, nv);
    bool     *used = ARENA_TRY_ARRAY(g->arena, bool, g->n_pieces + 1);

    if (!p || !ins || !outs || !used)
        return false;
    memset(ins, 0, nv * sizeof *ins);
    memset(outs, 0, nv * sizeof *outs);
    for (size_t i = 0; i < g->n_pieces; i++)
        if (kept[i])
            p[n++] = g->pieces[i];
    sort(p, n, sizeof *p, less_id, NULL);
    for (size_t i = 0; i < n; i++) {
        used[i] = false;
        outs[p[i].back ? p[i].high : p[i].low]++;
        ins[p[i].back ? p[i].low : p[i].high]++;
    }
    for (int cycles = 0; cycles < 2; cycles++)
        for (size_t i = 0; i < n; i++) {
            uint32_t here = p[i].back ? p[i].high : p[i].low;
            if (used[i] || (!cycles && ins[here] == 1 && outs[here] == 1))
                continue;
            struct geo_line line = { 0 };
            if (!scalar_geo_shape_add(g->arena, &line, g->vertices.p[here]))
                return false;
            for (size_t at_piece = i; at_piece < n;) {
                used[at_piece] = true;
                here = p[at_piece].back ? p[at_piece].low : p[at_piece].high;
                if (!scalar_geo_shape_add(g->arena, &line, g->vertices.p[here]))
                    return false;
                if (ins[here] != 1 || outs[here] != 1)
                    break;
                for (at_piece = 0; at_piece < n; at_piece++)
                    if (!used[at_piece] && (p[at_piece].back ? p[at_piece].high : p[at_piece].low) == here)
                        break;
            }
            if (!scalar_geo_shape_push(g->arena, out, line))
                return false;
        }
    return true;
}

/* Vertices where both sides are and no kept piece ends. */
static bool add_touching(struct graph *g, const bool *kept, struct geo_line *out)
{
    enum { FIRST = 1, SECOND = 2, KEPT = 4 };
    uint8_t *marks = ARENA_TRY_ARRAY(g->arena, uint8_t, g->vertices.n + 1);

    if (!marks)
        return false;
    memset(marks, 0, g->vertices.n);
    for (size_t i = 0; i < g->n_pieces; i++) {
        const struct piece *p = &g->pieces[i];
        uint8_t             mark =
            (uint8_t)((p->there[0] ? FIRST : 0) | (p->there[1] ? SECOND : 0) | (kept[i] ? KEPT : 0));
        marks[p->low] |= mark;
        marks[p->high] |= mark;
    }
    for (size_t v = 0; v < g->vertices.n; v++)
        if (marks[v] == (FIRST | SECOND) && !scalar_geo_shape_add(g->arena, out, g->vertices.p[v]))
            return false;
    return true;
}

/* --- the operations --- */

static bool combine(struct arena *a, const struct geo_lines *first, const struct geo_lines *second, bool both,
                    struct geo_shapes *out)
{
    struct graph g;
    size_t       n = 0;

    *out = (struct geo_shapes) { 0 };
    if (!build(&g, a, first, true, second, true))
        return false;
    struct half *halves = ARENA_TRY_ARRAY(a, struct half, g.n_pieces + 1);
    bool        *kept = ARENA_TRY_ARRAY(a, bool, g.n_pieces + 1);
    bool        *shared = ARENA_TRY_ARRAY(a, bool, g.n_pieces + 1);
    if (!halves || !kept || !shared)
        return false;
    for (size_t i = 0; i < g.n_pieces; i++) {
        const struct piece *p = &g.pieces[i];
        bool                left[2], right[2];
        for (int s = 0; s < 2; s++) {
            left[s] = p->net[s] != 0 ? p->net[s] > 0 : is_inside(&g, s, p);
            right[s] = p->net[s] != 0 ? p->net[s] < 0 : left[s];
        }
        bool l = both ? left[0] && left[1] : left[0] || left[1];
        bool r = both ? right[0] && right[1] : right[0] || right[1];
        shared[i] = both && l == r && p->net[0] != 0 && p->net[1] != 0;
        kept[i] = l != r || shared[i];
        if (l != r)
            halves[n++] = (struct half) { l ? p->low : p->high, l ? p->high : p->low, p->id, 0, false };
    }
    return assemble(&g, halves, n, &out->rings) &&
           (!both || (join(&g, shared, &out->lines) && add_touching(&g, kept, &out->points)));
}

bool scalar_geo_graph_unite(struct arena *a, const struct geo_lines *rings1, const struct geo_lines *rings2,
                            struct geo_shapes *out)
{
    return combine(a, rings1, rings2, false, out);
}

bool scalar_geo_graph_intersect(struct arena *a, const struct geo_lines *rings1,
                                const struct geo_lines *rings2, struct geo_shapes *out)
{
    return combine(a, rings1, rings2, true, out);
}

bool scalar_geo_graph_clip(struct arena *a, const struct geo_lines *lines, const struct geo_lines *rings,
                           struct geo_shapes *out)
{
    struct graph g;

    *out = (struct geo_shapes) { 0 };
    if (!build(&g, a, lines, false, rings, true))
        return false;
    bool *kept = ARENA_TRY_ARRAY(a, bool, g.n_pieces + 1);
    if (!kept)
        return false;
    for (size_t i = 0; i < g.n_pieces; i++)
        kept[i] = g.pieces[i].there[0] && (g.pieces[i].there[1] || is_inside(&g, 1, &g.pieces[i]));
    return join(&g, kept, &out->lines) && add_touching(&g, kept, &out->points);
}

bool scalar_geo_graph_meet(struct arena *a, const struct geo_lines *lines1, const struct geo_lines *lines2,
                           struct geo_shapes *out)
{
    struct graph g;

    *out = (struct geo_shapes) { 0 };
    if (!build(&g, a, lines1, false, lines2, false))
        return false;
    bool *kept = ARENA_TRY_ARRAY(a, bool, g.n_pieces + 1);
    if (!kept)
        return false;
    for (size_t i = 0; i < g.n_pieces; i++)
        kept[i] = g.pieces[i].there[0] && g.pieces[i].there[1];
    return join(&g, kept, &out->lines) && add_touching(&g, kept, &out->points);
}

bool scalar_geo_graph_join(struct arena *a, const struct geo_lines *lines, struct geo_shapes *out)
{
    struct graph g;

    *out = (struct geo_shapes) { 0 };
    if (!build(&g, a, lines, false, NULL, false))
        return false;
    bool *kept = ARENA_TRY_ARRAY(a, bool, g.n_pieces + 1);
    if (!kept)
        return false;
    memset(kept, true, g.n_pieces);
    return join(&g, kept, &out->lines);
}
