/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_bind.h"

#include "kql/kql_build.h"
#include "kql/kql_call.h"
#include "kql/kql_clone.h"
#include "kql/kql_graph.h"
#include "kql/kql_habit.h"

enum { STAGES_MAX = 500 };

void kql_bind_error(struct kql_binder *b, enum kql_diag_code code, struct kql_span at, const char *fmt, ...)
{
    AUTO_STRBUF text = STRBUF_INIT(2000);
    va_list     ap;

    va_start(ap, fmt);
    strbuf_addv(&text, fmt, ap);
    va_end(ap);
    kql_diag_add(b->diags, code, at, STR_FMT, STR_ARG(strbuf_view(&text)));
}

bool kql_bind_grow(struct kql_binder *b, struct kql_span at)
{
    if (++b->expansion <= b->max_expansion && arena_used(b->arena) <= b->max_memory)
        return true;
    kql_bind_error(b, KQL_DIAG_LIMIT, at, "the query expands to more than the compiler takes");
    return false;
}

/* --- scopes --- */

const struct kql_scope *kql_bind_scope_find(const struct kql_binder *b, str name)
{
    for (const struct kql_scope *s = b->scope; s; s = s->next)
        if (str_eq(s->name, name))
            return s;
    return NULL;
}

bool kql_bind_is_readable(const struct kql_binder *b, str name, const struct kql_scope *defined)
{
    for (const struct kql_scope *s = b->scope; s && s != defined; s = s->next) {
        bool listed = !s->restricts;
        for (size_t i = 0; !listed && i < s->node->kids.n; i++)
            listed = kql_op_matches(s->node->kids.p[i]->text, name);
        if (!listed)
            return false;
    }
    return true;
}

void kql_bind_scope_add(struct kql_binder *b, struct kql_scope s)
{
    struct kql_scope *new = ARENA_NEW(b->arena, struct kql_scope);
    *new = s;
    new->next = b->scope;
    b->scope = new;
}

/* --- building --- */

/* name$n, without printf: a union of all tables makes 100,000 of them. */
static str numbered(struct arena *a, str name, size_t n)
{
    char   digits[20];
    size_t at = sizeof digits;

    do
        digits[--at] = (char)('0' + n % 10);
    while ((n /= 10) > 0);
    size_t count = sizeof digits - at;
    char  *p = arena_alloc(a, name.n + 1 + count);
    if (name.n > 0)
        memcpy(p, name.p, name.n);
    p[name.n] = '$';
    memcpy(p + name.n + 1, digits + at, count);
    return str_make(p, name.n + 1 + count);
}

struct kql_col *kql_bind_col(struct kql_binder *b, str name, enum kql_type type, bool nullable)
{
    struct kql_col *col = ARENA_NEW(b->arena, struct kql_col);
    size_t         *taken = map_find(b->names, name);

    col->type = type;
    col->nullable = nullable && !kql_type_is_text(type);
    if (taken) {
        col->sql = numbered(b->arena, name, ++*taken);
        return col;
    }
    taken = ARENA_NEW(b->arena, size_t);
    *taken = 1;
    map_put(b->names, name, taken);
    col->sql = name;
    return col;
}

struct kql_rel *kql_bind_rel(struct kql_binder *b, enum kql_rel_kind kind, struct kql_rel *in)
{
    return kql_plan_rel(b->arena, kind, in);
}

void kql_bind_field(struct kql_binder *b, struct kql_rel *rel, str name, struct kql_col *col)
{
    *vec_push_in(b->arena, &rel->fields) = (struct kql_field) { name, col };
}

str kql_bind_unused_name(struct kql_binder *b, const struct kql_rel *rel, str name)
{
    str candidate = name;
    for (unsigned n = 1; kql_plan_field(rel, candidate); n++)
        candidate = arena_printf(b->arena, STR_FMT "%u", STR_ARG(name), n);
    return candidate;
}

