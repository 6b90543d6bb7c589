/* SPDX-License-Identifier: Apache-2.0 */
#include "content/content_traits.h"

enum { MAX_TOKENS = 8192, MAX_NAMES = 64 };

enum kind { WORD, LITERAL, SYMBOL };

struct token {
    enum kind kind;
    str       text;
};

/* The query cut into words, literals and symbols, comments left out. */
struct tokens {
    struct token p[MAX_TOKENS];
    size_t       n;
    bool         cut; /* there were more: nothing good is said of the query */
};

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static bool listed(const char *const *list, size_t n, str word)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(word, str_of(list[i])))
            return true;
    return false;
}

#define LISTED(list, word) listed((list), sizeof(list) / sizeof *(list), (word))

/* --- tokens --- */

/* The offset behind the string literal that begins at `i`: "…", '…', @"…", @'…', ```…```. */
static size_t skip_literal(str q, size_t i)
{
    bool verbatim = q.p[i] == '@';
    if (verbatim)
        i++;
    if (str_starts(str_from(q, i), S("```"))) {
        size_t end = str_find(str_from(q, i + 3), S("```"));
        return end == STR_NPOS ? q.n : i + 3 + end + 3;
    }
    char quote = q.p[i++];
    while (i < q.n && q.p[i] != quote && q.p[i] != '\n')
        i += !verbatim && q.p[i] == '\\' ? 2 : 1;
    return i < q.n ? i + 1 : q.n;
}

static bool begins_literal(str q, size_t i)
{
    char c = q.p[i], next = i + 1 < q.n ? q.p[i + 1] : 0;
    return c == '"' || c == '\'' || (c == '@' && (next == '"' || next == '\'')) ||
           str_starts(str_from(q, i), S("```"));
}

/* A word; behind a pipe with inner hyphens, for operators such as mv-expand. */
static size_t skip_word(str q, size_t i, bool hyphens)
{
    while (i < q.n && (is_word(q.p[i]) || (hyphens && q.p[i] == '-')))
        i++;
    return i;
}

static size_t skip_symbol(str q, size_t i)
{
    static const char *const pairs[] = { "<=", ">=", "==", "!=", "=~", "!~", "<>", ".." };

    for (size_t k = 0; k < sizeof pairs / sizeof *pairs; k++)
        if (str_starts(str_from(q, i), str_of(pairs[k])))
            return i + 2;
    return i + 1;
}

static void tokenize(str q, struct tokens *out)
{
    out->n = 0;
    out->cut = false;
    for (size_t i = 0; i < q.n && !out->cut;) {
        size_t    from = i;
        enum kind kind = SYMBOL;
        bool      piped = out->n && str_eq(out->p[out->n - 1].text, S("|"));
        if (q.p[i] <= ' ') {
            i++;
            continue;
        }
        if (str_starts(str_from(q, i), S("//"))) {
            size_t end = str_find_byte(str_from(q, i), '\n');
            i = end == STR_NPOS ? q.n : i + end;
            continue;
        }
        if (begins_literal(q, i)) {
            kind = LITERAL;
            i = skip_literal(q, i);
        } else if (is_word(q.p[i])) {
            kind = WORD;
            i = skip_word(q, i, piped);
        } else {
            i = skip_symbol(q, i);
        }
        out->cut = out->n == MAX_TOKENS;
        if (!out->cut)
            out->p[out->n++] = (struct token) { kind, str_slice(q, from, i) };
    }
}

static str at(const struct tokens *t, size_t i)
{
    return i < t->n ? t->p[i].text : STR_NONE;
}

static bool word_is(const struct tokens *t, size_t i, str word)
{
    return i < t->n && t->p[i].kind == WORD && str_eq(t->p[i].text, word);
}

static bool symbol_is(const struct tokens *t, size_t i, str symbol)
{
    return i < t->n && t->p[i].kind == SYMBOL && str_eq(t->p[i].text, symbol);
}

/* --- row by row --- */

/* Operators that give for each row some rows made of it alone. Order may change; that shows in no result row.
 */
static const char *const ROW_WISE[] = {
    "where",          "filter",          "extend", "project",     "project-away", "project-keep",
    "project-rename", "project-reorder", "parse",  "parse-where", "mv-expand",    "mvexpand",
    "sort",           "order",           "as",     "union",       "parse-kv",
};

/* Calls and words that bring other rows in, or the state of the whole input. */
static const char *const WINDOWED[] = {
    "toscalar",
    "materialize",
    "prev",
    "next",
    "row_number",
    "row_cumsum",
    "row_rank_dense",
    "row_rank_min",
    "join",
    "lookup",
    "summarize",
    "evaluate",
    "externaldata",
    "find",
    "search",
    "invoke",
    "range",
    "toTable",
    "arg_max",
    "arg_min",
    "materialized_view",
    "row_window_session",
    "ingestion_time",
};

static bool row_wise(const struct tokens *t)
{
    for (size_t i = 0; i < t->n; i++) {
        bool piped = i && symbol_is(t, i - 1, S("|"));
        if (t->p[i].kind == WORD &&
            (piped ? !LISTED(ROW_WISE, t->p[i].text) : LISTED(WINDOWED, t->p[i].text)))
            return false;
    }
    return !t->cut;
}

/* --- monotone --- */

/* Operators whose output only grows with the input; join is looked at by its kind. */
static const char *const GROWING[] = {
    "where",        "filter",       "extend",         "project",
    "project-away", "project-keep", "project-rename", "project-reorder",
    "parse",        "parse-where",  "mv-expand",      "mvexpand",
    "as",           "union",        "parse-kv",       "summarize",
    "distinct",     "join",         "sort",           "order",
};

