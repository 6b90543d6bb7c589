/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/incident/world.h"

#include <stdlib.h>

#include "base/file.h"
#include "tests/t.h"

void world_open(struct world *w)
{
    char path[96];

    (void)snprintf(w->dir, sizeof w->dir, "/tmp/incident-XXXXXX");
    CHECK(t_folder(w->dir) != NULL);
    (void)snprintf(path, sizeof path, "%s/state.db", w->dir);
    CHECK_OK(state_open(path, &w->state, NULL));
    env_fake_init(&w->env, NOON, 1);
    struct incident_opts o = { .state = w->state,
                               .env = &w->env.env,
                               .subscription = S("sub"),
                               .group = S("soc"),
                               .workspace = S("main"),
                               .portal = S("https://host:8443") };
    CHECK_OK(incident_open(&o, &w->store, NULL));
    w->a = arena_new(64 << 20);
}

void world_close(struct world *w)
{
    incident_close(w->store);
    state_free(w->state);
    arena_free(w->a);
    CHECK_OK(file_remove_tree(w->dir, NULL));
}

static const str TACTICS[] = { STR_INIT("CredentialAccess") };

struct alert world_alert(const char *id, ts when, const char *entities)
{
    static const struct alert_mark one[] = { { 42, 7, 0, 0, 1 } };

    return (struct alert) {
        .id = str_of(id),
        .rule_id = S("11111111-1111-1111-1111-111111111111"),
        .rule_name = S("LSASS memory read"),
        .display_name = S("LSASS memory read"),
        .description = S("Somebody read it."),
        .severity = CONTENT_MEDIUM,
        .tactics = TACTICS,
        .n_tactics = 1,
        .start = when,
        .end = when + SECONDS(5),
        .generated = NOON,
        .entities = str_of(entities),
        .details = S("{}"),
        .properties = S("{}"),
        .query = S("DeviceEvents | take 1"),
        .rows = { S("DeviceEvents"), S("[{\"name\":\"A\",\"type\":\"string\"}]"), S("[[\"x\"]]"), one, 1 },
        .product = S("Vedette"),
        .incidents = { .create = true, .grouping = true, .lookback = HOURS(5) },
    };
}

void world_raise(struct world *w, struct alert alert)
{
    struct alert_sink sink = incident_sink(w->store);
    AUTO(state_tx) tx = NULL;
    struct err err = { 0 };

    CHECK_OK_ERR(state_tx_write(w->state, &tx, &err), &err);
    CHECK_OK_ERR(sink.raise(sink.ctx, tx, &alert, &err), &err);
    CHECK_OK_ERR(state_tx_commit(tx, &err), &err);
    tx = state_tx_free(tx);
    sink.settled(sink.ctx, true);
}

struct incident world_get(struct world *w, const char *name)
{
    struct incident i = { 0 };
    struct err      err = { 0 };

    CHECK_OK_ERR(incident_get(w->store, str_of(name), w->a, &i, &err), &err);
    return i;
}

enum rc world_put(struct world *w, const char *name, const char *body, struct incident *out, struct err *err)
{
    const struct json  *doc;
    bool                created;
    struct incident_put p = { .name = str_of(name), .by.who = { .object_id = S("u1"), .name = S("Ada") } };

    CHECK_OK(json_parse(w->a, str_of(body), &doc, NULL));
    p.body = doc;
    return incident_put(w->store, &p, w->a, out, &created, err);
}

struct incident_by world_by(const char *id, const char *name)
{
    return (struct incident_by) { .who = { .object_id = str_of(id), .name = str_of(name) } };
}
