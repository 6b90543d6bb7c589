/* SPDX-License-Identifier: Apache-2.0 */
/* Arrays and sets: dynamics that are lists. Elements are handled as raw JSON text. */
#include <math.h>

#include "kql/kql_build.h"
#include "kql/kql_convert.h"
#include "kql/kql_emit.h"
#include "kql/kql_fn.h"
#include "kql/kql_json.h"

#define RAW(d) "JSONExtractArrayRaw(" d ")"
#define JSON_OF(array) "concat('[',arrayStringConcat(" array ",','),']')"
#define IF_ARRAY(sql) "if(startsWith($1,'[')," sql ",'')"

static void emit_array_concat(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_addz(e, "concat('[',arrayStringConcat(arrayConcat(");
    for (size_t i = 0; i < call->n_args; i++)
        kql_emit_template(e,
                          i > 0 ? ",JSONExtractArrayRaw(if(startsWith($1,'['),$1,'[]'))"
                                : "JSONExtractArrayRaw(if(startsWith($1,'['),$1,'[]'))",
                          &call->args[i], 1);
    kql_emit_addz(e, "),','),']')");
}

/* A value as raw JSON, to be looked for among an array's elements. */
static struct kql_expr *bind_element(struct kql_binder *b, const struct kql_fn *fn,
                                     const struct kql_node *node, struct kql_expr **args, size_t n)
{
    struct kql_expr *whole =
        args[1]->type == KQL_REAL && args[1]->kind == KQL_EXPR_CONST && fabs(args[1]->value.r) < 1e15 &&
                args[1]->value.r == floor(args[1]->value.r)
            ? kql_plan_const(b->arena, kql_value_long((int64_t)args[1]->value.r), args[1]->span)
            : args[1]; /* 15.0 is 15 */
    (void)node;
    args[1] = kql_convert_cast(b, whole, KQL_DYNAMIC);
    return args[1] ? kql_build_raw(b, fn, fn->result, args[0]->span, args, n) : NULL;
}

/* array_index_of(a, v [, from [, length [, occurrence]]]) */
static void emit_index_of(struct kql_emit *e, const struct kql_expr *call)
{
    const char *sql[] = {
        [2] = "if(startsWith($1,'['),toNullable(toInt64(indexOf(JSONExtractArrayRaw($1),if($2 = "
              "'','null',$2))) - 1),NULL)",
        [3] = "if(startsWith($1,'['),toNullable(ifNull(arrayFilter(i -> JSONExtractArrayRaw($1)[i] = $2 AND "
              "i > if($3 < 0,"
              "toInt64(JSONLength($1)) + $3,$3),arrayEnumerate(JSONExtractArrayRaw($1)))[1],0)::Int64 - "
              "1),NULL)",
        [4] = "if(startsWith($1,'['),toNullable(arrayFilter(i -> JSONExtractArrayRaw($1)[i] = $2 AND i > "
              "if($3 < 0,"
              "toInt64(JSONLength($1)) + $3,$3) AND ($4 < 0 OR i <= if($3 < 0,toInt64(JSONLength($1)) + "
              "$3,$3) + $4),"
              "arrayEnumerate(JSONExtractArrayRaw($1)))[1]::Int64 - 1),NULL)",
        [5] = "if(startsWith($1,'['),toNullable(arrayFilter(i -> JSONExtractArrayRaw($1)[i] = $2 AND i > "
              "if($3 < 0,"
              "toInt64(JSONLength($1)) + $3,$3) AND ($4 < 0 OR i <= if($3 < 0,toInt64(JSONLength($1)) + "
              "$3,$3) + $4),"
              "arrayEnumerate(JSONExtractArrayRaw($1)))[$5]::Int64 - 1),NULL)",
    };
    kql_emit_call(e, sql[call->n_args], call);
}

static void emit_array_slice(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_call(e,
                  "if(startsWith($1,'[')," JSON_OF("arraySlice(" RAW(
                      "$1") ",greatest(if($2 < 0,toInt64(JSONLength($1)) + $2,$2),0) + 1,"
                            "greatest(if($3 < 0,toInt64(JSONLength($1)) + $3,$3) - greatest(if($2 < "
                            "0,toInt64(JSONLength($1)) + $2,$2),0) + 1,0))") ",'')",
                  call);
}

