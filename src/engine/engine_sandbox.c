/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/engine_sandbox.h"

#include "base/json.h"

static const struct {
    const char *name, *doc;
} LAYERS[ENGINE_LAYER_COUNT_] = {
    [ENGINE_LAYER_FILES] = { "files", "A file tree of its own that holds the data folder and little more." },
    [ENGINE_LAYER_NETWORK] = { "network", "A network of its own with nothing in it." },
    [ENGINE_LAYER_PRIVILEGES] = { "privileges", "No capabilities, and none to be gained." },
    [ENGINE_LAYER_LANDLOCK] = { "landlock", "The kernel's own rules on paths, beside the file tree." },
    [ENGINE_LAYER_SYSCALLS] = { "syscalls", "No sockets, no programs, no tracing, no mounts: seccomp." },
};

const char *engine_sandbox_name(enum engine_layer layer)
{
    return LAYERS[layer].name;
}

const char *engine_sandbox_doc(enum engine_layer layer)
{
    return LAYERS[layer].doc;
}

void engine_sandbox_json(const struct engine_sandbox *s, struct strbuf *out)
{
    struct json_w w = json_w_make(out);

    json_w_object(&w);
    json_w_key(&w, S("layers"));
    json_w_array(&w);
    for (int i = 0; i < ENGINE_LAYER_COUNT_; i++) {
        json_w_object(&w);
        json_w_kstr(&w, S("name"), str_of(LAYERS[i].name));
        json_w_kbool(&w, S("on"), s->layers[i].on);
        if (!s->layers[i].on)
            json_w_kstr(&w, S("why"), str_of(s->layers[i].why));
        json_w_end(&w);
    }
    json_w_end(&w);
    json_w_end(&w);
}

void engine_sandbox_enter(const char *data, struct engine_sandbox *out)
{
    (void)data, (void)out;
}

bool engine_sandbox_probe(const struct engine_sandbox *s, struct strbuf *out)
{
    (void)s, (void)out;
    return false;
}
