/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_parse.h"

#include "kql/kql_habit.h"
#include "kql/kql_op.h"

const struct kql_token *kql_parse_peek(const struct kql_parser *p, size_t ahead)
{
    size_t i = p->at + ahead;
    return &p->tokens.p[i < p->tokens.n ? i : p->tokens.n - 1];
}

static bool token_is(const struct kql_token *t, const char *text)
{
    return (t->kind == KQL_TOKEN_PUNCT || t->kind == KQL_TOKEN_NAME) && str_eq(t->text, str_of(text));
}

bool kql_parse_is(const struct kql_parser *p, const char *text)
{
    return token_is(kql_parse_peek(p, 0), text);
}

bool kql_parse_take(struct kql_parser *p, const char *text)
{
    if (!kql_parse_is(p, text))
        return false;
    p->at++;
    return true;
}

static str token_text(const struct kql_parser *p, const struct kql_token *t)
{
    return str_slice(p->diags->query, t->span.from, t->span.to);
}

static str dashed_word(const struct kql_parser *p, size_t *tokens);

static bool closes(const struct kql_token *t)
{
    return token_is(t, ")") || token_is(t, "]") || token_is(t, "}");
}

/* What people write here who come from other languages, or who forgot a |. */
static void hint_at(struct kql_parser *p, const struct kql_token *t, const char *wanted)
{
    size_t                  tokens = 1;
    str                     word = dashed_word(p, &tokens);
    const struct kql_token *before = p->at > 0 ? &p->tokens.p[p->at - 1] : t;
    bool                    ends = strchr(wanted, '|') != NULL;
    const char             *hint = NULL;
    size_t                  first = p->at; /* of the statement */

    while (first > 0 && !token_is(&p->tokens.p[first - 1], ";"))
        first--;
    if (ends && str_eq_ci(p->tokens.p[first].text, S("select")))
        hint = kql_habit_hint(KQL_HABIT_SIGN, S("from"));
    if (!hint && (t->kind == KQL_TOKEN_NAME || t->kind == KQL_TOKEN_PUNCT))
        hint = kql_habit_hint(KQL_HABIT_SIGN, t->text);
    if (!hint)
        hint = kql_habit_hint(KQL_HABIT_WANTED, str_of(wanted));
    if (!hint && before->kind == KQL_TOKEN_NAME)
        hint = kql_habit_hint(KQL_HABIT_SIGN, before->text);
    if (!hint && strchr(wanted, ';') && token_is(&p->tokens.p[first], "let"))
        hint = "; ends each let";
    if (!hint && closes(t))
        hint = "no bracket is open here";
    if (hint)
        kql_diag_hint(p->diags, "%s", hint);
    else if (ends && word.n > 0 && kql_op_find(word))
        kql_diag_hint(p->diags, "put | in front of " STR_FMT, STR_ARG(word));
}

bool kql_parse_fail(struct kql_parser *p, const char *wanted)
{
    const struct kql_token *t = kql_parse_peek(p, 0);

    if (t->kind == KQL_TOKEN_BAD) /* the lexer said it */
        return false;
    if (closes(t) && kql_diag_any(p->diags)) /* its partner was lost to the error before */
        return false;
    if (t->kind == KQL_TOKEN_END) {
        kql_diag_add(p->diags, KQL_DIAG_SYNTAX, t->span, "the query ends where %s should stand", wanted);
    } else {
        str text = token_text(p, t);
        kql_diag_add(p->diags, KQL_DIAG_SYNTAX, t->span, "\"" STR_FMT "\" stands where %s should",
                     STR_ARG(str_slice(text, 0, 60)), wanted);
        hint_at(p, t, wanted);
    }
    return false;
}

bool kql_parse_expect(struct kql_parser *p, const char *text)
{
    if (kql_parse_take(p, text))
        return true;
    char wanted[40];
    snprintf(wanted, sizeof wanted, "\"%s\"", text);
    return kql_parse_fail(p, wanted);
}

