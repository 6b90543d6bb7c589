/* SPDX-License-Identifier: Apache-2.0 */
/* scan and row_window_session: rows in order against steps with a memory. How it becomes SQL stands in
 * kql_scan.h. */
#include "kql/kql_op_scan.h"
#include "kql/kql_build.h"
#include "kql/kql_convert.h"
#include "kql/kql_emit.h"
#include "kql/kql_op.h"
#include "kql/kql_parse.h"
#include "kql/kql_scan.h"
#include "kql/kql_window.h"

/* --- how it is written --- */

static struct kql_node *parse_assignment(struct kql_parser *p)
{
    struct kql_node *n = kql_parse_new(p, KQL_NODE_NAMED);
    str              name;

    if (!kql_parse_name(p, &name) || !kql_parse_expect(p, "=")) {
        n->kind = KQL_NODE_BAD;
        return n;
    }
    *vec_push_in(p->arena, &n->names) = name;
    struct kql_node *value = kql_parse_expr(p);
    kql_parse_add(p, n, value);
    if (value->kind == KQL_NODE_BAD)
        n->kind = KQL_NODE_BAD;
    return n;
}

/* step name [output=all|last|none] : condition [=> column = value, …]; as a CLAUSE of condition and
 * assignments under the step's name. */
static bool parse_step(struct kql_parser *p, struct kql_node *op)
{
    static const char *const OPTIONS[] = { "output", NULL };
    struct kql_node         *step = kql_parse_new(p, KQL_NODE_CLAUSE);

    if (!kql_parse_expect(p, "step") || !kql_parse_name(p, &step->text))
        return false;
    kql_parse_take(p, "optional");
    kql_parse_options(p, step, OPTIONS);
    if (!kql_parse_expect(p, ":"))
        return false;
    struct kql_node *condition = kql_parse_expr(p);
    kql_parse_add(p, step, condition);
    if (condition->kind == KQL_NODE_BAD)
        return false;
    if (kql_parse_take(p, "=>") && !kql_parse_list(p, step, parse_assignment))
        return false;
    kql_parse_add(p, op, step);
    return kql_parse_is(p, ")") || kql_parse_expect(p, ";");
}

/* kids[0] is the CLAUSE of declared columns; the steps follow. */
/* order by key, …  partition by key, … */
static bool parse_arrangement(struct kql_parser *p, struct kql_node *op, const char *word,
                              kql_parse_item *item)
{
    if (!kql_parse_take(p, word))
        return true;
    struct kql_node *clause = kql_parse_new(p, KQL_NODE_OPTION), *list = kql_parse_new(p, KQL_NODE_LIST);
    clause->text = str_of(word);
    kql_parse_add(p, clause, list);
    *vec_push_in(p->arena, &op->options) = clause;
    return kql_parse_expect(p, "by") && kql_parse_list(p, list, item);
}

static bool parse_scan(struct kql_parser *p, struct kql_node *op)
{
    static const char *const OPTIONS[] = { "kind", "with_match_id", "hint.*", NULL };
    struct kql_node         *declared = kql_parse_new(p, KQL_NODE_CLAUSE);

    kql_parse_options(p, op, OPTIONS);
    if (!parse_arrangement(p, op, "order", kql_parse_expr_ordered) ||
        !parse_arrangement(p, op, "partition", kql_parse_expr))
        return false;
    if (kql_parse_take(p, "declare") && !(declared = kql_parse_schema(p)))
        return false;
    kql_parse_add(p, op, declared);
    if (!kql_parse_expect(p, "with") || !kql_parse_expect(p, "("))
        return false;
    while (!kql_parse_take(p, ")"))
        if (!parse_step(p, op))
            return false;
    return op->kids.n > 1 || kql_parse_fail(p, "a step");
}

/* --- what it means --- */

struct scanning {
    struct kql_binder     *b;
    const struct kql_node *op;
    struct kql_span        span;
    struct kql_rel        *in; /* numbered in its order */
    struct kql_scan       *scan;
    struct kql_rel        *row; /* what a bare name sees: the row at hand, and declared columns' defaults */
    struct kql_named_row   states[KQL_SCAN_STEPS];
    VEC(struct kql_expr *) args;
};

