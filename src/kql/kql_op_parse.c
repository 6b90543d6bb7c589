/* SPDX-License-Identifier: Apache-2.0 */
/* parse and parse-where: columns out of a string by the texts around them. The pattern becomes one regex,
 * whose groups are read once per row. */
#include "kql/kql_build.h"
#include "kql/kql_convert.h"
#include "kql/kql_op.h"
#include "kql/kql_parse.h"
#include "kql/kql_regex.h"
#include "kql/kql_term.h"

static bool parse_pattern_item(struct kql_parser *p, struct kql_node *op)
{
    const struct kql_token *t = kql_parse_peek(p, 0);
    struct kql_node        *item = kql_parse_new(p, KQL_NODE_LITERAL);

    if (t->kind == KQL_TOKEN_STRING) {
        item->value = kql_value_string(t->text);
        p->at++;
    } else if (kql_parse_take(p, "*")) {
        item->kind = KQL_NODE_STAR;
    } else {
        item->kind = KQL_NODE_PARAM;
        item->value.type = KQL_STRING;
        if (!kql_parse_name(p, &item->text))
            return false;
        if (kql_parse_take(p, ":")) {
            t = kql_parse_peek(p, 0);
            if (t->kind != KQL_TOKEN_NAME || !kql_type_parse(t->text, &item->value.type))
                return kql_parse_fail(p, "a type");
            p->at++;
        }
    }
    kql_parse_add(p, op, item);
    return true;
}

static bool parse_parse(struct kql_parser *p, struct kql_node *op)
{
    static const char *const OPTIONS[] = { "kind", "flags", "hint.*", NULL };
    kql_parse_options(p, op, OPTIONS);
    struct kql_node *subject = kql_parse_expr(p);
    kql_parse_add(p, op, subject);
    if (subject->kind == KQL_NODE_BAD || !kql_parse_expect(p, "with"))
        return false;
    while (!kql_parse_at_end(p))
        if (!parse_pattern_item(p, op))
            return false;
    return op->kids.n > 1 || kql_parse_fail(p, "a pattern");
}

enum parse_kind { SIMPLE, REGEX, RELAXED };

struct parsing {
    struct kql_binder     *b;
    const struct kql_node *op;
    enum parse_kind        kind;
    struct strbuf          re;
    size_t                 groups; /* so far, with those that the user's own regexes have */
    struct kql_rel        *values; /* a PROJECT with what each column reads */
    kql_cols               read;
    struct kql_expr       *fits; /* whether every text that must be of a type is; NULL: there is none */
};

static bool kind_of(struct parsing *x)
{
    const struct kql_node *kind = kql_ast_option(x->op, "kind");
    if (!kind || str_eq(kind->text, S("simple")))
        x->kind = SIMPLE;
    else if (str_eq(kind->text, S("regex")))
        x->kind = REGEX;
    else if (str_eq(kind->text, S("relaxed")))
        x->kind = RELAXED;
    else {
        kql_bind_error(x->b, KQL_DIAG_SYNTAX, kind->span, "parse is of kind simple, regex or relaxed");
        return false;
    }
    return true;
}

/* What a column stands for. A number that may be missing (relaxed) is still taken whole where there is one.
 * Beside regexes of the user a text is greedy, which his flag U turns round. */
static const char *group_of(enum kql_type type, enum parse_kind kind, bool last)
{
    if (kql_type_is_integer(type))
        return kind == RELAXED ? "([+-]?\\d+|.*?)" : "([+-]?\\d+)";
    if (type == KQL_REAL)
        return kind == RELAXED ? "([+-]?\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?|.*?)"
                               : "([+-]?\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?)";
    return last || kind == REGEX ? "(.*)" : "(.*?)";
}

static void add_flags(struct parsing *x)
{
    const struct kql_node *option = kql_ast_option(x->op, "flags");
    str                    flags = x->kind == REGEX && option ? option->text : STR_NONE;
    bool                   dot_is_all = x->kind != REGEX || str_find_byte(flags, 's') != STR_NPOS;

    strbuf_addz(&x->re, dot_is_all ? "(?s" : "(?");
    for (size_t i = 0; i < flags.n; i++)
        if (strchr("imU", flags.p[i]))
            strbuf_addc(&x->re, flags.p[i]);
    strbuf_addz(&x->re, dot_is_all ? ")^" : "-s)^");
}

