/* SPDX-License-Identifier: Apache-2.0 */
/* Bags: dynamics with named members. JSON text in SQL; '' is null. */
#include "base/json.h"
#include "kql/kql_build.h"
#include "kql/kql_convert.h"
#include "kql/kql_emit.h"
#include "kql/kql_fn.h"
#include "kql/kql_json.h"

/* Text of a bag from (key, raw value) pairs; the first of equal keys stays. */
#define BAG_OF(kvs)                                                                                          \
    "concat('{',arrayStringConcat(arrayMap(kv -> concat(toJSONString(kv.1),':',kv.2),arrayFilter((kv,u) -> " \
    "u = 1," kvs ",arrayEnumerateUniq(arrayMap(kv -> kv.1," kvs ")))),','),'}')"
#define PAIRS(d) "JSONExtractKeysAndValuesRaw(" d ")"

static struct kql_expr *bind_pack(struct kql_binder *b, const struct kql_fn *fn, const struct kql_node *node,
                                  struct kql_expr **args, size_t n)
{
    if (n % 2 == 1) {
        kql_bind_error(b, KQL_DIAG_ARGUMENTS, node ? node->span : args[0]->span,
                       "%s() takes pairs of a name and a value", fn->name);
        return NULL;
    }
    for (size_t i = 0; i < n; i += 2)
        if (!(args[i] = kql_convert_cast(b, args[i], KQL_STRING)))
            return NULL;
    return kql_build_raw(b, fn, KQL_DYNAMIC, node ? node->span : args[0]->span, args, n);
}

static void emit_pack(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_addz(e, "concat('{'");
    for (size_t i = 0; i < call->n_args; i += 2) {
        if (call->args[i]->kind == KQL_EXPR_CONST) {
            AUTO_STRBUF key = STRBUF_INIT(1 << 20);
            strbuf_addz(&key, i > 0 ? "," : "");
            json_escape(&key, call->args[i]->value.s);
            strbuf_addc(&key, ':');
            kql_emit_addz(e, ",");
            kql_emit_text(e, strbuf_view(&key));
        } else {
            kql_emit_template(e, i > 0 ? ",',',toJSONString($1),':'" : ",toJSONString($1),':'",
                              &call->args[i], 1);
        }
        kql_emit_addz(e, ",");
        kql_json_emit(e, call->args[i + 1]);
    }
    kql_emit_addz(e, ",'}')");
}

static void emit_pack_sparse(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_addz(e, "concat('{',arrayStringConcat(arrayMap(p -> concat(p.1,':',p.2),arrayFilter(p -> p.2 "
                     "NOT IN ('null','\"\"'),[");
    for (size_t i = 0; i < call->n_args; i += 2) {
        kql_emit_template(e, i > 0 ? ",(toJSONString($1),assumeNotNull(" : "(toJSONString($1),assumeNotNull(",
                          &call->args[i], 1);
        kql_json_emit(e, call->args[i + 1]);
        kql_emit_addz(e, "))");
    }
    kql_emit_addz(e, "])),','),'}')");
}

static void emit_pack_array(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_addz(e, "concat('['");
    for (size_t i = 0; i < call->n_args; i++) {
        kql_emit_addz(e, i > 0 ? ",','," : ",");
        kql_json_emit(e, call->args[i]);
    }
    kql_emit_addz(e, ",']')");
}

/* pack_array(*) and pack_all() take the columns of the row. */
static struct kql_expr *bind_pack_all(struct kql_binder *b, const struct kql_fn *fn,
                                      const struct kql_node *node, struct kql_expr **args, size_t n)
{
    VEC(struct kql_expr *) pairs = { 0 };
    (void)args, (void)fn;

    if (!b->row || n > 1) {
        kql_bind_error(b, KQL_DIAG_CONTEXT, node->span, "pack_all() packs the columns of a row");
        return NULL;
    }
    struct kql_value sparse = { .type = KQL_BOOL };
    if (n == 1 && !kql_bind_expr_const(b, node->kids.p[0], KQL_BOOL, &sparse))
        return NULL;
    for (size_t i = 0; i < b->row->fields.n; i++) {
        struct kql_field *f = &b->row->fields.p[i];
        *vec_push_in(b->arena, &pairs) = kql_plan_const(b->arena, kql_value_string(f->name), node->span);
        *vec_push_in(b->arena, &pairs) = kql_plan_col(b->arena, f->col, node->span);
    }
    const char *pack = sparse.i ? "·pack_sparse" : "bag_pack"; /* pack_all(true) leaves out what is empty */
    return kql_build_raw(b, kql_fn_find(str_of(pack)), KQL_DYNAMIC, node->span, pairs.p, pairs.n);
}

