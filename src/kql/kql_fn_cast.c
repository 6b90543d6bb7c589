/* SPDX-License-Identifier: Apache-2.0 */
/* to…(): each by the type of what it converts. */
#include "kql/kql_build.h"
#include "kql/kql_convert.h"
#include "kql/kql_emit.h"
#include "kql/kql_fn.h"
#include "kql/kql_path.h"

#define BLANKS "' \\t\\r\\n'"
#define LONG_OF_STRING                                                                                       \
    "if(match($1,'^\\\\s*0[xX][0-9A-Fa-f]{1,16}\\\\s*$'),"                                                   \
    "reinterpretAsInt64(reverse(unhex(leftPad(substring(trimBoth($1," BLANKS "),3),16,'0')))),"              \
    "toInt64OrNull(trimBoth($1," BLANKS ")))"
#define LONG_OF_REAL                                                                                         \
    "multiIf(isNaN($1) OR isInfinite($1),NULL,$1 >= 9.223372036854775e18,toInt64(9223372036854775807),"      \
    "$1 <= -9.223372036854775e18,toInt64('-9223372036854775808'),"                                           \
    "toInt64(if(isNaN($1) OR isInfinite($1) OR abs($1) >= 9.223372036854775e18,0,trunc($1))))"
#define REAL_OF_STRING                                                                                       \
    "if(match($1,'^\\\\s*([+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?|[+-]?([iI]nf|Infinity)|nan|"   \
    "NaN)"                                                                                                   \
    "\\\\s*$'),toFloat64OrNull(trimBoth($1," BLANKS ")),NULL)"
#define BOOL_OF_STRING                                                                                       \
    "multiIf(lower($1) = 'true',true,lower($1) = 'false',false,"                                             \
    "CAST((" LONG_OF_STRING ") != 0,'Nullable(Bool)'))"
#define STRING_OF_DYNAMIC "if($1 = 'null','',JSONExtract($1,'String'))"
#define TICKS "reinterpretAsInt64($1)"
#define EPOCH "toInt64(621355968000000000)"
#define DATETIME_OF_TICKS(v)                                                                                 \
    "reinterpret(if((" v ") BETWEEN toInt64(-621355968000000000) AND toInt64(2534023007999999999)," v        \
    ",NULL),'DateTime64(7,\\'UTC\\')')"
#define BEST_EFFORT(s) "parseDateTime64BestEffortUSOrNull(trimBoth(" s "),7,'UTC')"
/* 08-Nov-14 is in 2014 and 08-Nov-94 in 1994. */
#define TWO_DIGIT_YEAR(digits, century)                                                                      \
    "match($1,'^[^0-9]*[0-9]{1,2}[- ][A-Za-z]{3,9}[- ]" digits                                               \
    " ')," BEST_EFFORT("replaceRegexpOne($1,'^[^0-9]*([0-9]{1,2})[- ]([A-Za-z]{3,9})[- ]([0-9]{2}) ',"       \
                       "'\\\\1 \\\\2 " century "\\\\3 ')") ","
#define DATETIME_OF_STRING                                                                                   \
    "multiIf(match($1,'^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}')," BEST_EFFORT("$1") "," TWO_DIGIT_YEAR(             \
        "[0-4][0-9]", "20")                                                                                  \
        TWO_DIGIT_YEAR("[5-9][0-9]", "19") "match($1,'[0-9][-/ "                                             \
                                           ".][^.]*[0-9A-Za-z]|^[0-9]{8}(T|$)')," BEST_EFFORT(               \
                                               "$1") ",match($1,'^[0-9]{4}$')," BEST_EFFORT("concat($1,'-"   \
                                                                                            "01-01')") ",NU" \
                                                                                                       "LL)"
#define TIMESPAN_CLOCK                                                                                       \
    "extractGroups(trimBoth($1),'^(-?)(?:([0-9]+)[.])?([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.]([0-9]{1,"  \
    "7}))?)?$')"
