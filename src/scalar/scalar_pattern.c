/* SPDX-License-Identifier: Apache-2.0 */
/* Patterns in rows of discrete values: what autocluster, basket and diffpatterns look for.
 *
 * autocluster and diffpatterns expand seeds: a row is a pattern that fits next to nothing; one value after
 * the other is let go, always the one whose going is worth most, and the best pattern on the way is kept.
 * Which values a row shares with the seed is a word of bits, so that rows are looked at once a seed and then
 * only their different words. Seeds are taken at equal distances of weight: the same rows give the same
 * answer. basket walks all frequent sets of values, depth first, and gives the closed ones. */
#include <math.h>
#include <stdlib.h>

#include "scalar/scalar.h"
#include "scalar/scalar_array.h"
#include "scalar/scalar_table.h"

enum { SEEDS_MAX = 200, FOUND_MAX = 1000, DIFF_SEEDS = 100, WORK_MAX = 400000000 };

struct found {
    struct scalar_table_match match;
    double                    score;
};

struct finds {
    struct found list[FOUND_MAX];
    size_t       n;
};

static int by_score(const void *a, const void *b)
{
    const struct found *x = a, *y = b;
    return x->score > y->score ? -1 : x->score < y->score;
}

static void keep(const struct scalar_table *t, struct finds *finds, const struct found *f)
{
    for (size_t i = 0; i < finds->n; i++)
        if (scalar_table_same(t, &finds->list[i].match, &f->match))
            return;
    if (finds->n < FOUND_MAX)
        finds->list[finds->n++] = *f;
}

/* The row at a share of all weight. */
static size_t row_at(const struct scalar_table *t, size_t set, double share)
{
    double so_far = 0, wanted = share * t->total[set];

    for (size_t i = 0; i < t->n; i++) {
        so_far += t->weight[set][i];
        if (so_far > wanted)
            return i;
    }
    return t->n - 1;
}

/* --- expanding a seed --- */

/* Rows that differ from the seed in the same columns. */
struct group {
    uint64_t differs;
    double   weight[SCALAR_TABLE_SETS];
};

struct expansion {
    const struct scalar_table *t;
    struct group              *groups;
    uint32_t                  *places;
    size_t                     n, size; /* groups, places */
    size_t                     row;
};

/* A table of groups by their columns, open addressing; a place holds its group's number and one. */
static void group_rows(struct expansion *e, size_t row)
{
    const struct scalar_table *t = e->t;

    e->row = row;
    e->n = 0;
    memset(e->places, 0, e->size * sizeof *e->places);
    for (size_t i = 0; i < t->n; i++) {
        uint64_t differs = 0;
        for (size_t c = 0; c < t->k; c++)
            differs |= (uint64_t)(t->column[c].codes[i] != t->column[c].codes[row]) << c;
        size_t at = (size_t)(differs * 0x9e3779b97f4a7c15u >> 32) & (e->size - 1);
        while (e->places[at] != 0 && e->groups[e->places[at] - 1].differs != differs)
            at = (at + 1) & (e->size - 1);
        if (e->places[at] == 0) {
            e->groups[e->n] = (struct group) { .differs = differs };
            e->places[at] = (uint32_t)++e->n;
        }
        for (size_t s = 0; s < t->sets; s++)
            e->groups[e->places[at] - 1].weight[s] += t->weight[s][i];
    }
}

static bool begin_expansion(struct arena *a, const struct scalar_table *t, struct expansion *e)
{
    *e = (struct expansion) { .t = t, .size = 16 };
    while (e->size < 2 * t->n)
        e->size *= 2;
    e->groups = arena_try_alloc(a, (t->n + 1) * sizeof *e->groups);
    e->places = arena_try_alloc(a, e->size * sizeof *e->places);
    return e->groups && e->places;
}

/* So many that all of them take some seconds at most. */
static int64_t seeds_within(const struct scalar_table *t, int64_t wanted)
{
    int64_t most = WORK_MAX / 4 / (int64_t)((t->n + 1) * (t->k + 4));
    return wanted < most ? wanted : most > 4 ? most : 4;
}

static void weigh(const struct expansion *e, struct scalar_table_match *m)
{
    memset(m->weight, 0, sizeof m->weight);
    for (size_t i = 0; i < e->n; i++)
        if ((e->groups[i].differs & m->columns) == 0)
            for (size_t s = 0; s < e->t->sets; s++)
                m->weight[s] += e->groups[i].weight[s];
}

