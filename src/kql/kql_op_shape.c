/* SPDX-License-Identifier: Apache-2.0 */
/* extend, project and its kin: which columns there are, and what they are called. */
#include "base/json.h"
#include "kql/kql_build.h"
#include "kql/kql_op.h"
#include "kql/kql_parse.h"
#include "kql/kql_parts.h"

static bool parse_named(struct kql_parser *p, struct kql_node *op)
{
    return kql_parse_at_end(p) ? kql_parse_fail(p, "a column") : kql_parse_list(p, op, kql_parse_expr_named);
}

static bool parse_columns(struct kql_parser *p, struct kql_node *op)
{
    return kql_parse_at_end(p) ? kql_parse_fail(p, "a column") : kql_parse_list(p, op, kql_parse_expr_column);
}

static struct kql_node *parse_column_ordered(struct kql_parser *p)
{
    struct kql_node *column = kql_parse_expr_column(p);
    struct kql_node *n = kql_ast_new(p->arena, KQL_NODE_ORDERED, column->span, STR_NONE);

    if (column->kind == KQL_NODE_BAD)
        return column;
    kql_parse_add(p, n, column);
    if (kql_parse_take(p, "granny")) { /* x2 before x10 */
        n->text = S("granny");
        if (!kql_parse_expect(p, "-")) {
            n->kind = KQL_NODE_BAD;
            return n;
        }
    }
    if (kql_parse_take(p, "asc"))
        n->flags |= KQL_NODE_ASC;
    else if (kql_parse_take(p, "desc"))
        n->flags |= KQL_NODE_DESC;
    return n;
}

static bool parse_reorder(struct kql_parser *p, struct kql_node *op)
{
    return kql_parse_list(p, op, parse_column_ordered);
}

struct shaping {
    struct kql_binder *b;
    struct kql_rel    *project;
    bool               replace; /* extend: a name that is there is given a new meaning in its place */
    size_t             unnamed;
};

static void set_field(struct shaping *s, str name, struct kql_col *col, bool by_default)
{
    struct kql_field *there = kql_plan_field(s->project, name);

    if (there && s->replace && !by_default) {
        there->col = col;
        return;
    }
    kql_bind_field(s->b, s->project, there ? kql_bind_unused_name(s->b, s->project, name) : name, col);
}

static bool add_item(struct shaping *s, const struct kql_node *item)
{
    struct kql_binder *b = s->b;

    if (item->kind == KQL_NODE_STAR) {
        for (size_t i = 0; i < b->row->fields.n; i++)
            if (!s->replace)
                set_field(s, b->row->fields.p[i].name, b->row->fields.p[i].col, true);
        return true;
    }
    bool             named = item->kind == KQL_NODE_NAMED;
    struct kql_expr *e = kql_bind_expr(b, named ? item->kids.p[0] : item);
    if (!e)
        return false;
    kql_parts_columns several = { 0 };
    if (!kql_parts_take(b, item, e, &several))
        return false;
    bool only_named = s->replace && named && item->names.n > 1; /* extend (a, b) = … */
    for (size_t i = 0; i < several.n; i++)
        if (several.p[i].written || !only_named)
            set_field(s, several.p[i].name, kql_bind_def(b, s->project, several.p[i].name, several.p[i].expr),
                      !several.p[i].written && !s->replace);
    if (several.n > 0)
        return true;
    str  name = kql_bind_name(b, item);
    bool by_default = !named && item->kind != KQL_NODE_NAME;
    if (name.n == 0)
        name = arena_printf(b->arena, "Column%zu", ++s->unnamed);
    if (!named && s->replace && item->kind == KQL_NODE_NAME)
        return true; /* extend x: it is there */
    struct kql_field *there = s->replace ? NULL : kql_plan_field(s->project, name);
    if (there && !by_default) {
        kql_bind_error(b, KQL_DIAG_DUPLICATE_COLUMN, item->span,
                       "the column \"" STR_FMT "\" is there already", STR_ARG(name));
        return false;
    }
    set_field(s, name, kql_bind_def(b, s->project, name, e), by_default && !s->replace);
    return true;
}

