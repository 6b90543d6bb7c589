/* SPDX-License-Identifier: Apache-2.0 */
/* Plugins whose columns depend on the data (bag_unpack, pivot) take them from the schema written behind `:`;
 * without one they ask the catalog to run a query that finds them; without that, a bag stays open: a name
 * that is no column is looked for in it. */
#include "kql/kql_plugin.h"

#include "kql/kql_ask.h"
#include "kql/kql_build.h"
#include "kql/kql_call.h"
#include "kql/kql_convert.h"

enum { COLUMNS_MAX = 500 };

/* --- bag_unpack(bag [, prefix] [, columnsConflict] [, ignored]) [: (a:long, …)] --- */

struct unpacking {
    struct kql_binder     *b;
    const struct kql_node *call;
    struct kql_rel        *project;
    struct kql_field       bag;
    str                    prefix, conflict;
    const struct json     *ignored; /* or NULL */
};

static bool is_ignored(const struct unpacking *u, str key)
{
    for (uint32_t i = 0; u->ignored && i < u->ignored->n; i++)
        if (u->ignored->items[i].kind == JSON_STRING && str_eq(u->ignored->items[i].s, key))
            return true;
    return false;
}

static bool add_member(struct unpacking *u, str name, str key, enum kql_type type)
{
    struct kql_binder *b = u->b;
    struct kql_expr   *pair[] = { kql_plan_col(b->arena, u->bag.col, u->call->span),
                                  kql_plan_const(b->arena, kql_value_string(key), u->call->span) };
    struct kql_expr   *e = kql_build_raw(b, kql_fn_find(S(".")), KQL_DYNAMIC, u->call->span, pair, 2);
    struct kql_field  *there = kql_plan_field(u->project, name);

    if (there && there->col != u->bag.col && str_eq(u->conflict, S("keep_source")))
        return true;
    if (there && there->col != u->bag.col && !str_eq(u->conflict, S("replace_source"))) {
        kql_bind_error(b, KQL_DIAG_DUPLICATE_COLUMN, u->call->span,
                       "the bag has a member \"" STR_FMT "\", and so has the table", STR_ARG(name));
        kql_diag_hint(b->diags, "columnsConflict='keep_source' or 'replace_source' says which one stays");
        return false;
    }
    e = kql_convert_cast(b, e, type);
    if (!e)
        return false;
    struct kql_col *col = kql_bind_def(b, u->project, name, e);
    if (there)
        there->col = col;
    else
        kql_bind_field(b, u->project, name, col);
    return true;
}

static enum kql_type type_of_kinds(const struct json *kinds)
{
    bool text = false, whole = false, real = false, flag = false, other = false;

    for (uint32_t i = 0; i < kinds->n; i++) {
        str k = kinds->items[i].s;
        if (str_eq(k, S("Null")))
            continue;
        text = text || str_eq(k, S("String"));
        whole = whole || str_eq(k, S("Int64")) || str_eq(k, S("UInt64"));
        real = real || str_eq(k, S("Double"));
        flag = flag || str_eq(k, S("Bool"));
        other = other || str_eq(k, S("Array")) || str_eq(k, S("Object"));
    }
    if (other || (int)text + (int)(whole || real) + (int)flag != 1)
        return KQL_DYNAMIC;
    return text ? KQL_STRING : flag ? KQL_BOOL : real ? KQL_REAL : KQL_LONG;
}

static bool unpack_found(struct unpacking *u, const struct json *members)
{
    for (uint32_t i = 0; i < members->n && i < COLUMNS_MAX; i++) {
        str key = members->items[i].items[0].s;
        str name = arena_printf(u->b->arena, STR_FMT STR_FMT, STR_ARG(u->prefix), STR_ARG(key));
        if (!is_ignored(u, key) && !add_member(u, name, key, type_of_kinds(&members->items[i].items[1])))
            return false;
    }
    return true;
}

