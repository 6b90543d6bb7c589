/* SPDX-License-Identifier: Apache-2.0 */
/* engine/engine_sandbox: takes from this process what it does not need: other files, the network, other
 * programs.
 *
 * Layers, each tried by itself and reported: namespaces (a file tree that holds the data folder and little
 * more, an empty network), no privileges (no capabilities, none to be gained), Landlock, seccomp. Without
 * root they come from a user namespace, where the machine allows that. A layer that is not to be had is a
 * warning, not an end. Called once, before any thread is made; libraries must be loaded and listening sockets
 * open by then. */
#ifndef ENGINE_ENGINE_SANDBOX_H
#define ENGINE_ENGINE_SANDBOX_H

#include "base/err.h"
#include "base/str.h"
#include "base/strbuf.h"

enum engine_layer {
    ENGINE_LAYER_FILES,      /* mount namespace */
    ENGINE_LAYER_NETWORK,    /* network namespace */
    ENGINE_LAYER_PRIVILEGES, /* capabilities, no_new_privs */
    ENGINE_LAYER_LANDLOCK,
    ENGINE_LAYER_SYSCALLS, /* seccomp */
    ENGINE_LAYER_COUNT_
};

struct engine_sandbox {
    struct engine_layer_state {
        bool on;
        char why[200]; /* why not, and what to do */
    } layers[ENGINE_LAYER_COUNT_];
};

const char *engine_sandbox_name(enum engine_layer layer);
const char *engine_sandbox_doc(enum engine_layer layer);

/* `data` is an absolute path: the one folder that stays, and may be written. */
void engine_sandbox_enter(const char *data, struct engine_sandbox *out);
/* {"layers":[{"name","on","why"},…]} */
void engine_sandbox_json(const struct engine_sandbox *s, struct strbuf *out);

#endif