static bool add_text(struct parsing *x, const struct kql_node *item)
{
    str text = item->value.s;

    if (x->kind != REGEX) {
        kql_term_quote(&x->re, text);
        return true;
    }
    if (!kql_convert_pattern(x->b, text, item->span))
        return false;
    strbuf_addz(&x->re, "(?:");
    strbuf_add(&x->re, text);
    strbuf_addz(&x->re, ")");
    x->groups += kql_regex_look(text).groups;
    return true;
}

/* `numbers` gets the group of each column. */
static bool build_regex(struct parsing *x, size_t *numbers)
{
    bool was_column = false;

    add_flags(x);
    for (size_t i = 1; i < x->op->kids.n; i++) {
        const struct kql_node *item = x->op->kids.p[i];
        bool                   last = i + 1 == x->op->kids.n;
        if (item->kind == KQL_NODE_PARAM && was_column) {
            kql_bind_error(x->b, KQL_DIAG_SYNTAX, item->span,
                           "between two columns of a pattern stands a string or *");
            return false;
        }
        if (item->kind == KQL_NODE_PARAM) {
            strbuf_addz(&x->re, group_of(item->value.type, x->kind, last));
            numbers[i] = ++x->groups;
        } else if (item->kind == KQL_NODE_STAR) {
            strbuf_addz(&x->re, last ? "" : ".*?");
        } else if (!add_text(x, item)) {
            return false;
        }
        was_column = item->kind == KQL_NODE_PARAM;
    }
    if (vec_last(&x->op->kids)->kind != KQL_NODE_STAR)
        strbuf_addz(&x->re, "$");
    return true;
}

/* Text of a type that the regex cannot tell by itself must be a value of it, or nothing of the pattern fits.
 */
static void must_fit(struct parsing *x, struct kql_col *col, struct kql_span span)
{
    if (x->kind == RELAXED || kql_type_is_text(col->type) || kql_type_is_number(col->type))
        return;
    struct kql_expr *e = kql_plan_col(x->b->arena, col, span);
    e = KQL_CALL1(x->b, "isnotnull", e);
    x->fits = x->fits ? KQL_CALL2(x->b, "and", x->fits, e) : e;
}

static bool read_columns(struct parsing *x, struct kql_col *groups, const size_t *numbers)
{
    struct kql_binder *b = x->b;

    for (size_t i = 1; i < x->op->kids.n; i++) {
        const struct kql_node *item = x->op->kids.p[i];
        if (item->kind != KQL_NODE_PARAM)
            continue;
        struct kql_expr *pair[] = { kql_plan_col(b->arena, groups, item->span),
                                    kql_plan_const(b->arena, kql_value_long((int64_t)numbers[i]),
                                                   item->span) };
        str              how = kql_type_is_text(item->value.type) ? S("·group") : S("·group_trimmed");
        struct kql_expr *e = kql_build_raw(b, kql_fn_find(how), KQL_STRING, item->span, pair, 2);
        e = kql_convert_cast(b, e, item->value.type);
        if (!e)
            return false;
        *vec_push_in(b->arena, &x->read) = kql_bind_def(b, x->values, item->text, e);
        must_fit(x, vec_last(&x->read), item->span);
    }
    return true;
}

static void set_field(struct kql_binder *b, struct kql_rel *rel, str name, struct kql_col *col)
{
    struct kql_field *there = kql_plan_field(rel, name);
    if (there)
        there->col = col;
    else
        kql_bind_field(b, rel, name, col);
}

/* The columns under their names, with nothing in them where one of them does not fit. */
static struct kql_rel *name_columns(struct parsing *x, struct kql_rel *in, bool fit)
{
    struct kql_binder *b = x->b;
    struct kql_rel    *project = kql_bind_rel(b, KQL_REL_PROJECT, in);
    size_t             n = 0;

    for (size_t i = 1; i < x->op->kids.n; i++) {
        const struct kql_node *item = x->op->kids.p[i];
        if (item->kind != KQL_NODE_PARAM)
            continue;
        struct kql_expr *e = kql_plan_col(b->arena, x->read.p[n++], item->span);
        if (x->fits && !fit)
            e = KQL_CALL3(b, "iff", x->fits, e,
                          kql_plan_const(b->arena, kql_value_null(e->type), item->span));
        if (!e)
            return NULL;
        struct kql_col *col = kql_bind_def(b, project, item->text, e);
        kql_bind_field(b, project, kql_bind_unused_name(b, project, item->text), col);
    }
    return project;
}