bool kql_parse_name(struct kql_parser *p, str *out)
{
    const struct kql_token *t = kql_parse_peek(p, 0);
    if (t->kind != KQL_TOKEN_NAME && t->kind != KQL_TOKEN_QUOTED)
        return kql_parse_fail(p, "a name");
    *out = t->text;
    p->at++;
    return true;
}

bool kql_parse_at_end(const struct kql_parser *p)
{
    const struct kql_token *t = kql_parse_peek(p, 0);
    return t->kind == KQL_TOKEN_END || token_is(t, "|") || token_is(t, ";") || token_is(t, ")") ||
           token_is(t, "}");
}

bool kql_parse_touches(const struct kql_parser *p)
{
    return p->at > 0 && p->tokens.p[p->at - 1].span.to == kql_parse_peek(p, 0)->span.from;
}

struct kql_node *kql_parse_new(struct kql_parser *p, enum kql_node_kind kind)
{
    const struct kql_token *t = kql_parse_peek(p, 0);
    return kql_ast_new(p->arena, kind, t->span, t->text);
}

void kql_parse_add(struct kql_parser *p, struct kql_node *parent, struct kql_node *kid)
{
    kql_ast_add(p->arena, parent, kid);
}

bool kql_parse_list(struct kql_parser *p, struct kql_node *parent, kql_parse_item *item)
{
    do {
        struct kql_node *kid = item(p);
        kql_parse_add(p, parent, kid);
        if (kid->kind == KQL_NODE_BAD)
            return false;
    } while (kql_parse_take(p, ","));
    return true;
}

/* Skips to where the next operator, statement or closing bracket can be read. */
static void recover(struct kql_parser *p)
{
    size_t depth = 0;
    for (;; p->at++) {
        const struct kql_token *t = kql_parse_peek(p, 0);
        if (t->kind == KQL_TOKEN_END || (depth == 0 && kql_parse_at_end(p)))
            return;
        if (token_is(t, "(") || token_is(t, "[") || token_is(t, "{"))
            depth++;
        else if (depth > 0 && (token_is(t, ")") || token_is(t, "]") || token_is(t, "}")))
            depth--;
    }
}

/* The word or dashed word that stands here ("mv-expand"), and how many tokens it takes. */
static str dashed_word(const struct kql_parser *p, size_t *tokens)
{
    const struct kql_token *t = kql_parse_peek(p, 0);
    size_t                  n = 1;
    uint32_t                to = t->span.to;

    if (t->kind != KQL_TOKEN_NAME)
        return STR_NONE;
    for (;; n += 2) {
        const struct kql_token *dash = kql_parse_peek(p, n), *word = kql_parse_peek(p, n + 1);
        if (!token_is(dash, "-") || word->kind != KQL_TOKEN_NAME || dash->span.from != to ||
            word->span.from != dash->span.to)
            break;
        to = word->span.to;
    }
    *tokens = n;
    return str_slice(p->diags->query, t->span.from, to);
}

static const struct kql_op *operator_here(const struct kql_parser *p, size_t *tokens)
{
    str                  name = dashed_word(p, tokens);
    const struct kql_op *op = kql_op_find(name);

    if (!op && *tokens > 1) {
        *tokens = 1;
        op = kql_op_find(kql_parse_peek(p, 0)->text);
    }
    return op;
}

static void unknown_operator(struct kql_parser *p)
{
    size_t          tokens = 1;
    str             name = dashed_word(p, &tokens);
    struct kql_span span = kql_parse_peek(p, 0)->span;
    struct near     guess = { .wanted = name };

    if (name.n == 0) {
        kql_parse_fail(p, "an operator");
        return;
    }
    for (const struct kql_op *op = kql_op_next(NULL); op; op = kql_op_next(op))
        near_offer(&guess, str_of(op->name));
    kql_diag_add(p->diags, KQL_DIAG_UNKNOWN_OPERATOR, span, "there is no operator \"" STR_FMT "\"",
                 STR_ARG(name));
    const char *hint = kql_habit_hint(KQL_HABIT_OPERATOR, name);
    if (hint)
        kql_diag_hint(p->diags, "%s", hint);
    else
        kql_diag_suggest(p->diags, &guess);
}