static const struct kql_node *step_node(const struct scanning *x, size_t i)
{
    return x->op->kids.p[i + 1];
}

static struct kql_col *raw_col(struct kql_binder *b, str sql, enum kql_type type, struct kql_col *of)
{
    struct kql_col *col = ARENA_NEW(b->arena, struct kql_col);

    *col = (struct kql_col) { .sql = sql, .type = type, .raw = true, .of = of };
    col->nullable = !kql_type_is_text(type);
    return col;
}

/* Kusto keeps the words of scan for itself: no declared column is called so. */
static bool is_word(str name)
{
    static const char *const WORDS[] = { "step", "output", "all", "last", "none" };

    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++)
        if (str_eq(name, str_of(WORDS[i])))
            return true;
    return false;
}

static bool declare(struct scanning *x)
{
    struct kql_binder     *b = x->b;
    const struct kql_node *list = x->op->kids.p[0];
    size_t                 n = list->kids.n;
    enum kql_type         *types = ARENA_ARRAY(b->arena, enum kql_type, n + 1);
    struct kql_value      *defaults = ARENA_ARRAY(b->arena, struct kql_value, n + 1);

    for (size_t i = 0; i < n; i++) {
        const struct kql_node *param = list->kids.p[i];
        types[i] = param->value.type;
        defaults[i] = kql_value_null(types[i]);
        if (is_word(param->text)) {
            kql_bind_error(b, KQL_DIAG_SYNTAX, param->span, "\"" STR_FMT "\" is a word of scan itself",
                           STR_ARG(param->text));
            return false;
        }
        if (kql_plan_field(x->in, param->text)) {
            kql_bind_error(b, KQL_DIAG_DUPLICATE_COLUMN, param->span,
                           "scan declares \"" STR_FMT "\", and the table has such a column",
                           STR_ARG(param->text));
            return false;
        }
        if (param->kids.n == 0)
            continue;
        struct kql_expr *e = kql_bind_expr_in(b, param->kids.p[0], NULL);
        if (!e || !(e = kql_convert_cast(b, e, types[i])))
            return false;
        if (e->kind != KQL_EXPR_CONST) {
            kql_bind_error(b, KQL_DIAG_CONSTANT, param->span,
                           "the default of a declared column is a constant");
            return false;
        }
        defaults[i] = e->value;
    }
    x->scan->n_declared = n;
    x->scan->declared = types;
    x->scan->defaults = defaults;
    return true;
}

/* What a bare name means in conditions and assignments. */
static void make_row(struct scanning *x)
{
    struct kql_binder     *b = x->b;
    const struct kql_node *declared = x->op->kids.p[0];
    enum kql_type         *types = ARENA_ARRAY(b->arena, enum kql_type, x->in->fields.n + 1);

    x->row = kql_bind_rel(b, KQL_REL_ONE, NULL);
    for (size_t i = 0; i < x->in->fields.n; i++) {
        struct kql_field *f = &x->in->fields.p[i];
        types[i] = f->col->type == KQL_UNKNOWN ? KQL_DYNAMIC : f->col->type;
        kql_bind_field(b, x->row, f->name, raw_col(b, kql_scan_field_sql(b->arena, i), types[i], f->col));
    }
    for (size_t i = 0; i < declared->kids.n; i++) {
        AUTO_STRBUF sql = STRBUF_INIT(1 << 20);
        strbuf_addz(&sql, "CAST(");
        kql_value_sql(&sql, &x->scan->defaults[i]);
        strbuf_addf(&sql, " AS " STR_FMT ")", STR_ARG(kql_type_sql(x->scan->declared[i])));
        kql_bind_field(b, x->row, declared->kids.p[i]->text,
                       raw_col(b, arena_str(b->arena, strbuf_view(&sql)), x->scan->declared[i], NULL));
    }
    x->scan->n_fields = x->in->fields.n;
    x->scan->fields = types;
}