/* bag_pack_columns(a, b): each under the name of its column. */
static struct kql_expr *bind_pack_columns(struct kql_binder *b, const struct kql_fn *fn,
                                          const struct kql_node *node, struct kql_expr **args, size_t n)
{
    VEC(struct kql_expr *) pairs = { 0 };

    for (size_t i = 0; i < n; i++) {
        str name = kql_bind_name(b, node->kids.p[i]);
        if (name.n == 0) {
            kql_bind_error(b, KQL_DIAG_ARGUMENTS, node->kids.p[i]->span, "%s() takes columns", fn->name);
            return NULL;
        }
        *vec_push_in(b->arena, &pairs) = kql_plan_const(b->arena, kql_value_string(name), node->span);
        *vec_push_in(b->arena, &pairs) = args[i];
    }
    return kql_build_raw(b, kql_fn_find(S("bag_pack")), KQL_DYNAMIC, node->span, pairs.p, pairs.n);
}

static void emit_bag_merge(struct kql_emit *e, const struct kql_expr *call)
{
    if (call->n_args == 1) {
        kql_emit_call(e, "$1", call);
        return;
    }
    kql_emit_addz(e, "arrayFold((acc,d) -> if(startsWith(d,'{')," BAG_OF(
                         "arrayConcat(" PAIRS("acc") "," PAIRS("d") ")") ",acc),[");
    for (size_t i = 1; i < call->n_args; i++) {
        kql_emit_addz(e, i > 1 ? "," : "");
        kql_emit_expr(e, call->args[i]);
    }
    kql_emit_template(e, "],if(startsWith($1,'{'),$1,'{}'))", call->args, 1);
}

/* Names are asked of the engine, paths of the function that knows them. */
static void emit_has_key(struct kql_emit *e, const struct kql_expr *call)
{
    bool name = call->args[1]->kind == KQL_EXPR_CONST && !str_starts(call->args[1]->value.s, S("$"));
    kql_emit_call(e, name ? "(JSONHas($1,$2) = 1)" : "kql_bag_has_path($1,$2)", call);
}

static void emit_remove_keys(struct kql_emit *e, const struct kql_expr *call)
{
    bool names = call->args[1]->kind == KQL_EXPR_CONST && !str_contains(call->args[1]->value.s, S("\"$"));
    kql_emit_call(e,
                  names ? "if(startsWith($1,'{'),concat('{',arrayStringConcat(arrayMap(kv -> "
                          "concat(toJSONString(kv.1),':',kv.2),arrayFilter(kv -> NOT "
                          "has(JSONExtract($2,'Array(String)'),kv.1),JSONExtractKeysAndValuesRaw($1))),','),'"
                          "}'),'')"
                        : "kql_bag_without($1,$2)",
                  call);
}

static struct kql_expr *bind_bag_set_key(struct kql_binder *b, const struct kql_fn *fn,
                                         const struct kql_node *node, struct kql_expr **args, size_t n)
{
    (void)n, (void)node;
    args[2] = kql_convert_cast(b, args[2], KQL_DYNAMIC);
    return args[2] ? kql_build_raw(b, fn, KQL_DYNAMIC, args[0]->span, args, 3) : NULL;
}