typedef double score_of(void *ctx, const struct expansion *e, const struct scalar_table_match *m);

static struct found expand(const struct expansion *e, score_of *score, void *ctx)
{
    uint64_t     all = e->t->k == 64 ? UINT64_MAX : ((uint64_t)1 << e->t->k) - 1;
    struct found at = { { .columns = all, .row = e->row }, 0 }, best;

    weigh(e, &at.match);
    at.score = score(ctx, e, &at.match);
    best = at;
    while (at.match.columns & (at.match.columns - 1)) { /* more than one */
        struct found next = { .score = -INFINITY };
        for (size_t c = 0; c < e->t->k; c++) {
            if (!(at.match.columns >> c & 1))
                continue;
            struct found f = { { .columns = at.match.columns & ~((uint64_t)1 << c), .row = e->row }, 0 };
            weigh(e, &f.match);
            f.score = score(ctx, e, &f.match);
            if (f.score > next.score)
                next = f;
        }
        at = next;
        if (at.score > best.score)
            best = at;
    }
    return best;
}

/* --- autocluster --- */

struct clustering {
    double   size_weight;
    double **share; /* of each column, of each code: how much of all weight has it */
};

/* How many rows, against how much is said: a value that nearly all rows have says next to nothing. */
static double cluster_score(void *ctx, const struct expansion *e, const struct scalar_table_match *m)
{
    const struct clustering *c = ctx;
    double                   said = 0;

    for (size_t i = 0; i < e->t->k; i++)
        if (m->columns >> i & 1)
            said += 1 - c->share[i][e->t->column[i].codes[e->row]];
    double size = m->weight[0] / e->t->total[0], part = said / (double)e->t->k;
    return size <= 0 || part <= 0 ? 0 : exp(c->size_weight * log(size) + (1 - c->size_weight) * log(part));
}

static bool shares(struct arena *a, const struct scalar_table *t, struct clustering *c)
{
    c->share = arena_try_alloc(a, (t->k + 1) * sizeof *c->share);
    for (size_t i = 0; c->share && i < t->k; i++) {
        c->share[i] = arena_try_alloc(a, (t->column[i].n_codes + 1) * sizeof(double));
        if (!c->share[i])
            return false;
        memset(c->share[i], 0, (t->column[i].n_codes + 1) * sizeof(double));
        for (size_t row = 0; row < t->n; row++)
            c->share[i][t->column[i].codes[row]] += t->weight[0][row] / t->total[0];
    }
    return c->share != NULL;
}

static double round_to(double v, double digits)
{
    return floor(v * digits + 0.5) / digits;
}

static void add_one(const struct scalar_table *t, const struct scalar_table_match *m, struct strbuf *out)
{
    strbuf_addz(out, out->n > 1 ? ",[" : "[");
    scalar_array_add_long(out, (int64_t)floor(m->weight[0] + 0.5));
    strbuf_addc(out, ',');
    scalar_array_add_real(out, round_to(100 * m->weight[0] / t->total[0], 10));
    strbuf_addc(out, ',');
    scalar_table_write(t, m, out);
    strbuf_addc(out, ']');
}

/* The better patterns first, and no other whose rows they have for the most part. */
static void add_clusters(struct arena *a, const struct scalar_table *t, struct finds *finds,
                         struct strbuf *out)
{
    bool *covered = arena_try_alloc(a, t->n + 1);

    if (!covered)
        return;
    memset(covered, 0, t->n + 1);
    qsort(finds->list, finds->n, sizeof finds->list[0], by_score);
    for (size_t f = 0; f < finds->n; f++) {
        const struct scalar_table_match *m = &finds->list[f].match;
        double new = 0;
        for (size_t i = 0; i < t->n; i++)
            new += !covered[i] && scalar_table_fits(t, m, i) ? t->weight[0][i] : 0;
        if (new < m->weight[0] / 2)
            continue;
        for (size_t i = 0; i < t->n; i++)
            covered[i] = covered[i] || scalar_table_fits(t, m, i);
        add_one(t, m, out);
    }
}

