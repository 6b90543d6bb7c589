/* SPDX-License-Identifier: Apache-2.0 */
/* Expressions, from the loosest binding to the tightest: or, and, comparisons, + -, * / %, sign, path,
 * primary. A chain of `and` or `or` is one node with many kids, because rules have chains of thousands. */
#include "kql/kql_parse.h"

#include "base/duration.h"

enum { CHAIN_MAX = 900 }; /* of left-deep operators: a + b + c … */

static struct kql_node *parse_or(struct kql_parser *p);

static struct kql_node *fail(struct kql_parser *p, const char *wanted)
{
    kql_parse_fail(p, wanted);
    return kql_parse_new(p, KQL_NODE_BAD);
}

static bool is_one_of(const struct kql_parser *p, const char *const *words)
{
    for (; *words; words++)
        if (kql_parse_is(p, *words))
            return true;
    return false;
}

static struct kql_node *literal(struct kql_parser *p, struct kql_value v)
{
    struct kql_node *n = kql_parse_new(p, KQL_NODE_LITERAL);
    n->value = v;
    p->at++;
    return n;
}

static struct kql_node *bad_literal(struct kql_parser *p, const char *what)
{
    struct kql_node *n = kql_parse_new(p, KQL_NODE_BAD);
    kql_diag_add(p->diags, KQL_DIAG_LITERAL, n->span, "%s", what);
    p->at++;
    return n;
}

static struct kql_node *typeof_literal(struct kql_parser *p)
{
    const struct kql_token *t = kql_parse_peek(p, 0);
    enum kql_type           type;

    bool table = str_starts(str_trim(t->text), S("*")) || str_find_byte(t->text, ':') != STR_NPOS;
    if (table) /* typeof(*, a:long): of a table, which plugins that are not here would take */
        type = KQL_UNKNOWN;
    else if (!kql_type_parse(t->text, &type))
        return bad_literal(p, "typeof() takes the name of a type");
    struct kql_node *n = literal(p, kql_value_null(type));
    n->kind = KQL_NODE_TYPE;
    return n;
}

/* What literals may say beyond what strings of these types may: int(0xf0000000) is a negative int,
 * timespan(72:00:00) three days, and datetime("put a date here") nothing. */
static bool parse_loosely(struct kql_parser *p, enum kql_type type, str text, struct kql_value *out)
{
    struct kql_value whole;
    size_t           colon = str_find_byte(text, ':');

    if (type == KQL_INT && str_starts_ci(text, S("0x")) &&
        kql_value_parse(p->arena, KQL_LONG, text, &whole) && whole.i == (uint32_t)whole.i) {
        *out = kql_value_int_of(KQL_INT, (int32_t)(uint32_t)whole.i);
        return true;
    }
    if (type == KQL_TIMESPAN && colon != STR_NPOS &&
        kql_value_parse(p->arena, KQL_LONG, str_slice(text, 0, colon), &whole) && whole.i >= 24 &&
        whole.i < 24 * 10000) {
        str rest = arena_printf(p->arena, "0" STR_FMT, STR_ARG(str_from(text, colon)));
        if (!kql_value_parse(p->arena, KQL_TIMESPAN, rest, out))
            return false;
        out->i += whole.i * (DAYS(1) / 24);
        return true;
    }
    if (type != KQL_DATETIME || text.n == 0 || (text.p[0] != '"' && text.p[0] != '\''))
        return false;
    *out = kql_value_null(KQL_DATETIME);
    return true;
}

static struct kql_node *typed_literal(struct kql_parser *p)
{
    const struct kql_token *t = kql_parse_peek(p, 0);
    struct kql_value        v;
    enum kql_type           type;

