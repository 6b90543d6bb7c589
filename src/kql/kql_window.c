/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_window.h"

#include "kql/kql_build.h"
#include "kql/kql_convert.h"
#include "kql/kql_op_scan.h"

static struct kql_rel *window_over(struct kql_binder *b, struct kql_rel *in)
{
    struct kql_rel *rel = kql_bind_rel(b, KQL_REL_WINDOW, in);
    for (size_t i = 0; i < in->part.n && i < 1; i++)
        *vec_push_in(b->arena, &rel->by) = in->part.p[i];
    return rel;
}

struct call {
    const char       *name;
    enum kql_type     type;
    struct kql_expr **args;
    size_t            n;
};

static struct kql_col *add(struct kql_binder *b, struct kql_rel *rel, str name, struct call call)
{
    const struct kql_fn *fn = kql_fn_find(str_of(call.name));
    struct kql_expr     *e = kql_build_raw(b, fn, call.type, (struct kql_span) { 0, 0 }, call.args, call.n);

    e->kind = KQL_EXPR_WINDOW;
    struct kql_col *col = kql_bind_col(b, name, call.type, e->nullable);
    *vec_push_in(b->arena, &rel->defs) = (struct kql_def) { col, e };
    return col;
}

struct kql_rel *kql_window_serialize(struct kql_binder *b, struct kql_rel *in)
{
    if (in->serialized)
        return in;
    struct kql_rel *rel = window_over(b, in);
    struct kql_col *rn = add(b, rel, S("rn"), (struct call) { "·row", KQL_LONG, NULL, 0 });

    memset(&rel->order, 0, sizeof rel->order);
    if (in->part.n > 0)
        *vec_push_in(b->arena, &rel->order) = (struct kql_order) { .col = in->part.p[0] };
    *vec_push_in(b->arena, &rel->order) = (struct kql_order) { .col = rn };
    rel->serialized = true;
    return rel;
}

struct kql_rel *kql_window_row_id(struct kql_binder *b, struct kql_rel *in, struct kql_col **id)
{
    struct kql_rel *rel = kql_bind_rel(b, KQL_REL_WINDOW, in);
    *id = add(b, rel, S("row"), (struct call) { "·row", KQL_LONG, NULL, 0 });
    return rel;
}

/* The last argument of row_number() and row_cumsum(): where it is true, counting starts anew. Rows between
 * two starts share a number, by which the window is parted. */
static struct kql_col *segment(struct kql_binder *b, struct kql_expr *restart)
{
    struct kql_rel *rel = window_over(b, *b->window);
    struct kql_col *col = add(b, rel, S("segment"), (struct call) { "·segment", KQL_LONG, &restart, 1 });
    *b->window = rel;
    return col;
}

static bool is_false(const struct kql_expr *e)
{
    return e->kind == KQL_EXPR_CONST && e->type == KQL_BOOL && !e->value.null && e->value.i == 0;
}

static char letter_at(const char *signature, size_t i)
{
    for (; *signature; signature++)
        if (*signature != '?' && i-- == 0)
            return *signature;
    return 0;
}

static struct kql_expr *stage(struct kql_binder *b, struct kql_col *part, struct call call)
{
    struct kql_rel *rel = window_over(b, *b->window);

    if (part)
        *vec_push_in(b->arena, &rel->by) = part;
    *b->window = rel;
    struct kql_col *col = add(b, rel, str_of(call.name), call);
    return kql_plan_col(b->arena, col, (struct kql_span) { 0, 0 });
}

/* Rows that agree in a value with the row before them are of one rank: what the rank functions rank is the
 * number of changes so far; row_rank_min then wants the number of the row that each change began with. */
static struct kql_expr *rank_key(struct kql_binder *b, const struct kql_fn *fn, struct kql_expr *value,
                                 struct kql_col **part)
{
    struct kql_expr *before = stage(b, *part, (struct call) { "prev", value->type, &value, 1 });
    struct kql_expr *changed = KQL_CALL2(b, "!=", value, before);
    if (!changed)
        return NULL;
    struct kql_col *run = segment(b, changed);
    if (strcmp(fn->name, "row_rank_dense") == 0)
        return kql_plan_col(b->arena, run, value->span);
    struct kql_expr *number = stage(b, *part, (struct call) { "·row", KQL_LONG, NULL, 0 });
    struct kql_rel  *rel = window_over(b, *b->window);
    if (*part)
        *vec_push_in(b->arena, &rel->by) = *part;
    *vec_push_in(b->arena, &rel->by) = run;
    *b->window = rel;
    struct kql_col *first = add(b, rel, S("first"), (struct call) { "·first", KQL_LONG, &number, 1 });
    return kql_plan_col(b->arena, first, value->span);
}

struct kql_expr *kql_window_bind(struct kql_binder *b, const struct kql_fn *fn, struct kql_span span,
                                 struct kql_expr **args, size_t n)
{
    struct kql_col *part = NULL;

    if (!b->window) {
        kql_bind_error(b, KQL_DIAG_CONTEXT, span, "%s() looks at other rows, and none are in order here",
                       fn->name);
        kql_diag_hint(b->diags, "use it in extend or project behind sort or serialize");
        return NULL;
    }
    if (!kql_convert_arguments(b, fn->name, fn->args, span, args, n))
        return NULL;
    *b->window = kql_window_serialize(b, *b->window);
    if (n > 0 && letter_at(fn->args, n - 1) == 'b') { /* the restart argument */
        if (!is_false(args[n - 1]))
            part = segment(b, args[n - 1]);
        n--;
    }
    if (strcmp(fn->name, "row_window_session") == 0)
        return kql_op_scan_session(b, span, args, part);
    if (strncmp(fn->name, "row_rank", 8) == 0 && !(args[0] = rank_key(b, fn, args[0], &part)))
        return NULL;
    enum kql_type type = fn->result;
    if (fn->type) {
        struct kql_expr probe = { .args = args, .n_args = n };
        type = fn->type(&probe);
    }
    struct kql_expr *e = stage(b, part, (struct call) { fn->name, type, args, n });
    e->span = span;
    return e;
}
