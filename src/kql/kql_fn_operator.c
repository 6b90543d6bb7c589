/* SPDX-License-Identifier: Apache-2.0 */
/* Operators by their signs. Comparisons never give null: == and its kin are false where SQL says null, != is
 * true. In a WHERE null is as good as false, so the wrapping is left out there and indexes can serve. */
#include "kql/kql_build.h"
#include "kql/kql_convert.h"
#include "kql/kql_emit.h"
#include "kql/kql_fn.h"
#include "kql/kql_path.h"
#include "kql/kql_term.h"

/* --- arithmetic --- */

/* A dynamic operand takes the other's type; two dynamics are reals. */
static bool settle(struct kql_binder *b, struct kql_expr **args)
{
    for (int i = 0; i < 2; i++) {
        enum kql_type other = args[1 - i]->type;
        if (args[i]->type != KQL_DYNAMIC)
            continue;
        if (other == KQL_DYNAMIC || other == KQL_STRING || other == KQL_UNKNOWN)
            other = KQL_REAL;
        args[i] = kql_convert_cast(b, args[i], other);
        if (!args[i])
            return false;
    }
    for (int i = 0; i < 2; i++)
        if (args[i]->type == KQL_UNKNOWN && args[1 - i]->type != KQL_UNKNOWN)
            args[i] = kql_convert_cast(b, args[i], args[1 - i]->type);
    return true;
}

static struct kql_expr *refuse(struct kql_binder *b, const struct kql_fn *fn, struct kql_expr **args)
{
    kql_bind_error(b, KQL_DIAG_TYPE, (struct kql_span) { args[0]->span.from, args[1]->span.to },
                   "\"%s\" does not take " STR_FMT " and " STR_FMT, fn->name,
                   STR_ARG(kql_type_one(args[0]->type)), STR_ARG(kql_type_one(args[1]->type)));
    if (args[0]->type == KQL_STRING || args[1]->type == KQL_STRING)
        kql_diag_hint(b->diags, "strcat() joins strings; toint(), todouble() make numbers of them");
    return NULL;
}

static struct kql_expr *as(struct kql_binder *b, const char *fn, enum kql_type type, struct kql_expr **args)
{
    return kql_build_raw(b, kql_fn_find(str_of(fn)), type, args[0]->span, args, 2);
}

static bool numbers(struct kql_binder *b, struct kql_expr **args, enum kql_type *type)
{
    if (!kql_type_is_number(args[0]->type) || !kql_type_is_number(args[1]->type))
        return false;
    *type = kql_type_common(args[0]->type, args[1]->type);
    if (*type == KQL_INT)
        *type = KQL_LONG;
    for (int i = 0; i < 2; i++)
        if (!kql_type_is_integer(args[i]->type) || !kql_type_is_integer(*type))
            args[i] = kql_convert_cast(b, args[i], *type);
    return args[0] && args[1];
}

static struct kql_expr *bind_add(struct kql_binder *b, const struct kql_fn *fn, const struct kql_node *node,
                                 struct kql_expr **args, size_t n)
{
    enum kql_type type;
    (void)node, (void)n;

    if (!settle(b, args))
        return NULL;
    if (numbers(b, args, &type))
        return kql_build_raw(b, fn, type, args[0]->span, args, 2);
    enum kql_type l = args[0]->type, r = args[1]->type;
    if (l == KQL_TIMESPAN && r == KQL_TIMESPAN)
        return kql_build_raw(b, fn, KQL_TIMESPAN, args[0]->span, args, 2);
    if (l == KQL_DATETIME && r == KQL_TIMESPAN)
        return as(b, "·datetime+", KQL_DATETIME, args);
    if (l == KQL_TIMESPAN && r == KQL_DATETIME)
        return as(b, "·datetime+", KQL_DATETIME, (struct kql_expr *[]) { args[1], args[0] });
    if (l == KQL_UNKNOWN && r == KQL_UNKNOWN)
        return kql_build_raw(b, fn, KQL_UNKNOWN, args[0]->span, args, 2);
    return refuse(b, fn, args);
}