    if (str_eq(t->word, S("typeof")))
        return typeof_literal(p);
    if (!kql_type_parse(t->word, &type))
        return bad_literal(p, "a literal of no known type");
    if (kql_value_parse(p->arena, type, t->text, &v) || parse_loosely(p, type, t->text, &v))
        return literal(p, v);
    if (type == KQL_DYNAMIC)
        return bad_literal(p, "dynamic() takes JSON");
    /* datetime(now) and bool("x") are nulls, while a number that does not fit is an error. */
    if (type == KQL_DATETIME || type == KQL_BOOL || type == KQL_GUID)
        return bad_literal(p, "a literal that has no value of its type");
    return bad_literal(p, "a number or span that does not fit its type");
}

static struct kql_node *number_literal(struct kql_parser *p, bool minus)
{
    const struct kql_token *t = kql_parse_peek(p, 0);
    struct kql_value        v;
    bool                    real = t->kind == KQL_TOKEN_REAL;
    str                     text = minus ? arena_printf(p->arena, "-" STR_FMT, STR_ARG(t->text)) : t->text;

    if (!kql_value_parse(p->arena, real ? KQL_REAL : KQL_LONG, text, &v))
        return bad_literal(p, "a number that does not fit");
    return literal(p, v);
}

static struct kql_node *string_literal(struct kql_parser *p)
{
    struct kql_node *n = literal(p, kql_value_string(kql_parse_peek(p, 0)->text));

    while (kql_parse_peek(p, 0)->kind == KQL_TOKEN_STRING) { /* neighbours are one string */
        n->value.s =
            arena_printf(p->arena, STR_FMT STR_FMT, STR_ARG(n->value.s), STR_ARG(kql_parse_peek(p, 0)->text));
        p->at++;
    }
    return n;
}

/* An argument: a pipeline, an expression, *, or name = value. */
static struct kql_node *parse_argument(struct kql_parser *p)
{
    const struct kql_token *next = kql_parse_peek(p, 1);
    if (kql_parse_peek(p, 0)->kind == KQL_TOKEN_NAME && next->kind == KQL_TOKEN_PUNCT &&
        str_eq(next->text, S("=")))
        return kql_parse_expr_named(p);
    return kql_parse_pipe(p);
}

static struct kql_node *parse_call(struct kql_parser *p)
{
    struct kql_node *call = kql_parse_new(p, KQL_NODE_CALL);
    bool             lenient = p->lenient;

    p->at += 2;
    p->lenient = false; /* name = value is an argument by its name */
    bool read = kql_parse_is(p, ")") || kql_parse_list(p, call, parse_argument);
    p->lenient = lenient;
    if (!read) {
        call->kind = KQL_NODE_BAD;
        return call;
    }
    call->span.to = kql_parse_peek(p, 0)->span.to;
    if (!kql_parse_expect(p, ")"))
        call->kind = KQL_NODE_BAD;
    return call;
}

static struct kql_node *parse_parenthesis(struct kql_parser *p)
{
    uint32_t from = kql_parse_peek(p, 0)->span.from;

    p->at++;
    struct kql_node *inside = kql_parse_pipe(p);
    if (inside->kind != KQL_NODE_BAD && kql_parse_is(p, ",")) {
        struct kql_node *list = kql_ast_new(p->arena, KQL_NODE_LIST, inside->span, STR_NONE);
        kql_parse_add(p, list, inside);
        p->at++;
        if (!kql_parse_list(p, list, kql_parse_expr))
            list->kind = KQL_NODE_BAD;
        inside = list;
    }
    if (inside->kind != KQL_NODE_BAD && !kql_parse_is(p, ")"))
        return fail(p, "\")\"");
    inside->span = (struct kql_span) { from, kql_parse_peek(p, 0)->span.to };
    inside->flags |= KQL_NODE_PAREN;
    kql_parse_take(p, ")");
    return inside;
}

static struct kql_node *parse_word(struct kql_parser *p)
{
    const struct kql_token *t = kql_parse_peek(p, 0), *next = kql_parse_peek(p, 1);

