/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_json.h"

#include "kql/kql_build.h"
#include "kql/kql_convert.h"

void kql_json_emit(struct kql_emit *e, const struct kql_expr *x)
{
    struct kql_expr *args[] = { (struct kql_expr *)x };

    if (x->kind == KQL_EXPR_CONST) {
        AUTO_STRBUF json = STRBUF_INIT(e->max_bytes);
        kql_value_json(&json, &x->value);
        kql_emit_text(e, strbuf_view(&json));
        return;
    }
    switch (x->type) {
    case KQL_STRING:
        kql_emit_template(e, "toJSONString($1)", args, 1);
        break;
    case KQL_DYNAMIC:
        kql_emit_template(e, "if($1 = '','null',$1)", args, 1);
        break;
    case KQL_BOOL:
        kql_emit_template(e, "multiIf(isNull($1),'null',$1,'true','false')", args, 1);
        break;
    case KQL_REAL:
        kql_emit_template(
            e,
            "ifNull(multiIf(isNaN($1),'\"NaN\"',isInfinite($1),if($1 > 0,'\"Infinity\"','\"-Infinity\"'),"
            "abs($1) < 1e15 AND $1 = trunc($1),concat(toString($1),'.0'),toString($1)),'null')",
            args, 1);
        break;
    case KQL_DATETIME:
        kql_emit_template(e, "ifNull(concat('\"',replaceOne(toString($1),' ','T'),'Z\"'),'null')", args, 1);
        break;
    case KQL_GUID:
    case KQL_DECIMAL:
        kql_emit_template(e, "ifNull(concat('\"',toString($1),'\"'),'null')", args, 1);
        break;
    case KQL_TIMESPAN: {
        struct kql_expr text = { .kind = KQL_EXPR_CALL,
                                 .type = KQL_STRING,
                                 .fn = kql_fn_find(S("tostring")),
                                 .args = args,
                                 .n_args = 1 };
        kql_emit_template(e, "if(isNull($1),'null',concat('\"',", args, 1);
        kql_emit_expr(e, &text);
        kql_emit_addz(e, ",'\"'))");
        break;
    }
    default:
        kql_emit_template(e, "ifNull(toString($1),'null')", args, 1);
        break;
    }
}

/* One step of $.a['b'][0].c; false at what is no step. */
static bool next_step(struct kql_binder *b, str *path, struct kql_span span, struct kql_expr **key)
{
    str rest = *path, name;

    if (str_starts(rest, S("['")) || str_starts(rest, S("[\""))) {
        size_t end = str_find_byte(rest, ']');
        if (end == STR_NPOS || end < 4)
            return false;
        name = str_slice(rest, 2, end - 1);
        *path = str_from(rest, end + 1);
    } else if (str_starts(rest, S("["))) {
        size_t  end = str_find_byte(rest, ']');
        int64_t index;
        if (end == STR_NPOS || !str_to_i64(str_slice(rest, 1, end), &index))
            return false;
        *path = str_from(rest, end + 1);
        *key = kql_plan_const(b->arena, kql_value_long(index), span);
        return true;
    } else if (rest.n > 0) { /* .name, and $name as some write it */
        bool   dot = rest.p[0] == '.';
        size_t end = dot;
        while (end < rest.n && rest.p[end] != '.' && rest.p[end] != '[')
            end++;
        name = str_slice(rest, dot, end);
        *path = str_from(rest, end);
    } else {
        return false;
    }
    *key = kql_plan_const(b->arena, kql_value_string(name), span);
    return name.n > 0;
}

struct kql_expr *kql_json_bind_extract(struct kql_binder *b, const struct kql_fn *fn,
                                       const struct kql_node *node, struct kql_expr **args, size_t n)
{
    VEC(struct kql_expr *) steps = { 0 };
    str             path = kql_plan_const_text(args[0]);
    struct kql_span span = node ? node->span : args[0]->span;

    *vec_push_in(b->arena, &steps) = KQL_CALL1(b, "parse_json", args[1]);
    path = str_from(path, str_starts(path, S("$")));
    while (path.n > 0) {
        struct kql_expr *key;
        if (!next_step(b, &path, args[0]->span, &key)) {
            kql_bind_error(b, KQL_DIAG_LITERAL, args[0]->span, "%s() knows paths like $.a['b'][0]", fn->name);
            return NULL;
        }
        *vec_push_in(b->arena, &steps) = key;
    }
    struct kql_expr *e = steps.p[0];
    if (steps.n > 1)
        e = kql_build_raw(b, kql_fn_find(S(".")), KQL_DYNAMIC, span, steps.p, steps.n);
    return kql_convert_cast(b, e, n > 2 ? args[2]->type : KQL_STRING);
}
