/* SPDX-License-Identifier: Apache-2.0 */
/* A made-up machine: a folder of files below a temporary one, and the document that is read from it. */
#ifndef TESTS_UNIT_HOST_TREE_H
#define TESTS_UNIT_HOST_TREE_H

#include <sys/stat.h>

#include "base/json.h"
#include "host/host.h"
#include "tests/t.h"

struct tree {
    char          root[64];
    struct arena *a;
};

struct tree tree_new(void);
void        tree_done(struct tree *t);
void        tree_put(struct tree *t, const char *path, const char *text, mode_t mode);
void        tree_link(struct tree *t, const char *path, const char *target);
str         tree_get(struct tree *t, const char *path); /* the text of a file */
/* The whole document; its values live in the tree's arena. */
const struct json *tree_read(struct tree *t);
/* One value by its path, as JSON text; "absent" when it is not there. */
str tree_fact(struct tree *t, const char *path);

#endif
