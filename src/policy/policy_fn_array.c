/* SPDX-License-Identifier: Apache-2.0 */
/* Template functions on arrays and objects (some take text too). */
#include "base/utf8.h"
#include "policy/policy_fn.h"
#include "policy/policy_value.h"

enum { MAX_RANGE = 10000 };

static const struct json NULL_VALUE = { .kind = JSON_NULL };

static const struct json *kept_array(const struct policy_call *c, size_t room, struct json **items)
{
    *items = ARENA_TRY_ARRAY(c->a, struct json, room);
    return *items ? policy_value_array(c->a, *items, 0) : NULL;
}

static struct json or_null(const struct json *v)
{
    return v ? *v : NULL_VALUE;
}

static const struct json *eval_create_array(const struct policy_call *c)
{
    struct json *items = ARENA_TRY_ARRAY(c->a, struct json, c->n);
    if (!items)
        return NULL;
    for (size_t i = 0; i < c->n; i++)
        items[i] = or_null(c->argv[i]);
    return policy_value_array(c->a, items, c->n);
}

static const struct json *eval_array(const struct policy_call *c)
{
    return c->argv[0] && c->argv[0]->kind == JSON_ARRAY ? c->argv[0] : eval_create_array(c);
}

static const struct json *object_of(const struct policy_call *c, const struct json_member *members, size_t n)
{
    struct json *object = arena_try_alloc(c->a, sizeof *object);
    if (object)
        *object = (struct json) { .kind = JSON_OBJECT, .n = (uint32_t)n, .members = members };
    return object;
}

static const struct json *eval_create_object(const struct policy_call *c)
{
    struct json_member *members = ARENA_TRY_ARRAY(c->a, struct json_member, c->n / 2);
    if (!members || c->n % 2)
        return NULL;
    for (size_t i = 0; i < c->n; i += 2) {
        str key = policy_fn_text(c, i);
        if (!key.p)
            return NULL;
        members[i / 2] = (struct json_member) { .key = key, .value = or_null(c->argv[i + 1]) };
    }
    return object_of(c, members, c->n / 2);
}

/* What is missing, null, "" or has no elements. */
static const struct json *eval_empty(const struct policy_call *c)
{
    const struct json *v = c->argv[0];
    if (policy_value_missing(v))
        return policy_value_of_bool(true);
    if (v->kind == JSON_STRING)
        return policy_value_of_bool(v->s.n == 0);
    return v->kind == JSON_ARRAY || v->kind == JSON_OBJECT ? policy_value_of_bool(v->n == 0) : NULL;
}

static const struct json *eval_length(const struct policy_call *c)
{
    const struct json *v = c->argv[0];
    if (!v)
        return NULL;
    if (v->kind == JSON_STRING)
        return policy_value_i64(c->a, (int64_t)utf8_count(v->s));
    return v->kind == JSON_ARRAY || v->kind == JSON_OBJECT ? policy_value_i64(c->a, v->n) : NULL;
}

static str char_at(str s, size_t index)
{
    size_t from = utf8_offset(s, index);
    return str_slice(s, from, utf8_offset(s, index + 1));
}

static const struct json *end_of(const struct policy_call *c, bool last)
{
    const struct json *v = c->argv[0];
    if (v && v->kind == JSON_STRING)
        return policy_value_str(c->a, v->s.n == 0 ? v->s : char_at(v->s, last ? utf8_count(v->s) - 1 : 0));
    return v && v->kind == JSON_ARRAY && v->n ? json_at(v, last ? v->n - 1 : 0) : NULL;
}

static const struct json *eval_first(const struct policy_call *c)
{
    return end_of(c, false);
}

static const struct json *eval_last(const struct policy_call *c)
{
    return end_of(c, true);
}

static bool has_item(const struct json *array, const struct json *item)
{
    for (uint32_t i = 0; i < array->n; i++)
        if (policy_value_equal(&array->items[i], item))
            return true;
    return false;
}

/* Where it stands, as it is spelled; -1: nowhere. */
static int64_t find_item(const struct json *array, const struct json *item, bool last)
{
    int64_t found = -1;
    for (uint32_t i = 0; i < array->n && (last || found < 0); i++)
        if (policy_value_identical(&array->items[i], item))
            found = i;
    return found;
}