/* array_sort_asc(a [, b …] [, nulls_last]). The last argument of the call as it is built is that flag. */
static struct kql_expr *bind_sort(struct kql_binder *b, const struct kql_fn *fn, const struct kql_node *node,
                                  struct kql_expr **args, size_t n)
{
    struct kql_expr **own = ARENA_ARRAY(b->arena, struct kql_expr *, n + 1);
    bool              flagged = n > 1 && args[n - 1]->type == KQL_BOOL;
    size_t            arrays = flagged ? n - 1 : n;
    (void)node;

    for (size_t i = 0; i < arrays; i++) {
        if (args[i]->type != KQL_DYNAMIC) {
            kql_bind_error(b, KQL_DIAG_TYPE, args[i]->span, "%s() takes arrays, and this is " STR_FMT,
                           fn->name, STR_ARG(kql_type_one(args[i]->type)));
            return NULL;
        }
        own[i] = args[i];
    }
    own[arrays] =
        flagged ? args[arrays] : kql_plan_const(b->arena, kql_value_int_of(KQL_BOOL, 1), args[0]->span);
    if (own[arrays]->kind != KQL_EXPR_CONST) {
        kql_bind_error(b, KQL_DIAG_CONSTANT, own[arrays]->span, "whether nulls come last is a constant");
        return NULL;
    }
    return kql_build_raw(b, fn, KQL_DYNAMIC, args[0]->span, own, arrays + 1);
}

/* Numbers before strings before the rest; equals as they stood. */
#define SORT_KEY(sign)                                                                                       \
    "multiIf(match(p.1,'^-?[0-9]'),0,startsWith(p.1,'\"'),1,2),toFloat64OrZero(p.1),p.1," sign "toInt64(p."  \
    "3)"
#define SORTED(sort, nulls, sign)                                                                            \
    "arrayMap(p -> p.2," sort "(p -> (" nulls "," SORT_KEY(sign) "),arrayZip(" RAW(                          \
        "$1") ",arrayResize(" RAW("$2") ",length(" RAW("$1") ")),arrayEnumerate(" RAW("$1") "))))"

static void emit_sort(struct kql_emit *e, const struct kql_expr *call)
{
    bool        desc = strstr(call->fn->name, "desc") != NULL, last = call->args[call->n_args - 1]->value.i;
    const char *sql = desc   ? last ? JSON_OF(SORTED("arrayReverseSort", "p.1 != 'null'", "-"))
                                    : JSON_OF(SORTED("arrayReverseSort", "p.1 = 'null'", "-"))
                        : last ? JSON_OF(SORTED("arraySort", "p.1 = 'null'", ""))
                             : JSON_OF(SORTED("arraySort", "p.1 != 'null'", ""));
    size_t      arrays = call->n_args - 1;

    kql_emit_template(e, "if(startsWith($1,'['),", call->args, 1);
    kql_emit_addz(e, arrays > 1 ? "concat('['" : "");
    for (size_t i = 0; i < arrays; i++) {
        struct kql_expr *pair[] = { call->args[0], call->args[i] };
        kql_emit_addz(e, arrays == 1 ? "" : i > 0 ? ",','," : ",");
        kql_emit_template(e, i > 0 ? "if(JSONLength($1) = JSONLength($2)," : "", pair, 2);
        kql_emit_template(e, sql, pair, 2);
        kql_emit_addz(e, i > 0 ? ",'null')" : "");
    }
    kql_emit_addz(e, arrays > 1 ? ",']'),'')" : ",'')");
}

static void parts_of_sort(struct kql_binder *b, const struct kql_node *node, const struct kql_expr *call,
                          kql_fn_parts *out)
{
    for (size_t i = 0; call->n_args > 2 && i + 1 < call->n_args; i++) {
        str name = kql_bind_name(b, node->kids.p[i]);
        *vec_push_in(b->arena, out) =
            (struct kql_fn_part) { name.n > 0 ? arena_printf(b->arena, STR_FMT "_sorted", STR_ARG(name))
                                              : arena_printf(b->arena, "array%zu_sorted", i + 1),
                                   KQL_DYNAMIC };
    }
}

