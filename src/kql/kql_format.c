/* SPDX-License-Identifier: Apache-2.0 */
/* Lays a query out: an operator a line, statements apart, one blank between words. Works on tokens, so what a
 * query means cannot change; comments stay where they stood. */
#include "kql/kql.h"
#include "kql/kql_lex.h"
#include "kql/kql_parse.h"

struct printer {
    str            query;
    struct strbuf *out;
    size_t         depth;
    bool           fresh; /* a new line has begun and nothing is on it */
};

static void new_line(struct printer *p)
{
    if (!p->fresh && p->out->n > 0)
        strbuf_addc(p->out, '\n');
    p->fresh = true;
}

static void indent(struct printer *p)
{
    for (size_t i = 0; p->fresh && i < p->depth; i++)
        strbuf_addz(p->out, "    ");
    p->fresh = false;
}

/* Comments between two tokens, a line each. */
static void comments(struct printer *p, size_t from, size_t to)
{
    str gap = str_slice(p->query, from, to), line;

    while (str_split(&gap, '\n', &line)) {
        line = str_trim(line);
        if (!str_starts(line, S("//")))
            continue;
        if (!p->fresh)
            strbuf_addc(p->out, ' ');
        indent(p);
        strbuf_add(p->out, line);
        new_line(p);
    }
}

static bool is(const struct kql_token *t, const char *text)
{
    return (t->kind == KQL_TOKEN_PUNCT || t->kind == KQL_TOKEN_NAME) && str_eq(t->text, str_of(text));
}

/* A sign that only ever compares two sides; others (-, *, =) have other places, too. */
static bool is_comparison(const struct kql_token *t)
{
    static const char *const signs[] = { "==", "!=", "=~", "!~", "<=", ">=", "<>" };

    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (is(t, signs[i]))
            return true;
    return false;
}

/* Whether a blank stands between two neighbours: where the writer had one, but for brackets, commas, pipes
 * and comparisons. */
static bool parted(const struct kql_token *left, const struct kql_token *right)
{
    if (is(right, ",") || is(right, ")") || is(right, "]") || is(right, ";") || is(left, "(") ||
        is(left, "["))
        return false;
    return is(left, ",") || is(left, "|") || is_comparison(left) || is_comparison(right) ||
           left->span.to < right->span.from;
}

static void print_token(struct printer *p, const struct kql_token *t, const struct kql_token *before)
{
    if (is(t, "|"))
        new_line(p);
    if (is(t, ")") || is(t, "}"))
        p->depth -= p->depth > 0;
    if (!p->fresh && before && parted(before, t))
        strbuf_addc(p->out, ' ');
    indent(p);
    strbuf_add(p->out, str_slice(p->query, t->span.from, t->span.to));
    if (is(t, "(") || is(t, "{"))
        p->depth++;
    if (is(t, ";"))
        new_line(p);
}

enum rc kql_format(str query, struct arena *arena, str *out, struct kql_diags *diags, struct err *err)
{
    AUTO_STRBUF    text = STRBUF_INIT(query.n * 8 + 4096);
    struct printer p = { .query = query, .out = &text, .fresh = true };

    *diags = kql_diag_begin(arena, query);
    kql_parse_query(arena, query, KQL_LIMIT_NESTING, diags);
    if (kql_diag_any(diags))
        return err_set(err, RC_SYNTAX, "line %u, column %u: " STR_FMT, diags->list.p[0].line,
                       diags->list.p[0].column, STR_ARG(diags->list.p[0].message));
    struct kql_tokens tokens = kql_lex_all(arena, query, diags);
    size_t            at = 0;
    for (size_t i = 0; i < tokens.n; i++) {
        comments(&p, at, tokens.p[i].span.from);
        if (tokens.p[i].kind != KQL_TOKEN_END)
            print_token(&p, &tokens.p[i], i > 0 ? &tokens.p[i - 1] : NULL);
        at = tokens.p[i].span.to;
    }
    TRY(strbuf_ok(&text, "the laid out query", err));
    *out = arena_str(arena, strbuf_view(&text));
    return RC_OK;
}