static const struct json *eval_contains(const struct policy_call *c)
{
    const struct json *v = c->argv[0];
    if (!v)
        return NULL;
    if (v->kind == JSON_ARRAY)
        return policy_value_of_bool(find_item(v, c->argv[1], false) >= 0);
    str part = policy_fn_text(c, 1);
    if (!part.p)
        return NULL;
    if (v->kind == JSON_OBJECT)
        return policy_value_of_bool(json_get_ci(v, part) != NULL);
    str text = policy_fn_text(c, 0);
    return text.p ? policy_value_of_bool(str_contains(text, part)) : NULL;
}

static const struct json *eval_index_of(const struct policy_call *c)
{
    const struct json *v = c->argv[0];
    if (v && v->kind == JSON_ARRAY)
        return policy_value_i64(c->a, find_item(v, c->argv[1], false));
    str s = policy_fn_text(c, 0), part = policy_fn_text(c, 1);
    if (!s.p || !part.p)
        return NULL;
    size_t at = str_find_ci(s, part);
    return policy_value_i64(c->a, at == STR_NPOS ? -1 : (int64_t)utf8_count(str_slice(s, 0, at)));
}

static const struct json *eval_last_index_of(const struct policy_call *c)
{
    const struct json *v = c->argv[0];
    if (v && v->kind == JSON_ARRAY)
        return policy_value_i64(c->a, find_item(v, c->argv[1], true));
    str s = policy_fn_text(c, 0), part = policy_fn_text(c, 1);
    if (!s.p || !part.p)
        return NULL;
    for (size_t at = s.n + 1; at-- > 0;)
        if (str_starts_ci(str_from(s, at), part))
            return policy_value_i64(c->a, (int64_t)utf8_count(str_slice(s, 0, at)));
    return policy_value_i64(c->a, -1);
}

/* The n-th element from the end, from 1 on. */
static const struct json *eval_index_from_end(const struct policy_call *c)
{
    const struct json *v = c->argv[0];
    int64_t            n;
    if (!v || v->kind != JSON_ARRAY || !policy_fn_int(c, 1, &n) || n < 1 || n > v->n)
        return NULL;
    return &v->items[v->n - n];
}

static const struct json *slice(const struct policy_call *c, size_t from, size_t to)
{
    const struct json *v = c->argv[0];
    if (v->kind == JSON_STRING)
        return policy_value_str(c->a, str_slice(v->s, utf8_offset(v->s, from), utf8_offset(v->s, to)));
    if (v->kind != JSON_ARRAY)
        return NULL;
    if (to > v->n)
        to = v->n;
    return from >= to ? policy_value_array(c->a, NULL, 0)
                      : policy_value_array(c->a, v->items + from, to - from);
}

static const struct json *eval_take(const struct policy_call *c)
{
    int64_t n;
    return c->argv[0] && policy_fn_int(c, 1, &n) ? slice(c, 0, n < 0 ? 0 : (size_t)n) : NULL;
}

static const struct json *eval_skip(const struct policy_call *c)
{
    int64_t n;
    return c->argv[0] && policy_fn_int(c, 1, &n) ? slice(c, n < 0 ? 0 : (size_t)n, SIZE_MAX) : NULL;
}

static const struct json *eval_range(const struct policy_call *c)
{
    int64_t      from, n;
    struct json *items;
    if (!policy_fn_int(c, 0, &from) || !policy_fn_int(c, 1, &n) || n < 0 || n > MAX_RANGE ||
        !kept_array(c, (size_t)n, &items))
        return NULL;
    for (int64_t i = 0; i < n; i++)
        items[i] = json_make_i64(from + i);
    return policy_value_array(c->a, items, (size_t)n);
}

static bool all_of_kind(const struct policy_call *c, enum json_kind kind)
{
    for (size_t i = 0; i < c->n; i++)
        if (!c->argv[i] || c->argv[i]->kind != kind)
            return false;
    return true;
}

static bool in_all_others(const struct policy_call *c, const struct json *item)
{
    for (size_t i = 1; i < c->n; i++)
        if (!has_item(c->argv[i], item))
            return false;
    return true;
}

static bool shared_by_all(const struct policy_call *c, const struct json_member *m)
{
    for (size_t i = 1; i < c->n; i++) {
        const struct json *other = json_get_ci(c->argv[i], m->key);
        if (!other || !policy_value_equal(other, &m->value))
            return false;
    }
    return true;
}