struct kql_col *kql_bind_def(struct kql_binder *b, struct kql_rel *project, str name, struct kql_expr *expr)
{
    if (expr->kind == KQL_EXPR_COL)
        return expr->col;
    struct kql_col *col = kql_bind_col(b, name.n > 0 ? name : S("c"), expr->type, expr->nullable);
    *vec_push_in(b->arena, &project->defs) = (struct kql_def) { col, expr };
    return col;
}

struct kql_field *kql_bind_find(struct kql_binder *b, struct kql_rel *rel, str name)
{
    (void)b;
    return kql_plan_field(rel, name);
}

void kql_bind_unknown_column(struct kql_binder *b, const struct kql_rel *rel, str name, struct kql_span span)
{
    struct near guess = { .wanted = name };

    for (size_t i = 0; rel && i < rel->fields.n; i++)
        near_offer(&guess, rel->fields.p[i].name);
    for (const struct kql_scope *s = b->scope; s; s = s->next)
        near_offer(&guess, s->name);
    kql_bind_error(b, KQL_DIAG_UNKNOWN_COLUMN, span, "there is no column or value \"" STR_FMT "\" here",
                   STR_ARG(name));
    const char *hint = kql_habit_hint(KQL_HABIT_NAME, name);
    if (hint)
        kql_diag_hint(b->diags, "%s", hint);
    else
        kql_diag_suggest(b->diags, &guess);
}

/* --- tables --- */

static struct kql_expr *time_bound(struct kql_binder *b, struct kql_col *col, const char *sign, ts when)
{
    struct kql_span  none = { 0, 0 };
    struct kql_expr *c = kql_plan_col(b->arena, col, none);
    struct kql_expr *t = kql_plan_const(b->arena, kql_value_int_of(KQL_DATETIME, when), none);
    return KQL_CALL2(b, sign, c, t);
}

static struct kql_rel *bounded(struct kql_binder *b, struct kql_rel *in, str column, ts from, ts to)
{
    struct kql_field *f = kql_plan_field(in, column);
    if (!f)
        return in;
    struct kql_rel *filter = kql_bind_rel(b, KQL_REL_FILTER, in);
    filter->pred = KQL_CALL2(b, "and", time_bound(b, f->col, ">=", from), time_bound(b, f->col, "<", to));
    return filter;
}

void kql_bind_reads(struct kql_binder *b, str table)
{
    if (map_has(b->tables, table))
        return;
    map_put(b->tables, table, b);
    *vec_push_in(b->arena, &b->tables_read) = table;
}

struct kql_rel *kql_bind_base_table(struct kql_binder *b, const struct kql_table *t)
{
    struct kql_rel *rel = kql_bind_rel(b, KQL_REL_TABLE, NULL);

    rel->table = arena_str(b->arena, t->name);
    for (size_t i = 0; i < t->n_columns; i++) {
        str             name = arena_str(b->arena, t->columns[i].name);
        struct kql_col *col = kql_bind_col(b, name, t->columns[i].type, true);
        col->physical = name;
        *vec_push_in(b->arena, &rel->columns) = col;
        kql_bind_field(b, rel, col->physical, col);
    }
    kql_bind_reads(b, rel->table);
    if (b->opts->has_time)
        rel = bounded(b, rel, S("TimeGenerated"), b->opts->time_from, b->opts->time_to);
    if (b->opts->has_ingested)
        rel = bounded(b, rel, S("_IngestionTime"), b->opts->ingested_from, b->opts->ingested_to);
    return rel;
}

static void offer_table(void *guess, const struct kql_table *t)
{
    near_offer(guess, t->name);
}

static struct kql_rel *unknown_table(struct kql_binder *b, const struct kql_node *node)
{
    struct near guess = { .wanted = node->text };

