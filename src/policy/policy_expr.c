/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/policy_expr.h"

#include "base/strbuf.h"
#include "policy/policy_eval_priv.h"
#include "policy/policy_fn.h"
#include "policy/policy_value.h"

/* expr    = primary { '.' name | '[' expr ']' }
 * primary = text | number | name '(' [ expr { ',' expr } ] ')'      text is in single quotes, '' is a quote
 */
struct parser {
    struct arena *a;
    str           all;
    str           raw; /* members of this name are no templates */
    size_t        at;
    unsigned      depth;
    bool          deploys; /* of a deployment template */
    struct err   *err;
};

static enum rc parse_expr(struct parser *p, struct policy_expr *out);

static enum rc fail(const struct parser *p, enum rc rc, const char *what)
{
    return err_set(p->err, rc, "in the expression '" STR_FMT "' at %zu: %s",
                   STR_ARG(str_slice(p->all, 0, 120)), p->at + 1, what);
}

static enum rc no_memory(const struct parser *p)
{
    return err_set(p->err, RC_LIMIT, "the policy needs more memory than it may use");
}

static void skip_blanks(struct parser *p)
{
    while (p->at < p->all.n && memchr(" \t\r\n", p->all.p[p->at], 4))
        p->at++;
}

static char peek(struct parser *p)
{
    skip_blanks(p);
    return p->at < p->all.n ? p->all.p[p->at] : '\0';
}

static bool accept(struct parser *p, char c)
{
    if (peek(p) != c)
        return false;
    p->at++;
    return true;
}

static enum rc constant(struct parser *p, struct policy_expr *out, struct json value)
{
    struct json *kept = arena_try_alloc(p->a, sizeof *kept);
    if (!kept)
        return no_memory(p);
    *kept = value;
    *out = (struct policy_expr) { .kind = POLICY_EXPR_CONST, .value = kept };
    return RC_OK;
}

static enum rc parse_text(struct parser *p, struct policy_expr *out)
{
    AUTO_STRBUF text = STRBUF_INIT(p->all.n);
    for (p->at++;; p->at++) {
        if (p->at >= p->all.n)
            return fail(p, RC_SYNTAX, "the text does not end");
        if (p->all.p[p->at] == '\'') {
            p->at++;
            if (p->at >= p->all.n || p->all.p[p->at] != '\'')
                break;
        }
        strbuf_addc(&text, p->all.p[p->at]);
    }
    str kept = arena_str(p->a, strbuf_view(&text));
    return kept.p ? constant(p, out, json_make_str(kept)) : no_memory(p);
}

static enum rc parse_number(struct parser *p, struct policy_expr *out)
{
    size_t  from = p->at;
    int64_t i;
    double  d;
    while (p->at < p->all.n && memchr("+-.0123456789eE", p->all.p[p->at], 15))
        p->at++;
    str text = str_slice(p->all, from, p->at);
    if (str_to_i64(text, &i))
        return constant(p, out, json_make_i64(i));
    if (str_to_double(text, &d))
        return constant(p, out, json_make_double(d));
    return fail(p, RC_SYNTAX, "not a number");
}

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '$';
}

static str read_name(struct parser *p)
{
    skip_blanks(p);
    size_t from = p->at;
    while (p->at < p->all.n && is_name(p->all.p[p->at]))
        p->at++;
    return str_slice(p->all, from, p->at);
}

static enum rc add_arg(struct parser *p, struct policy_expr **args, size_t n)
{
    bool full = n >= 4 && (n & (n - 1)) == 0; /* room grows at 4, 8, 16, … */
    if (n > 0 && !full)
        return RC_OK;
    struct policy_expr *wider = ARENA_TRY_ARRAY(p->a, struct policy_expr, n ? n * 2 : 4);
    if (!wider)
        return no_memory(p);
    if (n)
        memcpy(wider, *args, n * sizeof *wider);
    *args = wider;
    return RC_OK;
}

static enum rc parse_args(struct parser *p, struct policy_expr *out)
{
    struct policy_expr *args = NULL;
    size_t              n = 0;
    if (!accept(p, ')')) {
        do {
            if (n == POLICY_EXPR_MAX_ARGS)
                return fail(p, RC_LIMIT, "a function takes at most 1024 arguments");
            TRY(add_arg(p, &args, n));
            TRY(parse_expr(p, &args[n++]));
        } while (accept(p, ','));
        if (!accept(p, ')'))
            return fail(p, RC_SYNTAX, "a ) is missing");
    }
    out->args = args;
    out->n_args = n;
    return RC_OK;
}

static enum rc unknown_function(const struct parser *p, str name)
{
    str near = policy_fn_nearest(name);
    return err_set(p->err, RC_UNSUPPORTED, "'" STR_FMT "' is no function of policies%s" STR_FMT "%s",
                   STR_ARG(name), near.n ? "; did you mean '" : "", STR_ARG(near), near.n ? "'?" : "");
}