static const struct json *intersection_of_objects(const struct policy_call *c)
{
    struct json_member *members = ARENA_TRY_ARRAY(c->a, struct json_member, c->argv[0]->n);
    size_t              n = 0;
    if (!members)
        return NULL;
    for (uint32_t i = 0; i < c->argv[0]->n; i++)
        if (shared_by_all(c, &c->argv[0]->members[i]))
            members[n++] = c->argv[0]->members[i];
    return object_of(c, members, n);
}

static const struct json *intersection_of_arrays(const struct policy_call *c)
{
    struct json *items;
    size_t       n = 0;
    if (!kept_array(c, c->argv[0]->n, &items))
        return NULL;
    for (uint32_t i = 0; i < c->argv[0]->n; i++) {
        struct json so_far = { .kind = JSON_ARRAY, .n = (uint32_t)n, .items = items };
        if (!has_item(&so_far, &c->argv[0]->items[i]) && in_all_others(c, &c->argv[0]->items[i]))
            items[n++] = c->argv[0]->items[i];
    }
    return policy_value_array(c->a, items, n);
}

static const struct json *eval_intersection(const struct policy_call *c)
{
    if (all_of_kind(c, JSON_ARRAY))
        return intersection_of_arrays(c);
    return all_of_kind(c, JSON_OBJECT) ? intersection_of_objects(c) : NULL;
}

static size_t total(const struct policy_call *c)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n; i++)
        n += c->argv[i]->n;
    return n;
}

static const struct json *union_of_arrays(const struct policy_call *c)
{
    struct json *items;
    size_t       n = 0;
    if (!kept_array(c, total(c), &items))
        return NULL;
    for (size_t a = 0; a < c->n; a++)
        for (uint32_t i = 0; i < c->argv[a]->n; i++) {
            struct json so_far = { .kind = JSON_ARRAY, .n = (uint32_t)n, .items = items };
            if (!has_item(&so_far, &c->argv[a]->items[i]))
                items[n++] = c->argv[a]->items[i];
        }
    return policy_value_array(c->a, items, n);
}

enum { MERGE_DEPTH = 64 };

static struct json merged(struct arena *a, const struct json *one, const struct json *two, int depth);

/* The members of both; of one that both have, the second's. Objects within are merged, arrays are not.
 * Without memory the first stays. */
static struct json merged_objects(struct arena *a, const struct json *one, const struct json *two, int depth)
{
    struct json_member *members = ARENA_TRY_ARRAY(a, struct json_member, (size_t)one->n + two->n);
    uint32_t            n = one->n;
    if (!members)
        return *one;
    if (n)
        memcpy(members, one->members, n * sizeof *members);
    for (uint32_t i = 0; i < two->n; i++) {
        uint32_t at = 0;
        while (at < n && !str_eq_ci(members[at].key, two->members[i].key))
            at++;
        members[at] =
            at == n ? two->members[i]
                    : (struct json_member) { two->members[i].key,
                                             merged(a, &members[at].value, &two->members[i].value, depth) };
        n += at == n;
    }
    return (struct json) { .kind = JSON_OBJECT, .n = n, .members = members };
}

static struct json merged(struct arena *a, const struct json *one, const struct json *two, int depth)
{
    bool both = one->kind == JSON_OBJECT && two->kind == JSON_OBJECT && depth > 0;
    return both ? merged_objects(a, one, two, depth - 1) : *two;
}

static const struct json *merge_all(const struct policy_call *c, const struct json *const *objects, size_t n,
                                    int depth)
{
    struct json sum = { .kind = JSON_OBJECT };
    for (size_t i = 0; i < n; i++) {
        if (objects[i]->kind != JSON_OBJECT)
            return NULL;
        sum = merged_objects(c->a, &sum, objects[i], depth);
    }
    return object_of(c, sum.members, sum.n);
}

static const struct json *union_of_objects(const struct policy_call *c)
{
    return merge_all(c, c->argv, c->n, MERGE_DEPTH);
}

/* Of an array of objects; members within are not merged. */
static const struct json *eval_shallow_merge(const struct policy_call *c)
{
    const struct json *v = c->argv[0];
    if (!v || v->kind != JSON_ARRAY)
        return NULL;
    const struct json **objects = ARENA_TRY_ARRAY(c->a, const struct json *, v->n);
    if (!objects)
        return NULL;
    for (uint32_t i = 0; i < v->n; i++)
        objects[i] = &v->items[i];
    return merge_all(c, objects, v->n, 0);
}