/* At one place or at many; places from the end are negative. */
static struct kql_expr *bind_split(struct kql_binder *b, const struct kql_fn *fn, const struct kql_node *node,
                                   struct kql_expr **args, size_t n)
{
    (void)node;
    if (kql_type_is_integer(args[1]->type))
        args[1] = KQL_CALL1(b, "pack_array", args[1]);
    if (args[1] && args[1]->type != KQL_DYNAMIC) {
        kql_bind_error(b, KQL_DIAG_TYPE, args[1]->span, "%s() takes a place or an array of places", fn->name);
        return NULL;
    }
    return args[1] ? kql_build_raw(b, fn, KQL_DYNAMIC, args[0]->span, args, n) : NULL;
}

#define PLACES                                                                                               \
    "arrayMap(i -> if(i < 0,greatest(i + "                                                                   \
    "toInt64(JSONLength($1)),0),i),JSONExtract(if(startsWith($2,'['),$2,"                                    \
    "concat('[',$2,']')),'Array(Int64)'))"

static void emit_set(struct kql_emit *e, const struct kql_expr *call, const char *combine)
{
    kql_emit_addz(e, "concat('[',arrayStringConcat(");
    kql_emit_addz(e, combine);
    for (size_t i = 0; i < call->n_args; i++)
        kql_emit_template(e, i > 0 ? "," RAW("$1") : RAW("$1"), &call->args[i], 1);
}

static void emit_set_union(struct kql_emit *e, const struct kql_expr *call)
{
    emit_set(e, call, "arrayDistinct(arrayConcat(");
    kql_emit_addz(e, ")),','),']')");
}

static void emit_set_intersect(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_template(e, "concat('[',arrayStringConcat(arrayDistinct(arrayFilter(x -> true", call->args, 0);
    for (size_t i = 1; i < call->n_args; i++)
        kql_emit_template(e, " AND has(" RAW("$1") ",x)", &call->args[i], 1);
    kql_emit_template(e, "," RAW("$1") ")),','),']')", call->args, 1);
}

static void emit_set_difference(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_addz(e, "concat('[',arrayStringConcat(arrayDistinct(arrayFilter(x -> true");
    for (size_t i = 1; i < call->n_args; i++)
        kql_emit_template(e, " AND NOT has(" RAW("$1") ",x)", &call->args[i], 1);
    kql_emit_template(e, "," RAW("$1") ")),','),']')", call->args, 1);
}

static struct kql_expr *bind_range(struct kql_binder *b, const struct kql_fn *fn, const struct kql_node *node,
                                   struct kql_expr **args, size_t n)
{
    struct kql_expr *own[3] = { args[0], args[1], NULL };
    enum kql_type    type = args[0]->type;

    if (type == KQL_DATETIME || type == KQL_TIMESPAN) {
        if (!kql_convert_arguments(b, fn->name, type == KQL_DATETIME ? "ttm?" : "mmm?",
                                   node ? node->span : args[0]->span, args, n))
            return NULL;
        own[1] = args[1];
        own[2] = n > 2 ? args[2]
                       : kql_plan_const(b->arena, kql_value_int_of(KQL_TIMESPAN, INT64_C(36000000000)),
                                        args[0]->span);
    } else {
        own[2] = n > 2 ? args[2] : kql_plan_const(b->arena, kql_value_long(1), args[0]->span);
        if (!kql_convert_unify(b, own, 3, &type) || !kql_type_is_number(type) || type == KQL_DECIMAL) {
            kql_bind_error(b, KQL_DIAG_TYPE, node ? node->span : args[0]->span,
                           "range() takes numbers or dates");
            return NULL;
        }
    }
    return kql_build_raw(b, fn, KQL_DYNAMIC, args[0]->span, own, 3);
}

