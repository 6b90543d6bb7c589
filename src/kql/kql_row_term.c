/* SPDX-License-Identifier: Apache-2.0 */
/* Row evaluation: whole terms, parts and equality of texts, lists. Terms are runs of letters and digits of
 * Unicode. */
#include "base/map.h"
#include "base/utf8.h"
#include "kql/kql_row_fn.h"

/* --- searching --- */

static bool is_ascii(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] & 0x80)
            return false;
    return true;
}

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* A needle made once: lowered, when case does not count. */
struct needle {
    str  text;
    bool cs, prefix, suffix;
};

static bool matches_at(const char *p, str needle)
{
    for (size_t i = 0; i < needle.n; i++)
        if (small(p[i]) != needle.p[i])
            return false;
    return true;
}

/* Of a lowered needle in a text as it is; beyond ASCII the caller lowers the text. */
static size_t find_from(str s, str needle, size_t from, bool cs)
{
    if (cs) {
        size_t at = str_find(str_from(s, from), needle);
        return at == STR_NPOS ? at : from + at;
    }
    for (; from + needle.n <= s.n; from++)
        if (small(s.p[from]) == needle.p[0] && matches_at(s.p + from, needle))
            return from;
    return STR_NPOS;
}

static bool word_before(str s, size_t at)
{
    if (at == 0)
        return false;
    size_t from = at - 1;
    while (from > 0 && ((unsigned char)s.p[from] & 0xC0) == 0x80)
        from--;
    return utf8_is_word(utf8_next(s, &from));
}

static bool word_at(str s, size_t at)
{
    return at < s.n && utf8_is_word(utf8_next(s, &at));
}

/* At an edge of the needle that is no letter or digit there is nothing to look at. */
static bool stands_alone(str s, size_t at, const struct needle *n)
{
    bool left = !n->suffix && word_at(n->text, 0), right = !n->prefix && word_before(n->text, n->text.n);
    return !(left && word_before(s, at)) && !(right && word_at(s, at + n->text.n));
}

static bool has(struct arena *a, str s, const struct needle *n)
{
    if (n->text.n == 0)
        return true;
    if (!n->cs && !is_ascii(s))
        s = kql_row_fn_lower(a, s);
    for (size_t at = find_from(s, n->text, 0, n->cs); at != STR_NPOS;
         at = find_from(s, n->text, at + 1, n->cs))
        if (stands_alone(s, at, n))
            return true;
    return false;
}

static bool contains(struct arena *a, str s, str lowered)
{
    if (lowered.n == 0)
        return true;
    return find_from(is_ascii(s) ? s : kql_row_fn_lower(a, s), lowered, 0, false) != STR_NPOS;
}

static struct needle needle_of(struct arena *a, const char *name, str text)
{
    bool cs = str_ends(str_of(name), S("_cs"));
    return (struct needle) { cs ? text : kql_row_fn_lower(a, text), cs,
                             str_starts(str_of(name), S("hasprefix")),
                             str_starts(str_of(name), S("hassuffix")) };
}

/* --- with one needle, made at compile when it is a constant --- */

static bool prepare_needle(struct arena *a, const struct kql_expr *call, const void **data)
{
    str text;

    if (!kql_row_fn_constant(call, 1, &text))
        return true;
    struct needle *n = ARENA_NEW(a, struct needle);
    *n = needle_of(a, call->fn->name, text);
    *data = n;
    return true;
}

static struct needle needle_for(const struct kql_row_call *c, const struct scalar_value *v)
{
    return c->data ? *(const struct needle *)c->data : needle_of(c->a, c->expr->fn->name, v[1].s);
}

static void eval_has(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    struct needle n = needle_for(c, v);
    kql_row_fn_int(out, has(c->a, v[0].s, &n));
}

static void eval_contains(const struct kql_row_call *c, const struct scalar_value *v,
                          struct scalar_value *out)
{
    struct needle n = needle_for(c, v);
    kql_row_fn_int(out, n.cs ? str_contains(v[0].s, n.text) : contains(c->a, v[0].s, n.text));
}

static str lowered(struct arena *a, str s)
{
    return kql_row_fn_lower(a, s);
}

static void eval_startswith(const struct kql_row_call *c, const struct scalar_value *v,
                            struct scalar_value *out)
{
    struct needle n = needle_for(c, v);
    bool          ascii = n.cs || (is_ascii(v[0].s) && is_ascii(n.text));
    if (n.cs)
        kql_row_fn_int(out, str_starts(v[0].s, n.text));
    else
        kql_row_fn_int(out,
                       ascii ? str_starts_ci(v[0].s, n.text) : str_starts(lowered(c->a, v[0].s), n.text));
}

static void eval_endswith(const struct kql_row_call *c, const struct scalar_value *v,
                          struct scalar_value *out)
{
    struct needle n = needle_for(c, v);
    bool          ascii = n.cs || (is_ascii(v[0].s) && is_ascii(n.text));
    if (n.cs)
        kql_row_fn_int(out, str_ends(v[0].s, n.text));
    else
        kql_row_fn_int(out, ascii ? str_ends_ci(v[0].s, n.text) : str_ends(lowered(c->a, v[0].s), n.text));
}