/* One operator behind a pipe. NULL after an error, at a place where parsing can go on. */
static struct kql_node *parse_operator(struct kql_parser *p)
{
    size_t               tokens = 1;
    const struct kql_op *op = operator_here(p, &tokens);

    if (!op || op->source) {
        unknown_operator(p);
        recover(p);
        return NULL;
    }
    struct kql_node *node = kql_parse_new(p, KQL_NODE_OP);
    node->op = op;
    p->at += tokens;
    p->lenient = false;
    bool ok = op->parse(p, node);
    if (ok && !kql_parse_at_end(p))
        ok = kql_parse_fail(p, "\"|\" or the end of the operator");
    if (p->at > 0)
        node->span.to = p->tokens.p[p->at - 1].span.to;
    if (!ok)
        recover(p);
    return ok ? node : NULL;
}

static bool parse_operators(struct kql_parser *p, struct kql_node *pipe)
{
    bool ok = true;
    do {
        struct kql_node *op = parse_operator(p);
        if (op)
            kql_parse_add(p, pipe, op);
        ok = ok && op;
    } while (kql_parse_take(p, "|"));
    return ok;
}

/* `range(1, 3)`, `print(…)` may be calls; `range x from`, `datatable(`, `union A, B` are sources. */
static const struct kql_op *source_here(struct kql_parser *p, size_t *tokens)
{
    const struct kql_op    *op = operator_here(p, tokens);
    const struct kql_token *next = kql_parse_peek(p, *tokens);

    if (!op || (!op->source && !op->both))
        return NULL;
    if (token_is(next, "=") || token_is(next, ".") || token_is(next, ";") || token_is(next, ")"))
        return NULL;
    if (str_eq(str_of(op->name), S("range")) && token_is(next, "("))
        return NULL;
    return op;
}

static struct kql_node *parse_source(struct kql_parser *p)
{
    size_t               tokens = 1;
    const struct kql_op *op = source_here(p, &tokens);

    if (!op)
        return kql_parse_expr(p);
    struct kql_node *node = kql_parse_new(p, KQL_NODE_OP);
    node->op = op;
    p->at += tokens;
    if (!op->parse(p, node)) {
        recover(p);
        node->kind = KQL_NODE_BAD;
    }
    node->span.to = p->tokens.p[p->at > 0 ? p->at - 1 : 0].span.to;
    return node;
}

struct kql_node *kql_parse_pipe(struct kql_parser *p)
{
    struct kql_node *source = parse_source(p);

    if (!kql_parse_is(p, "|") && source->kind != KQL_NODE_OP)
        return source;
    struct kql_node *pipe = kql_ast_new(p->arena, KQL_NODE_PIPE, source->span, STR_NONE);
    kql_parse_add(p, pipe, source);
    if (kql_parse_take(p, "|") && !parse_operators(p, pipe))
        pipe->kind = KQL_NODE_BAD;
    if (source->kind == KQL_NODE_BAD)
        pipe->kind = KQL_NODE_BAD;
    return pipe;
}

struct kql_node *kql_parse_subpipe(struct kql_parser *p)
{
    struct kql_node *pipe = kql_parse_new(p, KQL_NODE_PIPE);

    *vec_push_in(p->arena, &pipe->kids) = NULL;
    kql_parse_take(p, "|");
    if (!parse_operators(p, pipe))
        pipe->kind = KQL_NODE_BAD;
    return pipe;
}

static bool option_name_matches(str name, const char *const *names)
{
    for (; *names; names++) {
        str n = str_of(*names);
        if (str_eq(n, S("hint.*")) ? str_starts(name, S("hint.")) : str_eq_ci(name, n))
            return true;
    }
    return false;
}

/* How many tokens make a name with dots, such as hint.strategy; 0 when no `=` follows it. */
static size_t option_tokens(const struct kql_parser *p)
{
    size_t n = 1;
    if (kql_parse_peek(p, 0)->kind != KQL_TOKEN_NAME)
        return 0;
    while (token_is(kql_parse_peek(p, n), ".") && kql_parse_peek(p, n + 1)->kind == KQL_TOKEN_NAME)
        n += 2;
    return token_is(kql_parse_peek(p, n), "=") ? n : 0;
}

