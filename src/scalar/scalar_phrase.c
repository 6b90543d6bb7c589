/* SPDX-License-Identifier: Apache-2.0 */
/* Phrases in which two sets of texts differ: what diffpatterns_text looks for.
 *
 * A word that is in one set more often than in the other is where a phrase begins. The texts that have it are
 * laid upon each other there; at each place around, near ones first, a word that nearly all of them share
 * joins the phrase, and the texts without it leave. Places that vary stay open: *. */
#include <math.h>
#include <stdlib.h>

#include "scalar/scalar.h"
#include "scalar/scalar_array.h"
#include "scalar/scalar_json.h"
#include "scalar/scalar_table.h"

enum { WORDS_MAX = 4000000, PIVOTS_MAX = 100, LENGTH_MAX = 200, NO_WORD = -1 };

#define SHARED 0.9 /* of the texts laid upon each other, for a word to join */

struct texts {
    struct scalar_table table;
    int32_t            *words; /* of all texts, one behind the other */
    size_t             *from;  /* of each text, and the end of the last */
    str                *names; /* of each word */
    size_t              n_names;
};

static uint32_t hash_of(str s)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 16777619u;
    return h;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool next_word(str *rest, str *out)
{
    size_t i = 0, end;
    while (i < rest->n && is_blank(rest->p[i]))
        i++;
    for (end = i; end < rest->n && !is_blank(rest->p[end]); end++)
        ;
    *out = str_slice(*rest, i, end);
    *rest = str_from(*rest, end);
    return out->n > 0;
}

static str text_of(const struct texts *t, size_t i)
{
    return t->table.column[0].names[t->table.column[0].codes[i]];
}

static bool split_words(struct arena *a, struct texts *t)
{
    size_t n = 0, size = 16;
    str    word;

    for (size_t i = 0; i < t->table.n; i++)
        for (str rest = text_of(t, i); next_word(&rest, &word);)
            n++;
    while (size < 2 * n)
        size *= 2;
    uint32_t *places = n <= WORDS_MAX ? arena_try_alloc(a, size * sizeof *places) : NULL;
    t->words = arena_try_alloc(a, (n + 1) * sizeof *t->words);
    t->names = arena_try_alloc(a, (n + 1) * sizeof *t->names);
    t->from = arena_try_alloc(a, (t->table.n + 1) * sizeof *t->from);
    if (!places || !t->words || !t->names || !t->from)
        return false;
    memset(places, 0, size * sizeof *places);
    n = 0;
    for (size_t i = 0; i < t->table.n; i++) {
        t->from[i] = n;
        for (str rest = text_of(t, i); next_word(&rest, &word);) {
            size_t at = hash_of(word) & (size - 1);
            while (places[at] != 0 && !str_eq(t->names[places[at] - 1], word))
                at = (at + 1) & (size - 1);
            if (places[at] == 0) {
                t->names[t->n_names] = word;
                places[at] = (uint32_t)++t->n_names;
            }
            t->words[n++] = (int32_t)places[at] - 1;
        }
    }
    t->from[t->table.n] = n;
    return true;
}

/* --- words that set the texts apart --- */

struct pivot {
    int32_t word;
    double  apart; /* share in the first set less that in the second */
};

static int by_distance(const void *a, const void *b)
{
    double x = fabs(((const struct pivot *)a)->apart), y = fabs(((const struct pivot *)b)->apart);
    return x > y ? -1 : x < y;
}

static double share(const struct texts *t, size_t set, double weight)
{
    return t->table.total[set] > 0 ? weight / t->table.total[set] : 0;
}

