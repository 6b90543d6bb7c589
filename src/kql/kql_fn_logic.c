/* SPDX-License-Identifier: Apache-2.0 */
/* Choices, tests for nothing, and what asks the compiler itself: gettype(), column_ifexists(). */
#include "kql/kql_bind_expr.h"
#include "kql/kql_build.h"
#include "kql/kql_convert.h"
#include "kql/kql_emit.h"
#include "kql/kql_fn.h"

/* Every second argument of case(c, v, c, v, else) and the last are values; the rest are conditions. */
static struct kql_expr *bind_choice(struct kql_binder *b, const struct kql_fn *fn,
                                    const struct kql_node *node, struct kql_expr **args, size_t n)
{
    VEC(struct kql_expr *) values = { 0 };
    enum kql_type type;
    (void)node;

    if (n < 3 || n % 2 == 0) {
        kql_bind_error(b, KQL_DIAG_ARGUMENTS, node ? node->span : args[0]->span,
                       "%s() takes conditions each with a value, and a value for the rest", fn->name);
        return NULL;
    }
    for (size_t i = 0; i < n; i++) {
        bool value = i % 2 == 1 || i + 1 == n;
        if (value) {
            *vec_push_in(b->arena, &values) = args[i];
            continue;
        }
        enum kql_type is = args[i]->type;
        if (is != KQL_BOOL && is != KQL_DYNAMIC && is != KQL_UNKNOWN && !kql_type_is_number(is)) {
            kql_bind_error(b, KQL_DIAG_TYPE, args[i]->span,
                           "a condition is true or false, and this is " STR_FMT, STR_ARG(kql_type_one(is)));
            return NULL;
        }
        args[i] = is == KQL_UNKNOWN ? kql_plan_const(b->arena, kql_value_null(KQL_BOOL), args[i]->span)
                                    : kql_convert_cast(b, args[i], KQL_BOOL);
        if (!args[i])
            return NULL;
    }
    if (!kql_convert_unify(b, values.p, values.n, &type))
        return NULL;
    struct kql_expr *e = kql_build_raw(b, fn, type, args[0]->span, args, n);
    e->nullable = false;
    for (size_t i = 0, v = 0; i < n; i++)
        if (i % 2 == 1 || i + 1 == n) {
            e->args[i] = values.p[v++];
            e->nullable = e->nullable || e->args[i]->nullable;
        }
    return e;
}

static void emit_choice(struct kql_emit *e, const struct kql_expr *call)
{
    bool truth = e->truth;

    kql_emit_addz(e, call->n_args == 3 ? "if(" : "multiIf(");
    for (size_t i = 0; i < call->n_args; i++) {
        bool condition = i % 2 == 0 && i + 1 < call->n_args;
        kql_emit_addz(e, i > 0 ? "," : "");
        e->truth = condition; /* a null condition takes the other branch */
        kql_emit_expr(e, call->args[i]);
    }
    kql_emit_addz(e, ")");
    e->truth = truth;
}

static struct kql_expr *bind_coalesce(struct kql_binder *b, const struct kql_fn *fn,
                                      const struct kql_node *node, struct kql_expr **args, size_t n)
{
    enum kql_type type;
    (void)node;

    if (!kql_convert_unify(b, args, n, &type))
        return NULL;
    struct kql_expr *e = kql_build_raw(b, fn, type, args[0]->span, args, n);
    e->nullable = !kql_type_is_text(type);
    for (size_t i = 0; i < n; i++)
        e->nullable = e->nullable && args[i]->nullable;
    return e;
}

static void emit_coalesce(struct kql_emit *e, const struct kql_expr *call)
{
    if (!kql_type_is_text(call->type)) {
        kql_emit_call(e, "coalesce($*)", call);
        return;
    }
    for (size_t i = 0; i + 1 < call->n_args; i++)
        kql_emit_template(e, call->type == KQL_STRING ? "if($1 != '',$1," : "if($1 NOT IN ('','null'),$1,",
                          &call->args[i], 1);
    kql_emit_expr(e, call->args[call->n_args - 1]);
    for (size_t i = 0; i + 1 < call->n_args; i++)
        kql_emit_addz(e, ")");
}

static void emit_isnull(struct kql_emit *e, const struct kql_expr *call)
{
    bool is = call->fn->name[2] == 'n' && call->fn->name[3] == 'u';
    switch (call->args[0]->type) {
    case KQL_STRING:
        kql_emit_addz(e, is ? "false" : "true");
        break;
    case KQL_DYNAMIC:
        kql_emit_call(e, is ? "($1 IN ('','null'))" : "($1 NOT IN ('','null'))", call);
        break;
    default:
        kql_emit_call(e, is ? "isNull($1)" : "isNotNull($1)", call);
        break;
    }
}

