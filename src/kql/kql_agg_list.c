/* SPDX-License-Identifier: Apache-2.0 */
/* Lists, sets and bags. Nulls are left out; a list keeps the order of the rows. */
#include "kql/kql_agg.h"
#include "kql/kql_emit.h"
#include "kql/kql_json.h"

enum { LIST_MAX = 1048576 };

static const struct kql_expr *limit_of(const struct kql_expr *call)
{
    size_t at = call->agg->plain ? 2 : 1;
    return call->n_args > at ? call->args[at] : NULL;
}

static void add_limit(struct kql_emit *e, const struct kql_expr *call)
{
    const struct kql_expr *limit = limit_of(call);
    char                   text[24];
    long long              n =
        limit && limit->kind == KQL_EXPR_CONST && limit->value.i > 0 ? (long long)limit->value.i : LIST_MAX;
    snprintf(text, sizeof text, "(%lld)", n < LIST_MAX ? n : LIST_MAX);
    kql_emit_addz(e, text);
}

/* A limit that is no literal cuts what was gathered. */
static bool is_cut(const struct kql_expr *call)
{
    const struct kql_expr *limit = limit_of(call);
    return limit && limit->kind != KQL_EXPR_CONST;
}

static void add_cut(struct kql_emit *e, const struct kql_expr *call)
{
    struct kql_expr *limit[] = { (struct kql_expr *)limit_of(call) };
    if (is_cut(call))
        kql_emit_template(e, ",1,greatest(ifNull($1,0),0))", limit, 1);
}

static void add_condition(struct kql_emit *e, const struct kql_expr *call)
{
    if (call->agg->plain)
        kql_emit_call(e, " AND ifNull($2,false)", call);
}

/* The elements as raw JSON, nulls apart. An array given to make_list of dynamics is flattened by one level.
 */
static void emit_make_list(struct kql_emit *e, const struct kql_expr *call)
{
    const struct kql_expr *x = call->args[0];
    bool                   nulls = strstr(call->agg->name, "with_nulls") != NULL;

    if (x->type == KQL_DYNAMIC) {
        kql_emit_addz(e, "concat('[',arrayStringConcat(");
        kql_emit_addz(e, is_cut(call) ? "arraySlice(" : "");
        kql_emit_addz(e, "arrayFlatten(groupArrayIf");
        add_limit(e, call);
        kql_emit_call(e, "(if(startsWith($1,'['),JSONExtractArrayRaw($1),[if($1 = '','null',$1)]),true",
                      call);
        add_condition(e, call);
        kql_emit_addz(e, "))");
        add_cut(e, call);
        kql_emit_addz(e, ",','),']')");
        return;
    }
    kql_emit_addz(e, "concat('[',arrayStringConcat(");
    kql_emit_addz(e, is_cut(call) ? "arraySlice(" : "");
    kql_emit_addz(e, "groupArrayIf");
    add_limit(e, call);
    kql_emit_addz(e, "(assumeNotNull(");
    kql_json_emit(e, x);
    kql_emit_addz(e, "),");
    kql_emit_call(e, nulls || kql_type_is_text(x->type) ? "true" : "isNotNull($1)", call);
    add_condition(e, call);
    kql_emit_addz(e, ")");
    add_cut(e, call);
    kql_emit_addz(e, ",','),']')");
}

/* Different values in order of their first rows. */
static void emit_make_set(struct kql_emit *e, const struct kql_expr *call)
{
    const struct kql_expr *x = call->args[0];
    bool                   limited = limit_of(call) != NULL;

    kql_emit_addz(e, "concat('[',arrayStringConcat(");
    kql_emit_addz(e, limited ? "arraySlice(" : "");
    if (x->type == KQL_DYNAMIC) {
        kql_emit_call(e,
                      "arrayDistinct(arrayFlatten(groupArrayIf(if(startsWith($1,'['),JSONExtractArrayRaw($1),"
                      "[$1]),$1 NOT IN ('','null')",
                      call);
        add_condition(e, call);
        kql_emit_addz(e, ")))");
    } else {
        kql_emit_addz(e, "arrayDistinct(groupArrayIf(assumeNotNull(");
        kql_json_emit(e, x);
        kql_emit_addz(e, "),");
        kql_emit_call(e, kql_type_is_text(x->type) ? "true" : "isNotNull($1)", call);
        add_condition(e, call);
        kql_emit_addz(e, "))");
    }
    if (limited) {
        kql_emit_addz(e, ",1,");
        kql_emit_expr(e, limit_of(call));
        kql_emit_addz(e, ")");
    }
    kql_emit_addz(e, ",','),']')");
}

