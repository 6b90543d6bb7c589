/* SPDX-License-Identifier: Apache-2.0 */
/* union, search and find. */
#include "kql/kql_build.h"
#include "kql/kql_convert.h"
#include "kql/kql_op.h"
#include "kql/kql_parse.h"
#include "kql/kql_term.h"
#include "kql/kql_unite.h"

static struct kql_node *parse_input(struct kql_parser *p)
{
    const struct kql_token *next = kql_parse_peek(p, 1);
    bool                    star = kql_parse_is(p, "*") ||
                (kql_parse_peek(p, 0)->kind == KQL_TOKEN_NAME && next->kind == KQL_TOKEN_PUNCT &&
                 str_eq(next->text, S("*")) && next->span.from == kql_parse_peek(p, 0)->span.to);
    return star ? kql_parse_expr_column(p) : kql_parse_expr(p);
}

static bool parse_union(struct kql_parser *p, struct kql_node *op)
{
    static const char *const OPTIONS[] = { "kind", "withsource", "with_source", "isfuzzy", "hint.*", NULL };
    kql_parse_options(p, op, OPTIONS);
    return kql_parse_list(p, op, parse_input);
}

struct uniting {
    struct kql_binder *b;
    bool               failed;
    kql_unite_inputs   inputs;
    str                pattern;
};

static struct kql_rel *unite(struct uniting *u, bool inner, str source)
{
    struct kql_rel *out = kql_unite(u->b, &u->inputs, inner, source);

    out->split = u->pattern.n > 0;
    return out;
}

static bool is_option(const struct kql_node *op, const char *name, const char *value)
{
    const struct kql_node *option = kql_ast_option(op, name);
    if (!option)
        return false;
    if (option->kind == KQL_NODE_LITERAL && option->value.type == KQL_BOOL)
        return str_eq(str_of(value), option->value.i ? S("true") : S("false"));
    return str_eq_ci(option->text, str_of(value));
}

static void add_matching(void *arg, const struct kql_table *t)
{
    struct uniting *u = arg;
    if (u->failed || !kql_op_matches(u->pattern, t->name) || !kql_bind_is_readable(u->b, t->name, NULL))
        return;
    u->failed = !kql_bind_grow(u->b, (struct kql_span) { 0, 0 });
    if (!u->failed)
        *vec_push_in(u->b->arena, &u->inputs) =
            (struct kql_unite_input) { kql_bind_base_table(u->b, t), arena_str(u->b->arena, t->name) };
}

/* T*, or *: all tables of the catalog that fit, and the views that let defines. */
static bool add_pattern(struct uniting *u, const struct kql_node *node)
{
    struct kql_binder *b = u->b;

    u->pattern = node->text;
    if (b->catalog->table_each)
        b->catalog->table_each(b->catalog->ctx, add_matching, u);
    for (const struct kql_scope *s = b->scope; s; s = s->next) {
        if (!s->view || !kql_op_matches(node->text, s->name) || !kql_bind_is_readable(b, s->name, s))
            continue;
        struct kql_node *name = kql_ast_new(b->arena, KQL_NODE_NAME, node->span, s->name);
        struct kql_rel  *rel = kql_bind_table(b, name);
        if (!rel)
            return false;
        *vec_push_in(b->arena, &u->inputs) = (struct kql_unite_input) { rel, s->name };
    }
    return true;
}

/* What withsource says of an input: a table, a view, or what `as` called it last; else its number. */
static str name_of_input(struct uniting *u, const struct kql_node *node)
{
    const struct kql_scope *s = kql_bind_scope_find(u->b, node->text);

    if (node->kind == KQL_NODE_NAME && (!s || s->view))
        return node->text;
    if (node->kind == KQL_NODE_CALL && s && s->view)
        return node->text;
    const struct kql_node *last = node->kind == KQL_NODE_PIPE ? vec_last(&node->kids) : NULL;
    if (last && last->op && strcmp(last->op->name, "as") == 0)
        return last->text;
    return arena_printf(u->b->arena, "union_arg%zu", u->inputs.n);
}

