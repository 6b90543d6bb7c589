/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/host/tree.h"

#include <libgen.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "tests/t.h"

/* A test that fails, as many do on purpose when allocations do, leaves its tree behind: it goes when the
 * program ends. */
static char   roots[4096][64];
static size_t n_roots;

static void remove_roots(void)
{
    while (n_roots)
        if (file_remove_tree(roots[--n_roots], NULL) != RC_OK)
            continue;
}

struct tree tree_new(void)
{
    struct tree t = { .root = "/tmp/vedette-tree-XXXXXX", .a = arena_new(64 << 20) };
    CHECK(t_folder(t.root) != NULL);
    if (n_roots == 0)
        atexit(remove_roots);
    if (n_roots < sizeof roots / sizeof roots[0])
        memcpy(roots[n_roots++], t.root, sizeof t.root);
    return t;
}

void tree_done(struct tree *t)
{
    CHECK_OK(file_remove_tree(t->root, NULL));
    arena_free(t->a);
}

static const char *below(struct tree *t, const char *path)
{
    return arena_printf(t->a, "%s%s", t->root, path).p;
}

static void make_parents(const char *path)
{
    char folder[512];
    CHECK(str_to_cstr(str_of(path), folder, sizeof folder));
    CHECK_OK(file_mkdirs(dirname(folder), 0755, NULL));
}

void tree_put(struct tree *t, const char *path, const char *text, mode_t mode)
{
    const char *place = below(t, path);
    make_parents(place);
    CHECK_OK(file_write_atomic(place, str_of(text), mode, NULL));
    CHECK_EQ(chmod(place, mode), 0);
}

void tree_link(struct tree *t, const char *path, const char *target)
{
    const char *place = below(t, path);
    make_parents(place);
    CHECK_EQ(symlink(target, place), 0);
}

str tree_get(struct tree *t, const char *path)
{
    str text = STR_NONE;
    return file_read(t->a, below(t, path), 1 << 20, &text, NULL) == RC_OK ? text : S("absent");
}

const struct json *tree_read(struct tree *t)
{
    AUTO_STRBUF        out = STRBUF_INIT(HOST_MAX_DOCUMENT);
    struct host_opts   opts = { .root = t->root, .walk_seconds = 60 };
    struct host_name   name = { .subscription = S("s"), .group = S("g") };
    struct err         err = { 0 };
    const struct json *document = NULL;
    CHECK_OK_ERR(host_machine(&opts, &name, &out, &err), &err);
    CHECK_OK_ERR(json_parse(t->a, strbuf_view(&out), &document, &err), &err);
    return document;
}

str tree_fact(struct tree *t, const char *path)
{
    AUTO_STRBUF        out = STRBUF_INIT(1 << 20);
    const struct json *value = json_path(json_get(tree_read(t), S("properties")), str_of(path));
    if (!value)
        return S("absent");
    json_print(&out, value, 0);
    return arena_str(t->a, strbuf_view(&out));
}