/* Words anywhere that end it. */
static const char *const SHRINKING[] = {
    "leftanti",
    "rightanti",
    "anti",
    "leftouter",
    "rightouter",
    "fullouter",
    "innerunique",
    "lookup",
    "toscalar",
    "prev",
    "next",
    "row_number",
    "row_cumsum",
    "evaluate",
    "externaldata",
    "find",
    "search",
    "invoke",
    "now",
    "ago",
    "materialized_view",
    "row_rank_dense",
    "row_rank_min",
    "row_window_session",
    "ingestion_time",
    "serialize",
    "range",
};

/* Aggregates that only grow with the rows. */
static const char *const GROWING_SUMS[] = { "count", "countif", "dcount",      "dcountif",
                                            "max",   "maxif",   "array_length" };

static bool joins_grow(const struct tokens *t, size_t i)
{
    static const char *const kinds[] = { "inner", "leftsemi", "rightsemi" };
    return word_is(t, i + 1, S("kind")) && symbol_is(t, i + 2, S("=")) && LISTED(kinds, at(t, i + 3));
}

/* Is the column made by an aggregate that only grows, wherever it is made? */
static bool column_grows(const struct tokens *t, str column)
{
    bool made = false;

    for (size_t i = 0; i + 2 < t->n; i++) {
        if (!word_is(t, i, column) || !symbol_is(t, i + 1, S("=")))
            continue;
        if (!LISTED(GROWING_SUMS, at(t, i + 2)))
            return false;
        made = true;
    }
    return made;
}

/* A condition on aggregates: only "column > something" and "column >= something", with and and or. */
static bool condition_grows(const struct tokens *t, size_t i)
{
    while (i < t->n && !symbol_is(t, i, S("|")) && !symbol_is(t, i, S(";")) && !symbol_is(t, i, S(")"))) {
        bool above = symbol_is(t, i + 1, S(">")) || symbol_is(t, i + 1, S(">="));
        bool value = i + 2 < t->n && t->p[i + 2].kind == WORD;
        if (!above || !value || !column_grows(t, at(t, i)) || column_grows(t, at(t, i + 2)))
            return false;
        i += 3;
        if (word_is(t, i, S("and")) || word_is(t, i, S("or")))
            i++;
    }
    return true;
}

/* `in (Name)` where Name is no list written down: rows of a table, whose growth a negation would turn round.
 */
static bool lists_rows(const struct tokens *t, size_t i)
{
    if (!word_is(t, i, S("in")) || !(symbol_is(t, i + 1, S("(")) || symbol_is(t, i + 2, S("("))))
        return false;
    size_t first = symbol_is(t, i + 1, S("(")) ? i + 2 : i + 3;
    if (first >= t->n || t->p[first].kind != WORD || word_is(t, first, S("dynamic")))
        return false;
    for (size_t k = 0; k + 3 < t->n; k++)
        if (word_is(t, k, S("let")) && word_is(t, k + 1, at(t, first)) && word_is(t, k + 3, S("dynamic")))
            return false;
    int64_t number;
    return !str_to_i64(at(t, first), &number);
}

/* The times of a group only widen when they are the least and the greatest of something. */
static bool times_widen(const struct tokens *t)
{
    for (size_t i = 0; i + 2 < t->n; i++) {
        bool made = symbol_is(t, i + 1, S("="));
        if (made && word_is(t, i, S("StartTime")) && !word_is(t, i + 2, S("min")))
            return false;
        if (made && word_is(t, i, S("EndTime")) && !word_is(t, i + 2, S("max")))
            return false;
    }
    return true;
}

static bool monotone(const struct tokens *t)
{
    bool   aggregated = false, negated = false, from_rows = false, joined = false;
    size_t depth = 0;

    for (size_t i = 0; i < t->n; i++) {
        depth += symbol_is(t, i, S("("));
        depth -= depth && symbol_is(t, i, S(")"));
        bool piped = i && symbol_is(t, i - 1, S("|"));
        str  word = t->p[i].kind == WORD ? t->p[i].text : STR_NONE;
        if (symbol_is(t, i, S("!")) || str_eq(word, S("not")))
            negated = true;
        from_rows |= lists_rows(t, i);
        if (!word.n)
            continue;
        if ((piped && !LISTED(GROWING, word)) || LISTED(SHRINKING, word))
            return false;
        /* What an aggregate gives may change as it grows: a join, a list or an expansion must not hang on it.
         */
        if (str_eq(word, S("join")) && (aggregated || !joins_grow(t, i)))
            return false;
        if (piped && aggregated && str_starts(word, S("mv")))
            return false;
        joined |= str_eq(word, S("join"));
        if (aggregated && piped && (str_eq(word, S("where")) || str_eq(word, S("filter"))) &&
            !condition_grows(t, i + 1))
            return false;
        aggregated |= piped && str_eq(word, S("summarize"));
        if (aggregated && (from_rows || (joined && depth)))
            return false;
    }
    return !t->cut && !(negated && from_rows) && (!aggregated || times_widen(t));
}

struct content_traits content_traits_of(str q)
{
    struct tokens         t;
    struct content_traits traits;

    tokenize(q, &t);
    traits = (struct content_traits) { .row_wise = row_wise(&t), .monotone = monotone(&t) };
    for (size_t i = 0; i < t.n; i++) {
        traits.unions |= word_is(&t, i, S("union"));
        traits.uses_now |=
            (word_is(&t, i, S("now")) || word_is(&t, i, S("ago"))) && symbol_is(&t, i + 1, S("("));
    }
    traits.uses_now |= t.cut;
    return traits;
}
