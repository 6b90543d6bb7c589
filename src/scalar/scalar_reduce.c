/* SPDX-License-Identifier: Apache-2.0 */
/* scalar_reduce(threshold, characters, texts, counts): a JSON array with the pattern of each text, empty for
 * those that fit none. Texts are parted by NUL, counts (how often each is there) by anything.
 *
 * After R. Vaarandi's clustering of log lines: words that more than the threshold of all rows have in one
 * place are frequent; a text's pattern is its frequent words with * for the others; patterns that no more
 * than the threshold of all rows have are given up. Threads: no state. */
#include "base/json.h"
#include "scalar/scalar.h"

enum { PLACES_MAX = 200, PATTERN = -1 };

struct entry {
    str     word;
    int32_t place; /* among the words of its text, or PATTERN */
    int64_t count; /* 0: empty */
};

struct table {
    struct entry *p;
    size_t        mask;
};

static bool is_word_byte(char c, str characters)
{
    if (characters.n > 0)
        return str_find_byte(characters, c) == STR_NPOS;
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80);
}

/* The entry of a word in its place, or the free one where it belongs. */
static struct entry *find(struct table *t, str word, int32_t place)
{
    uint64_t h = 14695981039346656037u ^ (uint64_t)place;

    for (size_t i = 0; i < word.n; i++)
        h = (h ^ (unsigned char)word.p[i]) * 1099511628211u;
    for (size_t at = (size_t)(h ^ (h >> 32)) & t->mask;; at = (at + 1) & t->mask)
        if (t->p[at].count == 0 || (t->p[at].place == place && str_eq(t->p[at].word, word)))
            return &t->p[at];
}

static void add(struct table *t, str word, int32_t place, int64_t count)
{
    struct entry *e = find(t, word, place);
    *e = (struct entry) { word, place, e->count + count };
}

struct text {
    str     s, pattern;
    int64_t count;
};

struct reducing {
    struct arena *arena;
    struct text  *texts;
    size_t        n, words;
    str           characters;
    double        need; /* rows: more than that */
    struct table  table;
};

/* The next run of word bytes or of separators. */
static str next_run(str *s, str characters, bool *word)
{
    size_t n = 0;

    *word = s->n > 0 && is_word_byte(s->p[0], characters);
    while (n < s->n && is_word_byte(s->p[n], characters) == *word)
        n++;
    str run = str_slice(*s, 0, n);
    *s = str_from(*s, n);
    return run;
}

static void count_words(struct reducing *r, const struct text *t, bool only_count)
{
    str     left = t->s;
    int32_t place = 0;

    while (left.n > 0 && place < PLACES_MAX) {
        bool word;
        str  run = next_run(&left, r->characters, &word);
        if (!word)
            continue;
        if (only_count)
            r->words++;
        else
            add(&r->table, run, place, t->count);
        place++;
    }
}

/* Signs between words stand in the pattern, but beside a * only where they are not the query's own. */
static str pattern_of(struct reducing *r, const struct text *t)
{
    struct strbuf out = STRBUF_INIT(1 << 16);
    str           left = t->s, gap = STR_NONE;
    int32_t       place = 0;
    bool          any = false, star = false;

    while (left.n > 0) {
        bool word;
        str  run = next_run(&left, r->characters, &word);
        if (!word) {
            gap = run;
            continue;
        }
        bool frequent = place < PLACES_MAX && (double)find(&r->table, run, place)->count > r->need;
        bool beside = star || !frequent; /* of what stands before or comes */
        if (!(star && !frequent) && !(beside && r->characters.n > 0 && (star || place > 0)))
            strbuf_add(&out, gap);
        if (frequent)
            strbuf_add(&out, run);
        else if (!star)
            strbuf_addc(&out, '*');
        any = any || frequent;
        star = !frequent;
        gap = STR_NONE;
        place++;
    }
    if (!(star && r->characters.n > 0))
        strbuf_add(&out, gap);
    str pattern = any && !out.overflow ? arena_str(r->arena, strbuf_view(&out)) : STR_NONE;
    strbuf_done(&out);
    return pattern;
}

static bool make_table(struct reducing *r)
{
    size_t n = 16;

    for (size_t i = 0; i < r->n; i++)
        count_words(r, &r->texts[i], true);
    while (n < 2 * (r->words + r->n))
        n *= 2;
    r->table = (struct table) { arena_try_alloc(r->arena, n * sizeof(struct entry)), n - 1 };
    if (r->table.p)
        memset(r->table.p, 0, n * sizeof(struct entry));
    return r->table.p != NULL;
}

#define COUNT_MOST (INT64_MAX / 100) /* of rows with one text: no table has as many */

static int64_t next_count(str *s)
{
    int64_t v = 0;

    while (s->n > 0 && (s->p[0] < '0' || s->p[0] > '9'))
        *s = str_from(*s, 1);
    for (; s->n > 0 && s->p[0] >= '0' && s->p[0] <= '9'; *s = str_from(*s, 1))
        v = v < COUNT_MOST ? v * 10 + (s->p[0] - '0') : v;
    return v;
}

static bool read_texts(struct reducing *r, str texts, str counts, double threshold)
{
    double total = 0;

    r->n = 1;
    for (size_t i = 0; i < texts.n; i++)
        r->n += texts.p[i] == '\0';
    r->texts = arena_try_alloc(r->arena, r->n * sizeof *r->texts);
    for (size_t i = 0; r->texts && i < r->n; i++) {
        size_t end = str_find_byte(texts, '\0');
        str    s = end == STR_NPOS ? texts : str_slice(texts, 0, end);
        texts = end == STR_NPOS ? STR_NONE : str_from(texts, end + 1);
        r->texts[i] = (struct text) { s, STR_NONE, next_count(&counts) };
        total += (double)r->texts[i].count;
    }
    r->need = threshold * total;
    return r->texts != NULL;
}

void scalar_reduce_patterns(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    struct reducing r = { .arena = a, .characters = argv[1].s };
    struct strbuf   json = STRBUF_INIT(SCALAR_MAX_TEXT);

    if (!read_texts(&r, argv[2].s, argv[3].s, argv[0].r) || !make_table(&r))
        return;
    for (size_t i = 0; i < r.n; i++)
        count_words(&r, &r.texts[i], false);
    for (size_t i = 0; i < r.n; i++)
        r.texts[i].pattern = pattern_of(&r, &r.texts[i]);
    for (size_t i = 0; i < r.n; i++)
        if (r.texts[i].pattern.n > 0)
            add(&r.table, r.texts[i].pattern, PATTERN, r.texts[i].count);
    struct json_w w = json_w_make(&json);
    json_w_array(&w);
    for (size_t i = 0; i < r.n; i++) {
        str pattern = r.texts[i].pattern;
        json_w_str(&w, (double)find(&r.table, pattern, PATTERN)->count > r.need ? pattern : S(""));
    }
    json_w_end(&w);
    scalar_give(a, &json, out);
    strbuf_done(&json);
}