static struct kql_expr *bind_subtract(struct kql_binder *b, const struct kql_fn *fn,
                                      const struct kql_node *node, struct kql_expr **args, size_t n)
{
    enum kql_type type;
    (void)node, (void)n;

    if (!settle(b, args))
        return NULL;
    if (numbers(b, args, &type))
        return kql_build_raw(b, fn, type, args[0]->span, args, 2);
    enum kql_type l = args[0]->type, r = args[1]->type;
    if (l == KQL_TIMESPAN && r == KQL_TIMESPAN)
        return kql_build_raw(b, fn, KQL_TIMESPAN, args[0]->span, args, 2);
    if (l == KQL_DATETIME && r == KQL_DATETIME)
        return as(b, "·datetime-datetime", KQL_TIMESPAN, args);
    if (l == KQL_DATETIME && r == KQL_TIMESPAN)
        return as(b, "·datetime-", KQL_DATETIME, args);
    return refuse(b, fn, args);
}

static struct kql_expr *bind_multiply(struct kql_binder *b, const struct kql_fn *fn,
                                      const struct kql_node *node, struct kql_expr **args, size_t n)
{
    enum kql_type type;
    (void)node, (void)n;

    if (!settle(b, args))
        return NULL;
    if (numbers(b, args, &type))
        return type == KQL_DECIMAL ? as(b, "·decimal*", type, args)
                                   : kql_build_raw(b, fn, type, args[0]->span, args, 2);
    struct kql_expr *span = args[0]->type == KQL_TIMESPAN ? args[0] : args[1];
    struct kql_expr *factor = span == args[0] ? args[1] : args[0];
    if (span->type != KQL_TIMESPAN || !kql_type_is_number(factor->type))
        return refuse(b, fn, args);
    if (kql_type_is_integer(factor->type))
        return kql_build_raw(b, fn, KQL_TIMESPAN, args[0]->span, args, 2);
    return as(b, "·timespan*", KQL_TIMESPAN, (struct kql_expr *[]) { span, factor });
}

static struct kql_expr *bind_divide(struct kql_binder *b, const struct kql_fn *fn,
                                    const struct kql_node *node, struct kql_expr **args, size_t n)
{
    enum kql_type type;
    (void)node, (void)n;

    if (!settle(b, args))
        return NULL;
    if (numbers(b, args, &type))
        return as(b,
                  kql_type_is_integer(type) ? "·long/"
                  : type == KQL_DECIMAL     ? "·decimal/"
                                            : "·real/",
                  type, args);
    if (args[0]->type != KQL_TIMESPAN)
        return refuse(b, fn, args);
    if (args[1]->type == KQL_TIMESPAN)
        return as(b, "·real/", KQL_REAL, args);
    if (kql_type_is_integer(args[1]->type))
        return as(b, "·long/", KQL_TIMESPAN, args);
    if (args[1]->type == KQL_REAL)
        return as(b, "·timespan/", KQL_TIMESPAN, args);
    return refuse(b, fn, args);
}

static struct kql_expr *bind_modulo(struct kql_binder *b, const struct kql_fn *fn,
                                    const struct kql_node *node, struct kql_expr **args, size_t n)
{
    enum kql_type type;
    (void)node, (void)n;

    if (!settle(b, args))
        return NULL;
    if (numbers(b, args, &type))
        return kql_type_is_integer(type) ? as(b, "·long%", type, args) : as(b, "·real%", type, args);
    if (args[0]->type == KQL_TIMESPAN &&
        (args[1]->type == KQL_TIMESPAN || kql_type_is_integer(args[1]->type)))
        return as(b, "·long%", KQL_TIMESPAN, args);
    return refuse(b, fn, args);
}

static struct kql_expr *bind_negate(struct kql_binder *b, const struct kql_fn *fn,
                                    const struct kql_node *node, struct kql_expr **args, size_t n)
{
    (void)node, (void)n;
    if (args[0]->type == KQL_DYNAMIC)
        args[0] = kql_convert_cast(b, args[0], KQL_REAL);
    if (!args[0])
        return NULL;
    if (!kql_type_is_number(args[0]->type) && args[0]->type != KQL_TIMESPAN && args[0]->type != KQL_UNKNOWN) {
        kql_bind_error(b, KQL_DIAG_TYPE, args[0]->span, "" STR_FMT " has no negative",
                       STR_ARG(kql_type_one(args[0]->type)));
        return NULL;
    }
    return kql_build_raw(b, fn, args[0]->type, args[0]->span, args, 1);
}