static enum rc parse_call(struct parser *p, struct policy_expr *out)
{
    str name = read_name(p);
    if (name.n == 0)
        return fail(p, RC_SYNTAX, "a function, a text or a number belongs here");
    if (!accept(p, '('))
        return fail(p, RC_SYNTAX, "a ( belongs behind the function's name");
    const struct policy_fn *fn = p->deploys ? policy_fn_find_deploy(name) : policy_fn_find(name);
    if (!fn)
        return unknown_function(p, name);
    *out = (struct policy_expr) { .kind = POLICY_EXPR_CALL, .fn = fn };
    TRY(parse_args(p, out));
    if (out->n_args < fn->least || out->n_args > fn->most)
        return err_set(p->err, RC_INVALID, "%s takes %zu to %zu arguments, not %zu", fn->name, fn->least,
                       fn->most, out->n_args);
    return RC_OK;
}

static enum rc parse_primary(struct parser *p, struct policy_expr *out)
{
    char c = peek(p);
    if (c == '\'')
        return parse_text(p, out);
    if (c == '-' || (c >= '0' && c <= '9'))
        return parse_number(p, out);
    return parse_call(p, out);
}

/* Puts what was parsed below a new node. */
static struct policy_expr *below(struct parser *p, const struct policy_expr *object, size_t room)
{
    struct policy_expr *args = ARENA_TRY_ARRAY(p->a, struct policy_expr, room);
    if (args)
        args[0] = *object;
    return args;
}

static enum rc parse_member(struct parser *p, struct policy_expr *out)
{
    str                 name = read_name(p);
    struct policy_expr *args = below(p, out, 1);
    if (name.n == 0)
        return fail(p, RC_SYNTAX, "a name belongs behind the dot");
    name = arena_str(p->a, name);
    if (!args || !name.p)
        return no_memory(p);
    *out = (struct policy_expr) { .kind = POLICY_EXPR_MEMBER, .args = args, .n_args = 1, .name = name };
    return RC_OK;
}

static enum rc parse_index(struct parser *p, struct policy_expr *out)
{
    struct policy_expr *args = below(p, out, 2);
    if (!args)
        return no_memory(p);
    TRY(parse_expr(p, &args[1]));
    if (!accept(p, ']'))
        return fail(p, RC_SYNTAX, "a ] is missing");
    *out = (struct policy_expr) { .kind = POLICY_EXPR_INDEX, .args = args, .n_args = 2 };
    return RC_OK;
}

static enum rc parse_postfix(struct parser *p, struct policy_expr *out)
{
    TRY(parse_primary(p, out));
    for (;;) {
        if (accept(p, '.'))
            TRY(parse_member(p, out));
        else if (accept(p, '['))
            TRY(parse_index(p, out));
        else
            return RC_OK;
    }
}

static enum rc parse_expr(struct parser *p, struct policy_expr *out)
{
    if (++p->depth > POLICY_EXPR_MAX_DEPTH)
        return fail(p, RC_LIMIT, "nested deeper than 64 levels");
    enum rc rc = parse_postfix(p, out);
    p->depth--;
    return rc;
}

static bool is_expression(str text)
{
    return text.n >= 2 && text.p[0] == '[' && text.p[1] != '[' && text.p[text.n - 1] == ']';
}

/* What is no expression stands for itself, "[[" for one bracket. */
static str literal(str text)
{
    return str_starts(text, S("[[")) ? str_from(text, 1) : text;
}

static enum rc parse_text_of(struct arena *a, str text, bool deploys, const struct policy_expr **out,
                             struct err *err)
{
    struct policy_expr *e = arena_try_alloc(a, sizeof *e);
    struct parser       p = { .a = a, .all = text, .deploys = deploys, .err = err };
    if (!e)
        return no_memory(&p);
    if (!is_expression(text)) {
        TRY(constant(&p, e, json_make_str(literal(text))));
        *out = e;
        return RC_OK;
    }
    p.all = str_slice(text, 1, text.n - 1);
    TRY(parse_expr(&p, e));
    if (peek(&p) != '\0')
        return fail(&p, RC_SYNTAX, "more text than an expression");
    *out = e;
    return RC_OK;
}

enum rc policy_expr_parse(struct arena *a, str text, const struct policy_expr **out, struct err *err)
{
    return parse_text_of(a, text, false, out, err);
}

static enum rc compile(struct parser *p, const struct json *value, struct policy_template *out)
{
    bool is_array = value->kind == JSON_ARRAY;
    *out = (struct policy_template) { .kind = POLICY_TEMPLATE_CONST, .value = value };
    if (value->kind == JSON_STRING && (is_expression(value->s) || str_starts(value->s, S("[[")))) {
        out->kind = POLICY_TEMPLATE_EXPR;
        return parse_text_of(p->a, value->s, p->deploys, &out->expr, p->err);
    }
    if (!is_array && value->kind != JSON_OBJECT)
        return RC_OK;
    if (++p->depth > POLICY_EXPR_MAX_DEPTH)
        return err_set(p->err, RC_LIMIT, "a value is nested deeper than 64 levels");