#define TIMESPAN_UNIT "extractGroups(trimBoth($1),'^(-?[0-9]+(?:[.][0-9]+)?)(d|h|m|s|ms|tick)$')"
#define TIMESPAN_OF_STRING                                                                                   \
    "multiIf(length(" TIMESPAN_CLOCK ") = 6 AND toUInt8OrZero(" TIMESPAN_CLOCK "[3]) < 24,"                  \
    "if(" TIMESPAN_CLOCK "[1] = '-',-1,1) * (toInt64OrZero(" TIMESPAN_CLOCK "[2]) * toInt64(864000000000)"   \
    " + toInt64OrZero(" TIMESPAN_CLOCK "[3]) * toInt64(36000000000)"                                         \
    " + toInt64OrZero(" TIMESPAN_CLOCK "[4]) * toInt64(600000000)"                                           \
    " + toInt64OrZero(" TIMESPAN_CLOCK "[5]) * toInt64(10000000)"                                            \
    " + toInt64OrZero(rightPad(" TIMESPAN_CLOCK "[6],7,'0'))),"                                              \
    "length(" TIMESPAN_UNIT ") = 2,toInt64(toFloat64OrZero(" TIMESPAN_UNIT "[1]) * transform(" TIMESPAN_UNIT \
    "[2],['d','h','m','s','ms','tick'],[864000000000.,36000000000.,600000000.,10000000.,10000.,1.],0.)),"    \
    "match($1,'^[0-9]+$'),toInt64OrNull($1) * toInt64(864000000000),NULL)"

/* What a dynamic holds, read as a string first; a path is read without the detour over its raw text. */
static void string_of_dynamic(struct kql_emit *e, const struct kql_expr *x)
{
    struct kql_expr *args[] = { (struct kql_expr *)x };
    if (kql_path_is(x))
        kql_path_emit_as(e, x, "String");
    else
        kql_emit_template(e, STRING_OF_DYNAMIC, args, 1);
}

static void emit_tostring(struct kql_emit *e, const struct kql_expr *call)
{
    switch (call->args[0]->type) {
    case KQL_DYNAMIC:
        string_of_dynamic(e, call->args[0]);
        break;
    case KQL_BOOL:
        kql_emit_call(e, "multiIf(isNull($1),'',$1,'True','False')", call);
        break;
    case KQL_REAL:
        kql_emit_call(e,
                      /* The engine's digits are ours but for the exponents. It runs WebAssembly for every
                       * row: with 0 for those that do not need it, which costs least. */
                      "multiIf(isNull($1),'',abs($1) < 1e15 AND $1 = trunc($1),concat(toString($1),'.0'),"
                      "abs($1) >= 1e-4 AND abs($1) < 1e15,ifNull(toString($1),''),"
                      "kql_real_tostring(if(abs(ifNull($1,0)) >= 1e-4 AND abs(ifNull($1,0)) < "
                      "1e15,0,toFloat64(ifNull($1,0)))))",
                      call);
        break;
    case KQL_DATETIME:
        kql_emit_call(e, "ifNull(concat(replaceOne(toString($1),' ','T'),'Z'),'')", call);
        break;
    case KQL_TIMESPAN:
        kql_emit_call(e, "ifNull(" KQL_EMIT_TIMESPAN("$1") ",'')", call);
        break;
    case KQL_STRING:
    case KQL_UNKNOWN:
        kql_emit_call(e, "$1", call);
        break;
    default:
        kql_emit_call(e, "ifNull(toString($1),'')", call);
        break;
    }
}