/* pattern_autocluster(columns, weight of the size, seeds) */
void scalar_pattern_autocluster(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    struct scalar_table t;
    struct clustering   c = { argv[1].r, NULL };
    AUTO_STRBUF         text = STRBUF_INIT(SCALAR_MAX_TEXT);
    struct finds       *finds = arena_try_alloc(a, sizeof *finds);

    if (argv[2].i < 1 || argv[2].i > SEEDS_MAX || !finds || !scalar_table_read(a, argv[0].s, 1, &t))
        return;
    struct expansion e;
    if (!begin_expansion(a, &t, &e))
        return;
    finds->n = 0;
    strbuf_addc(&text, '[');
    if (t.total[0] > 0 && t.k > 0) {
        if (!shares(a, &t, &c))
            return;
        int64_t seeds = seeds_within(&t, argv[2].i);
        for (int64_t s = 0; s < seeds; s++) {
            group_rows(&e, row_at(&t, 0, ((double)s + 0.5) / (double)seeds));
            struct found f = expand(&e, cluster_score, &c);
            if (f.score > 0)
                keep(&t, finds, &f);
        }
        add_clusters(a, &t, finds, &text);
    }
    strbuf_addc(&text, ']');
    scalar_give(a, &text, out);
}

/* --- diffpatterns --- */

static double difference(void *ctx, const struct expansion *e, const struct scalar_table_match *m)
{
    const int64_t *most = ctx;
    int            columns = __builtin_popcountll(m->columns);

    if (*most > 0 && columns > *most)
        return 0;
    double d = fabs(m->weight[0] / e->t->total[0] - m->weight[1] / e->t->total[1]);
    return d * (1 + 1e-9 * columns); /* of two that differ as much, the one that says more */
}

static bool is_part(const struct scalar_table *t, const struct scalar_table_match *a,
                    const struct scalar_table_match *b)
{
    uint64_t both = a->columns & b->columns;
    return (both == a->columns || both == b->columns) &&
           scalar_table_fits(t, &(struct scalar_table_match) { .columns = both, .row = a->row }, b->row);
}

static void add_difference(const struct scalar_table *t, const struct scalar_table_match *m,
                           struct strbuf *out)
{
    double a = 100 * m->weight[0] / t->total[0], b = 100 * m->weight[1] / t->total[1];

    strbuf_addz(out, out->n > 1 ? ",[" : "[");
    scalar_array_add_long(out, (int64_t)floor(m->weight[0] + 0.5));
    strbuf_addc(out, ',');
    scalar_array_add_long(out, (int64_t)floor(m->weight[1] + 0.5));
    strbuf_addc(out, ',');
    scalar_array_add_real(out, round_to(a, 100));
    strbuf_addc(out, ',');
    scalar_array_add_real(out, round_to(b, 100));
    strbuf_addc(out, ',');
    scalar_array_add_real(out, round_to(fabs(a - b), 100));
    strbuf_addc(out, ',');
    scalar_table_write(t, m, out);
    strbuf_addc(out, ']');
}

/* pattern_diff(columns, least difference, most columns or 0) */
void scalar_pattern_diff(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    struct scalar_table t;
    AUTO_STRBUF         text = STRBUF_INIT(SCALAR_MAX_TEXT);
    struct finds       *finds = arena_try_alloc(a, sizeof *finds);
    int64_t             most = argv[2].i;

    if (!finds || !scalar_table_read(a, argv[0].s, 2, &t))
        return;
    struct expansion e;
    if (!begin_expansion(a, &t, &e))
        return;
    finds->n = 0;
    int64_t half = seeds_within(&t, DIFF_SEEDS) / 2;
    for (int64_t s = 0; t.total[0] > 0 && t.total[1] > 0 && s < 2 * half; s++) {
        group_rows(&e, row_at(&t, (size_t)s % 2, ((double)(s / 2) + 0.5) / (double)half));
        struct found f = expand(&e, difference, &most);
        if (f.score >= argv[1].r)
            keep(&t, finds, &f);
    }
    qsort(finds->list, finds->n, sizeof finds->list[0], by_score);
    strbuf_addc(&text, '[');
    for (size_t i = 0; i < finds->n; i++) {
        bool said = false;
        for (size_t k = 0; k < i && !said; k++)
            said = is_part(&t, &finds->list[k].match, &finds->list[i].match);
        if (!said)
            add_difference(&t, &finds->list[i].match, &text);
    }
    strbuf_addc(&text, ']');
    scalar_give(a, &text, out);
}

/* --- basket --- */

struct level {
    double   *weight; /* of each code of the column */
    uint32_t *rows;   /* that have one of them */
};