/* --- comparison --- */

static bool is_text_constant(const struct kql_expr *e)
{
    return e->kind == KQL_EXPR_CONST && e->type == KQL_STRING;
}

/* Brings both sides to one type; false when they cannot be compared. */
static bool meet(struct kql_binder *b, struct kql_expr **args)
{
    enum kql_type l = args[0]->type, r = args[1]->type;

    if (l == KQL_DYNAMIC && r == KQL_DYNAMIC)
        return false;
    for (int i = 0; i < 2; i++) {
        enum kql_type other = args[1 - i]->type;
        if (args[i]->type == KQL_DYNAMIC)
            args[i] = kql_convert_cast(b, args[i], kql_type_is_integer(other) ? KQL_REAL : other);
        else if (args[i]->type == KQL_UNKNOWN)
            args[i] = kql_convert_cast(b, args[i], other);
        if (!args[i])
            return false;
    }
    l = args[0]->type;
    r = args[1]->type;
    if (l == r || (kql_type_is_number(l) && kql_type_is_number(r)))
        return true;
    for (int i = 0; i < 2; i++) {
        enum kql_type other = args[1 - i]->type, to = KQL_UNKNOWN;
        if (args[i]->type == KQL_BOOL && kql_type_is_number(other))
            to = other == KQL_REAL ? KQL_LONG : other;
        else if (args[i]->type == KQL_GUID && other == KQL_STRING)
            to = KQL_STRING;
        else if (is_text_constant(args[i]) && (other == KQL_DATETIME || other == KQL_TIMESPAN))
            to = other;
        else if (args[i]->type == KQL_STRING && (kql_type_is_number(other) || other == KQL_BOOL))
            to = kql_type_is_integer(other) ? KQL_LONG : other; /* EventID == "4688" */
        if (to == KQL_UNKNOWN)
            continue;
        args[i] = kql_convert_cast(b, args[i], to);
        return args[i] != NULL;
    }
    return false;
}

static struct kql_expr *bind_compare(struct kql_binder *b, const struct kql_fn *fn,
                                     const struct kql_node *node, struct kql_expr **args, size_t n)
{
    (void)node, (void)n;
    if (!meet(b, args)) {
        if (!args[0] || !args[1])
            return NULL;
        kql_bind_error(b, KQL_DIAG_TYPE, (struct kql_span) { args[0]->span.from, args[1]->span.to },
                       "" STR_FMT " cannot be compared with " STR_FMT, STR_ARG(kql_type_one(args[0]->type)),
                       STR_ARG(kql_type_one(args[1]->type)));
        bool dates = args[0]->type == KQL_DATETIME || args[1]->type == KQL_DATETIME;
        kql_diag_hint(b->diags, "%s",
                      dates ? "datetime(2024-01-31) writes a date, ago(7d) is one seven days back"
                            : "convert one side, for example with tostring() or toint()");
        return NULL;
    }
    return kql_build_raw(b, fn, KQL_BOOL, args[0]->span, args, 2);
}

static void emit_compare(struct kql_emit *e, const struct kql_expr *call)
{
    static const struct {
        const char *name, *sql;
    } SIGNS[] = { { "==", "$1 = $2" }, { "!=", "$1 != $2" }, { "<", "$1 < $2" },
                  { ">", "$1 > $2" },  { "<=", "$1 <= $2" }, { ">=", "$1 >= $2" } };
    size_t i = 0;
    while (strcmp(SIGNS[i].name, call->fn->name) != 0)
        i++;
    bool nullable = call->args[0]->nullable || call->args[1]->nullable, unequal = i == 1;
    bool wrap = nullable && (unequal || !e->truth);

    kql_emit_addz(e, wrap ? "ifNull(" : "(");
    kql_emit_call(e, SIGNS[i].sql, call);
    kql_emit_addz(e, !wrap ? ")" : unequal ? ",true)" : ",false)");
}