static void emit_range(struct kql_emit *e, const struct kql_expr *call)
{
#define STEPS(a, z, s)                                                                                       \
    "range(toUInt64(least(greatest(ifNull(if(" s " = 0,-1,intDivOrNull((" z ") - (" a ")," s                 \
    ")),-1) + 1,0),1048576)))"
    switch (call->args[0]->type) {
    case KQL_DATETIME:
        kql_emit_call(e,
                      "toJSONString(arrayMap(i -> "
                      "concat(replaceOne(toString(reinterpret(reinterpretAsInt64($1) + toInt64(i) * $3,"
                      "'DateTime64(7,\\'UTC\\')')),' ','T'),'Z')," STEPS("reinterpretAsInt64($1)",
                                                                         "reinterpretAsInt64($2)", "$3") "))",
                      call);
        break;
    case KQL_TIMESPAN:
        kql_emit_call(
            e,
            "toJSONString(arrayMap(v -> " KQL_EMIT_TIMESPAN(
                "v") ",arrayMap(i -> assumeNotNull($1 + toInt64(i) * $3)," STEPS("$1", "$2", "$3") ")))",
            call);
        break;
    case KQL_REAL:
        kql_emit_call(e,
                      "toJSONString(arrayMap(i -> $1 + i * $3,range(toUInt64(least(greatest(floor(($2 - $1) "
                      "/ $3 + 1e-9) + 1,0),1048576)))))",
                      call);
        break;
    default:
        kql_emit_call(e, "toJSONString(arrayMap(i -> $1 + toInt64(i) * $3," STEPS("$1", "$2", "$3") "))",
                      call);
        break;
    }
}

/* The values of `range x from …` as an SQL array. */
static void emit_strcat_array(struct kql_emit *e, const struct kql_expr *call)
{
#define TEXTS "arrayMap(x -> if(x = 'null','',JSONExtract(x,'String'))," RAW("$1") ")"
    kql_emit_call(e,
                  kql_plan_is_fixed(call->args[1]) ? "arrayStringConcat(" TEXTS ",$2)"
                                                   : "replaceAll(arrayStringConcat(" TEXTS
                                                     ",'\\xFF'),'\\xFF',$2)",
                  call);
}

static void emit_range_array(struct kql_emit *e, const struct kql_expr *call)
{
    switch (call->args[0]->type) {
    case KQL_DATETIME:
        kql_emit_call(e,
                      "arrayMap(i -> reinterpret(reinterpretAsInt64($1) + toInt64(i) * "
                      "$3,'DateTime64(7,\\'UTC\\')')," STEPS("reinterpretAsInt64($1)",
                                                             "reinterpretAsInt64($2)", "$3") ")",
                      call);
        break;
    case KQL_REAL:
        kql_emit_call(e,
                      "arrayMap(i -> $1 + i * $3,range(toUInt64(least(greatest(floor(($2 - $1) / $3 + 1e-9) "
                      "+ 1,0),1048576))))",
                      call);
        break;
    default:
        kql_emit_call(e, "arrayMap(i -> $1 + toInt64(i) * $3," STEPS("$1", "$2", "$3") ")", call);
        break;
    }
}

static void emit_filled(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_template(e, "arrayResize($1,greatest(", call->args, 1);
    for (size_t i = 1; i < call->n_args; i++)
        kql_emit_template(e, i > 1 ? ",length($1)" : "length($1)", &call->args[i], 1);
    kql_emit_addz(e, "),'null')");
}

static void emit_repeat(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_addz(e, "concat('[',arrayStringConcat(arrayResize([");
    kql_json_emit(e, call->args[0]);
    kql_emit_template(e, "],toUInt64(greatest(ifNull($1,0),0)),", &call->args[1], 1);
    kql_json_emit(e, call->args[0]);
    kql_emit_addz(e, "),','),']')");
}

static struct kql_expr *bind_repeat(struct kql_binder *b, const struct kql_fn *fn,
                                    const struct kql_node *node, struct kql_expr **args, size_t n)
{
    (void)node;
    if (args[0]->type == KQL_DYNAMIC) {
        kql_bind_error(b, KQL_DIAG_TYPE, args[0]->span, "repeat() takes a value that is no dynamic");
        return NULL;
    }
    return kql_build_raw(b, fn, KQL_DYNAMIC, args[0]->span, args, n);
}

/* The filling of a shift is null when it is not given. */
static struct kql_expr *bind_shift(struct kql_binder *b, const struct kql_fn *fn, const struct kql_node *node,
                                   struct kql_expr **args, size_t n)
{
    struct kql_expr *own[3] = { args[0], args[1], NULL };
    (void)node;
    own[2] = n > 2 ? kql_convert_cast(b, args[2], KQL_DYNAMIC)
                   : kql_plan_const(b->arena, kql_value_null(KQL_DYNAMIC), args[0]->span);
    return own[2] ? kql_build_raw(b, fn, KQL_DYNAMIC, args[0]->span, own, 3) : NULL;
}