static size_t find_pivots(struct arena *a, const struct texts *t, double least, struct pivot **out)
{
    double *weight[2] = { arena_try_alloc(a, (t->n_names + 1) * sizeof(double)),
                          arena_try_alloc(a, (t->n_names + 1) * sizeof(double)) };
    size_t *seen = arena_try_alloc(a, (t->n_names + 1) * sizeof *seen),
           n = 0; /* in which text last, and one */

    *out = arena_try_alloc(a, (t->n_names + 1) * sizeof **out);
    if (!weight[0] || !weight[1] || !seen || !*out)
        return 0;
    for (size_t w = 0; w < t->n_names; w++)
        weight[0][w] = weight[1][w] = (double)(seen[w] = 0);
    for (size_t i = 0; i < t->table.n; i++)
        for (size_t k = t->from[i]; k < t->from[i + 1]; k++) {
            if (seen[t->words[k]] == i + 1)
                continue;
            seen[t->words[k]] = i + 1;
            for (size_t s = 0; s < 2; s++)
                weight[s][t->words[k]] += t->table.weight[s][i];
        }
    for (size_t w = 0; w < t->n_names; w++) {
        double apart = share(t, 0, weight[0][w]) - share(t, 1, weight[1][w]);
        if (fabs(apart) >= least)
            (*out)[n++] = (struct pivot) { (int32_t)w, apart };
    }
    qsort(*out, n, sizeof **out, by_distance);
    return n < PIVOTS_MAX ? n : PIVOTS_MAX;
}

/* --- growing a phrase --- */

struct phrase {
    int32_t words[2 * LENGTH_MAX + 1]; /* the pivot in the middle */
    int     from, to;                  /* the places in use: both are words */
    size_t  n_words;
    double  weight[2];
};

struct growing {
    const struct texts *t;
    size_t              set;          /* in which the pivot is at home */
    size_t             *text, *at, n; /* texts that still agree, and where their pivot stands */
    double             *tally;
};

static int32_t word_at(const struct texts *t, size_t text, size_t at, int offset)
{
    int64_t k = (int64_t)at + offset;
    return k >= (int64_t)t->from[text] && k < (int64_t)t->from[text + 1] ? t->words[k] : NO_WORD;
}

/* The word that most of the texts have there, when it is nearly all of them. */
static int32_t shared_word(struct growing *g, int offset)
{
    double  all = 0;
    int32_t best = NO_WORD;

    for (size_t i = 0; i < g->n; i++) {
        int32_t w = word_at(g->t, g->text[i], g->at[i], offset);
        double  weight = g->t->table.weight[g->set][g->text[i]];
        all += weight;
        if (w == NO_WORD)
            continue;
        g->tally[w] += weight;
        if (best == NO_WORD || g->tally[w] > g->tally[best])
            best = w;
    }
    bool shared = best != NO_WORD && all > 0 && g->tally[best] >= SHARED * all;
    for (size_t i = 0; i < g->n; i++) {
        int32_t w = word_at(g->t, g->text[i], g->at[i], offset);
        if (w != NO_WORD)
            g->tally[w] = 0;
    }
    return shared ? best : NO_WORD;
}

static void keep_those_with(struct growing *g, int offset, int32_t word)
{
    size_t kept = 0;
    for (size_t i = 0; i < g->n; i++)
        if (word_at(g->t, g->text[i], g->at[i], offset) == word) {
            g->text[kept] = g->text[i];
            g->at[kept++] = g->at[i];
        }
    g->n = kept;
}

static void grow(struct growing *g, struct phrase *p, int most)
{
    for (int distance = 1; distance < most; distance++)
        for (int side = 1; side >= -1; side -= 2) {
            int from = side < 0 ? LENGTH_MAX - distance : p->from,
                to = side > 0 ? LENGTH_MAX + distance : p->to;
            if (to - from + 1 > most)
                continue;
            int32_t word = shared_word(g, side * distance);
            if (word == NO_WORD)
                continue;
            p->words[LENGTH_MAX + side * distance] = word;
            p->from = from;
            p->to = to;
            p->n_words++;
            keep_those_with(g, side * distance, word);
        }
}

static bool is_in(const struct texts *t, const struct phrase *p, size_t text)
{
    size_t length = (size_t)(p->to - p->from + 1);

    for (size_t k = t->from[text]; k + length <= t->from[text + 1]; k++) {
        size_t i = 0;
        while (i < length &&
               (p->words[(size_t)p->from + i] == NO_WORD || p->words[(size_t)p->from + i] == t->words[k + i]))
            i++;
        if (i == length)
            return true;
    }
    return false;
}

