/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"

const struct json *json_get(const struct json *object, str key)
{
    if (!object || object->kind != JSON_OBJECT)
        return NULL;
    for (uint32_t i = object->n; i-- > 0;)
        if (str_eq(object->members[i].key, key))
            return &object->members[i].value;
    return NULL;
}

const struct json *json_get_ci(const struct json *object, str key)
{
    if (!object || object->kind != JSON_OBJECT)
        return NULL;
    for (uint32_t i = object->n; i-- > 0;)
        if (str_eq_ci(object->members[i].key, key))
            return &object->members[i].value;
    return NULL;
}

const struct json *json_at(const struct json *array, size_t i)
{
    return array && array->kind == JSON_ARRAY && i < array->n ? &array->items[i] : NULL;
}

const struct json *json_path(const struct json *j, str path)
{
    str part;
    while (j && str_split(&path, '.', &part)) {
        uint64_t i;
        j = j->kind == JSON_ARRAY && str_to_u64(part, &i) ? json_at(j, i) : json_get(j, part);
    }
    return j;
}

str json_str(const struct json *object, str key, str fallback)
{
    const struct json *v = json_get(object, key);
    return v && v->kind == JSON_STRING ? v->s : fallback;
}

int64_t json_i64(const struct json *object, str key, int64_t fallback)
{
    const struct json *v = json_get(object, key);
    return v && v->kind == JSON_INT ? v->i : fallback;
}

bool json_bool(const struct json *object, str key, bool fallback)
{
    const struct json *v = json_get(object, key);
    return v && v->kind == JSON_BOOL ? v->b : fallback;
}

static bool same_items(const struct json *a, const struct json *b)
{
    for (uint32_t i = 0; i < a->n; i++)
        if (!json_eq(&a->items[i], &b->items[i]))
            return false;
    return true;
}

static bool same_members(const struct json *a, const struct json *b)
{
    for (uint32_t i = 0; i < a->n; i++) {
        const struct json *other = json_get(b, a->members[i].key);
        if (!other || !json_eq(&a->members[i].value, other))
            return false;
    }
    return true;
}

bool json_eq(const struct json *a, const struct json *b)
{
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case JSON_NULL:
        return true;
    case JSON_BOOL:
        return a->b == b->b;
    case JSON_INT:
        return a->i == b->i;
    case JSON_DOUBLE:
        return a->d == b->d;
    case JSON_STRING:
        return str_eq(a->s, b->s);
    case JSON_ARRAY:
        return a->n == b->n && same_items(a, b);
    case JSON_OBJECT:
        return a->n == b->n && same_members(a, b);
    }
    return false;
}

struct json json_make_str(str s)
{
    return (struct json) { .kind = JSON_STRING, .s = s };
}

struct json json_make_i64(int64_t i)
{
    return (struct json) { .kind = JSON_INT, .i = i };
}

struct json json_make_double(double d)
{
    return (struct json) { .kind = JSON_DOUBLE, .d = d };
}

struct json json_make_bool(bool b)
{
    return (struct json) { .kind = JSON_BOOL, .b = b };
}

struct json json_make_null(void)
{
    return (struct json) { .kind = JSON_NULL };
}

enum rc json_texts_read(struct arena *a, str text, const str **out, size_t *n, struct err *err)
{
    const struct json *doc;

    *out = NULL;
    *n = 0;
    if (!text.n || str_eq(text, S("[]")))
        return RC_OK;
    TRY(json_parse(a, text, &doc, err));
    if (doc->kind != JSON_ARRAY)
        return err_set(err, RC_CORRUPT, "a list of texts is no array");
    str *list = ARENA_ARRAY(a, str, doc->n + 1);
    for (size_t i = 0; i < doc->n; i++)
        if (json_at(doc, i)->kind == JSON_STRING)
            list[(*n)++] = json_at(doc, i)->s;
    *out = list;
    return RC_OK;
}