    if (next->kind == KQL_TOKEN_PUNCT && str_eq(next->text, S("(")))
        return parse_call(p);
    if (str_eq(t->text, S("true")) || str_eq(t->text, S("True")) || str_eq(t->text, S("TRUE")))
        return literal(p, kql_value_int_of(KQL_BOOL, 1));
    if (str_eq(t->text, S("false")) || str_eq(t->text, S("False")) || str_eq(t->text, S("FALSE")))
        return literal(p, kql_value_int_of(KQL_BOOL, 0));
    static const char *const RESERVED[] = { "and",     "or",         "in",       "has",     "contains",
                                            "between", "startswith", "endswith", "matches", "asc",
                                            "desc",    "by",         NULL };
    if (is_one_of(p, RESERVED))
        return fail(p, "an expression");
    struct kql_node *name = kql_parse_new(p, KQL_NODE_NAME);
    p->at++;
    return name;
}

static struct kql_node *parse_primary(struct kql_parser *p)
{
    const struct kql_token *t = kql_parse_peek(p, 0);

    switch (t->kind) {
    case KQL_TOKEN_STRING:
        return string_literal(p);
    case KQL_TOKEN_LONG:
    case KQL_TOKEN_REAL:
        return number_literal(p, false);
    case KQL_TOKEN_TIMESPAN:
        return literal(p, kql_value_int_of(KQL_TIMESPAN, t->ticks));
    case KQL_TOKEN_TYPED:
        return typed_literal(p);
    case KQL_TOKEN_NAME:
        return parse_word(p);
    case KQL_TOKEN_QUOTED: {
        struct kql_node *name = kql_parse_new(p, KQL_NODE_NAME);
        name->flags |= KQL_NODE_BRACKETED;
        p->at++;
        return name;
    }
    default:
        break;
    }
    if (kql_parse_is(p, "("))
        return parse_parenthesis(p);
    if (kql_parse_is(p, "*")) {
        struct kql_node *star = kql_parse_new(p, KQL_NODE_STAR);
        p->at++;
        return star;
    }
    return fail(p, "an expression");
}

static struct kql_node *under(struct kql_parser *p, enum kql_node_kind kind, struct kql_node *left, str text)
{
    struct kql_node *n = kql_ast_new(p->arena, kind, left->span, text);
    kql_parse_add(p, n, left);
    return n;
}

static struct kql_node *parse_member(struct kql_parser *p, struct kql_node *left)
{
    const struct kql_token *t = kql_parse_peek(p, 0);

    if (t->kind == KQL_TOKEN_QUOTED || t->kind == KQL_TOKEN_NAME || t->kind == KQL_TOKEN_LONG) {
        const struct kql_token *next = kql_parse_peek(p, 1);
        if (t->kind == KQL_TOKEN_NAME && next->kind == KQL_TOKEN_PUNCT && str_eq(next->text, S("(")))
            return parse_call(
                p); /* cluster("c").database("d"): what is ahead of the dot does not matter here */
        struct kql_node *path = under(p, KQL_NODE_PATH, left, t->text);
        path->span.to = t->span.to;
        p->at++;
        return path;
    }
    return fail(p, "the name of a member");
}

static struct kql_node *parse_index(struct kql_parser *p, struct kql_node *left)
{
    p->at++;
    struct kql_node *index = under(p, KQL_NODE_INDEX, left, STR_NONE);
    kql_parse_add(p, index, kql_parse_expr(p));
    index->span.to = kql_parse_peek(p, 0)->span.to;
    if (vec_last(&index->kids)->kind == KQL_NODE_BAD || !kql_parse_expect(p, "]"))
        index->kind = KQL_NODE_BAD;
    return index;
}

static struct kql_node *parse_postfix(struct kql_parser *p)
{
    struct kql_node *left = parse_primary(p);

    for (int links = 0; left->kind != KQL_NODE_BAD; links++) {
        const struct kql_token *t = kql_parse_peek(p, 0);
        if (links > CHAIN_MAX)
            return fail(p, "an end to the path");
        if (kql_parse_is(p, ".")) {
            p->at++;
            left = kql_parse_is(p, "[") ? parse_index(p, left) : parse_member(p, left);
        } else if (t->kind == KQL_TOKEN_QUOTED) {
            left = parse_member(p, left);
        } else if (kql_parse_is(p, "[")) {
            left = parse_index(p, left);
        } else {
            break;
        }
    }
    return left;
}