static struct kql_rel *fitting(struct parsing *x, struct kql_rel *in, struct kql_expr *matched)
{
    struct kql_rel *filter = kql_bind_rel(x->b, KQL_REL_FILTER, in);
    filter->pred = x->fits ? KQL_CALL2(x->b, "and", matched, x->fits) : matched;
    return filter->pred ? name_columns(x, filter, true) : NULL;
}

static struct kql_rel *parse_by(struct parsing *x, struct kql_expr *subject, struct kql_rel *in)
{
    struct kql_binder *b = x->b;
    struct kql_span    span = x->op->span;
    size_t            *numbers = ARENA_ARRAY(b->arena, size_t, x->op->kids.n);

    if (!build_regex(x, numbers))
        return NULL;
    bool             none = x->groups == 0;
    struct kql_expr *pattern =
        kql_plan_const(b->arena, kql_value_string(arena_str(b->arena, strbuf_view(&x->re))), span);
    struct kql_expr *pair[] = { subject, pattern };
    struct kql_rel  *match = kql_bind_rel(b, KQL_REL_PROJECT, in);
    struct kql_expr *groups =
        kql_build_raw(b, kql_fn_find(none ? S("·matches") : S("·groups")), KQL_UNKNOWN, span, pair, 2);
    struct kql_col *col = kql_bind_def(b, match, S("groups"), groups);
    x->values = kql_bind_rel(b, KQL_REL_PROJECT, match);
    if (!read_columns(x, col, numbers))
        return NULL;
    if (strcmp(x->op->op->name, "parse-where") != 0)
        return name_columns(x, x->values, false);
    struct kql_expr *g = kql_plan_col(b->arena, col, span);
    return fitting(
        x, x->values,
        kql_build_raw(b, kql_fn_find(none ? S("·nullable") : S("·matched")), KQL_BOOL, span, &g, 1));
}

static struct kql_rel *bind_parse(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    struct parsing   x = { .b = b, .op = op, .re = STRBUF_INIT(1 << 20) };
    struct kql_expr *subject = kql_bind_expr_in(b, op->kids.p[0], in);

    if (!subject || !kind_of(&x) || !(subject = kql_convert_cast(b, subject, KQL_STRING)))
        return NULL;
    struct kql_rel *out = parse_by(&x, subject, in);
    strbuf_done(&x.re);
    return out;
}

/* --- parse-kv --- */

static bool parse_kv(struct kql_parser *p, struct kql_node *op)
{
    struct kql_node *subject = kql_parse_expr(p);

    kql_parse_add(p, op, subject);
    if (subject->kind == KQL_NODE_BAD || !kql_parse_expect(p, "as"))
        return false;
    struct kql_node *schema = kql_parse_schema(p);
    if (!schema)
        return false;
    kql_parse_add(p, op, schema);
    if (!kql_parse_take(p, "with"))
        return true;
    static const char *const OPTIONS[] = { "pair_delimiter", "kv_delimiter", "quote", "escape",
                                           "regex",          "greedy",       NULL };
    if (!kql_parse_expect(p, "("))
        return false;
    while (!kql_parse_is(p, ")")) {
        size_t before = p->at;
        kql_parse_options(p, op, OPTIONS);
        if (p->at == before)
            return kql_parse_fail(p, "an option of parse-kv");
    }
    return kql_parse_expect(p, ")");
}

/* How keys and values stand in the text. Quotes and escapes may be several, written one behind the other. */
struct kv {
    str           pair, between, regex;
    struct strbuf quoted; /* (?:"((?:\\.|[^"\\])*)"|…)? of each quote, with `n_quotes` groups */
    size_t        n_quotes;
    struct strbuf escapes; /* a class of those characters, empty for none */
    bool          greedy;
};

static str option_text(const struct kql_node *option)
{
    const struct kql_node *value = option->kids.p[0];
    return value->kind == KQL_NODE_LITERAL ? value->value.s : value->text;
}

/* "…" as a regex with one group; opening and closing quote may differ. An escaped sign does not close. */
static void add_quote(struct kv *kv, str quote)
{
    AUTO_STRBUF open = STRBUF_INIT(100), close = STRBUF_INIT(100);

    kql_term_quote(&open, str_slice(quote, 0, 1));
    kql_term_quote(&close, str_from(quote, quote.n > 1 ? 1 : 0));
    str o = strbuf_view(&open), c = strbuf_view(&close), e = strbuf_view(&kv->escapes);
    strbuf_addf(&kv->quoted, STR_FMT "((?:", STR_ARG(o));
    if (e.n > 0)
        strbuf_addf(&kv->quoted, "[" STR_FMT "].|", STR_ARG(e));
    strbuf_addf(&kv->quoted, "[^" STR_FMT STR_FMT "])*)" STR_FMT "|", STR_ARG(c), STR_ARG(e), STR_ARG(c));
    kv->n_quotes++;
}

