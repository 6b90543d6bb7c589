/* SPDX-License-Identifier: Apache-2.0 */
/* parse and parse-where: columns out of a string by the texts around them. The pattern becomes one regex,
 * whose groups are read once per row. */
#include "kql/kql_build.h"
#include "kql/kql_convert.h"
#include "kql/kql_op.h"
#include "kql/kql_parse.h"
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
    size_t                 groups;
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

static const char *group_of(enum kql_type type, enum parse_kind kind, bool last)
{
    if (kind != RELAXED && kql_type_is_integer(type))
        return "([+-]?\\d+)";
    if (kind != RELAXED && type == KQL_REAL)
        return "([+-]?\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?)";
    return last ? "(.*)" : "(.*?)";
}

static bool build_regex(struct parsing *x)
{
    const struct kql_node *flags = kql_ast_option(x->op, "flags");
    bool                   was_column = false;

    strbuf_addz(&x->re, "(?s");
    if (flags && x->kind == REGEX)
        for (size_t i = 0; i < flags->text.n; i++)
            if (strchr("imU", flags->text.p[i]))
                strbuf_addc(&x->re, flags->text.p[i]);
    strbuf_addz(&x->re, ")^");
    for (size_t i = 1; i < x->op->kids.n; i++) {
        const struct kql_node *item = x->op->kids.p[i];
        bool                   last = i + 1 == x->op->kids.n;
        if (item->kind == KQL_NODE_PARAM) {
            if (was_column) {
                kql_bind_error(x->b, KQL_DIAG_SYNTAX, item->span,
                               "between two columns of a pattern stands a string or *");
                return false;
            }
            strbuf_addz(&x->re, group_of(item->value.type, x->kind, last));
            x->groups++;
        } else if (item->kind == KQL_NODE_STAR) {
            strbuf_addz(&x->re, last ? "" : ".*?");
        } else if (x->kind == REGEX) {
            strbuf_addz(&x->re, "(?:");
            strbuf_add(&x->re, item->value.s);
            strbuf_addz(&x->re, ")");
        } else {
            kql_term_quote(&x->re, item->value.s);
        }
        was_column = item->kind == KQL_NODE_PARAM;
    }
    if (vec_last(&x->op->kids)->kind != KQL_NODE_STAR)
        strbuf_addz(&x->re, "$");
    return true;
}

static bool add_columns(struct parsing *x, struct kql_rel *project, struct kql_col *groups)
{
    struct kql_binder *b = x->b;
    int64_t            n = 0;

    for (size_t i = 1; i < x->op->kids.n; i++) {
        const struct kql_node *item = x->op->kids.p[i];
        if (item->kind != KQL_NODE_PARAM)
            continue;
        struct kql_expr *pair[] = { kql_plan_col(b->arena, groups, item->span),
                                    kql_plan_const(b->arena, kql_value_long(++n), item->span) };
        struct kql_expr *e = kql_build_raw(b, kql_fn_find(S("·group")), KQL_STRING, item->span, pair, 2);
        e = kql_convert_cast(b, e, item->value.type);
        if (!e)
            return false;
        struct kql_col   *col = kql_bind_def(b, project, item->text, e);
        struct kql_field *there = kql_plan_field(project, item->text);
        if (there)
            there->col = col;
        else
            kql_bind_field(b, project, item->text, col);
    }
    return true;
}

static struct kql_rel *bind_parse(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    struct parsing   x = { .b = b, .op = op };
    AUTO_STRBUF      re = STRBUF_INIT(1 << 20);
    struct kql_expr *subject = kql_bind_expr_in(b, op->kids.p[0], in);

    if (!subject || !kind_of(&x))
        return NULL;
    subject = kql_convert_cast(b, subject, KQL_STRING);
    if (!subject)
        return NULL;
    x.re = re;
    bool ok = build_regex(&x);
    re = x.re; /* the buffer is freed under the name that owns it */
    if (!ok)
        return NULL;
    struct kql_expr *pattern =
        kql_plan_const(b->arena, kql_value_string(arena_str(b->arena, strbuf_view(&re))), op->span);
    struct kql_expr *pair[] = { subject, pattern };
    struct kql_rel  *match = kql_bind_rel(b, KQL_REL_PROJECT, in);
    bool             none = x.groups == 0;
    struct kql_expr *groups =
        kql_build_raw(b, kql_fn_find(none ? S("·matches") : S("·groups")), KQL_UNKNOWN, op->span, pair, 2);
    struct kql_col *col = kql_bind_def(b, match, S("groups"), groups);
    if (strcmp(op->op->name, "parse-where") == 0) {
        struct kql_expr *g = kql_plan_col(b->arena, col, op->span);
        struct kql_rel  *filter = kql_bind_rel(b, KQL_REL_FILTER, match);
        filter->pred =
            kql_build_raw(b, kql_fn_find(none ? S("·nullable") : S("·matched")), KQL_BOOL, op->span, &g, 1);
        match = filter;
    }
    struct kql_rel *project = kql_bind_rel(b, KQL_REL_PROJECT, match);
    return add_columns(&x, project, col) ? project : NULL;
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
    kql_parse_options(p, op, OPTIONS);
    return kql_parse_expect(p, ")");
}

static str text_option(const struct kql_node *op, const char *name, const char *usual)
{
    const struct kql_node *o = kql_ast_option(op, name);
    return o && o->kind == KQL_NODE_LITERAL && o->value.type == KQL_STRING ? o->value.s : str_of(usual);
}

static struct kql_rel *bind_kv(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    struct kql_expr       *subject = kql_bind_expr_in(b, op->kids.p[0], in);
    const struct kql_node *schema = op->kids.p[1];

    if (!subject || !(subject = kql_convert_cast(b, subject, KQL_STRING)))
        return NULL;
    struct kql_expr *args[5] = { subject };
    const char      *names[] = { "regex", "pair_delimiter", "kv_delimiter", "quote" },
               *usual[] = { "", "", "=", "" };
    for (size_t i = 0; i < 4; i++)
        args[i + 1] =
            kql_plan_const(b->arena, kql_value_string(text_option(op, names[i], usual[i])), op->span);
    struct kql_rel  *match = kql_bind_rel(b, KQL_REL_PROJECT, in);
    struct kql_expr *pairs = kql_build_raw(b, kql_fn_find(S("·pairs")), KQL_UNKNOWN, op->span, args, 5);
    struct kql_col  *col = kql_bind_def(b, match, S("pairs"), pairs);
    struct kql_rel  *project = kql_bind_rel(b, KQL_REL_PROJECT, match);
    for (size_t i = 0; i < schema->kids.n; i++) {
        const struct kql_node *param = schema->kids.p[i];
        struct kql_expr       *pair[] = { kql_plan_col(b->arena, col, op->span),
                                          kql_plan_const(b->arena, kql_value_string(param->text), op->span) };
        struct kql_expr *e = kql_build_raw(b, kql_fn_find(S("·value_of")), KQL_STRING, op->span, pair, 2);
        if (!(e = kql_convert_cast(b, e, param->value.type)))
            return NULL;
        struct kql_col   *value = kql_bind_def(b, project, param->text, e);
        struct kql_field *there = kql_plan_field(project, param->text);
        if (there)
            there->col = value;
        else
            kql_bind_field(b, project, param->text, value);
    }
    return project;
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
