/* SPDX-License-Identifier: Apache-2.0 */
/* Row evaluation: arrays and sets. Elements are handled as raw JSON text. */
#include <math.h>

#include "base/json.h"
#include "kql/kql_row_fn.h"

enum { MAX_RANGE = 1 << 20 };

#define TEXT_OUT AUTO_STRBUF text = STRBUF_INIT(SCALAR_MAX_TEXT)

typedef struct scalar_json_parts parts;

/* False, and no elements, for what is no array. */
static bool array_of(const struct kql_row_call *c, const struct scalar_value *v, parts *out)
{
    str s = str_trim(v->s);
    *out = (parts) { 0 };
    return s.n > 0 && s.p[0] == '[' && scalar_json_parts(c->a, s, out);
}

static void add(struct strbuf *out, str raw)
{
    if (out->n > 1)
        strbuf_addc(out, ',');
    strbuf_add(out, raw.n > 0 ? raw : S("null"));
}

static void begin(struct strbuf *out)
{
    strbuf_addc(out, '[');
}

static void finish(const struct kql_row_call *c, struct strbuf *text, struct scalar_value *out)
{
    strbuf_addc(text, ']');
    scalar_give(c->a, text, out);
}

static bool holds(const parts *list, str raw, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(list->values[i], raw))
            return true;
    return false;
}

static int64_t from_end(int64_t i, size_t n)
{
    int64_t at = i < 0 ? i + (int64_t)n : i;
    return at < 0 ? 0 : at;
}

static void eval_length(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    parts list;
    if (array_of(c, v, &list))
        kql_row_fn_int(out, (int64_t)list.n);
}

static void eval_concat(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    TEXT_OUT;
    begin(&text);
    for (size_t k = 0; k < c->n; k++) {
        parts list;
        array_of(c, &v[k], &list);
        for (size_t i = 0; i < list.n; i++)
            add(&text, list.values[i]);
    }
    finish(c, &text, out);
}

static void eval_reverse(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    parts list;
    TEXT_OUT;

    if (!array_of(c, v, &list))
        return;
    begin(&text);
    for (size_t i = list.n; i > 0; i--)
        add(&text, list.values[i - 1]);
    finish(c, &text, out);
}

static void eval_slice(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    parts list;
    TEXT_OUT;

    if (!array_of(c, v, &list))
        return;
    begin(&text);
    int64_t end = v[2].i < 0 ? v[2].i + (int64_t)list.n : v[2].i;
    for (int64_t i = from_end(v[1].i, list.n); i <= end && i < (int64_t)list.n; i++)
        add(&text, list.values[i]);
    finish(c, &text, out);
}

/* (array, value [, from [, length [, occurrence]]]) */
static void eval_index_of(const struct kql_row_call *c, const struct scalar_value *v,
                          struct scalar_value *out)
{
    parts   list;
    int64_t times = c->n > 4 ? v[4].i : 1;

    if (!array_of(c, v, &list))
        return;
    str     what = v[1].s.n > 0 ? v[1].s : S("null");
    int64_t from = c->n > 2 ? from_end(v[2].i, list.n) : 0;
    int64_t end = c->n > 3 && v[3].i >= 0 && v[3].i < (int64_t)list.n ? from + v[3].i : (int64_t)list.n;
    kql_row_fn_int(out, -1);
    for (int64_t i = from; i >= 0 && i < end && i < (int64_t)list.n; i++)
        if (str_eq(list.values[i], what) && --times == 0) {
            kql_row_fn_int(out, i);
            return;
        }
}

static void eval_sum(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    parts  list;
    double sum = 0, r;

    if (!array_of(c, v, &list))
        return;
    for (size_t i = 0; i < list.n; i++)
        if (str_to_double(list.values[i], &r))
            sum += r;
    kql_row_fn_real(out, sum);
}

static void eval_rotate(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    parts   list;
    bool    left = strcmp(c->expr->fn->name, "array_rotate_left") == 0;
    int64_t n;
    TEXT_OUT;

    if (!array_of(c, v, &list))
        return;
    begin(&text);
    n = (int64_t)list.n;
    for (int64_t i = 0; i < n; i++)
        add(&text, list.values[((i + (left ? v[1].i % n : -(v[1].i % n))) % n + n) % n]);
    finish(c, &text, out);
}

