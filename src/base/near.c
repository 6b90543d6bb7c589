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

/* Optimal string alignment: rows i-2, i-1 and i of the table, O(n * m). */
size_t near_distance(str a, str b)
{
    size_t rows[3][LONGEST + 1];
    if (a.n > LONGEST || b.n > LONGEST)
        return NEAR_FAR;
    for (size_t j = 0; j <= b.n; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a.n; i++) {
        size_t *row = rows[i % 3], *before = rows[(i + 2) % 3], *before_that = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b.n; j++) {
            bool same = folded(a, i - 1) == folded(b, j - 1);
            row[j] = least(before[j - 1] + !same, least(before[j], row[j - 1]) + 1);
            bool swapped = i > 1 && j > 1 && folded(a, i - 1) == folded(b, j - 2) &&
                           folded(a, i - 2) == folded(b, j - 1);
            if (swapped)
                row[j] = least(row[j], before_that[j - 2] + 1);
        }
    }
    return rows[a.n % 3][b.n];
}

void near_offer(struct near *n, str candidate)
{
    if (!n->wanted.n || !candidate.n)
        return;
    size_t most = n->wanted.n / 3 > 1 ? n->wanted.n / 3 : 1;
    size_t distance = near_distance(n->wanted, candidate);
    if (distance > most || (n->best.n && distance >= n->distance))
        return;
    n->best = candidate;
    n->distance = distance;
}
