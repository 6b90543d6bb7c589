/* SPDX-License-Identifier: Apache-2.0 */
/* Sketches as JSON, so that one which somebody made up gives a wrong number and nothing worse.
 *
 * hll: [[1024,bits],[hashes],[[registers],[ranks]]]. Up to 1024 different hashes are kept as they are, so
 * that small counts are exact; more become the registers of a HyperLogLog with 2^bits of them. tdigest:
 * [[weight],[means],[weights]], the means in order. More than 1024 of them are drawn together to some 256,
 * finer toward the ends. */
#include <math.h>

#include "scalar/scalar.h"
#include "scalar/scalar_json.h"
#include "scalar/scalar_number.h"

enum { KEPT = 1024, BITS_MIN = 4, BITS_MAX = 18, BUCKETS = 256 };

/* --- numbers in arrays --- */

static const struct scalar_json *at(const struct scalar_json *array, uint32_t i, enum scalar_json_kind kind)
{
    return array && array->kind == SCALAR_JSON_ARRAY && i < array->n && array->items[i].kind == kind
               ? &array->items[i]
               : NULL;
}

/* A hash is a whole number of 64 bits without a sign, written so. */
static bool read_hash(const struct scalar_json *j, uint64_t *out)
{
    uint64_t v = 0;

    if (j->kind != SCALAR_JSON_NUMBER || j->s.n == 0 || j->s.n > 20)
        return false;
    for (size_t i = 0; i < j->s.n; i++) {
        if (j->s.p[i] < '0' || j->s.p[i] > '9')
            return false;
        v = v * 10 + (uint64_t)(j->s.p[i] - '0');
    }
    *out = v;
    return true;
}

/* --- hll --- */

struct hll {
    unsigned  bits;
    uint64_t *hashes; /* a table of KEPT * 2 places, 0 where none is */
    size_t    n;
    bool      zero;  /* the hash 0 is among them */
    uint8_t  *ranks; /* 2^bits registers; NULL while hashes are kept */
};

static void set_rank(struct hll *h, size_t place, unsigned rank)
{
    if (place < (size_t)1 << h->bits && rank <= 64 && h->ranks[place] < rank)
        h->ranks[place] = (uint8_t)rank;
}

static void put_hash_in_register(struct hll *h, uint64_t hash)
{
    uint64_t rest = hash << h->bits;
    unsigned rank = rest ? (unsigned)__builtin_clzll(rest) + 1 : 65 - h->bits;

    set_rank(h, (size_t)(hash >> (64 - h->bits)), rank);
}

/* From hashes to registers. False when memory is full. */
static bool spread(struct arena *a, struct hll *h)
{
    if (h->ranks)
        return true;
    h->ranks = arena_try_alloc(a, (size_t)1 << h->bits);
    if (!h->ranks)
        return false;
    memset(h->ranks, 0, (size_t)1 << h->bits);
    for (size_t i = 0; i < KEPT * 2; i++)
        if (h->hashes[i])
            put_hash_in_register(h, h->hashes[i]);
    if (h->zero)
        put_hash_in_register(h, 0);
    return true;
}

static bool put_hash(struct arena *a, struct hll *h, uint64_t hash)
{
    if (h->ranks) {
        put_hash_in_register(h, hash);
        return true;
    }
    size_t place = hash % (KEPT * 2);
    while (hash && h->hashes[place] && h->hashes[place] != hash)
        place = (place + 1) % (KEPT * 2);
    bool new = hash ? !h->hashes[place] : !h->zero;
    if (new && h->n == KEPT) {
        if (!spread(a, h))
            return false;
        put_hash_in_register(h, hash);
        return true;
    }
    h->n += new;
    if (hash)
        h->hashes[place] = hash;
    else
        h->zero = true;
    return true;
}

static bool hll_bits(const struct scalar_json *j, unsigned *bits)
{
    const struct scalar_json *head = at(j, 0, SCALAR_JSON_ARRAY);
    const struct scalar_json *number = at(head, 1, SCALAR_JSON_NUMBER);
    int64_t                   v;

    if (!number || !scalar_json_long(number, &v) || v < BITS_MIN || v > BITS_MAX)
        return false;
    *bits = (unsigned)v;
    return true;
}