static void eval_shift(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    parts list;
    bool  left = strcmp(c->expr->fn->name, "array_shift_left") == 0;
    TEXT_OUT;

    if (!array_of(c, v, &list))
        return;
    begin(&text);
    for (int64_t i = 0; i < (int64_t)list.n; i++) {
        int64_t from;
        bool    over =
            left ? __builtin_add_overflow(i, v[1].i, &from) : __builtin_sub_overflow(i, v[1].i, &from);
        over = over || from < 0 || from >= (int64_t)list.n;
        add(&text, over ? v[2].s : list.values[from]);
    }
    finish(c, &text, out);
}

/* One of an array by its place, or the value itself. */
static str pick(const struct kql_row_call *c, const struct scalar_value *v, size_t i)
{
    parts list;
    if (!array_of(c, v, &list))
        return v->s;
    return i < list.n ? list.values[i] : S("null");
}

static void eval_iff(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    parts list;
    TEXT_OUT;

    if (!array_of(c, v, &list))
        return;
    begin(&text);
    for (size_t i = 0; i < list.n; i++) {
        double r;
        str    is = list.values[i];
        bool   number = str_to_double(is, &r);
        if (str_eq(is, S("true")) || (number && r != 0))
            add(&text, pick(c, &v[1], i));
        else if (str_eq(is, S("false")) || number)
            add(&text, pick(c, &v[2], i));
        else
            add(&text, S("null"));
    }
    finish(c, &text, out);
}

static void eval_strcat(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    parts list;
    TEXT_OUT;

    array_of(c, v, &list);
    for (size_t i = 0; i < list.n; i++) {
        struct scalar_value one = { .s = list.values[i] };
        strbuf_add(&text, i > 0 ? v[1].s : S(""));
        strbuf_add(&text, kql_row_fn_tostring(c->a, KQL_DYNAMIC, &one));
    }
    scalar_give(c->a, &text, out);
}

/* --- sorting: numbers before texts before the rest, equals as they stood, nulls at one end --- */

struct key {
    bool   null;
    int    kind;
    double number;
    str    raw;
    size_t at;
};

struct order {
    bool desc, nulls_last;
};

static int compare(const void *left, const void *right, void *ctx)
{
    const struct key   *l = left, *r = right;
    const struct order *o = ctx;
    int                 how = 0;

    if (l->null != r->null)
        return l->null == o->nulls_last ? 1 : -1;
    if (l->kind != r->kind)
        how = l->kind < r->kind ? -1 : 1;
    else if (l->number != r->number)
        how = l->number < r->number ? -1 : 1;
    else
        how = str_cmp(l->raw, r->raw);
    if (how == 0)
        return l->at < r->at ? -1 : l->at > r->at;
    return o->desc ? -how : how;
}

static struct key key_of(str raw, size_t at)
{
    struct key k = { .null = str_eq(raw, S("null")), .kind = 2, .raw = raw, .at = at };

    if (raw.n > 0 && raw.p[0] == '"')
        k.kind = 1;
    else if (str_to_double(raw, &k.number))
        k.kind = 0;
    return k;
}

static void add_sorted(struct strbuf *text, const struct key *keys, const parts *list)
{
    strbuf_addc(text, '[');
    for (size_t i = 0; i < list->n; i++) {
        strbuf_addz(text, i > 0 ? "," : "");
        strbuf_add(text, list->values[keys[i].at]);
    }
    strbuf_addc(text, ']');
}

/* Of several arrays the first says the order; one of another length gives null. The last argument says where
 * nulls go. */