/* Marks the fields that an expression asks of a step by name.field. */
static void note_kept(const struct scanning *x, const struct kql_node *n, str step, bool *kept)
{
    if (n->kind == KQL_NODE_PATH && n->kids.p[0]->kind == KQL_NODE_NAME && str_eq(n->kids.p[0]->text, step)) {
        const struct kql_field *f = kql_plan_field(x->in, n->text);
        if (f)
            kept[f - x->in->fields.p] = true;
    }
    for (size_t i = 0; i < n->kids.n; i++)
        if (n->kids.p[i])
            note_kept(x, n->kids.p[i], step, kept);
}

static void find_kept(struct scanning *x, size_t step)
{
    struct kql_scan_step *s = &x->scan->steps[step];
    bool                 *kept = ARENA_ARRAY(x->b->arena, bool, x->in->fields.n + 1);
    size_t               *places = ARENA_ARRAY(x->b->arena, size_t, x->in->fields.n + 1);

    for (size_t i = 0; i < x->scan->n_steps; i++)
        note_kept(x, step_node(x, i), step_node(x, step)->text, kept);
    for (size_t i = 0; i < x->in->fields.n; i++)
        if (kept[i])
            places[s->n_kept++] = i;
    s->kept = places;
}

/* What step.column means where the state is that of step `state`: steps behind it have nothing yet. */
static void see_state(struct scanning *x, size_t state)
{
    struct kql_binder     *b = x->b;
    const struct kql_node *declared = x->op->kids.p[0];

    for (size_t i = 0; i < x->scan->n_steps; i++) {
        struct kql_scan_step *s = &x->scan->steps[i];
        struct kql_rel       *row = kql_bind_rel(b, KQL_REL_ONE, NULL);
        bool                  there = i <= state;
        for (size_t d = 0; d < declared->kids.n; d++) {
            enum kql_type   type = x->scan->declared[d];
            struct kql_col *unset = kql_plan_field(x->row, declared->kids.p[d]->text)->col;
            str             sql = there ? kql_scan_state_sql(b->arena, state, i, d) : unset->sql;
            kql_bind_field(b, row, declared->kids.p[d]->text, raw_col(b, sql, type, NULL));
        }
        for (size_t k = 0; k < s->n_kept; k++) {
            struct kql_field *f = &x->in->fields.p[s->kept[k]];
            enum kql_type     type = x->scan->fields[s->kept[k]];
            str               sql = there ? kql_scan_state_sql(b->arena, state, i, x->scan->n_declared + k)
                                          : kql_type_null_sql(type);
            kql_bind_field(b, row, f->name, raw_col(b, sql, type, f->col));
        }
        x->states[i] =
            (struct kql_named_row) { step_node(x, i)->text, row, i > 0 ? &x->states[i - 1] : b->rows };
    }
}

static size_t push(struct scanning *x, struct kql_expr *e)
{
    *vec_push_in(x->b->arena, &x->args) = e;
    return x->args.n - 1;
}

static bool bind_assignments(struct scanning *x, const struct kql_node *step, size_t *first)
{
    struct kql_binder     *b = x->b;
    const struct kql_node *declared = x->op->kids.p[0];

    *first = x->args.n;
    for (size_t d = 0; d < declared->kids.n; d++) {
        struct kql_expr *e = NULL;
        for (size_t i = 1; i < step->kids.n; i++) {
            if (!str_eq(step->kids.p[i]->names.p[0], declared->kids.p[d]->text))
                continue;
            e = kql_bind_expr(b, step->kids.p[i]->kids.p[0]);
            if (!e || !(e = kql_convert_cast(b, e, x->scan->declared[d])))
                return false;
        }
        push(x, e ? e : kql_plan_const(b->arena, x->scan->defaults[d], step->span));
    }
    return true;
}

