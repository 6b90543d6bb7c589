/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_machine.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/mem.h"
#include "host/host.h"
#include "host/host_fix.h"

enum { PARSE_BYTES = 64 << 20, NICENESS = 15 };

struct posture_machine {
    struct arena     *arena;
    struct host_name  name;
    const struct env *env;
    const char       *root; /* NULL: / */
    bool              looked;
};

struct posture_machine *posture_machine_new(str subscription, str group, str location, const struct env *env)
{
    struct posture_machine *m = MEM_NEW(struct posture_machine);

    m->arena = arena_new(1 << 16);
    m->env = env;
    m->name = (struct host_name) { .subscription = arena_str(m->arena, subscription),
                                   .group = arena_str(m->arena, group),
                                   .location = arena_str(m->arena, location) };
    return m;
}

void posture_machine_root(struct posture_machine *m, const char *root)
{
    m->root = arena_str(m->arena, str_of(root)).p;
}

struct posture_machine *posture_machine_free(struct posture_machine *m)
{
    if (m)
        arena_free(m->arena);
    return mem_free(m);
}

static enum rc discover(void *ctx, const struct posture_sink *sink, struct err *err)
{
    struct posture_machine *m = ctx;
    AUTO_STRBUF             text = STRBUF_INIT(HOST_MAX_DOCUMENT);
    AUTO(arena) a = arena_new(PARSE_BYTES);
    const struct json     *document;
    const struct host_opts opts = { .root = m->root,
                                    .walk_seconds = m->looked ? POSTURE_MACHINE_WALK : 0,
                                    .env = m->env };

    if (m->looked)
        (void)setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), NICENESS);
    TRY(host_machine(&opts, &m->name, &text, err));
    TRY(json_parse(a, strbuf_view(&text), &document, err));
    TRY(sink->put(sink->ctx, json_str(document, S("id"), S("")), document, err));
    m->looked = true;
    return RC_OK;
}

/* --- changes: plan, show, do, take back --- */

static enum rc diff(void *ctx, const struct json *actions, struct strbuf *out, struct err *err)
{
    AUTO(arena) a = arena_new(PARSE_BYTES);
    const struct posture_machine *m = ctx;
    const struct host_opts        opts = { .root = m->root, .env = m->env };
    struct host_fix              *fix;

    TRY(host_fix_plan(&opts, actions, a, &fix, err));
    return host_fix_diff(fix, out, err);
}

static enum rc fix(void *ctx, const struct json *actions, const struct posture_keeper *keeper,
                   struct err *err)
{
    AUTO(arena) a = arena_new(PARSE_BYTES);
    AUTO_STRBUF                   how = STRBUF_INIT(HOST_MAX_DOCUMENT);
    const struct posture_machine *m = ctx;
    const struct host_opts        opts = { .root = m->root, .env = m->env };
    struct host_fix              *plan;

    TRY(host_fix_plan(&opts, actions, a, &plan, err));
    TRY(host_fix_how(plan, &how, err));
    TRY(keeper->keep(keeper->ctx, strbuf_view(&how), err));
    return host_fix_apply(plan, err);
}

static enum rc undo(void *ctx, const struct json *how, bool halfway, struct err *err)
{
    const struct posture_machine *m = ctx;
    return host_fix_undo(&(struct host_opts) { .root = m->root, .env = m->env }, how, halfway, err);
}

struct posture_connector posture_machine_connector(struct posture_machine *m)
{
    return (struct posture_connector) { .name = "machine",
                                        .doc = "The machine that Vedette runs on.",
                                        .ctx = m,
                                        .every = POSTURE_MACHINE_EVERY,
                                        .discover = discover,
                                        .diff = diff,
                                        .fix = fix,
                                        .undo = undo };
}
