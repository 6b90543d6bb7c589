/* SPDX-License-Identifier: Apache-2.0 */
#include "base/near.h"

enum { LONGEST = 64 };

static char folded(str s, size_t i)
{
    char c = s.p[i];
    return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment: rows i-2, i-1 and i of the table, O(n * m). What is sure to end beyond `most`
 * ends early: no row after two that are beyond it is within. */
static size_t distance_within(str a, str b, size_t most)
{
    size_t rows[3][LONGEST + 1], least_before = 0;
    if (a.n > LONGEST || b.n > LONGEST)
        return NEAR_FAR;
    for (size_t j = 0; j <= b.n; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a.n; i++) {
        size_t *row = rows[i % 3], *before = rows[(i + 2) % 3], *before_that = rows[(i + 1) % 3];
        size_t  least_here = row[0] = i;
        for (size_t j = 1; j <= b.n; j++) {
            bool same = folded(a, i - 1) == folded(b, j - 1);
            row[j] = least(before[j - 1] + !same, least(before[j], row[j - 1]) + 1);
            bool swapped = i > 1 && j > 1 && folded(a, i - 1) == folded(b, j - 2) &&
                           folded(a, i - 2) == folded(b, j - 1);
            if (swapped)
                row[j] = least(row[j], before_that[j - 2] + 1);
            least_here = least(least_here, row[j]);
        }
        if (least_here > most && least_before > most)
            return NEAR_FAR;
        least_before = least_here;
    }
    return rows[a.n % 3][b.n];
}

size_t near_distance(str a, str b)
{
    return distance_within(a, b, NEAR_FAR);
}

void near_offer(struct near *n, str candidate)
{
    if (!n->wanted.n || !candidate.n || (n->best.n && n->distance == 0))
        return;
    size_t most = n->best.n ? n->distance - 1 : n->wanted.n / 3 > 1 ? n->wanted.n / 3 : 1;
    size_t apart = n->wanted.n > candidate.n ? n->wanted.n - candidate.n : candidate.n - n->wanted.n;
    if (apart > most) /* as many letters at least are to be put in or dropped */
        return;
    size_t distance = distance_within(n->wanted, candidate, most);
    if (distance > most)
        return;
    n->best = candidate;
    n->distance = distance;
}