static void emit_tolong(struct kql_emit *e, const struct kql_expr *call)
{
    switch (call->args[0]->type) {
    case KQL_STRING:
        kql_emit_call(e, LONG_OF_STRING, call);
        break;
    case KQL_REAL:
        kql_emit_call(e, LONG_OF_REAL, call);
        break;
    case KQL_BOOL:
        kql_emit_call(e, "toInt64($1)", call);
        break;
    case KQL_DECIMAL: /* the engine throws where a decimal is too large, whatever the function is called */
        kql_emit_call(e, "if(abs($1) < toDecimal128('9223372036854775807',0),toInt64(trunc($1)),NULL)", call);
        break;
    case KQL_DATETIME:
        kql_emit_call(e, "(" TICKS " + " EPOCH ")", call);
        break;
    default:
        kql_emit_call(e, "$1", call);
        break;
    }
}

/* Through a string only what is a string in the JSON: "0x10" and "5" are numbers for us, not for the engine.
 */
static struct kql_expr *by_string(struct kql_binder *b, const struct kql_fn *fn, struct kql_expr *arg)
{
    struct kql_expr *text = KQL_CALL1(b, "tostring", arg);
    if (!text)
        return NULL;
    struct kql_expr *of_text = kql_build_raw(b, fn, fn->result, arg->span, &text, 1);
    struct kql_expr *args[] = { arg, of_text };
    return of_text ? kql_build_raw(b,
                                   kql_fn_find(fn->result == KQL_REAL  ? S("·real_of_json")
                                               : fn->result == KQL_INT ? S("·int_of_json")
                                                                       : S("·long_of_json")),
                                   fn->result, arg->span, args, 2)
                   : NULL;
}

static struct kql_expr *cannot(struct kql_binder *b, const struct kql_fn *fn, const struct kql_expr *arg)
{
    kql_bind_error(b, KQL_DIAG_TYPE, arg->span, "%s() does not convert " STR_FMT, fn->name,
                   STR_ARG(kql_type_one(arg->type)));
    return NULL;
}

static struct kql_expr *bind_number(struct kql_binder *b, const struct kql_fn *fn,
                                    const struct kql_node *node, struct kql_expr **args, size_t n)
{
    enum kql_type from = args[0]->type;
    (void)node;

    if (from == fn->result && from != KQL_INT)
        return args[0];
    if (from == KQL_GUID)
        return cannot(b, fn, args[0]);
    if (from == KQL_UNKNOWN)
        return kql_plan_const(b->arena, kql_value_null(fn->result), args[0]->span);
    if (from == KQL_DYNAMIC)
        return by_string(b, fn, args[0]);
    return kql_build_raw(b, fn, fn->result, args[0]->span, args, n);
}

static void emit_toint(struct kql_emit *e, const struct kql_expr *call)
{
    switch (call->args[0]->type) {
    case KQL_STRING:
        kql_emit_addz(e, "(");
        kql_emit_call(e, "accurateCastOrNull(" LONG_OF_STRING ",'Int32')", call);
        kql_emit_addz(e, "::Nullable(Int64))");
        break;
    case KQL_REAL:
        kql_emit_call(e,
                      "multiIf(isNaN($1) OR isInfinite($1),NULL,$1 >= 2147483647,toInt64(2147483647),"
                      "$1 <= -2147483648,toInt64(-2147483648),"
                      "toInt64(if(isNaN($1) OR isInfinite($1) OR abs($1) > 3e9,0,trunc($1))))",
                      call);
        break;
    case KQL_LONG:
        kql_emit_call(e, "toInt64(toInt32($1))", call);
        break;
    default:
        emit_tolong(e, call);
        break;
    }
}

static void emit_todouble(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_call(e,
                  call->args[0]->type == KQL_STRING     ? REAL_OF_STRING
                  : call->args[0]->type == KQL_DATETIME ? "toFloat64(" TICKS " + " EPOCH ")"
                                                        : "toFloat64($1)",
                  call);
}