void kql_parse_options(struct kql_parser *p, struct kql_node *op, const char *const *names)
{
    for (;;) {
        size_t n = option_tokens(p);
        if (n == 0)
            return;
        uint32_t from = kql_parse_peek(p, 0)->span.from, to = kql_parse_peek(p, n - 1)->span.to;
        str      name = str_slice(p->diags->query, from, to);
        if (!option_name_matches(name, names))
            return;
        p->at += n + 1;
        struct kql_node *option =
            kql_ast_new(p->arena, KQL_NODE_OPTION, (struct kql_span) { from, to }, name);
        struct kql_node *value = kql_parse_new(p, KQL_NODE_NAME);
        if (kql_parse_peek(p, 0)->kind == KQL_TOKEN_NAME || kql_parse_peek(p, 0)->kind == KQL_TOKEN_QUOTED)
            p->at++;
        else
            value = kql_parse_expr(p);
        kql_parse_add(p, option, value);
        *vec_push_in(p->arena, &op->options) = option;
        kql_parse_take(p, ",");
    }
}

static struct kql_node *parse_param(struct kql_parser *p)
{
    struct kql_node        *param = kql_parse_new(p, KQL_NODE_PARAM);
    const struct kql_token *t = kql_parse_peek(p, 0);

    if (t->kind == KQL_TOKEN_STRING) { /* externaldata ("name":type) */
        p->at++;
    } else if (!kql_parse_name(p, &param->text)) {
        param->kind = KQL_NODE_BAD;
        return param;
    }
    if (!kql_parse_take(p, ":")) {
        kql_parse_fail(p, "\":\" and a type");
        param->kind = KQL_NODE_BAD;
        return param;
    }
    if (kql_parse_is(p, "(")) {
        struct kql_node *schema = kql_parse_schema(p);
        if (!schema)
            param->kind = KQL_NODE_BAD;
        else
            kql_parse_add(p, param, schema);
        return param;
    }
    t = kql_parse_peek(p, 0);
    if (t->kind != KQL_TOKEN_NAME || !kql_type_parse(t->text, &param->value.type)) {
        kql_parse_fail(p, "a type");
        kql_diag_hint(p->diags,
                      "types are bool, int, long, real, decimal, datetime, timespan, string, guid, dynamic");
        param->kind = KQL_NODE_BAD;
        return param;
    }
    p->at++;
    if (kql_parse_take(p, "="))
        kql_parse_add(p, param, kql_parse_expr(p));
    return param;
}

struct kql_node *kql_parse_schema(struct kql_parser *p)
{
    struct kql_node *clause = kql_parse_new(p, KQL_NODE_CLAUSE);

    clause->text = S("schema");
    if (!kql_parse_expect(p, "("))
        return NULL;
    bool any = kql_parse_take(p, "*"); /* (*): a table of any columns; (*, a:long): and these */
    if (any)
        clause->text = S("*");
    if (!any || kql_parse_take(p, ","))
        do { /* a comma may end the list */
            struct kql_node *param = kql_parse_is(p, ")") ? NULL : parse_param(p);
            if (param)
                kql_parse_add(p, clause, param);
            if (param && param->kind == KQL_NODE_BAD)
                return NULL;
        } while (kql_parse_take(p, ","));
    return kql_parse_expect(p, ")") ? clause : NULL;
}

/* Stands on '(' : whether the parenthesis that closes it is followed by '{'. */
static bool lambda_follows(const struct kql_parser *p)
{
    size_t depth = 0, i = kql_parse_is(p, "view") ? 1 : 0;

    if (!token_is(kql_parse_peek(p, i), "("))
        return false;
    for (;; i++) {
        const struct kql_token *t = kql_parse_peek(p, i);
        if (t->kind == KQL_TOKEN_END || token_is(t, ";") || token_is(t, "{"))
            return false;
        if (token_is(t, "("))
            depth++;
        else if (token_is(t, ")") && --depth == 0)
            return token_is(kql_parse_peek(p, i + 1), "{");
    }
}