static struct kql_rel *shape(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in,
                             bool replace)
{
    struct kql_rel *project = kql_bind_rel(b, KQL_REL_PROJECT, in);
    struct shaping  s = { .b = b, .project = project, .replace = replace };
    bool            ok = true;

    if (!replace) {
        project->fields = (kql_fields) { 0 };
        project->open = NULL;
    }
    b->row = in;
    b->window = &project->inputs.p[0];
    for (size_t i = 0; i < op->kids.n; i++)
        ok = add_item(&s, op->kids.p[i]) && ok;
    b->row = NULL;
    b->window = NULL;
    if (project->inputs.p[0]->serialized && !project->serialized) { /* a window function numbered the rows */
        project->serialized = true;
        project->order = project->inputs.p[0]->order;
    }
    return ok ? project : NULL;
}

static struct kql_rel *bind_extend(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    return shape(b, op, in, true);
}

static struct kql_rel *bind_project(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    return shape(b, op, in, false);
}

static bool is_named(const struct kql_node *op, str name)
{
    for (size_t i = 0; i < op->kids.n; i++)
        if (kql_op_matches(op->kids.p[i]->text, name))
            return true;
    return false;
}

/* Names without a star must be there. */
static bool all_known(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    bool ok = true;
    for (size_t i = 0; i < op->kids.n; i++) {
        const struct kql_node *kid =
            op->kids.p[i]->kind == KQL_NODE_ORDERED ? op->kids.p[i]->kids.p[0] : op->kids.p[i];
        if (kid->kind == KQL_NODE_NAME && !kql_plan_field(in, kid->text)) {
            kql_bind_unknown_column(b, in, kid->text, kid->span);
            ok = false;
        }
    }
    return ok;
}

static struct kql_rel *keep(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in, bool named)
{
    if (!all_known(b, op, in))
        return NULL;
    struct kql_rel *project = kql_bind_rel(b, KQL_REL_PROJECT, in);
    project->fields = (kql_fields) { 0 };
    for (size_t i = 0; i < in->fields.n; i++)
        if (is_named(op, in->fields.p[i].name) == named)
            kql_bind_field(b, project, in->fields.p[i].name, in->fields.p[i].col);
    return project;
}

static struct kql_rel *bind_away(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    return keep(b, op, in, false);
}

static struct kql_rel *bind_keep(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    return keep(b, op, in, true);
}

/* --- project-by-names: names and patterns that are values --- */

static bool parse_by_names(struct kql_parser *p, struct kql_node *op)
{
    return kql_parse_list(p, op, kql_parse_expr);
}

/* The columns that fit, in the order of the table; a name that none has is no error. */
static void add_fitting(struct kql_binder *b, struct kql_rel *project, const struct kql_rel *in, str pattern)
{
    for (size_t i = 0; i < in->fields.n; i++)
        if (kql_op_matches(pattern, in->fields.p[i].name) && !kql_plan_field(project, in->fields.p[i].name))
            kql_bind_field(b, project, in->fields.p[i].name, in->fields.p[i].col);
}

static struct kql_rel *bind_by_names(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    struct kql_rel *project = kql_bind_rel(b, KQL_REL_PROJECT, in);

    project->fields = (kql_fields) { 0 };
    for (size_t i = 0; i < op->kids.n; i++) {
        const struct json *names = NULL;
        struct kql_value   v;
        if (!kql_bind_expr_const(b, op->kids.p[i], KQL_UNKNOWN, &v))
            return NULL;
        if (v.type == KQL_STRING) {
            add_fitting(b, project, in, v.s);
            continue;
        }
        if (v.type != KQL_DYNAMIC || json_parse(b->arena, v.s, &names, NULL) != RC_OK ||
            names->kind != JSON_ARRAY) {
            kql_bind_error(b, KQL_DIAG_TYPE, op->kids.p[i]->span,
                           "project-by-names takes strings and dynamic arrays of strings");
            return NULL;
        }
        for (size_t j = 0; j < names->n; j++)
            if (names->items[j].kind == JSON_STRING)
                add_fitting(b, project, in, names->items[j].s);
    }
    return project;
}