static struct kql_expr *bind_bool(struct kql_binder *b, const struct kql_fn *fn, const struct kql_node *node,
                                  struct kql_expr **args, size_t n)
{
    (void)node;
    if (args[0]->type == KQL_DYNAMIC) { /* a number is read as one, the rest as text */
        struct kql_expr *text = KQL_CALL1(b, "tostring", args[0]);
        struct kql_expr *pair[] = { args[0], text ? KQL_CALL1(b, "tobool", text) : NULL };
        return pair[1] ? kql_build_raw(b, kql_fn_find(S("·bool_of_json")), KQL_BOOL, args[0]->span, pair, 2)
                       : NULL;
    }
    if (args[0]->type == KQL_BOOL)
        return args[0];
    if (args[0]->type == KQL_UNKNOWN)
        return kql_plan_const(b->arena, kql_value_null(KQL_BOOL), args[0]->span);
    if (args[0]->type != KQL_STRING && !kql_type_is_number(args[0]->type))
        return cannot(b, fn, args[0]);
    return kql_build_raw(b, fn, KQL_BOOL, args[0]->span, args, n);
}

static void emit_tobool(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_call(e, call->args[0]->type == KQL_STRING ? BOOL_OF_STRING : "CAST($1 != 0,'Nullable(Bool)')",
                  call);
}

/* Dates, spans and guids come from strings; a dynamic is read as one first. */
static struct kql_expr *bind_by_text(struct kql_binder *b, const struct kql_fn *fn,
                                     const struct kql_node *node, struct kql_expr **args, size_t n)
{
    (void)node;
    if (args[0]->type == KQL_DYNAMIC)
        args[0] = KQL_CALL1(b, "tostring", args[0]);
    if (!args[0] || args[0]->type == fn->result)
        return args[0];
    if (args[0]->type == KQL_UNKNOWN)
        return kql_plan_const(b->arena, kql_value_null(fn->result), args[0]->span);
    bool number =
        kql_type_is_number(args[0]->type) && (fn->result == KQL_DATETIME || fn->result == KQL_TIMESPAN);
    if (args[0]->type == KQL_BOOL || (kql_type_is_number(args[0]->type) && !number) ||
        (fn->result == KQL_GUID && args[0]->type != KQL_STRING))
        return cannot(b, fn, args[0]);
    return kql_build_of(b, fn, args[0]->span, args, n);
}

static void emit_todatetime(struct kql_emit *e, const struct kql_expr *call)
{
    if (call->args[0]->type == KQL_STRING)
        kql_emit_call(e, DATETIME_OF_STRING, call);
    else if (call->args[0]->type == KQL_GUID)
        kql_emit_add(e, kql_type_null_sql(KQL_DATETIME));
    else
        kql_emit_call(e, DATETIME_OF_TICKS("toInt64($1) - " EPOCH), call);
}

static void emit_totimespan(struct kql_emit *e, const struct kql_expr *call)
{
    switch (call->args[0]->type) {
    case KQL_REAL:
        kql_emit_call(e, "accurateCastOrNull(trunc($1 * 864000000000.),'Int64')", call);
        break;
    case KQL_STRING:
        kql_emit_call(e, TIMESPAN_OF_STRING, call);
        break;
    case KQL_INT:
    case KQL_LONG:
    case KQL_TIMESPAN:
        kql_emit_call(e, "$1", call);
        break;
    default:
        kql_emit_add(e, kql_type_null_sql(KQL_TIMESPAN));
        break;
    }
}

static struct kql_expr *bind_dynamic(struct kql_binder *b, const struct kql_fn *fn,
                                     const struct kql_node *node, struct kql_expr **args, size_t n)
{
    (void)node;
    if (args[0]->type == KQL_DYNAMIC)
        return args[0];
    if (args[0]->type == KQL_UNKNOWN)
        return kql_plan_const(b->arena, kql_value_null(KQL_DYNAMIC), args[0]->span);
    return kql_build_raw(b, fn, KQL_DYNAMIC, args[0]->span, args, n);
}

