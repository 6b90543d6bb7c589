/* SPDX-License-Identifier: Apache-2.0 */
/* Tables out of nothing: print, datatable, range, externaldata. */
#include "kql/kql_build.h"
#include "kql/kql_convert.h"
#include "kql/kql_external.h"
#include "kql/kql_op.h"
#include "kql/kql_parse.h"
#include "kql/kql_parts.h"

/* --- print --- */

static bool parse_print(struct kql_parser *p, struct kql_node *op)
{
    return kql_parse_list(p, op, kql_parse_expr_named);
}

static void add_printed(struct kql_binder *b, struct kql_rel *project, str name, struct kql_expr *e)
{
    kql_bind_field(b, project, kql_bind_unused_name(b, project, name), kql_bind_def(b, project, name, e));
}

static struct kql_rel *bind_print(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    struct kql_rel *project = kql_bind_rel(b, KQL_REL_PROJECT, kql_bind_rel(b, KQL_REL_ONE, NULL));
    struct kql_rel *row = b->row;
    bool            ok = true;
    (void)in;

    b->row = kql_bind_rel(b, KQL_REL_ONE, NULL);
    b->window = &project->inputs.p[0];
    for (size_t i = 0; i < op->kids.n; i++) {
        const struct kql_node *kid = op->kids.p[i];
        struct kql_expr       *e = kql_bind_expr(b, kid->kind == KQL_NODE_NAMED ? kid->kids.p[0] : kid);
        str name = kid->kind == KQL_NODE_NAMED ? kid->names.p[0] : arena_printf(b->arena, "print_%zu", i);
        kql_parts_columns several = { 0 };
        ok = e && kql_parts_take(b, kid, e, &several) && ok;
        for (size_t j = 0; j < several.n; j++)
            add_printed(b, project, several.p[j].name, several.p[j].expr);
        if (e && several.n == 0)
            add_printed(b, project, name, e);
    }
    b->window = NULL;
    b->row = row;
    return ok ? project : NULL;
}

/* --- datatable --- */

/* The least long, which as an expression would be the negative of a number that does not fit. */
static struct kql_node *parse_least(struct kql_parser *p)
{
    if (!kql_parse_is(p, "-") || !str_eq(kql_parse_peek(p, 1)->text, S("9223372036854775808")))
        return NULL;
    struct kql_node *least = kql_parse_new(p, KQL_NODE_LITERAL);
    least->value = kql_value_long(INT64_MIN);
    p->at += 2;
    return least;
}

static bool parse_values(struct kql_parser *p, struct kql_node *list)
{
    const struct kql_token *t = kql_parse_peek(p, 0);

    if (t->kind == KQL_TOKEN_QUOTED) { /* ["a"]: one string, which the lexer took for a name */
        struct kql_node *one = kql_parse_new(p, KQL_NODE_LITERAL);
        one->value = kql_value_string(t->text);
        kql_parse_add(p, list, one);
        p->at++;
        return true;
    }
    if (!kql_parse_expect(p, "["))
        return false;
    while (!kql_parse_take(p, "]")) {
        struct kql_node *value = parse_least(p);
        if (!value)
            value = kql_parse_expr(p);
        if (value->kind == KQL_NODE_BAD)
            return false;
        kql_parse_add(p, list, value);
        if (!kql_parse_take(p, ",") && !kql_parse_is(p, "]"))
            return kql_parse_fail(p, "\",\" or \"]\"");
    }
    return true;
}

static bool parse_datatable(struct kql_parser *p, struct kql_node *op)
{
    static const char *const OPTIONS[] = { "hint.*", NULL };
    kql_parse_options(p, op, OPTIONS);
    struct kql_node *schema = kql_parse_schema(p), *values = kql_parse_new(p, KQL_NODE_LIST);

    if (!schema)
        return false;
    kql_parse_add(p, op, schema);
    kql_parse_add(p, op, values);
    return parse_values(p, values);
}

/* A cell as the type of its column. Text for a number or date is read as to…() reads it; what has no value is
 * null. */
