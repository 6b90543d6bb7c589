/* SPDX-License-Identifier: Apache-2.0 */
/* A store of incidents on a file of its own, with a clock that stands. */
#ifndef TESTS_UNIT_INCIDENT_WORLD_H
#define TESTS_UNIT_INCIDENT_WORLD_H

#include "base/env.h"
#include "incident/incident.h"
#include "state/state_stmt.h"
#include "tests/t.h"

struct world {
    char                   dir[64];
    struct state          *state;
    struct env_fake        env;
    struct incident_store *store;
    struct arena          *a;
};

static const ts NOON = 17000000000000000; /* some day of 2023 */

void world_open(struct world *w);
void world_close(struct world *w);

#define HOST(name) "{\"$id\":\"1\",\"HostName\":\"" name "\",\"Type\":\"host\"}"
#define USER(name, domain)                                                                                   \
    "{\"$id\":\"2\",\"Name\":\"" name "\",\"NTDomain\":\"" domain "\",\"Type\":\"account\"}"
#define ADDRESS(ip) "{\"$id\":\"3\",\"Address\":\"" ip "\",\"Type\":\"ip\"}"

/* An alert of one rule that counts one row; its row speaks of {"A":"x"}. */
struct alert world_alert(const char *id, ts when, const char *entities);
void         world_raise(struct world *w, struct alert alert);

struct incident world_get(struct world *w, const char *name);
/* Ada (u1) puts a body. */
enum rc world_put(struct world *w, const char *name, const char *body, struct incident *out, struct err *err);
/* Somebody by id and name. */
struct incident_by world_by(const char *id, const char *name);

#endif