static void drop_bag(struct unpacking *u)
{
    size_t kept = 0;
    for (size_t i = 0; i < u->project->fields.n; i++)
        if (u->project->fields.p[i].col != u->bag.col || !str_eq(u->project->fields.p[i].name, u->bag.name))
            u->project->fields.p[kept++] = u->project->fields.p[i];
    u->project->fields.n = kept;
}

/* Only the columns of the schema are there then, in its order, and with a * those of the table before them;
 * what is no member comes from the table. */
static bool unpack_schema(struct unpacking *u, const struct kql_node *schema)
{
    struct kql_binder *b = u->b;
    kql_fields         from = u->project->fields;
    bool               all = str_eq(schema->text, S("*"));

    if (all)
        drop_bag(u);
    else
        u->project->fields = (kql_fields) { 0 };
    for (size_t i = 0; i < schema->kids.n; i++) {
        const struct kql_node *param = schema->kids.p[i];
        struct kql_field      *old = NULL;
        for (size_t k = 0; k < from.n && !old; k++)
            if (str_eq(from.p[k].name, param->text) && from.p[k].col != u->bag.col)
                old = &from.p[k];
        str key = str_starts(param->text, u->prefix) ? str_from(param->text, u->prefix.n) : param->text;
        if (old && all)
            continue;
        if (old)
            kql_bind_field(b, u->project, param->text, old->col);
        else if (!add_member(u, param->text, key, param->value.type))
            return false;
    }
    return true;
}

/* Names of members that are left out, as a constant array. */
static bool read_ignored(struct unpacking *u)
{
    const struct kql_node *node = kql_plugin_argument(u->call, "ignoredProperties", 3);
    struct kql_value       v;
    struct err             err;

    if (!node)
        return true;
    if (!kql_bind_expr_const(u->b, node, KQL_DYNAMIC, &v))
        return false;
    if (json_parse(u->b->arena, v.s, &u->ignored, &err) == RC_OK && u->ignored->kind == JSON_ARRAY)
        return true;
    kql_bind_error(u->b, KQL_DIAG_TYPE, node->span, "the members to ignore are an array of names");
    return false;
}

static struct kql_rel *bind_unpack(struct kql_binder *b, const struct kql_node *call,
                                   const struct kql_node *schema, struct kql_rel *in)
{
    const struct kql_node *bag = kql_plugin_argument(call, "Column", 0);
    struct unpacking       u = { .b = b, .call = call };
    struct kql_field      *field = bag && bag->kind == KQL_NODE_NAME ? kql_plan_field(in, bag->text) : NULL;

    if (!field) {
        kql_bind_error(b, KQL_DIAG_UNKNOWN_COLUMN, call->span, "bag_unpack() takes a column");
        return NULL;
    }
    struct kql_rel *source = in;
    u.bag = *field;
    if (field->col->type != KQL_DYNAMIC) {
        source = kql_bind_rel(b, KQL_REL_PROJECT, in);
        struct kql_expr *e = kql_convert_cast(b, kql_plan_col(b->arena, field->col, bag->span), KQL_STRING);
        e = e ? KQL_CALL1(b, "parse_json", e) : NULL;
        if (!e)
            return NULL;
        struct kql_field *of_source = kql_plan_field(source, bag->text);
        of_source->col = u.bag.col = kql_bind_def(b, source, bag->text, e);
    }
    u.prefix = kql_plugin_text(b, call, "OutputColumnPrefix", 1);
    u.conflict = kql_plugin_text(b, call, "columnsConflict", 2);
    u.project = kql_bind_rel(b, KQL_REL_PROJECT, source);
    if (!read_ignored(&u))
        return NULL;
    if (schema && (schema->kids.n > 0 || !str_eq(schema->text, S("*"))))
        return unpack_schema(&u, schema) ? u.project : NULL;

    struct kql_rel *only = kql_bind_rel(b, KQL_REL_PROJECT, source);
    only->fields = (kql_fields) { 0 };
    only->order = (kql_orders) { 0 };
    kql_bind_field(b, only, S("bag"), u.bag.col);
    size_t             said = b->diags->list.n;
    const struct json *members = kql_ask(
        b, only, "SELECT kv.1, groupUniqArray(JSONType(kv.2)) FROM (SELECT tuple(*) AS `#q` FROM ",
        ") ARRAY JOIN JSONExtractKeysAndValuesRaw(`#q`.1) AS kv GROUP BY kv.1 ORDER BY kv.1", call->span);
    if (b->diags->list.n > said)
        return NULL;
    if (members && !unpack_found(&u, members))
        return NULL;
    drop_bag(&u);
    if (!members || members->n == 0) { /* no row says anything yet: any name may be one */
        u.project->open = u.bag.col;
        u.project->open_prefix = u.prefix;
    }
    return u.project;
}