    if (b->catalog->table_each)
        b->catalog->table_each(b->catalog->ctx, offer_table, &guess);
    for (const struct kql_scope *s = b->scope; s; s = s->next)
        near_offer(&guess, s->name);
    kql_bind_error(b, KQL_DIAG_UNKNOWN_TABLE, node->span, "there is no table \"" STR_FMT "\"",
                   STR_ARG(node->text));
    kql_diag_suggest(b->diags, &guess);
    return NULL;
}

static struct kql_rel *bind_in_scope(struct kql_binder *b, const struct kql_node *node,
                                     const struct kql_scope *seen)
{
    const struct kql_scope *scope = b->scope;
    struct kql_rel         *row = b->row;

    b->scope = seen;
    b->row = NULL;
    struct kql_rel *rel = kql_bind_table(b, node);
    b->scope = scope;
    b->row = row;
    return rel;
}

static struct kql_rel *bind_named_table(struct kql_binder *b, const struct kql_node *node)
{
    const struct kql_scope *s = kql_bind_scope_find(b, node->text);

    if (!kql_bind_is_readable(b, node->text, s)) {
        kql_bind_error(b, KQL_DIAG_UNKNOWN_TABLE, node->span,
                       "the query restricts its access, and \"" STR_FMT "\" is not among what it may read",
                       STR_ARG(node->text));
        return NULL;
    }
    if (s && s->lambda)
        return kql_call_table(b, s, node, NULL);
    if (s && s->node)
        return bind_in_scope(b, s->node, s->seen);
    if (s && s->rel)
        return kql_clone_rel(b, s->rel);
    if (s) {
        kql_bind_error(b, KQL_DIAG_TABULAR, node->span,
                       "\"" STR_FMT "\" is a value, and a table is needed here", STR_ARG(node->text));
        return NULL;
    }
    const struct kql_table *t =
        b->catalog->table_find ? b->catalog->table_find(b->catalog->ctx, node->text) : NULL;
    if (t)
        return kql_bind_base_table(b, t);
    if (b->catalog->function_find && b->catalog->function_find(b->catalog->ctx, node->text))
        return kql_call_saved(b, node, NULL);
    if (str_eq(node->text, S("_GetWatchlistAlias")))
        return kql_call_watchlist(b, node, STR_NONE);
    if (b->opts->open_schema)
        return kql_bind_base_table(b, &(struct kql_table) { .name = node->text });
    return unknown_table(b, node);
}

static bool is_place(const struct kql_binder *b, const struct kql_node *node)
{
    const struct kql_scope  *s = node->kind == KQL_NODE_NAME ? kql_bind_scope_find(b, node->text) : NULL;
    static const char *const PLACES[] = {
        "database", "cluster", "workspace", "app", "resource", "adx", "arg"
    };
    if (node->kind == KQL_NODE_PATH)
        return is_place(b, node->kids.p[0]);
    if (s && s->place)
        return true;
    for (size_t i = 0; node->kind == KQL_NODE_CALL && i < sizeof PLACES / sizeof PLACES[0]; i++)
        if (str_eq(node->text, str_of(PLACES[i])))
            return true;
    return false;
}

/* Names that an operator found in the open bag of its input are columns behind it too, unless it chose its
 * columns itself. */
static void inherit_guesses(struct kql_binder *b, const struct kql_rel *in, size_t n_before,
                            struct kql_rel *out)
{
    if (in == out || out->open != in->open || out->fields.n < n_before)
        return;
    for (size_t i = n_before, at = n_before; i < in->fields.n; i++) {
        struct kql_field f = in->fields.p[i];
        if (f.col->guess.n == 0 || kql_plan_field(out, f.name))
            continue;
        kql_bind_field(b, out, f.name, f.col);
        memmove(&out->fields.p[at + 1], &out->fields.p[at], (out->fields.n - 1 - at) * sizeof f);
        out->fields.p[at++] = f;
    }
}

struct kql_rel *kql_bind_operators(struct kql_binder *b, const struct kql_node *pipe, struct kql_rel *in)
{
    const struct kql_scope *scope = b->scope;

