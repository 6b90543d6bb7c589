/* SPDX-License-Identifier: Apache-2.0 */
#include "scalar/scalar_geo_cell.h"

enum { LEVELS = 30 };

#define TOUCHING 4e-15

/* By the turn of a cell: where a quarter (2 * i + j) comes on the curve; and how the curve turns in that
 * place. */
static const uint8_t ORDER[4][4] = { { 0, 1, 3, 2 }, { 0, 3, 1, 2 }, { 2, 3, 1, 0 }, { 2, 1, 3, 0 } };
static const uint8_t TURNS[4] = { 1, 0, 0, 3 };

/* --- a face and a place on it, from 0 to 1 --- */

static double place_of(double u)
{
    return u >= 0 ? 0.5 * sqrt(1 + 3 * u) : 1 - 0.5 * sqrt(1 - 3 * u);
}

static double bent(double s)
{
    return s >= 0.5 ? (4 * s * s - 1) / 3 : (1 - 4 * (1 - s) * (1 - s)) / 3;
}

static int face_of(struct vec v, double *u, double *w)
{
    double ax = fabs(v.x), ay = fabs(v.y), az = fabs(v.z);
    int    face = ax >= ay && ax >= az ? 0 : ay >= az ? 1 : 2;

    face += (face == 0 ? v.x : face == 1 ? v.y : v.z) < 0 ? 3 : 0;
    switch (face) {
    case 0:
        *u = v.y / v.x, *w = v.z / v.x;
        break;
    case 1:
        *u = -v.x / v.y, *w = v.z / v.y;
        break;
    case 2:
        *u = -v.x / v.z, *w = -v.y / v.z;
        break;
    case 3:
        *u = v.z / v.x, *w = v.y / v.x;
        break;
    case 4:
        *u = v.z / v.y, *w = -v.x / v.y;
        break;
    default:
        *u = -v.y / v.z, *w = -v.x / v.z;
        break;
    }
    return face;
}

static struct vec vec_at(int face, double u, double w)
{
    switch (face) {
    case 0:
        return vec_unit((struct vec) { 1, u, w });
    case 1:
        return vec_unit((struct vec) { -u, 1, w });
    case 2:
        return vec_unit((struct vec) { -u, -w, 1 });
    case 3:
        return vec_unit((struct vec) { -1, -w, -u });
    case 4:
        return vec_unit((struct vec) { w, -1, -u });
    default:
        return vec_unit((struct vec) { w, u, -1 });
    }
}

static uint32_t grid(double u)
{
    double s = floor(place_of(u) * (1 << LEVELS));
    return s < 0 ? 0 : s >= (1 << LEVELS) ? (1 << LEVELS) - 1 : (uint32_t)s;
}

uint64_t scalar_geo_cell_of(struct vec v)
{
    double   u, w;
    int      face = face_of(v, &u, &w), turn = face & 1;
    uint32_t i = grid(u), j = grid(w);
    uint64_t id = (uint64_t)face;

    for (int k = LEVELS - 1; k >= 0; k--) {
        unsigned place = ORDER[turn][(i >> k & 1) * 2 + (j >> k & 1)];
        id = id << 2 | place;
        turn ^= TURNS[place];
    }
    return id << 1 | 1;
}

/* --- coverings --- */

struct cell {
    int      face, level, turn;
    uint32_t i, j; /* of its level */
    uint64_t path; /* face and places so far */
};

struct covering {
    struct arena             *arena;
    const struct geo_covered *what;
    double                    chord; /* of what->meters */
    int                       level;
    struct geo_cells         *out;
    size_t                    room;
};

static void corners_of(const struct cell *c, struct geo_point *out)
{
    double size = 1 / (double)(1 << c->level);

    for (int k = 0; k < 4; k++) {
        double s = (c->i + (k == 1 || k == 2)) * size, t = (c->j + (k >= 2)) * size;
        out[k].v = vec_at(c->face, bent(s), bent(t));
    }
}