static bool add_input(struct uniting *u, const struct kql_node *node, bool fuzzy)
{
    if (node->kind == KQL_NODE_WILDCARD)
        return add_pattern(u, node);
    if (fuzzy && !kql_bind_table_exists(u->b, node))
        return true;
    struct kql_rel *rel = kql_bind_table(u->b, node);
    str             name = name_of_input(u, node);
    if (rel)
        *vec_push_in(u->b->arena, &u->inputs) = (struct kql_unite_input) { rel, name };
    return rel != NULL;
}

static struct kql_rel *bind_union(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    struct uniting         u = { .b = b };
    const struct kql_node *source = kql_ast_option(op, "withsource");
    bool                   ok = true, fuzzy = is_option(op, "isfuzzy", "true");

    if (!source)
        source = kql_ast_option(op, "with_source");
    if (in)
        *vec_push_in(b->arena, &u.inputs) = (struct kql_unite_input) { in, S("union_arg0") };
    for (size_t i = 0; i < op->kids.n; i++)
        ok = add_input(&u, op->kids.p[i], fuzzy) && ok;
    if (ok && u.inputs.n == 0) {
        kql_bind_error(b, KQL_DIAG_UNKNOWN_TABLE, op->span, "none of the tables of this union is there");
        return NULL;
    }
    return ok && !u.failed ? unite(&u, is_option(op, "kind", "inner"), source ? source->text : STR_NONE)
                           : NULL;
}

/* --- search --- */

static bool parse_search(struct kql_parser *p, struct kql_node *op)
{
    static const char *const OPTIONS[] = { "kind", "hint.*", NULL };
    kql_parse_options(p, op, OPTIONS);
    if (kql_parse_take(p, "in")) {
        struct kql_node *tables = kql_parse_new(p, KQL_NODE_CLAUSE);
        tables->text = S("in");
        if (!kql_parse_expect(p, "(") || !kql_parse_list(p, tables, parse_input) || !kql_parse_expect(p, ")"))
            return false;
        kql_parse_add(p, op, tables);
    }
    p->lenient = true;
    struct kql_node *pred = kql_parse_expr(p);
    p->lenient = false;
    kql_parse_add(p, op, pred);
    return pred->kind != KQL_NODE_BAD;
}

static struct kql_node *compare(struct kql_binder *b, const struct kql_node *at, struct kql_node *left,
                                const char *sign, str right)
{
    struct kql_node *text = kql_ast_new(b->arena, KQL_NODE_LITERAL, at->span, STR_NONE);
    struct kql_node *n = kql_ast_new(b->arena, KQL_NODE_BINARY, at->span, str_of(sign));

    text->value = kql_value_string(right);
    kql_ast_add(b->arena, n, left);
    kql_ast_add(b->arena, n, text);
    return n;
}

/* "Lab*PC": the star stands for any text between terms. */
static str wildcard_regex(struct kql_binder *b, str word, bool cs)
{
    AUTO_STRBUF re = STRBUF_INIT(word.n * 2 + 100);

    strbuf_addz(&re, cs ? "\\b" : "(?i)\\b");
    for (size_t star; (star = str_find_byte(word, '*')) != STR_NPOS; word = str_from(word, star + 1)) {
        kql_term_quote(&re, str_slice(word, 0, star));
        strbuf_addz(&re, ".*");
    }
    kql_term_quote(&re, word);
    strbuf_addz(&re, "\\b");
    return arena_str(b->arena, strbuf_view(&re));
}

