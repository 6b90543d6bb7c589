/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_term.h"

#include "base/sql.h"
#include "base/utf8.h"
#include "kql/kql_fn.h"

#define EDGE_LEFT "(?:^|[^\\p{L}\\p{N}])"
#define EDGE_RIGHT "(?:$|[^\\p{L}\\p{N}])"

static bool is_plain(char c) /* a letter or digit of ASCII */
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_term(char c)
{
    return is_plain(c) || (c & 0x80);
}

static bool is_one_plain_term(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_plain(s.p[i]))
            return false;
    return s.n > 0;
}

str kql_term_lower(struct arena *a, str s)
{
    AUTO_STRBUF lower = STRBUF_INIT(s.n * 4 + 16);
    utf8_lower(&lower, s);
    return arena_str(a, strbuf_view(&lower));
}

str kql_term_digits(struct arena *a, str pattern)
{
    AUTO_STRBUF out = STRBUF_INIT(pattern.n * 3 + 16);
    bool        quoted = false; /* between \Q and \E */

    for (size_t i = 0; i < pattern.n; i++) {
        char next = pattern.p[i] == '\\' && i + 1 < pattern.n ? pattern.p[i + 1] : '\0';
        if (!quoted && (next == 'd' || next == 'D')) {
            strbuf_addz(&out, next == 'd' ? "\\p{Nd}" : "\\P{Nd}");
            i++;
            continue;
        }
        quoted = quoted ? next != 'E' : next == 'Q';
        strbuf_addc(&out, pattern.p[i]);
        if (!quoted && next)
            strbuf_addc(&out, pattern.p[++i]);
    }
    return arena_str(a, strbuf_view(&out));
}

const char *kql_term_flags(str pattern)
{
    return str_find_byte(pattern, '.') == STR_NPOS ? "" : "(?-s)";
}

str kql_term_regex(struct arena *a, str pattern)
{
    return arena_printf(a, "%s" STR_FMT, kql_term_flags(pattern), STR_ARG(kql_term_digits(a, pattern)));
}

void kql_term_quote(struct strbuf *out, str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (!is_term(s.p[i]) && s.p[i] != '_' && s.p[i] != ' ')
            strbuf_addc(out, '\\');
        strbuf_addc(out, s.p[i]);
    }
}

struct how {
    bool cs, prefix, suffix; /* only the left, only the right edge counts */
};

static struct how how_of(const char *name)
{
    str n = str_of(name);
    return (struct how) { str_ends(n, S("_cs")), str_starts(n, S("hasprefix")),
                          str_starts(n, S("hassuffix")) };
}

static void add_edges(struct kql_emit *e, const struct kql_expr *column, str needle, struct how how)
{
    AUTO_STRBUF pattern = STRBUF_INIT(needle.n * 2 + 100);

    strbuf_addz(&pattern, how.cs ? "" : "(?i)");
    strbuf_addz(&pattern, !how.suffix && is_term(needle.p[0]) ? EDGE_LEFT : "");
    kql_term_quote(&pattern, needle);
    strbuf_addz(&pattern, !how.prefix && is_term(needle.p[needle.n - 1]) ? EDGE_RIGHT : "");
    kql_emit_addz(e, "match(");
    kql_emit_expr(e, column);
    kql_emit_addz(e, ",");
    kql_emit_text(e, strbuf_view(&pattern));
    kql_emit_addz(e, ")");
}

static void add_lowered(struct kql_emit *e, const char *before, const struct kql_expr *column,
                        const char *between, str text, const char *after)
{
    kql_emit_addz(e, before);
    kql_emit_expr(e, column);
    kql_emit_addz(e, between);
    kql_emit_text(e, text);
    kql_emit_addz(e, after);
}