static struct kql_expr *bind_iff(struct kql_binder *b, const struct kql_fn *fn, const struct kql_node *node,
                                 struct kql_expr **args, size_t n)
{
    (void)node;
    for (size_t i = 1; i < n; i++)
        if (!(args[i] = kql_convert_cast(b, args[i], KQL_DYNAMIC)))
            return NULL;
    return kql_build_raw(b, fn, KQL_DYNAMIC, args[0]->span, args, n);
}

#define PICK(d)                                                                                              \
    "if(startsWith(" d ",'['),if(i <= JSONLength(" d "),JSONExtractArrayRaw(" d ")[i],'null'),if(" d         \
    " = '','null'," d "))"

const struct kql_fn KQL_FN_ARRAY[] = {
    { .name = "array_length",
      .args = "d",
      .result = KQL_LONG,
      .nulls = KQL_FN_NULLS_MAY,
      .sql = "if(startsWith($1,'['),toNullable(toInt64(JSONLength($1))),NULL)",
      .doc = "Number of elements; null for no array.",
      .example = "array_length(dynamic([1,2,3]))",
      .yields = "3" },
    { .name = "arraylength",
      .twin = "array_length",
      .doc = "array_length() by its old name.",
      .example = "arraylength(dynamic([1,2,3]))",
      .yields = "3" },
    { .name = "array_concat",
      .args = "d+",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .emit = emit_array_concat,
      .doc = "The elements of all arrays.",
      .example = "array_concat(dynamic([1]), dynamic([2]))",
      .yields = "[1,2]" },
    { .name = "array_reverse",
      .args = "d",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql = IF_ARRAY(JSON_OF("arrayReverse(" RAW("$1") ")")),
      .doc = "The elements from behind.",
      .example = "array_reverse(dynamic([1,2]))",
      .yields = "[2,1]" },
    { .name = "array_slice",
      .args = "dii",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .emit = emit_array_slice,
      .doc = "The elements from one place to another, both counted in; negative places count from the end.",
      .example = "array_slice(dynamic([1,2,3,4]), 1, 2)",
      .yields = "[2,3]" },
    { .name = "array_index_of",
      .args = "dai?ii",
      .result = KQL_LONG,
      .nulls = KQL_FN_NULLS_MAY,
      .bind = bind_element,
      .emit = emit_index_of,
      .doc = "The place of a value; -1 without.",
      .example = "array_index_of(dynamic(['a','b']), 'b')",
      .yields = "1" },
    { .name = "array_sum",
      .args = "d",
      .result = KQL_REAL,
      .nulls = KQL_FN_NULLS_MAY,
      .sql =
          "if(startsWith($1,'['),toNullable(arraySum(x -> ifNull(toFloat64OrNull(x),0)," RAW("$1") ")),NULL)",
      .doc = "The sum of the numbers.",
      .example = "array_sum(dynamic([1,2]))",
      .yields = "3.0" },
    { .name = "array_sort_asc",
      .args = "da*",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .bind = bind_sort,
      .emit = emit_sort,
      .parts = parts_of_sort,
      .doc = "The elements in ascending order, other arrays in the order of the first; nulls last, or first "
             "when a last argument is false.",
      .example = "array_sort_asc(dynamic([3,1,2]), dynamic(['c','a','b']))[1]",
      .yields = "[\"a\",\"b\",\"c\"]" },
    { .name = "array_sort_desc",
      .args = "da*",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .bind = bind_sort,
      .emit = emit_sort,
      .parts = parts_of_sort,
      .doc = "The elements in descending order, other arrays in the order of the first; nulls last, or first "
             "when a last argument is false.",
      .example = "array_sort_desc(dynamic([3,1,null,2]), false)",
      .yields = "[null,3,2,1]" },
    { .name = "array_rotate_left",
      .args = "di",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql = IF_ARRAY(JSON_OF("arrayRotateLeft(" RAW("$1") ",$2)")),
      .doc = "The elements moved left around the end.",
      .example = "array_rotate_left(dynamic([1,2,3]), 1)",
      .yields = "[2,3,1]" },
    { .name = "array_rotate_right",
      .args = "di",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql = IF_ARRAY(JSON_OF("arrayRotateRight(" RAW("$1") ",$2)")),
      .doc = "The elements moved right around the end.",
      .example = "array_rotate_right(dynamic([1,2,3]), 1)",
      .yields = "[3,1,2]" },
    { .name = "array_shift_left",
      .args = "dia?",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,

      .bind = bind_shift,
      .sql = IF_ARRAY(JSON_OF("arrayShiftLeft(" RAW("$1") ",$2,if($3 = '','null',$3))")),
      .doc = "The elements moved left, filled with null.",
      .example = "array_shift_left(dynamic([1,2,3]), 1)",
      .yields = "[2,3,null]" },
    { .name = "array_shift_right",
      .args = "dia?",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .bind = bind_shift,
      .sql = IF_ARRAY(JSON_OF("arrayShiftRight(" RAW("$1") ",$2,if($3 = '','null',$3))")),
      .doc = "The elements moved right, filled with null.",
      .example = "array_shift_right(dynamic([1,2,3]), 1)",
      .yields = "[null,1,2]" },
    { .name = "array_split",
      .args = "da",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .bind = bind_split,
      .sql = "if(startsWith($1,'[')," JSON_OF("arrayMap((f,t) -> " JSON_OF("arraySlice(" RAW(
          "$1") ",f + 1,greatest(t - f,0))") ",arrayConcat([toInt64(0)]," PLACES "),arrayConcat(" PLACES
                                             ",[toInt64(JSONLength($1))]))") ",'')",
      .doc = "The array cut at a place or at some places; negative places count from the end.",
      .example = "array_split(dynamic([1,2,3]), dynamic([1,-1]))",
      .yields = "[[1],[2],[3]]" },
    { .name = "array_iff",
      .args = "daa",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .bind = bind_iff,
      .sql =
          IF_ARRAY(JSON_OF("arrayMap((c,i) -> multiIf(c = 'true' OR (match(c,'^-?[0-9]') AND "
                           "toFloat64OrZero(c) != 0)," PICK("$2") ",c = 'false' OR match(c,'^-?[0-9]')," PICK(
                               "$3") ",'null')," RAW("$1") ",arrayEnumerate(" RAW("$1") "))")),
      .doc = "Elements of one array or another by an array of conditions; null for what is no condition.",
      .example = "array_iff(dynamic([true,false,'x']), dynamic([1,2,3]), 4)",
      .yields = "[1,4,null]" },
    { .name = "array_iif",
      .twin = "array_iff",
      .doc = "array_iff() by another name.",
      .example = "array_iif(dynamic([true]), dynamic([1]), dynamic([3]))",
      .yields = "[1]" },
    { .name = "strcat_array",
      .args = "ds",
      .result = KQL_STRING,
      .nulls = KQL_FN_NULLS_NEVER,
      .emit = emit_strcat_array,
      .doc = "The elements as one string, parted by another.",
      .example = "strcat_array(dynamic([1,'a']), '->')",
      .yields = "1->a" },
    { .name = "array_strcat",
      .twin = "strcat_array",
      .doc = "strcat_array() by an old name.",
      .example = "array_strcat(dynamic([1,2]), '-')",
      .yields = "1-2" },
    { .name = "set_union",
      .args = "d+",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .emit = emit_set_union,
      .doc = "The elements that any array has, each once.",
      .example = "set_union(dynamic([1,2]), dynamic([2,3]))",
      .yields = "[1,2,3]" },
    { .name = "set_intersect",
      .args = "d+",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .emit = emit_set_intersect,
      .doc = "The elements that all arrays have.",
      .example = "set_intersect(dynamic([1,2]), dynamic([2,3]))",
      .yields = "[2]" },
    { .name = "set_difference",
      .args = "d+",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .emit = emit_set_difference,
      .doc = "The elements of the first array that no other has.",
      .example = "set_difference(dynamic([1,2]), dynamic([2,3]))",
      .yields = "[1]" },
    { .name = "set_equals",
      .args = "dd",
      .result = KQL_BOOL,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql = "(hasAll(" RAW("$1") "," RAW("$2") ") AND hasAll(" RAW("$2") "," RAW("$1") "))",
      .doc = "Whether two arrays hold the same elements.",
      .example = "set_equals(dynamic([1,2]), dynamic([2,1]))",
      .yields = "True" },
    { .name = "set_has_element",
      .args = "da",
      .result = KQL_BOOL,
      .nulls = KQL_FN_NULLS_NEVER,
      .bind = bind_element,
      .sql = "(has(" RAW("$1") ",if($2 = '','null',$2)) = 1)",
      .doc = "Whether an array has a value.",
      .example = "set_has_element(dynamic([1,2]), 2)",
      .yields = "True" },
    { .name = "jaccard_index",
      .args = "dd",
      .result = KQL_REAL,
      .sql = "(length(arrayIntersect(" RAW("$1") "," RAW("$2") ")) / length(arrayDistinct(arrayConcat(" RAW(
          "$1") "," RAW("$2") "))))",
      .doc = "How alike two sets are: shared by all elements.",
      .example = "jaccard_index(dynamic([1,2]), dynamic([1]))",
      .yields = "0.5" },
    { .name = "range",
      .args = "aaa?",
      .bind = bind_range,
      .emit = emit_range,
      .nulls = KQL_FN_NULLS_NEVER,
      .doc = "The values from one to another in steps.",
      .example = "range(1, 5, 2)",
      .yields = "[1,3,5]" },
    { .name = "·elements",
      .hidden = true,
      .doc = "What mv-expand walks.",
      .sql = "multiIf(startsWith($1,'[')," RAW(
          "$1") ",startsWith($1,'{'),arrayMap(kv -> concat('{',toJSONString(kv.1),':',kv.2,'}'),"
                "JSONExtractKeysAndValuesRaw($1)),[$1])",
      .example = "range(1, 2)",
      .yields = "[1,2]" },
    { .name = "·elements_array",
      .hidden = true,
      .doc = "What mv-expand bagexpansion=array walks.",
      .sql = "multiIf(startsWith($1,'[')," RAW(
          "$1") ",startsWith($1,'{'),arrayMap(kv -> concat('[',toJSONString(kv.1),',',kv.2,']'),"
                "JSONExtractKeysAndValuesRaw($1)),[$1])",
      .example = "range(1, 2)",
      .yields = "[1,2]" },
    { .name = "·places",
      .hidden = true,
      .doc = "The places of elements, from 0.",
      .sql = "arrayMap(i -> toInt64(i) - 1,arrayEnumerate($1))",
      .example = "range(0, 1)",
      .yields = "[0,1]" },
    { .name = "·cut",
      .hidden = true,
      .doc = "The first elements.",
      .sql = "arraySlice($1,1,$2)",
      .example = "range(0, 1)",
      .yields = "[0,1]" },
    { .name = "·filled",
      .hidden = true,
      .doc = "An array as long as the longest of some.",
      .emit = emit_filled,
      .example = "range(0, 1)",
      .yields = "[0,1]" },
    { .name = "·range",
      .args = "aaa",
      .emit = emit_range_array,
      .hidden = true,
      .doc = "The values of range x from …",
      .example = "range(1, 2)",
      .yields = "[1,2]" },
    { .name = "repeat",
      .args = "ai",
      .bind = bind_repeat,
      .emit = emit_repeat,
      .nulls = KQL_FN_NULLS_NEVER,
      .doc = "A value some times over.",
      .example = "repeat(1, 3)",
      .yields = "[1,1,1]" },
    { .name = "zip",
      .args = "dd+",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql = JSON_OF(
          "arrayMap(p -> concat('[',p.1,',',p.2,']'),arrayZip(arrayResize(" RAW("$1") ",greatest(length(" RAW(
              "$1") "),length(" RAW("$2") ")),'null'),"
                                          "arrayResize(" RAW("$2") ",greatest(length(" RAW(
                                              "$1") "),length(" RAW("$2") ")),'null')))"),
      .doc = "Pairs of the elements of two arrays.",
      .example = "zip(dynamic([1,2]), dynamic([3,4]))",
      .yields = "[[1,3],[2,4]]" },
    { 0 },
};
