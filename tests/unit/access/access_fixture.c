/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/access/access_fixture.h"

#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "tests/t.h"

static void audited(void *ctx, const struct access_audit_row *row)
{
    struct access_fixture *f = ctx;
    f->audited++;
    snprintf(f->last_audit, sizeof f->last_audit, STR_FMT ": " STR_FMT, STR_ARG(row->operation),
             STR_ARG(row->status));
}

static void open_access(struct access_fixture *f, str first_password)
{
    struct err err = { 0 };
    char       path[80];

    snprintf(path, sizeof path, "%s/state.db", f->dir);
    CHECK_OK_ERR(state_open(path, &f->state, &err), &err);
    CHECK_OK_ERR(access_new(&(struct access_opts) { .state = f->state,
                                                    .env = &f->env.env,
                                                    .key_dir = f->dir,
                                                    .tenant_id = FIXTURE_TENANT,
                                                    .issuer = S("https://vedette.test:8443"),
                                                    .first_password = first_password,
                                                    .audit = { f, audited },
                                                    .cheap_passwords = true },
                            &f->access, &err),
                 &err);
}

struct access_fixture *access_fixture_new(str first_password)
{
    struct access_fixture *f = MEM_NEW(struct access_fixture);

    snprintf(f->dir, sizeof f->dir, "/tmp/vedette-access-XXXXXX");
    CHECK(t_folder(f->dir) != NULL);
    f->arena = arena_new(8 << 20);
    env_fake_init(&f->env, SECONDS(1000000), 7);
    open_access(f, first_password);
    return f;
}

void access_fixture_reopen(struct access_fixture *f)
{
    f->access = access_free(f->access);
    f->state = state_free(f->state);
    open_access(f, S("ignored, for there is a user"));
}

struct access_fixture *access_fixture_free(struct access_fixture *f)
{
    if (!f)
        return NULL;
    access_free(f->access);
    state_free(f->state);
    arena_free(f->arena);
    CHECK_OK(file_remove_tree(f->dir, NULL));
    return mem_free(f);
}