/* The terms within a needle of several: hasAllTokens finds the rows that may have it by the index. */
static void add_terms(struct kql_emit *e, const struct kql_expr *column, str lowered)
{
    size_t said = 0;

    for (size_t i = 0; i < lowered.n;) {
        size_t from = i;
        while (i < lowered.n && is_term(lowered.p[i]))
            i++;
        bool inner = from > 0 && i < lowered.n; /* at the ends it may be part of a longer one */
        if (i > from && inner && is_one_plain_term(str_slice(lowered, from, i))) {
            if (said++ == 0) {
                kql_emit_addz(e, "hasAllTokens(lowerUTF8(");
                kql_emit_expr(e, column);
                kql_emit_addz(e, "),[");
            } else {
                kql_emit_addz(e, ",");
            }
            kql_emit_text(e, str_slice(lowered, from, i));
        }
        i += i < lowered.n && i == from;
        while (i < lowered.n && !is_term(lowered.p[i]))
            i++;
    }
    kql_emit_addz(e, said > 0 ? "]) AND " : "");
}

/* A needle of several terms that begins and ends with whole terms: these count as inner ones too. */
static void add_phrase(struct kql_emit *e, const struct kql_expr *column, str needle, struct how how)
{
    str lowered = kql_term_lower(e->arena, needle);

    kql_emit_addz(e, "(");
    if (!how.prefix && !how.suffix) {
        str padded = arena_printf(e->arena, " " STR_FMT " ", STR_ARG(lowered));
        add_terms(e, column, padded);
    } else {
        add_terms(e, column, lowered);
    }
    if (how.cs)
        add_lowered(e, "position(", column, ",", needle, ") > 0 AND ");
    else
        add_lowered(e, "position(lowerUTF8(", column, "),", lowered, ") > 0 AND ");
    add_edges(e, column, needle, how);
    kql_emit_addz(e, ")");
}

static void add_has(struct kql_emit *e, const struct kql_expr *column, str needle, struct how how)
{
    bool whole = !how.prefix && !how.suffix;

    if (needle.n == 0) {
        kql_emit_addz(e, "true");
        return;
    }
    if (!whole || !is_one_plain_term(needle)) {
        add_phrase(e, column, needle, how);
        return;
    }
    add_lowered(e, "(hasToken(lowerUTF8(", column, "),", kql_term_lower(e->arena, needle), ")");
    if (how.cs)
        add_lowered(e, " AND hasToken(", column, ",", needle, ")");
    kql_emit_addz(e, ")");
}

/* A needle that only the row knows. `needle` is SQL text. */
static void add_has_of_row(struct kql_emit *e, str column, str needle, struct how how)
{
    AUTO_STRBUF sql = STRBUF_INIT(e->max_bytes);

    strbuf_addf(&sql, "(" STR_FMT " = '' OR match(" STR_FMT ",concat('%s',", STR_ARG(needle), STR_ARG(column),
                how.cs ? "" : "(?i)");
    if (!how.suffix)
        strbuf_addf(&sql, "if(match(" STR_FMT ",'^[\\\\p{L}\\\\p{N}]'),'(?:^|[^\\\\p{L}\\\\p{N}])',''),",
                    STR_ARG(needle));
    strbuf_addf(&sql, "regexpQuoteMeta(" STR_FMT ")", STR_ARG(needle));
    if (!how.prefix)
        strbuf_addf(&sql, ",if(match(" STR_FMT ",'[\\\\p{L}\\\\p{N}]$'),'(?:$|[^\\\\p{L}\\\\p{N}])','')",
                    STR_ARG(needle));
    strbuf_addz(&sql, ")))");
    kql_emit_add(e, strbuf_view(&sql));
}

static str shared_name(struct kql_emit *e, const struct kql_expr *x)
{
    AUTO_STRBUF name = STRBUF_INIT(4000);
    sql_name(&name, kql_emit_shared(e, x));
    return arena_str(e->arena, strbuf_view(&name));
}

void kql_term_emit_has(struct kql_emit *e, const struct kql_expr *call)
{
    struct how how = how_of(call->fn->name);

    if (call->args[1]->kind == KQL_EXPR_CONST)
        add_has(e, call->args[0], call->args[1]->value.s, how);
    else
        add_has_of_row(e, shared_name(e, call->args[0]), shared_name(e, call->args[1]), how);
}