static bool bind_step(struct scanning *x, size_t i, enum kql_scan_check check)
{
    struct kql_binder          *b = x->b;
    const struct kql_named_row *rows = b->rows;
    struct kql_scan_step       *s = &x->scan->steps[i];

    see_state(x, check == KQL_SCAN_PROMOTE ? i - 1 : i);
    b->row = x->row;
    b->rows = &x->states[x->scan->n_steps - 1];
    struct kql_expr *condition = kql_bind_expr_condition(b, step_node(x, i)->kids.p[0]);
    bool             ok = condition != NULL;
    if (ok) {
        s->condition[check] = push(x, condition);
        ok = bind_assignments(x, step_node(x, i), &s->assigned[check]);
    }
    b->row = NULL;
    b->rows = rows;
    return ok;
}

static bool read_step(struct scanning *x, size_t i)
{
    struct kql_binder       *b = x->b;
    const struct kql_node   *step = step_node(x, i), *output = kql_ast_option(step, "output");
    static const char *const OUTPUTS[] = { "all", "last", "none" };

    for (size_t k = 0; output && k < 3; k++)
        if (str_eq(output->text, str_of(OUTPUTS[k]))) {
            x->scan->steps[i].output = (enum kql_scan_output)k;
            output = NULL;
        }
    if (output) {
        kql_bind_error(b, KQL_DIAG_SYNTAX, output->span, "the output of a step is all, last or none");
        return false;
    }
    for (size_t k = 0; k < i; k++)
        if (str_eq(step_node(x, k)->text, step->text)) {
            kql_bind_error(b, KQL_DIAG_SYNTAX, step->span, "two steps are called \"" STR_FMT "\"",
                           STR_ARG(step->text));
            return false;
        }
    for (size_t k = 1; k < step->kids.n; k++) {
        bool declared = false;
        for (size_t d = 0; d < x->op->kids.p[0]->kids.n; d++)
            declared = declared || str_eq(x->op->kids.p[0]->kids.p[d]->text, step->kids.p[k]->names.p[0]);
        if (!declared) {
            kql_bind_error(b, KQL_DIAG_UNKNOWN_COLUMN, step->kids.p[k]->span,
                           "a step gives values to declared columns only");
            kql_diag_hint(b->diags, "name it in declare (…)");
            return false;
        }
    }
    return true;
}

/* The matches of each part as one array, and a row for each of them. */
static struct kql_rel *gather(struct scanning *x, const kql_cols *carried)
{
    struct kql_binder *b = x->b;
    struct kql_rel    *sum = kql_bind_rel(b, KQL_REL_SUMMARIZE, x->in);
    struct kql_expr   *call = kql_plan_expr(b->arena, KQL_EXPR_AGG, KQL_UNKNOWN, x->span);

    call->number = (int)x->args.n;
    for (size_t i = 0; i < carried->n; i++)
        push(x, kql_plan_col(b->arena, carried->p[i], x->span));
    call->agg = &KQL_SCAN_AGG;
    call->args = x->args.p;
    call->n_args = x->args.n;
    call->data = x->scan;
    struct kql_col *matches = kql_bind_col(b, S("matches"), KQL_DYNAMIC, false);
    *vec_push_in(b->arena, &sum->defs) = (struct kql_def) { matches, call };
    for (size_t i = 0; i < x->in->part.n; i++)
        *vec_push_in(b->arena, &sum->keys) =
            (struct kql_def) { x->in->part.p[i], kql_plan_col(b->arena, x->in->part.p[i], x->span) };
    sum->fields = (kql_fields) { 0 };
    sum->order = (kql_orders) { 0 };
    struct kql_rel  *expand = kql_bind_rel(b, KQL_REL_EXPAND, sum);
    struct kql_expr *array = kql_plan_col(b->arena, matches, x->span);
    struct kql_col  *match = kql_bind_col(b, S("match"), KQL_DYNAMIC, false),
                   *place = kql_bind_col(b, S("place"), KQL_LONG, false);
    *vec_push_in(b->arena, &expand->defs) = (struct kql_def) { match, array };
    *vec_push_in(b->arena, &expand->defs) =
        (struct kql_def) { place, kql_build_raw(b, kql_fn_find(S("·places")), KQL_LONG, x->span, &array, 1) };
    for (size_t i = 0; i < x->in->part.n && i < 1; i++)
        *vec_push_in(b->arena, &expand->order) = (struct kql_order) { .col = x->in->part.p[i] };
    *vec_push_in(b->arena, &expand->order) = (struct kql_order) { .col = place };
    expand->serialized = true;
    return expand;
}