static const struct json *eval_union(const struct policy_call *c)
{
    if (all_of_kind(c, JSON_ARRAY))
        return union_of_arrays(c);
    return all_of_kind(c, JSON_OBJECT) ? union_of_objects(c) : NULL;
}

static int by_key(const void *a, const void *b)
{
    const struct json *x = a, *y = b;
    return str_cmp(x->members[0].value.s, y->members[0].value.s);
}

/* In the order of keys. */
static const struct json *eval_items(const struct policy_call *c)
{
    const struct json *v = c->argv[0];
    struct json       *items;
    if (!v || v->kind != JSON_OBJECT || !kept_array(c, v->n, &items))
        return NULL;
    for (uint32_t i = 0; i < v->n; i++) {
        struct json_member *pair = ARENA_TRY_ARRAY(c->a, struct json_member, 2);
        if (!pair)
            return NULL;
        pair[0] = (struct json_member) { .key = S("key"), .value = json_make_str(v->members[i].key) };
        pair[1] = (struct json_member) { .key = S("value"), .value = v->members[i].value };
        items[i] = (struct json) { .kind = JSON_OBJECT, .n = 2, .members = pair };
    }
    qsort(items, v->n, sizeof *items, by_key);
    return policy_value_array(c->a, items, v->n);
}

static const struct json *eval_object_keys(const struct policy_call *c)
{
    const struct json *v = c->argv[0];
    struct json       *items;
    if (!v || v->kind != JSON_OBJECT || !kept_array(c, v->n, &items))
        return NULL;
    for (uint32_t i = 0; i < v->n; i++)
        items[i] = json_make_str(v->members[i].key);
    return policy_value_array(c->a, items, v->n);
}

static const struct json *eval_flatten(const struct policy_call *c)
{
    const struct json *v = c->argv[0];
    if (!v || v->kind != JSON_ARRAY)
        return NULL;
    size_t n = 0;
    for (uint32_t i = 0; i < v->n; i++)
        n += v->items[i].kind == JSON_ARRAY ? v->items[i].n : 1;
    struct json *items = ARENA_TRY_ARRAY(c->a, struct json, n);
    if (!items)
        return NULL;
    n = 0;
    for (uint32_t i = 0; i < v->n; i++) {
        size_t inner = v->items[i].kind == JSON_ARRAY ? v->items[i].n : 1;
        if (inner)
            memcpy(items + n, v->items[i].kind == JSON_ARRAY ? v->items[i].items : &v->items[i],
                   inner * sizeof *items);
        n += inner;
    }
    return policy_value_array(c->a, items, n);
}

static const struct json *eval_try_get(const struct policy_call *c)
{
    const struct json *v = c->argv[0];
    for (size_t i = 1; i < c->n && v; i++) {
        const struct json *step = c->argv[i];
        if (step && step->kind == JSON_INT && step->i >= 0)
            v = json_at(v, (size_t)step->i);
        else
            v = step && step->kind == JSON_STRING ? json_get_ci(v, step->s) : NULL;
    }
    return v;
}