static bool cell(struct kql_binder *b, const struct kql_node *node, enum kql_type type, struct kql_value *out)
{
    struct kql_expr *e;

    if (node->kind == KQL_NODE_UNARY && node->kids.p[0]->kind == KQL_NODE_BAD)
        return false;
    e = kql_bind_expr_in(b, node, NULL);
    if (!e)
        return false;
    if (e->kind == KQL_EXPR_CONST && e->type == KQL_STRING && type != KQL_STRING && type != KQL_DYNAMIC) {
        if (!kql_value_parse(b->arena, type, e->value.s, out))
            *out = kql_value_null(type);
        return true;
    }
    if (e->kind == KQL_EXPR_CONST && e->type == KQL_STRING && type == KQL_DYNAMIC) {
        AUTO_STRBUF json = STRBUF_INIT(1 << 20);
        if (e->value.s.n > 0)
            kql_value_json(&json, &e->value);
        *out = kql_value_dynamic(arena_str(b->arena, strbuf_view(&json)));
        return true;
    }
    if (e->kind == KQL_EXPR_CONST && type == KQL_STRING && e->type != KQL_STRING) {
        *out = kql_value_string(kql_value_text(b->arena, &e->value));
        return true;
    }
    if (e->kind == KQL_EXPR_CONST && kql_type_is_integer(type) && e->type == KQL_REAL) {
        bool fits = e->value.r > -9.2e18 && e->value.r < 9.2e18;
        *out = fits ? kql_value_int_of(type, (int64_t)e->value.r) : kql_value_null(type);
        return true;
    }
    if (e->kind == KQL_EXPR_CONST)
        e = kql_convert_cast(b, e, type);
    if (!e || e->kind != KQL_EXPR_CONST) {
        kql_bind_error(b, KQL_DIAG_CONSTANT, node->span, "a datatable holds constants");
        return false;
    }
    *out = e->value;
    out->type = type;
    return true;
}

static struct kql_rel *values_rel(struct kql_binder *b, const struct kql_node *schema)
{
    struct kql_rel *rel = kql_bind_rel(b, KQL_REL_VALUES, NULL);

    for (size_t i = 0; i < schema->kids.n; i++) {
        const struct kql_node *param = schema->kids.p[i];
        if (kql_plan_field(rel, param->text)) {
            kql_bind_error(b, KQL_DIAG_DUPLICATE_COLUMN, param->span,
                           "two columns are called \"" STR_FMT "\"", STR_ARG(param->text));
            return NULL;
        }
        struct kql_col *col = kql_bind_col(b, param->text, param->value.type, false);
        *vec_push_in(b->arena, &rel->columns) = col;
        kql_bind_field(b, rel, param->text, col);
    }
    return rel;
}

static struct kql_rel *bind_datatable(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    const struct kql_node *schema = op->kids.p[0], *values = op->kids.p[1];
    struct kql_rel        *rel = values_rel(b, schema);
    (void)in;

    if (!rel)
        return NULL;
    if (schema->kids.n == 0 || values->kids.n % schema->kids.n != 0) {
        kql_bind_error(b, KQL_DIAG_ARGUMENTS, values->span, "%zu values do not fill rows of %zu columns",
                       values->kids.n, schema->kids.n);
        return NULL;
    }
    for (size_t i = 0; i < values->kids.n; i++) {
        struct kql_col   *col = rel->columns.p[i % schema->kids.n];
        struct kql_value *v = vec_push_in(b->arena, &rel->values);
        if (!cell(b, values->kids.p[i], col->type, v))
            return NULL;
        col->nullable = col->nullable || v->null;
    }
    return rel;
}

/* --- range --- */

static bool parse_range(struct kql_parser *p, struct kql_node *op)
{
    static const char *const WORDS[] = { "from", "to", "step" };
    if (!kql_parse_name(p, &op->text))
        return false;
    for (size_t i = 0; i < 3; i++) {
        if (i == 2 && !kql_parse_is(p, "step"))
            return kql_parse_fail(p, "\"step\"");
        if (!kql_parse_expect(p, WORDS[i]))
            return false;
        struct kql_node *value = kql_parse_expr(p);
        kql_parse_add(p, op, value);
        if (value->kind == KQL_NODE_BAD)
            return false;
    }
    return true;
}