static struct kql_node *parse_sign(struct kql_parser *p)
{
    if (!kql_parse_is(p, "-") && !kql_parse_is(p, "+"))
        return parse_postfix(p);
    struct kql_node *sign = kql_parse_new(p, KQL_NODE_UNARY);
    p->at++;
    if (++p->depth > p->max_depth) {
        kql_diag_add(p->diags, KQL_DIAG_LIMIT, sign->span, "the query is nested more than %zu deep",
                     p->max_depth);
        sign->kind = KQL_NODE_BAD;
        return sign;
    }
    kql_parse_add(p, sign, parse_sign(p));
    p->depth--;
    if (sign->kids.p[0]->kind == KQL_NODE_BAD)
        sign->kind = KQL_NODE_BAD;
    return sign;
}

static struct kql_node *parse_chain(struct kql_parser *p, const char *const *signs,
                                    struct kql_node *(*next)(struct kql_parser *))
{
    struct kql_node *left = next(p);

    for (int links = 0; left->kind != KQL_NODE_BAD && is_one_of(p, signs); links++) {
        if (links > CHAIN_MAX)
            return fail(p, "an end to the chain of operators");
        left = under(p, KQL_NODE_BINARY, left, kql_parse_peek(p, 0)->text);
        p->at++;
        kql_parse_add(p, left, next(p));
        if (vec_last(&left->kids)->kind == KQL_NODE_BAD)
            left->kind = KQL_NODE_BAD;
    }
    return left;
}

static struct kql_node *parse_factor(struct kql_parser *p)
{
    static const char *const SIGNS[] = { "*", "/", "%", NULL };
    return parse_chain(p, SIGNS, parse_sign);
}

static struct kql_node *parse_sum(struct kql_parser *p)
{
    static const char *const SIGNS[] = { "+", "-", NULL };
    return parse_chain(p, SIGNS, parse_factor);
}

static struct kql_node *parse_between(struct kql_parser *p, struct kql_node *left)
{
    struct kql_node *n = under(p, KQL_NODE_BETWEEN, left, kql_parse_peek(p, 0)->text);

    p->at++;
    if (!kql_parse_expect(p, "(")) {
        n->kind = KQL_NODE_BAD;
        return n;
    }
    kql_parse_add(p, n, parse_sum(p));
    if (vec_last(&n->kids)->kind == KQL_NODE_BAD || !kql_parse_expect(p, "..")) {
        n->kind = KQL_NODE_BAD;
        return n;
    }
    kql_parse_add(p, n, parse_sum(p));
    if (vec_last(&n->kids)->kind == KQL_NODE_BAD || !kql_parse_expect(p, ")"))
        n->kind = KQL_NODE_BAD;
    return n;
}

static struct kql_node *parse_in(struct kql_parser *p, struct kql_node *left)
{
    struct kql_node *n = under(p, KQL_NODE_IN, left, kql_parse_peek(p, 0)->text);

    p->at++;
    if (!kql_parse_is(p, "(")) { /* has_any needs none before a name or dynamic([…]) */
        kql_parse_add(p, n, parse_postfix(p));
        if (vec_last(&n->kids)->kind == KQL_NODE_BAD)
            n->kind = KQL_NODE_BAD;
        return n;
    }
    p->at++;
    if (kql_parse_take(p, ")"))
        return n;
    if (!kql_parse_list(p, n, kql_parse_pipe) || !kql_parse_expect(p, ")"))
        n->kind = KQL_NODE_BAD;
    return n;
}