static void emit_todynamic(struct kql_emit *e, const struct kql_expr *call)
{
    switch (call->args[0]->type) {
    case KQL_STRING:
        kql_emit_call(e, "if(isValidJSON($1),$1,if($1 = '','',toJSONString($1)))", call);
        break;
    case KQL_DATETIME:
    case KQL_TIMESPAN:
    case KQL_GUID:
    case KQL_DECIMAL: {
        struct kql_expr copy = *call;
        copy.fn = kql_fn_find(S("tostring"));
        kql_emit_addz(e, "ifNull(toJSONString(nullIf(");
        emit_tostring(e, &copy);
        kql_emit_addz(e, ",'')),'')");
        break;
    }
    default:
        kql_emit_call(e, "ifNull(toJSONString($1),'')", call);
        break;
    }
}

const struct kql_fn KQL_FN_CAST[] = {
    { .name = "tostring",
      .args = "a",
      .result = KQL_STRING,
      .nulls = KQL_FN_NULLS_NEVER,
      .naming = KQL_FN_NAMING_FIRST,
      .emit = emit_tostring,
      .doc = "The value as a string; a null is the empty string.",
      .example = "tostring(1.5)",
      .yields = "1.5" },
    { .name = "tolong",
      .args = "a",
      .result = KQL_LONG,
      .nulls = KQL_FN_NULLS_MAY,
      .naming = KQL_FN_NAMING_FIRST,
      .bind = bind_number,
      .emit = emit_tolong,
      .doc = "The value as a long; null when it is none.",
      .example = "tolong('0x10')",
      .yields = "16" },
    { .name = "toint",
      .args = "a",
      .result = KQL_INT,
      .nulls = KQL_FN_NULLS_MAY,
      .naming = KQL_FN_NAMING_FIRST,
      .bind = bind_number,
      .emit = emit_toint,
      .doc = "The value as an int; null when it is none.",
      .example = "toint('12')",
      .yields = "12" },
    { .name = "todouble",
      .args = "a",
      .result = KQL_REAL,
      .nulls = KQL_FN_NULLS_MAY,
      .naming = KQL_FN_NAMING_FIRST,
      .bind = bind_number,
      .emit = emit_todouble,
      .doc = "The value as a real; null when it is none.",
      .example = "todouble('1.5')",
      .yields = "1.5" },
    { .name = "toreal",
      .twin = "todouble",
      .doc = "todouble() by another name.",
      .example = "toreal('2.5')",
      .yields = "2.5" },
    { .name = "tobool",
      .args = "a",
      .result = KQL_BOOL,
      .nulls = KQL_FN_NULLS_MAY,
      .naming = KQL_FN_NAMING_FIRST,
      .bind = bind_bool,
      .emit = emit_tobool,
      .doc = "The value as a bool; null when it is none.",
      .example = "tobool('true')",
      .yields = "True" },
    { .name = "toboolean",
      .twin = "tobool",
      .doc = "tobool() by another name.",
      .example = "toboolean(0)",
      .yields = "False" },
    { .name = "todatetime",
      .args = "a",
      .result = KQL_DATETIME,
      .nulls = KQL_FN_NULLS_MAY,
      .naming = KQL_FN_NAMING_FIRST,
      .bind = bind_by_text,
      .emit = emit_todatetime,
      .doc = "The value as a datetime; null when it is none.",
      .example = "todatetime('2020-02-03')",
      .yields = "2020-02-03T00:00:00.0000000Z" },
    { .name = "totimespan",
      .args = "a",
      .result = KQL_TIMESPAN,
      .nulls = KQL_FN_NULLS_MAY,
      .naming = KQL_FN_NAMING_FIRST,
      .bind = bind_by_text,
      .emit = emit_totimespan,
      .doc = "The value as a timespan; null when it is none.",
      .example = "totimespan('1.02:03:04')",
      .yields = "1.02:03:04" },
    { .name = "totime",
      .twin = "totimespan",
      .doc = "totimespan() by another name.",
      .example = "totime('00:05')",
      .yields = "00:05:00" },
    { .name = "toguid",
      .args = "a",
      .result = KQL_GUID,
      .nulls = KQL_FN_NULLS_MAY,
      .naming = KQL_FN_NAMING_FIRST,
      .bind = bind_by_text,
      .sql = "if(match($1,'^[{]?[0-9A-Fa-f-]{32,38}[}]?$'),toUUIDOrNull(replaceRegexpOne(replaceRegexpAll($1,"
             "'[{}-]',''),"
             "'^(.{8})(.{4})(.{4})(.{4})(.{12})$','\\\\1-\\\\2-\\\\3-\\\\4-\\\\5')),NULL)",
      .doc = "The value as a guid; null when it is none.",
      .example = "toguid('70fc66f7-8279-44fc-9092-d364d70fce44')",
      .yields = "70fc66f7-8279-44fc-9092-d364d70fce44" },
    { .name = "todecimal",
      .args = "a",
      .result = KQL_DECIMAL,
      .nulls = KQL_FN_NULLS_MAY,
      .naming = KQL_FN_NAMING_FIRST,
      .sql = "toDecimal128OrNull(toString($1),18)",
      .doc = "The value as a decimal; null when it is none.",
      .example = "todecimal('0.5')",
      .yields = "0.5" },
    { .name = "todynamic",
      .args = "a",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .naming = KQL_FN_NAMING_FIRST,
      .bind = bind_dynamic,
      .emit = emit_todynamic,
      .doc = "JSON text as a dynamic; other text as a string in one.",
      .example = "todynamic('{\"a\":1}')",
      .yields = "{\"a\":1}" },
    { .name = "parse_json",
      .args = "a",
      .result = KQL_DYNAMIC,
      .naming = KQL_FN_NAMING_FIRST,
      .nulls = KQL_FN_NULLS_NEVER,
      .bind = bind_dynamic,
      .emit = emit_todynamic,
      .doc = "JSON text as a dynamic; other text as a string in one.",
      .example = "parse_json('[1,2]')[1]",
      .yields = "2" },
    { .name = "parsejson",
      .twin = "parse_json",
      .doc = "parse_json() by its old name.",
      .example = "parsejson('[1,2]')[0]",
      .yields = "1" },
    { .name = "toobject",
      .twin = "parse_json",
      .doc = "parse_json() by an old name.",
      .example = "toobject('[1,2]')[0]",
      .yields = "1" },
    { .name = "·quote",
      .args = NULL,
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .hidden = true,
      .sql = "if($1 = '','',toJSONString($1))",
      .doc = "A string as a dynamic that holds it.",
      .example = "pack_array('a')[0]",
      .yields = "a" },
    { .name = "·bool_of_json",
      .hidden = true,
      .nulls = KQL_FN_NULLS_MAY,
      .doc = "A dynamic as a bool.",
      .sql = "if(match($1,'^-?[0-9]'),toNullable(CAST(toFloat64OrZero($1) != 0,'Bool')),$2)",
      .example = "tobool(dynamic(1.5))",
      .yields = "True" },
    { .name = "·long_of_json",
      .hidden = true,
      .nulls = KQL_FN_NULLS_MAY,
      .doc = "A dynamic as a long.",
      .sql = "if(startsWith($1,'\"'),$2,JSONExtract($1,'Nullable(Int64)'))",
      .example = "tolong(dynamic('5'))",
      .yields = "5" },
    { .name = "·int_of_json",
      .hidden = true,
      .nulls = KQL_FN_NULLS_MAY,
      .doc = "A dynamic as an int.",
      .sql = "if(startsWith($1,'\"'),$2,toInt64(toInt32(JSONExtract($1,'Nullable(Int64)'))))",
      .example = "toint(dynamic('5'))",
      .yields = "5" },
    { .name = "·real_of_json",
      .hidden = true,
      .nulls = KQL_FN_NULLS_MAY,
      .doc = "A dynamic as a real.",
      .sql = "if(startsWith($1,'\"'),$2,JSONExtract($1,'Nullable(Float64)'))",
      .example = "todouble(dynamic('5.5'))",
      .yields = "5.5" },
    { 0 },
};