static void read_options(struct kv *kv, const struct kql_node *op)
{
    for (size_t i = 0; i < op->options.n; i++)
        if (str_eq(op->options.p[i]->text, S("escape")))
            kql_term_quote(&kv->escapes, option_text(op->options.p[i]));
    for (size_t i = 0; i < op->options.n; i++) {
        const struct kql_node *option = op->options.p[i];
        str                    text = option_text(option);
        if (str_eq(option->text, S("pair_delimiter")))
            kv->pair = text;
        else if (str_eq(option->text, S("kv_delimiter")))
            kv->between = text;
        else if (str_eq(option->text, S("regex")))
            kv->regex = text;
        else if (str_eq(option->text, S("quote")) && text.n > 0)
            add_quote(kv, text);
        else if (str_eq(option->text, S("greedy")))
            kv->greedy = option->kids.p[0]->kind != KQL_NODE_LITERAL || option->kids.p[0]->value.i != 0;
    }
}

static struct kql_expr *text_arg(struct kql_binder *b, str text, struct kql_span span)
{
    return kql_plan_const(b->arena, kql_value_string(arena_str(b->arena, text)), span);
}

/* The regex of a key and its value between delimiters, with a group for each quote and one for bare text in
 * both. */
static struct kql_expr *pairs_between(struct kql_binder *b, struct kv *kv, struct kql_expr *subject)
{
    AUTO_STRBUF re = STRBUF_INIT(20000), pair = STRBUF_INIT(2000), between = STRBUF_INIT(2000);
    str         quoted = strbuf_view(&kv->quoted);

    kql_term_quote(&pair, kv->pair);
    kql_term_quote(&between, kv->between);
    str p = kv->pair.n > 0 ? strbuf_view(&pair) : S("\\s");
    if (kv->pair.n < 2) /* what has no key, up to the next delimiter, is passed over */
        strbuf_addf(&re, "(?s)(?:[^" STR_FMT "]*?" STR_FMT ")*?\\s*(?:" STR_FMT "([^" STR_FMT "]*?))\\s*",
                    STR_ARG(p), STR_ARG(p), STR_ARG(quoted), STR_ARG(p));
    else
        strbuf_addf(&re, "(?s)\\s*(?:" STR_FMT "(.*?))\\s*", STR_ARG(quoted));
    strbuf_addf(&re, STR_FMT "\\s*(?:" STR_FMT "(.*?))\\s*(?:" STR_FMT "|$)", STR_ARG(strbuf_view(&between)),
                STR_ARG(quoted), STR_ARG(p));
    struct kql_expr *args[] = {
        subject, text_arg(b, strbuf_view(&re), subject->span), text_arg(b, kv->pair, subject->span),
        kql_plan_const(b->arena, kql_value_long((int64_t)kv->n_quotes + 1), subject->span),
        text_arg(b, strbuf_view(&kv->escapes), subject->span)
    };
    return kql_build_raw(b, kql_fn_find(S("·pairs")), KQL_UNKNOWN, subject->span, args, 5);
}

/* Greedy: a value goes on until the next key, whatever delimiters of pairs are in it. */
static struct kql_expr *pairs_greedy(struct kql_binder *b, struct kv *kv, struct kql_expr *subject)
{
    struct kql_expr *args[] = { subject, text_arg(b, kv->between, subject->span),
                                text_arg(b, kv->pair, subject->span) };
    return kql_build_raw(b, kql_fn_find(S("·pairs_greedy")), KQL_UNKNOWN, subject->span, args, 3);
}

