/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/engine_sandbox.h"

#include <errno.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/json.h"
#include "engine/engine_landlock.h"
#include "engine/engine_namespace.h"
#include "engine/engine_seccomp.h"

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
        json_w_kstr(&w, S("doc"), str_of(LAYERS[i].doc));
        json_w_kbool(&w, S("on"), s->layers[i].on);
        if (!s->layers[i].on)
            json_w_kstr(&w, S("why"), str_of(s->layers[i].why));
        json_w_end(&w);
    }
    json_w_end(&w);
    json_w_end(&w);
}

/* --- entering --- */

static void note(struct engine_sandbox *s, enum engine_layer layer, enum rc rc, const struct err *err)
{
    s->layers[layer].on = rc == RC_OK;
    (void)snprintf(s->layers[layer].why, sizeof s->layers[layer].why, "%.190s", rc == RC_OK ? "" : err->text);
}

static void enter_namespaces(const char *data, struct engine_sandbox *s)
{
    struct err err;
    enum rc    rc = engine_namespace_enter(&err);

    note(s, ENGINE_LAYER_NETWORK, rc, &err);
    if (rc == RC_OK && !engine_namespace_is_cut_off())
        note(s, ENGINE_LAYER_NETWORK, err_set(&err, RC_IO, "the network is still there"), &err);
    if (rc == RC_OK)
        rc = engine_namespace_files(data, &err);
    note(s, ENGINE_LAYER_FILES, rc, &err);
}

/* Root without capabilities is a user who owns his files and nothing more. */
static enum rc drop_privileges(struct err *err)
{
    struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct   none[2] = { { 0 }, { 0 } };

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        return err_errno(err, RC_UNSUPPORTED, errno, "no_new_privs");
    for (int cap = 0; prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++)
        (void)prctl(PR_CAPBSET_DROP, cap, 0, 0, 0); /* without CAP_SETPCAP there is nothing to drop from */
    (void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    if (syscall(SYS_capset, &head, none) < 0)
        return err_errno(err, RC_IO, errno, "dropping capabilities");
    return RC_OK;
}

void engine_sandbox_enter(const char *data, struct engine_sandbox *out)
{
    struct err err;

    enter_namespaces(data, out);
    note(out, ENGINE_LAYER_PRIVILEGES, drop_privileges(&err), &err);
    note(out, ENGINE_LAYER_LANDLOCK, engine_landlock_enter(data, &err), &err);
    note(out, ENGINE_LAYER_SYSCALLS, engine_seccomp_enter(&err), &err);
}