static bool is_negative(const struct kql_expr *step)
{
    return step->kind == KQL_EXPR_CONST && !step->value.null &&
           (step->type == KQL_REAL ? step->value.r < 0 : step->value.i < 0);
}

static struct kql_rel *bind_range(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    struct kql_expr *args[3];
    (void)in;

    for (size_t i = 0; i < 3; i++)
        if (!(args[i] = kql_bind_expr_in(b, op->kids.p[i], NULL)))
            return NULL;
    enum kql_type type = args[0]->type;
    if (kql_type_is_number(type) && kql_type_is_number(args[1]->type) && kql_type_is_number(args[2]->type)) {
        if (!kql_convert_unify(b, args, 3, &type))
            return NULL;
        if (type == KQL_DECIMAL) {
            kql_bind_error(b, KQL_DIAG_TYPE, op->span, "range does not go in decimals");
            kql_diag_hint(b->diags, "todouble() makes a real of one");
            return NULL;
        }
    } else if (!((type == KQL_DATETIME || type == KQL_TIMESPAN) && args[1]->type == type &&
                 args[2]->type == KQL_TIMESPAN)) {
        kql_bind_error(b, KQL_DIAG_TYPE, op->span,
                       "range goes from a number to a number or a date to a date");
        return NULL;
    }
    struct kql_expr *list = kql_build_raw(b, kql_fn_find(S("·range")), type, op->span, args, 3);
    struct kql_rel  *rel = kql_bind_rel(b, KQL_REL_EXPAND, kql_bind_rel(b, KQL_REL_ONE, NULL));
    struct kql_col  *col = kql_bind_col(b, op->text, type, false);
    *vec_push_in(b->arena, &rel->defs) = (struct kql_def) { col, list };
    kql_bind_field(b, rel, op->text, col);
    *vec_push_in(b->arena, &rel->order) = (struct kql_order) { .col = col, .desc = is_negative(args[2]) };
    return rel;
}

/* --- externaldata --- */

/* (column:type, …) [address, …] [with (property = value, …)] */
static bool parse_external(struct kql_parser *p, struct kql_node *op)
{
    static const char *const PROPERTIES[] = {
        "format", "ignoreFirstRecord", "zipPattern", "ingestionMapping", "ingestionMappingType", "encoding",
        NULL
    };
    struct kql_node *schema = kql_parse_schema(p), *values = kql_parse_new(p, KQL_NODE_LIST);

    if (!schema)
        return false;
    kql_parse_add(p, op, schema);
    kql_parse_add(p, op, values);
    if (!parse_values(p, values))
        return false;
    if (!kql_parse_take(p, "with"))
        return true;
    if (!kql_parse_expect(p, "("))
        return false;
    while (!kql_parse_is(p, ")")) {
        size_t before = p->at;
        kql_parse_options(p, op, PROPERTIES);
        if (p->at == before)
            return kql_parse_fail(p, "a property of externaldata");
    }
    return kql_parse_expect(p, ")");
}

static str property(const struct kql_node *op, const char *name)
{
    const struct kql_node *o = kql_ast_option(op, name);

    if (!o)
        return STR_NONE;
    if (o->kind == KQL_NODE_LITERAL && o->value.type == KQL_BOOL)
        return o->value.i ? S("true") : S("false");
    return o->kind == KQL_NODE_LITERAL && o->value.type == KQL_STRING ? o->value.s : o->text;
}