static struct kql_expr *pairs_of(struct kql_binder *b, struct kv *kv, struct kql_expr *subject)
{
    if (kv->regex.n > 0 && !kql_convert_pattern(b, kv->regex, subject->span))
        return NULL;
    if (kv->regex.n > 0 && kql_regex_look(kv->regex).groups < 2) {
        kql_bind_error(b, KQL_DIAG_LITERAL, subject->span,
                       "the regex of parse-kv has two groups, for the name and for the value");
        return NULL;
    }
    if (kv->regex.n > 0) {
        struct kql_expr *args[] = { subject, text_arg(b, kv->regex, subject->span) };
        return kql_build_raw(b, kql_fn_find(S("·pairs_regex")), KQL_UNKNOWN, subject->span, args, 2);
    }
    if (kv->between.n == 0)
        kv->between = S("=");
    return kv->greedy ? pairs_greedy(b, kv, subject) : pairs_between(b, kv, subject);
}

/* Without delimiters: what follows the key as a word of its own, with any signs between them. */
static struct kql_expr *value_behind(struct kql_binder *b, struct kv *kv, struct kql_expr *subject, str key)
{
    AUTO_STRBUF re = STRBUF_INIT(20000), name = STRBUF_INIT(4000);

    kql_term_quote(&name, key);
    strbuf_addf(&re, "(?s)(?:^|[^\\p{L}\\p{N}])" STR_FMT "[^\\p{L}\\p{N}]+?(?:" STR_FMT "([\\p{L}\\p{N}]+))",
                STR_ARG(strbuf_view(&name)), STR_ARG(strbuf_view(&kv->quoted)));
    struct kql_expr *args[] = { subject, text_arg(b, strbuf_view(&re), subject->span),
                                text_arg(b, strbuf_view(&kv->escapes), subject->span) };
    return kql_build_raw(b, kql_fn_find(S("·value_behind")), KQL_STRING, subject->span, args, 3);
}

static struct kql_rel *bind_keys(struct kql_binder *b, struct kv *kv, const struct kql_node *op,
                                 struct kql_expr *subject, struct kql_rel *in)
{
    const struct kql_node *schema = op->kids.p[1];
    bool                   behind = kv->regex.n == 0 && kv->pair.n == 0 && kv->between.n == 0;
    struct kql_rel        *match = kql_bind_rel(b, KQL_REL_PROJECT, in);
    struct kql_expr       *list = behind ? NULL : pairs_of(b, kv, subject);
    if (!behind && !list)
        return NULL;
    struct kql_col *pairs = behind ? NULL : kql_bind_def(b, match, S("pairs"), list);
    struct kql_rel *project = kql_bind_rel(b, KQL_REL_PROJECT, match);

    for (size_t i = 0; i < schema->kids.n; i++) {
        const struct kql_node *param = schema->kids.p[i];
        struct kql_expr       *e;
        if (behind) {
            e = value_behind(b, kv, subject, param->text);
        } else {
            struct kql_expr *pair[] = { kql_plan_col(b->arena, pairs, op->span),
                                        text_arg(b, param->text, op->span) };
            e = kql_build_raw(b, kql_fn_find(S("·value_of")), KQL_STRING, op->span, pair, 2);
        }
        if (!(e = kql_convert_cast(b, e, param->value.type)))
            return NULL;
        set_field(b, project, param->text, kql_bind_def(b, project, param->text, e));
    }
    return project;
}

static struct kql_rel *bind_kv(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    struct kv        kv = { .quoted = STRBUF_INIT(4000), .escapes = STRBUF_INIT(400) };
    struct kql_expr *subject = kql_bind_expr_in(b, op->kids.p[0], in);

    if (!subject || !(subject = kql_convert_cast(b, subject, KQL_STRING)))
        return NULL;
    read_options(&kv, op);
    struct kql_rel *out = bind_keys(b, &kv, op, subject, in);
    strbuf_done(&kv.quoted);
    strbuf_done(&kv.escapes);
    return out;
}

const struct kql_op KQL_OPS_PARSE[] = {
    { .name = "parse",
      .parse = parse_parse,
      .bind = bind_parse,
      .doc = "Columns out of a string by the texts around them.",
      .example = "print s = 'id=5 name=x' | parse s with 'id=' id:long ' name=' name" },
    { .name = "parse-where",
      .parse = parse_parse,
      .bind = bind_parse,
      .doc = "As parse; rows that do not fit are left out.",
      .example = "print s = 'id=5' | parse-where s with 'id=' id:long" },
    { .name = "parse-kv",
      .parse = parse_kv,
      .bind = bind_kv,
      .doc = "Columns out of a string of keys and values.",
      .example = "print s = 'a=1 b=2' | parse-kv s as (a:long, b:long) with (pair_delimiter=' ', "
                 "kv_delimiter='=')" },
    { 0 },
};