    if (pipe->kids.n > STAGES_MAX) {
        kql_bind_error(b, KQL_DIAG_LIMIT, pipe->span, "a pipeline has at most %d operators", STAGES_MAX);
        return NULL;
    }
    for (size_t i = 1; in && i < pipe->kids.n; i++) {
        const struct kql_node *op = pipe->kids.p[i];
        if (!kql_bind_grow(b, op->span)) {
            in = NULL;
        } else if (op->op->ends && (i + 1 < pipe->kids.n || b->depth != 1)) {
            kql_bind_error(b, KQL_DIAG_CONTEXT, op->span,
                           "%s gives several tables: it stands last, in a statement of the query itself",
                           op->op->name);
            in = NULL;
        } else if (in->kind == KQL_REL_GRAPH && !kql_graph_is_op(op->op)) {
            kql_bind_error(b, KQL_DIAG_TABULAR, op->span, "%s takes a table, and this is a graph",
                           op->op->name);
            kql_diag_hint(b->diags, "graph-to-table or graph-match make a table of it");
            in = NULL;
        } else if (!op->op->bind) {
            kql_bind_error(b, KQL_DIAG_UNSUPPORTED, op->span, "the operator \"%s\" is not built yet",
                           op->op->name);
            in = NULL;
        } else {
            size_t          n = in->fields.n;
            struct kql_rel *out = op->op->bind(b, op, in);
            if (out && in->open)
                inherit_guesses(b, in, n, out);
            in = out;
        }
    }
    b->scope = scope; /* what `as` named is seen in its own pipeline and lets behind it only */
    return in;
}

static struct kql_rel *bind_source(struct kql_binder *b, const struct kql_node *op)
{
    if (op->op->bind)
        return op->op->bind(b, op, NULL);
    kql_bind_error(b, KQL_DIAG_UNSUPPORTED, op->span, "the operator \"%s\" is not built yet", op->op->name);
    return NULL;
}

static struct kql_rel *bind_table(struct kql_binder *b, const struct kql_node *node)
{
    switch (node->kind) {
    case KQL_NODE_BAD:
        return NULL;
    case KQL_NODE_NAME:
        return bind_named_table(b, node);
    case KQL_NODE_OP:
        return bind_source(b, node);
    case KQL_NODE_PIPE: {
        struct kql_rel *source = kql_bind_table(b, node->kids.p[0]);
        return source ? kql_bind_operators(b, node, source) : NULL;
    }
    case KQL_NODE_PATH:
        if (is_place(b, node->kids.p[0]))
            return bind_named_table(b, node);
        break;
    case KQL_NODE_CALL:
        return kql_call_tabular(b, node);
    default:
        break;
    }
    kql_bind_error(b, KQL_DIAG_TABULAR, node->span, "a table is needed here");
    return NULL;
}

struct kql_rel *kql_bind_table(struct kql_binder *b, const struct kql_node *node)
{
    if (b->depth >= b->max_depth) {
        kql_bind_error(b, KQL_DIAG_LIMIT, node->span, "tables are nested more than %zu deep", b->max_depth);
        return NULL;
    }
    if (!kql_bind_grow(b, node->span))
        return NULL;
    b->depth++;
    struct kql_rel *rel = bind_table(b, node);
    b->depth--;
    return rel;
}

static bool call_is_tabular(struct kql_binder *b, const struct kql_node *node)
{
    static const char *const TABULAR[] = { "materialize",        "table", "_GetWatchlist",
                                           "_GetWatchlistAlias", "view",  "external_table" };

    for (size_t i = 0; i < sizeof TABULAR / sizeof TABULAR[0]; i++)
        if (str_eq(node->text, str_of(TABULAR[i])))
            return true;
    const struct kql_scope *s = kql_bind_scope_find(b, node->text);
    if (s && s->lambda)
        return kql_call_is_tabular(b, s);
    return !s && !kql_fn_find(node->text) && b->catalog->function_find &&
           b->catalog->function_find(b->catalog->ctx, node->text);
}