/* Adds one sketch; what is none, or of another accuracy, is left out. False when memory is full. */
static bool hll_add(struct arena *a, struct hll *h, const struct scalar_json *j)
{
    const struct scalar_json *hashes = at(j, 1, SCALAR_JSON_ARRAY), *pair = at(j, 2, SCALAR_JSON_ARRAY);
    const struct scalar_json *places = at(pair, 0, SCALAR_JSON_ARRAY),
                             *ranks = at(pair, 1, SCALAR_JSON_ARRAY);
    unsigned bits;

    if (!hll_bits(j, &bits) || !hashes || !places || !ranks)
        return true;
    if (h->bits == 0)
        h->bits = bits;
    if (h->bits != bits)
        return true;
    if (places->n > 0 && !spread(a, h))
        return false;
    for (uint32_t i = 0; i < places->n && i < ranks->n; i++) {
        int64_t place, rank;
        if (scalar_json_long(&places->items[i], &place) && scalar_json_long(&ranks->items[i], &rank) &&
            place >= 0 && rank > 0)
            set_rank(h, (size_t)place, (unsigned)rank);
    }
    for (uint32_t i = 0; i < hashes->n; i++) {
        uint64_t hash;
        if (read_hash(&hashes->items[i], &hash) && !put_hash(a, h, hash))
            return false;
    }
    return true;
}

static bool hll_begin(struct arena *a, struct hll *h)
{
    *h = (struct hll) { .hashes = arena_try_alloc(a, KEPT * 2 * sizeof *h->hashes) };
    if (h->hashes)
        memset(h->hashes, 0, KEPT * 2 * sizeof *h->hashes);
    return h->hashes != NULL;
}

static void hll_write(struct strbuf *out, const struct hll *h)
{
    const char *comma = "";

    strbuf_addz(out, "[[1024,");
    strbuf_add_u64(out, h->bits);
    strbuf_addz(out, "],[");
    for (size_t i = 0; !h->ranks && i < KEPT * 2; i++)
        if (h->hashes[i]) {
            strbuf_addz(out, comma);
            strbuf_add_u64(out, h->hashes[i]);
            comma = ",";
        }
    if (!h->ranks && h->zero)
        strbuf_addz(out, comma[0] ? ",0" : "0");
    comma = "";
    strbuf_addz(out, "],[[");
    for (size_t i = 0; h->ranks && i < (size_t)1 << h->bits; i++)
        if (h->ranks[i]) {
            strbuf_addz(out, comma);
            strbuf_add_u64(out, i);
            comma = ",";
        }
    comma = "";
    strbuf_addz(out, "],[");
    for (size_t i = 0; h->ranks && i < (size_t)1 << h->bits; i++)
        if (h->ranks[i]) {
            strbuf_addz(out, comma);
            strbuf_add_u64(out, h->ranks[i]);
            comma = ",";
        }
    strbuf_addz(out, "]]]");
}

void scalar_sketch_hll_merge(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    AUTO_STRBUF        text = STRBUF_INIT(SCALAR_MAX_TEXT);
    struct scalar_json all;
    struct hll         h;

    if (!scalar_json_parse(a, argv[0].s, &all) || all.kind != SCALAR_JSON_ARRAY || !hll_begin(a, &h))
        return;
    for (uint32_t i = 0; i < all.n; i++)
        if (!hll_add(a, &h, &all.items[i]))
            return;
    if (h.bits == 0)
        return;
    hll_write(&text, &h);
    scalar_give(a, &text, out);
}

/* Flajolet and others' estimate; while many registers are empty, their share tells more. */
static double hll_estimate(const struct hll *h)
{
    double m = (double)((size_t)1 << h->bits), sum = 0, empty = 0;

    for (size_t i = 0; i < (size_t)1 << h->bits; i++) {
        sum += ldexp(1, -h->ranks[i]);
        empty += h->ranks[i] == 0;
    }
    double estimate = 0.7213 / (1 + 1.079 / m) * m * m / sum;
    return estimate <= 2.5 * m && empty > 0 ? m * log(m / empty) : estimate;
}

void scalar_sketch_hll_count(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    struct scalar_json j;
    struct hll         h;

    if (!scalar_json_parse(a, argv[0].s, &j) || !hll_begin(a, &h) || !hll_add(a, &h, &j) || h.bits == 0)
        return;
    out->null = false;
    out->i = h.ranks ? (int64_t)llround(hll_estimate(&h)) : (int64_t)h.n;
}

static bool holds(const struct hll *h, uint64_t hash)
{
    size_t place = hash % (KEPT * 2);

    if (!hash)
        return h->zero;
    while (h->hashes[place] && h->hashes[place] != hash)
        place = (place + 1) % (KEPT * 2);
    return h->hashes[place] == hash;
}