/* A word that is looked for in `left`: "abc*" by its beginning, "*abc" by its end, "*abc*" anywhere. */
static struct kql_node *looked_for(struct kql_binder *b, const struct kql_node *at, struct kql_node *left,
                                   str word, bool cs)
{
    bool open = word.n > 1 && str_ends(word, S("*")), lead = str_starts(word, S("*"));
    str  bare = str_slice(word, lead, word.n - open);

    if (str_find_byte(bare, '*') != STR_NPOS)
        return compare(b, at, left, "matches regex", wildcard_regex(b, word, cs));
    if (lead && open)
        return compare(b, at, left, cs ? "contains_cs" : "contains", bare);
    if (open)
        return compare(b, at, left, cs ? "hasprefix_cs" : "hasprefix", bare);
    if (lead)
        return compare(b, at, left, cs ? "hassuffix_cs" : "hassuffix", bare);
    return compare(b, at, left, cs ? "has_cs" : "has", bare);
}

static struct kql_node *star_node(struct kql_binder *b, const struct kql_node *at)
{
    return kql_ast_new(b->arena, KQL_NODE_STAR, at->span, STR_NONE);
}

static bool is_text(const struct kql_node *n)
{
    return n->kind == KQL_NODE_LITERAL && n->value.type == KQL_STRING;
}

/* The predicate of search and find as one of where: a bare word or number is looked for in all columns of
 * text, column:"word" in that one. A copy: the tree may be bound again. */
static struct kql_node *searched(struct kql_binder *b, const struct kql_node *n, bool cs)
{
    struct kql_node *copy = kql_ast_new(b->arena, n->kind, n->span, n->text);
    bool down = (n->kind == KQL_NODE_BINARY && (str_eq(n->text, S("and")) || str_eq(n->text, S("or")))) ||
                (n->kind == KQL_NODE_CALL && str_eq(n->text, S("not")) && n->kids.n == 1);

    *copy = *n;
    if (n->kind == KQL_NODE_STAR) { /* search *: every row */
        copy->kind = KQL_NODE_LITERAL;
        copy->value = kql_value_int_of(KQL_BOOL, 1);
    } else if (down) {
        memset(&copy->kids, 0, sizeof copy->kids);
        for (size_t i = 0; i < n->kids.n; i++)
            kql_ast_add(b->arena, copy, searched(b, n->kids.p[i], cs));
    } else if (n->kind == KQL_NODE_BINARY && str_eq(n->text, S(":"))) {
        if (is_text(n->kids.p[1]))
            return looked_for(b, n, n->kids.p[0], n->kids.p[1]->value.s, cs);
        copy->text = S("has");
    } else if (is_text(n)) {
        return looked_for(b, n, star_node(b, n), n->value.s, cs);
    } else if (n->kind == KQL_NODE_LITERAL && kql_type_is_number(n->value.type)) {
        return looked_for(b, n, star_node(b, n), kql_value_text(b->arena, &n->value), cs);
    }
    return copy;
}

static struct kql_rel *bind_search(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    const struct kql_node *tables = kql_ast_clause(op, "in");
    struct uniting         u = { .b = b, .pattern = S("*") };
    bool                   ok = true;

    for (size_t i = 0; tables && i < tables->kids.n; i++)
        ok = add_input(&u, tables->kids.p[i], false) && ok;
    if (!tables && in)
        *vec_push_in(b->arena, &u.inputs) =
            (struct kql_unite_input) { in, in->table.n > 0 ? in->table : S("search_arg0") };
    else if (!tables && b->catalog->table_each)
        b->catalog->table_each(b->catalog->ctx, add_matching, &u);
    if (ok && u.inputs.n == 0)
        kql_bind_error(b, KQL_DIAG_UNKNOWN_TABLE, op->span, "there is no table to search");
    if (!ok || u.failed || u.inputs.n == 0)
        return NULL;
    for (size_t i = 0; i < u.inputs.n; i++) {
        struct kql_rel *filter = kql_bind_rel(b, KQL_REL_FILTER, u.inputs.p[i].rel);
        b->row = u.inputs.p[i].rel;
        filter->pred = kql_bind_expr_condition(
            b, searched(b, vec_last(&op->kids), is_option(op, "kind", "case_sensitive")));
        b->row = NULL;
        if (!filter->pred)
            return NULL;
        u.inputs.p[i].rel = filter;
    }
    bool has_table = u.inputs.n == 1 && kql_plan_field(u.inputs.p[0].rel, S("$table"));
    if (in && has_table)
        return u.inputs.p[0].rel;
    return unite(&u, false, S("$table"));
}