static void add_list(struct kql_emit *e, const struct kql_expr *call, bool all)
{
    size_t said = 0;

    kql_emit_addz(e, "(");
    for (size_t i = 1; i < call->n_args; i++) {
        str needle = call->args[i]->value.s;
        if (!is_one_plain_term(needle))
            continue;
        if (said++ == 0) {
            kql_emit_addz(e, all ? "hasAllTokens(lowerUTF8(" : "hasAnyTokens(lowerUTF8(");
            kql_emit_expr(e, call->args[0]);
            kql_emit_addz(e, "),[");
        } else {
            kql_emit_addz(e, ",");
        }
        kql_emit_text(e, kql_term_lower(e->arena, needle));
    }
    kql_emit_addz(e, said > 0 ? "])" : "");
    for (size_t i = 1; i < call->n_args; i++) {
        str needle = call->args[i]->value.s;
        if (is_one_plain_term(needle))
            continue;
        kql_emit_addz(e, said++ > 0 ? (all ? " AND " : " OR ") : "");
        add_has(e, call->args[0], needle, (struct how) { 0 });
    }
    kql_emit_addz(e, ")");
}

void kql_term_emit_any(struct kql_emit *e, const struct kql_expr *call)
{
    add_list(e, call, false);
}

void kql_term_emit_all(struct kql_emit *e, const struct kql_expr *call)
{
    add_list(e, call, true);
}

static void add_array(struct kql_emit *e, const struct kql_expr *call, const char *quantifier)
{
    str column = shared_name(e, call->args[0]);

    kql_emit_addz(e, quantifier);
    kql_emit_addz(e, "(w -> ");
    add_has_of_row(e, column, S("w"), (struct how) { 0 });
    kql_emit_call(e, ",JSONExtract($2,'Array(String)'))", call);
}

void kql_term_emit_any_array(struct kql_emit *e, const struct kql_expr *call)
{
    add_array(e, call, "arrayExists");
}

void kql_term_emit_all_array(struct kql_emit *e, const struct kql_expr *call)
{
    add_array(e, call, "arrayAll");
}

/* --- which conditions the index serves: the same rules as above --- */

/* Whether a whole term of the needle can be looked up. */
static bool has_lookup(str needle, struct how how)
{
    bool whole = !how.prefix && !how.suffix;

    if (whole && is_one_plain_term(needle))
        return true;
    for (size_t i = 0; i < needle.n;) {
        size_t from = i;
        while (i < needle.n && is_term(needle.p[i]))
            i++;
        bool inner = whole || (from > 0 && i < needle.n);
        if (i > from && inner && is_one_plain_term(str_slice(needle, from, i)))
            return true;
        i += i == from;
    }
    return false;
}

static enum kql_term_way way_of_call(const struct kql_expr *call)
{
    const char *name = call->fn->name;
    bool        all = strcmp(name, "·has_all") == 0, any = strcmp(name, "·has_any") == 0;
    size_t      served = 0;

    if (!all && !any && call->fn->emit != kql_term_emit_has)
        return str_starts(str_of(name), S("·has_a")) ? KQL_TERM_ROWS : KQL_TERM_NONE;
    if (call->args[0]->kind != KQL_EXPR_COL || call->args[0]->col->physical.n == 0)
        return KQL_TERM_ROWS;
    for (size_t i = 1; i < call->n_args; i++)
        served += call->args[i]->kind == KQL_EXPR_CONST &&
                  has_lookup(call->args[i]->value.s, any || all ? (struct how) { 0 } : how_of(name));
    return (all ? served > 0 : served == call->n_args - 1) ? KQL_TERM_INDEXED : KQL_TERM_ROWS;
}

enum kql_term_way kql_term_way(const struct kql_expr *pred)
{
    bool   both = pred->kind == KQL_EXPR_CALL && strcmp(pred->fn->name, "and") == 0;
    bool   either = pred->kind == KQL_EXPR_CALL && strcmp(pred->fn->name, "or") == 0;
    size_t indexed = 0, rows = 0;

    if (pred->kind != KQL_EXPR_CALL)
        return KQL_TERM_NONE;
    if (!both && !either)
        return way_of_call(pred);
    for (size_t i = 0; i < pred->n_args; i++) {
        enum kql_term_way way = kql_term_way(pred->args[i]);
        indexed += way == KQL_TERM_INDEXED;
        rows += way == KQL_TERM_ROWS;
    }
    if (both ? indexed > 0 : indexed == pred->n_args)
        return KQL_TERM_INDEXED;
    return indexed + rows > 0 ? KQL_TERM_ROWS : KQL_TERM_NONE;
}