static void eval_sort(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    struct order order = { strstr(c->expr->fn->name, "desc") != NULL, v[c->n - 1].i != 0 };
    size_t       arrays = c->n - 1;
    parts        first, list;
    TEXT_OUT;

    if (!array_of(c, v, &first))
        return;
    struct key *keys = ARENA_TRY_ARRAY(c->a, struct key, first.n + 1);
    if (!keys)
        return;
    for (size_t i = 0; i < first.n; i++)
        keys[i] = key_of(first.values[i], i);
    qsort_r(keys, first.n, sizeof *keys, compare, &order);
    strbuf_addz(&text, arrays > 1 ? "[" : "");
    for (size_t k = 0; k < arrays; k++) {
        strbuf_addz(&text, k > 0 ? "," : "");
        if (array_of(c, &v[k], &list) && list.n == first.n)
            add_sorted(&text, keys, &list);
        else
            strbuf_addz(&text, "null");
    }
    strbuf_addz(&text, arrays > 1 ? "]" : "");
    scalar_give(c->a, &text, out);
}

/* --- sets --- */

static void eval_union(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    parts all = { 0 };
    TEXT_OUT;

    eval_concat(c, v, out);
    array_of(c, out, &all);
    begin(&text);
    for (size_t i = 0; i < all.n; i++)
        if (!holds(&all, all.values[i], i))
            add(&text, all.values[i]);
    finish(c, &text, out);
}

/* Those of the first that are in all others (`in`), or in none. */
static void filtered(const struct kql_row_call *c, const struct scalar_value *v, bool in,
                     struct scalar_value *out)
{
    parts list, other;
    TEXT_OUT;

    array_of(c, v, &list);
    begin(&text);
    for (size_t i = 0; i < list.n; i++) {
        bool stays = !holds(&list, list.values[i], i);
        for (size_t k = 1; k < c->n && stays; k++) {
            array_of(c, &v[k], &other);
            stays = holds(&other, list.values[i], other.n) == in;
        }
        if (stays)
            add(&text, list.values[i]);
    }
    finish(c, &text, out);
}

static void eval_intersect(const struct kql_row_call *c, const struct scalar_value *v,
                           struct scalar_value *out)
{
    filtered(c, v, true, out);
}

static void eval_difference(const struct kql_row_call *c, const struct scalar_value *v,
                            struct scalar_value *out)
{
    filtered(c, v, false, out);
}

static size_t distinct(const parts *list, const parts *in, bool within)
{
    size_t n = 0;
    for (size_t i = 0; i < list->n; i++)
        n += !holds(list, list->values[i], i) && (!in || holds(in, list->values[i], in->n) == within);
    return n;
}

static void eval_set_equals(const struct kql_row_call *c, const struct scalar_value *v,
                            struct scalar_value *out)
{
    parts l, r;
    array_of(c, &v[0], &l);
    array_of(c, &v[1], &r);
    kql_row_fn_int(out, distinct(&l, &r, false) == 0 && distinct(&r, &l, false) == 0);
}

static void eval_has_element(const struct kql_row_call *c, const struct scalar_value *v,
                             struct scalar_value *out)
{
    parts list;
    array_of(c, v, &list);
    kql_row_fn_int(out, holds(&list, v[1].s.n > 0 ? v[1].s : S("null"), list.n));
}

static void eval_jaccard(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    parts l, r;
    array_of(c, &v[0], &l);
    array_of(c, &v[1], &r);
    size_t both = distinct(&l, &r, true), all = distinct(&l, NULL, true) + distinct(&r, &l, false);
    kql_row_fn_real(out, (double)both / (double)all);
}

/* --- making --- */

static void eval_range(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    enum kql_type type = kql_row_fn_type(c, 0);
    bool          real = type == KQL_REAL;
    double        steps = real          ? floor((v[1].r - v[0].r) / v[2].r + 1e-9)
                          : v[2].i == 0 ? -1
                                        : floor(((double)v[1].i - (double)v[0].i) / (double)v[2].i);
    TEXT_OUT;

    begin(&text);
    for (int64_t i = 0; (double)i <= steps && i < MAX_RANGE; i++) {
        struct scalar_value one = { .i = (int64_t)((uint64_t)v[0].i + (uint64_t)i * (uint64_t)v[2].i) };
        if (real)
            one.r = v[0].r + (double)i * v[2].r;
        strbuf_addz(&text, i > 0 ? "," : "");
        kql_row_fn_json(&text, type, &one);
    }
    finish(c, &text, out);
}