    struct policy_template *children = ARENA_TRY_ARRAY(p->a, struct policy_template, value->n);
    bool                    all_const = true;
    if (!children)
        return no_memory(p);
    for (uint32_t i = 0; i < value->n; i++) {
        if (!is_array && p->raw.n && str_eq_ci(value->members[i].key, p->raw))
            children[i] =
                (struct policy_template) { .kind = POLICY_TEMPLATE_CONST, .value = &value->members[i].value };
        else
            TRY(compile(p, is_array ? &value->items[i] : &value->members[i].value, &children[i]));
        all_const = all_const && children[i].kind == POLICY_TEMPLATE_CONST;
    }
    p->depth--;
    if (!all_const) {
        out->kind = is_array ? POLICY_TEMPLATE_ARRAY : POLICY_TEMPLATE_OBJECT;
        out->children = children;
    }
    return RC_OK;
}

enum rc policy_template_compile_but(struct arena *a, const struct json *value, str raw,
                                    struct policy_template *out, struct err *err)
{
    struct parser p = { .a = a, .raw = raw, .err = err };
    return compile(&p, value, out);
}

enum rc policy_template_compile(struct arena *a, const struct json *value, struct policy_template *out,
                                struct err *err)
{
    return policy_template_compile_but(a, value, STR_NONE, out, err);
}

enum rc policy_template_compile_deploy(struct arena *a, const struct json *value, struct policy_template *out,
                                       struct err *err)
{
    struct parser p = { .a = a, .deploys = true, .err = err };
    return compile(&p, value, out);
}

static const struct json *call(struct policy_scope *s, const struct policy_expr *e)
{
    struct policy_call  c = { .scope = s, .a = s->a, .exprs = e->args, .n = e->n_args };
    const struct json  *few[8];
    const struct json **argv = few;
    if (e->fn->lazy)
        return e->fn->eval(&c);
    if (e->n_args > sizeof few / sizeof few[0] &&
        !(argv = ARENA_TRY_ARRAY(s->a, const struct json *, e->n_args)))
        return NULL;
    for (size_t i = 0; i < e->n_args; i++)
        argv[i] = policy_expr_eval(s, &e->args[i]);
    c.argv = argv;
    return e->fn->eval(&c);
}

static const struct json *element(const struct json *object, const struct json *index)
{
    if (!object || !index)
        return NULL;
    if (index->kind == JSON_INT)
        return index->i < 0 ? NULL : json_at(object, (size_t)index->i);
    return index->kind == JSON_STRING ? json_get_ci(object, index->s) : NULL;
}

const struct json *policy_expr_eval(struct policy_scope *scope, const struct policy_expr *e)
{
    switch (e->kind) {
    case POLICY_EXPR_CONST:
        return e->value;
    case POLICY_EXPR_CALL:
        return call(scope, e);
    case POLICY_EXPR_MEMBER:
        return json_get_ci(policy_expr_eval(scope, &e->args[0]), e->name);
    case POLICY_EXPR_INDEX:
        return element(policy_expr_eval(scope, &e->args[0]), policy_expr_eval(scope, &e->args[1]));
    }
    return NULL;
}

static const struct json null_value = { .kind = JSON_NULL };

static const struct json *eval_items(struct policy_scope *s, const struct policy_template *t)
{
    struct json *items = ARENA_TRY_ARRAY(s->a, struct json, t->value->n);
    if (!items)
        return NULL;
    for (uint32_t i = 0; i < t->value->n; i++) {
        const struct json *v = policy_template_eval(s, &t->children[i]);
        items[i] = v ? *v : null_value;
    }
    return policy_value_array(s->a, items, t->value->n);
}

static const struct json *eval_members(struct policy_scope *s, const struct policy_template *t)
{
    struct json_member *members = ARENA_TRY_ARRAY(s->a, struct json_member, t->value->n);
    struct json        *out = arena_try_alloc(s->a, sizeof *out);
    if (!members || !out)
        return NULL;
    for (uint32_t i = 0; i < t->value->n; i++) {
        const struct json *v = policy_template_eval(s, &t->children[i]);
        members[i] = (struct json_member) { .key = t->value->members[i].key, .value = v ? *v : null_value };
    }
    *out = (struct json) { .kind = JSON_OBJECT, .n = t->value->n, .members = members };
    return out;
}

const struct json *policy_template_eval(struct policy_scope *scope, const struct policy_template *t)
{
    switch (t->kind) {
    case POLICY_TEMPLATE_CONST:
        return t->value;
    case POLICY_TEMPLATE_EXPR:
        return policy_expr_eval(scope, t->expr);
    case POLICY_TEMPLATE_ARRAY:
        return eval_items(scope, t);
    case POLICY_TEMPLATE_OBJECT:
        return eval_members(scope, t);
    }
    return NULL;
}