/* --- find --- */

static struct kql_node *parse_found(struct kql_parser *p)
{
    struct kql_node *item = kql_parse_expr(p); /* a column, or pack_all() */

    if (item->kind == KQL_NODE_NAME && kql_parse_take(p, ":")) {
        const struct kql_token *t = kql_parse_peek(p, 0);
        item->kind = KQL_NODE_PARAM;
        if (t->kind != KQL_TOKEN_NAME || !kql_type_parse(t->text, &item->value.type)) {
            kql_parse_fail(p, "a type");
            item->kind = KQL_NODE_BAD;
        }
        p->at++;
    }
    return item;
}

static bool parse_find(struct kql_parser *p, struct kql_node *op)
{
    static const char *const OPTIONS[] = { "withsource", "datascope", "hint.*", NULL };

    kql_parse_options(p, op, OPTIONS);
    if (kql_parse_take(p, "in")) {
        struct kql_node *tables = kql_parse_new(p, KQL_NODE_CLAUSE);
        tables->text = S("in");
        if (!kql_parse_expect(p, "(") || !kql_parse_list(p, tables, parse_input) || !kql_parse_expect(p, ")"))
            return false;
        kql_parse_add(p, op, tables);
    }
    kql_parse_take(p, "where");
    struct kql_node *where = kql_parse_new(p, KQL_NODE_CLAUSE);
    where->text = S("where");
    p->lenient = true;
    struct kql_node *pred = kql_parse_expr(p);
    p->lenient = false;
    kql_parse_add(p, where, pred);
    kql_parse_add(p, op, where);
    if (pred->kind == KQL_NODE_BAD || !kql_parse_take(p, "project"))
        return pred->kind != KQL_NODE_BAD;
    if (kql_parse_take(p, "-")) /* project-smart, which is what happens anyway */
        return kql_parse_expect(p, "smart");
    struct kql_node *project = kql_parse_new(p, KQL_NODE_CLAUSE);
    project->text = S("project");
    kql_parse_add(p, op, project);
    return kql_parse_list(p, project, parse_found);
}

struct finding {
    struct uniting         u;
    const struct kql_node *op, *where, *project; /* project NULL: project-smart */
    VEC(str) asked;                              /* columns that the predicate names */
    str source;
};

static bool names_hold(const struct finding *x, str name)
{
    for (size_t i = 0; i < x->asked.n; i++)
        if (str_eq(x->asked.p[i], name))
            return true;
    return false;
}

static const struct kql_field *field_anywhere(const struct finding *x, str name)
{
    for (size_t i = 0; i < x->u.inputs.n; i++) {
        const struct kql_field *f = kql_plan_field(x->u.inputs.p[i].rel, name);
        if (f)
            return f;
    }
    return NULL;
}

static void find_asked(struct finding *x, const struct kql_node *n)
{
    if (n->kind == KQL_NODE_NAME && field_anywhere(x, n->text) && !names_hold(x, n->text))
        *vec_push_in(x->u.b->arena, &x->asked) = n->text;
    for (size_t i = 0; i < n->kids.n; i++)
        if (n->kids.p[i])
            find_asked(x, n->kids.p[i]);
}

/* A table that has none of the columns that the predicate asks for is not searched. */
static void leave_out(struct finding *x)
{
    size_t kept = 0;

    for (size_t i = 0; i < x->u.inputs.n && x->asked.n > 0; i++) {
        bool any = false;
        for (size_t k = 0; k < x->asked.n && !any; k++)
            any = kql_plan_field(x->u.inputs.p[i].rel, x->asked.p[k]) != NULL;
        if (any)
            x->u.inputs.p[kept++] = x->u.inputs.p[i];
    }
    if (x->asked.n > 0)
        x->u.inputs.n = kept;
}