static void emit_isempty(struct kql_emit *e, const struct kql_expr *call)
{
    bool is = call->fn->name[2] == 'e';
    switch (call->args[0]->type) {
    case KQL_STRING:
        kql_emit_call(e, is ? "($1 = '')" : "($1 != '')", call);
        break;
    case KQL_DYNAMIC:
        kql_emit_call(e, is ? "($1 IN ('','null','\"\"'))" : "($1 NOT IN ('','null','\"\"'))", call);
        break;
    default:
        kql_emit_call(e, is ? "isNull($1)" : "isNotNull($1)", call);
        break;
    }
}

static struct kql_expr *bind_gettype(struct kql_binder *b, const struct kql_fn *fn,
                                     const struct kql_node *node, struct kql_expr **args, size_t n)
{
    (void)node;
    enum kql_type t = args[0]->type;
    if (t == KQL_DYNAMIC)
        return kql_build_raw(b, fn, KQL_STRING, args[0]->span, args, n);
    return kql_plan_const(b->arena, kql_value_string(kql_type_name(t == KQL_INT ? KQL_INT : t)),
                          args[0]->span);
}

/* column_ifexists("name", default): the name is looked up now, and the default need not bind when it is
 * there.
 */
static struct kql_expr *bind_column_ifexists(struct kql_binder *b, const struct kql_fn *fn,
                                             const struct kql_node *node, struct kql_expr **args, size_t n)
{
    struct kql_value name;
    (void)args;

    if (n != 2) {
        kql_bind_error(b, KQL_DIAG_ARGUMENTS, node->span, "%s() takes a name and a default", fn->name);
        return NULL;
    }
    if (!kql_bind_expr_const(b, node->kids.p[0], KQL_STRING, &name))
        return NULL;
    struct kql_field *f = b->row ? kql_plan_field(b->row, name.s) : NULL;
    if (f) { /* the type is that of a default that is written out, so that it is known without the table */
        const struct kql_node *literal = node->kids.p[1];
        struct kql_expr       *col = kql_plan_col(b->arena, f->col, node->span);
        return literal->kind == KQL_NODE_LITERAL ? kql_convert_cast(b, col, literal->value.type) : col;
    }
    struct kql_expr *other = kql_bind_expr(b, node->kids.p[1]);
    struct kql_expr *member = other ? kql_bind_expr_member(b, b->row, name.s, node->span) : NULL;
    if (!member)
        return other;
    member = kql_convert_cast(b, member, other->type);
    return member ? KQL_CALL2(b, "coalesce", member, other) : NULL;
}

/* column_names_of(T): the schema is known now, and no row of T is read. */
static struct kql_expr *bind_column_names_of(struct kql_binder *b, const struct kql_fn *fn,
                                             const struct kql_node *node, struct kql_expr **args, size_t n)
{
    AUTO_STRBUF     names = STRBUF_INIT(1u << 20);
    struct kql_rel *row = b->row;
    (void)args;

    if (n != 1 || !kql_bind_is_tabular(b, node->kids.p[0])) {
        kql_bind_error(b, KQL_DIAG_ARGUMENTS, node->span, "%s() takes a table", fn->name);
        return NULL;
    }
    b->row = NULL;
    struct kql_rel *table = kql_bind_table(b, node->kids.p[0]);
    b->row = row;
    if (!table)
        return NULL;
    for (size_t i = 0; i < table->fields.n; i++) {
        struct kql_value name = kql_value_string(table->fields.p[i].name);
        strbuf_addz(&names, i == 0 ? "[" : ",");
        kql_value_json(&names, &name);
    }
    strbuf_addz(&names, table->fields.n == 0 ? "[]" : "]");
    return kql_plan_const(b->arena, kql_value_dynamic(arena_str(b->arena, strbuf_view(&names))), node->span);
}

/* around(x, center, delta): center - delta <= x <= center + delta, of whatever types these signs take. */
static struct kql_expr *bind_around(struct kql_binder *b, const struct kql_fn *fn,
                                    const struct kql_node *node, struct kql_expr **args, size_t n)
{
    struct kql_span at = node ? node->span : args[0]->span;

    if (n != 3) {
        kql_bind_error(b, KQL_DIAG_ARGUMENTS, at, "%s() takes a value, a center and a distance", fn->name);
        return NULL;
    }
    struct kql_expr *low = kql_build_operator(b, S("-"), at, &args[1], 2);
    struct kql_expr *high = kql_build_operator(b, S("+"), at, &args[1], 2);
    if (!low || !high)
        return NULL;
    struct kql_expr *above = kql_build_operator(b, S(">="), at, (struct kql_expr *[]) { args[0], low }, 2);
    struct kql_expr *below = kql_build_operator(b, S("<="), at, (struct kql_expr *[]) { args[0], high }, 2);
    if (!above || !below)
        return NULL;
    return kql_build_raw(b, kql_fn_find(S("and")), KQL_BOOL, at, (struct kql_expr *[]) { above, below }, 2);
}

