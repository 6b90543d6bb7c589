/* SPDX-License-Identifier: Apache-2.0 */
#include "content/content_traits.h"

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

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
    "row_window_session",
    "join",
    "lookup",
    "summarize",
    "evaluate",
    "externaldata",
    "find",
    "search",
    "invoke",
    "make-series",
    "range",
    "toTable",
    "arg_max",
    "arg_min",
    "materialized_view",
    "ingestion_time",
};

static bool listed(const char *const *list, size_t n, str word)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(word, str_of(list[i])))
            return true;
    return false;
}

#define LISTED(list, word) listed((list), sizeof(list) / sizeof *(list), (word))

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

/* A word of letters, digits and inner hyphens of an operator's name (mv-expand). */
static str word_at(str q, size_t i, bool hyphens)
{
    size_t end = i;
    while (end < q.n && (is_word(q.p[end]) || (hyphens && q.p[end] == '-')))
        end++;
    return str_slice(q, i, end);
}

static bool called(str q, size_t behind)
{
    while (behind < q.n && (q.p[behind] == ' ' || q.p[behind] == '\n' || q.p[behind] == '\t'))
        behind++;
    return behind < q.n && q.p[behind] == '(';
}

struct content_traits content_traits_of(str q)
{
    struct content_traits t = { .row_wise = true };
    bool                  after_pipe = false;

    for (size_t i = 0; i < q.n;) {
        char c = q.p[i];
        if (begins_literal(q, i)) {
            i = skip_literal(q, i);
            after_pipe = false;
        } else if (c == '/' && i + 1 < q.n && q.p[i + 1] == '/') {
            size_t end = str_find_byte(str_from(q, i), '\n');
            i = end == STR_NPOS ? q.n : i + end;
        } else if (is_word(c)) {
            str word = word_at(q, i, after_pipe);
            i += word.n;
            if (after_pipe ? !LISTED(ROW_WISE, word) : LISTED(WINDOWED, word))
                t.row_wise = false;
            if ((str_eq(word, S("now")) || str_eq(word, S("ago"))) && called(q, i))
                t.uses_now = true;
            t.unions |= str_eq(word, S("union"));
            after_pipe = false;
        } else {
            if (c == '|')
                after_pipe = true;
            i++;
        }
    }
    return t;
}
