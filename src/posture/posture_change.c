/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_change.h"

#include "base/vec.h"

enum { MAX_JSON = 1 << 20, MAX_DEPTH = 64 };

struct finding {
    struct arena          *a;
    struct posture_changes out;
};

static void differ(struct finding *f, str path, int depth, const struct json *was, const struct json *is);

static void note(struct finding *f, str path, const struct json *was, const struct json *is)
{
    f->out.all++;
    if (f->out.n < POSTURE_CHANGE_MAX)
        *vec_push_in(f->a, &f->out) = (struct posture_change) { path, was, is };
}

static str below(struct arena *a, str path, str key)
{
    bool plain = key.n && str_find_byte(key, '.') == STR_NPOS && str_find_byte(key, '[') == STR_NPOS;

    if (!plain)
        return arena_printf(a, STR_FMT "['" STR_FMT "']", STR_ARG(path), STR_ARG(key));
    return path.n ? arena_printf(a, STR_FMT "." STR_FMT, STR_ARG(path), STR_ARG(key)) : key;
}

static void differ_objects(struct finding *f, str path, int depth, const struct json *was,
                           const struct json *is)
{
    for (uint32_t i = 0; i < was->n; i++) {
        const struct json *other = json_get(is, was->members[i].key);
        if (!other || !json_eq(&was->members[i].value, other))
            differ(f, below(f->a, path, was->members[i].key), depth, &was->members[i].value, other);
    }
    for (uint32_t i = 0; i < is->n; i++)
        if (!json_get(was, is->members[i].key))
            differ(f, below(f->a, path, is->members[i].key), depth, NULL, &is->members[i].value);
}

static void differ(struct finding *f, str path, int depth, const struct json *was, const struct json *is)
{
    bool same_kind = was && is && was->kind == is->kind && depth < MAX_DEPTH;

    if (was && is && json_eq(was, is))
        return;
    if (same_kind && was->kind == JSON_OBJECT) {
        differ_objects(f, path, depth + 1, was, is);
    } else if (same_kind && was->kind == JSON_ARRAY && was->n == is->n) {
        for (uint32_t i = 0; i < was->n; i++)
            differ(f, arena_printf(f->a, STR_FMT "[%u]", STR_ARG(path), i), depth + 1, &was->items[i],
                   &is->items[i]);
    } else {
        note(f, path, was, is);
    }
}

struct posture_changes posture_change_find(struct arena *a, const struct json *was, const struct json *is)
{
    struct finding f = { .a = a };

    if (was || is)
        differ(&f, S(""), 0, was, is);
    return f.out;
}

str posture_change_json(struct arena *a, const struct posture_changes *changes)
{
    AUTO_STRBUF   text = STRBUF_INIT(MAX_JSON);
    struct json_w w = json_w_make(&text);

    json_w_object(&w);
    for (size_t i = 0; i < changes->n; i++) {
        const struct posture_change *c = &changes->p[i];
        json_w_key(&w, c->path);
        json_w_object(&w);
        json_w_kstr(&w, S("changeType"), !c->was ? S("Insert") : !c->is ? S("Remove") : S("Update"));
        json_w_kshort(&w, S("previousValue"), c->was, POSTURE_CHANGE_VALUE);
        json_w_kshort(&w, S("newValue"), c->is, POSTURE_CHANGE_VALUE);
        json_w_end(&w);
    }
    json_w_end(&w);
    return text.overflow ? S("{}") : arena_str(a, strbuf_view(&text));
}

str posture_change_paths(struct arena *a, const struct posture_changes *changes)
{
    AUTO_STRBUF   text = STRBUF_INIT(MAX_JSON);
    struct json_w w = json_w_make(&text);

    json_w_array(&w);
    for (size_t i = 0; i < changes->n; i++)
        json_w_str(&w, changes->p[i].path);
    json_w_end(&w);
    return text.overflow ? S("[]") : arena_str(a, strbuf_view(&text));
}