static struct kql_node *parse_comparison(struct kql_parser *p)
{
    static const char *const SIGNS[] = { "==",
                                         "!=",
                                         "<>",
                                         "=~",
                                         "!~",
                                         "<",
                                         ">",
                                         "<=",
                                         ">=",
                                         "has",
                                         "!has",
                                         "has_cs",
                                         "!has_cs",
                                         "hasprefix",
                                         "!hasprefix",
                                         "hasprefix_cs",
                                         "!hasprefix_cs",
                                         "hassuffix",
                                         "!hassuffix",
                                         "hassuffix_cs",
                                         "!hassuffix_cs",
                                         "contains",
                                         "!contains",
                                         "contains_cs",
                                         "!contains_cs",
                                         "containscs",
                                         "!containscs",
                                         "notcontains",
                                         "notcontainscs",
                                         "startswith",
                                         "!startswith",
                                         "startswith_cs",
                                         "!startswith_cs",
                                         "endswith",
                                         "!endswith",
                                         "endswith_cs",
                                         "!endswith_cs",
                                         "like",
                                         "notlike",
                                         "like_cs",
                                         "notlike_cs",
                                         NULL };
    static const char *const LISTS[] = { "in",      "!in",      "in~",   "!in~", "has_any",
                                         "has_all", "!has_any", "notin", NULL };
    static const char *const BETWEEN[] = { "between", "!between", NULL };
    struct kql_node         *left = parse_sum(p);

    for (int links = 0; left->kind != KQL_NODE_BAD && links < CHAIN_MAX; links++) {
        bool loose = p->lenient && (kql_parse_is(p, "=") || kql_parse_is(p, ":"));
        if (loose || is_one_of(p, SIGNS)) {
            left = under(p, KQL_NODE_BINARY, left,
                         !loose                 ? kql_parse_peek(p, 0)->text
                         : kql_parse_is(p, "=") ? S("==")
                                                : S(":"));
            p->at++;
        } else if (kql_parse_is(p, "matches") && str_eq(kql_parse_peek(p, 1)->text, S("regex"))) {
            left = under(p, KQL_NODE_BINARY, left, S("matches regex"));
            p->at += 2;
        } else if (is_one_of(p, LISTS)) {
            left = parse_in(p, left);
            continue;
        } else if (is_one_of(p, BETWEEN)) {
            left = parse_between(p, left);
            continue;
        } else {
            break;
        }
        kql_parse_add(p, left, parse_sum(p));
        if (vec_last(&left->kids)->kind == KQL_NODE_BAD)
            left->kind = KQL_NODE_BAD;
    }
    return left;
}

static struct kql_node *parse_junction(struct kql_parser *p, const char *word,
                                       struct kql_node *(*next)(struct kql_parser *))
{
    struct kql_node *first = next(p);

    if (first->kind == KQL_NODE_BAD || !kql_parse_is(p, word))
        return first;
    struct kql_node *n = under(p, KQL_NODE_BINARY, first, str_of(word));
    while (kql_parse_take(p, word)) {
        kql_parse_add(p, n, next(p));
        if (vec_last(&n->kids)->kind == KQL_NODE_BAD) {
            n->kind = KQL_NODE_BAD;
            return n;
        }
    }
    return n;
}

static struct kql_node *parse_and(struct kql_parser *p)
{
    return parse_junction(p, "and", parse_comparison);
}

static struct kql_node *parse_or(struct kql_parser *p)
{
    return parse_junction(p, "or", parse_and);
}

struct kql_node *kql_parse_expr(struct kql_parser *p)
{
    if (++p->depth > p->max_depth) {
        struct kql_node *deep = kql_parse_new(p, KQL_NODE_BAD);
        kql_diag_add(p->diags, KQL_DIAG_LIMIT, deep->span, "the query is nested more than %zu deep",
                     p->max_depth);
        p->at = p->tokens.n - 1; /* nothing behind can be read with sense */
        p->depth--;
        return deep;
    }
    struct kql_node *n = parse_or(p);
    p->depth--;
    return n;
}

static bool punct_at(const struct kql_parser *p, size_t ahead, const char *sign)
{
    const struct kql_token *t = kql_parse_peek(p, ahead);
    return t->kind == KQL_TOKEN_PUNCT && str_eq(t->text, str_of(sign));
}