const struct policy_fn POLICY_FN_ARRAY[] = {
    { .name = "array",
      .least = 1,
      .most = 1,
      .eval = eval_array,
      .doc = "The value in an array, if it is none.",
      .example = "array('a')",
      .yields = "[\"a\"]" },
    { .name = "contains",
      .least = 2,
      .most = 2,
      .eval = eval_contains,
      .doc = "Whether an array has an element, an object a key, a text a part.",
      .example = "contains('OneTwo', 'Two')",
      .yields = "true" },
    { .name = "createArray",
      .least = 0,
      .most = POLICY_EXPR_MAX_ARGS,
      .eval = eval_create_array,
      .doc = "The arguments as an array.",
      .example = "createArray(1, 'a')",
      .yields = "[1,\"a\"]" },
    { .name = "createObject",
      .least = 0,
      .most = POLICY_EXPR_MAX_ARGS,
      .eval = eval_create_object,
      .doc = "Keys and values in turn as an object.",
      .example = "createObject('a', 1)",
      .yields = "{\"a\":1}" },
    { .name = "empty",
      .least = 1,
      .most = 1,
      .eval = eval_empty,
      .doc = "Whether a text, array or object is missing or empty.",
      .example = "empty('')",
      .yields = "true" },
    { .name = "first",
      .least = 1,
      .most = 1,
      .eval = eval_first,
      .doc = "The first element or character.",
      .example = "first('abc')",
      .yields = "\"a\"" },
    { .name = "flatten",
      .least = 1,
      .most = 1,
      .eval = eval_flatten,
      .doc = "Arrays of an array as one.",
      .example = "flatten(createArray(createArray(1), 2))",
      .yields = "[1,2]" },
    { .name = "indexFromEnd",
      .least = 2,
      .most = 2,
      .eval = eval_index_from_end,
      .doc = "The n-th element from the end.",
      .example = "indexFromEnd(createArray('a', 'b', 'c'), 1)",
      .yields = "\"c\"" },
    { .name = "indexOf",
      .least = 2,
      .most = 2,
      .eval = eval_index_of,
      .doc = "Where a text first stands in another, or an element in an array; -1 where it does not.",
      .example = "indexOf('abcabc', 'C')",
      .yields = "2" },
    { .name = "intersection",
      .least = 2,
      .most = POLICY_EXPR_MAX_ARGS,
      .eval = eval_intersection,
      .doc = "Elements that all arrays have, or members that all objects have.",
      .example = "intersection(createArray(1, 2), createArray(2, 3))",
      .yields = "[2]" },
    { .name = "items",
      .least = 1,
      .most = 1,
      .eval = eval_items,
      .doc = "An object as an array of key and value.",
      .example = "items(createObject('a', 1))[0].value",
      .yields = "1" },
    { .name = "last",
      .least = 1,
      .most = 1,
      .eval = eval_last,
      .doc = "The last element or character.",
      .example = "last(createArray(1, 2))",
      .yields = "2" },
    { .name = "lastIndexOf",
      .least = 2,
      .most = 2,
      .eval = eval_last_index_of,
      .doc = "Where a text last stands in another, or an element in an array; -1 where it does not.",
      .example = "lastIndexOf('abcabc', 'b')",
      .yields = "4" },
    { .name = "length",
      .least = 1,
      .most = 1,
      .eval = eval_length,
      .doc = "How many elements, members or characters.",
      .example = "length('naïve')",
      .yields = "5" },
    { .name = "objectKeys",
      .least = 1,
      .most = 1,
      .eval = eval_object_keys,
      .doc = "The keys of an object.",
      .example = "objectKeys(createObject('a', 1))",
      .yields = "[\"a\"]" },
    { .name = "range",
      .least = 2,
      .most = 2,
      .eval = eval_range,
      .doc = "Whole numbers from one on.",
      .example = "range(3, 2)",
      .yields = "[3,4]" },
    { .name = "shallowMerge",
      .least = 1,
      .most = 1,
      .eval = eval_shallow_merge,
      .doc = "The members of all objects of an array, those within as the last object has them.",
      .example = "shallowMerge(createArray(createObject('a', 1), createObject('a', 2)))",
      .yields = "{\"a\":2}" },
    { .name = "skip",
      .least = 2,
      .most = 2,
      .eval = eval_skip,
      .doc = "What follows the first n elements or characters.",
      .example = "skip('Hello World', 6)",
      .yields = "\"World\"" },
    { .name = "take",
      .least = 2,
      .most = 2,
      .eval = eval_take,
      .doc = "The first n elements or characters.",
      .example = "take(createArray(1, 2, 3), 2)",
      .yields = "[1,2]" },
    { .name = "tryGet",
      .least = 2,
      .most = POLICY_EXPR_MAX_ARGS,
      .eval = eval_try_get,
      .doc = "A member or element, by the steps to it; null where one is missing.",
      .example = "tryGet(createObject('a', 1), 'b')",
      .yields = "null" },
    { .name = "tryIndexFromEnd",
      .least = 2,
      .most = 2,
      .eval = eval_index_from_end,
      .doc = "The n-th element from the end; null where there is none.",
      .example = "empty(tryIndexFromEnd(createArray('a'), 5))",
      .yields = "true" },
    { .name = "union",
      .least = 1,
      .most = POLICY_EXPR_MAX_ARGS,
      .eval = eval_union,
      .doc = "Elements that any array has, or members of all objects.",
      .example = "union(createArray(1, 2), createArray(2, 3))",
      .yields = "[1,2,3]" },
    { 0 },
};
