/* SPDX-License-Identifier: Apache-2.0 */
/* The paths of a dynamic. */
#include "scalar/scalar.h"
#include "scalar/scalar_json.h"

#define TEXT_OUT AUTO_STRBUF text = STRBUF_INIT(SCALAR_MAX_TEXT)

enum { MAX_PATHS = 4096 };

struct paths {
    struct arena *a;
    str           list[MAX_PATHS];
    size_t        n;
};

/* Each path once, as it is first met: the elements of an array share one. */
static void add_path(struct paths *p, str path)
{
    for (size_t i = 0; i < p->n; i++)
        if (str_eq(p->list[i], path))
            return;
    if (p->n < MAX_PATHS)
        p->list[p->n++] = path;
}

static void walk(struct paths *p, const struct scalar_json *j, str prefix)
{
    for (uint32_t i = 0; i < j->n; i++) {
        AUTO_STRBUF path = STRBUF_INIT(SCALAR_MAX_TEXT);
        strbuf_add(&path, prefix);
        if (j->kind == SCALAR_JSON_OBJECT) {
            strbuf_addz(&path, "['");
            strbuf_add(&path, j->keys[i]);
            strbuf_addz(&path, "']");
        } else {
            strbuf_addz(&path, "[0]");
        }
        str kept = arena_str(p->a, strbuf_view(&path));
        if (!kept.p)
            return;
        add_path(p, kept);
        walk(p, &j->items[i], kept);
    }
}

void scalar_tree_paths(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    struct scalar_json tree;
    struct paths      *p = arena_try_alloc(a, sizeof *p);
    TEXT_OUT;

    if (!p || !scalar_json_parse(a, argv[0].s, &tree) || tree.kind < SCALAR_JSON_ARRAY)
        return;
    p->a = a;
    walk(p, &tree, S(""));
    strbuf_addc(&text, '[');
    for (size_t i = 0; i < p->n; i++) {
        strbuf_addz(&text, i > 0 ? "," : "");
        scalar_json_quote(&text, p->list[i]);
    }
    strbuf_addc(&text, ']');
    scalar_give(a, &text, out);
}