/* --- pivot(column [, aggregate] [, columns …]) --- */

static const char *filtered(str agg)
{
    static const struct {
        const char *plain, *with;
    } FORMS[] = { { "count", "countif" },
                  { "sum", "sumif" },
                  { "avg", "avgif" },
                  { "min", "minif" },
                  { "max", "maxif" },
                  { "dcount", "dcountif" },
                  { "stdev", "stdevif" },
                  { "variance", "varianceif" },
                  { "make_bag", "make_bag_if" },
                  { "make_set", "make_set_if" },
                  { "makeset", "make_set_if" },
                  { "make_list", "make_list_if" },
                  { "makelist", "make_list_if" },
                  { "any", "take_anyif" },
                  { "take_any", "take_anyif" } };
    for (size_t i = 0; i < sizeof FORMS / sizeof FORMS[0]; i++)
        if (str_eq(agg, str_of(FORMS[i].plain)))
            return FORMS[i].with;
    return NULL;
}

static bool used_by(const struct kql_node *node, str name)
{
    if (node->kind == KQL_NODE_NAME && str_eq(node->text, name))
        return true;
    for (size_t i = 0; i < node->kids.n; i++)
        if (used_by(node->kids.p[i], name))
            return true;
    return false;
}

/* `summarize v1 = countif(x == "v1"), … by keys`, as the tree that a user would have written. */
static struct kql_node *pivot_item(struct kql_binder *b, const struct kql_node *column,
                                   const struct kql_node *agg, str value)
{
    struct kql_node *named = kql_ast_new(b->arena, KQL_NODE_NAMED, column->span, value);
    struct kql_node *call =
        kql_ast_new(b->arena, KQL_NODE_CALL, column->span, str_of(filtered(agg ? agg->text : S("count"))));
    struct kql_node *same = kql_ast_new(b->arena, KQL_NODE_BINARY, column->span, S("=="));
    struct kql_node *text = kql_ast_new(b->arena, KQL_NODE_CALL, column->span, S("tostring"));
    struct kql_node *literal = kql_ast_new(b->arena, KQL_NODE_LITERAL, column->span, STR_NONE);

    literal->value = kql_value_string(value);
    kql_ast_add(b->arena, text, (struct kql_node *)column);
    kql_ast_add(b->arena, same, text);
    kql_ast_add(b->arena, same, literal);
    for (size_t i = 0; agg && i < agg->kids.n && !str_eq(agg->text, S("count")); i++)
        kql_ast_add(b->arena, call, agg->kids.p[i]);
    kql_ast_add(b->arena, call, same);
    kql_ast_add(b->arena, named, call);
    *vec_push_in(b->arena, &named->names) = value;
    return named;
}

static struct kql_node *pivot_keys(struct kql_binder *b, const struct kql_node *call,
                                   const struct kql_node *agg, const struct kql_rel *in)
{
    struct kql_node *by = kql_ast_new(b->arena, KQL_NODE_CLAUSE, call->span, S("by"));

    for (size_t i = 2; i < call->kids.n; i++)
        kql_ast_add(b->arena, by, call->kids.p[i]);
    for (size_t i = 0; call->kids.n <= 2 && i < in->fields.n; i++) {
        str name = in->fields.p[i].name;
        if (!used_by(call->kids.p[0], name) && !(agg && used_by(agg, name)))
            kql_ast_add(b->arena, by, kql_ast_new(b->arena, KQL_NODE_NAME, call->span, name));
    }
    return by;
}