bool kql_bind_is_tabular(struct kql_binder *b, const struct kql_node *node)
{
    const struct kql_scope *s, *scope = b->scope;
    bool                    tabular;

    if (++b->expansion > b->max_expansion)
        return false;
    switch (node->kind) {
    case KQL_NODE_PIPE:
    case KQL_NODE_OP:
        return true;
    case KQL_NODE_PATH:
        return is_place(b, node->kids.p[0]);
    case KQL_NODE_CALL:
        return call_is_tabular(b, node);
    case KQL_NODE_NAME:
        break;
    default:
        return false;
    }
    s = kql_bind_scope_find(b, node->text);
    if (!s)
        return (b->catalog->table_find && b->catalog->table_find(b->catalog->ctx, node->text)) ||
               (b->catalog->function_find && b->catalog->function_find(b->catalog->ctx, node->text)) ||
               str_eq(node->text, S("_GetWatchlistAlias")) || b->opts->open_schema;
    if (s->lambda)
        return kql_call_is_tabular(b, s);
    if (!s->node)
        return s->rel != NULL;
    b->scope = s->seen;
    tabular = kql_bind_is_tabular(b, s->node);
    b->scope = scope;
    return tabular;
}

bool kql_bind_table_exists(struct kql_binder *b, const struct kql_node *node)
{
    if (node->kind == KQL_NODE_NAME)
        return kql_bind_scope_find(b, node->text) ||
               (b->catalog->table_find && b->catalog->table_find(b->catalog->ctx, node->text)) ||
               (b->catalog->function_find && b->catalog->function_find(b->catalog->ctx, node->text));
    if (node->kind == KQL_NODE_CALL)
        return kql_fn_find(node->text) || call_is_tabular(b, node);
    if (node->kind == KQL_NODE_PIPE)
        return kql_bind_table_exists(b, node->kids.p[0]);
    return true;
}

/* --- the query --- */

static void report_unexpected(struct kql_binder *b, const struct kql_node *statement)
{
    kql_bind_error(b, KQL_DIAG_TABULAR, statement->span, "a query ends with a table, not with a value");
    kql_diag_hint(b->diags, "write print in front of it");
}

static bool bind_statement(struct kql_binder *b, const struct kql_node *statement, kql_answers *out)
{
    if (statement->kind != KQL_NODE_BAD && !kql_bind_is_tabular(b, statement) &&
        statement->kind != KQL_NODE_NAME && statement->kind != KQL_NODE_CALL) {
        report_unexpected(b, statement);
        return false;
    }
    b->first_name = STR_NONE;
    b->render = (struct kql_render) { 0 };
    struct kql_rel *rel = kql_bind_table(b, statement);
    if (rel && rel->fields.n == 0)
        kql_bind_error(b, KQL_DIAG_TABULAR, statement->span, "the result has no columns");
    if (!rel || rel->fields.n == 0)
        return false;
    *vec_push_in(b->arena, out) = (struct kql_named_answer) { b->first_name, rel, b->render };
    for (size_t i = 0; i < b->more.n; i++)
        *vec_push_in(b->arena, out) = b->more.p[i];
    for (size_t i = 0; i < b->named.n; i++)
        kql_bind_scope_add(b, b->named.p[i]);
    b->more.n = b->named.n = 0;
    return true;
}

bool kql_bind_query(struct kql_binder *b, const struct kql_node *block, kql_answers *out)
{
    bool ok = true, any = false;

    for (size_t i = 0; i < block->kids.n; i++) {
        if (kql_call_statement(b, block->kids.p[i]))
            continue;
        any = true;
        ok = bind_statement(b, block->kids.p[i], out) && ok;
    }
    if (!any)
        kql_bind_error(b, KQL_DIAG_TABULAR, block->span, "the query has no statement that gives a table");
    return ok && any;
}
