/* SPDX-License-Identifier: Apache-2.0 */
#include "scalar/scalar.h"
#include "scalar/scalar_json.h"

/* --- paths: $.a.b, $['a'].b; any other text is the name of a member --- */

enum { STEPS_MAX = 64 };

struct path {
    str    steps[STEPS_MAX];
    size_t n;
};

/* One step behind `$`; false at what is none. */
static bool step(str *rest, str *name)
{
    char quote = rest->n > 1 ? rest->p[1] : '\0';

    if (rest->p[0] == '[' && (quote == '\'' || quote == '"')) {
        size_t end = 2;
        while (end + 1 < rest->n && !(rest->p[end] == quote && rest->p[end + 1] == ']'))
            end++;
        if (end + 1 >= rest->n)
            return false;
        *name = str_slice(*rest, 2, end);
        *rest = str_from(*rest, end + 2);
        return true;
    }
    if (rest->p[0] != '.')
        return false;
    size_t end = 1;
    while (end < rest->n && rest->p[end] != '.' && rest->p[end] != '[')
        end++;
    *name = str_slice(*rest, 1, end);
    *rest = str_from(*rest, end);
    return name->n > 0;
}

static void read_path(str text, struct path *out)
{
    str rest = str_from(text, 1);

    out->n = 0;
    if (text.n > 1 && text.p[0] == '$') {
        while (rest.n > 0 && out->n < STEPS_MAX && step(&rest, &out->steps[out->n]))
            out->n++;
        if (rest.n == 0 && out->n > 0)
            return;
    }
    out->steps[0] = text;
    out->n = 1;
}

void scalar_bag_has(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    struct scalar_json        bag;
    const struct scalar_json *at = &bag;
    struct path               path;

    out->null = false;
    out->i = 0;
    if (!scalar_json_parse(a, argv[0].s, &bag))
        return;
    read_path(argv[1].s, &path);
    for (size_t i = 0; at && i < path.n; i++)
        at = at->kind == SCALAR_JSON_OBJECT ? scalar_json_get(at, path.steps[i]) : NULL;
    out->i = at != NULL;
}

/* Takes the member at the end of the path out, in place. */
static void cut(struct scalar_json *bag, const struct path *path, size_t from)
{
    uint32_t kept = 0;

    if (bag->kind != SCALAR_JSON_OBJECT)
        return;
    for (uint32_t i = 0; i < bag->n; i++) {
        bool named = str_eq(bag->keys[i], path->steps[from]);
        if (named && from + 1 == path->n)
            continue;
        if (named)
            cut(&bag->items[i], path, from + 1);
        bag->keys[kept] = bag->keys[i];
        bag->items[kept++] = bag->items[i];
    }
    bag->n = kept;
}

void scalar_bag_without(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    AUTO_STRBUF        text = STRBUF_INIT(SCALAR_MAX_TEXT);
    struct scalar_json bag, keys;
    struct path        path;

    if (!scalar_json_parse(a, argv[0].s, &bag) || bag.kind != SCALAR_JSON_OBJECT ||
        !scalar_json_parse(a, argv[1].s, &keys) || keys.kind != SCALAR_JSON_ARRAY)
        return;
    for (uint32_t i = 0; i < keys.n; i++) {
        if (keys.items[i].kind != SCALAR_JSON_STRING)
            continue;
        read_path(keys.items[i].s, &path);
        cut(&bag, &path, 0);
    }
    scalar_json_write(&text, &bag);
    scalar_give(a, &text, out);
}

/* The member of that name, made when there is none. NULL: the arena is full. */
static struct scalar_json *member(struct arena *a, struct scalar_json *bag, str name)
{
    for (uint32_t i = 0; i < bag->n; i++)
        if (str_eq(bag->keys[i], name))
            return &bag->items[i];
    str                *keys = arena_try_alloc(a, (bag->n + 1) * sizeof *keys);
    struct scalar_json *items = arena_try_alloc(a, (bag->n + 1) * sizeof *items);
    if (!keys || !items)
        return NULL;
    for (uint32_t i = 0; i < bag->n; i++) {
        keys[i] = bag->keys[i];
        items[i] = bag->items[i];
    }
    keys[bag->n] = name;
    items[bag->n] = (struct scalar_json) { .kind = SCALAR_JSON_NULL };
    bag->keys = keys;
    bag->items = items;
    return &items[bag->n++];
}

void scalar_bag_with(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    AUTO_STRBUF         text = STRBUF_INIT(SCALAR_MAX_TEXT);
    struct scalar_json  bag, value = { .kind = SCALAR_JSON_NULL };
    struct scalar_json *at = &bag;
    struct path         path;

    if (!scalar_json_parse(a, argv[0].s, &bag) || bag.kind != SCALAR_JSON_OBJECT ||
        (argv[2].s.n > 0 && !scalar_json_parse(a, argv[2].s, &value)))
        return;
    read_path(argv[1].s, &path);
    for (size_t i = 0; i < path.n; i++) {
        if (at->kind != SCALAR_JSON_OBJECT) /* what is no bag makes way for one */
            *at = (struct scalar_json) { .kind = SCALAR_JSON_OBJECT };
        if (!(at = member(a, at, path.steps[i])))
            return;
    }
    *at = value;
    scalar_json_write(&text, &bag);
    scalar_give(a, &text, out);
}

/* --- members by name --- */