static bool meets(struct vec a, struct vec b, struct vec c, struct vec d)
{
    struct vec n = vec_normal(a, b), m = vec_normal(c, d);
    bool       left = vec_dot(n, c) > 0;

    return (vec_dot(n, d) > 0) != left && (vec_dot(m, b) > 0) == left && (vec_dot(m, a) > 0) != left;
}

static bool cell_holds(const struct geo_point *corners, struct vec p)
{
    for (int k = 0; k < 4; k++)
        if (vec_dot(vec_normal(corners[k].v, corners[(k + 1) & 3].v), p) < 0)
            return false;
    return true;
}

/* Arcs that do not cross are nearest at an end of one of them. */
static bool is_close(const struct geo_point *corners, struct vec a, struct vec b, double chord)
{
    for (int k = 0; k < 4; k++) {
        struct vec c = corners[k].v, d = corners[(k + 1) & 3].v;
        if (meets(a, b, c, d) || vec_to_arc(a, c, d) <= chord || vec_to_arc(b, c, d) <= chord ||
            vec_to_arc(c, a, b) <= chord)
            return true;
    }
    return false;
}

static bool is_met(const struct covering *c, const struct cell *cell)
{
    const struct geo_lines *shape = c->what->shape;
    struct geo_point        corners[4];

    corners_of(cell, corners);
    for (size_t l = 0; l < shape->n; l++) {
        const struct geo_line *line = &shape->p[l];
        for (size_t i = 0; i < line->n; i++) {
            bool last = i + 1 == line->n && !c->what->closed;
            if (cell_holds(corners, line->p[i].v) ||
                (!last && is_close(corners, line->p[i].v, line->p[(i + 1) % line->n].v, c->chord)))
                return true;
        }
    }
    return c->what->closed && scalar_geo_shape_winding(shape, corners[0].v) > 0;
}

static bool keep(struct covering *c, const struct cell *cell)
{
    if (c->out->n == SCALAR_GEO_CELLS_MAX) {
        c->out->over = true;
        return true;
    }
    if (c->out->n == c->room) {
        size_t    room = c->room ? c->room * 2 : 64;
        uint64_t *more = ARENA_TRY_ARRAY(c->arena, uint64_t, room);
        if (!more)
            return false;
        if (c->out->n > 0)
            memcpy(more, c->out->p, c->out->n * sizeof *more);
        c->out->p = more;
        c->room = room;
    }
    c->out->p[c->out->n++] = (cell->path << 1 | 1) << (2 * (LEVELS - cell->level));
    return true;
}

/* Depth is that of levels. */
static bool descend(struct covering *c, const struct cell *cell)
{
    if (c->out->over || !is_met(c, cell))
        return true;
    if (cell->level == c->level)
        return keep(c, cell);
    for (unsigned place = 0; place < 4; place++)
        for (unsigned quarter = 0; quarter < 4; quarter++) {
            if (ORDER[cell->turn][quarter] != place)
                continue;
            struct cell kid = { cell->face,
                                cell->level + 1,
                                cell->turn ^ TURNS[place],
                                cell->i * 2 + (quarter >> 1),
                                cell->j * 2 + (quarter & 1),
                                cell->path << 2 | place };
            if (!descend(c, &kid))
                return false;
        }
    return true;
}

bool scalar_geo_cell_cover(struct arena *a, const struct geo_covered *what, int level, struct geo_cells *out)
{
    struct covering c = { a, what, fmax(vec_chord(what->meters), TOUCHING), level, out, 0 };

    *out = (struct geo_cells) { 0 };
    for (int face = 0; face < 6; face++)
        if (!descend(&c, &(struct cell) { face, 0, face & 1, 0, 0, (uint64_t)face }))
            return false;
    return true;
}

void scalar_geo_cell_token(struct strbuf *out, uint64_t id)
{
    for (int shift = 60; shift >= 0 && (id << (60 - shift)) != 0; shift -= 4)
        strbuf_addc(out, "0123456789abcdef"[id >> shift & 15]);
}