static struct kql_rel *bind_pivot(struct kql_binder *b, const struct kql_node *call,
                                  const struct kql_node *schema, struct kql_rel *in)
{
    const struct kql_node *agg = call->kids.n > 1 ? call->kids.p[1] : NULL;

    if (call->kids.n == 0) {
        kql_bind_error(b, KQL_DIAG_ARGUMENTS, call->span,
                       "pivot() takes the column whose values become columns");
        return NULL;
    }
    struct kql_expr *column = kql_bind_expr_in(b, call->kids.p[0], in);
    if (!column)
        return NULL;
    if (agg && (agg->kind != KQL_NODE_CALL || !filtered(agg->text))) {
        kql_bind_error(
            b, KQL_DIAG_UNSUPPORTED, agg->span,
            "pivot() takes count, sum, avg, min, max, dcount, stdev, variance, make_bag, make_set, "
            "make_list or take_any");
        return NULL;
    }
    struct kql_node *op = kql_ast_new(b->arena, KQL_NODE_OP, call->span, STR_NONE);
    op->op = kql_op_find(S("summarize"));
    struct kql_rel *only = kql_bind_rel(b, KQL_REL_PROJECT, in);
    only->fields = (kql_fields) { 0 };
    only->order = (kql_orders) { 0 };
    struct kql_expr *text = kql_convert_cast(b, column, KQL_STRING);
    if (!text)
        return NULL;
    kql_bind_field(b, only, S("value"), kql_bind_def(b, only, S("value"), text));
    size_t             said = b->diags->list.n;
    const struct json *values = NULL;
    struct kql_node   *by = pivot_keys(b, call, agg, in);
    if (schema && schema->kids.n > 0) {
        for (size_t i = 0; i < schema->kids.n; i++)
            if (!kql_plan_field(in, schema->kids.p[i]->text))
                kql_ast_add(b->arena, op, pivot_item(b, call->kids.p[0], agg, schema->kids.p[i]->text));
    } else {
        values = kql_ask(b, only, "SELECT DISTINCT `#q`.1 FROM (SELECT tuple(*) AS `#q` FROM ",
                         ") ORDER BY 1", call->span);
        for (uint32_t i = 0; values && i < values->n && i < COLUMNS_MAX; i++)
            kql_ast_add(b->arena, op, pivot_item(b, call->kids.p[0], agg, values->items[i].items[0].s));
    }
    if (b->diags->list.n > said)
        return NULL;
    kql_ast_add(b->arena, op, by);
    struct kql_rel *out = op->op->bind(b, op, in);
    if (!out || schema || (values && values->n > 0))
        return out;
    /* Nobody to ask for the columns: any name may be one. Such a query can be checked, and reads nulls. */
    struct kql_rel  *open = kql_bind_rel(b, KQL_REL_PROJECT, out);
    struct kql_expr *nothing = kql_plan_const(b->arena, kql_value_null(KQL_DYNAMIC), call->span);
    open->open = kql_bind_def(b, open, S("pivoted"), nothing);
    return open;
}

const struct kql_plugin KQL_PLUGINS_COLUMNS[] = {
    { .name = "bag_unpack",
      .bind = bind_unpack,
      .doc = "A column for each member of a bag.",
      .example = "print d = dynamic({'a':1}) | evaluate bag_unpack(d) : (a:long)",
      .yields = "[[1]]" },
    { .name = "pivot",
      .bind = bind_pivot,
      .doc = "A column for each value of another, with an aggregate in it.",
      .example =
          "datatable(k:string, c:string)['a', 'x'] | evaluate pivot(c, count(), k) : (k:string, x:long)",
      .yields = "[[\"a\",1]]" },
    { 0 },
};
