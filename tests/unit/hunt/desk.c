/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/hunt/desk.h"

#include <stdlib.h>
#include <unistd.h>

struct desk *desk_open(void)
{
    struct arena *a = arena_new(64 << 20);
    struct desk  *d = ARENA_NEW(a, struct desk);
    struct err    err = { 0 };
    char          path[96];

    *d = (struct desk) { .a = a };
    env_fake_init(&d->env, ts_from_unix(1767323045, 0), 7);
    snprintf(d->dir, sizeof d->dir, "/tmp/hunt-XXXXXX");
    CHECK(mkdtemp(d->dir) != NULL);
    snprintf(path, sizeof path, "%s/state.db", d->dir);
    CHECK_OK_ERR(state_open(path, &d->state, &err), &err);
    d->hunt = (struct hunt) { .state = d->state, .env = &d->env.env };
    return d;
}

void desk_close(struct desk *d)
{
    static const char *const FILES[] = { "state.db", "state.db-wal", "state.db-shm" };
    char                     path[96];

    state_free(d->state);
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        snprintf(path, sizeof path, "%s/%s", d->dir, FILES[i]);
        (void)unlink(path);
    }
    (void)rmdir(d->dir);
    arena_free(d->a);
}

struct incident_by desk_by(const char *who, const char *request)
{
    return (struct incident_by) { .who = { .object_id = str_of(who), .name = str_of(who) },
                                  .request = str_of(request) };
}

const struct json *desk_json(struct desk *d, const char *text)
{
    const struct json *j = NULL;

    CHECK_OK(json_parse(d->a, str_of(text), &j, NULL));
    return j;
}