/* Heap sort, because a bag may have many members and no recursion is wanted. */
static void sink(struct scalar_json *bag, size_t root, size_t n)
{
    for (size_t kid; (kid = root * 2 + 1) < n; root = kid) {
        if (kid + 1 < n && str_cmp(bag->keys[kid], bag->keys[kid + 1]) < 0)
            kid++;
        if (str_cmp(bag->keys[root], bag->keys[kid]) >= 0)
            return;
        str                key = bag->keys[root];
        struct scalar_json item = bag->items[root];
        bag->keys[root] = bag->keys[kid];
        bag->items[root] = bag->items[kid];
        bag->keys[kid] = key;
        bag->items[kid] = item;
    }
}

static void sort(struct scalar_json *bag)
{
    for (size_t i = bag->n / 2; i-- > 0;)
        sink(bag, i, bag->n);
    for (size_t n = bag->n; n-- > 1;) {
        str                key = bag->keys[0];
        struct scalar_json item = bag->items[0];
        bag->keys[0] = bag->keys[n];
        bag->items[0] = bag->items[n];
        bag->keys[n] = key;
        bag->items[n] = item;
        sink(bag, 0, n);
    }
}

static void sort_all(struct scalar_json *j)
{
    if (j->kind == SCALAR_JSON_OBJECT)
        sort(j);
    if (j->kind == SCALAR_JSON_OBJECT || j->kind == SCALAR_JSON_ARRAY)
        for (uint32_t i = 0; i < j->n; i++)
            sort_all(&j->items[i]); /* SCALAR_JSON_DEPTH levels at most */
}

void scalar_bag_sorted(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    AUTO_STRBUF        text = STRBUF_INIT(SCALAR_MAX_TEXT);
    struct scalar_json j;

    if (!scalar_json_parse(a, argv[0].s, &j))
        return;
    sort_all(&j);
    scalar_json_write(&text, &j);
    scalar_give(a, &text, out);
}

/* --- schemas --- */

enum kind { LONG, DOUBLE, BOOL, STRING, BAG, ARRAY, KIND_COUNT_ };

/* The kinds that a place was seen with, in the order of sight. */
struct schema {
    enum kind      order[KIND_COUNT_];
    size_t         n;
    struct member *first, *last; /* of bags */
    struct schema *element;      /* of arrays */
};

struct member {
    str            key;
    struct schema  schema;
    struct member *next;
};

static enum kind kind_of(const struct scalar_json *j)
{
    int64_t whole;

    switch (j->kind) {
    case SCALAR_JSON_BOOL:
        return BOOL;
    case SCALAR_JSON_NUMBER:
        return scalar_json_long(j, &whole) ? LONG : DOUBLE;
    case SCALAR_JSON_STRING:
        return STRING;
    default:
        return j->kind == SCALAR_JSON_OBJECT ? BAG : ARRAY;
    }
}

static struct schema *member_of(struct arena *a, struct schema *bag, str key)
{
    for (struct member *m = bag->first; m; m = m->next)
        if (str_eq(m->key, key))
            return &m->schema;
    struct member *m = arena_try_alloc(a, sizeof *m);
    if (!m)
        return NULL;
    *m = (struct member) { .key = key };
    if (bag->last)
        bag->last->next = m;
    else
        bag->first = m;
    bag->last = m;
    return &m->schema;
}

static struct schema *element_of(struct arena *a, struct schema *array)
{
    if (!array->element && (array->element = arena_try_alloc(a, sizeof *array->element)))
        *array->element = (struct schema) { 0 };
    return array->element;
}

/* False when memory is full. */
static bool see(struct arena *a, struct schema *s, const struct scalar_json *j)
{
    if (j->kind == SCALAR_JSON_NULL)
        return true;
    enum kind kind = kind_of(j);
    size_t    at = 0;
    while (at < s->n && s->order[at] != kind)
        at++;
    if (at == s->n)
        s->order[s->n++] = kind;
    for (uint32_t i = 0; (kind == BAG || kind == ARRAY) && i < j->n; i++) {
        struct schema *kid = kind == BAG ? member_of(a, s, j->keys[i]) : element_of(a, s);
        if (!kid || !see(a, kid, &j->items[i]))
            return false;
    }
    return true;
}

static void write(struct strbuf *out, const struct schema *s);

static void write_kind(struct strbuf *out, const struct schema *s, enum kind kind)
{
    static const char *const NAMES[] = { "\"long\"", "\"double\"", "\"bool\"", "\"string\"" };
    bool                     first = true;

    if (kind < BAG) {
        strbuf_addz(out, NAMES[kind]);
        return;
    }
    strbuf_addc(out, '{');
    for (const struct member *m = kind == BAG ? s->first : NULL; m; m = m->next) {
        scalar_json_key(out, &first, m->key);
        write(out, &m->schema);
    }
    if (kind == ARRAY) {
        scalar_json_key(out, &first, S("`indexer`"));
        if (s->element)
            write(out, s->element);
        else
            strbuf_addz(out, "[]");
    }
    strbuf_addc(out, '}');
}

static void write(struct strbuf *out, const struct schema *s)
{
    if (s->n != 1)
        strbuf_addc(out, '[');
    for (size_t i = 0; i < s->n; i++) {
        if (i > 0)
            strbuf_addc(out, ',');
        write_kind(out, s, s->order[i]);
    }
    if (s->n != 1)
        strbuf_addc(out, ']');
}

void scalar_bag_schema(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    AUTO_STRBUF        text = STRBUF_INIT(SCALAR_MAX_TEXT);
    struct schema      all = { 0 };
    struct scalar_json values;

    if (!scalar_json_parse(a, argv[0].s, &values) || values.kind != SCALAR_JSON_ARRAY)
        return;
    for (uint32_t i = 0; i < values.n; i++)
        if (!see(a, &all, &values.items[i]))
            return;
    if (all.n == 0)
        return;
    write(&text, &all);
    scalar_give(a, &text, out);
}