/* How many of the first sketch's hashes all of the first n have. */
static double common_hashes(const struct hll *h, uint32_t n)
{
    double count = 0;

    for (size_t i = 0; i <= KEPT * 2; i++) {
        uint64_t hash = i < KEPT * 2 ? h[0].hashes[i] : 0;
        bool     in_all = i < KEPT * 2 ? hash != 0 : h[0].zero;
        for (uint32_t k = 1; k < n && in_all; k++)
            in_all = holds(&h[k], hash);
        count += in_all;
    }
    return count;
}

/* By inclusion and exclusion: what some sketches have in common is a sum over the unions of each choice of
 * them, with signs. `out` gets what the first one, two, … have. False when memory is full. */
static bool common_estimates(struct arena *a, struct hll *h, uint32_t n, double *out)
{
    size_t     size = (size_t)1 << h[0].bits;
    struct hll all = { .bits = h[0].bits, .ranks = arena_try_alloc(a, size) };
    double     sum = 0;

    for (uint32_t i = 0; i < n; i++)
        if (!all.ranks || !spread(a, &h[i]) || h[i].bits != all.bits)
            return false;
    for (uint32_t choice = 1; choice < 1u << n; choice++) {
        memset(all.ranks, 0, size);
        for (uint32_t i = 0; i < n; i++)
            for (size_t place = 0; choice >> i & 1 && place < size; place++)
                set_rank(&all, place, h[i].ranks[place]);
        sum += (__builtin_popcount(choice) % 2 ? 1 : -1) * hll_estimate(&all);
        if ((choice & (choice + 1)) == 0) /* all choices of the first so many are through */
            out[__builtin_popcount(choice) - 1] = sum > 0 ? sum : 0;
    }
    return true;
}

/* [s0, s0 ∩ s1, s0 ∩ s1 ∩ s2, …] of an array of sketches. */
void scalar_sketch_hll_intersect(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    enum { EXACT_MAX = 16, ESTIMATED_MAX = 10 };
    AUTO_STRBUF        text = STRBUF_INIT(1000);
    struct scalar_json all;
    struct hll         h[EXACT_MAX];
    double             common[EXACT_MAX] = { 0 };
    bool               exact = true;

    if (!scalar_json_parse(a, argv[0].s, &all) || all.kind != SCALAR_JSON_ARRAY || all.n < 1 ||
        all.n > EXACT_MAX)
        return;
    for (uint32_t i = 0; i < all.n; i++) {
        if (!hll_begin(a, &h[i]) || !hll_add(a, &h[i], &all.items[i]) || h[i].bits == 0)
            return;
        exact = exact && !h[i].ranks;
    }
    if (!exact && (all.n > ESTIMATED_MAX || !common_estimates(a, h, all.n, common)))
        return;
    strbuf_addc(&text, '[');
    for (uint32_t i = 0; i < all.n; i++) {
        strbuf_addz(&text, i > 0 ? "," : "");
        strbuf_add_u64(&text, (uint64_t)llround(exact ? common_hashes(h, i + 1) : common[i]));
    }
    strbuf_addc(&text, ']');
    scalar_give(a, &text, out);
}

/* --- tdigest --- */

struct centroid {
    double mean, weight;
};

struct digest {
    struct centroid *p;
    size_t           n, room;
    double           weight;
};

static bool digest_push(struct arena *a, struct digest *d, struct centroid c)
{
    if (d->n == d->room) {
        size_t           room = d->room ? d->room * 2 : 256;
        struct centroid *p = ARENA_TRY_ARRAY(a, struct centroid, room);
        if (!p)
            return false;
        if (d->n > 0)
            memcpy(p, d->p, d->n * sizeof *p);
        d->p = p;
        d->room = room;
    }
    d->p[d->n++] = c;
    d->weight += c.weight;
    return true;
}

static bool digest_add(struct arena *a, struct digest *d, const struct scalar_json *j)
{
    const struct scalar_json *means = at(j, 1, SCALAR_JSON_ARRAY), *weights = at(j, 2, SCALAR_JSON_ARRAY);

    for (uint32_t i = 0; means && weights && i < means->n && i < weights->n; i++) {
        struct centroid c;
        if (scalar_json_real(&means->items[i], &c.mean) && scalar_json_real(&weights->items[i], &c.weight) &&
            c.weight > 0 && !digest_push(a, d, c))
            return false;
    }
    return true;
}