static struct kql_rel *bind_rename(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    struct kql_rel *project = kql_bind_rel(b, KQL_REL_PROJECT, in);

    for (size_t i = 0; i < op->kids.n; i++) {
        const struct kql_node *kid = op->kids.p[i];
        if (kid->kind != KQL_NODE_NAMED || kid->kids.p[0]->kind != KQL_NODE_NAME || kid->names.n != 1) {
            kql_bind_error(b, KQL_DIAG_SYNTAX, kid->span, "project-rename takes new = old");
            return NULL;
        }
        str    old = kid->kids.p[0]->text;
        size_t at = 0;
        while (at < in->fields.n && !str_eq(in->fields.p[at].name, old))
            at++;
        if (at == in->fields.n) {
            kql_bind_unknown_column(b, in, old, kid->kids.p[0]->span);
            return NULL;
        }
        project->fields.p[at].name = kid->names.p[0];
    }
    for (size_t i = 0; i < project->fields.n; i++)
        for (size_t j = 0; j < i; j++)
            if (str_eq(project->fields.p[i].name, project->fields.p[j].name)) {
                kql_bind_error(b, KQL_DIAG_DUPLICATE_COLUMN, op->span,
                               "two columns would be called \"" STR_FMT "\"",
                               STR_ARG(project->fields.p[i].name));
                return NULL;
            }
    return project;
}

static str number_at(str s, size_t at)
{
    size_t end = at;

    while (end < s.n && s.p[end] >= '0' && s.p[end] <= '9')
        end++;
    while (at + 1 < end && s.p[at] == '0')
        at++;
    return str_slice(s, at, end);
}

/* Numbers within names by their value. */
static int compare_numbered(str a, str b)
{
    for (size_t i = 0, j = 0; i < a.n && j < b.n;) {
        str m = number_at(a, i), n = number_at(b, j);
        if (m.n > 0 && n.n > 0) {
            int order = m.n != n.n ? (m.n < n.n ? -1 : 1) : str_cmp(m, n);
            if (order != 0)
                return order;
            i = (size_t)(m.p - a.p) + m.n;
            j = (size_t)(n.p - b.p) + n.n;
        } else if (a.p[i] != b.p[j]) {
            break;
        } else {
            i++;
            j++;
        }
    }
    return str_cmp(a, b);
}

static void sort_fields(struct kql_field *p, size_t n, const struct kql_node *by)
{
    bool granny = str_eq(by->text, S("granny"));

    for (size_t i = 1; i < n; i++)
        for (size_t j = i; j > 0; j--) {
            struct kql_field a = p[j - 1], b = p[j];
            int              order = granny ? compare_numbered(a.name, b.name) : str_cmp(a.name, b.name);
            if (by->flags & KQL_NODE_DESC ? order >= 0 : order <= 0)
                break;
            p[j - 1] = b;
            p[j] = a;
        }
}

static struct kql_rel *bind_reorder(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    if (!all_known(b, op, in))
        return NULL;
    struct kql_rel *project = kql_bind_rel(b, KQL_REL_PROJECT, in);
    project->fields = (kql_fields) { 0 };
    for (size_t k = 0; k < op->kids.n; k++) {
        const struct kql_node *kid = op->kids.p[k]->kids.p[0];
        size_t                 from = project->fields.n;
        for (size_t i = 0; i < in->fields.n; i++)
            if (kql_op_matches(kid->text, in->fields.p[i].name) &&
                !kql_plan_field(project, in->fields.p[i].name))
                kql_bind_field(b, project, in->fields.p[i].name, in->fields.p[i].col);
        if (op->kids.p[k]->flags & (KQL_NODE_ASC | KQL_NODE_DESC))
            sort_fields(project->fields.p + from, project->fields.n - from, op->kids.p[k]);
    }
    for (size_t i = 0; i < in->fields.n; i++)
        if (!kql_plan_field(project, in->fields.p[i].name))
            kql_bind_field(b, project, in->fields.p[i].name, in->fields.p[i].col);
    return project;
}