/* The rows of a table for which the predicate holds; a column that the table has not is null in it. */
static struct kql_rel *found_in(struct finding *x, struct kql_rel *table)
{
    struct kql_binder *b = x->u.b;
    struct kql_rel    *row = kql_bind_rel(b, KQL_REL_PROJECT, table);

    for (size_t i = 0; i < x->asked.n; i++) {
        if (kql_plan_field(row, x->asked.p[i]))
            continue;
        struct kql_value none = kql_value_null(field_anywhere(x, x->asked.p[i])->col->type);
        kql_bind_field(b, row, x->asked.p[i],
                       kql_bind_def(b, row, x->asked.p[i], kql_plan_const(b->arena, none, x->op->span)));
    }
    struct kql_rel *filter = kql_bind_rel(b, KQL_REL_FILTER, row);
    b->row = row;
    filter->pred = kql_bind_expr_condition(b, searched(b, x->where->kids.p[0], false));
    b->row = NULL;
    filter->fields = table->fields;
    return filter->pred ? filter : NULL;
}

static bool is_common(const struct finding *x, str name)
{
    return names_hold(x, name) || kql_unite_everywhere(&x->u.inputs, name);
}

/* What is not shown by itself, as one bag. */
static bool add_pack(struct finding *x, struct kql_rel *out, const struct kql_rel *table)
{
    struct kql_binder *b = x->u.b;
    struct kql_expr  **args = ARENA_ARRAY(b->arena, struct kql_expr *, 2 * table->fields.n + 1);
    size_t             n = 0;

    for (size_t i = 0; i < table->fields.n; i++) {
        const struct kql_field *f = &table->fields.p[i];
        bool shown = x->project ? kql_plan_field(out, f->name) != NULL : is_common(x, f->name);
        if (shown)
            continue;
        args[n++] = kql_plan_const(b->arena, kql_value_string(f->name), x->op->span);
        args[n++] = kql_plan_col(b->arena, f->col, x->op->span);
    }
    struct kql_expr *bag = n > 0 ? kql_build_call(b, "bag_pack", x->op->span, args, n)
                                 : kql_plan_const(b->arena, kql_value_dynamic(S("{}")), x->op->span);
    if (bag)
        kql_bind_field(b, out, S("pack_"), kql_bind_def(b, out, S("pack_"), bag));
    return bag != NULL;
}

static bool add_found(struct finding *x, struct kql_rel *out, const struct kql_rel *table,
                      const struct kql_node *item)
{
    struct kql_binder      *b = x->u.b;
    const struct kql_field *f = kql_plan_field(table, item->text),
                           *any = f ? f : field_anywhere(x, item->text);

    if (item->kind != KQL_NODE_NAME && item->kind != KQL_NODE_PARAM) {
        kql_bind_error(b, KQL_DIAG_SYNTAX, item->span, "find projects columns, and pack_all()");
        return false;
    }
    if (!any && item->kind == KQL_NODE_NAME) {
        kql_bind_unknown_column(b, table, item->text, item->span);
        return false;
    }
    enum kql_type    type = item->kind == KQL_NODE_PARAM ? item->value.type : any->col->type;
    struct kql_expr *e = f ? kql_plan_col(b->arena, f->col, item->span)
                           : kql_plan_const(b->arena, kql_value_null(type), item->span);
    if (!(e = kql_convert_cast(b, e, type)))
        return false;
    kql_bind_field(b, out, item->text, kql_bind_def(b, out, item->text, e));
    return true;
}

static bool is_pack_all(const struct kql_node *n)
{
    return n->kind == KQL_NODE_CALL && (str_eq(n->text, S("pack_all")) || str_eq(n->text, S("pack")));
}