/* $1.2 or $1.2.3 of a tuple. An argument behind is not written: asking for the element asks for the column
 * that it comes from. */
static void emit_element(struct kql_emit *e, const struct kql_expr *call)
{
    char text[60];

    kql_emit_expr(e, call->args[0]);
    snprintf(text, sizeof text, call->n_args > 2 ? ".%d.%d" : ".%d", (int)call->args[1]->value.i,
             call->n_args > 2 ? (int)call->args[2]->value.i : 0);
    kql_emit_addz(e, text);
}

static const struct kql_fn ELEMENT = { .name = "element", .hidden = true, .emit = emit_element };

/* Element `place` of a match, or element `field` of that; `from` is the input's column that it comes from. */
static struct kql_expr *element_of(struct scanning *x, struct kql_col *match, size_t place, size_t field,
                                   struct kql_col *from)
{
    struct kql_binder *b = x->b;
    enum kql_type      type = from->type == KQL_UNKNOWN ? KQL_DYNAMIC : from->type;
    struct kql_expr   *args[4] = { kql_plan_col(b->arena, match, x->span),
                                   kql_plan_const(b->arena, kql_value_long((int64_t)place), x->span) };
    size_t             n = 2;

    if (field > 0) {
        args[n++] = kql_plan_const(b->arena, kql_value_long((int64_t)field), x->span);
        args[n++] = kql_plan_col(b->arena, from, x->span);
    }
    struct kql_expr *e = kql_build_raw(b, &ELEMENT, type, x->span, args, n);
    e->nullable = !kql_type_is_text(type);
    return e;
}

static void add_element(struct scanning *x, struct kql_rel *out, str name, struct kql_expr *e)
{
    kql_bind_field(x->b, out, kql_bind_unused_name(x->b, out, name), kql_bind_def(x->b, out, name, e));
}

static struct kql_rel *name_columns(struct scanning *x, struct kql_rel *matches)
{
    struct kql_binder     *b = x->b;
    const struct kql_node *declared = x->op->kids.p[0], *id = kql_ast_option(x->op, "with_match_id");
    struct kql_rel        *out = kql_bind_rel(b, KQL_REL_PROJECT, matches);
    struct kql_col        *match = matches->defs.p[0].col;

    for (size_t i = 0; i < x->in->fields.n; i++) {
        struct kql_field *f = &x->in->fields.p[i];
        add_element(x, out, f->name,
                    element_of(x, match, kql_scan_match_row(x->scan), kql_scan_row_field(i), f->col));
    }
    for (size_t i = 0; i < declared->kids.n; i++) {
        struct kql_col of = { .type = x->scan->declared[i] };
        add_element(x, out, declared->kids.p[i]->text,
                    element_of(x, match, kql_scan_match_declared(i), 0, &of));
    }
    if (id)
        add_element(x, out, id->text,
                    element_of(x, match, kql_scan_match_id(), 0, &(struct kql_col) { .type = KQL_LONG }));
    return out;
}

/* The rows in the order of `order by`, the keys of `partition by` as their part. */
static struct kql_rel *arranged(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    const struct kql_node *order = kql_ast_option(op, "order"), *keys = kql_ast_option(op, "partition");
    const struct kql_op   *sort = kql_op_find(S("sort"));

    if (order && !(in = sort->bind(b, order, in)))
        return NULL;
    if (!keys)
        return in;
    struct kql_rel *parted = kql_bind_rel(b, KQL_REL_PROJECT, in);
    for (size_t i = 0; i < keys->kids.n; i++) {
        struct kql_expr *key = kql_bind_expr_in(b, keys->kids.p[i], in);
        if (!key)
            return NULL;
        *vec_push_in(b->arena, &parted->part) = kql_bind_def(b, parted, S("part"), key);
    }
    return parted;
}