static bool equal_nocase(struct arena *a, str s, str needle)
{
    if (is_ascii(s) && is_ascii(needle))
        return str_eq_ci(s, needle);
    return str_eq(lowered(a, s), needle);
}

static void eval_equal_nocase(const struct kql_row_call *c, const struct scalar_value *v,
                              struct scalar_value *out)
{
    struct needle n = needle_for(c, v);
    kql_row_fn_int(out, equal_nocase(c->a, v[0].s, n.text) == (c->expr->fn->name[0] != '!'));
}

/* * stands for any text, % too, _ for one character. */
static bool like(str s, str pattern)
{
    size_t i = 0, p = 0, star = STR_NPOS, resume = 0;

    while (i < s.n) {
        bool any = p < pattern.n && (pattern.p[p] == '%' || pattern.p[p] == '*');
        if (any) {
            star = p++;
            resume = i;
        } else if (p < pattern.n && (pattern.p[p] == '_' || pattern.p[p] == s.p[i])) {
            p++;
            i++;
        } else if (star != STR_NPOS) {
            p = star + 1;
            i = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.n && (pattern.p[p] == '%' || pattern.p[p] == '*'))
        p++;
    return p == pattern.n;
}

static void eval_like(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    struct needle n = needle_for(c, v);
    kql_row_fn_int(out, like(lowered(c->a, v[0].s), n.text));
}

/* --- lists of constants --- */

/* `first` has the bytes that needles begin with: most places of a text are passed over by one look. */
struct needles {
    size_t        n;
    bool          first[256], always; /* one of them is empty */
    struct needle p[];
};

static bool prepare_needles(struct arena *a, const struct kql_expr *call, const void **data)
{
    struct needles *list = arena_try_alloc(a, sizeof *list + call->n_args * sizeof list->p[0]);

    if (!list)
        return false;
    list->n = call->n_args - 1;
    for (size_t i = 1; i < call->n_args; i++) {
        str text;
        if (!kql_row_fn_constant(call, i, &text))
            return false;
        list->p[i - 1] = needle_of(a, "has", text);
        text = list->p[i - 1].text;
        list->always = list->always || text.n == 0;
        if (text.n > 0)
            list->first[(unsigned char)text.p[0]] = true;
    }
    *data = list;
    return true;
}

static bool has_at(str s, size_t at, const struct needle *n)
{
    return s.n - at >= n->text.n && matches_at(s.p + at, n->text) && stands_alone(s, at, n);
}

static void eval_has_any(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    const struct needles *list = c->data;
    str                   s = is_ascii(v[0].s) ? v[0].s : kql_row_fn_lower(c->a, v[0].s);

    kql_row_fn_int(out, list->always);
    for (size_t at = 0; at < s.n && !out->i; at++) {
        if (!list->first[(unsigned char)small(s.p[at])])
            continue;
        for (size_t i = 0; i < list->n && !out->i; i++)
            out->i = has_at(s, at, &list->p[i]);
    }
}

static void eval_has_all(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    const struct needles *list = c->data;

    kql_row_fn_int(out, true);
    for (size_t i = 0; i < list->n && out->i; i++)
        out->i = has(c->a, v[0].s, &list->p[i]);
}

/* The constants of an `in`: texts in a map, numbers in a list. */
struct list {
    struct map                *texts;
    const struct scalar_value *values;
    const enum kql_type       *types;
    size_t                     n;
};

static bool prepare_list(struct arena *a, const struct kql_expr *call, const void **data)
{
    bool                 text = call->args[0]->type == KQL_STRING || call->args[0]->type == KQL_GUID;
    bool                 nocase = str_ends(str_of(call->fn->name), S("~"));
    struct list         *list = ARENA_NEW(a, struct list);
    struct scalar_value *values = ARENA_ARRAY(a, struct scalar_value, call->n_args);
    enum kql_type       *types = ARENA_ARRAY(a, enum kql_type, call->n_args);

    list->texts = text ? map_new_in(a, MAP_CASE) : NULL;
    list->values = values;
    list->types = types;
    for (size_t i = 1; i < call->n_args; i++) {
        const struct kql_value *v = &call->args[i]->value;
        if (call->args[i]->kind != KQL_EXPR_CONST || v->type == KQL_DECIMAL)
            return false;
        if (text)
            map_put(list->texts, nocase ? kql_row_fn_lower(a, v->s) : v->s, list);
        types[list->n] = v->type;
        values[list->n] = (struct scalar_value) { .null = v->null };
        if (v->type == KQL_REAL)
            values[list->n++].r = v->r;
        else
            values[list->n++].i = v->i;
    }
    *data = list;
    return true;
}

static bool same_number(enum kql_type l, const struct scalar_value *a, enum kql_type r,
                        const struct scalar_value *b)
{
    if (b->null)
        return false;
    if (l != KQL_REAL && r != KQL_REAL)
        return a->i == b->i;
    return (l == KQL_REAL ? a->r : (double)a->i) == (r == KQL_REAL ? b->r : (double)b->i);
}

static void eval_in(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    const struct list *list = c->data;
    bool               nocase = str_ends(str_of(c->expr->fn->name), S("~")), found = false;

    if (!v[0].null && list->texts)
        found = map_has(list->texts, nocase ? lowered(c->a, v[0].s) : v[0].s);
    for (size_t i = 0; !v[0].null && !list->texts && i < list->n && !found; i++)
        found = same_number(kql_row_fn_type(c, 0), &v[0], list->types[i], &list->values[i]);
    kql_row_fn_int(out, found);
}

/* --- lists that only the row knows: a dynamic array of strings --- */

static const struct scalar_json *array_of(const struct kql_row_call *c, const struct scalar_value *v,
                                          struct scalar_json *tree)
{
    static const struct scalar_json none = { .kind = SCALAR_JSON_ARRAY };
    return scalar_json_parse(c->a, v[1].s, tree) && tree->kind == SCALAR_JSON_ARRAY ? tree : &none;
}

static void eval_in_array(const struct kql_row_call *c, const struct scalar_value *v,
                          struct scalar_value *out)
{
    bool                      nocase = str_ends(str_of(c->expr->fn->name), S("~"));
    struct scalar_json        tree;
    const struct scalar_json *list = array_of(c, v, &tree);
    str                       text = kql_row_fn_tostring(c->a, kql_row_fn_type(c, 0), &v[0]);

    text = nocase ? lowered(c->a, text) : text;
    for (uint32_t i = 0; i < list->n; i++)
        if (str_eq(nocase ? lowered(c->a, list->items[i].s) : list->items[i].s, text)) {
            kql_row_fn_int(out, true);
            return;
        }
    kql_row_fn_int(out, false);
}

static void eval_has_array(const struct kql_row_call *c, const struct scalar_value *v,
                           struct scalar_value *out)
{
    bool                      any = strcmp(c->expr->fn->name, "·has_any_array") == 0;
    struct scalar_json        tree;
    const struct scalar_json *list = array_of(c, v, &tree);

    for (uint32_t i = 0; i < list->n; i++) {
        struct needle n = needle_of(c->a, "has", list->items[i].s);
        if (has(c->a, v[0].s, &n) == any) {
            kql_row_fn_int(out, any);
            return;
        }
    }
    kql_row_fn_int(out, !any);
}

static void eval_has_any_index(const struct kql_row_call *c, const struct scalar_value *v,
                               struct scalar_value *out)
{
    struct scalar_json        tree;
    const struct scalar_json *list = array_of(c, v, &tree);

    kql_row_fn_int(out, -1);
    for (uint32_t i = 0; i < list->n; i++) {
        struct needle n = needle_of(c->a, "has", list->items[i].s);
        if (has(c->a, v[0].s, &n)) {
            kql_row_fn_int(out, i);
            return;
        }
    }
}

#define HAS(n)                                                                                               \
    {                                                                                                        \
        .name = n, .eval = eval_has, .prepare = prepare_needle                                               \
    }

const struct kql_row_fn KQL_ROW_FN_TERM[] = {
    HAS("has"),
    HAS("has_cs"),
    HAS("hasprefix"),
    HAS("hasprefix_cs"),
    HAS("hassuffix"),
    HAS("hassuffix_cs"),
    { .name = "·has_any", .eval = eval_has_any, .prepare = prepare_needles, .first_only = true },
    { .name = "·has_all", .eval = eval_has_all, .prepare = prepare_needles, .first_only = true },
    { .name = "·has_any_array", .eval = eval_has_array },
    { .name = "·has_all_array", .eval = eval_has_array },
    { .name = "has_any_index", .eval = eval_has_any_index },
    { .name = "contains", .eval = eval_contains, .prepare = prepare_needle },
    { .name = "contains_cs", .eval = eval_contains, .prepare = prepare_needle },
    { .name = "startswith", .eval = eval_startswith, .prepare = prepare_needle },
    { .name = "startswith_cs", .eval = eval_startswith, .prepare = prepare_needle },
    { .name = "endswith", .eval = eval_endswith, .prepare = prepare_needle },
    { .name = "endswith_cs", .eval = eval_endswith, .prepare = prepare_needle },
    { .name = "=~", .eval = eval_equal_nocase, .prepare = prepare_needle },
    { .name = "!~", .eval = eval_equal_nocase, .prepare = prepare_needle },
    { .name = "like", .eval = eval_like, .prepare = prepare_needle },
    { .name = "·in", .eval = eval_in, .nulls = true, .first_only = true, .prepare = prepare_list },
    { .name = "·in~", .eval = eval_in, .nulls = true, .first_only = true, .prepare = prepare_list },
    { .name = "·in_array", .eval = eval_in_array, .nulls = true },
    { .name = "·in_array~", .eval = eval_in_array, .nulls = true },
    { 0 },
};