static void emit_make_bag(struct kql_emit *e, const struct kql_expr *call)
{
#define KVS(c) "groupArrayArrayIf(JSONExtractKeysAndValuesRaw($1),startsWith($1,'{')" c ")"
#define MEMBERS(c)                                                                                           \
    "arrayFilter((kv,u) -> u = 1," KVS(c) ",arrayEnumerateUniq(arrayMap(kv -> kv.1," KVS(c) ")))"
    const struct kql_expr *limit = limit_of(call);
    struct kql_expr       *most[] = { (struct kql_expr *)limit };

    kql_emit_addz(e, "concat('{',arrayStringConcat(arrayMap(kv -> concat(toJSONString(kv.1),':',kv.2),");
    kql_emit_addz(e, limit ? "arraySlice(" : "");
    kql_emit_call(e, call->agg->plain ? MEMBERS(" AND ifNull($2,false)") : MEMBERS(""), call);
    if (limit)
        kql_emit_template(e, ",1,greatest(ifNull($1,0),0))", most, 1);
    kql_emit_addz(e, "),','),'}')");
}

/* Values at their bins' places in an array of `count`, the rest filled: args are value, bin, count, filling.
 */
static void emit_series(struct kql_emit *e, const struct kql_expr *call)
{
    AUTO_STRBUF      filling = STRBUF_INIT(1 << 16);
    struct kql_expr *count = call->args[2];

    kql_value_json(&filling, &call->args[3]->value);
    kql_emit_addz(e, "concat('[',arrayStringConcat(arrayResize(groupArrayInsertAt(");
    kql_emit_text(e, strbuf_view(&filling));
    kql_emit_addz(e, ")(assumeNotNull(");
    kql_json_emit(e, call->args[0]);
    kql_emit_template(e, "),toUInt32(assumeNotNull($1))),", &call->args[1], 1);
    kql_emit_template(e, "toUInt64(least(greatest(ifNull($1,0),0),1048576)),", &count, 1);
    kql_emit_text(e, strbuf_view(&filling));
    kql_emit_addz(e, "),','),']')");
}

#define LIST(n, a, p, f, d, x, y, ...)                                                                       \
    {                                                                                                        \
        .name = n, .args = a, .result = KQL_DYNAMIC, .nulls = KQL_FN_NULLS_NEVER, .prefix = p, .emit = f,    \
        .ordered = true, .doc = d, .example = x, .yields = y, __VA_ARGS__                                    \
    }

const struct kql_agg KQL_AGG_LIST[] = {
    { .name = "·series",
      .args = "aiia",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .emit = emit_series,
      .doc = "What make-series gathers.",
      .example = "make_list(x)",
      .yields = "[1,2,3,4]" },
    LIST("make_list", "ai!?", "list", emit_make_list, "All values, in the order of the rows.", "make_list(x)",
         "[1,2,3,4]", ),
    LIST("makelist", "ai!?", "list", emit_make_list, "make_list() by its old name.", "makelist(x)",
         "[1,2,3,4]", ),
    LIST("make_list_if", "abi!?", "list", emit_make_list, "All values where a condition is true.",
         "make_list_if(x, x > 2)", "[3,4]", .plain = "make_list"),
    LIST("make_list_with_nulls", "a", "list", emit_make_list, "All values, nulls with them.",
         "make_list_with_nulls(x)", "[1,2,3,4]", ),
    LIST("make_set", "ai!?", "set", emit_make_set, "The different values.", "make_set(x % 2)", "[1,0]", ),
    LIST("makeset", "ai!?", "set", emit_make_set, "make_set() by its old name.", "makeset(x % 2)", "[1,0]", ),
    LIST("make_set_if", "abi!?", "set", emit_make_set, "The different values where a condition is true.",
         "make_set_if(x, x > 2)", "[3,4]", .plain = "make_set"),
    LIST("make_bag", "di!?", "bag", emit_make_bag, "The members of all bags; the first of equal names stays.",
         "make_bag(bag_pack('a', 1))", "{\"a\":1}", ),
    LIST("make_dictionary", "di!?", "dictionary", emit_make_bag, "make_bag() by an old name.",
         "make_dictionary(bag_pack('a', 1))", "{\"a\":1}", ),
    LIST("make_bag_if", "dbi!?", "bag", emit_make_bag, "The members of all bags where a condition is true.",
         "make_bag_if(bag_pack('a', 1), true)", "{\"a\":1}", .plain = "make_bag"),
    { 0 },
};