static struct kql_rel *scan_rows(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    struct scanning x = { .b = b, .op = op, .span = op->span, .in = kql_window_serialize(b, in) };
    kql_cols        carried = { 0 };
    size_t          n = op->kids.n - 1;

    if (n > KQL_SCAN_STEPS) {
        kql_bind_error(b, KQL_DIAG_LIMIT, op->span, "scan has at most %d steps", KQL_SCAN_STEPS);
        return NULL;
    }
    x.scan = ARENA_NEW(b->arena, struct kql_scan);
    x.scan->n_steps = n;
    if (!declare(&x))
        return NULL;
    make_row(&x);
    push(&x, kql_plan_col(b->arena, vec_last(&x.in->order).col, op->span));
    for (size_t i = 0; i < n; i++) {
        if (!read_step(&x, i))
            return NULL;
        find_kept(&x, i);
    }
    for (size_t i = n; i-- > 0;)
        if ((i > 0 && !bind_step(&x, i, KQL_SCAN_PROMOTE)) || !bind_step(&x, i, KQL_SCAN_REPEAT))
            return NULL;
    for (size_t i = 0; i < x.in->fields.n; i++)
        *vec_push_in(b->arena, &carried) = x.in->fields.p[i].col;
    return name_columns(&x, gather(&x, &carried));
}

static struct kql_rel *bind_scan(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    struct kql_rel *rows = arranged(b, op, in), *out = rows ? scan_rows(b, op, rows) : NULL;

    if (out)
        out->part = in->part;
    return out;
}

/* --- row_window_session --- */

static bool holds(const kql_cols *cols, const struct kql_col *col)
{
    for (size_t i = 0; i < cols->n; i++)
        if (cols->p[i] == col)
            return true;
    return false;
}

static void add_once(struct scanning *x, kql_cols *cols, struct kql_col *col)
{
    if (!holds(&x->in->part, col) && !holds(cols, col))
        *vec_push_in(x->b->arena, cols) = col;
}

/* All columns that expressions bound so far may name: the fields, and what stages of functions like this one
 * have put below. */
static void find_columns(struct scanning *x, kql_cols *out)
{
    for (size_t i = 0; i < x->in->order.n; i++)
        add_once(x, out, x->in->order.p[i].col);
    for (size_t i = 0; i < x->in->fields.n; i++)
        add_once(x, out, x->in->fields.p[i].col);
    for (const struct kql_rel *rel = x->in;
         rel && (rel->kind == KQL_REL_WINDOW || rel->kind == KQL_REL_PROJECT || rel->kind == KQL_REL_FILTER);
         rel = rel->inputs.p[0])
        for (size_t i = 0; i < rel->defs.n; i++)
            add_once(x, out, rel->defs.p[i].col);
}

/* iff(isnull(value), null, iff(isnull(start) or value - start >= first or value - before >= between, value,
 * start)) */
static struct kql_expr *session_start(struct scanning *x, struct kql_expr *const *raw, struct kql_expr *first,
                                      struct kql_expr *between)
{
    struct kql_binder *b = x->b;
    struct kql_expr   *value = raw[0], *start = raw[1], *before = raw[2];
    struct kql_expr   *age = KQL_CALL2(b, "-", value, start), *gap = KQL_CALL2(b, "-", value, before), *old,
                    *far;

    if (!age || !gap || !(old = KQL_CALL2(b, ">=", age, first)) || !(far = KQL_CALL2(b, ">=", gap, between)))
        return NULL;
    struct kql_expr *opens = KQL_CALL2(b, "or", KQL_CALL1(b, "isnull", start), KQL_CALL2(b, "or", old, far));
    struct kql_expr *none = kql_plan_const(b->arena, kql_value_null(value->type), x->span);
    return KQL_CALL3(b, "iff", KQL_CALL1(b, "isnull", value), none, KQL_CALL3(b, "iff", opens, value, start));
}

static struct kql_expr *raw_expr(struct scanning *x, str sql, struct kql_col *of)
{
    return kql_plan_col(x->b->arena, raw_col(x->b, sql, of->type, of), x->span);
}