static struct kql_expr *bind_between(struct kql_binder *b, const struct kql_fn *fn,
                                     const struct kql_node *node, struct kql_expr **args, size_t n)
{
    bool             negated = fn->name[0] == '!';
    struct kql_expr *to = args[2];
    (void)node, (void)n;

    if (args[0]->type == KQL_DATETIME && to->type == KQL_TIMESPAN) { /* between (start .. 1d) */
        to = KQL_CALL2(b, "+", args[1], to);
        if (!to)
            return NULL;
    }
    struct kql_expr *low = KQL_CALL2(b, ">=", args[0], args[1]), *high = KQL_CALL2(b, "<=", args[0], to);
    if (!low || !high)
        return NULL;
    struct kql_expr *both[] = { low, high };
    struct kql_expr *e = kql_build_raw(b, kql_fn_find(S("and")), KQL_BOOL, args[0]->span, both, 2);
    return negated ? KQL_CALL1(b, "not", e) : e;
}

static void emit_junction(struct kql_emit *e, const struct kql_expr *call)
{
    const char *word = call->fn->name[0] == 'a' ? " AND " : " OR ";
    kql_emit_addz(e, "(");
    for (size_t i = 0; i < call->n_args; i++) {
        kql_emit_addz(e, i > 0 ? word : "");
        kql_emit_expr(e, call->args[i]); /* in a WHERE they stay in a WHERE */
    }
    kql_emit_addz(e, ")");
}

static struct kql_expr *bind_not(struct kql_binder *b, const struct kql_fn *fn, const struct kql_node *node,
                                 struct kql_expr **args, size_t n)
{
    (void)node, (void)n;
    if (args[0]->type != KQL_BOOL)
        args[0] =
            kql_type_is_number(args[0]->type) || args[0]->type == KQL_DYNAMIC || args[0]->type == KQL_UNKNOWN
                ? kql_convert_cast(b, args[0], KQL_BOOL)
                : NULL;
    if (!args[0]) {
        kql_bind_error(b, KQL_DIAG_TYPE, node ? node->span : (struct kql_span) { 0, 0 },
                       "not() takes a condition");
        return NULL;
    }
    return kql_build_raw(b, fn, KQL_BOOL, args[0]->span, args, 1);
}

/* --- lists --- */

static void emit_in(struct kql_emit *e, const struct kql_expr *call)
{
    bool nocase = call->fn->name[strlen(call->fn->name) - 1] == '~';
    bool wrap = call->args[0]->nullable && !e->truth;
    bool truth = e->truth;

    kql_emit_addz(e, wrap ? "ifNull(" : "(");
    e->truth = false;
    kql_emit_template(e, nocase ? "lowerUTF8($1) IN (" : "$1 IN (", call->args, 1);
    for (size_t i = 1; i < call->n_args; i++) {
        kql_emit_addz(e, i > 1 ? "," : "");
        if (nocase)
            kql_emit_text(e, kql_term_lower(e->arena, call->args[i]->value.s));
        else
            kql_emit_expr(e, call->args[i]);
    }
    e->truth = truth;
    kql_emit_addz(e, wrap ? "),false)" : "))");
}

static void emit_contains(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_call(e, "(positionCaseInsensitiveUTF8($1,$2) > 0)", call);
}

/* A constant is lowered here, so that the engine lowers only the column. */
static void emit_lowered(struct kql_emit *e, const struct kql_expr *call, const char *before,
                         const char *between, const char *after)
{
    kql_emit_addz(e, before);
    kql_emit_template(e, "lowerUTF8($1)", call->args, 1);
    kql_emit_addz(e, between);
    if (call->args[1]->kind == KQL_EXPR_CONST)
        kql_emit_text(e, kql_term_lower(e->arena, call->args[1]->value.s));
    else
        kql_emit_call(e, "lowerUTF8($2)", call);
    kql_emit_addz(e, after);
}

static void emit_startswith(struct kql_emit *e, const struct kql_expr *call)
{
    emit_lowered(e, call, "startsWith(", ",", ")");
}