static struct kql_node *parse_lambda(struct kql_parser *p)
{
    struct kql_node *lambda = kql_parse_new(p, KQL_NODE_LAMBDA);

    if (kql_parse_take(p, "view"))
        lambda->flags |= KQL_NODE_VIEW;
    struct kql_node *params = kql_parse_schema(p);
    if (!params || !kql_parse_expect(p, "{")) {
        recover(p);
        lambda->kind = KQL_NODE_BAD;
        return lambda;
    }
    kql_parse_add(p, lambda, params);
    kql_parse_add(p, lambda, kql_parse_block(p, "}"));
    if (!kql_parse_expect(p, "}"))
        lambda->kind = KQL_NODE_BAD;
    return lambda;
}

bool kql_parse_entities_follow(const struct kql_parser *p)
{
    return kql_parse_is(p, "entity_group") && token_is(kql_parse_peek(p, 1), "[");
}

struct kql_node *kql_parse_entities(struct kql_parser *p)
{
    struct kql_node *list = kql_parse_new(p, KQL_NODE_LIST);

    p->at += 2;
    if (!kql_parse_list(p, list, kql_parse_expr) || !kql_parse_expect(p, "]"))
        list->kind = KQL_NODE_BAD;
    return list;
}

static struct kql_node *parse_let(struct kql_parser *p)
{
    struct kql_node *let = kql_parse_new(p, KQL_NODE_LET);

    p->at++;
    if (!kql_parse_name(p, &let->text) || !kql_parse_expect(p, "=")) {
        recover(p);
        let->kind = KQL_NODE_BAD;
        return let;
    }
    kql_parse_add(p, let,
                  lambda_follows(p)              ? parse_lambda(p)
                  : kql_parse_entities_follow(p) ? kql_parse_entities(p)
                                                 : kql_parse_pipe(p));
    if (let->kids.p[0]->kind == KQL_NODE_BAD)
        recover(p);
    return let;
}

/* set name [= value]; */
static struct kql_node *parse_set(struct kql_parser *p)
{
    struct kql_node *set = kql_parse_new(p, KQL_NODE_SET);

    p->at++;
    if (!kql_parse_name(p, &set->text)) {
        set->kind = KQL_NODE_BAD;
        recover(p);
        return set;
    }
    if (kql_parse_take(p, "="))
        kql_parse_add(p, set, kql_parse_expr(p));
    return set;
}

/* declare query_parameters(a:long = 5, …); each is a let with its default. */
static struct kql_node *parse_declare(struct kql_parser *p)
{
    struct kql_node *declare = kql_parse_new(p, KQL_NODE_SET);

    p->at++;
    if (!kql_parse_expect(p, "query_parameters")) {
        declare->kind = KQL_NODE_BAD;
        recover(p);
        return declare;
    }
    declare->text = S("query_parameters");
    struct kql_node *params = kql_parse_schema(p);
    if (params)
        kql_parse_add(p, declare, params);
    else
        recover(p);
    return declare;
}

/* A table that may be read: T, T*, *, database("d").T; the place before the dot is all one here. */
static struct kql_node *parse_readable(struct kql_parser *p)
{
    while (kql_parse_peek(p, 0)->kind == KQL_TOKEN_NAME && token_is(kql_parse_peek(p, 1), "(")) {
        while (!kql_parse_is(p, ")") && kql_parse_peek(p, 0)->kind != KQL_TOKEN_END)
            p->at++;
        p->at++;
        if (!kql_parse_expect(p, "."))
            return kql_parse_new(p, KQL_NODE_BAD);
    }
    return kql_parse_expr_column(p);
}

/* restrict access to (tables); */
static struct kql_node *parse_restrict(struct kql_parser *p)
{
    struct kql_node *restrict_to = kql_parse_new(p, KQL_NODE_SET);