static void weigh(const struct texts *t, struct phrase *p)
{
    p->weight[0] = p->weight[1] = 0;
    for (size_t i = 0; i < t->table.n; i++)
        if (is_in(t, p, i))
            for (size_t s = 0; s < 2; s++)
                p->weight[s] += t->table.weight[s][i];
}

static void lay_upon(struct growing *g, int32_t word)
{
    const struct texts *t = g->t;

    g->n = 0;
    for (size_t i = 0; i < t->table.n; i++)
        for (size_t k = t->from[i]; t->table.weight[g->set][i] > 0 && k < t->from[i + 1]; k++)
            if (t->words[k] == word) {
                g->text[g->n] = i;
                g->at[g->n++] = k;
                break;
            }
}

static void add_phrase(const struct texts *t, const struct phrase *p, struct strbuf *out)
{
    AUTO_STRBUF text = STRBUF_INIT(1 << 20);

    for (int i = p->from; i <= p->to; i++) {
        strbuf_addz(&text, i > p->from ? " " : "");
        if (p->words[i] == NO_WORD)
            strbuf_addc(&text, '*');
        else
            strbuf_add(&text, t->names[p->words[i]]);
    }
    strbuf_addz(out, out->n > 1 ? ",[" : "[");
    for (size_t s = 0; s < 2; s++) {
        scalar_array_add_long(out, (int64_t)floor(p->weight[s] + 0.5));
        strbuf_addc(out, ',');
    }
    for (size_t s = 0; s < 2; s++) {
        scalar_array_add_real(out, floor(10000 * share(t, s, p->weight[s]) + 0.5) / 100);
        strbuf_addc(out, ',');
    }
    scalar_json_quote(out, strbuf_view(&text));
    strbuf_addc(out, ']');
}

static bool is_same(const struct phrase *a, const struct phrase *b)
{
    return a->to - a->from == b->to - b->from &&
           memcmp(&a->words[a->from], &b->words[b->from],
                  (size_t)(a->to - a->from + 1) * sizeof a->words[0]) == 0;
}

/* phrase_diff(columns, least words, least difference, most words) */
void scalar_phrase_diff(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    struct texts   t = { 0 };
    struct pivot  *pivots;
    AUTO_STRBUF    text = STRBUF_INIT(SCALAR_MAX_TEXT);
    struct phrase *found = arena_try_alloc(a, PIVOTS_MAX * sizeof *found);
    size_t         n = 0;

    if (argv[3].i < 1 || argv[3].i > LENGTH_MAX || !found || !scalar_table_read(a, argv[0].s, 2, &t.table) ||
        t.table.k != 1 || !split_words(a, &t))
        return;
    struct growing g = { &t,
                         0,
                         arena_try_alloc(a, (t.table.n + 1) * sizeof(size_t)),
                         arena_try_alloc(a, (t.table.n + 1) * sizeof(size_t)),
                         0,
                         arena_try_alloc(a, (t.n_names + 1) * sizeof(double)) };
    if (!g.text || !g.at || !g.tally)
        return;
    memset(g.tally, 0, (t.n_names + 1) * sizeof(double));
    size_t n_pivots = find_pivots(a, &t, argv[2].r, &pivots);
    strbuf_addc(&text, '[');
    for (size_t i = 0; i < n_pivots; i++) {
        struct phrase *p = &found[n];
        for (size_t k = 0; k < 2 * LENGTH_MAX + 1; k++)
            p->words[k] = NO_WORD;
        p->words[LENGTH_MAX] = pivots[i].word;
        p->from = p->to = LENGTH_MAX;
        p->n_words = 1;
        g.set = pivots[i].apart < 0;
        lay_upon(&g, pivots[i].word);
        grow(&g, p, (int)argv[3].i);
        weigh(&t, p);
        bool said = (int64_t)p->n_words < argv[1].i ||
                    fabs(share(&t, 0, p->weight[0]) - share(&t, 1, p->weight[1])) < argv[2].r;
        for (size_t k = 0; k < n && !said; k++)
            said = is_same(&found[k], p);
        if (said)
            continue;
        add_phrase(&t, p, &text);
        n++;
    }
    strbuf_addc(&text, ']');
    scalar_give(a, &text, out);
}