const struct kql_fn KQL_FN_DYNAMIC[] = {
    { .name = "bag_pack",
      .args = "a*",
      .bind = bind_pack,
      .emit = emit_pack,
      .nulls = KQL_FN_NULLS_NEVER,
      .doc = "A bag of names and values.",
      .example = "bag_pack('a', 1, 'b', 'x')",
      .yields = "{\"a\":1,\"b\":\"x\"}" },
    { .name = "pack",
      .twin = "bag_pack",
      .doc = "bag_pack() by its old name.",
      .example = "pack('a', 1)",
      .yields = "{\"a\":1}" },
    { .name = "pack_dictionary",
      .twin = "bag_pack",
      .doc = "bag_pack() by an old name.",
      .example = "pack_dictionary('a', 1)",
      .yields = "{\"a\":1}" },
    { .name = "pack_array",
      .args = "a*",
      .result = KQL_DYNAMIC,
      .emit = emit_pack_array,
      .nulls = KQL_FN_NULLS_NEVER,
      .doc = "An array of values.",
      .example = "pack_array(1, 'x')",
      .yields = "[1,\"x\"]" },
    { .name = "·pack_sparse",
      .hidden = true,
      .nulls = KQL_FN_NULLS_NEVER,
      .emit = emit_pack_sparse,
      .doc = "A bag of names and values without the empty ones.",
      .example = "bag_pack('a', 1).a",
      .yields = "1" },
    { .name = "pack_all",
      .bind = bind_pack_all,
      .doc = "A bag of the columns of the row.",
      .example = "strlen(tostring(pack_all()))",
      .yields = "2" },
    { .name = "bag_pack_columns",
      .args = "a+",
      .bind = bind_pack_columns,
      .doc = "A bag of some columns under their names.",
      .example = "bag_pack('a', 1)",
      .yields = "{\"a\":1}" },
    { .name = "bag_keys",
      .args = "d",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql = "if(startsWith($1,'{'),toJSONString(arrayDistinct(JSONExtractKeys($1))),'')",
      .doc = "The names of a bag's members.",
      .example = "bag_keys(dynamic({'a':1,'b':2}))",
      .yields = "[\"a\",\"b\"]" },
    { .name = "bag_has_key",
      .args = "ds",
      .result = KQL_BOOL,
      .nulls = KQL_FN_NULLS_NEVER,
      .emit = emit_has_key,
      .doc = "Whether a bag has a member of that name, or at a path like $.a.b.",
      .example = "bag_has_key(dynamic({'a':{'b':1}}), '$.a.b')",
      .yields = "True" },
    { .name = "bag_merge",
      .args = "d+",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .emit = emit_bag_merge,
      .doc = "The members of all bags; the first of equal names stays.",
      .example = "bag_merge(dynamic({'a':1}), dynamic({'a':2,'b':3}))",
      .yields = "{\"a\":1,\"b\":3}" },
    { .name = "bag_remove_keys",
      .args = "dd",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .emit = emit_remove_keys,
      .doc = "A bag without some members, by their names or paths like $.a.b.",
      .example = "bag_remove_keys(dynamic({'a':1,'b':{'c':2,'d':3}}), dynamic(['a','$.b.c']))",
      .yields = "{\"b\":{\"d\":3}}" },
    { .name = "bag_set_key",
      .args = "dsa",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .bind = bind_bag_set_key,
      .scalar = "bag_with",
      .doc = "A bag with a member set, by its name or a path like $.a.b.",
      .example = "bag_set_key(dynamic({'a':1}), 'b', 2)",
      .yields = "{\"a\":1,\"b\":2}" },
    { .name = "bag_zip",
      .args = "dd",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql = "concat('{',arrayStringConcat(arrayMap((k,v) -> "
             "concat(if(startsWith(k,'\"'),k,toJSONString(k)),':',v),JSONExtractArrayRaw($1),"
             "arrayResize(JSONExtractArrayRaw($2),length(JSONExtractArrayRaw($1)),'null')),','),'}')",
      .doc = "A bag of an array of names and one of values.",
      .example = "bag_zip(dynamic(['a','b']), dynamic([1,2]))",
      .yields = "{\"a\":1,\"b\":2}" },
    { .name = "extractjson",
      .twin = "extract_json",
      .doc = "extract_json() by another name.",
      .example = "extractjson('$.a[0]', '{\"a\":[5]}')",
      .yields = "5" },
    { .name = "extract_json",
      .args = "Ssk?",
      .result = KQL_STRING,
      .bind = kql_json_bind_extract,
      .doc = "The value at a JSONPath of JSON text.",
      .example = "extract_json('$.b', '{\"b\":\"x\"}')",
      .yields = "x" },
    { .name = "dynamic_to_json",
      .args = "d",
      .result = KQL_STRING,
      .nulls = KQL_FN_NULLS_NEVER,
      .scalar = "bag_sorted",
      .doc = "The text of a dynamic, the members of bags in the order of their names.",
      .example = "dynamic_to_json(dynamic({'b':1,'a':[2]}))",
      .yields = "{\"a\":[2],\"b\":1}" },
    { .name = "treepath",
      .args = "d",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .scalar = "treepath",
      .doc = "The paths of a bag's members.",
      .example = "treepath(dynamic({'a':1}))",
      .yields = "[\"['a']\"]" },
    { 0 },
};
