/* SPDX-License-Identifier: Apache-2.0 */
/* Row evaluation: bags. */
#include "base/json.h"
#include "kql/kql_row_fn.h"

#define TEXT_OUT AUTO_STRBUF text = STRBUF_INIT(SCALAR_MAX_TEXT)

typedef struct scalar_json_parts parts;

static bool bag_of(const struct kql_row_call *c, const struct scalar_value *v, parts *out)
{
    str s = str_trim(v->s);
    *out = (parts) { 0 };
    return s.n > 0 && s.p[0] == '{' && scalar_json_parts(c->a, s, out);
}

static bool has_key(const parts *bag, str key, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(bag->keys[i], key))
            return true;
    return false;
}

static void add(struct strbuf *out, str key, str raw)
{
    strbuf_addc(out, out->n > 0 ? ',' : '{');
    json_escape(out, key);
    strbuf_addc(out, ':');
    strbuf_add(out, raw.n > 0 ? raw : S("null"));
}

static void finish(const struct kql_row_call *c, struct strbuf *text, struct scalar_value *out)
{
    strbuf_addz(text, text->n > 0 ? "}" : "{}");
    scalar_give(c->a, text, out);
}

static void pack(const struct kql_row_call *c, const struct scalar_value *v, bool sparse,
                 struct scalar_value *out)
{
    TEXT_OUT;
    for (size_t i = 0; i + 1 < c->n; i += 2) {
        AUTO_STRBUF value = STRBUF_INIT(SCALAR_MAX_TEXT);
        kql_row_fn_json(&value, kql_row_fn_type(c, i + 1), &v[i + 1]);
        str raw = strbuf_view(&value);
        if (!sparse || (!str_eq(raw, S("null")) && !str_eq(raw, S("\"\""))))
            add(&text, v[i].s, raw);
    }
    finish(c, &text, out);
}

static void eval_pack(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    pack(c, v, false, out);
}

static void eval_pack_sparse(const struct kql_row_call *c, const struct scalar_value *v,
                             struct scalar_value *out)
{
    pack(c, v, true, out);
}

static void eval_keys(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    parts bag;
    TEXT_OUT;

    if (!bag_of(c, v, &bag))
        return;
    for (size_t i = 0; i < bag.n; i++) {
        if (has_key(&bag, bag.keys[i], i))
            continue;
        strbuf_addc(&text, text.n > 0 ? ',' : '[');
        json_escape(&text, bag.keys[i]);
    }
    strbuf_addz(&text, text.n > 0 ? "]" : "[]");
    scalar_give(c->a, &text, out);
}

/* Names may be paths, $.a.b: module scalar knows both. */
static void eval_has_key(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    str raw;

    if (str_starts(v[1].s, S("$")))
        scalar_bag_has(c->a, v, out);
    else
        kql_row_fn_int(out, scalar_json_member(c->a, v[0].s, v[1].s, &raw));
}

/* The first of equal names stays. */
static void eval_merge(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    parts *bags = ARENA_TRY_ARRAY(c->a, parts, c->n);
    TEXT_OUT;

    for (size_t k = 0; bags && k < c->n; k++) {
        bag_of(c, &v[k], &bags[k]);
        for (size_t i = 0; i < bags[k].n; i++) {
            bool seen = has_key(&bags[k], bags[k].keys[i], i);
            for (size_t before = 0; before < k && !seen; before++)
                seen = has_key(&bags[before], bags[k].keys[i], bags[before].n);
            if (!seen)
                add(&text, bags[k].keys[i], bags[k].values[i]);
        }
    }
    finish(c, &text, out);
}

static void eval_remove_keys(const struct kql_row_call *c, const struct scalar_value *v,
                             struct scalar_value *out)
{
    out->null = true;
    scalar_bag_without(c->a, v, out);
    if (out->null)
        kql_row_fn_text(out, S(""));
}

static void eval_zip(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    parts              values;
    struct scalar_json keys;
    TEXT_OUT;

    if (!scalar_json_parse(c->a, v[0].s, &keys) || !scalar_json_parts(c->a, str_trim(v[1].s), &values))
        return;
    for (uint32_t i = 0; i < keys.n; i++)
        add(&text, keys.items[i].s, i < values.n ? values.values[i] : S("null"));
    finish(c, &text, out);
}

const struct kql_row_fn KQL_ROW_FN_DYNAMIC[] = {
    { .name = "bag_pack", .eval = eval_pack, .nulls = true },
    { .name = "·pack_sparse", .eval = eval_pack_sparse, .nulls = true },
    { .name = "bag_keys", .eval = eval_keys },
    { .name = "bag_has_key", .eval = eval_has_key },
    { .name = "bag_merge", .eval = eval_merge },
    { .name = "bag_remove_keys", .eval = eval_remove_keys },
    { .name = "bag_zip", .eval = eval_zip },
    { 0 },
};