/* One step that takes every row: its memory is the start of the session and the value of the row before. */
static bool describe_session(struct scanning *x, const kql_cols *carried, struct kql_col *value,
                             struct kql_expr *const *args)
{
    struct kql_binder    *b = x->b;
    struct kql_scan_step *step = &x->scan->steps[0];
    enum kql_type        *fields = ARENA_ARRAY(b->arena, enum kql_type, carried->n + 1);
    enum kql_type        *declared = ARENA_ARRAY(b->arena, enum kql_type, 1);
    struct kql_value     *none = ARENA_NEW(b->arena, struct kql_value);
    size_t               *kept = ARENA_NEW(b->arena, size_t);

    for (size_t i = 0; i < carried->n; i++) {
        fields[i] = carried->p[i]->type == KQL_UNKNOWN ? KQL_DYNAMIC : carried->p[i]->type;
        if (carried->p[i] == value)
            *kept = i;
    }
    *declared = value->type;
    *none = kql_value_null(value->type);
    *x->scan = (struct kql_scan) { .n_steps = 1,
                                   .n_declared = 1,
                                   .n_fields = carried->n,
                                   .declared = declared,
                                   .defaults = none,
                                   .fields = fields };
    step->kept = kept;
    step->n_kept = 1;
    struct kql_expr *raw[] = { raw_expr(x, kql_scan_field_sql(b->arena, *kept), value),
                               raw_expr(x, kql_scan_state_sql(b->arena, 0, 0, 0), value),
                               raw_expr(x, kql_scan_state_sql(b->arena, 0, 0, 1), value) };
    struct kql_expr *start = session_start(x, raw, args[1], args[2]);
    if (!start)
        return false;
    push(x, kql_plan_col(b->arena, vec_last(&x->in->order).col, x->span));
    step->condition[KQL_SCAN_REPEAT] =
        push(x, kql_plan_const(b->arena, kql_value_int_of(KQL_BOOL, 1), x->span));
    step->assigned[KQL_SCAN_REPEAT] = push(x, start);
    return true;
}

struct kql_expr *kql_op_scan_session(struct kql_binder *b, struct kql_span span, struct kql_expr **args,
                                     struct kql_col *restart)
{
    struct scanning x = { .b = b, .span = span };
    kql_cols        carried = { 0 };

    if (args[1]->kind != KQL_EXPR_CONST || args[2]->kind != KQL_EXPR_CONST) {
        kql_bind_error(b, KQL_DIAG_CONSTANT, span, "the distances of row_window_session() are constants");
        return NULL;
    }
    x.in = kql_bind_rel(b, KQL_REL_PROJECT, *b->window);
    x.scan = ARENA_NEW(b->arena, struct kql_scan);
    struct kql_col *value = kql_bind_def(b, x.in, S("value"), args[0]);
    if (restart)
        *vec_push_in(b->arena, &x.in->part) = restart;
    find_columns(&x, &carried);
    add_once(&x, &carried, value);
    if (!describe_session(&x, &carried, value, args))
        return NULL;
    struct kql_rel *matches = gather(&x, &carried), *out = kql_bind_rel(b, KQL_REL_PROJECT, *b->window);
    out->inputs.p[0] = matches;
    for (size_t i = 0; i < carried.n; i++) { /* each column again, as it was */
        struct kql_expr *e = element_of(&x, matches->defs.p[0].col, kql_scan_match_row(x.scan),
                                        kql_scan_row_field(i), carried.p[i]);
        *vec_push_in(b->arena, &out->defs) = (struct kql_def) { carried.p[i], e };
    }
    struct kql_expr *e = element_of(&x, matches->defs.p[0].col, kql_scan_match_declared(0), 0, value);
    struct kql_col  *start = kql_bind_def(b, out, S("session"), e);
    *b->window = out;
    return kql_plan_col(b->arena, start, span);
}

#define ROWS "range x from 1 to 3 step 1 | "

const struct kql_op KQL_OPS_SCAN[] = {
    { .name = "scan",
      .parse = parse_scan,
      .bind = bind_scan,
      .doc = "Rows in order that match steps, each of which sees what the steps before it matched.",
      .example = ROWS "scan declare (sum:long = 0) with (step s: true => sum = x + s.sum;)" },
    { 0 },
};