static bool name_at(const struct kql_parser *p, size_t ahead)
{
    enum kql_token_kind kind = kql_parse_peek(p, ahead)->kind;
    return kind == KQL_TOKEN_NAME || kind == KQL_TOKEN_QUOTED;
}

/* How many tokens `(a, b, …) =` takes here, or 0. */
static size_t names_ahead(const struct kql_parser *p)
{
    size_t n = 1;
    if (!punct_at(p, 0, "("))
        return 0;
    for (;;) {
        if (!name_at(p, n))
            return 0;
        n++;
        if (punct_at(p, n, ")"))
            return punct_at(p, n + 1, "=") ? n + 2 : 0;
        if (!punct_at(p, n, ","))
            return 0;
        n++;
    }
}

struct kql_node *kql_parse_expr_named(struct kql_parser *p)
{
    struct kql_node *named = kql_parse_new(p, KQL_NODE_NAMED);
    size_t           many = names_ahead(p);

    if (many > 0) {
        for (size_t i = 1; i + 1 < many; i += 2)
            *vec_push_in(p->arena, &named->names) = kql_parse_peek(p, i)->text;
        p->at += many;
    } else if (name_at(p, 0) && punct_at(p, 1, "=")) {
        static const char *const RESERVED[] = { "first", "last", "missing", "asc", "desc",     "by",
                                                "and",   "or",   "in",      "has", "contains", NULL };
        if (kql_parse_peek(p, 0)->kind == KQL_TOKEN_NAME && is_one_of(p, RESERVED)) {
            kql_parse_fail(p, "a name");
            kql_diag_hint(p->diags, "it is a word of the language: write ['" STR_FMT "']",
                          STR_ARG(kql_parse_peek(p, 0)->text));
            return kql_parse_new(p, KQL_NODE_BAD);
        }
        *vec_push_in(p->arena, &named->names) = named->text;
        p->at += 2;
    } else {
        return kql_parse_expr(p);
    }
    kql_parse_add(p, named, kql_parse_expr(p));
    if (named->kids.p[0]->kind == KQL_NODE_BAD)
        named->kind = KQL_NODE_BAD;
    return named;
}

struct kql_node *kql_parse_expr_column(struct kql_parser *p)
{
    struct kql_node *n = kql_parse_new(p, KQL_NODE_NAME);
    uint32_t         from = n->span.from;
    size_t           tokens = 0;
    bool             star = false;

    while ((tokens == 0 || kql_parse_touches(p)) &&
           (name_at(p, 0) || punct_at(p, 0, "*") || kql_parse_peek(p, 0)->kind == KQL_TOKEN_LONG)) {
        star = star || punct_at(p, 0, "*");
        tokens++;
        p->at++;
    }
    if (tokens == 0)
        return fail(p, "the name of a column");
    n->span.to = p->tokens.p[p->at - 1].span.to;
    if (star) {
        n->kind = KQL_NODE_WILDCARD;
        n->text = str_slice(p->diags->query, from, n->span.to);
    }
    return n;
}

struct kql_node *kql_parse_expr_ordered(struct kql_parser *p)
{
    struct kql_node *expr = kql_parse_expr_named(p);

    if (expr->kind == KQL_NODE_BAD)
        return expr;
    struct kql_node *n = under(p, KQL_NODE_ORDERED, expr, STR_NONE);
    if (kql_parse_take(p, "asc"))
        n->flags |= KQL_NODE_ASC;
    else if (kql_parse_take(p, "desc"))
        n->flags |= KQL_NODE_DESC;
    if (kql_parse_take(p, "nulls")) {
        if (kql_parse_take(p, "first"))
            n->flags |= KQL_NODE_NULLS_FIRST;
        else if (kql_parse_take(p, "last"))
            n->flags |= KQL_NODE_NULLS_LAST;
        else
            return fail(p, "\"first\" or \"last\"");
    }
    return n;
}