static void emit_endswith(struct kql_emit *e, const struct kql_expr *call)
{
    emit_lowered(e, call, "endsWith(", ",", ")");
}

static void emit_equal_nocase(struct kql_emit *e, const struct kql_expr *call)
{
    emit_lowered(e, call, "(", " = ", ")");
}

static void emit_regex(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_template(e, "match($1,", call->args, 1);
    if (call->args[1]->kind == KQL_EXPR_CONST)
        kql_emit_text(e, kql_term_regex(e->arena, call->args[1]->value.s));
    else
        kql_emit_call(e, "concat('(?-s)',$2)", call);
    kql_emit_addz(e, ")");
}

/* !has and its kin: not() of the plain one. */
static struct kql_expr *bind_negated(struct kql_binder *b, const struct kql_fn *fn,
                                     const struct kql_node *node, struct kql_expr **args, size_t n)
{
    (void)node;
    struct kql_expr *plain = kql_build_operator(b, str_from(str_of(fn->name), 1), args[0]->span, args, n);
    return plain ? KQL_CALL1(b, "not", plain) : NULL;
}

static struct kql_expr *bind_text(struct kql_binder *b, const struct kql_fn *fn, const struct kql_node *node,
                                  struct kql_expr **args, size_t n)
{
    (void)node;
    for (size_t i = 0; i < n; i++) {
        bool fits = args[i]->type == KQL_STRING || args[i]->type == KQL_DYNAMIC ||
                    args[i]->type == KQL_GUID || args[i]->type == KQL_UNKNOWN;
        if (!fits) {
            kql_bind_error(b, KQL_DIAG_TYPE, args[i]->span, "\"%s\" compares strings, and this is " STR_FMT,
                           fn->name, STR_ARG(kql_type_one(args[i]->type)));
            kql_diag_hint(b->diags, "tostring() makes a string of it");
            return NULL;
        }
        args[i] = kql_convert_cast(b, args[i], KQL_STRING);
        if (!args[i])
            return NULL;
    }
    if (strcmp(fn->name, "matches regex") == 0 &&
        !kql_convert_pattern(b, kql_plan_const_text(args[1]), args[1]->span))
        return NULL;
    return kql_build_raw(b, fn, KQL_BOOL, args[0]->span, args, n);
}

/* By nothing is null, and the least number by -1 is itself: a divisor that is neither needs no guard. */
static void emit_long_divide(struct kql_emit *e, const struct kql_expr *call)
{
    const struct kql_expr *by = call->args[1];
    bool safe = by->kind == KQL_EXPR_CONST && !by->value.null && by->value.i != 0 && by->value.i != -1;

    kql_emit_call(e, safe ? "intDiv($1,$2)" : "if($2 = -1,-$1,intDivOrNull($1,$2))", call);
}

#define HIDDEN .hidden = true, .doc = "An operator.", .nulls = KQL_FN_NULLS_PASS
#define TEXT .hidden = true, .doc = "An operator on strings.", .nulls = KQL_FN_NULLS_NEVER, .bind = bind_text
#define NEGATED .hidden = true, .doc = "The opposite of an operator.", .bind = bind_negated
#define DATETIME_RANGE "BETWEEN toInt64(-621355968000000000) AND toInt64(2534023007999999999)"

