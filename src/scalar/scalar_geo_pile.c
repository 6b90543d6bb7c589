/* SPDX-License-Identifier: Apache-2.0 */
#include "scalar/scalar_geo_pile.h"

static bool push(struct arena *a, struct geo_pile *pile, struct geo_polygon polygon)
{
    if (pile->n == pile->room) {
        size_t              room = pile->room ? pile->room * 2 : 8;
        struct geo_polygon *more = ARENA_TRY_ARRAY(a, struct geo_polygon, room);
        if (!more)
            return false;
        if (pile->n > 0)
            memcpy(more, pile->p, pile->n * sizeof *more);
        pile->p = more;
        pile->room = room;
    }
    pile->p[pile->n++] = polygon;
    return true;
}

bool scalar_geo_pile_push(struct arena *a, struct geo_pile *pile, struct geo_lines rings)
{
    size_t points = 0;

    for (size_t i = 0; i < rings.n; i++)
        points += rings.p[i].n;
    return push(a, pile, (struct geo_polygon) { rings, points });
}

/* Takes the one with the fewest points, of several the first: small ones are united before they meet big
 * ones. */
static struct geo_polygon take_least(struct geo_pile *pile)
{
    size_t at = 0;

    for (size_t i = 1; i < pile->n; i++)
        if (pile->p[i].points < pile->p[at].points)
            at = i;
    struct geo_polygon least = pile->p[at];
    memmove(pile->p + at, pile->p + at + 1, (--pile->n - at) * sizeof *pile->p);
    return least;
}

bool scalar_geo_pile_unite(struct arena *a, struct geo_pile *pile, struct geo_lines *out)
{
    while (pile->n > 1) {
        struct geo_polygon first = take_least(pile), second = take_least(pile);
        struct geo_shapes  both;
        if (!scalar_geo_graph_unite(a, &first.rings, &second.rings, &both) ||
            !push(a, pile, (struct geo_polygon) { both.rings, first.points + second.points }))
            return false;
    }
    if (pile->n == 0)
        return false;
    *out = pile->p[--pile->n].rings;
    return true;
}