/* ingestion_time(): a column that every table of ours has. */
static struct kql_expr *bind_ingestion_time(struct kql_binder *b, const struct kql_fn *fn,
                                            const struct kql_node *node, struct kql_expr **args, size_t n)
{
    struct kql_field *f = b->row ? kql_plan_field(b->row, S("_IngestionTime")) : NULL;
    (void)fn, (void)args, (void)n;

    if (!f && b->row)
        f = kql_plan_field(b->row, S("TimeGenerated"));
    if (f)
        return kql_plan_col(b->arena, f->col, node->span);
    return kql_plan_const(b->arena, kql_value_null(KQL_DATETIME), node->span);
}

/* estimate_data_size(*, x, …) */
static struct kql_expr *bind_size(struct kql_binder *b, const struct kql_fn *fn, const struct kql_node *node,
                                  struct kql_expr **args, size_t n)
{
    VEC(struct kql_expr *) all = { 0 };
    (void)args;

    for (size_t i = 0; i < n; i++) {
        const struct kql_node *kid = node->kids.p[i];
        bool                   star = kid->kind == KQL_NODE_STAR;
        if (star && !b->row) {
            kql_bind_error(b, KQL_DIAG_CONTEXT, kid->span, "* stands for the columns of a row");
            return NULL;
        }
        for (size_t j = 0; star && j < b->row->fields.n; j++)
            *vec_push_in(b->arena, &all) = kql_plan_col(b->arena, b->row->fields.p[j].col, kid->span);
        struct kql_expr *e = star ? NULL : kql_bind_expr(b, kid);
        if (!star && !e)
            return NULL;
        if (e)
            *vec_push_in(b->arena, &all) = e;
    }
    if (n == 0) {
        kql_bind_error(b, KQL_DIAG_ARGUMENTS, node->span, "%s() takes at least 1 argument, not 0", fn->name);
        return NULL;
    }
    return kql_build_raw(b, fn, KQL_LONG, node->span, all.p, all.n);
}

static void emit_size(struct kql_emit *e, const struct kql_expr *call)
{
    static const char SIZES[KQL_TYPE_COUNT_] = {
        [KQL_BOOL] = 1,     [KQL_INT] = 4,      [KQL_LONG] = 8,     [KQL_REAL] = 8,
        [KQL_DECIMAL] = 16, [KQL_DATETIME] = 8, [KQL_TIMESPAN] = 8, [KQL_GUID] = 16,
    };
    char    fixed[40];
    int64_t sum = 0;

    for (size_t i = 0; i < call->n_args; i++)
        sum += SIZES[call->args[i]->type];
    snprintf(fixed, sizeof fixed, "toInt64(%lld", (long long)sum);
    kql_emit_addz(e, fixed);
    for (size_t i = 0; i < call->n_args; i++)
        if (kql_type_is_text(call->args[i]->type))
            kql_emit_template(e, " + length($1)", &call->args[i], 1);
    kql_emit_addz(e, ")");
}