/* Its files are those that the catalog lets it read, and none else: nothing is fetched from anywhere. */
static bool read_file(struct kql_binder *b, const struct kql_external_shape *shape,
                      const struct kql_node *uri, kql_external_cells *cells)
{
    struct kql_value address;
    str              path, text;
    struct err       err = { 0 };

    if (!kql_bind_expr_const(b, uri, KQL_STRING, &address))
        return false;
    enum rc rc = kql_external_path(b->arena, address.s, &path, &err);
    if (rc == RC_OK)
        rc = b->catalog->external(b->catalog->ctx, path, b->arena, &text, &err);
    if (rc == RC_OK)
        rc = kql_external_rows(b->arena, shape, path, text, cells, &err);
    if (rc == RC_OK)
        return true;
    if (rc == RC_NOT_FOUND) {
        kql_bind_error(b, KQL_DIAG_UNKNOWN_TABLE, uri->span, "externaldata may read no file \"" STR_FMT "\"",
                       STR_ARG(path));
        kql_diag_hint(b->diags, "put the file there, below the folder of external data: nothing is fetched");
    } else {
        kql_bind_error(b, rc == RC_LIMIT ? KQL_DIAG_LIMIT : KQL_DIAG_ARGUMENTS, uri->span, "%s", err.text);
    }
    return false;
}

static bool can_read(struct kql_binder *b, const struct kql_node *op)
{
    static const char *const CANNOT[] = { "zipPattern", "ingestionMapping", "ingestionMappingType",
                                          "encoding" };

    for (size_t i = 0; i < sizeof CANNOT / sizeof CANNOT[0]; i++)
        if (kql_ast_option(op, CANNOT[i])) {
            kql_bind_error(b, KQL_DIAG_UNSUPPORTED, op->span, "externaldata with %s is not built", CANNOT[i]);
            return false;
        }
    return true;
}

/* Where the catalog has no files at all, as when a query is only checked, the table is empty. */
static struct kql_rel *bind_external(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    const struct kql_node *schema = op->kids.p[0], *uris = op->kids.p[1];
    struct kql_rel        *rel = values_rel(b, schema);
    str                   *names = ARENA_ARRAY(b->arena, str, schema->kids.n + 1);
    enum kql_type         *types = ARENA_ARRAY(b->arena, enum kql_type, schema->kids.n + 1);
    kql_external_cells     cells = { 0 };
    (void)in;

    if (!rel || !b->catalog->external)
        return rel;
    for (size_t i = 0; i < schema->kids.n; i++) {
        names[i] = schema->kids.p[i]->text;
        types[i] = schema->kids.p[i]->value.type;
    }
    struct kql_external_shape shape = { property(op, "format"),
                                        str_eq(property(op, "ignoreFirstRecord"), S("true")), names, types,
                                        schema->kids.n };
    bool                      ok = can_read(b, op);
    for (size_t i = 0; ok && i < uris->kids.n; i++)
        ok = read_file(b, &shape, uris->kids.p[i], &cells);
    for (size_t i = 0; ok && i < cells.n; i++) {
        *vec_push_in(b->arena, &rel->values) = cells.p[i];
        if (cells.p[i].null)
            rel->columns.p[i % schema->kids.n]->nullable = !kql_type_is_text(types[i % schema->kids.n]);
    }
    return ok ? rel : NULL;
}

const struct kql_op KQL_OPS_SOURCE[] = {
    { .name = "print",
      .source = true,
      .parse = parse_print,
      .bind = bind_print,
      .doc = "One row of values.",
      .example = "print x = 1" },
    { .name = "datatable",
      .source = true,
      .parse = parse_datatable,
      .bind = bind_datatable,
      .doc = "A table written out.",
      .example = "datatable(a:long, b:string)[1, 'x', 2, 'y']" },
    { .name = "range",
      .source = true,
      .parse = parse_range,
      .bind = bind_range,
      .doc = "A column of values in steps.",
      .example = "range x from 1 to 5 step 2" },
    { .name = "externaldata",
      .alias = "external_data",
      .source = true,
      .parse = parse_external,
      .bind = bind_external,
      .doc = "A table out of files that this machine keeps for it; empty where a query is only checked.",
      .example = "externaldata(a:string)['https://example.org/x.csv']" },
    { 0 },
};