const struct kql_fn KQL_FN_OPERATOR[] = {
    { .name = "+", .bind = bind_add, .sql = "($1 + $2)", HIDDEN, .example = "1 + 2", .yields = "3" },
    { .name = "-", .bind = bind_subtract, .sql = "($1 - $2)", HIDDEN, .example = "1 - 2", .yields = "-1" },
    /* The engine would add the digits behind the points of both. */
    { .name = "·decimal*",
      .sql = "accurateCastOrNull(multiplyDecimal($1,$2,18),'Decimal(38,18)')",
      .hidden = true,
      .nulls = KQL_FN_NULLS_MAY,
      .doc = "The product of decimals.",
      .example = "decimal(2147483648) * decimal(2)",
      .yields = "4294967296" },
    { .name = "*", .bind = bind_multiply, .sql = "($1 * $2)", HIDDEN, .example = "3 * 2", .yields = "6" },
    { .name = "/", .bind = bind_divide, HIDDEN, .example = "7 / 2", .yields = "3" },
    { .name = "%", .bind = bind_modulo, HIDDEN, .example = "-7 % 3", .yields = "2" },
    { .name = "negate", .bind = bind_negate, .sql = "(-$1)", HIDDEN, .example = "-(2)", .yields = "-2" },
    { .name = "·datetime+",
      .hidden = true,
      .nulls = KQL_FN_NULLS_MAY,
      .doc = "A datetime and a timespan.",
      .sql = "reinterpret(if((reinterpretAsInt64($1) + $2) " DATETIME_RANGE
             ",reinterpretAsInt64($1) + $2,NULL),'DateTime64(7,\\'UTC\\')')",
      .example = "datetime(2020-01-01) + 1d",
      .yields = "2020-01-02T00:00:00.0000000Z" },
    { .name = "·datetime-",
      .hidden = true,
      .nulls = KQL_FN_NULLS_MAY,
      .doc = "A datetime without a timespan.",
      .sql = "reinterpret(if((reinterpretAsInt64($1) - $2) " DATETIME_RANGE
             ",reinterpretAsInt64($1) - $2,NULL),'DateTime64(7,\\'UTC\\')')",
      .example = "datetime(2020-01-01) - 1d",
      .yields = "2019-12-31T00:00:00.0000000Z" },
    { .name = "·datetime-datetime",
      .sql = "(reinterpretAsInt64($1) - reinterpretAsInt64($2))",
      HIDDEN,
      .example = "datetime(2020-01-02) - datetime(2020-01-01)",
      .yields = "1.00:00:00" },
    { .name = "·decimal/",
      .hidden = true,
      .nulls = KQL_FN_NULLS_MAY,
      .doc = "A quotient of decimals; null when it is too large or divided by nothing.",
      .sql = "if(ifNull($2 = 0,true),NULL,accurateCastOrNull(divideDecimal($1,if(ifNull($2 = "
             "0,true),toDecimal128(1,18),$2),18),'Decimal(38,18)'))",
      .example = "decimal(3) / decimal(2)",
      .yields = "1.5" },
    { .name = "·timespan*",
      .hidden = true,
      .nulls = KQL_FN_NULLS_MAY,
      .doc = "A timespan times a real.",
      .sql = "accurateCastOrNull(trunc($1 * $2),'Int64')",
      .example = "1h * 1.5",
      .yields = "01:30:00" },
    { .name = "·timespan/",
      .hidden = true,
      .nulls = KQL_FN_NULLS_MAY,
      .doc = "A timespan by a real.",
      .sql = "accurateCastOrNull(trunc($1 / $2),'Int64')",
      .example = "1h / 0.5",
      .yields = "02:00:00" },
    { .name = "·long/",
      .hidden = true,
      .nulls = KQL_FN_NULLS_MAY,
      .doc = "Division of whole numbers.",
      .emit = emit_long_divide,
      .example = "-7 / 2",
      .yields = "-3" },
    { .name = "·real/", .sql = "($1 / $2)", HIDDEN, .example = "7.0 / 2", .yields = "3.5" },
    { .name = "·long%",
      .hidden = true,
      .nulls = KQL_FN_NULLS_MAY,
      .doc = "Remainder, never negative.",
      .sql = "positiveModuloOrNull($1,$2)",
      .example = "-7 % 4",
      .yields = "1" },
    { .name = "·real%", .sql = "positiveModulo($1,$2)", HIDDEN, .example = "7.5 % 2", .yields = "1.5" },

    { .name = "==",
      .bind = bind_compare,
      .emit = emit_compare,
      .hidden = true,
      .nulls = KQL_FN_NULLS_NEVER,
      .doc = "Equal; false with a null.",
      .example = "1 == 1",
      .yields = "True" },
    { .name = "!=",
      .bind = bind_compare,
      .emit = emit_compare,
      .hidden = true,
      .nulls = KQL_FN_NULLS_NEVER,
      .doc = "Not equal; true with a null.",
      .example = "1 != int(null)",
      .yields = "True" },
    { .name = "<",
      .bind = bind_compare,
      .emit = emit_compare,
      .hidden = true,
      .nulls = KQL_FN_NULLS_NEVER,
      .doc = "Less.",
      .example = "1 < 2",
      .yields = "True" },
    { .name = ">",
      .bind = bind_compare,
      .emit = emit_compare,
      .hidden = true,
      .nulls = KQL_FN_NULLS_NEVER,
      .doc = "Greater.",
      .example = "1 > 2",
      .yields = "False" },
    { .name = "<=",
      .bind = bind_compare,
      .emit = emit_compare,
      .hidden = true,
      .nulls = KQL_FN_NULLS_NEVER,
      .doc = "Less or equal.",
      .example = "2 <= 2",
      .yields = "True" },
    { .name = ">=",
      .bind = bind_compare,
      .emit = emit_compare,
      .hidden = true,
      .nulls = KQL_FN_NULLS_NEVER,
      .doc = "Greater or equal.",
      .example = "1 >= 2",
      .yields = "False" },
    { .name = "between", .bind = bind_between, HIDDEN, .example = "2 between (1 .. 3)", .yields = "True" },
    { .name = "!between", .bind = bind_between, HIDDEN, .example = "2 !between (1 .. 3)", .yields = "False" },
    { .name = "and",
      .emit = emit_junction,
      .result = KQL_BOOL,
      HIDDEN,
      .example = "true and false",
      .yields = "False" },
    { .name = "or",
      .emit = emit_junction,
      .result = KQL_BOOL,
      HIDDEN,
      .example = "true or false",
      .yields = "True" },
    { .name = "not",
      .args = "a",
      .bind = bind_not,
      .sql = "(NOT $1)",
      .result = KQL_BOOL,
      .doc = "The opposite of a condition.",
      .example = "not(1 == 2)",
      .yields = "True" },

    { .name = "·in",
      .emit = emit_in,
      .hidden = true,
      .nulls = KQL_FN_NULLS_NEVER,
      .doc = "One of a list.",
      .example = "'a' in ('a', 'b')",
      .yields = "True" },
    { .name = "·in~",
      .emit = emit_in,
      .hidden = true,
      .nulls = KQL_FN_NULLS_NEVER,
      .doc = "One of a list in any case.",
      .example = "'A' in~ ('a', 'b')",
      .yields = "True" },
    { .name = "·in_array",
      .hidden = true,
      .nulls = KQL_FN_NULLS_NEVER,
      .doc = "One of a dynamic array.",
      .sql = "has(JSONExtract($2,'Array(String)'),$1)",
      .example = "'a' in (split('a,b', ','))",
      .yields = "True" },
    { .name = "·in_array~",
      .hidden = true,
      .nulls = KQL_FN_NULLS_NEVER,
      .doc = "One of a dynamic array in any case.",
      .sql = "has(JSONExtract(lowerUTF8($2),'Array(String)'),lowerUTF8($1))",
      .example = "'A' in~ (split('a,b', ','))",
      .yields = "True" },

    { .name = "has",
      .emit = kql_term_emit_has,
      TEXT,
      .example = "'North America' has 'america'",
      .yields = "True" },
    { .name = "has_cs",
      .emit = kql_term_emit_has,
      TEXT,
      .example = "'North America' has_cs 'america'",
      .yields = "False" },
    { .name = "hasprefix",
      .emit = kql_term_emit_has,
      TEXT,
      .example = "'North America' hasprefix 'ame'",
      .yields = "True" },
    { .name = "hasprefix_cs",
      .emit = kql_term_emit_has,
      TEXT,
      .example = "'North America' hasprefix_cs 'ame'",
      .yields = "False" },
    { .name = "hassuffix",
      .emit = kql_term_emit_has,
      TEXT,
      .example = "'North America' hassuffix 'RTH'",
      .yields = "True" },
    { .name = "hassuffix_cs",
      .emit = kql_term_emit_has,
      TEXT,
      .example = "'North America' hassuffix_cs 'rth'",
      .yields = "True" },
    { .name = "·has_any",
      .emit = kql_term_emit_any,
      TEXT,
      .example = "'North America' has_any ('south', 'north')",
      .yields = "True" },
    { .name = "·has_all",
      .emit = kql_term_emit_all,
      TEXT,
      .example = "'North America' has_all ('america', 'north')",
      .yields = "True" },
    { .name = "·has_any_array",
      .emit = kql_term_emit_any_array,
      TEXT,
      .example = "'a b' has_any (split('x,b', ','))",
      .yields = "True" },
    { .name = "·has_all_array",
      .emit = kql_term_emit_all_array,
      TEXT,
      .example = "'a b' has_all (split('x,b', ','))",
      .yields = "False" },
    { .name = "contains",
      .emit = emit_contains,
      TEXT,
      .example = "'FabriKam' contains 'BRik'",
      .yields = "True" },
    { .name = "contains_cs",
      .sql = "(position($1,$2) > 0)",
      TEXT,
      .example = "'FabriKam' contains_cs 'Kam'",
      .yields = "True" },
    { .name = "startswith",
      .emit = emit_startswith,
      TEXT,
      .example = "'FabriKam' startswith 'fab'",
      .yields = "True" },
    { .name = "startswith_cs",
      .sql = "startsWith($1,$2)",
      TEXT,
      .example = "'FabriKam' startswith_cs 'fab'",
      .yields = "False" },
    { .name = "endswith",
      .emit = emit_endswith,
      TEXT,
      .example = "'FabriKam' endswith 'kam'",
      .yields = "True" },
    { .name = "endswith_cs",
      .sql = "endsWith($1,$2)",
      TEXT,
      .example = "'FabriKam' endswith_cs 'Kam'",
      .yields = "True" },
    { .name = "=~", .emit = emit_equal_nocase, TEXT, .example = "'abc' =~ 'ABC'", .yields = "True" },
    { .name = "matches regex",
      .emit = emit_regex,
      TEXT,
      .example = "'FabriKam' matches regex 'b.*k'",
      .yields = "False" },
    { .name = "like",
      .sql = "($1 ILIKE replaceAll($2,'*','%'))",
      TEXT,
      .example = "'abc' like 'A*'",
      .yields = "True" },
    { .name = "!has", NEGATED, .example = "'a b' !has 'b'", .yields = "False" },
    { .name = "!has_cs", NEGATED, .example = "'a b' !has_cs 'B'", .yields = "True" },
    { .name = "!hasprefix", NEGATED, .example = "'a bc' !hasprefix 'b'", .yields = "False" },
    { .name = "!hasprefix_cs", NEGATED, .example = "'a bc' !hasprefix_cs 'B'", .yields = "True" },
    { .name = "!hassuffix", NEGATED, .example = "'a bc' !hassuffix 'c'", .yields = "False" },
    { .name = "!hassuffix_cs", NEGATED, .example = "'a bc' !hassuffix_cs 'C'", .yields = "True" },
    { .name = "!contains", NEGATED, .example = "'abc' !contains 'B'", .yields = "False" },
    { .name = "!contains_cs", NEGATED, .example = "'abc' !contains_cs 'B'", .yields = "True" },
    { .name = "!startswith", NEGATED, .example = "'abc' !startswith 'A'", .yields = "False" },
    { .name = "!startswith_cs", NEGATED, .example = "'abc' !startswith_cs 'A'", .yields = "True" },
    { .name = "!endswith", NEGATED, .example = "'abc' !endswith 'C'", .yields = "False" },
    { .name = "!endswith_cs", NEGATED, .example = "'abc' !endswith_cs 'C'", .yields = "True" },
    { .name = "!~",
      .bind = NULL,
      .args = "ss",
      .result = KQL_BOOL,
      .nulls = KQL_FN_NULLS_NEVER,
      .hidden = true,
      .doc = "Not equal in any case.",
      .sql = "(lowerUTF8($1) != lowerUTF8($2))",
      .example = "'abc' !~ 'ABC'",
      .yields = "False" },
    { .name = ".",
      .emit = kql_path_emit,
      .hidden = true,
      .nulls = KQL_FN_NULLS_NEVER,
      .doc = "A member of a dynamic.",
      .example = "dynamic({'a':[1,2]}).a[1]",
      .yields = "2" },
    { 0 },
};