/* Merge sort: stable, and never slow. */
static bool digest_sort(struct arena *a, struct digest *d)
{
    struct centroid *from = d->p, *to = ARENA_TRY_ARRAY(a, struct centroid, d->n + 1);

    if (!to)
        return false;
    for (size_t run = 1; run < d->n; run *= 2) {
        for (size_t lo = 0; lo < d->n; lo += 2 * run) {
            size_t mid = lo + run < d->n ? lo + run : d->n, hi = lo + 2 * run < d->n ? lo + 2 * run : d->n;
            for (size_t i = lo, j = mid, k = lo; k < hi; k++)
                to[k] = i < mid && (j >= hi || from[i].mean <= from[j].mean) ? from[i++] : from[j++];
        }
        struct centroid *other = from;
        from = to;
        to = other;
    }
    d->p = from;
    return true;
}

/* Neighbours become one as long as they fall into the same bucket; buckets are narrow toward the ends, and
 * the least and the greatest value stand by themselves. */
static void digest_compress(struct digest *d)
{
    double before = 0;
    size_t kept = 0, last_bucket = 0;

    if (d->n <= KEPT)
        return;
    for (size_t i = 0; i < d->n; i++) {
        struct centroid c = d->p[i];
        double          share = (before + c.weight / 2) / d->weight;
        size_t          bucket = (size_t)(BUCKETS * (asin(2 * fmin(share, 1) - 1) / M_PI + 0.5));
        bool            end = i + 1 == d->n || kept < 2;
        before += c.weight;
        if (!end && bucket == last_bucket) {
            struct centroid *in = &d->p[kept - 1];
            in->weight += c.weight;
            in->mean += (c.mean - in->mean) * c.weight / in->weight;
        } else {
            d->p[kept++] = c;
        }
        last_bucket = bucket;
    }
    d->n = kept;
}

/* A whole number is written as one. */
static void add_number(struct strbuf *out, double v)
{
    if (fabs(v) < 9007199254740992. && v == floor(v))
        strbuf_add_i64(out, (int64_t)v);
    else
        scalar_number_real(out, v);
}

void scalar_sketch_tdigest_merge(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    AUTO_STRBUF        text = STRBUF_INIT(SCALAR_MAX_TEXT);
    struct digest      d = { 0 };
    struct scalar_json all;

    if (!scalar_json_parse(a, argv[0].s, &all) || all.kind != SCALAR_JSON_ARRAY)
        return;
    for (uint32_t i = 0; i < all.n; i++)
        if (!digest_add(a, &d, &all.items[i]))
            return;
    if (d.n == 0 || !digest_sort(a, &d))
        return;
    digest_compress(&d);
    strbuf_addz(&text, "[[");
    add_number(&text, d.weight);
    for (size_t i = 0; i < d.n; i++) {
        strbuf_addz(&text, i > 0 ? "," : "],[");
        add_number(&text, d.p[i].mean);
    }
    for (size_t i = 0; i < d.n; i++) {
        strbuf_addz(&text, i > 0 ? "," : "],[");
        add_number(&text, d.p[i].weight);
    }
    strbuf_addz(&text, "]]");
    scalar_give(a, &text, out);
}

static bool digest_read(struct arena *a, str text, struct digest *d)
{
    struct scalar_json j;

    *d = (struct digest) { 0 };
    return scalar_json_parse(a, text, &j) && digest_add(a, d, &j) && d->n > 0 && digest_sort(a, d);
}

/* The nearest rank, as percentile() does. */
void scalar_sketch_tdigest_percentile(struct arena *a, const struct scalar_value *argv,
                                      struct scalar_value *out)
{
    struct digest d;
    double        sum = 0;
    size_t        i = 0;

    if (isnan(argv[1].r) || !digest_read(a, argv[0].s, &d))
        return;
    double wanted = fmin(fmax(argv[1].r, 0), 100) / 100 * d.weight;
    while (i + 1 < d.n && (sum += d.p[i].weight) < wanted - 1e-9 * d.weight)
        i++;
    out->null = false;
    out->r = d.p[i].mean;
}

void scalar_sketch_tdigest_rank(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    struct digest d;
    double        sum = 0;

    if (isnan(argv[1].r) || !digest_read(a, argv[0].s, &d))
        return;
    for (size_t i = 0; i < d.n && d.p[i].mean <= argv[1].r; i++)
        sum += d.p[i].weight;
    out->null = false;
    out->r = sum;
}