    p->at += 2;
    restrict_to->text = S("restrict");
    if (!kql_parse_expect(p, "to") || !kql_parse_expect(p, "(") ||
        !kql_parse_list(p, restrict_to, parse_readable) || !kql_parse_expect(p, ")")) {
        restrict_to->kind = KQL_NODE_BAD;
        recover(p);
    }
    return restrict_to;
}

/* alias database x = …; */
static struct kql_node *parse_other(struct kql_parser *p)
{
    struct kql_node *other = kql_parse_new(p, KQL_NODE_SET);
    p->at++;
    while (!kql_parse_is(p, ";") && kql_parse_peek(p, 0)->kind != KQL_TOKEN_END)
        p->at++;
    return other;
}

static struct kql_node *parse_statement(struct kql_parser *p)
{
    const struct kql_token *next = kql_parse_peek(p, 1);
    bool                    word_follows = next->kind == KQL_TOKEN_NAME || next->kind == KQL_TOKEN_QUOTED;

    if (kql_parse_is(p, "let"))
        return parse_let(p);
    if (kql_parse_is(p, "set") && word_follows)
        return parse_set(p);
    if (kql_parse_is(p, "declare") && word_follows)
        return parse_declare(p);
    if (kql_parse_is(p, "restrict") && token_is(next, "access"))
        return parse_restrict(p);
    if (kql_parse_is(p, "alias") && token_is(next, "database"))
        return parse_other(p);
    return kql_parse_pipe(p);
}

struct kql_node *kql_parse_block(struct kql_parser *p, const char *end)
{
    struct kql_node *block = kql_parse_new(p, KQL_NODE_BLOCK);

    if (++p->depth > p->max_depth) {
        kql_diag_add(p->diags, KQL_DIAG_LIMIT, block->span, "the query is nested more than %zu deep",
                     p->max_depth);
        block->kind = KQL_NODE_BAD;
        p->at = p->tokens.n - 1;
        return block;
    }
    for (;;) {
        while (kql_parse_take(p, ";"))
            ;
        if (kql_parse_peek(p, 0)->kind == KQL_TOKEN_END || (end && kql_parse_is(p, end)))
            break;
        size_t           before = p->at, said = p->diags->list.n;
        struct kql_node *statement = parse_statement(p);
        kql_parse_add(p, block, statement);
        if (kql_parse_is(p, ";") || kql_parse_peek(p, 0)->kind == KQL_TOKEN_END ||
            (end && kql_parse_is(p, end)))
            continue;
        if (said == p->diags->list.n)
            kql_parse_fail(p, "\";\" or \"|\"");
        statement->kind = KQL_NODE_BAD;
        while (!kql_parse_is(p, ";") && kql_parse_peek(p, 0)->kind != KQL_TOKEN_END &&
               !(end && kql_parse_is(p, end)))
            p->at++;
        p->at += p->at == before;
    }
    p->depth--;
    return block;
}

struct kql_node *kql_parse_query(struct arena *a, str query, size_t max_depth, struct kql_diags *diags)
{
    struct kql_parser p = { .arena = a, .diags = diags, .max_depth = max_depth };
    p.tokens = kql_lex_all(a, query, diags);
    return kql_parse_block(&p, NULL);
}

struct kql_node *kql_parse_function(struct arena *a, str parameters, str body, size_t max_depth,
                                    struct kql_diags *diags)
{
    str text = arena_printf(a, "(" STR_FMT "){" STR_FMT "\n}", STR_ARG(parameters), STR_ARG(body));
    struct kql_diags  own = kql_diag_begin(a, text);
    struct kql_parser p = { .arena = a, .diags = &own, .max_depth = max_depth };

    p.tokens = kql_lex_all(a, text, &own);
    struct kql_node *lambda = parse_lambda(&p);
    for (size_t i = 0; i < own.list.n; i++) {
        kql_diag_add(diags, own.list.p[i].code, (struct kql_span) { 0, 0 }, "in a saved function: " STR_FMT,
                     STR_ARG(own.list.p[i].message));
        lambda->kind = KQL_NODE_BAD;
    }
    return lambda;
}