struct baskets {
    struct arena              *a;
    const struct scalar_table *t;
    struct finds              *finds;
    double                     least;
    int64_t                    most_columns;
    size_t                     work, most_codes;
    struct level               levels[SCALAR_TABLE_COLUMNS];
};

/* All columns in which the rows agree: values that always come with the others count as part of them. */
static uint64_t closure(struct baskets *b, const uint32_t *rows, size_t n)
{
    uint64_t columns = 0;

    for (size_t c = 0; c < b->t->k; c++) {
        const uint32_t *codes = b->t->column[c].codes;
        size_t          i = 1;
        while (i < n && codes[rows[i]] == codes[rows[0]])
            i++;
        b->work += i;
        columns |= (uint64_t)(i >= n) << c;
    }
    return columns;
}

static bool walk(struct baskets *b, const uint32_t *rows, size_t n, size_t column, size_t depth);

/* The rows with one value of a column as a pattern, and what follows from it in the columns behind. */
static bool take_value(struct baskets *b, const uint32_t *rows, size_t n, const size_t where[3])
{
    size_t                            c = where[0], code = where[1], depth = where[2], kept = 0;
    const struct scalar_table_column *col = &b->t->column[c];
    struct level                     *own = &b->levels[depth];

    for (size_t i = 0; i < n; i++)
        if (col->codes[rows[i]] == code)
            own->rows[kept++] = rows[i];
    b->work += n;
    struct found f = { { .row = own->rows[0], .weight = { own->weight[code] } }, 0 };
    f.match.columns = closure(b, own->rows, kept);
    f.score = f.match.weight[0] * __builtin_popcountll(f.match.columns);
    keep(b->t, b->finds, &f);
    return walk(b, own->rows, kept, c + 1, depth + 1);
}

static bool walk(struct baskets *b, const uint32_t *rows, size_t n, size_t column, size_t depth)
{
    const struct scalar_table *t = b->t;
    struct level              *own = &b->levels[depth];

    if ((int64_t)depth >= b->most_columns || depth >= SCALAR_TABLE_COLUMNS)
        return true;
    if (!own->rows) {
        own->weight = arena_try_alloc(b->a, (b->most_codes + 1) * sizeof(double));
        own->rows = arena_try_alloc(b->a, (t->n + 1) * sizeof(uint32_t));
        if (!own->weight || !own->rows)
            return false;
    }
    for (size_t c = column; c < t->k && b->work < WORK_MAX; c++) {
        uint32_t n_codes = t->column[c].n_codes;
        for (uint32_t code = 0; code < n_codes; code++)
            own->weight[code] = 0;
        for (size_t i = 0; i < n; i++)
            own->weight[t->column[c].codes[rows[i]]] += t->weight[0][rows[i]];
        b->work += n + n_codes;
        for (uint32_t code = 0; code < n_codes && b->work < WORK_MAX; code++)
            if (own->weight[code] >= b->least && !take_value(b, rows, n, (size_t[]) { c, code, depth }))
                return false;
    }
    return true;
}

/* pattern_basket(columns, least share, most columns that do not depend on each other) */
void scalar_pattern_basket(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    struct scalar_table t;
    AUTO_STRBUF         text = STRBUF_INIT(SCALAR_MAX_TEXT);
    struct finds       *finds = arena_try_alloc(a, sizeof *finds);

    if (!finds || !scalar_table_read(a, argv[0].s, 1, &t))
        return;
    uint32_t *rows = arena_try_alloc(a, (t.n + 1) * sizeof *rows);
    if (!rows)
        return;
    finds->n = 0;
    for (uint32_t i = 0; i < t.n; i++)
        rows[i] = i;
    struct baskets b = {
        .a = a, .t = &t, .finds = finds, .least = argv[1].r * t.total[0], .most_columns = argv[2].i
    };
    for (size_t c = 0; c < t.k; c++)
        b.most_codes = b.most_codes > t.column[c].n_codes ? b.most_codes : t.column[c].n_codes;
    if (t.total[0] > 0 && !walk(&b, rows, t.n, 0, 0))
        return;
    qsort(finds->list, finds->n, sizeof finds->list[0], by_score);
    strbuf_addc(&text, '[');
    for (size_t i = 0; i < finds->n; i++)
        add_one(&t, &finds->list[i].match, &text);
    strbuf_addc(&text, ']');
    scalar_give(a, &text, out);
}