static void eval_repeat(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    TEXT_OUT;
    begin(&text);
    for (int64_t i = 0; !v[1].null && i < v[1].i && i < MAX_RANGE && !text.overflow; i++) {
        strbuf_addz(&text, i > 0 ? "," : "");
        kql_row_fn_json(&text, kql_row_fn_type(c, 0), &v[0]);
    }
    finish(c, &text, out);
}

static void eval_zip(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    parts *lists = ARENA_TRY_ARRAY(c->a, parts, c->n);
    size_t n = 0;
    TEXT_OUT;

    for (size_t k = 0; lists && k < c->n; k++) {
        array_of(c, &v[k], &lists[k]);
        n = lists[k].n > n ? lists[k].n : n;
    }
    begin(&text);
    for (size_t i = 0; lists && i < n; i++) {
        strbuf_addz(&text, i > 0 ? ",[" : "[");
        for (size_t k = 0; k < c->n; k++) {
            strbuf_addz(&text, k > 0 ? "," : "");
            strbuf_add(&text, i < lists[k].n ? lists[k].values[i] : S("null"));
        }
        strbuf_addc(&text, ']');
    }
    finish(c, &text, out);
}

static void eval_pack_array(const struct kql_row_call *c, const struct scalar_value *v,
                            struct scalar_value *out)
{
    TEXT_OUT;
    begin(&text);
    for (size_t i = 0; i < c->n; i++) {
        strbuf_addz(&text, i > 0 ? "," : "");
        kql_row_fn_json(&text, kql_row_fn_type(c, i), &v[i]);
    }
    finish(c, &text, out);
}

/* At places; those from the end are negative. */
static void eval_split(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    parts  list, places;
    size_t from = 0;
    TEXT_OUT;

    if (!array_of(c, v, &list))
        return;
    array_of(c, &v[1], &places);
    begin(&text);
    for (size_t k = 0; k <= places.n; k++) {
        int64_t place = (int64_t)list.n;
        if (k < places.n && !str_to_i64(places.values[k], &place))
            continue;
        size_t end = (size_t)from_end(place, list.n);
        strbuf_addz(&text, text.n > 1 ? ",[" : "[");
        for (size_t i = from; i < end && i < list.n; i++) {
            strbuf_addz(&text, i > from ? "," : "");
            strbuf_add(&text, list.values[i]);
        }
        strbuf_addc(&text, ']');
        from = end > from ? end : from;
    }
    finish(c, &text, out);
}

const struct kql_row_fn KQL_ROW_FN_ARRAY[] = {
    { .name = "array_length", .eval = eval_length },
    { .name = "array_concat", .eval = eval_concat },
    { .name = "array_reverse", .eval = eval_reverse },
    { .name = "array_slice", .eval = eval_slice },
    { .name = "array_index_of", .eval = eval_index_of },
    { .name = "array_sum", .eval = eval_sum },
    { .name = "array_rotate_left", .eval = eval_rotate },
    { .name = "array_rotate_right", .eval = eval_rotate },
    { .name = "array_shift_left", .eval = eval_shift },
    { .name = "array_shift_right", .eval = eval_shift },
    { .name = "array_split", .eval = eval_split },
    { .name = "array_iff", .eval = eval_iff },
    { .name = "array_sort_asc", .eval = eval_sort },
    { .name = "array_sort_desc", .eval = eval_sort },
    { .name = "strcat_array", .eval = eval_strcat },
    { .name = "set_union", .eval = eval_union },
    { .name = "set_intersect", .eval = eval_intersect },
    { .name = "set_difference", .eval = eval_difference },
    { .name = "set_equals", .eval = eval_set_equals },
    { .name = "set_has_element", .eval = eval_has_element },
    { .name = "jaccard_index", .eval = eval_jaccard },
    { .name = "range", .eval = eval_range },
    { .name = "repeat", .eval = eval_repeat, .nulls = true },
    { .name = "zip", .eval = eval_zip },
    { .name = "pack_array", .eval = eval_pack_array, .nulls = true },
    { 0 },
};