static bool parse_getschema(struct kql_parser *p, struct kql_node *op)
{
    (void)p, (void)op;
    return true;
}

static struct kql_rel *bind_getschema(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    static const char *const SYSTEM[KQL_TYPE_COUNT_] = { [KQL_BOOL] = "System.SByte",
                                                         [KQL_INT] = "System.Int32",
                                                         [KQL_LONG] = "System.Int64",
                                                         [KQL_REAL] = "System.Double",
                                                         [KQL_DECIMAL] = "System.Data.SqlTypes.SqlDecimal",
                                                         [KQL_DATETIME] = "System.DateTime",
                                                         [KQL_TIMESPAN] = "System.TimeSpan",
                                                         [KQL_STRING] = "System.String",
                                                         [KQL_GUID] = "System.Guid",
                                                         [KQL_DYNAMIC] = "System.Object",
                                                         [KQL_UNKNOWN] = "System.Object" };
    static const struct {
        const char   *name;
        enum kql_type type;
    } COLUMNS[] = { { "ColumnName", KQL_STRING },
                    { "ColumnOrdinal", KQL_LONG },
                    { "DataType", KQL_STRING },
                    { "ColumnType", KQL_STRING } };
    struct kql_rel *values = kql_bind_rel(b, KQL_REL_VALUES, NULL);
    (void)op;

    for (size_t i = 0; i < 4; i++) {
        struct kql_col *col = kql_bind_col(b, str_of(COLUMNS[i].name), COLUMNS[i].type, false);
        *vec_push_in(b->arena, &values->columns) = col;
        kql_bind_field(b, values, str_of(COLUMNS[i].name), col);
    }
    for (size_t i = 0; i < in->fields.n; i++) {
        enum kql_type t = in->fields.p[i].col->type;
        *vec_push_in(b->arena, &values->values) = kql_value_string(in->fields.p[i].name);
        *vec_push_in(b->arena, &values->values) = kql_value_long((int64_t)i);
        *vec_push_in(b->arena, &values->values) = kql_value_string(str_of(SYSTEM[t]));
        *vec_push_in(b->arena, &values->values) = kql_value_string(kql_type_name(t));
    }
    return values;
}

#define ROWS "datatable(a:long, b:string)[1, 'x'] | "

const struct kql_op KQL_OPS_SHAPE[] = {
    { .name = "extend",
      .parse = parse_named,
      .bind = bind_extend,
      .doc = "Adds columns, or gives those of that name a new value.",
      .example = ROWS "extend c = a + 1" },
    { .name = "project",
      .parse = parse_named,
      .bind = bind_project,
      .doc = "These columns, in this order.",
      .example = ROWS "project b, c = a * 2" },
    { .name = "project-away",
      .parse = parse_columns,
      .bind = bind_away,
      .doc = "All columns but these.",
      .example = ROWS "project-away a" },
    { .name = "project-keep",
      .parse = parse_columns,
      .bind = bind_keep,
      .doc = "These columns, in the order they have.",
      .example = ROWS "project-keep b*" },
    { .name = "project-by-names",
      .parse = parse_by_names,
      .bind = bind_by_names,
      .doc = "The columns whose names or patterns of names are given as values; names that no column has are "
             "passed over.",
      .example = ROWS "project-by-names 'b', dynamic(['a*'])" },
    { .name = "project-rename",
      .parse = parse_named,
      .bind = bind_rename,
      .doc = "Gives columns other names.",
      .example = ROWS "project-rename c = a" },
    { .name = "project-reorder",
      .parse = parse_reorder,
      .bind = bind_reorder,
      .doc = "These columns first, then the others.",
      .example = ROWS "project-reorder b" },
    { .name = "getschema",
      .parse = parse_getschema,
      .bind = bind_getschema,
      .doc = "The columns and their types, a row each.",
      .example = ROWS "getschema" },
    { 0 },
};