const struct kql_fn KQL_FN_LOGIC[] = {
    { .name = "iff",
      .args = "aaa",
      .bind = bind_choice,
      .emit = emit_choice,
      .doc = "The second argument where the first is true, else the third.",
      .example = "iff(1 < 2, 'yes', 'no')",
      .yields = "yes" },
    { .name = "iif",
      .twin = "iff",
      .doc = "iff() by another name.",
      .example = "iif(1 > 2, 'yes', 'no')",
      .yields = "no" },
    { .name = "case",
      .args = "aaa+",
      .bind = bind_choice,
      .emit = emit_choice,
      .doc = "The value behind the first condition that is true, or the last argument.",
      .example = "case(1 > 2, 'a', 2 > 1, 'b', 'c')",
      .yields = "b" },
    { .name = "coalesce",
      .args = "a+",
      .bind = bind_coalesce,
      .emit = emit_coalesce,
      .doc = "The first argument that is not null (or not empty, for strings).",
      .example = "coalesce('', 'second')",
      .yields = "second" },
    { .name = "isnull",
      .args = "a",
      .result = KQL_BOOL,
      .nulls = KQL_FN_NULLS_NEVER,
      .emit = emit_isnull,
      .doc = "Whether the value is null; a string never is.",
      .example = "isnull(int(null))",
      .yields = "True" },
    { .name = "isnotnull",
      .args = "a",
      .result = KQL_BOOL,
      .nulls = KQL_FN_NULLS_NEVER,
      .emit = emit_isnull,
      .doc = "Whether the value is not null.",
      .example = "isnotnull(1)",
      .yields = "True" },
    { .name = "notnull",
      .twin = "isnotnull",
      .doc = "isnotnull() by its old name.",
      .example = "notnull(1)",
      .yields = "True" },
    { .name = "isempty",
      .args = "a",
      .result = KQL_BOOL,
      .nulls = KQL_FN_NULLS_NEVER,
      .emit = emit_isempty,
      .doc = "Whether the value is null or an empty string.",
      .example = "isempty('')",
      .yields = "True" },
    { .name = "isnotempty",
      .args = "a",
      .result = KQL_BOOL,
      .nulls = KQL_FN_NULLS_NEVER,
      .emit = emit_isempty,
      .doc = "Whether the value is neither null nor an empty string.",
      .example = "isnotempty('x')",
      .yields = "True" },
    { .name = "notempty",
      .twin = "isnotempty",
      .doc = "isnotempty() by its old name.",
      .example = "notempty('')",
      .yields = "False" },
    { .name = "gettype",
      .args = "a",
      .result = KQL_STRING,
      .nulls = KQL_FN_NULLS_NEVER,
      .bind = bind_gettype,
      .sql = "multiIf($1 IN ('','null'),'null',startsWith($1,'{'),'dictionary',startsWith($1,'['),'array',"
             "startsWith($1,'\"'),'string',$1 IN "
             "('true','false'),'bool',match($1,'^-?[0-9]+$'),'long','double')",
      .doc = "The name of the value's type.",
      .example = "gettype(1.5)",
      .yields = "real" },
    { .name = "column_ifexists",
      .bind = bind_column_ifexists,
      .doc = "The column of that name, or the second argument when there is none.",
      .example = "column_ifexists('none', 5)",
      .yields = "5" },
    { .name = "column_names_of",
      .bind = bind_column_names_of,
      .doc = "The names of a table's columns.",
      .example = "column_names_of(datatable(a:long, b:string) [])",
      .yields = "[\"a\",\"b\"]" },
    { .name = "around",
      .args = "aaa",
      .bind = bind_around,
      .doc = "Whether a value is at most a distance away from a center.",
      .example = "around(5, 7, 2)",
      .yields = "True" },
    { .name = "columnifexists",
      .twin = "column_ifexists",
      .doc = "column_ifexists() by its old name.",
      .example = "columnifexists('none', 5)",
      .yields = "5" },
    { .name = "ingestion_time",
      .bind = bind_ingestion_time,
      .doc = "When the row was taken in.",
      .example = "ingestion_time()",
      .yields = "" },
    { .name = "new_guid",
      .args = "",
      .result = KQL_GUID,
      .sql = "generateUUIDv4()",
      .distinct_calls = true,
      .doc = "A random guid.",
      .example = "new_guid()" },
    { .name = "rand",
      .args = "i?",
      .result = KQL_REAL,
      .sql = "(rand64() / 18446744073709551616.)",
      .distinct_calls = true,
      .doc = "A random number from 0 up to 1.",
      .example = "rand()" },
    { .name = "current_principal",
      .args = "",
      .result = KQL_STRING,
      .sql = "''",
      .nulls = KQL_FN_NULLS_NEVER,
      .doc = "Empty: a query does not know who runs it.",
      .example = "current_principal()",
      .yields = "" },
    { .name = "current_database",
      .args = "",
      .result = KQL_STRING,
      .sql = "'workspace'",
      .nulls = KQL_FN_NULLS_NEVER,
      .doc = "The name of the workspace that a query sees.",
      .example = "current_database()",
      .yields = "workspace" },
    { .name = "estimate_data_size",
      .result = KQL_LONG,
      .nulls = KQL_FN_NULLS_NEVER,
      .bind = bind_size,
      .emit = emit_size,
      .doc = "About how many bytes the values of some columns take; * is all of them.",
      .example = "estimate_data_size(1, 'text', true)",
      .yields = "13" },
    { .name = "·nullable",
      .args = "a",
      .hidden = true,
      .nulls = KQL_FN_NULLS_MAY,
      .type = kql_fn_type_first,
      .sql = "toNullable($1)",
      .doc = "The value, as one that may be null.",
      .example = "toint('1')",
      .yields = "1" },
    { .name = "assert",
      .args = "bS",
      .result = KQL_BOOL,
      .sql = "(throwIf(NOT ifNull($1,false),$2) = 0)",
      .nulls = KQL_FN_NULLS_NEVER,
      .doc = "Ends the query with a message where the condition is false.",
      .example = "assert(1 == 1, 'no')",
      .yields = "True" },
    { 0 },
};