/* The columns of the answer, of one table. */
static struct kql_rel *shown_of(struct finding *x, const struct kql_unite_input *input,
                                const struct kql_rel *table)
{
    struct kql_binder *b = x->u.b;
    struct kql_rel    *out = kql_bind_rel(b, KQL_REL_PROJECT, input->rel);
    struct kql_expr   *source = kql_plan_const(b->arena, kql_value_string(input->name), x->op->span);
    bool               ok = true, pack = !x->project;

    out->fields = (kql_fields) { 0 };
    kql_bind_field(b, out, x->source, kql_bind_def(b, out, x->source, source));
    for (size_t i = 0; !x->project && i < table->fields.n; i++)
        if (is_common(x, table->fields.p[i].name))
            kql_bind_field(b, out, table->fields.p[i].name, table->fields.p[i].col);
    for (size_t i = 0; x->project && i < x->project->kids.n; i++) {
        if (is_pack_all(x->project->kids.p[i]))
            pack = true;
        else
            ok = add_found(x, out, table, x->project->kids.p[i]) && ok;
    }
    return ok && (!pack || add_pack(x, out, table)) ? out : NULL;
}

static bool read_tables(struct finding *x)
{
    const struct kql_node *tables = kql_ast_clause(x->op, "in");
    struct kql_binder     *b = x->u.b;
    bool                   ok = true;

    for (size_t i = 0; tables && i < tables->kids.n; i++)
        ok = add_input(&x->u, tables->kids.p[i], false) && ok;
    if (!tables)
        ok = add_pattern(&x->u, kql_ast_new(b->arena, KQL_NODE_WILDCARD, x->op->span, S("*")));
    if (ok && !x->u.failed && x->u.inputs.n == 0)
        kql_bind_error(b, KQL_DIAG_UNKNOWN_TABLE, x->op->span, "there is no table to find in");
    return ok && !x->u.failed && x->u.inputs.n > 0;
}

static struct kql_rel *bind_find(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    const struct kql_node *source = kql_ast_option(op, "withsource");
    struct finding         x = { .u = { .b = b, .pattern = S("*") }, .op = op };
    (void)in;

    x.where = kql_ast_clause(op, "where");
    x.project = kql_ast_clause(op, "project");
    x.source = source ? source->text : S("source_");
    if (!read_tables(&x))
        return NULL;
    find_asked(&x, x.where->kids.p[0]);
    leave_out(&x);
    VEC(struct kql_rel *) shown = { 0 };
    for (size_t i = 0; i < x.u.inputs.n; i++) {
        struct kql_unite_input input = x.u.inputs.p[i];
        struct kql_rel        *table = input.rel;
        if (!(input.rel = found_in(&x, table)))
            return NULL;
        if (!(*vec_push_in(b->arena, &shown) = shown_of(&x, &input, table)))
            return NULL;
    }
    for (size_t i = 0; i < x.u.inputs.n; i++)
        x.u.inputs.p[i].rel = shown.p[i];
    return unite(&x.u, false, STR_NONE);
}

const struct kql_op KQL_OPS_UNION[] = {
    { .name = "union",
      .both = true,
      .parse = parse_union,
      .bind = bind_union,
      .doc = "The rows of several tables.",
      .example = "union (print x = 1), (print x = 2)" },
    { .name = "search",
      .both = true,
      .parse = parse_search,
      .bind = bind_search,
      .doc = "Rows in which some column has a term.",
      .example = "datatable(x:string)['a b', 'c'] | search 'b'" },
    { .name = "find",
      .source = true,
      .parse = parse_find,
      .bind = bind_find,
      .doc = "Rows of several tables for which a condition is true, with what they share as columns and the "
             "rest in a bag.",
      .example = "let T = view () { print x = 1, y = 'a' }; find in (T) where x == 1" },
    { 0 },
};
